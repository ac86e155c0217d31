//! Names seen across a whole document.
//!
//! The tagger sees one sentence at a time. A page that has told of "Ada Moss" may say "Moss" ten lines below where
//! nothing shows that this is a person. [`agree`] lets the occurrences of a name in one document vote.

use std::collections::HashMap;

use hearsay_doc::{Doc, Mention, MentionKind, Upos};

/// Makes the mentions of `doc` agree: a lone word that ends a longer person's name is that person, other names take
/// the kind that most of their occurrences have, and proper nouns that were passed over take it too.
///
/// A name must have been found at least as often as it was passed over; names in capitals throughout are left
/// alone, for headlines shout all their words.
pub fn agree(doc: &mut Doc) {
    let mut votes: HashMap<String, [u32; 5]> = HashMap::new();
    let mut surnames: HashMap<String, u32> = HashMap::new();
    for mention in &doc.mentions {
        let (first, last) = (mention.tokens.0 as usize, mention.tokens.1 as usize);
        votes.entry(doc.slice(mention.span).to_owned()).or_default()[mention.kind as usize] += 1;
        if mention.kind == MentionKind::Person && last - first > 1 && doc.form(last - 1).chars().count() > 2 {
            *surnames.entry(doc.form(last - 1).to_owned()).or_default() += 1;
        }
    }
    if votes.is_empty() {
        return;
    }
    for mention in &mut doc.mentions {
        let words = mention.span.of(&doc.text);
        let lone = mention.tokens.1 - mention.tokens.0 == 1;
        if let Some(votes) = votes.get(words).filter(|_| mention.kind != MentionKind::Group) {
            let best =
                MentionKind::ALL.iter().copied().max_by_key(|&k| (votes[k as usize], k == mention.kind));
            let surname = if lone { surnames.get(words).copied().unwrap_or(0) } else { 0 };
            mention.kind = match best {
                _ if surname > 0 && votes[MentionKind::Location as usize] <= surname => MentionKind::Person,
                Some(best) if best != MentionKind::Group => best,
                _ => mention.kind,
            };
        }
    }
    add_passed_over(doc, &votes, &surnames);
}

/// Lone proper nouns outside all mentions that are a name elsewhere.
fn add_passed_over(doc: &mut Doc, votes: &HashMap<String, [u32; 5]>, surnames: &HashMap<String, u32>) {
    let mut inside = vec![false; doc.tokens.len()];
    for mention in &doc.mentions {
        inside[mention.tokens.0 as usize..mention.tokens.1 as usize].fill(true);
    }
    let lone = |i: usize| {
        let token = &doc.tokens[i];
        let neighbour =
            |j: Option<usize>| j.and_then(|j| doc.tokens.get(j)).is_some_and(|t| t.upos == Upos::Propn);
        !inside[i]
            && token.upos == Upos::Propn
            && !neighbour(i.checked_sub(1))
            && !neighbour(Some(i + 1))
            && doc.form(i).chars().nth(1).is_some_and(char::is_lowercase)
    };
    let mut passed: HashMap<&str, u32> = HashMap::new();
    let lone: Vec<usize> = (0..doc.tokens.len()).filter(|&i| lone(i)).collect();
    for &i in &lone {
        *passed.entry(doc.form(i)).or_default() += 1;
    }
    let mut more = Vec::new();
    for &i in &lone {
        let form = doc.form(i);
        let kind = if surnames.contains_key(form) {
            Some(MentionKind::Person)
        } else {
            let votes = votes.get(form).copied().unwrap_or_default();
            let found: u32 = votes.iter().sum();
            let best = MentionKind::ALL.iter().copied().max_by_key(|&k| votes[k as usize]);
            best.filter(|_| found > 0 && found >= passed[form])
        };
        if let Some(kind) = kind {
            let span = doc.tokens[i].span;
            more.push(Mention { span, tokens: (i as u32, i as u32 + 1), kind });
        }
    }
    if !more.is_empty() {
        doc.mentions.extend(more);
        doc.mentions.sort_by_key(|m| m.tokens);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use hearsay_doc::{Span, testing};

    /// Mentions after agreement, `words kind` each; `names` are (first token, one past the last, kind).
    fn check(parse: &str, names: &[(u32, u32, MentionKind)], expected: Expect) {
        let mut doc = testing::doc(parse);
        for &(a, b, kind) in names {
            let span =
                Span { start: doc.tokens[a as usize].span.start, end: doc.tokens[b as usize - 1].span.end };
            doc.mentions.push(Mention { span, tokens: (a, b), kind });
        }
        agree(&mut doc);
        let shown: Vec<String> =
            doc.mentions.iter().map(|m| format!("{} {}", doc.slice(m.span), m.kind)).collect();
        expected.assert_eq(&shown.join(", "));
    }

    #[test]
    fn a_surname_alone_is_the_person_whether_mistaken_or_passed_over() {
        use MentionKind::{Organization, Person};
        check(
            "Ada/PROPN/3/nsubj Moss/PROPN/1/flat left/VERB/0/root\n\
             Moss/PROPN/2/nsubj said/VERB/0/root so/ADV/2/advmod\n\
             Yesterday/NOUN/3/obl Moss/PROPN/3/nsubj denied/VERB/0/root it/PRON/3/obj",
            &[(0, 2, Person), (3, 4, Organization)],
            expect!["Ada Moss person, Moss person, Moss person"],
        );
    }

    #[test]
    fn the_kind_that_most_occurrences_have_wins() {
        use MentionKind::{Location, Organization};
        check(
            "Alba/PROPN/2/nsubj fell/VERB/0/root\nAlba/PROPN/2/nsubj fell/VERB/0/root\nAlba/PROPN/2/nsubj fell/VERB/0/root",
            &[(0, 1, Location), (2, 3, Organization), (4, 5, Location)],
            expect!["Alba location, Alba location, Alba location"],
        );
    }

    #[test]
    fn a_name_that_was_mostly_passed_over_stays_so() {
        check(
            "May/PROPN/2/obl came/VERB/0/root\nMay/PROPN/2/obl came/VERB/0/root\nMay/PROPN/2/obl came/VERB/0/root",
            &[(0, 1, MentionKind::Person)],
            expect!["May person"],
        );
    }
}
