//! A document as CoNLL-U, for people and for scorers of Universal Dependencies.

use std::fmt::Write;

use hearsay_doc::Doc;

/// Writes `doc` in CoNLL-U.
///
/// Each sentence has a `# text` line, with runs of white space as one space. XPOS, FEATS and DEPS are `_`.
/// MISC holds `SpaceAfter=No` where the next token of the sentence follows at once, and for a token of a name
/// `Mention=B-kind` or `Mention=I-kind`. A document without tokens gives an empty string.
pub fn conllu(doc: &Doc) -> String {
    let mut out = String::new();
    let mut mentions = doc.mentions.iter().peekable();
    for &(start, end) in &doc.sentences {
        let (start, end) = (start as usize, end as usize);
        if start == end {
            continue;
        }
        let words: Vec<&str> = doc.slice(doc.span(start, end - 1)).split_whitespace().collect();
        let _ = writeln!(out, "# text = {}", words.join(" "));
        for i in start..end {
            let token = &doc.tokens[i];
            while mentions.next_if(|m| m.tokens.1 as usize <= i).is_some() {}
            let mut misc = Vec::new();
            if let Some(mention) = mentions.peek().filter(|m| m.tokens.0 as usize <= i) {
                let part = if mention.tokens.0 as usize == i { "B" } else { "I" };
                misc.push(format!("Mention={part}-{}", mention.kind));
            }
            if i + 1 < end && doc.tokens[i + 1].span.start == token.span.end {
                misc.push("SpaceAfter=No".to_owned());
            }
            let misc = if misc.is_empty() { "_".to_owned() } else { misc.join("|") };
            let head = if token.head as usize == i { 0 } else { token.head as usize + 1 - start };
            let (id, form, lemma) = (i + 1 - start, doc.form(i), &token.lemma);
            let (upos, deprel) = (token.upos, token.deprel);
            let _ = writeln!(out, "{id}\t{form}\t{lemma}\t{upos}\t_\t_\t{head}\t{deprel}\t_\t{misc}");
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use hearsay_doc::testing;

    #[test]
    fn a_sentence_is_a_block_with_heads_counted_from_one() {
        let doc = testing::doc("Ana@person/PROPN/2/nsubj left~leave/VERB/0/root\nGood/ADJ/0/root");
        expect![[r#"
            # text = Ana left
            1	Ana	ana	PROPN	_	_	2	nsubj	_	Mention=B-person
            2	left	leave	VERB	_	_	0	root	_	_

            # text = Good
            1	Good	good	ADJ	_	_	0	root	_	_

        "#]]
        .assert_eq(&super::conllu(&doc));
        assert_eq!(super::conllu(&hearsay_doc::Doc::default()), "");
    }
}
