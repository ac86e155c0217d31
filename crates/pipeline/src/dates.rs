//! The temporal expressions of a text, as programs outside hearsay see them: what `hearsay dates` prints.

use hearsay_claims::resolve::date::{self, FoundDate};
use hearsay_doc::Interval;
use serde::Serialize;

use crate::Hearsay;
use crate::offsets::Offsets;

/// One temporal expression.
#[derive(Clone, Debug, Serialize)]
pub struct DateRecord {
    /// First code point of its words.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Its words.
    pub text: String,
    /// `day`, `span`, `since`, `duration`, `time` (of day), `set`, `vague` or `reference`.
    pub kind: &'static str,
    /// First day meant, with no more digits than the words allow; `null` where it cannot be known.
    pub from: Option<String>,
    /// Last day meant.
    pub to: Option<String>,
    /// `day`, `week`, `month`, `year` or `range`.
    pub precision: Option<&'static str>,
    /// The expression in TimeML's notation; both ends of a range.
    pub timex: Vec<Timex>,
}

/// Type and value of a TIMEX3.
#[derive(Clone, Debug, Serialize)]
pub struct Timex {
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `2024-03-24`, `P3D`, `PAST_REF`; `null` where the day cannot be known.
    pub value: Option<String>,
}

impl Hearsay {
    /// The temporal expressions of a text written on `on`, in order, never overlapping.
    ///
    /// Without `on` only full dates have days. `day_first` decides what `3/4/2024` means where nothing beside it
    /// does: 3 April if true, March 4 if false, open if `None`. A text without any gives an empty list.
    pub fn dates(&self, text: &str, on: Option<Interval>, day_first: Option<bool>) -> Vec<DateRecord> {
        let doc = self.annotate(text);
        let offsets = Offsets::new(text);
        let record = |found: &FoundDate| {
            let range = offsets.range(found.span);
            let timex = |t: date::Timex| Timex { kind: t.kind, value: t.value };
            DateRecord {
                start: range.0,
                end: range.1,
                text: found.span.of(text).to_owned(),
                kind: found.kind.as_str(),
                from: found.interval.map(|i| i.start_iso()),
                to: found.interval.map(|i| i.end_iso()),
                precision: found.interval.map(|i| i.precision.as_str()),
                timex: found.timexes().into_iter().map(timex).collect(),
            }
        };
        date::dates_with(&doc, on, day_first).iter().map(record).collect()
    }
}
