//! When: every temporal expression of a page as an interval of days, no finer than its words.
//!
//! "At dawn on Sunday 3/24/2024" is a day, "last week" is Monday to Sunday, "in March 2015" a month, "two days
//! ago" a day counted from the published date, "recently" nothing. Where the published date is unknown only
//! expressions that name their year resolve; the others are found and left without an interval.
//!
//! Start at [`dates`]. It cuts the tokens into atoms (runs of letters, runs of digits, single signs), so that
//! `Oct.`, `24-25` and `3/24/2024` read alike whatever the tokenizer did, and tries the rules in `RULES` at
//! each atom, the first that fits winning. What stands around a date ("early", "night of", "since", "from …
//! to …") is added afterwards in `Reader::at`.
//!
//! Which event a date belongs to is not decided here.

use hearsay_doc::{Date, Doc, Interval, Precision, Span};

/// What kind of temporal expression was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateKind {
    /// One day: "on Sunday", "March 24", "yesterday".
    Day,
    /// A stretch of days: "last week", "2015", "the past month", "June 24-25".
    Span,
    /// "Since October 7": the interval runs from that day to the published date (to the end of what was named,
    /// where the published date is unknown).
    Since,
    /// "Three days", with no place on the calendar.
    Duration,
    /// "At dawn", "in the morning", with no day beside it.
    TimeOfDay,
    /// "Recently", "in recent weeks", "a few days ago".
    Vague,
}

/// One temporal expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDate {
    /// Its words, without a preposition before them.
    pub span: Span,
    /// First token and one past the last, indices in [`Doc::tokens`].
    pub tokens: (u32, u32),
    /// The days meant; `None` where they cannot be known.
    pub interval: Option<Interval>,
    /// What kind of expression.
    pub kind: DateKind,
}

/// Finds the temporal expressions of `doc`, in order, never overlapping.
///
/// `anchor` is the published date. A day lets everything resolve; a month or a year resolves only what needs no
/// day; `None` leaves all but full dates without an interval. `3/4/2024` is left open unless something decides
/// it, see [`dates_with`].
///
/// Only forms are looked at, neither tags nor heads. A page without tokens gives an empty list.
pub fn dates(doc: &Doc, anchor: Option<Interval>) -> Vec<FoundDate> {
    dates_with(doc, anchor, None)
}

/// As [`dates`], with the outlet's habit for numerals: `Some(true)` reads `3/4/2024` as 3 April, `Some(false)`
/// as March 4.
///
/// A weekday beside it, a number above 12, or only one reading near the published date decide first.
pub fn dates_with(doc: &Doc, anchor: Option<Interval>, day_first: Option<bool>) -> Vec<FoundDate> {
    let mut reader = Reader::new(doc, anchor, day_first);
    let mut found = Vec::new();
    let mut i = 0;
    while i < reader.atoms.len() {
        let Some(hit) = reader.at(i) else {
            i += 1;
            continue;
        };
        let (first, last) = (&reader.atoms[i + hit.skip], &reader.atoms[i + hit.len - 1]);
        found.push(FoundDate {
            span: Span { start: first.span.start, end: last.span.end },
            tokens: (first.token, last.token + 1),
            interval: hit.interval,
            kind: hit.kind,
        });
        if matches!(hit.kind, DateKind::Day | DateKind::Span) && hit.interval.is_some() {
            reader.told = hit.interval;
        }
        i += hit.len;
    }
    found
}

/// A run of letters, a run of digits, or one sign.
struct Atom {
    lower: String,
    span: Span,
    token: u32,
    sentence: u32,
    /// Begins with a capital.
    capital: bool,
    /// Nothing stands between it and the atom before.
    glued: bool,
}

/// What a rule found.
#[derive(Clone, Copy, Debug)]
struct Hit {
    /// Atoms at the start that belong to the pattern, not to the expression ("since").
    skip: usize,
    /// Atoms in all.
    len: usize,
    kind: DateKind,
    interval: Option<Interval>,
}

impl Hit {
    fn day(len: usize, date: Option<Date>) -> Option<Hit> {
        Some(Hit { skip: 0, len, kind: DateKind::Day, interval: date.map(Interval::day) })
    }

    fn span(len: usize, interval: Option<Interval>) -> Option<Hit> {
        Some(Hit { skip: 0, len, kind: DateKind::Span, interval })
    }

    fn without(len: usize, kind: DateKind) -> Option<Hit> {
        Some(Hit { skip: 0, len, kind, interval: None })
    }

    fn longer(self, by: usize) -> Hit {
        Hit { len: self.len + by, ..self }
    }
}

/// Which way a date without a year, or a weekday, points.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tense {
    Past,
    Future,
}

type Rule = fn(&Reader, usize) -> Option<Hit>;

/// Tried in this order at each atom.
const RULES: &[Rule] = &[
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
    Reader::stretch,
    Reader::unit_beside,
    Reader::quarter,
    Reader::decade,
    Reader::years,
    Reader::year,
    Reader::feast,
    Reader::season,
    Reader::vague,
];

const MONTHS: [(&str, &str); 12] = [
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

const WEEKDAYS: [(&str, &str); 7] = [
    ("monday", "mon"),
    ("tuesday", "tue"),
    ("wednesday", "wed"),
    ("thursday", "thu"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
];

const NUMBERS: [&str; 21] = [
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

/// Words of the day, as in "Saturday night", "at dawn".
const PARTS: [&str; 14] = [
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
const KNOWN_DAYS: [(u8, u8, i16, &[&str]); 3] = [
    (10, 7, 2023, &["hamas", "israel", "israeli", "gaza"]),
    (9, 11, 2001, &["attacks", "attack", "qaeda", "hijackers"]),
    (2, 24, 2022, &["invasion", "invaded", "invading"]),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "second" | "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" | "night" => Unit::Day,
        "week" | "fortnight" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        "decade" => Unit::Decade,
        _ => return None,
    })
}

fn is_part(word: &str) -> bool {
    PARTS.contains(&word.strip_suffix('s').unwrap_or(word))
}

/// The month `n` months after that of `date`, as (year, month).
fn month_plus(date: Date, n: i32) -> (i16, u8) {
    let months = i32::from(date.year) * 12 + i32::from(date.month) - 1 + n;
    (months.div_euclid(12) as i16, (months.rem_euclid(12) + 1) as u8)
}

/// The first day of `first` to the last of `last`; `None` if that runs backwards.
fn joined(first: Interval, last: Interval) -> Option<Interval> {
    (first.start <= last.end).then(|| Interval::range(first.start, last.end))
}

struct Reader {
    atoms: Vec<Atom>,
    /// The published date as given.
    anchor: Option<Interval>,
    /// The published day.
    today: Option<Date>,
    day_first: Option<bool>,
    /// The last day, month or year named before here, for "the next day".
    told: Option<Interval>,
}

impl Reader {
    fn new(doc: &Doc, anchor: Option<Interval>, day_first: Option<bool>) -> Reader {
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
        Reader { atoms, anchor, today, day_first, told: None }
    }

    /// The atom's word in lower case, `""` past the end of the page.
    fn word(&self, i: usize) -> &str {
        self.atoms.get(i).map_or("", |atom| &atom.lower)
    }

    /// The last thing named, if it was a day.
    fn told_day(&self) -> Option<Date> {
        self.told.filter(|told| told.precision == Precision::Day).map(|told| told.start)
    }

    /// The word before, within the sentence.
    fn before(&self, i: usize) -> &str {
        if i == 0 || self.atoms[i - 1].sentence != self.atoms[i].sentence { "" } else { self.word(i - 1) }
    }

    /// How many of these words, in order, start at `i`; all or none.
    fn words(&self, i: usize, words: &str) -> usize {
        let mut n = 0;
        for word in words.split(' ') {
            if self.word(i + n) != word {
                return 0;
            }
            n += 1;
        }
        n
    }

    fn is(&self, i: usize, any: &[&str]) -> bool {
        any.contains(&self.word(i))
    }

    fn glued(&self, i: usize) -> bool {
        self.atoms.get(i).is_some_and(|atom| atom.glued)
    }

    fn digits(&self, i: usize, widths: std::ops::RangeInclusive<usize>) -> Option<i32> {
        let word = self.word(i);
        (widths.contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit()))
            .then(|| word.parse().ok())
            .flatten()
    }

    /// A year in full, 1000 to 2199, standing as a number of its own.
    fn full_year(&self, i: usize) -> Option<i16> {
        let year = self.digits(i, 4..=4)?;
        let part_of_number =
            (self.is(i + 1, &[",", "."]) && self.glued(i + 2) && self.digits(i + 2, 1..=9).is_some())
                || (self.glued(i) && self.is(i.wrapping_sub(1), &["$", "€", "£", ",", "."]) && self.glued(i));
        ((1000..2200).contains(&year) && !part_of_number).then_some(year as i16)
    }

    /// Month 1 to 12 and the atoms it takes; "may" and "march" only with a capital.
    fn month_name(&self, i: usize) -> Option<(u8, usize)> {
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

    fn weekday_name(&self, i: usize) -> Option<(u8, usize)> {
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
    fn day_number(&self, i: usize) -> Option<(u8, usize)> {
        let day = self.digits(i, 1..=2).filter(|day| (1..=31).contains(day))?;
        let ending = self.glued(i + 1) && self.is(i + 1, &["st", "nd", "rd", "th"]);
        let decimal = self.is(i + 1, &[".", ":", ","])
            && self.glued(i + 1)
            && self.glued(i + 2)
            && self.digits(i + 2, 1..=9).is_some();
        (!decimal).then_some((day as u8, 1 + usize::from(ending)))
    }

    /// A number in words or digits, and the atoms it takes; `None` inside for "a few".
    fn number(&self, i: usize) -> Option<(Option<i32>, usize)> {
        if let Some(n) = self.digits(i, 1..=3) {
            let decimal =
                self.glued(i + 1) && self.is(i + 1, &[".", ","]) && self.digits(i + 2, 1..=9).is_some();
            return (!decimal).then_some((Some(n), 1));
        }
        let word = self.word(i);
        if let Some(n) = NUMBERS.iter().position(|w| *w == word).filter(|n| *n > 0) {
            let joined = self.word(i + 1) == "-" && self.glued(i + 1) && n == 20;
            if let (true, Some(m)) = (joined, NUMBERS.iter().position(|w| *w == self.word(i + 2))) {
                return Some((Some((n + m) as i32), 3));
            }
            return Some((Some(n as i32), 1));
        }
        let tens = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"];
        if let Some(n) = tens.iter().position(|w| *w == word) {
            return Some((Some(30 + 10 * n as i32), 1));
        }
        for few in [
            "a few",
            "several",
            "some",
            "many",
            "a couple of",
            "dozens of",
            "hundreds of",
            "a number of",
            "few",
        ] {
            let n = self.words(i, few);
            if n > 0 {
                return Some((None, n));
            }
        }
        matches!(word, "a" | "an").then_some((Some(1), 1))
    }

    /// Does the clause around atom `i` speak of what is to come?
    fn tense(&self, i: usize) -> Tense {
        const TO_COME: [&str; 6] = ["will", "shall", "ll", "won", "upcoming", "next"];
        const ARRANGED: [&str; 8] =
            ["scheduled", "due", "planned", "plans", "expected", "set", "slated", "expires"];
        const PAST: [&str; 8] = ["was", "were", "had", "been", "previously", "originally", "as", "has"];
        const BREAKS: [&str; 13] =
            [";", "said", "says", "told", "that", "announced", "\"", "”", "“", "was", "were", "had", "has"];
        let sentence = self.atoms[i].sentence;
        for k in (0..i).rev().take(12) {
            if self.atoms[k].sentence != sentence || self.is(k, &BREAKS) {
                break;
            }
            let arranged =
                self.is(k, &ARRANGED) && !(k.saturating_sub(3)..k).any(|before| self.is(before, &PAST));
            if self.is(k, &TO_COME) || arranged {
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
    fn with_year(&self, i: usize, month: u8, day: u8) -> Option<Date> {
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

    fn month_with_year(&self, i: usize, month: u8) -> Option<Interval> {
        let anchor = self.anchor?;
        let (year, now) = (anchor.end.year, anchor.end.month);
        let last = if anchor.precision == Precision::Year { 12 } else { now };
        match self.tense(i) {
            Tense::Past => Interval::month(if month <= last { year } else { year - 1 }, month),
            Tense::Future => Interval::month(if month >= now { year } else { year + 1 }, month),
        }
    }

    /// ", 2015" or " 2015" after a day or month: the year and the atoms it takes.
    fn year_after(&self, i: usize) -> Option<(i16, usize)> {
        let comma = usize::from(self.word(i) == ",");
        let way = self.word(i + comma);
        if matches!(way, "last" | "this") && self.word(i + comma + 1) == "year" {
            return self.anchor.map(|a| (a.end.year - i16::from(way == "last"), comma + 2));
        }
        let of = usize::from(comma == 0 && self.is(i, &["of", "in"]));
        if let Some(year) = self.full_year(i + comma + of) {
            return Some((year, comma + of + 1));
        }
        None
    }

    /// The rule that fits at `i`, with what stands before and after the date.
    fn at(&self, i: usize) -> Option<Hit> {
        self.range(i).or_else(|| self.since(i)).or_else(|| self.dressed(i))
    }

    /// "Since October 7", "since last week": from then until the published date.
    fn since(&self, i: usize) -> Option<Hit> {
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
        let interval = hit.interval.map(|from| {
            let end = self.today.filter(|today| *today > from.start).unwrap_or(from.end);
            Interval { start: from.start, end, precision: Precision::Range }
        });
        Some(Hit { skip: skip + hit.skip, len: skip + hit.len, kind: DateKind::Since, interval })
    }

    /// "Between X and Y", "from X to Y", "X to Y": one stretch.
    fn range(&self, i: usize) -> Option<Hit> {
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
        Some(Hit { skip: open, len: open + first.len + 1 + last.len, kind: DateKind::Span, interval })
    }

    /// From one expression to another; a year named only by the second holds for the first too.
    fn span_of(&self, i: usize, first: Hit, at: usize, last: Hit) -> Option<Interval> {
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
        joined(first_day?, last_day)
    }

    /// Month and day of an expression without a year.
    fn month_and_day(&self, i: usize, hit: Hit) -> Option<(u8, Option<u8>)> {
        let at = (i..i + hit.len).find(|&k| self.month_name(k).is_some())?;
        let day = (i..i + hit.len).find_map(|k| self.day_number(k)).map(|(day, _)| day);
        Some((self.month_name(at)?.0, day))
    }

    fn bare_year(&self, i: usize) -> Option<Hit> {
        self.full_year(i).and_then(|year| Hit::span(1, Interval::year(year)))
    }

    /// A date with what narrows it before ("early", "the night of") and after ("morning", "at 10 p.m.").
    fn dressed(&self, i: usize) -> Option<Hit> {
        if i >= self.atoms.len() {
            return None;
        }
        // "The end of the year", "earlier in the month": the present one.
        if let Some(n) = self.narrower(i).filter(|n| self.word(i + n) == "the") {
            let interval = match self.word(i + n + 1) {
                "year" => Some(self.anchor.and_then(|a| Interval::year(a.end.year))),
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

    fn plain(&self, i: usize) -> Option<Hit> {
        if i >= self.atoms.len() {
            return None;
        }
        RULES.iter().find_map(|rule| rule(self, i))
    }

    /// "Early", "late on", "the end of", "mid-".
    fn narrower(&self, i: usize) -> Option<usize> {
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
    fn part_of_day(&self, i: usize) -> Option<usize> {
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
    fn with_part(&self, i: usize, hit: Hit) -> Hit {
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

    /// "9/11".
    fn attack_name(&self, i: usize) -> Option<Hit> {
        let glued = self.glued(i + 1) && self.glued(i + 2) && self.word(i + 3) != "/";
        (self.words(i, "9 / 11") > 0 && glued).then(|| Hit::day(3, Date::new(2001, 9, 11))).flatten()
    }

    /// 2024-03-24, 2024/3/24, 20240324T….
    fn iso(&self, i: usize) -> Option<Hit> {
        let year = self.full_year(i)?;
        let sign = self.word(i + 1);
        if !matches!(sign, "-" | "/" | ".") || self.word(i + 3) != sign || !self.glued(i + 2) {
            return None;
        }
        let (month, day) = (self.digits(i + 2, 1..=2)?, self.digits(i + 4, 1..=2)?);
        Hit::day(5, Some(Date::new(year, month as u8, day as u8)?))
    }

    /// 3/24/2024, 24.03.2024, 24-3-2024, 10/30/89.
    fn numeric(&self, i: usize) -> Option<Hit> {
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
    fn of_two(&self, i: usize, american: Date, european: Date, sign: &str) -> Option<Date> {
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
    fn month_first(&self, i: usize) -> Option<Hit> {
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
                || self.year_after(i + len + 1 + k).is_some()
                || self.is(i + len + 1 + k, &[",", "."]))
        {
            return self.days_of_month(i, len + 1 + k, month, day, last);
        }
        match self.year_after(i + len) {
            Some((year, k)) => Hit::day(len + k, Some(Date::new(year, month, day)?)),
            None => Hit::day(len, self.with_year(i, month, day)),
        }
    }

    fn days_of_month(&self, i: usize, len: usize, month: u8, first: u8, last: u8) -> Option<Hit> {
        let year = self.year_after(i + len);
        let end = match year {
            Some((year, _)) => Date::new(year, month, last),
            None => self.with_year(i, month, last),
        };
        let start = end.and_then(|end| Date::new(end.year, month, first));
        let interval = start.zip(end).map(|(start, end)| Interval::range(start, end));
        Hit::span(len + year.map_or(0, |(_, k)| k), interval)
    }

    /// 24 March 2024; the 24th of March; 24-25 June.
    fn day_first(&self, i: usize) -> Option<Hit> {
        let the = usize::from(self.word(i) == "the");
        let (day, n) = self.day_number(i + the)?;
        let mut len = the + n;
        let mut last = None;
        if self.is(i + len, &["-", "–", "to", "and"])
            && let Some((end, k)) = self.day_number(i + len + 1).filter(|(end, _)| *end > day)
        {
            last = Some(end);
            len += 1 + k;
        }
        len += usize::from(self.is(i + len, &["of", "-"]));
        let (month, k) = self.month_name(i + len).filter(|_| i + len < self.atoms.len())?;
        len += k;
        if let Some(end) = last {
            return self.days_of_month(i, len, month, day, end);
        }
        let dash = usize::from(self.word(i + len) == "-" && self.full_year(i + len + 1).is_some());
        match self.year_after(i + len + dash) {
            Some((year, k)) => Hit::day(len + dash + k, Some(Date::new(year, month, day)?)),
            None => Hit::day(len, self.with_year(i, month, day)),
        }
    }

    /// March 2015; March; last March; May only where it cannot be a verb.
    fn month(&self, i: usize) -> Option<Hit> {
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
    fn weekday(&self, i: usize) -> Option<Hit> {
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
                "last" | "past" | "previous" if back == 0 => today.plus(-7),
                "next" | "coming" if on == 0 => today.plus(7),
                "next" | "coming" => today.plus(on),
                "this" if self.tense(i) == Tense::Future || on <= 3 => today.plus(on),
                _ if way == 0 && self.tense(i) == Tense::Future => today.plus(on),
                _ => today.plus(-back),
            }
        });
        Hit::day(len, day)
    }

    /// Yesterday, today, tomorrow, tonight, last night, overnight; the next day, the day before.
    fn near_day(&self, i: usize) -> Option<Hit> {
        let plus = |n: i32| self.today.map(|today| today.plus(n));
        match self.word(i) {
            "today" | "tonight" => return Hit::day(1, plus(0)),
            "yesterday" => return Hit::day(1, plus(-1)),
            "tomorrow" => return Hit::day(1, plus(1)),
            "overnight" => {
                // "overnight into Sunday", "overnight on Saturday"
                let k = i + 1 + usize::from(self.is(i + 1, &["into", "on", "to"]));
                if let Some((_, _)) = self.weekday_name(k)
                    && let Some(hit) = self.weekday(k)
                {
                    return Some(hit.longer(k - i));
                }
                return Hit::span(1, plus(-1).zip(plus(0)).map(|(a, b)| Interval::range(a, b)));
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
        let told = |n: i32| self.told_day().map(|day| day.plus(n));
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
    fn clock(&self, i: usize) -> Option<Hit> {
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
    fn part_of_today(&self, i: usize) -> Option<Hit> {
        (self.word(i) == "this" && is_part(self.word(i + 1))).then(|| Hit::day(2, self.today)).flatten()
    }

    /// Last weekend, this weekend, over the weekend.
    fn weekend(&self, i: usize) -> Option<Hit> {
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
        Hit::span(way + 1, interval)
    }

    /// Two days ago, three weeks earlier, a month later; three days, two-year-old.
    fn counted(&self, i: usize) -> Option<Hit> {
        let (n, mut len) = self.number(i)?;
        let dash = usize::from(self.word(i + len) == "-");
        // "a three-day", "the 10-hour": the adjective
        len += dash;
        let of_more = usize::from(
            self.is(i + len, &["more", "full", "straight", "consecutive", "long", "whole"]) && dash == 0,
        );
        let unit = unit(self.word(i + len + of_more))?;
        if self.word(i + len) == "second" {
            return None;
        }
        len += of_more + 1;
        if dash > 0
            || self.word(i + len) == "old"
            || self.words(i + len, "- old") > 0
            || self.words(i + len, "years of age") > 0
        {
            return Hit::without(len, DateKind::Duration);
        }
        let way = match self.word(i + len) {
            "ago" => Some((-1, self.today)),
            "earlier" => Some((-1, self.told_day())),
            "later" => Some((1, self.told_day())),
            "before" | "after" => None,
            _ => None,
        };
        let Some((sign, from)) = way else {
            // "six months from now"
            if self.words(i + len, "from now") > 0 {
                return self.counted_from(len + 2, n, unit, self.today);
            }
            let plain = matches!(self.word(i), "a" | "an")
                && !self.is(
                    i.wrapping_sub(1),
                    &["for", "in", "within", "over", "about", "nearly", "almost", "than"],
                );
            return if plain { None } else { Hit::without(len, DateKind::Duration) };
        };
        self.counted_from(len + 1, n.map(|n| sign * n), unit, from)
    }

    /// The day, week, month or year that many units from `from`.
    fn counted_from(&self, len: usize, n: Option<i32>, unit: Unit, from: Option<Date>) -> Option<Hit> {
        let Some(n) = n else { return Hit::without(len, DateKind::Vague) };
        let Some(from) = from else {
            return match unit {
                Unit::Minute | Unit::Hour | Unit::Day => Hit::day(len, None),
                _ => Hit::span(len, None),
            };
        };
        match unit {
            Unit::Minute => Hit::day(len, Some(from)),
            Unit::Hour => Hit::day(len, Some(from.plus(n / 24))),
            Unit::Day => Hit::day(len, Some(from.plus(n))),
            Unit::Week => Hit::span(len, Some(Interval::week(from.plus(7 * n)))),
            Unit::Month => {
                let (year, month) = month_plus(from, n);
                Hit::span(len, Interval::month(year, month))
            }
            Unit::Year => {
                Hit::span(len, i16::try_from(i32::from(from.year) + n).ok().and_then(Interval::year))
            }
            Unit::Decade => {
                Hit::span(len, i16::try_from(i32::from(from.year) + 10 * n).ok().and_then(Interval::year))
            }
        }
    }

    /// The past week, the last three months, the past 24 hours, the next two days, recent weeks.
    fn stretch(&self, i: usize) -> Option<Hit> {
        let the = usize::from(self.is(i, &["the", "these"]));
        let way = self.word(i + the);
        if matches!(way, "recent" | "coming" | "previous" | "preceding")
            && unit(self.word(i + the + 1)).is_some_and(|_| self.word(i + the + 1).ends_with('s'))
        {
            return Hit::without(the + 2, DateKind::Vague);
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
        let (Some(n), Some(today)) = (n, self.today) else {
            return if n.is_none() { Hit::without(len, DateKind::Vague) } else { Hit::span(len, None) };
        };
        let sign = if way == "next" { 1 } else { -1 };
        let far = match unit {
            Unit::Minute => today,
            Unit::Hour => today.plus(sign * ((n + 23) / 24)),
            Unit::Day => today.plus(sign * n),
            Unit::Week => today.plus(sign * 7 * n),
            Unit::Month | Unit::Year | Unit::Decade => {
                let months = if unit == Unit::Month {
                    n
                } else if unit == Unit::Year {
                    12 * n
                } else {
                    120 * n
                };
                let (year, month) = month_plus(today, sign * months);
                (1..=today.day).rev().find_map(|day| Date::new(year, month, day))?
            }
        };
        let (start, end) = if sign > 0 { (today, far) } else { (far, today) };
        Hit::span(len, Some(Interval::range(start, end)))
    }

    /// Last week, this month, next year; the week of March 3.
    fn unit_beside(&self, i: usize) -> Option<Hit> {
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
        let n = match self.word(i) {
            "last" | "previous" => -1,
            "this" => 0,
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

    /// The first quarter of 2014, the second half of 2015.
    fn quarter(&self, i: usize) -> Option<Hit> {
        let the = usize::from(self.word(i) == "the");
        let n = ["first", "second", "third", "fourth"].iter().position(|w| *w == self.word(i + the))? as u8;
        let months = match self.word(i + the + 1) {
            "quarter" => 3,
            "half" if n < 2 => 6,
            _ => return None,
        };
        let len = the + 2;
        let of = usize::from(self.word(i + len) == "of");
        let way = self.word(i + len + of);
        let (year, more) = if let Some(year) = self.full_year(i + len + of) {
            (Some(year), of + 1)
        } else if matches!(way, "this" | "last" | "next") && self.word(i + len + of + 1) == "year" {
            let plus = i16::from(way == "next") - i16::from(way == "last");
            (self.anchor.map(|a| a.end.year + plus), of + 2)
        } else if months == 3 {
            // Business pages speak of the quarter just past.
            (self.today.map(|t| t.year - i16::from(n * 3 + 1 > t.month)), 0)
        } else {
            return None;
        };
        let interval = year.and_then(|year| {
            let first = Interval::month(year, n * months + 1)?;
            let last = Interval::month(year, (n + 1) * months)?;
            joined(first, last)
        });
        Hit::span(len + more, interval)
    }

    /// The 1990s.
    fn decade(&self, i: usize) -> Option<Hit> {
        let the = usize::from(self.word(i) == "the");
        let year = self.full_year(i + the).filter(|year| year % 10 == 0)?;
        let apostrophe = usize::from(self.is(i + the + 1, &["'", "’"]));
        if self.word(i + the + 1 + apostrophe) != "s"
            || !self.glued(i + the + 1 + apostrophe)
            || apostrophe > 0
        {
            return None;
        }
        let last = if year % 100 == 0 { year + 99 } else { year + 9 };
        let interval = Interval::year(year).zip(Interval::year(if year >= 2000 { year + 9 } else { last }));
        Hit::span(the + 2, interval.and_then(|(a, b)| joined(a, b)))
    }

    /// 2011-2014, 2011-14.
    fn years(&self, i: usize) -> Option<Hit> {
        let first = self.full_year(i)?;
        if !self.is(i + 1, &["-", "–"]) || !self.glued(i + 2) {
            return None;
        }
        let last = match self.full_year(i + 2) {
            Some(last) => last,
            None => first - first % 100 + self.digits(i + 2, 2..=2)? as i16,
        };
        let interval = Interval::year(first).zip(Interval::year(last)).and_then(|(a, b)| joined(a, b))?;
        (first > 1500 && last > first).then(|| Hit::span(3, Some(interval))).flatten()
    }

    /// 2015 after a word that takes a year, or before a noun: "in 2015", "the 2008 war".
    fn year(&self, i: usize) -> Option<Hit> {
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

    /// Christmas Day, New Year's Eve.
    fn feast(&self, i: usize) -> Option<Hit> {
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
        None
    }

    /// The summer of 2014: no finer than the year, since seasons depend on the hemisphere.
    fn season(&self, i: usize) -> Option<Hit> {
        let way = usize::from(self.is(i, &["last", "this", "next", "the"]));
        if !self.is(i + way, &["summer", "winter", "spring", "autumn", "fall"]) {
            return None;
        }
        if let Some((year, k)) = self.year_after(i + way + 1) {
            return Hit::span(way + 1 + k, Interval::year(year));
        }
        let named = way > 0 && self.word(i) != "the" && self.word(i + way) != "fall"
            || self.before(i) == "in" && self.word(i) == "the";
        if named { Hit::span(way + 1, None) } else { None }
    }

    fn vague(&self, i: usize) -> Option<Hit> {
        for words in [
            "recently",
            "lately",
            "currently",
            "now",
            "nowadays",
            "these days",
            "the time being",
            "so far this year",
            "soon",
            "weeks ago",
            "days ago",
            "months ago",
            "years ago",
            "decades ago",
            "earlier",
            "previously",
            "at the moment",
            "the past",
            "the future",
            "the near future",
            "at present",
            "shortly",
            "once",
            "at the time",
            "at that time",
        ] {
            let len = self.words(i, words);
            let often = matches!(words, "earlier" | "once" | "previously" | "shortly" | "soon");
            if len > 0 && !often {
                return Hit::without(len, DateKind::Vague);
            }
        }
        for unit in ["weeks", "days", "months", "years", "decades", "hours", "minutes"] {
            if self.word(i) == unit
                && matches!(self.before(i), "for" | "in" | "within" | "after" | "of" | "over")
            {
                return Hit::without(1, DateKind::Duration);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearsay_doc::{Deprel, Token, Upos};

    /// Words and signs apart, a sentence ends at " . " or a line's end.
    fn doc(text: &str) -> Doc {
        let mut doc = Doc { text: text.to_owned(), ..Doc::default() };
        let mut first = 0;
        let mut at = 0;
        for word in text.split_inclusive(' ') {
            let form = word.trim_end();
            let (form, end) = match form.strip_suffix([',', '.', ';']) {
                Some(bare) if bare.len() > 4 || form.ends_with(',') => (bare, &form[bare.len()..]),
                _ => (form, ""),
            };
            for part in [form, end] {
                if !part.is_empty() {
                    let span = Span::new(at, at + part.len());
                    let head = doc.tokens.len() as u32;
                    doc.tokens.push(Token {
                        span,
                        lemma: part.to_lowercase(),
                        upos: Upos::X,
                        head,
                        deprel: Deprel::Root,
                    });
                    at += part.len();
                }
            }
            at += word.len() - word.trim_end().len();
            if end == "." {
                doc.sentences.push((first, doc.tokens.len() as u32));
                first = doc.tokens.len() as u32;
            }
        }
        if (first as usize) < doc.tokens.len() {
            doc.sentences.push((first, doc.tokens.len() as u32));
        }
        doc
    }

    /// `words = interval` of every expression; the page is of Tuesday 26 March 2024.
    fn check(text: &str, expected: &str) {
        check_on(Some("2024-03-26"), text, expected);
    }

    fn check_on(anchor: Option<&str>, text: &str, expected: &str) {
        let doc = doc(text);
        let anchor = anchor.map(|day| Interval::parse(day).unwrap());
        let found: Vec<String> = dates(&doc, anchor)
            .iter()
            .map(|date| {
                let when = date.interval.map_or_else(|| format!("{:?}?", date.kind), |i| i.iso());
                format!("{} = {when}", doc.slice(date.span))
            })
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn full_dates_in_every_order() {
        check("on March 24, 2024, the", "March 24, 2024 = 2024-03-24");
        check("on 24 March 2024", "24 March 2024 = 2024-03-24");
        check("on the 24th of March 2024", "the 24th of March 2024 = 2024-03-24");
        check("on Sept. 3, 2015, he", "Sept. 3, 2015 = 2015-09-03");
        check("on 2024-03-24", "2024-03-24 = 2024-03-24");
        check("on 24.3.2024", "24.3.2024 = 2024-03-24");
        check("at dawn on Sunday 3/24/2024, by drone", "dawn on Sunday 3/24/2024 = 2024-03-24");
        check("on Sunday, March 24, 2024", "Sunday, March 24, 2024 = 2024-03-24");
        // No calendar has the day, so the month is all that is said.
        check_on(None, "on 30 February 2024", "February 2024 = 2024-02");
    }

    #[test]
    fn the_weekday_or_the_published_date_decides_between_day_and_month() {
        check_on(None, "on Wednesday 3/4/2024", "Wednesday 3/4/2024 = 2024-04-03");
        check_on(None, "on Monday 3/4/2024", "Monday 3/4/2024 = 2024-03-04");
        check_on(Some("2024-03-06"), "on 3/4/2024", "3/4/2024 = 2024-03-04");
        check_on(Some("2024-04-06"), "on 3/4/2024", "3/4/2024 = 2024-04-03");
        check_on(None, "on 3/4/2024", "3/4/2024 = Day?");
    }

    #[test]
    fn a_date_without_a_year_is_the_last_one() {
        check("on March 24 and on 3 June", "March 24 = 2024-03-24 | 3 June = 2023-06-03");
        check("payable 3 April", "3 April = 2024-04-03");
        check("it will end on 3 April", "3 April = 2024-04-03");
        check("in December, and in March", "December = 2023-12 | March = 2024-03");
        check_on(None, "on March 24", "March 24 = Day?");
        check("they may march to the sea", "");
    }

    #[test]
    fn weekdays_count_back_unless_the_clause_looks_ahead() {
        check("killed on Sunday", "Sunday = 2024-03-24");
        check("killed on Tuesday", "Tuesday = 2024-03-26");
        check("killed last Tuesday", "last Tuesday = 2024-03-19");
        check("talks will resume on Sunday", "Sunday = 2024-03-31");
        check(
            "he said on Sunday that troops will leave next Monday",
            "Sunday = 2024-03-24 | next Monday = 2024-04-01",
        );
        check("On Sunday the court will sit", "Sunday = 2024-03-31");
        check("after Friday's raid", "Friday = 2024-03-22");
        check("a march that had been planned for Sunday", "Sunday = 2024-03-24");
        check("on Friday of last week", "Friday of last week = 2024-03-22");
    }

    #[test]
    fn parts_of_the_day_join_their_day() {
        check("late Saturday night", "late Saturday night = 2024-03-23");
        check("in the early hours of Friday", "the early hours of Friday = 2024-03-22");
        check("at 10:30 p.m. on Sunday", "10:30 p.m. on Sunday = 2024-03-24");
        check("on Sunday at dawn", "Sunday at dawn = 2024-03-24");
        check("struck at dawn", "dawn = TimeOfDay?");
        check("this morning and last night", "this morning = 2024-03-26 | last night = 2024-03-25");
        check("shelled overnight", "overnight = 2024-03-25/2024-03-26");
    }

    #[test]
    fn stretches_keep_the_precision_of_their_words() {
        check("last week", "last week = 2024-03-18/2024-03-24");
        check("earlier this month", "earlier this month = 2024-03");
        check("last year and in 2015", "last year = 2023 | 2015 = 2015");
        check("the past week", "the past week = 2024-03-19/2024-03-26");
        check("in the last three months", "the last three months = 2023-12-26/2024-03-26");
        check("in March 2015", "March 2015 = 2015-03");
        check("the 2008 war", "2008 = 2008");
        check("in July last year", "July last year = 2023-07");
        check("by the end of the year", "the end of the year = 2024");
        check("in 2015. The following year, it", "2015 = 2015 | The following year = 2016");
        check("in the 1990s", "the 1990s = 1990-01-01/1999-12-31");
        check("over the weekend", "the weekend = 2024-03-23/2024-03-24");
        check("in recent weeks", "recent weeks = Vague?");
        check_on(Some("2024-03"), "this month, on Sunday", "this month = 2024-03 | Sunday = Day?");
    }

    #[test]
    fn counted_back_from_today_or_from_the_day_last_told_of() {
        check("two days ago", "two days ago = 2024-03-24");
        check("two weeks ago", "two weeks ago = 2024-03-11/2024-03-17");
        check("three months ago, five years ago", "three months ago = 2023-12 | five years ago = 2019");
        check("a few days ago", "a few days ago = Vague?");
        check(
            "on March 3. The next day, two days later",
            "March 3 = 2024-03-03 | The next day = 2024-03-04 | two days later = 2024-03-06",
        );
        check("for three days", "three days = Duration?");
    }

    #[test]
    fn ranges_and_since() {
        check("on June 24-25", "June 24-25 = 2023-06-24/2023-06-25");
        check("from 11 to 13 March 2015", "11 to 13 March 2015 = 2015-03-11/2015-03-13");
        check("between March 3 and March 9, 2015", "March 3 and March 9, 2015 = 2015-03-03/2015-03-09");
        check("from 2011 to 2014", "2011 to 2014 = 2011-01-01/2014-12-31");
        check("since 2011", "2011 = 2011-01-01/2024-03-26");
        check("since last Friday", "last Friday = 2024-03-22/2024-03-26");
        check_on(None, "since Oct. 7, 2023", "Oct. 7, 2023 = 2023-10-07/2023-10-07");
    }

    #[test]
    fn a_day_known_by_its_date_keeps_its_own_year() {
        check_on(Some("2025-01-03"), "killed in Gaza since October 7", "October 7 = 2023-10-07/2025-01-03");
        check_on(Some("2025-01-03"), "killed in Mali since October 7", "October 7 = 2024-10-07/2025-01-03");
    }

    #[test]
    fn numbers_that_are_no_dates_are_left_alone() {
        check("killed 2015 people and 1,999 goats", "");
        check("about 24.5 percent of 30 million", "");
        check("a second attack killed 12", "");
    }
}
