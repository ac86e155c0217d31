//! Dictionary forms: an exception list and suffix rules, both learned from the treebanks.
//!
//! Rules say "a VERB that ends in `-ied`: take 3 away, add `y`"; the longest suffix wins. What the rules get
//! wrong on the treebanks is kept as exceptions, and `lists/lemmas.txt` adds irregular words that the
//! treebanks happen not to hold. Proper nouns are their own lemma, but peoples are put in the singular.

use std::collections::HashMap;
#[cfg(any(feature = "train", test))]
use std::fmt::Write;

use hearsay_doc::Upos;

use crate::features::is_demonym;

/// Exceptions and rules.
#[derive(Clone, Debug, Default)]
pub struct Lemmatizer {
    exceptions: HashMap<(Upos, String), String>,
    rules: HashMap<(Upos, String), (usize, String)>,
}

/// Longest suffix that a rule looks at, in characters.
const LONGEST: usize = 5;

impl Lemmatizer {
    /// The dictionary form of a form, lower case unless it is a proper noun.
    pub fn lemma(&self, form: &str, upos: Upos) -> String {
        match upos {
            // "Kurds", "Iraqis": a people is known by its singular.
            Upos::Propn if form.ends_with('s') && is_demonym(form) && is_demonym(&form[..form.len() - 1]) => {
                return form[..form.len() - 1].to_owned();
            }
            Upos::Propn | Upos::X => return form.to_owned(),
            _ if form.starts_with(['#', '@']) || form.starts_with("http") => return form.to_lowercase(),
            Upos::Punct | Upos::Sym if form.chars().count() <= 2 => {
                return match form {
                    "\u{201c}" | "\u{201d}" | "``" | "''" | "\u{ab}" | "\u{bb}" => "\"".to_owned(),
                    "\u{2018}" | "\u{2019}" => "'".to_owned(),
                    "\u{2013}" => "-".to_owned(),
                    _ => form.to_lowercase(),
                };
            }
            _ => {}
        }
        let lower: String = form
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| if c == '\u{2019}' { '\'' } else { c })
            .collect();
        let key = (upos, lower);
        if let Some(lemma) = own().exceptions.get(&key).or_else(|| self.exceptions.get(&key)) {
            return lemma.clone();
        }
        self.by_rule(&key.1, upos)
    }

    fn by_rule(&self, lower: &str, upos: Upos) -> String {
        let starts = lower.char_indices().rev().map(|(i, _)| i).take(LONGEST);
        let mut suffixes: Vec<usize> = std::iter::once(lower.len()).chain(starts).collect();
        suffixes.reverse();
        for start in suffixes {
            if let Some((cut, add)) = self.rules.get(&(upos, lower[start..].to_owned())) {
                let keep: usize = lower.char_indices().rev().nth(cut.saturating_sub(1)).map_or(0, |(i, _)| i);
                let keep = if *cut == 0 { lower.len() } else { keep };
                if keep > 0 {
                    return format!("{}{add}", &lower[..keep]);
                }
            }
        }
        lower.to_owned()
    }

    /// As text: `upos form lemma` lines, an empty line, `upos cut add suffix` lines with `-` for nothing.
    #[cfg(any(feature = "train", test))]
    pub fn to_text(&self) -> String {
        let mut lines: Vec<String> =
            self.exceptions.iter().map(|((upos, form), lemma)| format!("{upos} {form} {lemma}\n")).collect();
        lines.sort();
        let or_dash = |s: &str| if s.is_empty() { "-".to_owned() } else { s.to_owned() };
        let mut rules: Vec<String> = self
            .rules
            .iter()
            .map(|((upos, suffix), (cut, add))| {
                format!("{upos} {cut} {} {}\n", or_dash(add), or_dash(suffix))
            })
            .collect();
        rules.sort();
        let mut text = String::new();
        let _ = write!(text, "{}\n{}", lines.concat(), rules.concat());
        text
    }

    /// Reads what `to_text` writes; `None` if a line is not of that form.
    pub fn from_text(text: &str) -> Option<Lemmatizer> {
        let mut lemmatizer = Lemmatizer::default();
        let empty = |s: &str| if s == "-" { String::new() } else { s.to_owned() };
        let mut in_rules = false;
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                [""] => in_rules = true,
                [upos, form, lemma] if !in_rules => {
                    lemmatizer.exceptions.insert((upos.parse().ok()?, form.to_owned()), lemma.to_owned());
                }
                [upos, cut, add, suffix] if in_rules => {
                    let rule = (cut.parse().ok()?, empty(add));
                    lemmatizer.rules.insert((upos.parse().ok()?, empty(suffix)), rule);
                }
                _ => return None,
            }
        }
        Some(lemmatizer)
    }

    /// Learns from (form, part of speech, lemma) of a treebank, repeated as often as they occur.
    #[cfg(any(feature = "train", test))]
    pub fn learn<'a>(words: impl Iterator<Item = (&'a str, Upos, &'a str)>) -> Lemmatizer {
        use std::collections::BTreeMap;
        let mut counts: BTreeMap<(Upos, String), BTreeMap<String, usize>> = BTreeMap::new();
        for (form, upos, lemma) in words {
            let (form, lemma) = (form.to_lowercase().replace('\u{2019}', "'"), lemma.to_lowercase());
            let odd = form.contains(' ') || lemma.contains(' ') || lemma.is_empty() || lemma == "_";
            if !odd && !matches!(upos, Upos::Propn | Upos::X | Upos::Punct | Upos::Sym) {
                *counts.entry((upos, form)).or_default().entry(lemma).or_default() += 1;
            }
        }
        let best: BTreeMap<(Upos, String), (String, usize)> = counts
            .into_iter()
            .map(|(key, lemmas)| {
                let (lemma, n) = lemmas.into_iter().max_by_key(|(_, n)| *n).unwrap_or_default();
                (key, (lemma, n))
            })
            .collect();
        let mut votes: BTreeMap<(Upos, String), BTreeMap<(usize, String), usize>> = BTreeMap::new();
        for ((upos, form), (lemma, _)) in &best {
            let shared: usize =
                form.chars().zip(lemma.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
            if shared == 0 {
                continue;
            }
            let rule = (form[shared..].chars().count(), lemma[shared..].to_owned());
            let n_chars = form.chars().count();
            for len in 0..=LONGEST.min(n_chars - 1) {
                let suffix: String = form.chars().skip(n_chars - len).collect();
                *votes.entry((*upos, suffix)).or_default().entry(rule.clone()).or_default() += 1;
            }
        }
        let mut lemmatizer = Lemmatizer::default();
        // Keys are sorted by suffix, but a shorter suffix must be settled first.
        let mut keys: Vec<_> = votes.keys().cloned().collect();
        keys.sort_by_key(|(_, suffix)| suffix.chars().count());
        for key in keys {
            let (rule, n) =
                votes[&key].iter().max_by_key(|(_, n)| **n).map(|(r, n)| (r.clone(), *n)).unwrap_or_default();
            let mut shorter = key.1.clone();
            let mut inherited = None;
            while inherited.is_none() && !shorter.is_empty() {
                shorter.remove(0);
                inherited = lemmatizer.rules.get(&(key.0, shorter.clone()));
            }
            if inherited != Some(&rule) && (n >= 2 || key.1.is_empty()) {
                lemmatizer.rules.insert(key, rule);
            }
        }
        for ((upos, form), (lemma, n)) in best {
            // A form seen once may be a slip; it is kept where rule and treebank share their first letter.
            let plausible = n >= 2 || form.chars().next() == lemma.chars().next();
            if plausible && lemmatizer.by_rule(&form, upos) != lemma {
                lemmatizer.exceptions.insert((upos, form), lemma);
            }
        }
        lemmatizer
    }
}

/// Irregular words of our own, `lists/lemmas.txt`.
fn own() -> &'static Lemmatizer {
    static OWN: std::sync::OnceLock<Lemmatizer> = std::sync::OnceLock::new();
    OWN.get_or_init(|| Lemmatizer::from_text(include_str!("../lists/lemmas.txt")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_list_is_well_formed_and_wins() {
        assert!(own().exceptions.len() > 100);
        let none = Lemmatizer::default();
        for (form, lemma) in [
            ("struck", "strike"),
            ("shot", "shoot"),
            ("fought", "fight"),
            ("fled", "flee"),
            ("Slain", "slay"),
        ] {
            assert_eq!(none.lemma(form, Upos::Verb), lemma);
        }
        assert_eq!(none.lemma("Shot", Upos::Noun), "shot");
        assert_eq!(none.lemma("U.N.", Upos::Propn), "U.N.");
    }

    #[test]
    fn rules_reach_words_that_were_never_seen() {
        let seen = [
            ("carried", "carry"),
            ("tried", "try"),
            ("walked", "walk"),
            ("talked", "talk"),
            ("went", "go"),
            ("went", "go"),
            ("played", "play"),
        ];
        let learned = Lemmatizer::learn(seen.iter().map(|(f, l)| (*f, Upos::Verb, *l)));
        let again = Lemmatizer::from_text(&learned.to_text()).unwrap();
        let show = |form| again.lemma(form, Upos::Verb);
        assert_eq!(
            (show("buried"), show("Shelled"), show("went")),
            ("bury".into(), "shell".into(), "go".into())
        );
        // A rule never leaves nothing.
        assert!(!show("ied").is_empty());
    }
}
