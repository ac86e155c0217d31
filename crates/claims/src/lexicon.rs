//! Word lists kept as data in `data/lexicon` and `data/actors`, looked up by dictionary form.
//!
//! Start at [`Lexicon::words`]: it looks every token of a page up once, longest entry first, so that the later
//! steps only read fields. What a word means in a sentence is decided by the scorers; the lists are one of the
//! things they look at.

use hearsay_doc::{Deprel, Doc, Upos};
use std::collections::{HashMap, HashSet};

/// What `triggers.tsv` says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// Event type, as in the public record.
    pub kind: &'static str,
    /// Mode, or `-`.
    pub mode: &'static str,
    /// `1.0`, `0.6` or `0.3`: how often the word means it in reports of conflict.
    pub strength: &'static str,
}

/// What `cues.tsv` says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cue {
    /// say, claim, confirm, deny …
    pub kind: &'static str,
    /// The stance it carries.
    pub stance: &'static str,
    /// The constructions it is used in, comma-separated.
    pub frames: &'static str,
}

/// What `people.tsv` says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    /// official, military, civilian, building, weapon …
    pub class: &'static str,
    /// Population, or `-`.
    pub population: &'static str,
    /// Mode that the weapon implies, or `-`.
    pub mode: &'static str,
}

/// What the lists say of one token. Fields are `-` or `None` where they say nothing.
#[derive(Debug, Clone, Default)]
pub struct Word {
    /// Dictionary form, lower case.
    pub lemma: String,
    /// The word as it stands, lower case.
    pub lower: String,
    /// Trigger entry.
    pub trigger: Option<Trigger>,
    /// First and last token of the trigger entry, where it is longer than one word.
    pub trigger_tokens: Option<(u32, u32)>,
    /// Cue entry.
    pub cue: Option<Cue>,
    /// First and last token of the cue entry, where it is longer than one word.
    pub cue_tokens: Option<(u32, u32)>,
    /// Noun entry.
    pub noun: Option<Noun>,
    /// What a hedge does.
    pub hedge: Option<&'static str>,
    /// What a word of harm counts.
    pub harm: Option<&'static str>,
    /// Semantic class of the word as a verb, noun or adjective, or `-`.
    pub sense: &'static str,
    /// Country of a demonym; `Some("-")` for a people without a state.
    pub demonym: Option<&'static str>,
}

impl Word {
    /// Class of the noun, or `-`.
    pub fn class(&self) -> &'static str {
        self.noun.map_or("-", |noun| noun.class)
    }
}

/// All lists.
#[derive(Debug, Default)]
pub struct Lexicon {
    triggers: HashMap<&'static str, Vec<(&'static str, Trigger)>>,
    cues: HashMap<&'static str, Cue>,
    nouns: HashMap<&'static str, Noun>,
    hedges: HashMap<&'static str, &'static str>,
    harm: HashMap<&'static str, Vec<(&'static str, &'static str)>>,
    numbers: HashMap<&'static str, (Option<u64>, Option<u64>)>,
    qualifiers: HashMap<&'static str, &'static str>,
    demonyms: HashMap<String, &'static str>,
    /// Semantic classes of verbs, nouns, and adjectives and adverbs.
    senses: [HashMap<&'static str, &'static str>; 3],
    /// First words of entries of several words.
    openers: HashSet<&'static str>,
    /// Verbs of entries whose second word may stand apart: "shot three of them down", "laid their arms down".
    apart: HashSet<&'static str>,
}

/// Data rows of a list, the header left out.
pub(crate) fn rows(list: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    list.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .skip(1)
        .map(|l| l.split('\t').collect())
}

/// A cell, `-` where it is missing or empty.
pub(crate) fn column(row: &[&'static str], n: usize) -> &'static str {
    row.get(n).copied().map(str::trim).filter(|cell| !cell.is_empty()).unwrap_or("-")
}

impl Lexicon {
    /// The lists compiled into the program.
    pub fn new() -> Self {
        let mut lexicon = Lexicon::default();
        for row in rows(include_str!("../../../data/lexicon/triggers.tsv")) {
            let trigger = Trigger { kind: column(&row, 2), mode: column(&row, 3), strength: column(&row, 4) };
            lexicon.triggers.entry(row[0]).or_default().push((column(&row, 1), trigger));
        }
        for row in rows(include_str!("../../../data/lexicon/cues.tsv")) {
            let cue = Cue { kind: column(&row, 1), stance: column(&row, 2), frames: column(&row, 3) };
            lexicon.cues.entry(row[0]).or_insert(cue);
        }
        for row in rows(include_str!("../../../data/lexicon/people.tsv")) {
            let noun = Noun { class: column(&row, 1), population: column(&row, 2), mode: column(&row, 3) };
            lexicon.nouns.entry(row[0]).or_insert(noun);
        }
        for row in rows(include_str!("../../../data/lexicon/hedges.tsv")) {
            lexicon.hedges.entry(row[0]).or_insert(column(&row, 1));
        }
        for row in rows(include_str!("../../../data/lexicon/harm.tsv")) {
            lexicon.harm.entry(row[0]).or_default().push((column(&row, 1), column(&row, 2)));
        }
        for row in rows(include_str!("../../../data/lexicon/numbers.tsv")) {
            if column(&row, 1) == "qualifier" {
                lexicon.qualifiers.insert(row[0], column(&row, 2));
            } else {
                lexicon.numbers.insert(row[0], (column(&row, 1).parse().ok(), column(&row, 2).parse().ok()));
            }
        }
        for row in rows(include_str!("../../../data/actors/demonyms.tsv")) {
            lexicon.demonyms.insert(row[0].to_lowercase(), column(&row, 1));
        }
        let senses = [
            include_str!("../../../data/lexicon/verbs.tsv"),
            include_str!("../../../data/lexicon/nouns.tsv"),
            include_str!("../../../data/lexicon/adjectives.tsv"),
        ];
        for (senses, list) in lexicon.senses.iter_mut().zip(senses) {
            senses.extend(rows(list).map(|row| (row[0], column(&row, 1))));
        }
        let keys = lexicon.triggers.keys().chain(lexicon.cues.keys()).chain(lexicon.nouns.keys());
        for key in keys.chain(lexicon.harm.keys()).chain(lexicon.hedges.keys()) {
            if let Some((first, _)) = key.split_once(' ') {
                lexicon.openers.insert(first);
                lexicon.apart.insert(first);
            }
        }
        lexicon
    }

    /// Lowest and highest value of a number word.
    pub fn number(&self, word: &str) -> Option<(Option<u64>, Option<u64>)> {
        self.numbers.get(word).copied()
    }

    /// What a qualifier says of the number after it: `low`, `high` or `both`.
    pub fn qualifier(&self, words: &str) -> Option<&'static str> {
        self.qualifiers.get(words).copied()
    }

    /// Country of a demonym in lower case; `-` for a people without a state.
    pub fn demonym(&self, lower: &str) -> Option<&'static str> {
        self.demonyms.get(lower).copied()
    }

    /// Looks every token up: alone, with its neighbours, or with its particle or object ("open fire", "lay down
    /// arms"); longer entries win.
    pub fn words(&self, doc: &Doc) -> Vec<Word> {
        let mut words: Vec<Word> = doc
            .tokens
            .iter()
            .map(|t| Word {
                lemma: t.lemma.to_lowercase(),
                lower: doc.slice(t.span).to_lowercase(),
                ..Word::default()
            })
            .collect();
        let mut partner: Vec<Option<u32>> = vec![None; words.len()];
        for (idx, token) in doc.tokens.iter().enumerate() {
            let head = token.head as usize;
            if matches!(token.deprel, Deprel::CompoundPrt | Deprel::Obj)
                && self.apart.contains(words[head].lemma.as_str())
            {
                partner[head] = Some(idx as u32);
            }
        }
        for &(start, end) in &doc.sentences {
            for idx in start as usize..end as usize {
                self.fill(doc, &mut words, &partner, idx, end as usize);
            }
        }
        // "Fatally shot", "mortally wounded": the adverb says what the verb leaves open.
        for (idx, token) in doc.tokens.iter().enumerate() {
            let head = token.head as usize;
            if matches!(words[idx].lemma.as_str(), "fatally" | "mortally" | "lethally")
                && doc.tokens[head].upos == Upos::Verb
            {
                words[head].harm = Some("killed");
            }
        }
        words
    }

    /// Semantic class of a word of that part of speech; one the lists know only as another part of speech takes that
    /// one's, since taggers slip between noun and verb.
    fn sense(&self, upos: Upos, lemma: &str) -> &'static str {
        let order = match upos {
            Upos::Verb => [0, 1, 2],
            Upos::Noun | Upos::Propn => [1, 0, 2],
            Upos::Adj | Upos::Adv => [2, 0, 1],
            _ => return "-",
        };
        order.into_iter().find_map(|n| self.senses[n].get(lemma).copied()).unwrap_or("-")
    }

    fn fill(&self, doc: &Doc, words: &mut [Word], partner: &[Option<u32>], idx: usize, end: usize) {
        // Candidate keys, longest first, each with the last token it covers and the token it is about.
        let mut keys: Vec<(String, u32)> = Vec::new();
        let lemma = words[idx].lemma.clone();
        if self.openers.contains(lemma.as_str()) {
            for n in [4, 3, 2] {
                if idx + n <= end {
                    let mut key = lemma.clone();
                    for word in &words[idx + 1..idx + n] {
                        key.push(' ');
                        key.push_str(&word.lemma);
                    }
                    keys.push((key, (idx + n - 1) as u32));
                }
            }
            if let Some(far) = partner[idx].filter(|far| *far as usize != idx + 1) {
                keys.push((format!("{lemma} {}", words[far as usize].lemma), far));
            }
        }
        // "cease-fire", "counter-attacks": parts of one word, listed with the hyphen, without it, or apart.
        if let Some(last) = hyphenated(doc, idx, end) {
            for joint in ["-", "", " "] {
                keys.push((format!("{lemma}{joint}{}", words[last].lemma), last as u32));
            }
        }
        keys.push((lemma, idx as u32));
        let upos = doc.tokens[idx].upos;
        let pos = match upos {
            Upos::Verb | Upos::Aux => "v",
            Upos::Noun | Upos::Propn => "n",
            Upos::Adj => "a",
            _ => "*",
        };
        let lower = words[idx].lower.clone();
        for (key, last) in &keys {
            let long = *last as usize != idx;
            // An entry of several words is about its syntactic head: "drone strike" is about "strike".
            let about = if long { head_of(doc, idx, *last as usize) } else { idx };
            let tokens = long.then_some((idx.min(*last as usize) as u32, *last));
            let word = &mut words[about];
            if word.trigger.is_none() || (long && word.trigger_tokens.is_none()) {
                let found = self.triggers.get(key.as_str()).and_then(|entries| {
                    if long {
                        return entries.first();
                    }
                    entries.iter().find(|(p, _)| *p == pos || *p == "*").or_else(|| {
                        // A tagger's slip between noun and verb must not hide a word; function words stay out.
                        matches!(pos, "v" | "n" | "a").then(|| entries.first()).flatten()
                    })
                });
                if let Some((_, trigger)) = found {
                    word.trigger = Some(*trigger);
                    word.trigger_tokens = tokens;
                }
            }
            if word.cue.is_none()
                && let Some(cue) = self.cues.get(key.as_str())
            {
                word.cue = Some(*cue);
                word.cue_tokens = tokens;
            }
            if word.noun.is_none() {
                word.noun = self.nouns.get(key.as_str()).or_else(|| self.nouns.get(lower.as_str())).copied();
            }
            if word.hedge.is_none() {
                word.hedge = self.hedges.get(key.as_str()).copied();
            }
            if word.harm.is_none() {
                word.harm = self.harm.get(key.as_str()).and_then(|entries| {
                    let fit = entries.iter().find(|(p, _)| *p == pos || *p == "*" || long);
                    fit.or(entries.first()).map(|(_, measure)| *measure)
                });
            }
        }
        words[idx].sense = self.sense(upos, &words[idx].lemma);
        words[idx].demonym = self.demonyms.get(lower.as_str()).copied();
    }
}

/// The last part of a word of two parts that the treebanks' tokens cut at its hyphen.
fn hyphenated(doc: &Doc, idx: usize, end: usize) -> Option<usize> {
    let joined = |a: usize| doc.tokens[a].span.end == doc.tokens[a + 1].span.start;
    let dash = |a: usize| matches!(doc.form(a), "-" | "\u{2010}" | "\u{2011}");
    (idx + 2 < end && dash(idx + 1) && joined(idx) && joined(idx + 1)).then_some(idx + 2)
}

/// The token in `first..=last` whose head lies outside; the first if the parse says otherwise.
fn head_of(doc: &Doc, first: usize, last: usize) -> usize {
    (first..=last)
        .find(|&i| {
            let head = doc.tokens[i].head as usize;
            head == i || head < first || head > last
        })
        .unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearsay_doc::{Span, testing};

    #[test]
    fn the_longest_entry_wins_and_is_about_its_head() {
        let doc = testing::doc(
            "A/DET/3/det drone/NOUN/3/compound strike/NOUN/4/nsubj killed~kill/VERB/0/root two/NUM/6/nummod soldiers~soldier/NOUN/4/obj",
        );
        let words = Lexicon::new().words(&doc);
        let trigger = words[2].trigger.expect("a trigger");
        assert_eq!((trigger.kind, trigger.mode, words[2].trigger_tokens), ("ASSAULT", "drone", Some((1, 2))));
        assert_eq!(words[3].harm, Some("killed"));
        assert_eq!(words[5].class(), "military");
    }

    #[test]
    fn a_word_cut_at_its_hyphen_is_one_word() {
        let mut doc = testing::doc(
            "a/DET/4/det cease/NOUN/4/compound -/PUNCT/2/punct fire/NOUN/5/nsubj held~hold/VERB/0/root",
        );
        assert_eq!(Lexicon::new().words(&doc)[3].trigger.map(|t| t.kind), Some("ASSAULT"), "blanks between");
        doc.text = "a cease-fire held".to_owned();
        for (token, (start, end)) in doc.tokens.iter_mut().zip([(0, 1), (2, 7), (7, 8), (8, 12), (13, 17)]) {
            token.span = Span::new(start, end);
        }
        let words = Lexicon::new().words(&doc);
        assert_eq!(words[3].trigger.map(|t| t.kind), Some("RETREAT"));
        assert_eq!(words[3].trigger_tokens, Some((1, 3)));
    }

    #[test]
    fn a_particle_may_stand_apart() {
        let doc =
            testing::doc("They/PRON/2/nsubj shot~shoot/VERB/0/root it/PRON/2/obj down/ADP/2/compound:prt");
        let words = Lexicon::new().words(&doc);
        assert_eq!(words[1].trigger_tokens, Some((1, 3)));
    }
}
