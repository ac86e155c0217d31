//! Words of a text.

use hearsay_doc::Span;

/// Words of a text.
pub fn tokenize(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start: Option<usize> = None;
    for (i, c) in text.char_indices() {
        let word = c.is_alphanumeric();
        if !word || c.is_whitespace() {
            if let Some(s) = start.take() {
                spans.push(Span::new(s, i));
            }
            if !c.is_whitespace() {
                spans.push(Span::new(i, i + c.len_utf8()));
            }
        } else if start.is_none() {
            start = Some(i);
        }
    }
    if let Some(s) = start {
        spans.push(Span::new(s, text.len()));
    }
    spans
}
