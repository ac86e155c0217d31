//! Expressions that name days, months and years: "March 24, 2024", "24.3.2024", "Sunday", "the 1990s".

use super::anchor::Tense;
use super::atoms::{Hit, Reader, unit};
use super::dress::Rule;
use super::{DateKind, Value};
use hearsay_doc::{Date, Interval, Precision};

impl Reader {
    /// "9/11".
    pub(super) fn attack_name(&self, i: usize) -> Option<Hit> {
        let glued = self.glued(i + 1) && self.glued(i + 2) && self.word(i + 3) != "/";
        (self.words(i, "9 / 11") > 0 && glued).then(|| Hit::day(3, Date::new(2001, 9, 11))).flatten()
    }

    /// 2024-03-24, 2024/3/24, 20240324T….
    pub(super) fn iso(&self, i: usize) -> Option<Hit> {
        let year = self.full_year(i)?;
        let sign = self.word(i + 1);
        if !matches!(sign, "-" | "/" | ".") || self.word(i + 3) != sign || !self.glued(i + 2) {
            return None;
        }
        let (month, day) = (self.digits(i + 2, 1..=2)?, self.digits(i + 4, 1..=2)?);
        Hit::day(5, Some(Date::new(year, month as u8, day as u8)?))
    }

    /// 3/24/2024, 24.03.2024, 24-3-2024, 10/30/89.
    pub(super) fn numeric(&self, i: usize) -> Option<Hit> {
        let (a, b) = (self.digits(i, 1..=2)?, self.digits(i + 2, 1..=2)?);
        let sign = self.word(i + 1);
        let glued = (1..=4).all(|k| self.glued(i + k));
        if !matches!(sign, "/" | "." | "-")
            || self.word(i + 3) != sign
            || !glued
            || self.glued(i) && self.word(i.wrapping_sub(1)) == sign
        {
            return None;
        }
        let year = match self.digits(i + 4, 4..=4).map(|year| year as i16) {
            Some(year) => year,
            None if sign != "-" => {
                let short = self.digits(i + 4, 2..=2)? as i16;
                if short < 50 { 2000 + short } else { 1900 + short }
            }
            None => return None,
        };
        let american = Date::new(year, a as u8, b as u8);
        let european = Date::new(year, b as u8, a as u8);
        let date = match (american, european) {
            (Some(one), None) | (None, Some(one)) => Some(one),
            (None, None) => return None,
            (Some(m_d), Some(d_m)) => self.of_two(i, m_d, d_m, sign),
        };
        Hit::day(5, date)
    }

    /// Which of two readings of the same numerals is meant, if anything tells.
    pub(super) fn of_two(&self, i: usize, american: Date, european: Date, sign: &str) -> Option<Date> {
        if american == european {
            return Some(american);
        }
        let beside = [i.wrapping_sub(1), i.wrapping_sub(2), i + 5, i + 6];
        if let Some((weekday, _)) = beside.iter().find_map(|&k| self.weekday_name(k)) {
            match (american.weekday() == weekday, european.weekday() == weekday) {
                (true, false) => return Some(american),
                (false, true) => return Some(european),
                _ => {}
            }
        }
        if sign == "." {
            return Some(european);
        }
        if let Some(today) = self.today {
            let near = |date: Date| (-1..=14).contains(&(today.days() - date.days()));
            match (near(american), near(european)) {
                (true, false) => return Some(american),
                (false, true) => return Some(european),
                _ => {}
            }
        }
        self.day_first.map(|day_first| if day_first { european } else { american })
    }

    /// March 24, 2024; Oct. 7; June 24-25; June 24 and 25, 2015.
    pub(super) fn month_first(&self, i: usize) -> Option<Hit> {
        let (month, n) = self.month_name(i)?;
        let the = usize::from(self.word(i + n) == "the");
        let (day, m) = self.day_number(i + n + the)?;
        let len = n + the + m;
        // "June 24-25", "June 24 to 25", "June 24 and 25"
        let joiner = self.is(i + len, &["-", "–", "to", "and", "through"]);
        if joiner
            && let Some((last, k)) = self.day_number(i + len + 1)
            && last > day
            && unit(self.word(i + len + 1 + k)).is_none()
            && (self.word(i + len) != "and"
                || self.before(i) == "on"
                || self.year_after(i + len + 1 + k).is_some()
                || self.is(i + len + 1 + k, &[",", "."]))
        {
            return self.days_of_month((i, i + len, len + 1 + k), month, day, last);
        }
        match self.year_after(i + len) {
            Some((year, k)) => Hit::day(len + k, Some(Date::new(year, month, day)?)),
            None => Hit::day(len, self.with_year(i, month, day)),
        }
    }

    /// Two days of a month; `cut` is the atom that joins them.
    fn days_of_month(
        &self,
        (i, cut, len): (usize, usize, usize),
        month: u8,
        first: u8,
        last: u8,
    ) -> Option<Hit> {
        let year = self.year_after(i + len);
        let end = match year {
            Some((year, _)) => Date::new(year, month, last),
            None => self.with_year(i, month, last),
        };
        let start = end.and_then(|end| Date::new(end.year, month, first));
        let interval = start.zip(end).map(|(start, end)| Interval::range(start, end));
        let hit = Hit::new(len + year.map_or(0, |(_, k)| k), DateKind::Span, interval);
        let day = |from, to, date: Option<Date>| (from, to, date.map(Interval::day), Value::Days);
        let ends = Some([day(i, cut, start), day(cut + 1, i + hit.len, end)]);
        Some(Hit { ends, ..hit })
    }

    /// 24 March 2024; the 24th of March; 24-25 June.
    pub(super) fn day_first(&self, i: usize) -> Option<Hit> {
        let the = usize::from(self.word(i) == "the");
        let first = self.words(i + the, "first of") > 0;
        let (day, n) = if first { (1, 1) } else { self.day_number(i + the)? };
        let mut len = the + n;
        let mut last = None;
        if self.is(i + len, &["-", "–", "to", "and"])
            && let Some((end, k)) = self.day_number(i + len + 1).filter(|(end, _)| *end > day)
        {
            last = Some((end, i + len));
            len += 1 + k;
        }
        len += usize::from(self.is(i + len, &["of", "-"]));
        let (month, k) = self.month_name(i + len).filter(|_| i + len < self.atoms.len())?;
        len += k;
        if let Some((end, cut)) = last {
            return self.days_of_month((i, cut, len), month, day, end);
        }
        let dash = usize::from(self.word(i + len) == "-" && self.full_year(i + len + 1).is_some());
        match self.year_after(i + len + dash) {
            Some((year, k)) => Hit::day(len + dash + k, Some(Date::new(year, month, day)?)),
            None => Hit::day(len, self.with_year(i, month, day)),
        }
    }

    /// March 2015; March; last March; May only where it cannot be a verb.
    pub(super) fn month(&self, i: usize) -> Option<Hit> {
        let way = usize::from(self.is(i, &["last", "this", "next"]));
        let (month, n) = self.month_name(i + way).filter(|_| i + way < self.atoms.len())?;
        let len = way + n;
        if let Some((year, k)) = self.year_after(i + len) {
            return Hit::span(len + k, Interval::month(year, month));
        }
        // 'May '68', not 'may'
        let word = self.word(i + way);
        let starts = i == 0 || self.atoms[i - 1].sentence != self.atoms[i].sentence;
        let said = [
            "in", "since", "of", "by", "until", "till", "from", "during", "early", "late", "mid", "-",
            "through", "to", "and", "before", "after", "between", "or",
        ];
        if matches!(
            word,
            "may" | "march" | "august" | "mar" | "jan" | "jun" | "dec" | "sep" | "apr" | "april" | "june"
        ) {
            let safe = way > 0 || said.contains(&self.before(i));
            let long = !matches!(word, "may" | "march" | "mar" | "jan" | "april" | "june");
            if !safe && (starts || !long) {
                return None;
            }
        }
        let interval = match self.word(i) {
            "last" => self.anchor.and_then(|a| {
                let year = a.end.year - i16::from(month >= a.end.month);
                Interval::month(year, month)
            }),
            "next" => {
                self.anchor.and_then(|a| Interval::month(a.end.year + i16::from(month <= a.end.month), month))
            }
            "this" => self.anchor.and_then(|a| Interval::month(a.end.year, month)),
            _ => self.month_with_year(i, month),
        };
        Hit::span(len, interval)
    }

    /// Sunday; last Sunday; Sunday, March 24, 2024; Sunday 3/24/2024; Sunday last week.
    pub(super) fn weekday(&self, i: usize) -> Option<Hit> {
        let way = usize::from(self.is(i, &["last", "this", "next", "past", "coming", "previous"]));
        let (weekday, n) = self.weekday_name(i + way)?;
        let len = way + n;
        // A date beside it says more, and its own words decide.
        let comma = usize::from(self.is(i + len, &[",", "(", "the", "on", "-"]));
        let full = [Reader::iso as Rule, Reader::numeric, Reader::month_first, Reader::day_first];
        if let Some(hit) = full
            .iter()
            .find_map(|rule| rule(self, i + len + comma))
            .filter(|_| i + len + comma < self.atoms.len())
            && hit.kind == DateKind::Day
        {
            let close = usize::from(self.word(i + len) == "(" && self.word(i + len + comma + hit.len) == ")");
            return Some(hit.longer(len + comma + close));
        }
        if self.word(i + way).ends_with("days") && way == 0 {
            // "Fridays" is a habit.
            return Hit::without(len, DateKind::Vague);
        }
        // "Friday of last week", "Friday last week", "a week ago Friday"
        let of = usize::from(self.word(i + len) == "of");
        if self.is(i + len + of, &["last", "this", "next"]) && self.word(i + len + of + 1) == "week" {
            let week = match self.word(i + len + of) {
                "last" => -7,
                "next" => 7,
                _ => 0,
            };
            let day = self.today.map(|t| Interval::week(t.plus(week)).start.plus(i32::from(weekday)));
            return Hit::day(len + of + 2, day);
        }
        let day = self.today.map(|today| {
            let back = (i32::from(today.weekday()) - i32::from(weekday)).rem_euclid(7);
            let on = (i32::from(weekday) - i32::from(today.weekday())).rem_euclid(7);
            match self.word(i) {
                // Nobody calls yesterday "last Friday".
                "last" | "past" | "previous" if back < 2 => today.plus(-back - 7),
                "next" | "coming" if on == 0 => today.plus(7),
                "next" | "coming" => today.plus(on),
                "this" if self.tense(i) == Tense::Future || on <= 3 => today.plus(on),
                _ if way == 0 && self.tense(i) == Tense::Future => today.plus(on),
                _ => today.plus(-back),
            }
        });
        Hit::day(len, day)
    }

    /// The first quarter of 2014, the second half of 2015, the latest quarter, the year-earlier period.
    pub(super) fn quarter(&self, i: usize) -> Option<Hit> {
        self.numbered_quarter(i).or_else(|| self.pointed_quarter(i))
    }

    fn numbered_quarter(&self, i: usize) -> Option<Hit> {
        let own = self.is(i, &["last", "this", "next"]) && self.word(i + 1) == "year";
        let mut k = usize::from(self.is(i, &["the", "its", "this"]) && !own);
        let before = k;
        // "The 1988 third quarter", "last year's third quarter", "the fiscal first quarter"
        let mut year = self.full_year(i + k);
        k += usize::from(year.is_some());
        if year.is_none() && self.is(i + k, &["last", "this", "next"]) && self.word(i + k + 1) == "year" {
            let plus = i16::from(self.word(i + k) == "next") - i16::from(self.word(i + k) == "last");
            year = self.anchor.map(|a| a.end.year + plus);
            k += 2;
        }
        k += 2 * usize::from(k > before && self.is(i + k, &["'", "’"]) && self.is(i + k + 1, &["s"]));
        k += usize::from(k > before && self.is(i + k, &["'s", "’s"]));
        k += usize::from(self.is(i + k, &["fiscal"]));
        let n =
            ["first", "second", "third", "fourth", "last"].iter().position(|w| *w == self.word(i + k))? as u8;
        let dash = usize::from(self.word(i + k + 1) == "-");
        let months = match self.word(i + k + 1 + dash) {
            "quarter" | "quarters" if n < 4 => 3,
            "half" if n == 4 || n < 2 => 6,
            _ => return None,
        };
        let mut len = k + 2 + dash;
        if year.is_none() {
            let of = usize::from(self.is(i + len, &["of", "in"]));
            let way = self.word(i + len + of);
            if let Some(named) = self.full_year(i + len + of) {
                year = Some(named);
                len += of + 1;
            } else if matches!(way, "this" | "last" | "next") && self.word(i + len + of + 1) == "year" {
                let plus = i16::from(way == "next") - i16::from(way == "last");
                year = self.anchor.map(|a| a.end.year + plus);
                len += of + 2;
            } else if months == 6 {
                return None;
            }
        }
        if months == 6 {
            let half = if n == 0 { 1 } else { 2 };
            let ends = year.and_then(|y| Interval::month(y, 6 * half - 5).zip(Interval::month(y, 6 * half)));
            let hit =
                Hit::new(len, DateKind::Span, ends.and_then(|(first, last)| Interval::joined(first, last)));
            return Some(year.map_or(hit, |year| hit.valued(Value::Half(year, half))));
        }
        // The quarter that has begun last, or is to come.
        let year = year.or_else(|| {
            let today = self.today?;
            let begun = 3 * n < today.month;
            let ahead = self.tense(i) == Tense::Future;
            Some(today.year - i16::from(!ahead && !begun))
        });
        Some(year.map_or(Hit::new(len, DateKind::Span, None), |year| self.quarter_of(len, year, n + 1)))
    }

    /// "The latest quarter", "the quarter", "the year-ago period": the one named before, else the last that is over.
    fn pointed_quarter(&self, i: usize) -> Option<Hit> {
        let mut k = usize::from(self.is(i, &["the", "this"]));
        let (the, start) = (k, i + k);
        let latest =
            usize::from(self.is(start, &["latest", "current", "same", "comparable", "corresponding"]));
        k += latest;
        let ago = self.word(i + k) == "year"
            && self.word(i + k + 1) == "-"
            && self.is(i + k + 2, &["ago", "earlier"]);
        k += 3 * usize::from(ago);
        let noun = self.word(i + k);
        let over = self.today.map(|t| (t.year, (t.month - 1) / 3 + 1));
        let done =
            |q: &(i16, u8, u32)| !self.is(start, &["latest"]) || over.is_none_or(|now| (q.0, q.1) < now);
        let named = self.quarter.filter(|q| self.atoms[i].sentence - q.2 < 12).filter(done);
        let fits = match noun {
            "quarter" => ago || latest > 0 || the > 0 && named.is_some(),
            "period" => (ago || latest > 0) && named.is_some(),
            _ => {
                // "Year-earlier net was"
                return if ago { self.quarter_back(i, k).or_else(|| self.year_back(k)) } else { None };
            }
        };
        if !fits {
            return None;
        }
        let (mut year, mut n) = match named {
            Some((year, n, _)) => (year, n),
            None => {
                let today = self.today?;
                let q = (today.month - 1) / 3;
                if q == 0 { (today.year - 1, 4) } else { (today.year, q) }
            }
        };
        if self.is(start, &["current"]) {
            let today = self.today?;
            (year, n) = (today.year, (today.month - 1) / 3 + 1);
        }
        Some(self.quarter_of(k + 1, year - i16::from(ago), n))
    }

    fn year_back(&self, len: usize) -> Option<Hit> {
        Hit::span(len, self.anchor.and_then(|a| Interval::year(a.end.year - 1)))
    }

    /// The 1990s.
    pub(super) fn decade(&self, i: usize) -> Option<Hit> {
        let the = usize::from(self.word(i) == "the");
        let year = self.full_year(i + the).filter(|year| year % 10 == 0)?;
        let apostrophe = usize::from(self.is(i + the + 1, &["'", "’"]));
        if self.word(i + the + 1 + apostrophe) != "s"
            || !self.glued(i + the + 1 + apostrophe)
            || apostrophe > 0
        {
            return None;
        }
        let century = year % 100 == 0 && year < 2000;
        let last = if century { year + 99 } else { year + 9 };
        let interval =
            Interval::year(year).zip(Interval::year(last)).and_then(|(a, b)| Interval::joined(a, b));
        let value = if century { Value::Century(year) } else { Value::Decade(year) };
        Some(Hit::new(the + 2, DateKind::Span, interval).valued(value))
    }

    /// The 20th century, the nineteenth century, the '80s, the nineties.
    pub(super) fn century(&self, i: usize) -> Option<Hit> {
        const NTH: [(&str, i16); 9] = [
            ("fifteenth", 15),
            ("sixteenth", 16),
            ("seventeenth", 17),
            ("eighteenth", 18),
            ("nineteenth", 19),
            ("twentieth", 20),
            ("fourteenth", 14),
            ("thirteenth", 13),
            ("twelfth", 12),
        ];
        const DECADES: [&str; 8] =
            ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
        let the = usize::from(self.word(i) == "the");
        let k = i + the;
        let stretch = |len, first: i16, last: i16, value| {
            let ends = Interval::year(first).zip(Interval::year(last));
            Some(Hit::new(len, DateKind::Span, ends.and_then(|(a, b)| Interval::joined(a, b))).valued(value))
        };
        let nth = NTH.iter().find(|(word, _)| *word == self.word(k)).map(|(_, n)| (*n, 1)).or_else(|| {
            let n = self.digits(k, 1..=2)? as i16;
            (self.glued(k + 1) && self.is(k + 1, &["st", "nd", "rd", "th"])).then_some((n, 2))
        });
        if let Some((n, len)) = nth {
            let dash = usize::from(self.word(k + len) == "-");
            if !self.is(k + len + dash, &["century", "centuries"]) || n < 1 {
                return None;
            }
            let first = 100 * (n - 1);
            return stretch(the + len + dash + 1, (first).max(1), first + 99, Value::Century(first));
        }
        if the == 0 {
            return None;
        }
        if let Some(n) = DECADES.iter().position(|word| *word == self.word(k)) {
            let first = 1920 + 10 * n as i16;
            return stretch(2, first, first + 9, Value::Decade(first));
        }
        let tens = self.is(k, &["'", "’", "‘"]).then(|| self.digits(k + 1, 2..=2)).flatten()?;
        if tens % 10 != 0 || self.word(k + 2) != "s" || !self.glued(k + 2) {
            return None;
        }
        let first = if tens < 20 { 2000 } else { 1900 } + tens as i16;
        stretch(the + 3, first, first + 9, Value::Decade(first))
    }

    /// 2011-2014, 2011-14.
    pub(super) fn years(&self, i: usize) -> Option<Hit> {
        let first = self.full_year(i)?;
        if !self.is(i + 1, &["-", "–"]) || !self.glued(i + 2) {
            return None;
        }
        let last = match self.full_year(i + 2) {
            Some(last) => last,
            None => first - first % 100 + self.digits(i + 2, 2..=2)? as i16,
        };
        let interval =
            Interval::year(first).zip(Interval::year(last)).and_then(|(a, b)| Interval::joined(a, b))?;
        (first > 1500 && last > first).then(|| Hit::span(3, Some(interval))).flatten()
    }

    /// 2015 after a word that takes a year, or before a noun: "in 2015", "the 2008 war".
    pub(super) fn year(&self, i: usize) -> Option<Hit> {
        if let Some((year, len)) = self.spoken_year(i) {
            let counted = unit(self.word(i + len)).is_some()
                || self.is(i + len, &["people", "dollars", "percent", "men", "hundred", "thousand"]);
            let fits = matches!(
                self.before(i),
                "in" | "of" | "since" | "year" | "until" | "by" | "," | "early" | "late" | ""
            ) || year < 2000;
            return (!counted && fits).then(|| Hit::span(len, Interval::year(year))).flatten();
        }
        let year = self.full_year(i).filter(|year| (1800..2100).contains(year))?;
        let before = self.before(i);
        let name = self.atoms.get(i + 1).is_some_and(|atom| atom.capital);
        let counted =
            !name && self.word(i + 1).ends_with('s') && !self.is(i + 1, &["was", "is", "has", "'s"])
                || self.is(
                    i + 1,
                    &[
                        "people",
                        "men",
                        "women",
                        "children",
                        "km",
                        "miles",
                        "dollars",
                        "percent",
                        "%",
                        "troops",
                        "meters",
                        "hours",
                        "kilometers",
                    ],
                );
        let firm = [
            "in", "since", "during", "early", "late", "year", "fiscal", "mid", "-", "until", "till",
            "before", "after", "autumn", "summer", "winter", "spring", "by", "into", "both",
        ];
        let loose = [
            "of", "from", "to", "for", "through", "and", "the", "a", "an", "(", "'s", "s", "’s", "or", ",",
            "their", "his", "its", "that",
        ];
        let fits = firm.contains(&before) && !(counted && matches!(before, "by" | "after" | "-"))
            || loose.contains(&before)
                && !counted
                && (1900..2100).contains(&year)
                && (!matches!(before, "the" | "a" | "an" | "their" | "his" | "its" | "s" | "'s" | "’s")
                    || self.word(i + 1).starts_with(char::is_alphabetic));
        fits.then(|| Hit::span(1, Interval::year(year))).flatten()
    }

    /// "The 17th", of the month told of or the present one.
    pub(super) fn ordinal(&self, i: usize) -> Option<Hit> {
        let led = ["on", "of", "by", "until", "since", "from", "before", "after"];
        if self.word(i) != "the" || !led.contains(&self.before(i)) {
            return None;
        }
        let (day, n) = self.day_number(i + 1).filter(|(_, n)| *n == 2)?;
        let next = self.word(i + 1 + n);
        let noun =
            next.starts_with(char::is_alphabetic) && self.atoms[i + 1 + n].sentence == self.atoms[i].sentence;
        if next == "-"
            || noun
                && !matches!(next, "and" | "the" | "it" | "he" | "they" | "when" | "a" | "to" | "at" | "in")
        {
            return None;
        }
        let month = self.told.filter(|told| told.precision <= Precision::Month).map(|t| t.start);
        let date = self.today.and_then(|today| {
            let (year, month) = month.map_or((today.year, today.month), |m| (m.year, m.month));
            let date = Date::new(year, month, day)?;
            if date > today.plus(7) { Date::new(year, month.checked_sub(1)?, day) } else { Some(date) }
        });
        Hit::day(1 + n, date)
    }

    /// Christmas Day, New Year's Eve, Thanksgiving.
    pub(super) fn feast(&self, i: usize) -> Option<Hit> {
        if !self.atoms[i].capital {
            return None;
        }
        for (words, month, day) in [
            ("christmas day", 12, 25),
            ("christmas eve", 12, 24),
            ("christmas", 12, 25),
            ("new year ' s eve", 12, 31),
            ("new year ’ s eve", 12, 31),
            ("new year ' s day", 1, 1),
            ("new year ’ s day", 1, 1),
        ] {
            let len = self.words(i, words);
            if len > 0 {
                return Hit::day(len, self.with_year(i, month, day));
            }
        }
        let thanks = self.words(i, "thanksgiving day").max(self.words(i, "thanksgiving"));
        if thanks > 0 {
            // The fourth Thursday of November.
            let day = self.today.and_then(|today| {
                let of = |year| {
                    let first = Date::new(year, 11, 1)?;
                    Some(first.plus((3 - i32::from(first.weekday())).rem_euclid(7) + 21))
                };
                of(today.year).filter(|day| *day <= today.plus(14)).or_else(|| of(today.year - 1))
            });
            return Hit::day(thanks, day);
        }
        None
    }

    /// The summer of 2014: no finer than the year, since seasons depend on the hemisphere.
    pub(super) fn season(&self, i: usize) -> Option<Hit> {
        let past = usize::from(self.words(i, "this past") > 0);
        let way = past + usize::from(self.is(i + past, &["last", "this", "next", "the", "past"]));
        let season = match self.word(i + way) {
            "spring" => "SP",
            "summer" => "SU",
            "autumn" | "fall" => "FA",
            "winter" => "WI",
            _ => return None,
        };
        if let Some((year, k)) = self.year_after(i + way + 1) {
            let hit = Hit::new(way + 1 + k, DateKind::Span, Interval::year(year));
            return Some(hit.valued(Value::Season(year, season)));
        }
        let named = if self.word(i) == "the" { self.before(i) == "in" } else { way > 0 };
        if !named {
            return None;
        }
        let hit = Hit::new(way + 1, DateKind::Span, None);
        let Some(today) = self.today else { return Some(hit) };
        let begins = match season {
            "SP" => 3,
            "SU" => 6,
            "FA" => 9,
            _ => 12,
        };
        let year = match self.word(i) {
            "last" => today.year - i16::from(today.month < begins + 3),
            "next" => today.year + i16::from(today.month >= begins),
            _ => today.year,
        };
        Some(hit.valued(Value::Season(year, season)))
    }
}
