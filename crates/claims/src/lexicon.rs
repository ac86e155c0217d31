//! Word lists kept as data in `data/lexicon`, looked up by dictionary form.

use crate::read::tree::Tree;
use hearsay_doc::Deprel;
use std::collections::HashMap;

/// What `triggers.tsv` says of a word.
#[derive(Debug, Clone, Copy)]
pub struct Trigger {
    /// Event type, as in the public record.
    pub kind: &'static str,
    /// Mode, or `-`.
    pub mode: &'static str,
    /// `1.0`, `0.6` or `0.3`: how often the word means it in reports of conflict.
    pub strength: &'static str,
}

/// What `cues.tsv` says of a word.
#[derive(Debug, Clone, Copy)]
pub struct Cue {
    /// say, claim, confirm, deny …
    pub kind: &'static str,
    /// The stance it carries.
    pub stance: &'static str,
    /// The constructions it is used in, comma-separated.
    pub frames: &'static str,
}

/// What `people.tsv` says of a word.
#[derive(Debug, Clone, Copy)]
pub struct Noun {
    /// official, military, civilian, building, weapon …
    pub class: &'static str,
    /// Population, or `-`.
    pub population: &'static str,
    /// Mode that the weapon implies, or `-`.
    pub mode: &'static str,
}

/// All lists.
#[derive(Debug, Default)]
pub struct Lexicon {
    triggers: HashMap<&'static str, Vec<(&'static str, Trigger)>>,
    cues: HashMap<&'static str, Cue>,
    nouns: HashMap<&'static str, Noun>,
    hedges: HashMap<&'static str, &'static str>,
    harm: HashMap<&'static str, &'static str>,
    /// Number words: lowest and highest value.
    pub numbers: HashMap<&'static str, (Option<u64>, Option<u64>)>,
    /// Qualifiers of numbers: low, high or both.
    pub qualifiers: HashMap<&'static str, &'static str>,
}

fn rows(list: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    list.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .skip(1)
        .map(|l| l.split('\t').collect())
}

fn column(row: &[&'static str], n: usize) -> &'static str {
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
            lexicon.harm.entry(row[0]).or_insert(column(&row, 2));
        }
        for row in rows(include_str!("../../../data/lexicon/numbers.tsv")) {
            if column(&row, 1) == "qualifier" {
                lexicon.qualifiers.insert(row[0], column(&row, 2));
            } else {
                lexicon.numbers.insert(row[0], (column(&row, 1).parse().ok(), column(&row, 2).parse().ok()));
            }
        }
        lexicon
    }

    /// The trigger entry of a token: its lemma alone, with its neighbours, or with its particle or object
    /// ("open fire", "lay down arms"); longer entries win.
    pub fn trigger(&self, tree: &Tree, idx: usize) -> Option<Trigger> {
        self.longest(tree, idx, |words| {
            let entries = self.triggers.get(words)?;
            let pos = match tree.pos(idx) {
                hearsay_doc::Upos::Verb => "v",
                hearsay_doc::Upos::Noun | hearsay_doc::Upos::Propn => "n",
                hearsay_doc::Upos::Adj => "a",
                _ => "*",
            };
            entries.iter().find(|(p, _)| *p == pos || *p == "*").or(entries.first()).map(|(_, t)| *t)
        })
    }

    /// The cue entry of a token.
    pub fn cue(&self, tree: &Tree, idx: usize) -> Option<Cue> {
        self.longest(tree, idx, |words| self.cues.get(words).copied())
    }

    /// The noun entry of a token.
    pub fn noun(&self, tree: &Tree, idx: usize) -> Option<Noun> {
        self.longest(tree, idx, |words| self.nouns.get(words).copied())
    }

    /// Class of a noun, or `-`.
    pub fn class(&self, tree: &Tree, idx: usize) -> &'static str {
        self.noun(tree, idx).map_or("-", |noun| noun.class)
    }

    /// What a hedge does, or `-`.
    pub fn hedge(&self, tree: &Tree, idx: usize) -> &'static str {
        self.hedges.get(lower(tree, idx).as_str()).copied().unwrap_or("-")
    }

    /// What a word of harm counts, or `-`.
    pub fn harm(&self, tree: &Tree, idx: usize) -> &'static str {
        self.harm.get(lower(tree, idx).as_str()).copied().unwrap_or("-")
    }

    fn longest<T>(&self, tree: &Tree, idx: usize, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let word = lower(tree, idx);
        let range = tree.sentence_range(idx);
        if idx + 1 < range.end {
            let next = lower(tree, idx + 1);
            let pair = format!("{word} {next}");
            if idx + 2 < range.end
                && let Some(found) = find(&format!("{pair} {}", lower(tree, idx + 2)))
            {
                return Some(found);
            }
            if let Some(found) = find(&pair) {
                return Some(found);
            }
        }
        if idx > range.start
            && let Some(found) = find(&format!("{} {word}", lower(tree, idx - 1)))
        {
            return Some(found);
        }
        let partner = tree.child(idx, &[Deprel::CompoundPrt, Deprel::Obj]);
        if let Some(found) = partner.and_then(|p| find(&format!("{word} {}", lower(tree, p)))) {
            return Some(found);
        }
        find(&word)
    }
}

fn lower(tree: &Tree, idx: usize) -> String {
    tree.lemma(idx).to_lowercase()
}
