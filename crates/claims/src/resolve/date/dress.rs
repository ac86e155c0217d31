//! What stands around a date: "early", "the night of", "since", "from … to …". Start at `Reader::at`.

use super::atoms::{Hit, Reader, is_part};
use super::{DateKind, Value};
use hearsay_doc::{Date, Interval};

pub(super) type Rule = fn(&Reader, usize) -> Option<Hit>;

/// Tried in this order at each atom.
pub(super) const RULES: &[Rule] = &[
    Reader::attack_name,
    Reader::iso,
    Reader::numeric,
    Reader::month_first,
    Reader::day_first,
    Reader::month,
    Reader::weekday,
    Reader::near_day,
    Reader::clock,
    Reader::part_of_today,
    Reader::weekend,
    Reader::counted,
    Reader::quarter,
    Reader::stretch,
    Reader::unit_beside,
    Reader::again,
    Reader::decade,
    Reader::century,
    Reader::years,
    Reader::year,
    Reader::feast,
    Reader::ordinal,
    Reader::season,
    Reader::vague,
];

impl Reader {
    /// The rule that fits at `i`, with what stands before and after the date.
    pub(super) fn at(&self, i: usize) -> Option<Hit> {
        let hit = self.range(i).or_else(|| self.since(i)).or_else(|| self.dressed(i))?;
        Some(if self.since_clause(i) { self.until_now(hit) } else { hit })
    }

    /// "Since October 7", "since last week": from then until the published date.
    pub(super) fn since(&self, i: usize) -> Option<Hit> {
        if self.word(i) != "since" {
            return None;
        }
        let on = usize::from(self.is(i + 1, &["about", "around", "at", "the", "on"]));
        let (skip, hit) = match self.dressed(i + 1) {
            Some(hit) => (1, hit),
            None => (1 + on, self.dressed(i + 1 + on).or_else(|| self.bare_year(i + 1 + on))?),
        };
        if matches!(hit.kind, DateKind::Duration | DateKind::Vague | DateKind::TimeOfDay) {
            return Some(Hit { skip: skip + hit.skip, ..hit.longer(skip) });
        }
        Some(self.until_now(Hit { skip: skip + hit.skip, len: skip + hit.len, ..hit }))
    }

    /// "Since the siege began in May": does the date close a clause that "since" opens?
    fn since_clause(&self, i: usize) -> bool {
        let sentence = self.atoms[i].sentence;
        let opens = (0..i)
            .rev()
            .take(9)
            .take_while(|&k| self.atoms[k].sentence == sentence && !self.is(k, &[",", ";", "when", "that"]))
            .any(|k| self.word(k) == "since");
        opens
            && matches!(self.before(i), "in" | "on" | "of" | "at" | "late" | "early" | "-")
            && self.before(i) != "since"
    }

    /// A date as the beginning of a stretch that runs until the published day.
    fn until_now(&self, hit: Hit) -> Hit {
        if !matches!(hit.kind, DateKind::Day | DateKind::Span) {
            return hit;
        }
        let interval = hit.interval.and_then(|from| {
            let today = self.today.filter(|today| *today > from.start);
            today.map_or(Some(from), |today| Interval::joined(from, Interval::day(today)))
        });
        let value = match (hit.value, hit.interval) {
            (Value::Days, Some(from)) => Value::Named(from),
            (value, _) => value,
        };
        Hit { kind: DateKind::Since, interval, value, ends: None, ..hit }
    }

    /// "Between X and Y", "from X to Y", "X to Y": one stretch.
    pub(super) fn range(&self, i: usize) -> Option<Hit> {
        let (open, joiner): (usize, &[&str]) = match self.word(i) {
            "between" => (1, &["and"]),
            "from" => (1, &["to", "until", "till", "through", "-", "–"]),
            _ => (0, &["to", "until", "through", "-", "–", "—"]),
        };
        let first =
            self.dressed(i + open).or_else(|| (open > 0).then(|| self.bare_year(i + open)).flatten())?;
        if !matches!(first.kind, DateKind::Day | DateKind::Span) {
            return None;
        }
        let mid = i + open + first.len;
        if !joiner.contains(&self.word(mid)) {
            return None;
        }
        let the = usize::from(self.is(mid + 1, &["the", "on"]));
        let last = self
            .dressed(mid + 1)
            .or_else(|| self.dressed(mid + 1 + the).map(|hit| hit.longer(the)))
            .or_else(|| self.bare_year(mid + 1))?;
        if !matches!(last.kind, DateKind::Day | DateKind::Span) {
            return None;
        }
        // "Down from Friday to December's figures" is no range.
        if open == 0 && first.kind != last.kind {
            return None;
        }
        let interval = self.span_of(i + open, first, mid + 1, last);
        if interval.is_none() && first.interval.is_some() && last.interval.is_some() {
            return None;
        }
        let at = |from: usize, hit: Hit| (from + hit.skip, from + hit.len, hit.interval, hit.value);
        let ends = Some([at(i + open, first), at(mid + 1, last)]);
        let len = open + first.len + 1 + last.len;
        Some(Hit { skip: open, len, kind: DateKind::Span, interval, value: Value::Days, ends })
    }

    /// From one expression to another; a year named only by the second holds for the first too.
    pub(super) fn span_of(&self, i: usize, first: Hit, at: usize, last: Hit) -> Option<Interval> {
        let last_day = last.interval?;
        let named = |from: usize, len: usize| (from..from + len).any(|k| self.full_year(k).is_some());
        let mut first_day = first.interval;
        if named(at, last.len) && !named(i, first.len) {
            let (month, day) = self.month_and_day(i, first)?;
            let year = last_day.start.year;
            first_day = match day {
                Some(day) => Date::new(year, month, day).map(Interval::day),
                None => Interval::month(year, month),
            };
        }
        Interval::joined(first_day?, last_day)
    }

    /// Month and day of an expression without a year.
    pub(super) fn month_and_day(&self, i: usize, hit: Hit) -> Option<(u8, Option<u8>)> {
        let at = (i..i + hit.len).find(|&k| self.month_name(k).is_some())?;
        let day = (i..i + hit.len).find_map(|k| self.day_number(k)).map(|(day, _)| day);
        Some((self.month_name(at)?.0, day))
    }

    pub(super) fn bare_year(&self, i: usize) -> Option<Hit> {
        self.full_year(i).and_then(|year| Hit::span(1, Interval::year(year)))
    }

    /// A date with what narrows it before ("early", "the night of") and after ("morning", "at 10 p.m.").
    pub(super) fn dressed(&self, i: usize) -> Option<Hit> {
        if i >= self.atoms.len() {
            return None;
        }
        // "The end of the year", "earlier in the month": the present one.
        if let Some(n) = self.narrower(i).filter(|n| self.word(i + n) == "the") {
            let interval = match self.word(i + n + 1) {
                "year" if !self.is(i + n + 2, &["-", "ended"]) => {
                    Some(self.anchor.and_then(|a| Interval::year(a.end.year)))
                }
                "month" => Some(self.today.and_then(|t| Interval::month(t.year, t.month))),
                "week" => Some(self.today.map(Interval::week)),
                _ => None,
            };
            if let Some(interval) = interval {
                return Hit::span(n + 2, interval);
            }
        }
        if let Some(n) = self.narrower(i)
            && let Some(hit) = self.plain(i + n)
            && matches!(hit.kind, DateKind::Day | DateKind::Span)
        {
            return Some(self.with_part(i, hit.longer(n)));
        }
        if let Some(n) = self.part_of_day(i) {
            // "at dawn on Sunday", "in the early hours of Friday", "the morning of 3 March"
            let mut k = i + n;
            k += usize::from(self.is(k, &[","]) && self.is(k + 1, &["on"]));
            k += usize::from(self.is(k, &["of", "on"]));
            k += usize::from(self.is(k, &["last"]) && self.weekday_name(k + 1).is_none());
            if let Some(hit) = self.plain(k).filter(|hit| hit.kind == DateKind::Day) {
                return Some(self.with_part(i, hit.longer(k - i)));
            }
            return Hit::without(n, DateKind::TimeOfDay);
        }
        let hit = self.plain(i)?;
        Some(if hit.kind == DateKind::Day { self.with_part(i, hit) } else { hit })
    }

    pub(super) fn plain(&self, i: usize) -> Option<Hit> {
        if i >= self.atoms.len() {
            return None;
        }
        RULES.iter().find_map(|rule| rule(self, i))
    }

    /// "Early", "late on", "the end of", "mid-".
    pub(super) fn narrower(&self, i: usize) -> Option<usize> {
        if self.word(i) == "mid" && self.word(i + 1) == "-" {
            return Some(2);
        }
        let the = usize::from(self.word(i) == "the");
        if self.is(i + the, &["beginning", "start", "end", "middle", "close", "rest"])
            && self.word(i + the + 1) == "of"
        {
            return Some(the + 2);
        }
        if !self.is(i, &["early", "late", "earlier", "later", "mid"]) {
            return None;
        }
        Some(1 + usize::from(self.is(i + 1, &["on", "in"])))
    }

    /// A part of the day, with its article and adjective: "the early hours", "dawn", "late night".
    pub(super) fn part_of_day(&self, i: usize) -> Option<usize> {
        let mut k = i;
        k += usize::from(self.word(k) == "the");
        while self.is(
            k,
            &["early", "late", "small", "pre", "wee", "mid", "-", "predawn", "morning", "evening", "night"],
        ) {
            k += 1;
        }
        if self.is(k, &["hours"]) && k > i {
            return Some(k + 1 - i);
        }
        // A lone noun "the night" counts only where it says when.
        let when = [
            "at", "in", "before", "after", "around", "on", "by", "until", "of", "since", "during", "early",
            "late",
        ];
        if k > i && is_part(self.word(k - 1)) {
            k -= 1;
        }
        let preceded = when.contains(&self.before(i)) || self.is(i, &["early", "late", "pre"]);
        let followed = self.is(k + 1, &["of", "on"]);
        (is_part(self.word(k)) && (preceded || followed)).then_some(k + 1 - i)
    }

    /// Takes in the part of the day, the clock or the weekday that follows a day.
    pub(super) fn with_part(&self, i: usize, hit: Hit) -> Hit {
        let mut hit = hit;
        loop {
            let k = i + hit.len;
            if self.atoms.get(k).is_none_or(|atom| atom.sentence != self.atoms[i].sentence) {
                return hit;
            }
            let mut n = usize::from(self.is(k, &["at", "in", "before", "around", "on", ","]));
            let lead = n;
            n += usize::from(n > 0 && self.word(k + n) == "the");
            n += usize::from(self.is(k + n, &["early", "late"]));
            if is_part(self.word(k + n)) && !(lead > 0 && self.is(k, &[","])) {
                hit = hit.longer(n + 1);
            } else if let Some(clock) = self.clock(k + lead).filter(|_| hit.kind == DateKind::Day) {
                hit = hit.longer(lead + clock.len);
            } else {
                return hit;
            }
        }
    }
}
