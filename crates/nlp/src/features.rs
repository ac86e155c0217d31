//! What the network is told about a word: rows of embedding tables.
//!
//! Forms seen twice in training have a row of their own; all others share row 0 and are known by their
//! prefixes, suffixes, shape and the word lists in `lists/` that hold them. An unknown name is therefore the
//! ordinary case, not the exception.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Number of embedding tables: form, prefix, suffix, shape.
pub const N_TABLES: usize = 4;
/// The table of each feature, in the order of [`Features`].
pub const FEATURE_TABLE: [usize; 11] = [0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3];
/// Rows of the prefix, suffix and shape tables.
pub const HASHED_ROWS: [usize; 3] = [8192, 16384, 4096];

/// A row of each table, see [`FEATURE_TABLE`]; entry 0 is the form's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features(pub [u32; 11]);

/// The rows of known forms, and words of place names.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    rows: HashMap<String, u32>,
    #[cfg_attr(not(any(feature = "train", test)), allow(dead_code))] // only written back
    forms: Vec<String>,
    places: HashMap<String, u16>,
    #[cfg_attr(not(any(feature = "train", test)), allow(dead_code))] // only written back
    place_words: [Vec<String>; 2],
}

impl Vocabulary {
    /// Forms in the order of their rows, from row 1.
    pub fn new(forms: Vec<String>) -> Vocabulary {
        let rows = forms.iter().enumerate().map(|(i, form)| (form.clone(), i as u32 + 1)).collect();
        Vocabulary { rows, forms, ..Vocabulary::default() }
    }

    /// The same with words of place names from a gazetteer, normalised: those that are a name by themselves, and
    /// those that are part of one.
    pub fn with_places(mut self, words: [Vec<String>; 2]) -> Vocabulary {
        self.places.clear();
        for (words, bit) in words.iter().zip([512, 1024]) {
            for word in words {
                *self.places.entry(word.clone()).or_insert(0) |= bit;
            }
        }
        self.place_words = words;
        self
    }

    /// The words of place names, as they were given.
    #[cfg(any(feature = "train", test))]
    pub fn place_words(&self) -> &[Vec<String>; 2] {
        &self.place_words
    }

    /// The forms in the order of their rows, from row 1.
    #[cfg(any(feature = "train", test))]
    pub fn forms(&self) -> &[String] {
        &self.forms
    }

    /// The features of a form as it stands in the text.
    pub fn features(&self, form: &str) -> Features {
        let norm = norm(form);
        let row = self.rows.get(&norm).copied().unwrap_or(0);
        let chars: Vec<char> = norm.chars().take(40).collect();
        let n = chars.len();
        let prefix = |len: usize| hash(b'p', len, chars[..len.min(n)].iter().copied(), HASHED_ROWS[0]);
        let suffix = |len: usize| hash(b's', len, chars[n - len.min(n)..].iter().copied(), HASHED_ROWS[1]);
        let shaped = |kind: u8, chars: &mut dyn Iterator<Item = char>| hash(kind, 0, chars, HASHED_ROWS[2]);
        let shape = shape(form);
        let lists = lists().get(norm.as_str()).copied().unwrap_or(0)
            | self.places.get(norm.as_str()).copied().unwrap_or(0);
        Features([
            row,
            prefix(1),
            prefix(2),
            prefix(3),
            suffix(1),
            suffix(2),
            suffix(3),
            suffix(4),
            shaped(b'h', &mut shape.chars()),
            shaped(b'c', &mut case(form).chars()),
            shaped(b'l', &mut char::from_u32(0x100 + u32::from(lists)).into_iter()),
        ])
    }
}

/// FNV-1a over kind, length and characters, reduced to a row.
fn hash(kind: u8, len: usize, chars: impl Iterator<Item = char>, rows: usize) -> u32 {
    let step = |h: u64, v: u64| (h ^ v).wrapping_mul(0x0100_0000_01b3);
    let start = step(step(0xcbf2_9ce4_8422_2325, u64::from(kind)), len as u64);
    let h = chars.fold(start, |h, c| step(h, u64::from(c)));
    ((h ^ (h >> 29)) % rows as u64) as u32
}

/// Lower case, straight quotes, every digit a 0.
pub fn norm(form: &str) -> String {
    let straight = match form {
        "\u{201c}" | "\u{201d}" | "\u{201e}" | "``" | "''" | "\u{ab}" | "\u{bb}" => "\"",
        "\u{2013}" | "\u{2014}" | "--" | "\u{2212}" | "\u{2015}" => "-",
        "\u{2026}" => "...",
        _ => form,
    };
    straight
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{2b9}' | '\u{2bc}' | '`' => '\'',
            c if c.is_ascii_digit() => '0',
            c => c,
        })
        .collect()
}

/// Classes of characters, runs cut at three: `Xxx-Xxx`, `0/00`.
fn shape(form: &str) -> String {
    let mut out = String::new();
    let (mut last, mut run) = ('\0', 0);
    for c in form.chars() {
        let class = match c {
            c if c.is_uppercase() => 'X',
            c if c.is_lowercase() => 'x',
            c if c.is_numeric() => '0',
            c if c.is_alphabetic() => 'z',
            '\u{2019}' | '\u{2018}' => '\'',
            c if (c as u32) < 0x2200 => c,
            _ => '*',
        };
        run = if class == last { run + 1 } else { 1 };
        last = class;
        if run <= 3 {
            out.push(class);
        }
        if out.len() > 24 {
            break;
        }
    }
    out
}

/// How a form uses case and digits.
fn case(form: &str) -> &'static str {
    let (mut upper, mut lower, mut digit, mut other) = (0, 0, 0, 0);
    for c in form.chars() {
        match c {
            c if c.is_uppercase() => upper += 1,
            c if c.is_lowercase() => lower += 1,
            c if c.is_numeric() => digit += 1,
            _ => other += 1,
        }
    }
    let first_upper = form.chars().next().is_some_and(char::is_uppercase);
    match (upper, lower, digit, other) {
        (1, 0, 0, 0) => "letter",
        (_, 0, 0, 0) => "upper",
        (0, _, 0, 0) => "lower",
        (1, _, 0, 0) if first_upper => "title",
        (_, _, 0, 0) => "mixed",
        (0, 0, _, 0) => "digits",
        (0, 0, 0, _) => "marks",
        (0, 0, _, _) => "number",
        (_, _, 0, _) if upper > 0 => "upper and marks",
        (_, _, 0, _) => "lower and marks",
        _ => "all",
    }
}

/// Bit of the list of nationalities and peoples.
pub const DEMONYM: u16 = 1;

/// The word lists: a file of lower-case words for each bit.
fn lists() -> &'static HashMap<&'static str, u16> {
    static LISTS: OnceLock<HashMap<&'static str, u16>> = OnceLock::new();
    LISTS.get_or_init(|| {
        let files = [
            (DEMONYM, include_str!("../lists/demonyms.txt")),
            (2, include_str!("../lists/countries.txt")),
            (4, include_str!("../lists/places.txt")),
            (8, include_str!("../lists/calendar.txt")),
            (16, include_str!("../lists/titles.txt")),
            (32, include_str!("../lists/first_names.txt")),
            (64, include_str!("../lists/organizations.txt")),
            (128, include_str!("../lists/features.txt")),
            (256, include_str!("../lists/numbers.txt")),
        ];
        let mut lists = HashMap::new();
        for (bit, words) in files {
            for word in words.split_whitespace() {
                *lists.entry(word).or_insert(0) |= bit;
            }
        }
        lists
    })
}

/// Is the form in the list of nationalities and peoples?
pub fn is_demonym(form: &str) -> bool {
    lists().get(norm(form).as_str()).is_some_and(|bits| bits & DEMONYM != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_forms_share_row_0_and_differ_in_their_affixes() {
        let vocabulary = Vocabulary::new(vec!["the".into()]);
        let (the, a, b) =
            (vocabulary.features("The"), vocabulary.features("Ostrava"), vocabulary.features("Lisbon"));
        assert_eq!((the.0[0], a.0[0], b.0[0]), (1, 0, 0));
        assert_ne!(a.0[1..], b.0[1..]);
    }

    #[test]
    fn features_of_odd_forms_stay_inside_their_tables() {
        let vocabulary = Vocabulary::default();
        for form in ["", "\u{0}", "🙂", "ǅ", "İ", "’", &"x".repeat(10_000)] {
            let features = vocabulary.features(form).0;
            for (row, table) in features.iter().zip(FEATURE_TABLE).filter(|(_, table)| *table > 0) {
                assert!((*row as usize) < HASHED_ROWS[table - 1], "{form:?}");
            }
        }
    }

    #[test]
    fn curly_and_straight_marks_are_one_form() {
        assert_eq!(norm("don’t"), norm("DON'T"));
        assert_eq!(norm("“"), norm("\""));
        assert_eq!((norm("1999"), shape("al-Qaeda")), ("0000".into(), "xx-Xxxx".into()));
        assert!(is_demonym("Israelis") && !is_demonym("Israel"));
    }
}
