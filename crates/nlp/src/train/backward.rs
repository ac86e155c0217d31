//! Gradients of the network, written by hand and checked against differences in the tests below.

use super::data::Sample;
use crate::decode::{may_end, may_follow};
use crate::features::{FEATURE_TABLE, Features, N_TABLES};
use crate::kernel::{Normed, Side, dot, exp, gemm, sigmoid};
use crate::net::{Masks, N_NER, N_UPOS, Net, Slot, Trace, split_halves};

/// Sums of gradients, shaped as the parameters.
pub struct Gradients {
    /// Of the dense parameters.
    pub dense: Vec<f32>,
    /// Of the embedding tables.
    pub tables: [Vec<f32>; N_TABLES],
    /// Rows of the tables that are not zero, in the order of first use.
    pub touched: [Vec<u32>; N_TABLES],
    seen: [Vec<bool>; N_TABLES],
    /// Summed losses: parts of speech, heads, relations, names.
    pub loss: [f64; 4],
}

impl Gradients {
    /// All zero.
    pub fn new(net: &Net) -> Gradients {
        Gradients {
            dense: vec![0.0; net.dense.len()],
            tables: std::array::from_fn(|t| vec![0.0; net.tables[t].len()]),
            touched: Default::default(),
            seen: std::array::from_fn(|t| vec![false; net.config.rows[t]]),
            loss: [0.0; 4],
        }
    }

    /// Back to zero.
    pub fn clear(&mut self, dims: &[usize; N_TABLES]) {
        self.dense.fill(0.0);
        for (t, &dim) in dims.iter().enumerate() {
            for row in self.touched[t].drain(..) {
                self.tables[t][row as usize * dim..][..dim].fill(0.0);
                self.seen[t][row as usize] = false;
            }
        }
        self.loss = [0.0; 4];
    }

    /// Adds another's sums.
    pub fn add(&mut self, other: &Gradients, dims: &[usize; N_TABLES]) {
        for (a, b) in self.dense.iter_mut().zip(&other.dense) {
            *a += b;
        }
        for (t, &dim) in dims.iter().enumerate() {
            for &row in &other.touched[t] {
                let at = row as usize * dim;
                self.add_row(t, row, dim, &other.tables[t][at..at + dim]);
            }
        }
        for (a, b) in self.loss.iter_mut().zip(other.loss) {
            *a += b;
        }
    }

    fn add_row(&mut self, table: usize, row: u32, dim: usize, values: &[f32]) {
        if !self.seen[table][row as usize] {
            self.seen[table][row as usize] = true;
            self.touched[table].push(row);
        }
        for (a, b) in self.tables[table][row as usize * dim..][..dim].iter_mut().zip(values) {
            *a += b;
        }
    }
}

/// What one pass is to learn from.
pub struct Batch<'a> {
    /// Features of all words.
    pub words: &'a [Features],
    /// The sentences, in order.
    pub samples: &'a [&'a Sample],
    /// Dropout.
    pub masks: Option<&'a Masks>,
    /// Weight of a word's loss: parts of speech, heads, relations, names.
    pub weights: [f32; 4],
}

/// Adds the batch's losses and gradients to `gradients`.
pub fn learn(net: &Net, batch: &Batch<'_>, gradients: &mut Gradients) {
    let lens: Vec<usize> = batch.samples.iter().map(|s| s.forms.len()).collect();
    let mut e = net.embed(batch.words);
    if let Some(masks) = batch.masks {
        multiply(&mut e, &masks.e);
    }
    let x0 = net.mix(&e);
    let trace = net.forward(e, x0, &lens, batch.masks);
    let mut d_top = heads(net, batch, &trace, gradients);
    if let Some(masks) = batch.masks {
        multiply(&mut d_top, &masks.top);
    }
    let d_e = body(net, batch, &trace, &lens, d_top, gradients);
    let (width, starts) = (net.config.e(), net.config.starts());
    for (word, d) in batch.words.iter().zip(d_e.chunks_exact(width)) {
        for (&row, &t) in word.0.iter().zip(&FEATURE_TABLE) {
            let dim = net.config.dims[t];
            gradients.add_row(t, row, dim, &d[starts[t]..starts[t] + dim]);
        }
    }
}

fn multiply(x: &mut [f32], y: &[f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x *= y;
    }
}

fn add(x: &mut [f32], y: &[f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += y;
    }
}

/// `dy` of `x · w + b`: adds to the gradients of `w` and `b`, returns that of `x`.
fn linear_back(net: &Net, dense: &mut [f32], dy: &[f32], x: &[f32], w: Slot, b: Slot) -> Vec<f32> {
    let (k, m) = (w.rows, w.cols);
    let n = dy.len() / m;
    gemm(k, n, m, x, Side::Transposed, dy, Side::Plain, 1.0, w.of_mut(dense));
    let db = b.of_mut(dense);
    for row in dy.chunks_exact(m) {
        add(db, row);
    }
    let mut dx = vec![0.0; n * k];
    gemm(n, m, k, dy, Side::Plain, w.of(&net.dense), Side::Transposed, 0.0, &mut dx);
    dx
}

/// `dy` of `silu`, in place, given its input.
fn silu_back(dy: &mut [f32], x: &[f32]) {
    for (dy, &x) in dy.iter_mut().zip(x) {
        let s = sigmoid(x);
        *dy *= s * (1.0 + x * (1.0 - s));
    }
}

/// `dy` of layer normalisation; returns the gradient of its input.
fn norm_back(net: &Net, dense: &mut [f32], dy: &[f32], x: &Normed, gain: Slot, bias: Slot) -> Vec<f32> {
    let d = gain.cols;
    let mut dx = vec![0.0; dy.len()];
    let mut d_unit = vec![0.0; d];
    let (mut d_gain, mut d_bias) = (vec![0.0; d], vec![0.0; d]);
    let g = gain.of(&net.dense);
    for (((dy, unit), dx), &inv) in
        dy.chunks_exact(d).zip(x.unit.chunks_exact(d)).zip(dx.chunks_exact_mut(d)).zip(&x.inv)
    {
        for i in 0..d {
            d_gain[i] += dy[i] * unit[i];
            d_bias[i] += dy[i];
            d_unit[i] = dy[i] * g[i];
        }
        let mean = d_unit.iter().sum::<f32>() / d as f32;
        let along = dot(&d_unit, unit) / d as f32;
        for i in 0..d {
            dx[i] = inv * (d_unit[i] - mean - unit[i] * along);
        }
    }
    add(gain.of_mut(dense), &d_gain);
    add(bias.of_mut(dense), &d_bias);
    dx
}

/// Softmax cross-entropy against the class `gold`: turns the scores into their gradient, returns the loss.
fn cross_entropy(scores: &mut [f32], gold: usize, weight: f32) -> f64 {
    let greatest = scores.iter().fold(f32::NEG_INFINITY, |m, &x| m.max(x));
    let gold_score = scores[gold] - greatest;
    let mut total = 0.0;
    for x in scores.iter_mut() {
        *x = exp(*x - greatest);
        total += *x;
    }
    for x in scores.iter_mut() {
        *x *= weight / total;
    }
    scores[gold] -= weight;
    f64::from(weight * (total.ln() - gold_score))
}

/// From the four losses to the gradient of the layer that the heads read.
fn heads(net: &Net, batch: &Batch<'_>, trace: &Trace, gradients: &mut Gradients) -> Vec<f32> {
    let (c, l) = (&net.config, &net.layout);
    let n = batch.words.len();
    let mut d_upos = vec![0.0; n * N_UPOS];
    let mut d_ner = vec![0.0; n * N_NER];
    let mut d_arc = vec![0.0; n * 2 * c.arc];
    let mut d_label = vec![0.0; n * 2 * c.label];
    let mut first = 0;
    for sample in batch.samples {
        let len = sample.forms.len();
        if !sample.upos.is_empty() {
            for (i, upos) in sample.upos.iter().enumerate() {
                let at = (first + i) * N_UPOS;
                let row = &mut d_upos[at..at + N_UPOS];
                row.copy_from_slice(&trace.upos[at..at + N_UPOS]);
                gradients.loss[0] += cross_entropy(row, *upos as usize, batch.weights[0]);
            }
        }
        if !sample.heads.is_empty() {
            arcs(net, batch, trace, sample, first, &mut d_arc, gradients);
            labels(net, batch, trace, sample, first, &mut d_label, gradients);
        }
        if !sample.ner.is_empty() {
            let range = first * N_NER..(first + len) * N_NER;
            let transitions = l.ner_t.of(&net.dense);
            let d_t = l.ner_t.of_mut(&mut gradients.dense);
            gradients.loss[3] += chain(
                &trace.ner[range.clone()],
                transitions,
                &sample.ner,
                batch.weights[3],
                &mut d_ner[range],
                d_t,
            );
        }
        first += len;
    }
    let dense = &mut gradients.dense;
    let mut d_top = linear_back(net, dense, &d_upos, &trace.top, l.upos_w, l.upos_b);
    let mut d_hidden = linear_back(net, dense, &d_ner, &trace.ner_hidden, l.ner_ow, l.ner_ob);
    silu_back(&mut d_hidden, &trace.ner_pre);
    add(&mut d_top, &linear_back(net, dense, &d_hidden, &trace.top, l.ner_w, l.ner_b));
    silu_back(&mut d_arc, &trace.arc_pre);
    add(&mut d_top, &linear_back(net, dense, &d_arc, &trace.top, l.arc_w, l.arc_b));
    silu_back(&mut d_label, &trace.label_pre);
    add(&mut d_top, &linear_back(net, dense, &d_label, &trace.top, l.label_w, l.label_b));
    d_top
}

fn arcs(
    net: &Net,
    batch: &Batch<'_>,
    trace: &Trace,
    sample: &Sample,
    first: usize,
    d_arc: &mut [f32],
    gradients: &mut Gradients,
) {
    let (a, l, len) = (net.config.arc, &net.layout, sample.forms.len());
    let mut d_scores = net.arc_scores(trace, first, len);
    for (row, &head) in d_scores.chunks_exact_mut(len + 1).zip(&sample.heads) {
        gradients.loss[1] += cross_entropy(row, head, batch.weights[1]);
    }
    let (dep, head) = split_halves(&trace.arc, a, first, len, l.arc_root.of(&net.dense));
    let mut q = vec![0.0; len * a];
    gemm(len, a, a, &dep, Side::Plain, l.arc_u.of(&net.dense), Side::Plain, 0.0, &mut q);
    for row in q.chunks_exact_mut(a) {
        add(row, l.arc_head.of(&net.dense));
    }
    let mut d_q = vec![0.0; len * a];
    gemm(len, len + 1, a, &d_scores, Side::Plain, &head, Side::Plain, 0.0, &mut d_q);
    let mut d_head = vec![0.0; (len + 1) * a];
    gemm(len + 1, len, a, &d_scores, Side::Transposed, &q, Side::Plain, 0.0, &mut d_head);
    let dense = &mut gradients.dense;
    for row in d_q.chunks_exact(a) {
        add(l.arc_head.of_mut(dense), row);
    }
    gemm(a, len, a, &dep, Side::Transposed, &d_q, Side::Plain, 1.0, l.arc_u.of_mut(dense));
    let mut d_dep = vec![0.0; len * a];
    gemm(len, a, a, &d_q, Side::Plain, l.arc_u.of(&net.dense), Side::Transposed, 0.0, &mut d_dep);
    add(l.arc_root.of_mut(dense), &d_head[..a]);
    for i in 0..len {
        let row = &mut d_arc[(first + i) * 2 * a..][..2 * a];
        add(&mut row[..a], &d_dep[i * a..(i + 1) * a]);
        add(&mut row[a..], &d_head[(i + 1) * a..(i + 2) * a]);
    }
}

fn labels(
    net: &Net,
    batch: &Batch<'_>,
    trace: &Trace,
    sample: &Sample,
    first: usize,
    d_label: &mut [f32],
    gradients: &mut Gradients,
) {
    let (w, l) = (net.config.label, &net.layout);
    let q = net.label_input(trace, first, &sample.heads);
    let mut d_scores = net.label_scores(&q);
    for (row, &deprel) in d_scores.chunks_exact_mut(net.config.n_deprel).zip(&sample.deprels) {
        gradients.loss[2] += cross_entropy(row, deprel as usize, batch.weights[2]);
    }
    let d_q = linear_back(net, &mut gradients.dense, &d_scores, &q, l.label_ow, l.label_ob);
    for (i, (d, q)) in d_q.chunks_exact(3 * w).zip(q.chunks_exact(3 * w)).enumerate() {
        let head = sample.heads[i];
        for j in 0..w {
            let (dep_j, head_j) = (q[j], q[w + j]);
            d_label[(first + i) * 2 * w + j] += d[j] + d[2 * w + j] * head_j;
            let d_head = d[w + j] + d[2 * w + j] * dep_j;
            if head == 0 {
                l.label_root.of_mut(&mut gradients.dense)[j] += d_head;
            } else {
                d_label[(first + head - 1) * 2 * w + w + j] += d_head;
            }
        }
    }
}

/// Loss of a linear chain whose right answers are all paths through the `allowed` tags: the log of the sum over
/// all paths less the log of the sum over the right ones. Writes the scores' gradient, adds the transitions'.
fn chain(
    scores: &[f32],
    transitions: &[f32],
    allowed: &[u32],
    weight: f32,
    d_scores: &mut [f32],
    d_transitions: &mut [f32],
) -> f64 {
    let every = vec![u32::MAX; allowed.len()];
    let Some(right) = marginals(scores, transitions, allowed, -weight, d_scores, d_transitions) else {
        d_scores.fill(0.0);
        return 0.0;
    };
    let all = marginals(scores, transitions, &every, weight, d_scores, d_transitions).unwrap_or(right);
    f64::from(weight) * (all - right)
}

/// The log of the sum over all paths through `allowed`; adds `weight` times the probability of each tag and each
/// step to the gradients. `None`, and nothing added, if there is no path.
fn marginals(
    scores: &[f32],
    transitions: &[f32],
    allowed: &[u32],
    weight: f32,
    d_scores: &mut [f32],
    d_transitions: &mut [f32],
) -> Option<f64> {
    const N: usize = N_NER;
    let n = allowed.len();
    let mut step = [0.0f64; N * N];
    for from in 0..N {
        for to in 0..N {
            if may_follow(from, to) {
                step[from * N + to] = f64::from(transitions[from * N + to]).exp();
            }
        }
    }
    let mut emit = vec![0.0f64; n * N];
    let mut log = 0.0;
    for t in 0..n {
        let row = &scores[t * N..(t + 1) * N];
        let greatest = row.iter().fold(f32::NEG_INFINITY, |m, &x| m.max(x));
        log += f64::from(greatest);
        for tag in 0..N {
            let open =
                allowed[t] >> tag & 1 == 1 && (t + 1 < n || may_end(tag)) && (t > 0 || may_follow(0, tag));
            if open {
                emit[t * N + tag] = f64::from(exp(row[tag] - greatest));
            }
        }
    }
    let mut forward = vec![0.0f64; n * N];
    let mut scale = vec![0.0f64; n];
    for t in 0..n {
        for to in 0..N {
            let e = emit[t * N + to];
            if e == 0.0 {
                continue;
            }
            let before: f64 = if t == 0 {
                1.0
            } else {
                (0..N).map(|from| forward[(t - 1) * N + from] * step[from * N + to]).sum()
            };
            forward[t * N + to] = before * e;
        }
        let total: f64 = forward[t * N..(t + 1) * N].iter().sum();
        if total <= 0.0 {
            return None;
        }
        forward[t * N..(t + 1) * N].iter_mut().for_each(|x| *x /= total);
        scale[t] = total;
        log += total.ln();
    }
    let mut back = [1.0f64; N];
    for t in (0..n).rev() {
        let mut total = 0.0;
        for tag in 0..N {
            total += forward[t * N + tag] * back[tag];
        }
        for tag in 0..N {
            d_scores[t * N + tag] += weight * (forward[t * N + tag] * back[tag] / total) as f32;
        }
        if t == 0 {
            break;
        }
        let mut before = [0.0f64; N];
        for from in 0..N {
            for to in 0..N {
                let s = step[from * N + to] * emit[t * N + to] * back[to] / scale[t];
                before[from] += s;
                let both = forward[(t - 1) * N + from] * s / total;
                if both != 0.0 {
                    d_transitions[from * N + to] += weight * both as f32;
                }
            }
        }
        back = before;
    }
    Some(log)
}

/// From the gradient of the top layer to that of the concatenated embeddings.
fn body(
    net: &Net,
    batch: &Batch<'_>,
    trace: &Trace,
    lens: &[usize],
    d_top: Vec<f32>,
    gradients: &mut Gradients,
) -> Vec<f32> {
    let (c, l, dense) = (&net.config, &net.layout, &mut gradients.dense);
    let mut dy = d_top;
    for i in (0..c.layers).rev() {
        let (layer, r) = (&l.recurrent[i], &trace.recurrent[i]);
        let x = if i == 0 { &trace.x1.y } else { &trace.recurrent[i - 1].y.y };
        let d_sum = norm_back(net, dense, &dy, &r.y, layer.gain, layer.bias);
        let mut d_out = d_sum.clone();
        if let Some(masks) = batch.masks {
            multiply(&mut d_out, &masks.layers[i + 1]);
        }
        let d_o = linear_back(net, dense, &d_out, &r.o, layer.wout, layer.bout);
        let d_p = scan_back(c.h, lens, &r.p, &r.c, &d_o);
        dy = linear_back(net, dense, &d_p, x, layer.win, layer.bin);
        add(&mut dy, &d_sum);
    }
    let d_sum = norm_back(net, dense, &dy, &trace.x1, l.conv_gain, l.conv_bias);
    let mut d_conv = d_sum.clone();
    if let Some(masks) = batch.masks {
        multiply(&mut d_conv, &masks.layers[0]);
    }
    silu_back(&mut d_conv, &trace.conv);
    let d_window = linear_back(net, dense, &d_conv, &trace.window, l.conv_w, l.conv_b);
    let mut d_x0 = d_sum;
    let d = c.d;
    let mut first = 0;
    for &len in lens {
        for i in 0..len {
            let at = first + i;
            let row = &d_window[at * 3 * d..(at + 1) * 3 * d];
            if i > 0 {
                add(&mut d_x0[(at - 1) * d..at * d], &row[..d]);
            }
            add(&mut d_x0[at * d..(at + 1) * d], &row[d..2 * d]);
            if i + 1 < len {
                add(&mut d_x0[(at + 1) * d..(at + 2) * d], &row[2 * d..]);
            }
        }
        first += len;
    }
    let d_mixed = norm_back(net, dense, &d_x0, &trace.x0, l.mix_gain, l.mix_bias);
    let mut d_e = linear_back(net, dense, &d_mixed, &trace.e, l.mix_w, l.mix_b);
    if let Some(masks) = batch.masks {
        multiply(&mut d_e, &masks.e);
    }
    d_e
}

/// Through both scans: from the gated states' gradient to that of the gates and candidates.
fn scan_back(h: usize, lens: &[usize], p: &[f32], states: &[f32], d_o: &[f32]) -> Vec<f32> {
    let mut d_p = vec![0.0; p.len()];
    let mut carry = vec![0.0; h];
    let zeros = vec![0.0; h];
    let mut first = 0;
    for &len in lens {
        for direction in 0..2 {
            carry.fill(0.0);
            for step in (0..len).rev() {
                let position = |step: usize| first + if direction == 0 { step } else { len - 1 - step };
                let t = position(step);
                let at = t * 2 * h + direction * h;
                let state = &states[at..at + h];
                let before = match step {
                    0 => &zeros[..],
                    _ => &states[position(step - 1) * 2 * h + direction * h..][..h],
                };
                let row = &p[t * 6 * h + direction * 3 * h..][..3 * h];
                let d_row = &mut d_p[t * 6 * h + direction * 3 * h..][..3 * h];
                let (z, rest) = row.split_at(h);
                let (candidate, gate) = rest.split_at(h);
                let (d_z, d_rest) = d_row.split_at_mut(h);
                let (d_candidate, d_gate) = d_rest.split_at_mut(h);
                let d_o = &d_o[at..at + h];
                for i in 0..h {
                    d_gate[i] = d_o[i] * state[i] * gate[i] * (1.0 - gate[i]);
                    let d = d_o[i] * gate[i] + carry[i];
                    d_z[i] = d * (candidate[i] - before[i]) * z[i] * (1.0 - z[i]);
                    d_candidate[i] = d * z[i];
                    carry[i] = d * (1.0 - z[i]);
                }
            }
        }
        first += len;
    }
    d_p
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::tiny;
    use crate::train::data::{ANY, OUT};
    use hearsay_doc::{Deprel, Upos};

    fn samples() -> Vec<Sample> {
        let parsed = Sample {
            forms: ["Rebels", "shelled", "the", "Old", "Port", "."].map(String::from).to_vec(),
            upos: vec![Upos::Noun, Upos::Verb, Upos::Det, Upos::Propn, Upos::Propn, Upos::Punct],
            heads: vec![2, 0, 5, 5, 2, 2],
            deprels: vec![
                Deprel::Nsubj,
                Deprel::Root,
                Deprel::Det,
                Deprel::Compound,
                Deprel::Obj,
                Deprel::Punct,
            ],
            ..Sample::default()
        };
        let named = Sample {
            forms: ["Ana", "left", "Port", "Alba"].map(String::from).to_vec(),
            ner: vec![1 << 4, OUT, OUT | ANY, 1 << 11 | 1 << 12],
            ..Sample::default()
        };
        vec![parsed, named]
    }

    fn loss(net: &Net, words: &[Features], samples: &[&Sample], masks: &Masks) -> (f64, Gradients) {
        let mut gradients = Gradients::new(net);
        let batch = Batch { words, samples, masks: Some(masks), weights: [1.0, 0.7, 1.3, 0.9] };
        learn(net, &batch, &mut gradients);
        (gradients.loss.iter().sum(), gradients)
    }

    #[test]
    fn gradients_agree_with_differences() {
        let model = tiny();
        let mut net = model.net.clone();
        let samples = samples();
        let samples: Vec<&Sample> = samples.iter().collect();
        let words: Vec<Features> =
            samples.iter().flat_map(|s| &s.forms).map(|f| model.vocabulary.features(f)).collect();
        let n = words.len();
        let mask =
            |len: usize, every: usize| (0..len).map(|i| if i % every == 0 { 0.0 } else { 1.25 }).collect();
        let masks = Masks {
            e: mask(n * net.config.e(), 7),
            layers: vec![mask(n * 8, 5), mask(n * 8, 6), mask(n * 8, 9)],
            top: mask(n * 8, 4),
        };
        let (_, gradients) = loss(&net, &words, &samples, &masks);
        let mut worst = 0.0f64;
        let step = 2e-3;
        for slot in net.layout.slots.clone() {
            let size = slot.rows * slot.cols;
            for i in (0..size).step_by(1 + size / 12) {
                let at = slot.start + i;
                let kept = net.dense[at];
                net.dense[at] = kept + step;
                let up = loss(&net, &words, &samples, &masks).0;
                net.dense[at] = kept - step;
                let down = loss(&net, &words, &samples, &masks).0;
                net.dense[at] = kept;
                let (numeric, ours) = ((up - down) / f64::from(2.0 * step), f64::from(gradients.dense[at]));
                worst = worst.max((numeric - ours).abs() / (1.0 + numeric.abs()));
                assert!(worst < 4e-3, "parameter {at}: differences say {numeric}, gradient {ours}");
            }
        }
        for t in 0..N_TABLES {
            let (row, dim) = (gradients.touched[t][1] as usize, net.config.dims[t]);
            let kept = net.tables[t][row * dim];
            net.tables[t][row * dim] = kept + step;
            let up = loss(&net, &words, &samples, &masks).0;
            net.tables[t][row * dim] = kept - step;
            let down = loss(&net, &words, &samples, &masks).0;
            net.tables[t][row * dim] = kept;
            let (numeric, ours) =
                ((up - down) / f64::from(2.0 * step), f64::from(gradients.tables[t][row * dim]));
            assert!((numeric - ours).abs() < 4e-3 * (1.0 + numeric.abs()), "table {t}: {numeric} {ours}");
        }
    }

    #[test]
    fn cleared_gradients_start_again_from_zero() {
        let model = tiny();
        let samples = samples();
        let samples: Vec<&Sample> = samples.iter().collect();
        let words: Vec<Features> =
            samples.iter().flat_map(|s| &s.forms).map(|f| model.vocabulary.features(f)).collect();
        let batch = Batch { words: &words, samples: &samples, masks: None, weights: [1.0; 4] };
        let mut gradients = Gradients::new(&model.net);
        learn(&model.net, &batch, &mut gradients);
        let once = gradients.dense.clone();
        gradients.clear(&model.net.config.dims);
        assert!(gradients.tables.iter().flatten().all(|&x| x == 0.0));
        learn(&model.net, &batch, &mut gradients);
        assert_eq!(once, gradients.dense);
    }
}
