//! Learning where sentences end: logistic regression over the clues of `sentence`, on the treebanks' documents.

use hearsay_doc::Span;

use super::data::Sample;
use super::noise::Random;
use crate::sentence::{Boundaries, N_WEIGHTS, clues, is_candidate};

/// A document put together again: its text, words, and the words that end a sentence inside a paragraph.
pub struct Rebuilt {
    /// Sentences joined by blanks, paragraphs by blank lines.
    pub text: String,
    /// Words.
    pub spans: Vec<Span>,
    /// For each sentence, one past its last word.
    pub ends: Vec<usize>,
    /// For each sentence: does a paragraph end with it?
    pub par_ends: Vec<bool>,
}

/// Puts documents together from their sentences.
pub fn rebuild(samples: &[Sample]) -> Vec<Rebuilt> {
    let mut documents: Vec<Rebuilt> = Vec::new();
    for sample in samples.iter().filter(|s| !s.heads.is_empty()) {
        if sample.new_doc || documents.is_empty() {
            documents.push(Rebuilt {
                text: String::new(),
                spans: Vec::new(),
                ends: Vec::new(),
                par_ends: Vec::new(),
            });
        }
        let Some(document) = documents.last_mut() else { continue };
        if sample.new_par {
            if let Some(last) = document.par_ends.last_mut() {
                *last = true;
                document.text.push_str("\n\n");
            }
        } else if !document.text.is_empty() && !document.text.ends_with(' ') {
            document.text.push(' ');
        }
        for (form, space) in sample.forms.iter().zip(&sample.space_after) {
            let start = document.text.len();
            document.text.push_str(form);
            document.spans.push(Span::new(start, document.text.len()));
            if *space {
                document.text.push(' ');
            }
        }
        document.ends.push(document.spans.len());
        document.par_ends.push(false);
    }
    documents
}

/// Learns the weights of the sentence classifier.
pub fn learn(samples: &[Sample], random: &mut Random) -> Boundaries {
    let mut examples: Vec<(Vec<u16>, bool)> = Vec::new();
    for document in rebuild(samples) {
        let mut sentence = 0;
        for i in 0..document.spans.len().saturating_sub(1) {
            while document.ends[sentence] <= i {
                sentence += 1;
            }
            let is_end = document.ends[sentence] == i + 1;
            if !(is_end && document.par_ends[sentence]) && is_candidate(&document.text, &document.spans, i) {
                examples.push((clues(&document.text, &document.spans, i), is_end));
            }
        }
    }
    let mut weights = vec![0.0f32; N_WEIGHTS];
    let mut squares = vec![0.0f32; N_WEIGHTS];
    for _ in 0..12 {
        random.shuffle(&mut examples);
        for (clues, is_end) in &examples {
            let score: f32 = clues.iter().map(|&c| weights[c as usize]).sum();
            let gradient = crate::kernel::sigmoid(score) - f32::from(u8::from(*is_end));
            for &c in clues {
                let c = c as usize;
                squares[c] += gradient * gradient;
                weights[c] -= 0.1 * (gradient + 1e-5 * weights[c]) / (squares[c] + 1e-6).sqrt();
            }
        }
    }
    Boundaries::new(weights).unwrap_or_default()
}
