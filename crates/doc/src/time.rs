//! Dates as precise as the words they were read from, no more.

use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// Year, 1 to 9999.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

/// A date that no calendar has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError(pub String);

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no date: expected YYYY-MM-DD, YYYY-MM or YYYY", self.0)
    }
}

impl std::error::Error for DateError {}

impl Date {
    /// The day, if the calendar has it.
    pub fn new(year: i16, month: u8, day: u8) -> Option<Date> {
        let real = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in_month(year, month);
        real.then_some(Date { year, month, day })
    }

    /// Days since 1970-01-01 (Hinnant's algorithm).
    pub fn days(self) -> i32 {
        let y = i32::from(self.year) - i32::from(self.month <= 2);
        let era = y.div_euclid(400);
        let yoe = y - era * 400;
        let m = i32::from(self.month);
        let doy = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + i32::from(self.day) - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        era * 146_097 + doe - 719_468
    }

    /// The day that many days after 1970-01-01.
    pub fn from_days(days: i32) -> Date {
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z - era * 146_097;
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u8;
        let month = if mp < 10 { mp + 3 } else { mp - 9 } as u8;
        Date { year: (yoe + era * 400 + i32::from(month <= 2)) as i16, month, day }
    }

    /// The day `n` days later (earlier if negative).
    pub fn plus(self, n: i32) -> Date {
        Date::from_days(self.days() + n)
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u8 {
        (self.days() + 3).rem_euclid(7) as u8
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// 28 to 31.
fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// How fine a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// One day.
    Day,
    /// Monday to Sunday.
    Week,
    /// One month.
    Month,
    /// One year.
    Year,
    /// Any other stretch of days.
    Range,
}

impl Precision {
    /// The word in the public record.
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Week => "week",
            Precision::Month => "month",
            Precision::Year => "year",
            Precision::Range => "range",
        }
    }
}

/// A stretch of whole days, both ends included, with the precision of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// How fine the words were.
    pub precision: Precision,
    /// How fine the words for either end were: "since 2011" begins with a year and ends with a day.
    ends: [Precision; 2],
}

impl Interval {
    /// One day.
    pub fn day(date: Date) -> Self {
        Interval { start: date, end: date, precision: Precision::Day, ends: [Precision::Day; 2] }
    }

    /// A whole month; `None` where no calendar has it.
    pub fn month(year: i16, month: u8) -> Option<Self> {
        let start = Date::new(year, month, 1)?;
        let end = Date::new(year, month, days_in_month(year, month))?;
        Some(Interval { start, end, precision: Precision::Month, ends: [Precision::Month; 2] })
    }

    /// A whole year.
    pub fn year(year: i16) -> Option<Self> {
        let (start, end) = (Date::new(year, 1, 1)?, Date::new(year, 12, 31)?);
        Some(Interval { start, end, precision: Precision::Year, ends: [Precision::Year; 2] })
    }

    /// The week, Monday to Sunday, that holds the day.
    pub fn week(date: Date) -> Self {
        let start = date.plus(-i32::from(date.weekday()));
        Interval { start, end: start.plus(6), precision: Precision::Week, ends: [Precision::Day; 2] }
    }

    /// From `start` to `end`; a range of one day is that day.
    pub fn range(start: Date, end: Date) -> Self {
        let precision = if start == end { Precision::Day } else { Precision::Range };
        Interval { start, end, precision, ends: [Precision::Day; 2] }
    }

    /// From the first day of `first` to the last of `last`, each end as fine as it was; `None` if that runs backwards.
    pub fn joined(first: Interval, last: Interval) -> Option<Self> {
        if first.start == last.start && first.end == last.end {
            return Some(first);
        }
        let ends = [first.ends[0], last.ends[1]];
        (first.start <= last.end).then(|| Interval { ends, ..Interval::range(first.start, last.end) })
    }

    /// The ISO 8601 prefix for a day, month or year; otherwise both ends, each as fine as its words were:
    /// `2024-03-24`, `2024-03`, `2023-10-07/2024-03-24`, `2011/2024-03-24`.
    pub fn iso(&self) -> String {
        if self.precision == Precision::Range || self.precision == Precision::Week {
            return format!("{}/{}", self.start_iso(), self.end_iso());
        }
        self.start_iso()
    }

    /// The first day with no more digits than the precision allows.
    pub fn start_iso(&self) -> String {
        prefix(self.start, self.ends[0])
    }

    /// The last day with no more digits than the precision allows.
    pub fn end_iso(&self) -> String {
        prefix(self.end, self.ends[1])
    }

    /// Reads `YYYY-MM-DD` (anything after the day, such as a time of day, is ignored), `YYYY-MM` or `YYYY`.
    ///
    /// # Errors
    ///
    /// [`DateError`] with the words, if they are none of these.
    pub fn parse(words: &str) -> Result<Self, DateError> {
        let error = || DateError(words.to_owned());
        let day_part = words.trim().split(['T', ' ']).next().unwrap_or("");
        let mut parts = day_part.split('-');
        let mut number = |width: usize| -> Result<Option<i16>, DateError> {
            let Some(part) = parts.next() else { return Ok(None) };
            if part.len() != width || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(error());
            }
            part.parse().map(Some).map_err(|_| error())
        };
        let (year, month, day) = (number(4)?.ok_or_else(error)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(error());
        }
        match (month, day) {
            (None, _) => Interval::year(year),
            (Some(month), None) => Interval::month(year, month as u8),
            (Some(month), Some(day)) => Date::new(year, month as u8, day as u8).map(Interval::day),
        }
        .ok_or_else(error)
    }
}

/// `2024`, `2024-03` or `2024-03-24`.
fn prefix(date: Date, precision: Precision) -> String {
    match precision {
        Precision::Month => format!("{:04}-{:02}", date.year, date.month),
        Precision::Year => format!("{:04}", date.year),
        _ => date.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse_across_leap_years() {
        for days in (-200_000..200_000).step_by(97) {
            assert_eq!(Date::from_days(days).days(), days);
        }
        assert_eq!(Date::new(1970, 1, 1).unwrap().days(), 0);
    }

    #[test]
    fn twenty_fourth_of_march_2024_was_a_sunday() {
        assert_eq!(Date::new(2024, 3, 24).unwrap().weekday(), 6);
    }

    #[test]
    fn precision_is_no_better_than_the_words() {
        let show = |words| Interval::parse(words).map(|i| i.iso()).unwrap_or_else(|e| e.to_string());
        assert_eq!(show("2024-03"), "2024-03");
        assert_eq!(show("2024-03-24T10:00:00Z"), "2024-03-24");
        assert_eq!(show("2024-02-30"), "\"2024-02-30\" is no date: expected YYYY-MM-DD, YYYY-MM or YYYY");
        assert_eq!(show("24/3/2024"), "\"24/3/2024\" is no date: expected YYYY-MM-DD, YYYY-MM or YYYY");
        assert_eq!(Interval::week(Date::new(2024, 3, 24).unwrap()).iso(), "2024-03-18/2024-03-24");
        let joined = |first, last| {
            let joined = Interval::joined(Interval::parse(first).unwrap(), Interval::parse(last).unwrap());
            joined.map_or_else(|| "-".to_owned(), |i| format!("{} {}", i.iso(), i.precision.as_str()))
        };
        assert_eq!(joined("2011", "2024-03-24"), "2011/2024-03-24 range");
        assert_eq!(joined("2023-12", "2024-01"), "2023-12/2024-01 range");
        assert_eq!(joined("2024-03", "2024-03"), "2024-03 month");
        assert_eq!(joined("2024", "2023-03-24"), "-");
    }
}
