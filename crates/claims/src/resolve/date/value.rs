//! What an expression says in the notation of TimeML's TIMEX3: `1998-W07`, `P3M`, `1998-02-13TNI`, `PAST_REF`.
//!
//! An interval of days is all that a claim needs; it cannot tell "three months" from "the past three months", or
//! night from noon. [`Value`] keeps that part of the words. Start at [`FoundDate::timexes`].
//!
//! # Source
//!
//! Saurí et al., *TimeML Annotation Guidelines 1.2.1*, section 2.2.

use super::{DateKind, FoundDate};
use hearsay_doc::{Date, Interval, Precision, Span};

/// What the words say beyond an interval of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// No more than the interval does.
    Days,
    /// These days, where the interval runs further: "since 2011" names 2011.
    Named(Interval),
    /// Saturday and Sunday of the week with this day.
    Weekend(Date),
    /// Year and quarter, 1 to 4.
    Quarter(i16, u8),
    /// Year and half, 1 or 2.
    Half(i16, u8),
    /// Year and season: `SP`, `SU`, `FA`, `WI`.
    Season(i16, &'static str),
    /// Ten years, by the year they begin with.
    Decade(i16),
    /// A hundred years, by the year they begin with.
    Century(i16),
    /// A part of a day: `MO`, `MI`, `AF`, `EV`, `NI`.
    Part(Option<Date>, &'static str),
    /// Hour, and minute where it is told.
    Clock(Option<Date>, u8, Option<u8>),
    /// A length: how many, `None` for "several", and of what.
    Length(Option<u16>, Unit),
    /// Again and again: "every month", "daily".
    Every(Option<u16>, Unit),
    /// On that day of every week, from Monday = 1.
    EveryWeekday(u8),
    /// Some time before: "recently".
    Past,
    /// Now.
    Present,
    /// Some time to come: "soon".
    Future,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    /// Before and after the number of a period: `PT3H`, `P3M`.
    fn letters(self) -> (&'static str, &'static str) {
        match self {
            Unit::Second => ("PT", "S"),
            Unit::Minute => ("PT", "M"),
            Unit::Hour => ("PT", "H"),
            Unit::Day => ("P", "D"),
            Unit::Week => ("P", "W"),
            Unit::Month => ("P", "M"),
            Unit::Quarter => ("P", "Q"),
            Unit::Year => ("P", "Y"),
            Unit::Decade => ("P", "DE"),
            Unit::Century => ("P", "CE"),
        }
    }
}

/// One expression as TimeML has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timex {
    /// Its words.
    pub span: Span,
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    pub kind: &'static str,
    /// TIMEX3's `value`; `None` where the words give a day that cannot be known.
    pub value: Option<String>,
}

impl FoundDate {
    /// The expression in TimeML's notation: one, or both ends of a range.
    pub fn timexes(&self) -> Vec<Timex> {
        let one = |span, interval, value| {
            let (kind, value) = notation(self.kind, interval, value);
            Timex { span, kind, value }
        };
        match self.ends {
            Some(ends) => ends.map(|end| one(end.span, end.interval, end.value)).into(),
            None => vec![one(self.span, self.interval, self.value)],
        }
    }
}

/// A period: `P3M`, `PXW`.
fn period(n: Option<u16>, unit: Unit) -> String {
    let (before, after) = unit.letters();
    n.map_or_else(|| format!("{before}X{after}"), |n| format!("{before}{n}{after}"))
}

fn notation(kind: DateKind, interval: Option<Interval>, value: Value) -> (&'static str, Option<String>) {
    let text = |words: String| Some(words);
    match value {
        Value::Days if kind == DateKind::Vague => ("DATE", Some("PAST_REF".to_owned())),
        Value::Days => ("DATE", interval.map(days)),
        Value::Named(interval) => ("DATE", text(days(interval))),
        Value::Weekend(day) => ("DATE", text(format!("{}-WE", week(day)))),
        Value::Quarter(year, n) => ("DATE", text(format!("{year:04}-Q{n}"))),
        Value::Half(year, n) => ("DATE", text(format!("{year:04}-H{n}"))),
        Value::Season(year, season) => ("DATE", text(format!("{year:04}-{season}"))),
        Value::Decade(year) => ("DATE", text(format!("{:03}", year / 10))),
        Value::Century(year) => ("DATE", text(format!("{:02}", year / 100))),
        Value::Part(day, part) => ("TIME", day.map(|day| format!("{day}T{part}"))),
        Value::Clock(day, hour, minute) => (
            "TIME",
            day.map(|day| match minute {
                Some(minute) => format!("{day}T{hour:02}:{minute:02}"),
                None => format!("{day}T{hour:02}:00"),
            }),
        ),
        Value::Length(n, unit) => ("DURATION", text(period(n, unit))),
        Value::Every(n, unit) => ("SET", text(period(n, unit))),
        Value::EveryWeekday(n) => ("SET", text(format!("XXXX-WXX-{n}"))),
        Value::Past => ("DATE", text("PAST_REF".to_owned())),
        Value::Present => ("DATE", text("PRESENT_REF".to_owned())),
        Value::Future => ("DATE", text("FUTURE_REF".to_owned())),
    }
}

fn days(interval: Interval) -> String {
    match interval.precision {
        Precision::Week => week(interval.start),
        _ => interval.start_iso(),
    }
}

/// The ISO 8601 week: week 1 holds the year's first Thursday.
fn week(day: Date) -> String {
    let thursday = day.plus(3 - i32::from(day.weekday()));
    let first = Date { month: 1, day: 1, ..thursday };
    format!("{:04}-W{:02}", thursday.year, (thursday.days() - first.days()) / 7 + 1)
}
