//! The network: from word features to scores for parts of speech, heads, relations and names.
//!
//! A word is the sum of learned rows for its form, prefixes, suffixes, shape and word lists, mixed into `d`
//! numbers. One window of three words, then layers of a gated recurrence in both directions whose gates
//! depend on the input alone: all products are large matrix products and only a scan is sequential. Four
//! heads read the last layer.
//!
//! Start at [`Net::forward`]; it serves inference and training alike, and `train::backward` walks its
//! [`Trace`] in reverse. The dense parameters lie in one vector, so that optimiser and file treat them as one;
//! [`Layout`] says what is where.

use crate::features::{FEATURE_TABLE, Features, N_TABLES};
use crate::kernel::{Normed, Side, gemm, layer_norm, linear, sigmoid_all, silu_all};

/// Number of parts of speech.
pub const N_UPOS: usize = 17;
/// Number of name tags: outside, and begin, inside, last, unit for each of five kinds.
pub const N_NER: usize = 21;

/// Sizes of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Width of every layer.
    pub d: usize,
    /// Width of one direction of the recurrence.
    pub h: usize,
    /// Number of recurrent layers.
    pub layers: usize,
    /// Width of the arc scorer.
    pub arc: usize,
    /// Width of the relation scorer.
    pub label: usize,
    /// Number of relations.
    pub n_deprel: usize,
    /// Rows of each embedding table.
    pub rows: [usize; N_TABLES],
    /// Width of each embedding table.
    pub dims: [usize; N_TABLES],
}

impl Config {
    /// Width of the concatenated embeddings.
    pub fn e(&self) -> usize {
        self.dims.iter().sum()
    }

    /// Where each table's columns start in the concatenation.
    pub fn starts(&self) -> [usize; N_TABLES] {
        let mut starts = [0; N_TABLES];
        for i in 1..N_TABLES {
            starts[i] = starts[i - 1] + self.dims[i - 1];
        }
        starts
    }
}

/// A block of the dense parameters.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// First entry.
    pub start: usize,
    /// Number of rows; 1 for a vector.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
}

impl Slot {
    /// The block itself.
    pub fn of(self, dense: &[f32]) -> &[f32] {
        &dense[self.start..self.start + self.rows * self.cols]
    }

    /// The block itself, to be changed.
    #[cfg(feature = "train")]
    pub fn of_mut(self, dense: &mut [f32]) -> &mut [f32] {
        &mut dense[self.start..self.start + self.rows * self.cols]
    }
}

/// One recurrent layer.
#[derive(Clone, Copy, Debug)]
pub struct Recurrent {
    /// `d × 6h`: update, candidate, output gate forwards, then the same backwards.
    pub win: Slot,
    /// Bias of `win`.
    pub bin: Slot,
    /// `2h × d`.
    pub wout: Slot,
    /// Bias of `wout`.
    pub bout: Slot,
    /// Gain of the normalisation.
    pub gain: Slot,
    /// Bias of the normalisation.
    pub bias: Slot,
}

/// What is where in the dense parameters.
#[allow(missing_docs)] // named as the layers are in `forward`
#[derive(Clone, Debug)]
pub struct Layout {
    pub mix_w: Slot,
    pub mix_b: Slot,
    pub mix_gain: Slot,
    pub mix_bias: Slot,
    pub conv_w: Slot,
    pub conv_b: Slot,
    pub conv_gain: Slot,
    pub conv_bias: Slot,
    pub recurrent: Vec<Recurrent>,
    pub upos_w: Slot,
    pub upos_b: Slot,
    pub ner_w: Slot,
    pub ner_b: Slot,
    pub ner_ow: Slot,
    pub ner_ob: Slot,
    pub ner_t: Slot,
    pub arc_w: Slot,
    pub arc_b: Slot,
    pub arc_u: Slot,
    pub arc_head: Slot,
    pub arc_root: Slot,
    pub label_w: Slot,
    pub label_b: Slot,
    pub label_root: Slot,
    pub label_ow: Slot,
    pub label_ob: Slot,
    /// All blocks in order; their number of entries is the length of the vector.
    pub slots: Vec<Slot>,
    pub len: usize,
}

impl Layout {
    /// The layout for these sizes.
    pub fn new(c: &Config) -> Layout {
        let mut slots: Vec<Slot> = Vec::new();
        let mut len = 0;
        let mut take = |rows: usize, cols: usize| {
            let slot = Slot { start: len, rows, cols };
            len += rows * cols;
            slots.push(slot);
            slot
        };
        let (d, h) = (c.d, c.h);
        let mut layout = Layout {
            mix_w: take(c.e(), d),
            mix_b: take(1, d),
            mix_gain: take(1, d),
            mix_bias: take(1, d),
            conv_w: take(3 * d, d),
            conv_b: take(1, d),
            conv_gain: take(1, d),
            conv_bias: take(1, d),
            recurrent: (0..c.layers)
                .map(|_| Recurrent {
                    win: take(d, 6 * h),
                    bin: take(1, 6 * h),
                    wout: take(2 * h, d),
                    bout: take(1, d),
                    gain: take(1, d),
                    bias: take(1, d),
                })
                .collect(),
            upos_w: take(d, N_UPOS),
            upos_b: take(1, N_UPOS),
            ner_w: take(d, c.label),
            ner_b: take(1, c.label),
            ner_ow: take(c.label, N_NER),
            ner_ob: take(1, N_NER),
            ner_t: take(N_NER, N_NER),
            arc_w: take(d, 2 * c.arc),
            arc_b: take(1, 2 * c.arc),
            arc_u: take(c.arc, c.arc),
            arc_head: take(1, c.arc),
            arc_root: take(1, c.arc),
            label_w: take(d, 2 * c.label),
            label_b: take(1, 2 * c.label),
            label_root: take(1, c.label),
            label_ow: take(3 * c.label, c.n_deprel),
            label_ob: take(1, c.n_deprel),
            slots: Vec::new(),
            len: 0,
        };
        layout.slots = slots;
        layout.len = len;
        layout
    }
}

/// A network.
#[derive(Clone, Debug)]
pub struct Net {
    /// Its sizes.
    pub config: Config,
    /// Where the dense parameters are.
    pub layout: Layout,
    /// The dense parameters.
    pub dense: Vec<f32>,
    /// The embedding tables.
    pub tables: [Vec<f32>; N_TABLES],
}

/// Multipliers of dropout, drawn by training; inference has none.
#[cfg_attr(not(feature = "train"), allow(dead_code))] // the way back reads all of it
#[derive(Default)]
pub struct Masks {
    /// On the concatenated embeddings, `n × e`.
    pub e: Vec<f32>,
    /// After the window, then after each recurrent layer, `n × d` each.
    pub layers: Vec<Vec<f32>>,
    /// On the layer that the heads read, `n × d`.
    pub top: Vec<f32>,
}

/// One recurrent layer's values.
#[cfg_attr(not(feature = "train"), allow(dead_code))] // the way back reads all of it
pub struct RecurrentTrace {
    /// `n × 6h`, with both kinds of gate squashed in place.
    pub p: Vec<f32>,
    /// States, `n × 2h`.
    pub c: Vec<f32>,
    /// Gated states, `n × 2h`.
    pub o: Vec<f32>,
    /// The layer's result.
    pub y: Normed,
}

/// All values of one pass, in the order in which they were computed.
#[cfg_attr(not(feature = "train"), allow(dead_code))] // the way back reads all of it
pub struct Trace {
    /// Concatenated embeddings after dropout.
    pub e: Vec<f32>,
    /// Mixed words.
    pub x0: Normed,
    /// Windows, `n × 3d`.
    pub window: Vec<f32>,
    /// Window layer before its activation.
    pub conv: Vec<f32>,
    /// The window layer's result.
    pub x1: Normed,
    /// Recurrent layers.
    pub recurrent: Vec<RecurrentTrace>,
    /// What the heads read, after dropout, `n × d`.
    pub top: Vec<f32>,
    /// Arc layer before its activation, `n × 2 arc`: dependent, then head.
    pub arc_pre: Vec<f32>,
    /// Arc layer.
    pub arc: Vec<f32>,
    /// Relation layer before its activation, `n × 2 label`: dependent, then head.
    pub label_pre: Vec<f32>,
    /// Relation layer.
    pub label: Vec<f32>,
    /// Name layer before its activation, `n × label`.
    pub ner_pre: Vec<f32>,
    /// Name layer.
    pub ner_hidden: Vec<f32>,
    /// Scores of parts of speech, `n × 17`.
    pub upos: Vec<f32>,
    /// Scores of name tags, `n × 21`.
    pub ner: Vec<f32>,
}

fn apply(mask: Option<&Vec<f32>>, x: &mut [f32]) {
    if let Some(mask) = mask {
        for (x, m) in x.iter_mut().zip(mask) {
            *x *= m;
        }
    }
}

fn add(x: &mut [f32], y: &[f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += y;
    }
}

impl Net {
    /// A network whose parameters are all zero.
    #[cfg(any(feature = "train", test))]
    pub fn zeroed(config: Config) -> Net {
        let layout = Layout::new(&config);
        let tables = std::array::from_fn(|t| vec![0.0; config.rows[t] * config.dims[t]]);
        Net { dense: vec![0.0; layout.len], layout, tables, config }
    }

    /// The concatenated embeddings of some words, `n × e`.
    pub fn embed(&self, words: &[Features]) -> Vec<f32> {
        let (e, starts) = (self.config.e(), self.config.starts());
        let mut out = vec![0.0; words.len() * e];
        for (word, out) in words.iter().zip(out.chunks_exact_mut(e)) {
            for (&row, &table) in word.0.iter().zip(&FEATURE_TABLE) {
                let dim = self.config.dims[table];
                let row = &self.tables[table][row as usize * dim..][..dim];
                add(&mut out[starts[table]..][..dim], row);
            }
        }
        out
    }

    /// Words without context: embeddings `n × e` mixed into `n × d`.
    pub fn mix(&self, e: &[f32]) -> Normed {
        let (l, width) = (&self.layout, self.config.e());
        let mixed = linear(e, e.len() / width, width, l.mix_w.of(&self.dense), l.mix_b.of(&self.dense));
        layer_norm(&mixed, l.mix_gain.of(&self.dense), l.mix_bias.of(&self.dense))
    }

    /// Everything that follows the mixed words `x0`; `lens` are the lengths of the sentences in it.
    pub fn forward(&self, e: Vec<f32>, x0: Normed, lens: &[usize], masks: Option<&Masks>) -> Trace {
        let (c, l, dense) = (&self.config, &self.layout, &self.dense[..]);
        let d = c.d;
        let n = x0.y.len() / d;
        let window = windows(&x0.y, d, lens);
        let conv = linear(&window, n, 3 * d, l.conv_w.of(dense), l.conv_b.of(dense));
        let mut sum = silu_all(&conv);
        apply(masks.map(|m| &m.layers[0]), &mut sum);
        add(&mut sum, &x0.y);
        let x1 = layer_norm(&sum, l.conv_gain.of(dense), l.conv_bias.of(dense));
        let mut recurrent: Vec<RecurrentTrace> = Vec::with_capacity(c.layers);
        for (i, layer) in l.recurrent.iter().enumerate() {
            let x = recurrent.last().map_or(&x1.y, |r| &r.y.y);
            let next = self.recur(layer, x, lens, masks.map(|m| &m.layers[i + 1]));
            recurrent.push(next);
        }
        let mut top = recurrent.last().map_or(&x1.y, |r| &r.y.y).clone();
        apply(masks.map(|m| &m.top), &mut top);
        let upos = linear(&top, n, d, l.upos_w.of(dense), l.upos_b.of(dense));
        let ner_pre = linear(&top, n, d, l.ner_w.of(dense), l.ner_b.of(dense));
        let ner_hidden = silu_all(&ner_pre);
        let ner = linear(&ner_hidden, n, c.label, l.ner_ow.of(dense), l.ner_ob.of(dense));
        let arc_pre = linear(&top, n, d, l.arc_w.of(dense), l.arc_b.of(dense));
        let label_pre = linear(&top, n, d, l.label_w.of(dense), l.label_b.of(dense));
        let (arc, label) = (silu_all(&arc_pre), silu_all(&label_pre));
        Trace {
            e,
            x0,
            window,
            conv,
            x1,
            recurrent,
            top,
            arc_pre,
            arc,
            label_pre,
            label,
            ner_pre,
            ner_hidden,
            upos,
            ner,
        }
    }

    fn recur(&self, layer: &Recurrent, x: &[f32], lens: &[usize], mask: Option<&Vec<f32>>) -> RecurrentTrace {
        let (d, h, dense) = (self.config.d, self.config.h, &self.dense[..]);
        let n = x.len() / d;
        let mut p = linear(x, n, d, layer.win.of(dense), layer.bin.of(dense));
        for row in p.chunks_exact_mut(6 * h) {
            for part in [0..h, 2 * h..4 * h, 5 * h..6 * h] {
                sigmoid_all(&mut row[part]);
            }
        }
        let (mut states, mut o) = (vec![0.0; n * 2 * h], vec![0.0; n * 2 * h]);
        let mut state = vec![0.0; h];
        let mut first = 0;
        for &len in lens {
            for direction in 0..2 {
                state.fill(0.0);
                for step in 0..len {
                    let t = first + if direction == 0 { step } else { len - 1 - step };
                    let row = &p[t * 6 * h + direction * 3 * h..][..3 * h];
                    let (z, rest) = row.split_at(h);
                    let (candidate, gate) = rest.split_at(h);
                    let at = t * 2 * h + direction * h;
                    let (c, o) = (&mut states[at..at + h], &mut o[at..at + h]);
                    for i in 0..h {
                        state[i] += z[i] * (candidate[i] - state[i]);
                        c[i] = state[i];
                        o[i] = state[i] * gate[i];
                    }
                }
            }
            first += len;
        }
        let mut sum = linear(&o, n, 2 * h, layer.wout.of(dense), layer.bout.of(dense));
        apply(mask, &mut sum);
        add(&mut sum, x);
        let y = layer_norm(&sum, layer.gain.of(dense), layer.bias.of(dense));
        RecurrentTrace { p, c: states, o, y }
    }

    /// Arc scores of the sentence of `len` words that starts at row `first`: `len × (len + 1)`, one row per
    /// dependent; column 0 is the root, column `j + 1` the word `j`.
    pub fn arc_scores(&self, trace: &Trace, first: usize, len: usize) -> Vec<f32> {
        let (a, l) = (self.config.arc, &self.layout);
        let (dep, head) = split_halves(&trace.arc, a, first, len, l.arc_root.of(&self.dense));
        let mut q = vec![0.0; len * a];
        gemm(len, a, a, &dep, Side::Plain, l.arc_u.of(&self.dense), Side::Plain, 0.0, &mut q);
        for row in q.chunks_exact_mut(a) {
            add(row, l.arc_head.of(&self.dense));
        }
        let mut scores = vec![0.0; len * (len + 1)];
        gemm(len, a, len + 1, &q, Side::Plain, &head, Side::Transposed, 0.0, &mut scores);
        scores
    }

    /// What the relation scorer reads for each word of a sentence with these heads (0 is the root, `j + 1` the
    /// word `j`): `len × 3 label`.
    pub fn label_input(&self, trace: &Trace, first: usize, heads: &[usize]) -> Vec<f32> {
        let w = self.config.label;
        let root = self.layout.label_root.of(&self.dense);
        let mut q = Vec::with_capacity(heads.len() * 3 * w);
        for (i, &head) in heads.iter().enumerate() {
            let dep = &trace.label[(first + i) * 2 * w..][..w];
            let head = if head == 0 { root } else { &trace.label[(first + head - 1) * 2 * w + w..][..w] };
            q.extend_from_slice(dep);
            q.extend_from_slice(head);
            q.extend(dep.iter().zip(head).map(|(d, h)| d * h));
        }
        q
    }

    /// Relation scores for rows of [`Net::label_input`], `len × n_deprel`.
    pub fn label_scores(&self, q: &[f32]) -> Vec<f32> {
        let (w, l) = (3 * self.config.label, &self.layout);
        linear(q, q.len() / w, w, l.label_ow.of(&self.dense), l.label_ob.of(&self.dense))
    }
}

/// For each word the previous, the word itself and the next, zeros beyond the sentence: `n × 3d`.
fn windows(x: &[f32], d: usize, lens: &[usize]) -> Vec<f32> {
    let mut out = vec![0.0; x.len() * 3];
    let mut first = 0;
    for &len in lens {
        for i in 0..len {
            let row = &mut out[(first + i) * 3 * d..][..3 * d];
            let from = if i == 0 { d } else { 0 };
            let to = if i + 1 == len { 2 * d } else { 3 * d };
            let start = if i == 0 { first * d } else { (first + i - 1) * d };
            row[from..to].copy_from_slice(&x[start..start + to - from]);
        }
        first += len;
    }
    out
}

/// The dependent and head halves of a layer of width `2w`, the root's vector before the heads:
/// `len × w` and `(len + 1) × w`.
pub fn split_halves(x: &[f32], w: usize, first: usize, len: usize, root: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let (mut dep, mut head) = (Vec::with_capacity(len * w), Vec::with_capacity((len + 1) * w));
    head.extend_from_slice(root);
    for row in x[first * 2 * w..(first + len) * 2 * w].chunks_exact(2 * w) {
        dep.extend_from_slice(&row[..w]);
        head.extend_from_slice(&row[w..]);
    }
    (dep, head)
}
