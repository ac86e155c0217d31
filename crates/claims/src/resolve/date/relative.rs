//! Expressions counted from a day that is known: "yesterday", "two weeks ago", "the past month", "the next day".

use super::anchor::Tense;
use super::atoms::{Hit, Reader, is_part, month_plus, unit};
use super::dress::Rule;
use super::{DateKind, Unit, Value};
use hearsay_doc::{Date, Interval, Precision};

impl Reader {
    /// Yesterday, today, tomorrow, tonight, last night, overnight; the next day, the day before.
    pub(super) fn near_day(&self, i: usize) -> Option<Hit> {
        let plus = |n: i32| self.today.map(|today| today.plus(n));
        match self.word(i) {
            "today" | "tonight" => return Hit::day(1, plus(0)),
            "daily" => {
                return Some(Hit::new(1, DateKind::Set, None).valued(Value::Every(Some(1), Unit::Day)));
            }
            "yesterday" => return Hit::day(1, plus(-1)),
            "tomorrow" => return Hit::day(1, plus(1)),
            "overnight" => {
                // "overnight into Sunday", "overnight on Saturday"
                let k = i + 1 + usize::from(self.is(i + 1, &["into", "on", "to"]));
                if self.weekday_name(k).is_some()
                    && let Some(hit) = self.weekday(k)
                {
                    // The night that follows that day, or that leads into it.
                    let into = self.is(i + 1, &["into", "to"]);
                    let night = hit.interval.map(|day| {
                        let first = day.start.plus(-i32::from(into));
                        Interval::range(first, first.plus(1))
                    });
                    return Hit::span(hit.len + k - i, night);
                }
                let nights = plus(-1).zip(plus(0)).map(|(a, b)| Interval::range(a, b));
                return Hit::span(1, nights);
            }
            _ => {}
        }
        for (words, n) in [
            ("last night", -1),
            ("last evening", -1),
            ("the day before yesterday", -2),
            ("the day after tomorrow", 2),
            ("this day", 0),
            ("earlier in the day", 0),
            ("later in the day", 0),
        ] {
            let len = self.words(i, words);
            if len > 0 {
                return Hit::day(len, plus(n));
            }
        }
        // Counted from the day last told of, so only where one was.
        let told = |n: i32| self.told_day().or(self.today).map(|day| day.plus(n));
        for (words, n) in [
            ("the following day", 1),
            ("the next day", 1),
            ("next day", 1),
            ("a day later", 1),
            ("one day later", 1),
            ("the day after", 1),
            ("the previous day", -1),
            ("a day earlier", -1),
            ("one day earlier", -1),
            ("the day before", -1),
            ("the night before", -1),
            ("the evening before", -1),
            ("the previous night", -1),
            ("the previous evening", -1),
            ("the next morning", 1),
            ("the following morning", 1),
            ("the following night", 1),
            ("the next night", 1),
            ("the same night", 0),
            ("the same evening", 0),
            ("the same morning", 0),
            ("later that day", 0),
            ("the same day", 0),
            ("that day", 0),
            ("that night", 0),
            ("that morning", 0),
            ("that evening", 0),
        ] {
            let len = self.words(i, words);
            if len > 0 {
                return Hit::day(len, told(n));
            }
        }
        None
    }

    /// 10:30 a.m., 5 pm, 0930 GMT, 21:15: no day by itself.
    pub(super) fn clock(&self, i: usize) -> Option<Hit> {
        let hour = self.digits(i, 1..=4)?;
        let mut len = 1;
        let minutes = matches!(self.word(i + 1), ":" | ".")
            && self.glued(i + 1)
            && self.glued(i + 2)
            && self.digits(i + 2, 2..=2).is_some();
        let colon = minutes && self.word(i + 1) == ":";
        len += 2 * usize::from(minutes);
        let mut half = 0;
        if self.is(i + len, &["am", "pm"]) {
            half = 1;
        } else if self.is(i + len, &["a", "p"])
            && self.word(i + len + 1) == "."
            && self.is(i + len + 2, &["m"])
        {
            half = 3 + usize::from(self.word(i + len + 3) == ".");
        }
        let zone = self.is(i + len + half, &["gmt", "utc", "local", "est", "edt", "hours"])
            && (half > 0 || colon || self.word(i).len() == 4);
        let good = (half > 0 && hour <= 12) || (colon && hour < 24) || (zone && hour < 2400);
        if !good {
            return None;
        }
        len += half + usize::from(zone);
        len += usize::from(self.word(i + len) == "time" && self.word(i + len - 1) == "local");
        // "10 p.m. on Sunday", "10 a.m. Sunday"
        let on = usize::from(self.is(i + len, &["on", ","]));
        let days = [
            Reader::weekday as Rule,
            Reader::near_day,
            Reader::month_first,
            Reader::day_first,
            Reader::numeric,
        ];
        let day = (i + len + on < self.atoms.len())
            .then(|| days.iter().find_map(|rule| rule(self, i + len + on)))
            .flatten()
            .filter(|hit| hit.kind == DateKind::Day);
        match day {
            Some(hit) => Some(hit.longer(len + on)),
            None => Hit::without(len, DateKind::TimeOfDay),
        }
    }

    /// This morning, this evening.
    pub(super) fn part_of_today(&self, i: usize) -> Option<Hit> {
        (self.word(i) == "this" && is_part(self.word(i + 1))).then(|| Hit::day(2, self.today)).flatten()
    }

    /// Last weekend, this weekend, over the weekend.
    pub(super) fn weekend(&self, i: usize) -> Option<Hit> {
        let way = usize::from(self.is(i, &["last", "this", "next", "the", "past"]));
        if self.word(i + way) != "weekend" || way == 0 {
            return None;
        }
        let interval = self.today.map(|today| {
            let week = Interval::week(today);
            let to_come = self.word(i) == "next" || self.word(i) == "this" && self.tense(i) == Tense::Future;
            let now = today.weekday() >= 5 && self.word(i) != "last";
            let back = if to_come || now { 0 } else { 7 };
            let ahead = if self.word(i) == "next" && today.weekday() >= 5 { 7 } else { 0 };
            let saturday = week.start.plus(5 - back + ahead);
            Interval::range(saturday, saturday.plus(1))
        });
        let value = interval.map_or(Value::Days, |days| Value::Weekend(days.start));
        Some(Hit::new(way + 1, DateKind::Span, interval).valued(value))
    }

    /// Two days ago, three weeks earlier, a month later; three days, two-year-old.
    pub(super) fn counted(&self, i: usize) -> Option<Hit> {
        let (n, mut len) = self.number(i)?;
        let dash = usize::from(self.word(i + len) == "-");
        // "a three-day", "the 10-hour": the adjective
        len += dash;
        let between =
            ["more", "full", "straight", "consecutive", "long", "whole", "additional", "trading", "working"];
        let of_more = usize::from(self.is(i + len, &between) && dash == 0);
        let word = self.word(i + len + of_more);
        let unit = unit(word)?;
        // "A second", "three quarters of them"
        let fraction = unit == Unit::Quarter && self.word(i + len + of_more + 1) == "of";
        if word == "second" || fraction || word == "quarter" && matches!(self.word(i), "a" | "an") {
            return None;
        }
        len += of_more + 1;
        if dash > 0
            || self.word(i + len) == "old"
            || self.words(i + len, "- old") > 0
            || self.words(i + len, "years of age") > 0
        {
            return Hit::length(len, n, unit);
        }
        let own = matches!(self.word(i), "a" | "one") && unit == Unit::Year;
        let dashed = usize::from(self.word(i + len) == "-");
        let way = match self.word(i + len + dashed) {
            "ago" => Some((-1, self.today)),
            "earlier" if own && self.told_day().is_none() => Some((-1, self.today)),
            "earlier" => Some((-1, self.told_day())),
            "later" => Some((1, self.told_day())),
            // "Two days after the raid": when the raid was, seen from what the sentence tells.
            "after" | "before" if dash == 0 && n.is_some() && self.follows_event(i + len + 1) => {
                let sign = if self.word(i + len) == "after" { -1 } else { 1 };
                let hit =
                    self.counted_from(len + 1, n.map(|n| sign * n), unit, self.told_day().or(self.today))?;
                let value = Value::Length(n.and_then(|n| u16::try_from(n).ok()), unit);
                return Some(Hit { len, ..hit.valued(value) });
            }
            _ => None,
        };
        // "Four years later", where only a year has been told.
        if unit == Unit::Year
            && let (Some(n), Some(told), "later" | "earlier") = (n, self.told, self.word(i + len))
            && told.precision == Precision::Year
        {
            let n = if self.word(i + len) == "later" { n } else { -n };
            return Hit::span(
                len + 1,
                i16::try_from(i32::from(told.start.year) + n).ok().and_then(Interval::year),
            );
        }
        let Some((sign, from)) = way else {
            // "six months from now"
            if self.words(i + len, "from now") > 0 {
                return self.counted_from(len + 2, n, unit, self.today);
            }
            let plain = matches!(self.word(i), "a" | "an")
                && !matches!(
                    self.before(i),
                    "for"
                        | "in"
                        | "within"
                        | "over"
                        | "about"
                        | "nearly"
                        | "almost"
                        | "than"
                        | "least"
                        | "half"
                );
            return if plain { None } else { Hit::length(len, n, unit) };
        };
        if own && let Some(hit) = self.quarter_back(i, len + dashed + 1) {
            return Some(hit);
        }
        self.counted_from(len + dashed + 1, n.map(|n| sign * n), unit, from)
    }

    /// Does a clause or a noun with its article follow, as after "two days after"?
    fn follows_event(&self, i: usize) -> bool {
        self.atoms.get(i).is_some_and(|atom| {
            atom.sentence == self.atoms[i - 1].sentence
                && atom.lower.starts_with(char::is_alphabetic)
                && self.weekday_name(i).is_none()
                && self.month_name(i).is_none()
        })
    }

    /// "A year earlier" where the page speaks of a quarter: that quarter of the year before.
    pub(super) fn quarter_back(&self, i: usize, len: usize) -> Option<Hit> {
        let (year, n, sentence) = self.quarter?;
        (self.atoms[i].sentence - sentence < 3).then(|| self.quarter_of(len, year - 1, n))
    }

    /// A quarter, 1 to 4, of a year.
    pub(super) fn quarter_of(&self, len: usize, year: i16, n: u8) -> Hit {
        let ends = Interval::month(year, 3 * n - 2).zip(Interval::month(year, 3 * n));
        let interval = ends.and_then(|(first, last)| Interval::joined(first, last));
        Hit::new(len, DateKind::Span, interval).valued(Value::Quarter(year, n))
    }

    /// The day, week, month or year that many units from `from`.
    pub(super) fn counted_from(
        &self,
        len: usize,
        n: Option<i32>,
        unit: Unit,
        from: Option<Date>,
    ) -> Option<Hit> {
        let Some(n) = n else {
            return Hit::without(len, DateKind::Vague).map(|hit| hit.valued(Value::Past));
        };
        let Some(from) = from else {
            return match unit {
                Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => Hit::day(len, None),
                _ => Hit::span(len, None),
            };
        };
        let year = |n: i32| i16::try_from(i32::from(from.year) + n).ok().and_then(Interval::year);
        match unit {
            Unit::Second | Unit::Minute => Hit::day(len, Some(from)),
            Unit::Hour => Hit::day(len, Some(from.plus(n / 24))),
            Unit::Day => Hit::day(len, Some(from.plus(n))),
            Unit::Week => Hit::span(len, Some(Interval::week(from.plus(7 * n)))),
            Unit::Month | Unit::Quarter => {
                let (year, month) = month_plus(from, if unit == Unit::Month { n } else { 3 * n });
                Hit::span(len, Interval::month(year, month))
            }
            Unit::Year => Hit::span(len, year(n)),
            Unit::Decade => Hit::span(len, year(10 * n)),
            Unit::Century => Hit::span(len, year(100 * n)),
        }
    }

    /// The past week, the last three months, the past 24 hours, the next two days, recent weeks.
    pub(super) fn stretch(&self, i: usize) -> Option<Hit> {
        let the = usize::from(self.is(i, &["the", "these"]));
        let way = self.word(i + the);
        let after = self.word(i + the + 1);
        if matches!(way, "recent" | "coming" | "previous" | "preceding" | "past" | "future" | "early")
            && after.ends_with('s')
            && let Some(unit) = unit(after)
        {
            let hit = Hit::without(the + 2, DateKind::Vague)?;
            return Some(hit.valued(Value::Length(None, unit)));
        }
        // "The first nine months": a length that begins a year nobody names.
        if matches!(way, "first" | "latest" | "following" | "preceding" | "initial" | "final")
            && let Some((Some(n), k)) = self.number(i + the + 1)
            && let Some(unit) = unit(self.word(i + the + 1 + k))
            && !matches!(self.word(i + the + 1), "a" | "an")
        {
            return Hit::length(the + 2 + k, Some(n), unit);
        }
        if !matches!(way, "past" | "last" | "next" | "previous") {
            return None;
        }
        let (n, k) = match self.number(i + the + 1) {
            Some((n, k)) => (n, k),
            None if the > 0 || way == "past" => (Some(1), 0),
            None => return None,
        };
        let unit = unit(self.word(i + the + 1 + k))?;
        let len = the + 2 + k;
        let value = Value::Length(n.and_then(|n| u16::try_from(n).ok()), unit);
        let (Some(n), Some(today)) = (n, self.today) else {
            let kind = if n.is_none() { DateKind::Vague } else { DateKind::Span };
            return Some(Hit::new(len, kind, None).valued(value));
        };
        let sign = if way == "next" { 1 } else { -1 };
        let months = match unit {
            Unit::Month => n,
            Unit::Quarter => 3 * n,
            Unit::Year => 12 * n,
            Unit::Decade => 120 * n,
            Unit::Century => 1200 * n,
            _ => 0,
        };
        let far = match unit {
            Unit::Second | Unit::Minute => today,
            Unit::Hour => today.plus(sign * ((n + 23) / 24)),
            Unit::Day => today.plus(sign * n),
            Unit::Week => today.plus(sign * 7 * n),
            _ => {
                let (year, month) = month_plus(today, sign * months);
                (1..=today.day).rev().find_map(|day| Date::new(year, month, day))?
            }
        };
        let (start, end) = if sign > 0 { (today, far) } else { (far, today) };
        // "The last month" may as well be the month before this one; with a number it is a length.
        let value = if k == 0 && way != "past" { Value::Days } else { value };
        let interval = match unit {
            // "The past twelve months" begins in a month, not on a day.
            Unit::Month if n > 1 => {
                let ends = Interval::month(start.year, start.month).zip(Interval::month(end.year, end.month));
                ends.and_then(|(first, last)| Interval::joined(first, last))
            }
            Unit::Quarter | Unit::Year | Unit::Decade | Unit::Century if n > 1 => {
                let ends = Interval::year(start.year).zip(Interval::year(end.year));
                ends.and_then(|(first, last)| Interval::joined(first, last))
            }
            _ => Some(Interval::range(start, end)),
        };
        Some(Hit::new(len, DateKind::Span, interval).valued(value))
    }

    /// Last week, this month, next year; the week of March 3.
    pub(super) fn unit_beside(&self, i: usize) -> Option<Hit> {
        if let Some(n) = [self.words(i, "the week of"), self.words(i, "week of")].into_iter().find(|n| *n > 0)
        {
            let hit = self.plain(i + n).filter(|hit| hit.kind == DateKind::Day)?;
            return Hit::span(n + hit.len, hit.interval.map(|day| Interval::week(day.start)));
        }
        for (words, n) in [
            ("the following year", 1),
            ("the next year", 1),
            ("that year", 0),
            ("the same year", 0),
            ("the previous year", -1),
            ("the year before", -1),
        ] {
            let len = self.words(i, words);
            if len > 0 {
                return Hit::span(len, self.told.and_then(|told| Interval::year(told.start.year + n)));
            }
        }
        for (words, n) in [("the following month", 1), ("that month", 0), ("the same month", 0)] {
            let len = self.words(i, words);
            if len > 0 {
                let month = self.told.filter(|told| told.precision <= Precision::Month);
                let then = month.map(|told| month_plus(told.start, n));
                return Hit::span(len, then.and_then(|(year, month)| Interval::month(year, month)));
            }
        }
        if let Some(hit) = self.year_in_hand(i) {
            return Some(hit);
        }
        let the = usize::from(self.word(i) == "the" && self.is(i + 1, &["current"]));
        if the > 0 {
            return self.unit_beside(i + 1).map(|hit| hit.longer(1));
        }
        let n = match self.word(i) {
            "last" | "previous" => -1,
            "this" | "current" => 0,
            "next" | "coming" => 1,
            _ => return None,
        };
        let today = self.today;
        let interval = match self.word(i + 1) {
            "week" => today.map(|t| Interval::week(t.plus(7 * n))),
            "month" => self.anchor.filter(|a| a.precision <= Precision::Month).and_then(|a| {
                let (year, month) = month_plus(a.start, n);
                Interval::month(year, month)
            }),
            "year" => self.anchor.and_then(|a| Interval::year(a.end.year + n as i16)),
            _ => return None,
        };
        Hit::span(2, interval)
    }

    /// "Year-end", "for the year", "the fiscal year": the present one.
    fn year_in_hand(&self, i: usize) -> Option<Hit> {
        let year = self.anchor.and_then(|a| Interval::year(a.end.year));
        let end =
            self.words(i, "year - end").max(self.words(i, "year end")).max(self.words(i, "year ' s end"));
        if end > 0 {
            return Hit::span(end, year);
        }
        let own = matches!(self.before(i), "for" | "in" | "of" | "during" | "through" | "throughout");
        let len = self
            .words(i, "the year")
            .max(self.words(i, "the full year"))
            .max(self.words(i, "the fiscal year"));
        let next = self.word(i + len);
        let plain = !next.starts_with(char::is_alphabetic)
            || matches!(next, "and" | "to" | "by" | "from" | "with" | "at" | "as" | "on" | "will" | "was");
        (len > 0 && own && plain && next != "-").then(|| Hit::span(len, year)).flatten()
    }

    /// Every month, each Thursday: again and again.
    pub(super) fn again(&self, i: usize) -> Option<Hit> {
        if !self.is(i, &["every", "each"]) {
            return None;
        }
        if let Some((weekday, n)) = self.weekday_name(i + 1) {
            return Some(Hit::new(1 + n, DateKind::Set, None).valued(Value::EveryWeekday(weekday + 1)));
        }
        let (n, k) = self.number(i + 1).unwrap_or((Some(1), 0));
        let unit = unit(self.word(i + 1 + k))?;
        let n = n.and_then(|n| u16::try_from(n).ok());
        Some(Hit::new(2 + k, DateKind::Set, None).valued(Value::Every(n, unit)))
    }

    /// Words that point somewhere and name no day: "recently", "now", "soon"; bare "weeks", "a while".
    pub(super) fn vague(&self, i: usize) -> Option<Hit> {
        const POINTERS: [(&str, Value); 28] = [
            ("recently", Value::Past),
            ("lately", Value::Past),
            ("the past", Value::Past),
            ("weeks ago", Value::Past),
            ("days ago", Value::Past),
            ("months ago", Value::Past),
            ("years ago", Value::Past),
            ("decades ago", Value::Past),
            ("at that time", Value::Past),
            ("at the time", Value::Past),
            ("long ago", Value::Past),
            ("some time ago", Value::Past),
            ("currently", Value::Present),
            ("now", Value::Present),
            ("right now", Value::Present),
            ("nowadays", Value::Present),
            ("these days", Value::Present),
            ("the time being", Value::Present),
            ("at the moment", Value::Present),
            ("at present", Value::Present),
            ("this moment", Value::Present),
            ("soon", Value::Future),
            ("the future", Value::Future),
            ("the near future", Value::Future),
            ("the foreseeable future", Value::Future),
            ("the near term", Value::Future),
            ("the short term", Value::Future),
            ("the long term", Value::Future),
        ];
        // Adjectives and adverbs that only point; the reader of claims passes them over.
        const REFERENCES: [(&str, Value); 3] =
            [("recent", Value::Past), ("current", Value::Present), ("more recently", Value::Past)];
        for (words, value) in POINTERS {
            let len = self.words(i, words);
            if len == 0 {
                continue;
            }
            // "Now" that opens a sentence is often no time; "the past president" is none.
            let noun = self.atoms.get(i + len).is_some_and(|a| a.lower.starts_with(char::is_alphabetic));
            if words == "the past"
                && noun
                && !self.is(
                    i + len,
                    &["and", "but", "when", "to", "as", "or", "that", "he", "she", "they", "we", "it"],
                )
            {
                continue;
            }
            let kind =
                if value == Value::Future && words == "soon" { DateKind::Reference } else { DateKind::Vague };
            return Some(Hit::new(len, kind, None).valued(value));
        }
        for (words, value) in REFERENCES {
            let len = self.words(i, words);
            if len > 0 {
                return Some(Hit::new(len, DateKind::Reference, None).valued(value));
            }
        }
        let word = self.word(i);
        if word.ends_with('s')
            && word != "seconds"
            && let Some(unit) = unit(word).filter(|unit| *unit != Unit::Quarter)
            && matches!(
                self.before(i),
                "for"
                    | "in"
                    | "within"
                    | "after"
                    | "of"
                    | "over"
                    | "two"
                    | "take"
                    | "took"
                    | "last"
                    | "lasted"
            )
        {
            return Hit::length(1, None, unit);
        }
        None
    }
}
