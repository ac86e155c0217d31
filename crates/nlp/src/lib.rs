//! From a page's text to a [`Doc`]: tokens, sentences, parts of speech, dictionary forms, heads and names.
//!
//! Start at [`annotate`]. It splits the text into words (`tokenize.rs`) and sentences (`sentence.rs`) by the conventions
//! of the English Universal Dependencies treebanks, describes each word to a small network (`features.rs`, `net.rs`)
//! and decodes the network's scores into one tree per sentence and into names (`decode.rs`). The model is one file
//! that this crate also trains (feature `train`, see `models/MANIFEST.toml`).
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
///
/// # Example
///
/// ```
/// let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/en-1.bin");
/// let model = hearsay_nlp::Model::from_bytes(&std::fs::read(file)?)?;
/// let doc = hearsay_nlp::annotate(&model, "The mayor didn't say who fired.");
/// assert_eq!(doc.tokens.len(), 8);
/// assert_eq!(doc.tokens[6].lemma, "fire");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::tiny;
    use expect_test::expect;

    /// What holds for every document, whatever the text and the model.
    fn check_shape(text: &str, doc: &Doc) {
        assert_eq!(doc.text, text);
        let mut at = 0;
        for token in &doc.tokens {
            assert!(token.span.start >= at && token.span.end > token.span.start);
            assert!(!doc.slice(token.span).is_empty());
            at = token.span.end;
        }
        let mut next = 0;
        for &(start, end) in &doc.sentences {
            assert!(start == next && start < end);
            let sentence = &doc.tokens[start as usize..end as usize];
            let roots = (start..end).filter(|&i| doc.tokens[i as usize].head == i).count();
            assert_eq!(roots, 1);
            assert!(sentence.iter().all(|t| (start..end).contains(&t.head)));
            next = end;
        }
        assert_eq!(next as usize, doc.tokens.len());
        let mut last = 0;
        for mention in &doc.mentions {
            assert!(mention.tokens.0 >= last && mention.tokens.0 < mention.tokens.1);
            last = mention.tokens.1;
        }
    }

    #[test]
    fn rubbish_gives_a_well_formed_document() {
        let model = tiny();
        let mut seed = 5u64;
        let mut bytes = Vec::new();
        for _ in 0..60_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            bytes.push((seed >> 40) as u8);
        }
        let random = String::from_utf8_lossy(&bytes).into_owned();
        let mojibake = "Ð¡Ð¸Ñ€Ð¸Ñ â€œtestâ€\u{9d} ".repeat(50);
        for text in
            ["", " ", "\n", "\u{feff}", "🙂", "\u{301}\u{301}", ".", "\u{0}\u{7f}", &random, &mojibake]
        {
            check_shape(text, &annotate(&model, text));
        }
    }

    #[test]
    fn a_megabyte_without_a_space_and_a_hundred_thousand_line_breaks_are_read() {
        let model = tiny();
        for text in [
            "x".repeat(1 << 20),
            "\n".repeat(100_000),
            "-".repeat(1 << 18),
            "a-".repeat(8_000),
            "(".repeat(8_000),
            "a.".repeat(8_000),
            "🙂\u{200d}".repeat(8_000),
        ] {
            check_shape(&text, &annotate(&model, &text));
        }
    }

    #[test]
    fn a_long_sentence_has_one_root() {
        let text = "word ".repeat(3 * MAX_PIECE + 7);
        let doc = annotate(&tiny(), &text);
        assert_eq!(doc.sentences.len(), 1);
        check_shape(&text, &doc);
    }

    #[test]
    fn a_sentence_reads_the_same_alone_and_among_others() {
        let (model, one) = (tiny(), "Ana shelled the port.");
        let alone = annotate(&model, one);
        let among = annotate(&model, &format!("{one}\n\n{}", "The ferry left.\n\n".repeat(300)));
        let heads =
            |doc: &Doc| doc.tokens[..5].iter().map(|t| (t.upos, t.head, t.deprel)).collect::<Vec<_>>();
        assert_eq!(heads(&alone), heads(&among));
    }

    /// A forward pass of fixed weights, so that a change of the arithmetic is seen.
    #[test]
    fn a_tiny_network_gives_these_scores() {
        let model = tiny();
        let words: Vec<_> =
            ["Rebels", "shelled", "the", "Port"].iter().map(|w| model.vocabulary.features(w)).collect();
        let e = model.net.embed(&words);
        let x0 = model.net.mix(&e);
        let trace = model.net.forward(e, x0, &[3, 1], None);
        let show = |x: &[f32]| x.iter().map(|x| format!("{x:.3}")).collect::<Vec<_>>().join(" ");
        let shown = format!(
            "upos {}\nner {}\narcs {}\n",
            show(&trace.upos[..6]),
            show(&trace.ner[3 * N_NER..3 * N_NER + 6]),
            show(&model.net.arc_scores(&trace, 0, 3))
        );
        expect![[r#"
            upos 0.423 -0.240 0.121 -0.548 0.024 0.068
            ner -0.430 0.127 0.201 -0.071 0.097 -0.366
            arcs -0.040 -0.161 -0.162 -0.158 -0.041 -0.162 -0.163 -0.159 -0.037 -0.159 -0.161 -0.156
        "#]]
        .assert_eq(&shown);
    }
}
