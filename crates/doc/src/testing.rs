//! Documents made by hand, so that no test of a later stage waits for a model.

use crate::{Deprel, Doc, Mention, MentionKind, Span, Token, Upos};

/// Builds a [`Doc`] from `form/UPOS/head/deprel` words; heads count from 1 within the sentence, 0 is the root.
///
/// A line is a sentence; a form may be followed by `~lemma` and by `@kind` for a one-token mention:
/// `Hamas@organization/PROPN/2/nsubj said~say/VERB/0/root`. Words are joined by single spaces, sentences by a
/// newline.
///
/// # Panics
///
/// On words that are not in this form: it is for tests.
pub fn doc(parse: &str) -> Doc {
    let mut doc = Doc::default();
    for line in parse.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !doc.text.is_empty() {
            doc.text.push('\n');
        }
        let first = doc.tokens.len();
        for (n, word) in line.split_whitespace().enumerate() {
            let mut parts = word.rsplitn(4, '/');
            let deprel: Deprel = parts.next().expect("deprel").parse().expect("known deprel");
            let head: usize = parts.next().expect("head").parse().expect("head number");
            let upos: Upos = parts.next().expect("upos").parse().expect("known upos");
            let form = parts.next().expect("form");
            let (form, kind) = form.split_once('@').map_or((form, None), |(f, k)| (f, Some(k)));
            let (form, lemma) = form.split_once('~').map_or((form, None), |(f, l)| (f, Some(l)));
            if n > 0 {
                doc.text.push(' ');
            }
            let start = doc.text.len();
            doc.text.push_str(form);
            let span = Span::new(start, doc.text.len());
            let lemma = lemma.map_or_else(|| form.to_lowercase(), str::to_owned);
            let idx = doc.tokens.len() as u32;
            if let Some(kind) = kind {
                let kind: MentionKind = kind.parse().expect("known mention kind");
                doc.mentions.push(Mention { span, tokens: (idx, idx + 1), kind });
            }
            let head = if head == 0 { idx } else { (first + head - 1) as u32 };
            doc.tokens.push(Token { span, lemma, upos, head, deprel });
        }
        doc.sentences.push((first as u32, doc.tokens.len() as u32));
    }
    doc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_made_document_has_heads_and_spans() {
        let doc = doc("Ž@person/PROPN/2/nsubj left~leave/VERB/0/root\nGood/ADJ/0/root");
        assert_eq!(doc.text, "Ž left\nGood");
        assert_eq!(doc.form(1), "left");
        assert_eq!((doc.tokens[0].head, doc.tokens[1].head, doc.tokens[2].head), (1, 1, 2));
        assert_eq!(doc.sentences, [(0, 2), (2, 3)]);
        assert_eq!(doc.sentence_of(2), 1);
        assert_eq!(doc.mentions[0].tokens, (0, 1));
    }
}
