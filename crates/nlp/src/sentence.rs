//! Sentences of a text.

use hearsay_doc::Span;

/// Weights.
#[derive(Clone, Debug, Default)]
pub struct Boundaries {
    weights: Vec<f32>,
}

impl Boundaries {
    /// From weights.
    pub fn new(weights: Vec<f32>) -> Option<Boundaries> {
        Some(Boundaries { weights })
    }

    /// The weights.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }
}

/// Words and sentences of a text.
pub fn split(text: &str, _boundaries: &Boundaries) -> (Vec<Span>, Vec<(u32, u32)>) {
    let spans = crate::tokenize::tokenize(text);
    let mut sentences = Vec::new();
    let mut first = 0;
    for i in 0..spans.len() {
        let last = i + 1 == spans.len();
        let newline = !last && text[spans[i].end as usize..spans[i + 1].start as usize].contains('\n');
        let gap = last || spans[i + 1].start > spans[i].end;
        if last || newline || (gap && matches!(spans[i].of(text), "." | "?" | "!")) {
            sentences.push((first as u32, i as u32 + 1));
            first = i + 1;
        }
    }
    (spans, sentences)
}
