//! From a page's text to a [`Doc`]: tokens, sentences, parts of speech, dictionary forms, heads and names.
//!
//! Start at [`annotate`]. It splits the text into words ([`tokenize`]) and sentences ([`sentence`]) by the
//! conventions of the English Universal Dependencies treebanks, describes each word to a small network
//! ([`features`], [`net`]) and decodes the network's scores into one tree per sentence and into names
//! ([`decode`]). The model is one file that this crate also trains (feature `train`, see `models/MANIFEST.toml`).
//!
//! Nothing here opens a file, a socket or a clock, and no text makes it fail: rubbish gives tokens with
//! meaningless tags. Who a name is belongs to `claims`.

mod conllu;
mod decode;
mod features;
mod kernel;
mod lemma;
mod model;
mod names;
mod net;
mod sentence;
mod tokenize;
#[cfg(feature = "train")]
pub mod train;

use std::collections::HashMap;

use hearsay_doc::{Deprel, Doc, Mention, MentionKind, Span, Token, Upos};

pub use conllu::conllu;
pub use model::{Error, FORMAT_VERSION, Model};

use crate::kernel::argmax;
use crate::net::{N_NER, N_UPOS};

/// The parser sees at most so many words at once; a longer sentence is tagged and parsed in pieces whose roots
/// hang on the first one's. Arc scores need the square of it. Of the treebanks' sentences 3 in 10,000 are longer
/// than 120 words.
const MAX_PIECE: usize = 200;
/// Words whose layers are computed together: enough for the products to run at full speed, few enough for
/// their values to stay in the second-level cache.
const BATCH: usize = 400;

/// Reads the language of `text`: tokens, sentences, parts of speech, lemmas, heads, relations and names.
///
/// Every token belongs to one sentence; heads are indices into [`Doc::tokens`], a root is its own head, and
/// each sentence has one root. Mentions are names only, never pronouns or descriptions, and do not overlap.
/// Any text is accepted; an empty or blank one gives no tokens. Time and memory grow linearly with it.
///
/// The answer depends on the arguments alone.
pub fn annotate(model: &Model, text: &str) -> Doc {
    let (spans, sentences) = sentence::split(text, &model.boundaries);
    annotate_tokens(model, text, &spans, &sentences)
}

/// As [`annotate`], for tokens and sentences that are given: spans in order, ranges of their indices that cover
/// each once. It serves scoring on a treebank's own tokens.
///
/// # Panics
///
/// If a range in `sentences` is not one of `spans`.
pub fn annotate_tokens(model: &Model, text: &str, spans: &[Span], sentences: &[(u32, u32)]) -> Doc {
    let mut types: HashMap<&str, usize> = HashMap::new();
    let mut words = Vec::new();
    let ids: Vec<usize> = spans
        .iter()
        .map(|span| {
            let form = span.of(text);
            *types.entry(form).or_insert_with(|| {
                words.push(model.vocabulary.features(form));
                words.len() - 1
            })
        })
        .collect();
    let mixed: Vec<f32> =
        words.chunks(BATCH).flat_map(|words| model.net.mix(&model.net.embed(words)).y).collect();
    let mut reader = Reading {
        model,
        text,
        ids: &ids,
        mixed: &mixed,
        lemmas: HashMap::new(),
        doc: Doc {
            text: text.to_owned(),
            tokens: Vec::with_capacity(spans.len()),
            sentences: sentences.to_vec(),
            mentions: Vec::new(),
        },
    };
    let pieces: Vec<(usize, usize)> = sentences
        .iter()
        .flat_map(|&(start, end)| {
            (start..end)
                .step_by(MAX_PIECE)
                .map(move |from| (from as usize, (end as usize).min(from as usize + MAX_PIECE)))
        })
        .collect();
    let mut first = 0;
    while first < pieces.len() {
        let mut last = first + 1;
        while last < pieces.len() && pieces[last].1 - pieces[first].0 <= BATCH {
            last += 1;
        }
        reader.read(&pieces[first..last], spans);
        first = last;
    }
    let mut doc = reader.doc;
    for &(start, end) in sentences {
        join_pieces(&mut doc.tokens[start as usize..end as usize], start);
    }
    names::agree(&mut doc);
    doc
}

/// A document while it is being read.
struct Reading<'a> {
    model: &'a Model,
    text: &'a str,
    /// The type of each token.
    ids: &'a [usize],
    /// The mixed embeddings of each type.
    mixed: &'a [f32],
    lemmas: HashMap<(usize, Upos), String>,
    doc: Doc,
}

impl Reading<'_> {
    /// Reads some pieces, ranges of tokens that follow one another.
    fn read(&mut self, pieces: &[(usize, usize)], spans: &[Span]) {
        let net = &self.model.net;
        let d = net.config.d;
        let (from, to) = (pieces[0].0, pieces[pieces.len() - 1].1);
        let mut x = Vec::with_capacity((to - from) * d);
        for &id in &self.ids[from..to] {
            x.extend_from_slice(&self.mixed[id * d..(id + 1) * d]);
        }
        let lens: Vec<usize> = pieces.iter().map(|(a, b)| b - a).collect();
        let x0 = kernel::Normed { unit: Vec::new(), inv: Vec::new(), y: x };
        let trace = net.forward(Vec::new(), x0, &lens, None);
        let transitions = net.layout.ner_t.of(&net.dense);
        for &(start, end) in pieces {
            let (first, len) = (start - from, end - start);
            let heads = decode::tree(&net.arc_scores(&trace, first, len), len);
            let labels = net.label_scores(&net.label_input(&trace, first, &heads));
            for i in 0..len {
                let upos = Upos::ALL[argmax(&trace.upos[(first + i) * N_UPOS..][..N_UPOS])];
                let row = &labels[i * net.config.n_deprel..][..net.config.n_deprel];
                let (head, deprel) = match heads[i] {
                    0 => (start + i, Deprel::Root),
                    head => (start + head - 1, self.relation(row)),
                };
                let span = spans[start + i];
                let (id, text, lemmas) = (self.ids[start + i], self.text, &self.model.lemmas);
                let lemma =
                    self.lemmas.entry((id, upos)).or_insert_with(|| lemmas.lemma(span.of(text), upos));
                let lemma = lemma.clone();
                self.doc.tokens.push(Token { span, lemma, upos, head: head as u32, deprel });
            }
            let scores = &trace.ner[first * N_NER..(first + len) * N_NER];
            for (a, b, kind) in decode::names(scores, transitions) {
                let (a, b) = (start + a, start + b);
                let span = Span { start: spans[a].start, end: spans[b - 1].end };
                let kind = MentionKind::ALL[kind];
                self.doc.mentions.push(Mention { span, tokens: (a as u32, b as u32), kind });
            }
        }
    }

    /// The best relation of a word that is no root.
    fn relation(&self, scores: &[f32]) -> Deprel {
        let deprels = &self.model.deprels;
        let mut best = (f32::NEG_INFINITY, Deprel::Dep);
        for (&score, &deprel) in scores.iter().zip(deprels) {
            if score > best.0 && deprel != Deprel::Root {
                best = (score, deprel);
            }
        }
        best.1
    }
}

/// Hangs the roots of a long sentence's later pieces on the first one's.
fn join_pieces(tokens: &mut [Token], start: u32) {
    if tokens.len() <= MAX_PIECE {
        return;
    }
    let mut root = None;
    for (i, token) in tokens.iter_mut().enumerate() {
        if token.head == start + i as u32 {
            match root {
                None => root = Some(token.head),
                Some(root) => (token.head, token.deprel) = (root, Deprel::Parataxis),
            }
        }
    }
}
