//! A page as atoms (runs of letters, runs of digits, single signs) and the small things that rules ask of them: a word, a
//! number, a month's name.

use super::{DateKind, End, FoundDate, Unit, Value};
use hearsay_doc::{Date, Doc, Interval, Precision, Span};

/// A run of letters, a run of digits, or one sign.
pub(super) struct Atom {
    pub(super) lower: String,
    pub(super) span: Span,
    pub(super) token: u32,
    pub(super) sentence: u32,
    /// Begins with a capital.
    pub(super) capital: bool,
    /// Nothing stands between it and the atom before.
    pub(super) glued: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Atoms at the start that belong to the pattern, not to the expression ("since").
    pub(super) skip: usize,
    /// Atoms in all.
    pub(super) len: usize,
    pub(super) kind: DateKind,
    pub(super) interval: Option<Interval>,
    pub(super) value: Value,
    /// Of a range, the atoms of both ends (first, one past the last) with what they name.
    pub(super) ends: Option<[Part; 2]>,
}

/// Atoms (the first, one past the last) with what they name.
pub(super) type Part = (usize, usize, Option<Interval>, Value);

impl Hit {
    pub(super) fn new(len: usize, kind: DateKind, interval: Option<Interval>) -> Hit {
        Hit { skip: 0, len, kind, interval, value: Value::Days, ends: None }
    }

    pub(super) fn day(len: usize, date: Option<Date>) -> Option<Hit> {
        Some(Hit::new(len, DateKind::Day, date.map(Interval::day)))
    }

    pub(super) fn span(len: usize, interval: Option<Interval>) -> Option<Hit> {
        Some(Hit::new(len, DateKind::Span, interval))
    }

    pub(super) fn without(len: usize, kind: DateKind) -> Option<Hit> {
        Some(Hit::new(len, kind, None))
    }

    /// "Three days": a length with no place on the calendar.
    pub(super) fn length(len: usize, n: Option<i32>, unit: Unit) -> Option<Hit> {
        let n = n.and_then(|n| u16::try_from(n).ok());
        Some(Hit::new(len, DateKind::Duration, None).valued(Value::Length(n, unit)))
    }

    pub(super) fn valued(self, value: Value) -> Hit {
        Hit { value, ..self }
    }

    pub(super) fn longer(self, by: usize) -> Hit {
        Hit { len: self.len + by, ..self }
    }
}

pub(super) const MONTHS: [(&str, &str); 12] = [
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may", "may"),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
];

pub(super) const WEEKDAYS: [(&str, &str); 7] = [
    ("monday", "mon"),
    ("tuesday", "tue"),
    ("wednesday", "wed"),
    ("thursday", "thu"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
];

pub(super) const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

pub(super) const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Words of the day, as in "Saturday night", "at dawn".
pub(super) const PARTS: [&str; 14] = [
    "morning",
    "afternoon",
    "evening",
    "night",
    "dawn",
    "dusk",
    "midnight",
    "noon",
    "midday",
    "sunrise",
    "sunset",
    "nightfall",
    "daybreak",
    "lunchtime",
];

/// A day so well known that reports leave its year out: month, day, year, and a word the page must hold.
pub(super) const KNOWN_DAYS: [(u8, u8, i16, &[&str]); 3] = [
    (10, 7, 2023, &["hamas", "israel", "israeli", "gaza"]),
    (9, 11, 2001, &["attacks", "attack", "qaeda", "hijackers"]),
    (2, 24, 2022, &["invasion", "invaded", "invading"]),
];

pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "second" => Unit::Second,
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" | "night" => Unit::Day,
        "week" | "fortnight" => Unit::Week,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        "decade" => Unit::Decade,
        "century" | "centurie" => Unit::Century,
        _ => return None,
    })
}

pub(super) fn is_part(word: &str) -> bool {
    PARTS.contains(&word.strip_suffix('s').unwrap_or(word))
}

/// The month `n` months after that of `date`, as (year, month).
pub(super) fn month_plus(date: Date, n: i32) -> (i16, u8) {
    let months = i32::from(date.year) * 12 + i32::from(date.month) - 1 + n;
    (months.div_euclid(12) as i16, (months.rem_euclid(12) + 1) as u8)
}

pub(super) struct Reader {
    pub(super) atoms: Vec<Atom>,
    /// The published date as given.
    pub(super) anchor: Option<Interval>,
    /// The published day.
    pub(super) today: Option<Date>,
    pub(super) day_first: Option<bool>,
    /// The last day, month or year named before here, for "the next day".
    pub(super) told: Option<Interval>,
    /// The last quarter named before here, with the sentence that names it, for "a year earlier".
    pub(super) quarter: Option<(i16, u8, u32)>,
}

impl Reader {
    pub(super) fn new(doc: &Doc, anchor: Option<Interval>, day_first: Option<bool>) -> Reader {
        let mut atoms: Vec<Atom> = Vec::with_capacity(doc.tokens.len());
        let class = |c: char| if c.is_alphabetic() { 1 } else { 2 * u8::from(c.is_ascii_digit()) };
        let mut sentence = 0;
        for (token, tok) in doc.tokens.iter().enumerate() {
            while doc.sentences.get(sentence).is_some_and(|&(_, end)| end as usize <= token) {
                sentence += 1;
            }
            let form = doc.slice(tok.span);
            let mut start = 0;
            let mut chars = form.char_indices().peekable();
            while let Some((_, c)) = chars.next() {
                let next = chars.peek().copied();
                let end = next.map_or(form.len(), |(at, _)| at);
                if class(c) != 0 && next.is_some_and(|(_, d)| class(d) == class(c)) {
                    continue;
                }
                if !c.is_whitespace() {
                    let base = tok.span.start as usize;
                    let span = Span::new(base + start, base + end);
                    atoms.push(Atom {
                        lower: form[start..end].to_lowercase(),
                        span,
                        token: token as u32,
                        sentence: sentence as u32,
                        capital: form[start..end].starts_with(char::is_uppercase),
                        glued: atoms.last().is_some_and(|before| before.span.end == span.start),
                    });
                }
                start = end;
            }
        }
        let today = anchor.filter(|a| a.precision == Precision::Day).map(|a| a.start);
        Reader { atoms, anchor, today, day_first, told: None, quarter: None }
    }

    /// The atom's word in lower case, `""` past the end of the page.
    pub(super) fn word(&self, i: usize) -> &str {
        self.atoms.get(i).map_or("", |atom| &atom.lower)
    }

    /// What a rule found at `i`, as the callers see it.
    pub(super) fn found(&self, i: usize, hit: Hit) -> FoundDate {
        let end = |(first, last, interval, value): Part| {
            let span = Span { start: self.atoms[first].span.start, end: self.atoms[last - 1].span.end };
            End { span, interval, value: self.part(first, last, interval, value) }
        };
        let (first, last) = (i + hit.skip, i + hit.len);
        let whole = end((first, last, hit.interval, hit.value));
        FoundDate {
            span: whole.span,
            tokens: (self.atoms[first].token, self.atoms[last - 1].token + 1),
            interval: hit.interval,
            kind: hit.kind,
            value: whole.value,
            ends: hit.ends.map(|ends| ends.map(end)),
        }
    }

    /// The part of the day or the clock's time that the atoms name beside a day.
    fn part(&self, first: usize, last: usize, interval: Option<Interval>, value: Value) -> Value {
        let near = interval.is_none_or(|i| i.end.days() - i.start.days() < 2);
        if value != Value::Days || !near {
            return value;
        }
        let day = interval.map(|i| i.end).or(self.told_day()).or(self.today);
        let narrowed = (first..last).find_map(|i| self.clock_time(i).map(|(h, m)| Value::Clock(day, h, m)));
        let narrowed = narrowed.or_else(|| {
            (first..last).find_map(|i| match self.word(i) {
                "morning" | "dawn" | "daybreak" | "sunrise" => Some(Value::Part(day, "MO")),
                "midday" | "noon" => Some(Value::Clock(day, 12, Some(0))),
                "afternoon" => Some(Value::Part(day, "AF")),
                "evening" | "dusk" | "sunset" | "nightfall" => Some(Value::Part(day, "EV")),
                "night" | "tonight" | "overnight" => Some(Value::Part(day, "NI")),
                "midnight" => Some(Value::Clock(day, 24, Some(0))),
                _ => None,
            })
        });
        narrowed.unwrap_or(value)
    }

    /// Hour and minute where atom `i` begins a time of the clock: "10:30 p.m.", "5 pm", "21:15".
    fn clock_time(&self, i: usize) -> Option<(u8, Option<u8>)> {
        let hour = self.digits(i, 1..=2)?;
        let colon = self.is(i + 1, &[":", "."]) && self.glued(i + 1) && self.glued(i + 2);
        let minute = colon.then(|| self.digits(i + 2, 2..=2)).flatten();
        let half = i + 1 + 2 * usize::from(minute.is_some());
        let dotted = |letter| self.word(half) == letter && self.words(half + 1, ". m") > 0;
        let pm = self.word(half) == "pm" || dotted("p");
        let am = self.word(half) == "am" || dotted("a");
        if !(am || pm || minute.is_some() && self.word(i + 1) == ":")
            || self.glued(i) && i > 0 && self.is(i - 1, &[":", "/"])
        {
            return None;
        }
        let hour = match (am, pm) {
            (true, _) if hour == 12 => 0,
            (_, true) if hour < 12 => hour + 12,
            _ => hour,
        };
        (hour < 25).then_some((hour as u8, minute.map(|m| m as u8)))
    }

    /// The last thing named, if it was a day.
    pub(super) fn told_day(&self) -> Option<Date> {
        self.told.filter(|told| told.precision == Precision::Day).map(|told| told.start)
    }

    /// The word before, within the sentence.
    pub(super) fn before(&self, i: usize) -> &str {
        if i == 0 || self.atoms[i - 1].sentence != self.atoms[i].sentence { "" } else { self.word(i - 1) }
    }

    /// How many of these words, in order, start at `i`; all or none.
    pub(super) fn words(&self, i: usize, words: &str) -> usize {
        let mut n = 0;
        for word in words.split(' ') {
            if self.word(i + n) != word {
                return 0;
            }
            n += 1;
        }
        n
    }

    pub(super) fn is(&self, i: usize, any: &[&str]) -> bool {
        any.contains(&self.word(i))
    }

    pub(super) fn glued(&self, i: usize) -> bool {
        self.atoms.get(i).is_some_and(|atom| atom.glued)
    }

    pub(super) fn digits(&self, i: usize, widths: std::ops::RangeInclusive<usize>) -> Option<i32> {
        let word = self.word(i);
        (widths.contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit()))
            .then(|| word.parse().ok())
            .flatten()
    }

    /// A year in full, 1000 to 2199, standing as a number of its own.
    pub(super) fn full_year(&self, i: usize) -> Option<i16> {
        let year = self.digits(i, 4..=4)?;
        let part_of_number =
            (self.is(i + 1, &[",", "."]) && self.glued(i + 2) && self.digits(i + 2, 1..=9).is_some())
                || (self.glued(i) && self.is(i.wrapping_sub(1), &["$", "€", "£", ",", "."]) && self.glued(i));
        ((1000..2200).contains(&year) && !part_of_number).then_some(year as i16)
    }

    /// Month 1 to 12 and the atoms it takes; "may" and "march" only with a capital.
    pub(super) fn month_name(&self, i: usize) -> Option<(u8, usize)> {
        let word = self.word(i);
        if word.len() < 3 || !self.atoms[i].capital {
            return None;
        }
        let found = MONTHS.iter().position(|(long, short)| {
            word == *long || word == *short || (word == "sep" && *short == "sept")
        })?;
        let short = word.len() < 5 && word != MONTHS[found].0;
        let dot = short && self.word(i + 1) == "." && self.glued(i + 1);
        Some((found as u8 + 1, 1 + usize::from(dot)))
    }

    pub(super) fn weekday_name(&self, i: usize) -> Option<(u8, usize)> {
        let word = self.word(i);
        if !self.atoms.get(i)?.capital {
            return None;
        }
        let dot = self.word(i + 1) == "." && self.glued(i + 1);
        for (n, (long, short)) in WEEKDAYS.iter().enumerate() {
            if word == *long || word.strip_suffix('s') == Some(long) {
                return Some((n as u8, 1));
            }
            let known = word == *short || (word.len() > 3 && word.len() < 6 && long.starts_with(word));
            if known && (dot || word.len() > 3 && word != "sund") {
                return Some((n as u8, 1 + usize::from(dot)));
            }
        }
        None
    }

    /// Day of the month, 1 to 31, with its ending, and the atoms it takes.
    pub(super) fn day_number(&self, i: usize) -> Option<(u8, usize)> {
        let day = self.digits(i, 1..=2).filter(|day| (1..=31).contains(day))?;
        let ending = self.glued(i + 1) && self.is(i + 1, &["st", "nd", "rd", "th"]);
        let decimal = self.is(i + 1, &[".", ":", ","])
            && self.glued(i + 1)
            && self.glued(i + 2)
            && self.digits(i + 2, 1..=9).is_some();
        (!decimal).then_some((day as u8, 1 + usize::from(ending)))
    }

    /// A number in words or digits, and the atoms it takes; `None` inside for "a few".
    pub(super) fn number(&self, i: usize) -> Option<(Option<i32>, usize)> {
        if let Some(n) = self.digits(i, 1..=3) {
            let decimal =
                self.glued(i + 1) && self.is(i + 1, &[".", ","]) && self.digits(i + 2, 1..=9).is_some();
            return (!decimal).then_some((Some(n), 1));
        }
        if let Some((n, len)) = self.number_words(i) {
            return Some((Some(n), len));
        }
        for couple in ["a couple of", "couple of", "a pair of"] {
            let n = self.words(i, couple);
            if n > 0 {
                return Some((Some(2), n));
            }
        }
        for few in
            ["a few", "several", "some", "many", "dozens of", "hundreds of", "a number of", "few", "various"]
        {
            let n = self.words(i, few);
            if n > 0 {
                return Some((None, n));
            }
        }
        matches!(self.word(i), "a" | "an").then_some((Some(1), 1))
    }

    /// "Nine", "twenty-four", "a hundred".
    fn number_words(&self, i: usize) -> Option<(i32, usize)> {
        let below_20 = |k: usize| NUMBERS[..20].iter().position(|w| *w == self.word(k)).filter(|n| *n > 0);
        let tens = |k: usize| TENS.iter().position(|w| *w == self.word(k)).map(|n| 20 + 10 * n);
        if let Some(ten) = tens(i) {
            let dash = usize::from(self.word(i + 1) == "-" && self.glued(i + 1));
            return Some(match below_20(i + 1 + dash).filter(|n| *n < 10) {
                Some(one) => ((ten + one) as i32, 2 + dash),
                None => (ten as i32, 1),
            });
        }
        if self.is(i, &["a", "one"]) && self.word(i + 1) == "hundred" {
            return Some((100, 2));
        }
        below_20(i).map(|n| (n as i32, 1))
    }

    /// "Nineteen ninety-four", "two thousand and eight": a year as it is spoken, and the atoms it takes.
    pub(super) fn spoken_year(&self, i: usize) -> Option<(i16, usize)> {
        if self.words(i, "two thousand") > 0 {
            let and = usize::from(self.word(i + 2) == "and");
            return Some(match self.number_words(i + 2 + and).filter(|(n, _)| *n < 30) {
                Some((n, len)) => (2000 + n as i16, 2 + and + len),
                None => (2000, 2),
            });
        }
        let century = match self.word(i) {
            "eighteen" => 1800,
            "nineteen" => 1900,
            "twenty" => 2000,
            _ => return None,
        };
        let (n, len) = self.number_words(i + 1)?;
        (10..100).contains(&n).then_some((century + n as i16, 1 + len))
    }
}
