//! The parse seen as a tree: children, paths, noun phrases, quotation.

use hearsay_doc::{Deprel, Doc, Span, Upos};

/// Children, sentences and quotation of every token of a document.
pub struct Tree<'a> {
    /// The document.
    pub doc: &'a Doc,
    first_child: Vec<u32>,
    children: Vec<u32>,
    sentence: Vec<u32>,
    /// Number of the quotation that each token stands in, 0 outside.
    pub quote: Vec<u32>,
    /// First and last token of the known name of several words that holds each token, where one does.
    names: Vec<Option<(u32, u32)>>,
}

impl<'a> Tree<'a> {
    /// Reads the heads of `doc` once. `known` are the token ranges of names that are never cut.
    pub fn new(doc: &'a Doc, known: &[(u32, u32)]) -> Self {
        let mut names = vec![None; doc.tokens.len()];
        for &(start, end) in known.iter().filter(|(start, end)| end - start > 1) {
            names[start as usize..end as usize].fill(Some((start, end - 1)));
        }
        let n = doc.tokens.len();
        let mut first_child = vec![0u32; n + 1];
        for (idx, token) in doc.tokens.iter().enumerate() {
            if token.head as usize != idx {
                first_child[token.head as usize + 1] += 1;
            }
        }
        for i in 0..n {
            first_child[i + 1] += first_child[i];
        }
        let (mut next, mut children) = (first_child.clone(), vec![0u32; first_child[n] as usize]);
        for (idx, token) in doc.tokens.iter().enumerate() {
            if token.head as usize != idx {
                children[next[token.head as usize] as usize] = idx as u32;
                next[token.head as usize] += 1;
            }
        }
        let mut sentence = vec![0u32; n];
        for (number, &(start, end)) in doc.sentences.iter().enumerate() {
            sentence[start as usize..end as usize].fill(number as u32);
        }
        Tree { doc, first_child, children, sentence, quote: quotations(doc), names }
    }

    /// Dependents of a token, in order.
    pub fn children(&self, idx: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.children[self.first_child[idx] as usize..self.first_child[idx + 1] as usize]
            .iter()
            .map(|&child| child as usize)
    }

    /// Number of the sentence that holds the token.
    pub fn sentence(&self, idx: usize) -> usize {
        self.sentence[idx] as usize
    }

    /// Token indices of the sentence that holds the token.
    pub fn sentence_range(&self, idx: usize) -> std::ops::Range<usize> {
        let (start, end) = self.doc.sentences[self.sentence(idx)];
        start as usize..end as usize
    }

    /// The head, or `None` at a root.
    pub fn head(&self, idx: usize) -> Option<usize> {
        let head = self.doc.tokens[idx].head as usize;
        (head != idx).then_some(head)
    }

    /// The first child with one of these relations.
    pub fn child(&self, idx: usize, relations: &[Deprel]) -> Option<usize> {
        self.children(idx).find(|&c| relations.contains(&self.doc.tokens[c].deprel))
    }

    /// Dictionary form.
    pub fn lemma(&self, idx: usize) -> &'a str {
        &self.doc.tokens[idx].lemma
    }

    /// Relation to the head.
    pub fn rel(&self, idx: usize) -> Deprel {
        self.doc.tokens[idx].deprel
    }

    /// Part of speech.
    pub fn pos(&self, idx: usize) -> Upos {
        self.doc.tokens[idx].upos
    }

    /// The token itself, its head, the head's head … up to the root (at most 40 steps: parses are trees, but a
    /// reader of foreign input does not bet on it).
    pub fn ancestors(&self, idx: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(idx), |&i| self.head(i)).take(40)
    }

    /// Is `above` the token or one of its ancestors?
    pub fn dominates(&self, above: usize, idx: usize) -> bool {
        self.ancestors(idx).any(|i| i == above)
    }

    /// Relations up from `from` to the common ancestor, then down to `to`: `^nsubj^ccomp_obl`; `far` beyond 7
    /// steps, `none` across sentences.
    pub fn path(&self, from: usize, to: usize) -> String {
        let ups: Vec<usize> = self.ancestors(from).collect();
        let mut downs = Vec::new();
        for node in self.ancestors(to) {
            if let Some(meet) = ups.iter().position(|&u| u == node) {
                if meet + downs.len() > 7 {
                    return "far".to_owned();
                }
                let mut path = String::new();
                for &up in &ups[..meet] {
                    path.push('^');
                    path.push_str(self.rel(up).as_str());
                }
                for &down in downs.iter().rev() {
                    path.push('_');
                    path.push_str(self.rel(down).as_str());
                }
                return path;
            }
            downs.push(node);
        }
        "none".to_owned()
    }

    /// The preposition or mark that introduces the token's phrase, or `-`.
    pub fn case(&self, idx: usize) -> &'a str {
        self.child(idx, &[Deprel::Case, Deprel::Mark]).map_or("-", |c| self.lemma(c))
    }

    /// First and last token of the noun phrase headed by `idx`: the shortest full one. Left out are what comes
    /// after the head other than "of" phrases and flat names, what introduces it, relative clauses, apposition,
    /// other conjuncts and punctuation.
    pub fn noun_phrase(&self, idx: usize) -> (usize, usize) {
        let (mut first, mut last) = (idx, idx);
        for child in self.children(idx) {
            let inside = match self.rel(child) {
                Deprel::Det
                | Deprel::DetPredet
                | Deprel::Amod
                | Deprel::Compound
                | Deprel::Nummod
                | Deprel::NmodPoss
                | Deprel::Flat
                | Deprel::Fixed
                | Deprel::Goeswith
                | Deprel::NmodDesc => true,
                // "more than 30 people": the quantifier belongs to the phrase; "also the army" does not.
                Deprel::Advmod => child < idx && self.child(idx, &[Deprel::Nummod]).is_some(),
                Deprel::Nmod => child > idx && self.case(child) == "of",
                _ => false,
            };
            if !inside || (self.rel(child) == Deprel::Nmod && child.abs_diff(idx) > 12) {
                continue;
            }
            let (start, end) =
                if self.rel(child) == Deprel::Nmod { self.with_case(child) } else { self.whole(child) };
            // Parse errors make phrases that leap over a clause; a phrase of 25 words is no name of anything.
            if end.max(last) - start.min(first) < 25 {
                first = first.min(start);
                last = last.max(end);
            }
        }
        if let Some((start, end)) = self.names[idx] {
            first = first.min(start as usize);
            last = last.max(end as usize);
        }
        // An opening quotation mark inside pulls in its closing one, and no phrase ends in an opening one.
        while last > first && self.pos(last) == Upos::Punct && !closes(self.doc.form(last)) {
            last -= 1;
        }
        (first, last)
    }

    fn with_case(&self, idx: usize) -> (usize, usize) {
        let (first, last) = self.noun_phrase(idx);
        (self.child(idx, &[Deprel::Case]).map_or(first, |case| case.min(first)), last)
    }

    /// First and last token of everything below `idx`, clauses and apposition left out.
    fn whole(&self, idx: usize) -> (usize, usize) {
        let (mut first, mut last) = (idx, idx);
        for child in self.children(idx) {
            let clause = matches!(
                self.rel(child),
                Deprel::Acl | Deprel::AclRelcl | Deprel::Appos | Deprel::Parataxis | Deprel::Punct
            );
            // "Afghan and coalition forces": conjuncts of a modifier stay with it, "Putin's and" does not end so.
            if !clause && child.abs_diff(idx) < 8 {
                let (start, end) = self.whole(child);
                first = first.min(start);
                last = last.max(end);
            }
        }
        (first, last)
    }

    /// The span of the noun phrase headed by `idx`. A possessive ending is left out.
    pub fn phrase_span(&self, idx: usize) -> Span {
        self.without_possessive(self.noun_phrase(idx))
    }

    /// The same for one who speaks, with what says whose or where he is: "a spokesman for the ministry", "a doctor at
    /// the hospital", "officials in the capital". Only what follows at once belongs to it.
    /// `belongs` says of a phrase's head whether it may (days and statements do not).
    pub fn speaker_span(&self, idx: usize, belongs: impl Fn(usize) -> bool) -> Span {
        self.without_possessive(self.speaker_phrase(idx, belongs))
    }

    /// First and last token of [`speaker_span`](Tree::speaker_span).
    pub fn speaker_phrase(&self, idx: usize, belongs: impl Fn(usize) -> bool) -> (usize, usize) {
        let (first, mut last) = self.noun_phrase(idx);
        for child in self.children(idx).filter(|&c| c > idx && self.rel(c) == Deprel::Nmod) {
            let (start, end) = self.with_case(child);
            let case = self.case(child);
            let close = matches!(case, "for" | "at" | "in" | "from" | "of" | "by" | "with" | "near" | "on");
            if close && start == last + 1 && end - start < 12 && belongs(child) {
                last = end;
            }
        }
        (first, last)
    }

    fn without_possessive(&self, (first, mut last): (usize, usize)) -> Span {
        if last > first && matches!(self.doc.form(last), "'s" | "’s" | "'" | "’") {
            last -= 1;
        }
        self.doc.span(first, last)
    }

    /// Heads of noun phrases in the range: what an argument or a source can be.
    pub fn noun_phrases(&self, range: std::ops::Range<usize>) -> Vec<usize> {
        range
            .filter(|&i| {
                // Of a known name only its head stands for it.
                if let Some((first, last)) = self.names[i]
                    && self.head(i).is_some_and(|h| (first as usize..=last as usize).contains(&h))
                {
                    return false;
                }
                let relation = self.rel(i);
                match self.pos(i) {
                    Upos::Noun | Upos::Propn => {
                        !matches!(relation, Deprel::Flat | Deprel::Fixed | Deprel::Goeswith)
                            && (relation != Deprel::Compound || self.named(i))
                    }
                    Upos::Pron => !matches!(relation, Deprel::Expl | Deprel::Det),
                    Upos::Num => relation != Deprel::Nummod && relation != Deprel::Compound,
                    // "Israeli strikes": the people that a modifier names.
                    Upos::Adj => (relation == Deprel::Amod && self.named(i)) || is_nominal(relation),
                    Upos::Det => is_nominal(relation),
                    _ => false,
                }
            })
            .collect()
    }

    fn named(&self, idx: usize) -> bool {
        self.doc.form(idx).chars().next().is_some_and(char::is_uppercase) && self.lemma(idx).len() > 1
    }

    /// The kind of the mention that holds the token, as a word, or `-`.
    pub fn mention(&self, idx: usize) -> &'static str {
        let at = self.doc.mentions.partition_point(|m| m.tokens.1 as usize <= idx);
        match self.doc.mentions.get(at) {
            Some(mention) if mention.tokens.0 as usize <= idx => mention.kind.as_str(),
            _ => "-",
        }
    }

    /// Is the verb (or what stands for it) negated?
    pub fn negated(&self, idx: usize) -> bool {
        self.children(idx)
            .any(|c| matches!(self.lemma(c), "not" | "n't" | "never" | "no" | "neither" | "nor"))
    }
}

fn is_nominal(relation: Deprel) -> bool {
    matches!(
        relation,
        Deprel::Nsubj
            | Deprel::NsubjPass
            | Deprel::Obj
            | Deprel::Iobj
            | Deprel::Obl
            | Deprel::OblAgent
            | Deprel::Nmod
    )
}

fn closes(form: &str) -> bool {
    matches!(form, "\"" | "”" | "’" | "'" | ")" | "''")
}

/// Numbers the quotations. A straight mark opens when none is open; a curly mark says which it is. A quotation
/// ends with its paragraph unless the next one opens with a mark too (the typesetter's sign of going on).
fn quotations(doc: &Doc) -> Vec<u32> {
    let mut quote = vec![0u32; doc.tokens.len()];
    let (mut open, mut count, mut since) = (0u32, 0u32, 0usize);
    for (idx, token) in doc.tokens.iter().enumerate() {
        let new_line = idx > 0
            && doc
                .text
                .get(doc.tokens[idx - 1].span.end as usize..token.span.start as usize)
                .is_some_and(|s| s.contains('\n'));
        let form = doc.slice(token.span);
        if open > 0 && (new_line || idx - since > 250) {
            // The same speaker goes on: keep the number for the paragraph that opens with a mark.
            open = if new_line && matches!(form, "“" | "\"" | "``") { open } else { 0 };
            if open > 0 {
                since = idx;
                continue;
            }
        }
        match form {
            "“" | "``" | "«" | "„" => {
                if open == 0 {
                    count += 1;
                    (open, since) = (count, idx);
                }
            }
            "”" | "''" | "»" => open = 0,
            "\"" => {
                if open > 0 {
                    open = 0;
                } else {
                    count += 1;
                    (open, since) = (count, idx);
                }
            }
            _ => quote[idx] = open,
        }
    }
    quote
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearsay_doc::testing;

    #[test]
    fn a_phrase_keeps_its_of_and_drops_its_clause_and_conjunct() {
        let doc = testing::doc(
            "the/DET/2/det headquarters/NOUN/0/root of/ADP/5/case the/DET/5/det ministry/NOUN/2/nmod \
             which/PRON/7/nsubj fell/VERB/2/acl:relcl and/CCONJ/9/cc ports/NOUN/2/conj",
        );
        let tree = Tree::new(&doc, &[]);
        assert_eq!(doc.slice(tree.phrase_span(1)), "the headquarters of the ministry");
        assert_eq!(tree.noun_phrases(0..9), [1, 4, 5, 8]);
        assert_eq!(tree.path(4, 8), "^nmod_conj");
    }

    #[test]
    fn a_quotation_goes_on_into_a_paragraph_that_opens_with_a_mark() {
        let doc = testing::doc(
            "“/PUNCT/2/punct We/PRON/0/root go/VERB/2/dep\n“/PUNCT/2/punct On/ADV/0/root ”/PUNCT/2/punct he/PRON/2/dep",
        );
        assert_eq!(Tree::new(&doc, &[]).quote, [0, 1, 1, 0, 1, 0, 0]);
    }
}
