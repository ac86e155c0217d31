//! Countries by name and by people: "the United Kingdom", "Israeli", "DPRK".
//!
//! The names are in `data/gazetteer/countries.tsv`, the peoples in `data/actors/demonyms.tsv`. A name that is also
//! a province or a city (Georgia, Luxembourg) is read as the country here; `place` decides with the page around it.

use super::gazetteer::key;
use crate::lexicon::{column, rows};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// ISO 3166-1 alpha-2.
pub type Country = [u8; 2];

/// Areas that stand for the country they lie in, where a report names no other.
const PARTS: [(&str, Country); 9] = [
    ("Gaza", *b"PS"),
    ("Gaza Strip", *b"PS"),
    ("West Bank", *b"PS"),
    ("England", *b"GB"),
    ("Scotland", *b"GB"),
    ("Wales", *b"GB"),
    ("Northern Ireland", *b"GB"),
    ("Iraqi Kurdistan", *b"IQ"),
    ("Somaliland", *b"SO"),
];

struct Table {
    by_name: HashMap<String, Country>,
    by_people: HashMap<String, Country>,
    names: HashMap<Country, &'static str>,
    neighbours: HashMap<Country, Vec<Country>>,
    /// In lower case, also those of no one state.
    peoples: HashSet<String>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table {
            by_name: HashMap::new(),
            by_people: HashMap::new(),
            names: HashMap::new(),
            neighbours: HashMap::new(),
            peoples: HashSet::new(),
        };
        for row in rows(include_str!("../../../../data/gazetteer/countries.tsv")) {
            let Some(country) = code(column(&row, 0)) else { continue };
            table.names.insert(country, column(&row, 1));
            table.neighbours.insert(country, column(&row, 7).split(';').filter_map(code).collect());
            for name in column(&row, 8).split(';').chain([column(&row, 1)]) {
                table.by_name.entry(key(name)).or_insert(country);
            }
        }
        for (name, country) in PARTS {
            table.by_name.entry(key(name)).or_insert(country);
        }
        for row in rows(include_str!("../../../../data/actors/demonyms.tsv")) {
            table.peoples.insert(column(&row, 0).to_lowercase());
            if let Some(country) = code(column(&row, 1)) {
                table.by_people.entry(column(&row, 0).to_lowercase()).or_insert(country);
            }
        }
        table
    })
}

fn code(word: &str) -> Option<Country> {
    word.as_bytes().try_into().ok()
}

/// The country of a people's name or adjective: "Israeli", "Palestinians", "Afghan". `None` for other words and for
/// peoples of no one state.
pub fn country_of_demonym(word: &str) -> Option<Country> {
    table().by_people.get(&word.to_lowercase()).copied()
}

/// Is it the name or adjective of a people, of one state or of none ("Kurdish")?
pub fn is_demonym(word: &str) -> bool {
    table().peoples.contains(&word.to_lowercase())
}

/// The country that goes by this name, short, official or abbreviated: "Israel", "U.S.", "DPRK". Cities do not
/// stand for countries. "us" in lower case is a pronoun and no country.
pub fn country_named(name: &str) -> Option<Country> {
    if !name.starts_with(char::is_uppercase) && !name.starts_with("the ") {
        return None;
    }
    table().by_name.get(&key(name)).copied()
}

/// The usual English name.
pub fn name_of(country: Country) -> Option<&'static str> {
    table().names.get(&country).copied()
}

/// Do the two share a border? A country is no neighbour of itself.
pub fn are_neighbours(one: Country, other: Country) -> bool {
    table().neighbours.get(&one).is_some_and(|all| all.contains(&other))
}

/// Every country named in `text`, by name or people, with the number of times, the most often named first and
/// then by code.
pub fn countries_in(text: &str) -> Vec<(Country, usize)> {
    let mut counts: HashMap<Country, usize> = HashMap::new();
    let words: Vec<(usize, usize)> = word_bounds(text);
    let mut n = 0;
    while n < words.len() {
        let capital = text[words[n].0..].starts_with(char::is_uppercase);
        let hit = capital.then(|| country_at(text, &words, n)).flatten();
        let (country, taken) = hit.map_or((None, 1), |(country, taken)| (Some(country), taken));
        if let Some(country) = country {
            *counts.entry(country).or_default() += 1;
        }
        n += taken;
    }
    let mut counts: Vec<(Country, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(country, n)| (std::cmp::Reverse(*n), *country));
    counts
}

/// The longest name that starts at word `n`, and its words.
fn country_at(text: &str, words: &[(usize, usize)], n: usize) -> Option<(Country, usize)> {
    for taken in (1..=4).rev() {
        let Some(last) = words.get(n + taken - 1) else { continue };
        let name = &text[words[n].0..last.1];
        if name == "Georgia" {
            // As often the state: only "Georgian", "Tbilisi" and the like tell.
            return None;
        }
        let found = country_named(name).or_else(|| (taken == 1).then(|| country_of_demonym(name)).flatten());
        if let Some(country) = found {
            return Some((country, taken));
        }
    }
    None
}

/// Letters with the full stops inside them ("U.S."), as byte ranges.
fn word_bounds(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let inside =
            c.is_alphabetic() || c == '.' && start.is_some_and(|s| at - s < 6 && text[s..at].len() % 2 == 1);
        match (start, inside) {
            (None, true) if c != '.' => start = Some(at),
            (Some(from), false) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push((from, text.len()));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_peoples_stand_for_their_country() {
        let check = |name: &str, expected: Option<&str>| {
            let found = country_named(name).or_else(|| country_of_demonym(name));
            assert_eq!(found.map(|c| String::from_utf8(c.to_vec()).unwrap()).as_deref(), expected, "{name}");
        };
        check("Israel", Some("IL"));
        check("the United Kingdom", Some("GB"));
        check("Britain", Some("GB"));
        check("U.S.", Some("US"));
        check("us", None);
        check("DPRK", Some("KP"));
        check("Gaza", Some("PS"));
        check("Israeli", Some("IL"));
        check("Palestinians", Some("PS"));
        check("Afghan", Some("AF"));
        check("Washington", None);
        check("Kurdish", None);
    }

    #[test]
    fn countries_of_a_text_are_counted_by_name_and_people() {
        let text = "Israeli jets struck Syria, the U.S. said. Syrian officials in South Korea told us so.";
        let found: Vec<String> =
            countries_in(text).iter().map(|(c, n)| format!("{} {n}", String::from_utf8_lossy(c))).collect();
        assert_eq!(found.join(", "), "SY 2, IL 1, KR 1, US 1");
    }

    #[test]
    fn borders_are_shared_both_ways() {
        assert!(are_neighbours(*b"IL", *b"LB") && are_neighbours(*b"LB", *b"IL"));
        assert!(!are_neighbours(*b"IL", *b"IL") && !are_neighbours(*b"IL", *b"FR"));
    }
}
