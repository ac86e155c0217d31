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

mod anchor;
mod atoms;
mod calendar;
mod dress;
mod relative;
mod value;

pub use value::{Timex, Unit, Value};

use atoms::Reader;
use hearsay_doc::{Doc, Interval, Span};

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
    /// "Every month", "daily".
    Set,
    /// "Recently", "in recent weeks", "a few days ago".
    Vague,
    /// A word that only points: "now", "current", "once". No reader of claims needs it.
    Reference,
}

impl DateKind {
    /// The word that programs see.
    pub fn as_str(self) -> &'static str {
        match self {
            DateKind::Day => "day",
            DateKind::Span => "span",
            DateKind::Since => "since",
            DateKind::Duration => "duration",
            DateKind::TimeOfDay => "time",
            DateKind::Set => "set",
            DateKind::Vague => "vague",
            DateKind::Reference => "reference",
        }
    }
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
    /// What the words say beyond the interval.
    pub value: Value,
    /// Of "from X to Y", X and Y.
    pub ends: Option<[End; 2]>,
}

/// One end of a range that the words name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Its words.
    pub span: Span,
    /// The days that the end names, all of them.
    pub interval: Option<Interval>,
    /// What the words say beyond the interval.
    pub value: Value,
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
        found.push(reader.found(i, hit));
        if matches!(hit.kind, DateKind::Day | DateKind::Span) && hit.interval.is_some() {
            reader.told = hit.interval;
        }
        let back = (i..i + hit.len).any(|k| reader.is(k, &["ago", "earlier"]));
        if let Value::Quarter(year, n) = hit.value
            && !back
        {
            reader.quarter = Some((year, n, reader.atoms[i].sentence));
        }
        i += hit.len;
    }
    found
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
        check("in the last three months", "the last three months = 2023-12/2024-03");
        check("in March 2015", "March 2015 = 2015-03");
        check("the 2008 war", "2008 = 2008");
        check("in July last year", "July last year = 2023-07");
        check("by the end of the year", "the end of the year = 2024");
        check("in 2015. The following year, it", "2015 = 2015 | The following year = 2016");
        check("in the 1990s", "the 1990s = 1990/1999");
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
        check("from 2011 to 2014", "2011 to 2014 = 2011/2014");
        check("since 2011", "2011 = 2011/2024-03-26");
        check("since last Friday", "last Friday = 2024-03-22/2024-03-26");
        check_on(None, "since Oct. 7, 2023", "Oct. 7, 2023 = 2023-10-07");
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

    #[test]
    fn since_clauses_run_until_the_published_day() {
        check("since the siege began in May", "May = 2023-05/2024-03-26");
        check("since the raid on March 3, they", "March 3 = 2024-03-03/2024-03-26");
        check("since then he departed. In May he", "May = 2023-05");
    }

    #[test]
    fn what_is_asked_for_lies_ahead() {
        check("called a strike for Friday", "Friday = 2024-03-29");
        check("told the men to leave by Sunday", "Sunday = 2024-03-31");
        check("the post would open on Friday", "Friday = 2024-03-29");
        check("due to a raid on Friday", "Friday = 2024-03-22");
        check("by February it had ended", "February = 2024-02");
    }

    #[test]
    fn counted_from_an_event_that_the_sentence_names() {
        check("on March 9, two days after the raid", "March 9 = 2024-03-09 | two days = 2024-03-07");
        check("two years after the war ended", "two years = 2022");
        check("in 2015. Four years later he", "2015 = 2015 | Four years later = 2019");
        check("on the 17th, and", "the 17th = 2024-03-17");
        check("overnight on Saturday", "overnight on Saturday = 2024-03-23/2024-03-24");
        check("overnight into Sunday", "overnight into Sunday = 2024-03-23/2024-03-24");
        check("last Monday", "last Monday = 2024-03-18");
        check("on June 9 and 10 the strip", "June 9 and 10 = 2023-06-09/2023-06-10");
        check("in the past twelve months", "the past twelve months = 2023-03/2024-03");
        check("on Thanksgiving Day", "Thanksgiving Day = 2023-11-23");
    }

    /// `words = TYPE value` of every expression, as TimeML has it.
    fn check_timex(text: &str, expected: &str) {
        let doc = doc(text);
        let anchor = Interval::parse("2024-03-26").ok();
        let found: Vec<String> = dates(&doc, anchor)
            .iter()
            .flat_map(FoundDate::timexes)
            .map(|t| format!("{} = {} {}", doc.slice(t.span), t.kind, t.value.as_deref().unwrap_or("?")))
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn timeml_keeps_lengths_parts_of_the_day_and_both_ends() {
        check_timex("for three days", "three days = DURATION P3D");
        check_timex("in the past two weeks", "the past two weeks = DURATION P2W");
        check_timex("for a couple of hours", "a couple of hours = DURATION PT2H");
        check_timex("in recent months", "recent months = DURATION PXM");
        check_timex("late on Saturday night", "late on Saturday night = TIME 2024-03-23TNI");
        check_timex("at 10:30 p.m. on Sunday", "10:30 p.m. on Sunday = TIME 2024-03-24T22:30");
        check_timex("last week", "last week = DATE 2024-W12");
        check_timex("over the weekend", "the weekend = DATE 2024-W12-WE");
        check_timex("since 2011", "2011 = DATE 2011");
        check_timex("from 2011 to 2014", "2011 = DATE 2011 | 2014 = DATE 2014");
        check_timex("in the third quarter", "the third quarter = DATE 2023-Q3");
        check_timex("in the 1990s", "the 1990s = DATE 199");
        check_timex("in the 19th century", "the 19th century = DATE 18");
        check_timex("in nineteen ninety-four", "nineteen ninety-four = DATE 1994");
        check_timex("last summer", "last summer = DATE 2023-SU");
        check_timex("every month, each Thursday", "every month = SET P1M | each Thursday = SET XXXX-WXX-4");
        check_timex("now and recently", "now = DATE PRESENT_REF | recently = DATE PAST_REF");
    }

    #[test]
    fn a_year_earlier_is_the_quarter_that_the_page_speaks_of() {
        check_timex(
            "the third quarter fell from a year earlier",
            "the third quarter = DATE 2023-Q3 | a year earlier = DATE 2022-Q3",
        );
    }
}
