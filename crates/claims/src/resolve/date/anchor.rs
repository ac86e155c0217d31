//! What is not written: the year of a day, the side of the published date on which a weekday lies.

use super::atoms::{KNOWN_DAYS, Reader};
use hearsay_doc::{Date, Interval, Precision};

/// Which way a date without a year, or a weekday, points.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
}

impl Reader {
    /// Does the clause around atom `i` speak of what is to come?
    pub(super) fn tense(&self, i: usize) -> Tense {
        const TO_COME: [&str; 9] =
            ["will", "shall", "ll", "won", "upcoming", "next", "would", "expires", "deadline"];
        const ARRANGED: [&str; 14] = [
            "scheduled",
            "due",
            "planned",
            "plans",
            "expected",
            "expects",
            "set",
            "slated",
            "effective",
            "payable",
            "takes",
            "begins",
            "starts",
            "until",
        ];
        const PAST: [&str; 8] = ["was", "were", "had", "been", "previously", "originally", "as", "has"];
        const BREAKS: [&str; 13] =
            [";", "said", "says", "told", "that", "announced", "\"", "”", "“", "was", "were", "had", "has"];
        // "Called a strike for Wednesday", "ordered to leave by Sunday": what is asked for lies ahead.
        const ASKED: [&str; 14] = [
            "call",
            "called",
            "calls",
            "invited",
            "ordered",
            "demanded",
            "agreed",
            "given",
            "gave",
            "promised",
            "ultimatum",
            "must",
            "announced",
            "told",
        ];
        let sentence = self.atoms[i].sentence;
        let ahead = matches!(self.before(i), "for" | "by" | "from" | "until" | "before");
        for k in (0..i).rev().take(12) {
            let asks = ahead && self.is(k, &ASKED);
            if self.atoms[k].sentence != sentence || self.is(k, &BREAKS) && !asks {
                break;
            }
            // "Due to", "lower-than-expected" and "had been planned for" arrange nothing.
            let due_to = self.word(k) == "due" && self.word(k + 1) == "to";
            let compound = self.glued(k) && self.is(k.wrapping_sub(1), &["-"]);
            let was = (k.saturating_sub(3)..k).any(|before| self.is(before, &PAST));
            let arranged = self.is(k, &ARRANGED) && !(due_to || compound || was);
            // "Is to resume on Tuesday"
            let to_be = self.is(k, &["is", "are"]) && self.word(k + 1) == "to" || self.words(k, "to be") > 0;
            let asked = ahead && self.is(k, &ASKED);
            if self.is(k, &TO_COME) || arranged || to_be || asked {
                return Tense::Future;
            }
        }
        // "On Sunday the army will …": only a date that opens its sentence looks forward.
        let opens = i < 3 || self.atoms[i - 3].sentence != sentence || self.atoms[i - 2].sentence != sentence;
        if opens {
            for k in i + 1..(i + 14).min(self.atoms.len()) {
                if self.atoms[k].sentence != sentence || self.is(k, &BREAKS) {
                    break;
                }
                if self.is(k, &["will", "shall", "ll"]) {
                    return Tense::Future;
                }
            }
        }
        Tense::Past
    }

    /// The year of a day that names none: the nearest such day not after the published date, or not before it
    /// if the clause is about what is to come.
    pub(super) fn with_year(&self, i: usize, month: u8, day: u8) -> Option<Date> {
        let anchor = self.anchor?;
        let known = KNOWN_DAYS.iter().find(|(m, d, year, words)| {
            (*m, *d) == (month, day)
                && anchor.end.year >= *year
                && self.atoms.iter().any(|atom| words.contains(&atom.lower.as_str()))
        });
        if let Some(date) = known.and_then(|k| Date::new(k.2, month, day)).filter(|date| *date <= anchor.end)
        {
            return Some(date);
        }
        let year = anchor.end.year;
        match self.tense(i) {
            // Nobody leaves the year out of a day eleven months gone, so a day soon to come is meant.
            Tense::Past => {
                let latest = anchor.end.plus(45);
                (year - 4..=year + 1).rev().find_map(|y| Date::new(y, month, day).filter(|d| *d <= latest))
            }
            Tense::Future => {
                (year..=year + 4).find_map(|y| Date::new(y, month, day).filter(|d| *d >= anchor.start))
            }
        }
    }

    /// The year of a month that names none: as for days. Next month is meant where it lies next to the published
    /// date, since nobody leaves the year out of a month eleven months gone.
    pub(super) fn month_with_year(&self, i: usize, month: u8) -> Option<Interval> {
        let anchor = self.anchor?;
        let (year, now) = (anchor.end.year, anchor.end.month);
        let last = if anchor.precision == Precision::Year { 12 } else { now };
        let to_come = matches!(self.before(i), "by" | "until" | "till" | "through")
            || i > 1 && self.is(i - 1, &["in", "-"]) && self.is(i - 2, &["early", "late"]);
        match self.tense(i) {
            Tense::Past if month <= last => Interval::month(year, month),
            Tense::Past if month == now + 1 => Interval::month(year, month),
            Tense::Past if now == 12 && month == 1 && to_come => Interval::month(year + 1, month),
            Tense::Past => Interval::month(year - 1, month),
            Tense::Future => Interval::month(if month >= now { year } else { year + 1 }, month),
        }
    }

    /// ", 2015" or " 2015" after a day or month: the year and the atoms it takes.
    pub(super) fn year_after(&self, i: usize) -> Option<(i16, usize)> {
        let comma = usize::from(self.word(i) == ",");
        let way = self.word(i + comma);
        if matches!(way, "last" | "this") && self.word(i + comma + 1) == "year" {
            return self.anchor.map(|a| (a.end.year - i16::from(way == "last"), comma + 2));
        }
        let of = usize::from(comma == 0 && self.is(i, &["of", "in"]));
        if let Some(year) = self.full_year(i + comma + of) {
            return Some((year, comma + of + 1));
        }
        if let Some((year, len)) = self.spoken_year(i + comma + of) {
            return Some((year, comma + of + len));
        }
        None
    }
}
