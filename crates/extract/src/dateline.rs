//! The place, day and agency before a report's first words: "KABUL, May 3 (Reuters) -".
//!
//! Start at [`dateline`]. A place in capitals may stand alone before a dash; any other needs a country, a day or an
//! agency beside it, because "Velmar - Gunmen" may as well be a headline.

use crate::furniture::lines;
use crate::{outlets, when};
use hearsay_doc::{Date, Span};

/// A dateline. All spans are bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// From the place to the dash.
    pub span: Span,
    /// The place with the province or country after it: "PAKTIKA PROVINCE, Afghanistan".
    pub place: Option<Span>,
    /// The day as written, with the year or without: "May 3".
    pub date: Option<Span>,
    /// The agency in brackets: "Reuters".
    pub agency: Option<Span>,
}

/// Words in capitals that open a line and name no place.
const NO_PLACE: [&str; 47] = [
    "ALERT",
    "ANALYSIS",
    "BACKGROUND",
    "BREAKING",
    "BRIEF",
    "CORRECTED",
    "CORRECTION",
    "EDITORIAL",
    "END",
    "EXCLUSIVE",
    "EXPLAINER",
    "FACTBOX",
    "FILE",
    "FLASH",
    "HAMAS",
    "IDF",
    "INTERVIEW",
    "ISIL",
    "ISIS",
    "KEY",
    "LATEST",
    "LIVE",
    "NATO",
    "NEWS",
    "NOTE",
    "OPINION",
    "OSCE",
    "PHOTO",
    "PHOTOS",
    "PRESS",
    "RELEASE",
    "REPORT",
    "REUTERS",
    "SUMMARY",
    "TIMELINE",
    "TOP",
    "UN",
    "UNHCR",
    "UNICEF",
    "UNRWA",
    "UPDATE",
    "UPDATED",
    "URGENT",
    "VIDEO",
    "WARNING",
    "WATCH",
    "WRAPUP",
];

/// What a press office prints before the dateline, in lower case.
pub(crate) const RELEASE: [&str; 3] = ["for immediate release", "download pdf", "view pdf"];

/// The dateline in the first six lines that have words; `None` where there is none.
pub fn dateline(text: &str) -> Option<Dateline> {
    lines(text).take(6).find_map(|line| in_line(text, line))
}

/// The day that the dateline writes in full.
pub(crate) fn full_day(text: &str, dateline: &Dateline) -> Option<Date> {
    when::first_day(dateline.date?.of(text))
}

/// The dateline that opens a line, or that follows "For Immediate Release" in it.
pub(crate) fn in_line(text: &str, line: Span) -> Option<Dateline> {
    let words = line.of(text);
    let lower = words.to_ascii_lowercase();
    let after_release =
        RELEASE.iter().filter_map(|mark| lower.find(mark).filter(|at| *at < 300).map(|at| at + mark.len()));
    let mut starts = after_release.max().into_iter().chain([0]);
    starts.find_map(|start| {
        let skipped = words[start..].len() - words[start..].trim_start().len();
        at(text, line.start as usize + start + skipped, line.end as usize)
    })
}

/// What has been read of a line.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..self.end]
    }

    fn spaces(&mut self) -> usize {
        let n = self.rest().len() - self.rest().trim_start_matches([' ', '\u{a0}', '\t']).len();
        self.at += n;
        n
    }

    /// Words up to a comma, bracket, colon or dash, without the spaces after them.
    fn words(&mut self) -> Span {
        let start = self.at;
        let rest = self.rest();
        let spaced_hyphen = |i: usize| rest[..i].ends_with([' ', '\u{a0}']);
        let stop = rest.char_indices().find(|&(i, c)| {
            matches!(c, ',' | '(' | ')' | ':' | '–' | '—' | ';' | '"' | '“' | '?' | '!')
                || c == '-' && (spaced_hyphen(i) || rest[i + 1..].starts_with(['-', ' ']))
        });
        let length = stop.map_or(rest.len(), |(i, _)| i);
        let kept = rest[..length].trim_end().len();
        self.at = start + length;
        Span::new(start, start + kept)
    }

    /// A dash that stands apart from the words around it; two hyphens count as one.
    fn dash(&mut self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        let rest = self.rest();
        let after = rest.trim_start_matches(['-', '–', '—']);
        let length = rest.len() - after.len();
        let hyphen_alone = length == 1 && rest.starts_with('-');
        let apart_before = before.is_none_or(|c| c.is_whitespace() || c == ')');
        let apart_after = after.is_empty() || after.starts_with(char::is_whitespace);
        let found = (1..=6).contains(&length)
            && if hyphen_alone { apart_before && apart_after } else { apart_before || apart_after };
        if found {
            self.at += length;
        }
        found
    }
}

fn at(text: &str, start: usize, end: usize) -> Option<Dateline> {
    let mut cursor = Cursor { text, at: start, end };
    let mut place = None;
    let mut date = None;
    let mut agency = None;
    let mut region = false;
    let first = cursor.words();
    if is_day(first.of(text)) {
        date = Some(first);
    } else if is_place(first.of(text)) {
        place = Some(first);
    } else if !first.of(text).is_empty() {
        return None;
    }
    while cursor.rest().starts_with(',') {
        cursor.at += 1;
        cursor.spaces();
        let part = cursor.words();
        let words = part.of(text);
        match (&mut date, &mut place) {
            (Some(day), _) if is_year(words) => day.end = part.end,
            (None, _) if is_day(words) => date = Some(part),
            (None, Some(place)) if is_region(words) => {
                place.end = part.end;
                region = true;
            }
            _ => return None,
        }
    }
    let mut bracket = false;
    while cursor.rest().starts_with('(') {
        let length = cursor.rest().find(')')?;
        let inner = Span::new(cursor.at + 1, cursor.at + length);
        let words = inner.of(text);
        if is_day(words.split(',').next().unwrap_or(""))
            && words.split(',').skip(1).all(|y| is_year(y.trim()))
        {
            date = Some(inner);
        } else if is_agency(words) {
            agency = Some(inner);
        } else {
            return None;
        }
        bracket = true;
        cursor.at += length + 1;
        cursor.spaces();
    }
    let before_dash = cursor.at;
    cursor.spaces();
    // "SELMA, July 23: Shells fell": a colon does where a day stands before it.
    let colon = date.is_some() && cursor.rest().starts_with(": ");
    cursor.at += usize::from(colon);
    let dash = colon || cursor.dash();
    let span_end = if dash { cursor.at } else { text[..before_dash].trim_end().len() };
    let report = cursor.rest().trim_start();
    let capitals = place.is_some_and(|p| in_capitals(p.of(text)));
    let long = place.is_some_and(|p| p.of(text).chars().filter(|c| c.is_alphabetic()).count() >= 4);
    // "EXPLOSION IN VEL - FIVE DEAD" is a headline.
    let shouting = report.chars().take(40).filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let opens = report.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || "\"“‘'«".contains(c));
    let opens = report.is_empty() || opens && !shouting;
    let known_agency = agency.is_some_and(|a| place.is_some() || outlets::known(a.of(text)));
    let anchored = date.is_some() && place.is_some() || known_agency;
    let found = if dash {
        // An agency's own name in the first brackets is enough; else a place has to be there.
        anchored || place.is_some() && opens && (capitals && (long || region) || region && !report.is_empty())
    } else {
        bracket && capitals && date.is_some() && opens
    };
    found.then(|| Dateline { span: Span::new(start, span_end), place, date, agency })
}

/// One to six words with a capital each, of which none is a heading's.
fn is_place(words: &str) -> bool {
    let n = words.split_whitespace().count();
    let shape = |w: &str| {
        w.starts_with(char::is_uppercase)
            || w.starts_with(['\'', '‘', '’'])
            || ["al-", "el-", "as-", "ad-", "ar-", "an-", "at-", "az-"].iter().any(|a| w.starts_with(a))
            || ["of", "de", "del", "la", "el", "al", "the", "near", "and", "in", "du", "da", "do"]
                .contains(&w)
    };
    let no_digits = !words.contains(|c: char| c.is_ascii_digit() || "@#/|".contains(c) && c != '/');
    (1..=6).contains(&n)
        && !words.contains("  ")
        && words.starts_with(|c: char| c.is_uppercase() || "'‘’a".contains(c))
        && words.split_whitespace().all(shape)
        && no_digits
        && !words.split_whitespace().any(|w| NO_PLACE.contains(&w))
        && when::month(words).is_none()
}

/// A province or country: one to four words with a capital each.
fn is_region(words: &str) -> bool {
    // In capitals four words are rather the rest of a headline.
    let most = if words.chars().any(char::is_lowercase) { 4 } else { 3 };
    words.split_whitespace().count() <= most && is_place(words)
}

/// All letters but those of a lower-case article are capitals.
fn in_capitals(words: &str) -> bool {
    let first = words.split(", ").next().unwrap_or("");
    let bare = |w: &str| w.trim_start_matches("al-").trim_start_matches("el-").to_owned();
    first
        .split_whitespace()
        .all(|w| ["of", "de", "al", "el"].contains(&w) || !bare(w).chars().any(char::is_lowercase))
        && first.chars().any(char::is_uppercase)
}

/// "May 3", "3 May", "Sept. 14", "May 3 2024", "8 JAN 90".
fn is_day(words: &str) -> bool {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let number = |w: &str| w.len() <= 2 && w.parse::<u8>().is_ok_and(|n| (1..=31).contains(&n));
    match parts[..] {
        [a, b] => when::month(a).is_some() && number(b) || number(a) && when::month(b).is_some(),
        [a, b, year] => {
            let short = year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit());
            (short || is_year(year)) && is_day(&format!("{a} {b}"))
        }
        _ => false,
    }
}

fn is_year(words: &str) -> bool {
    words.len() == 4 && words.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year))
}

/// An agency of the table, or two to nine capitals ("KNA", "AFP/RT"), or a name with a word for press in it.
fn is_agency(words: &str) -> bool {
    let capitals =
        (2..=9).contains(&words.len()) && words.chars().all(|c| c.is_uppercase() || "/- .".contains(c));
    let parts: Vec<&str> = words.split_whitespace().collect();
    let name = (2..=4).contains(&parts.len())
        && parts.iter().all(|w| w.starts_with(char::is_uppercase))
        && parts.iter().any(|w| outlets::PRESS.contains(w));
    outlets::known(words) || capitals || name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let of = |span: Option<Span>| span.map_or("-", |span| span.of(text)).to_owned();
        dateline(text).map_or_else(
            || "none".to_owned(),
            |d| format!("{} | {} | {} | {}", d.span.of(text), of(d.place), of(d.date), of(d.agency)),
        )
    }

    #[test]
    fn place_day_and_agency_before_the_dash() {
        let cases = [
            ("VEL CITY (AP) — Shells fell.", "VEL CITY (AP) — | VEL CITY | - | AP"),
            ("ORM PROVINCE, Varnia – Shells fell.", "ORM PROVINCE, Varnia – | ORM PROVINCE, Varnia | - | -"),
            ("VEL, May 3 (Reuters) - Shells fell.", "VEL, May 3 (Reuters) - | VEL | May 3 | Reuters"),
            ("SELMA –Shells fell.", "SELMA – | SELMA | - | -"),
            (
                "SELMA, Varnia (June 7, 2011) – A",
                "SELMA, Varnia (June 7, 2011) – | SELMA, Varnia | June 7, 2011 | -",
            ),
            ("SELMA, Varnia (Nov. 6)\nA man fell.", "SELMA, Varnia (Nov. 6) | SELMA, Varnia | Nov. 6 | -"),
            ("SELMA, July 23: Shells fell.", "SELMA, July 23: | SELMA | July 23 | -"),
            ("Selm, Varnia – Shells fell.", "Selm, Varnia – | Selm, Varnia | - | -"),
            ("Selm (KNA) -- Shells fell.", "Selm (KNA) -- | Selm | - | KNA"),
            ("EAST ORM, Feb. 18, 2016 – On", "EAST ORM, Feb. 18, 2016 – | EAST ORM | Feb. 18, 2016 | -"),
            (
                "Staff 7 For Immediate Release  SELMA, Varnia (Oct. 6) - A",
                "SELMA, Varnia (Oct. 6) - | SELMA, Varnia | Oct. 6 | -",
            ),
            ("Shells fall on Orm\n\nORMVAL - Shells fell.", "ORMVAL - | ORMVAL | - | -"),
            (
                "SELMA, 8 JAN 90 (ACAN-EFE) -- [TEXT] SHELLS FELL.",
                "SELMA, 8 JAN 90 (ACAN-EFE) -- | SELMA | 8 JAN 90 | ACAN-EFE",
            ),
            ("(Reuters) - Shells fell.", "(Reuters) - | - | - | Reuters"),
        ];
        for (text, expected) in cases {
            assert_eq!(show(text), expected);
        }
    }

    #[test]
    fn headlines_labels_and_sentences_are_none() {
        for text in [
            "Selm - Gunmen fired.",
            "EXPLOSION IN SELMA - FIVE DEAD",
            "MARKETS IN SELMA FALL, BUT PRICES RISE AGAIN - Traders fear worse.",
            "NATO - Russia talks end.",
            "Two officers, Ivo Brandt and Ana Orm – both of Selm – were hurt.",
            "MR ORM: We did not fire.",
            "UPDATE - Five were hurt.",
            "The army (KNA) said that shells fell.",
            "Selm, Varnia, was shelled – again.",
            "Ivo Orm, Mayor – who fled – is back.",
            "VEL-ORM road closed.",
            "(See below) - Shells fell.",
            "ORM (Open Roads Mission) - a list",
            "",
        ] {
            assert_eq!(show(text), "none", "{text}");
        }
    }
}
