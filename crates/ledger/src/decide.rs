//! What people decide about claims, and how a decision finds its claim again after a re-reading.
//!
//! A decision is a row of the log with who, when and why. It names a claim by its page and by the words it was read
//! from ([`ClaimRef`]), not by a number that another reader would give to another claim. Start at [`Act`], then
//! [`apply`], which gives the claims of a record as they stand with the decisions in force. One that no longer
//! finds its claim changes nothing and is listed by [`Ledger::decisions`](crate::Ledger::decisions) as loose.

use std::str::FromStr;

use hearsay_doc::record::{Argument, Claim, Link, Place, Record, Time, Words};
use hearsay_doc::{EventType, Interval, Modality, Mode, Position, Responsibility, Stance};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Error;

/// A claim by what it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRef {
    /// The page's key.
    pub page: String,
    /// The sentence that tells it.
    pub sentence: Words,
    /// The words that name the event.
    pub trigger: Words,
    /// The event's type.
    #[serde(rename = "type")]
    pub kind: String,
}

/// What a grade or a note is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One claim.
    Claim(ClaimRef),
    /// A page, by its key.
    Page(String),
    /// A source or outlet, by its name.
    Source(String),
    /// An incident, by its id.
    Incident(String),
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// The claim is read rightly.
    Accept {
        /// Which.
        claim: ClaimRef,
    },
    /// The text does not say this.
    Reject {
        /// Which.
        claim: ClaimRef,
    },
    /// The text says something else in one slot.
    Correct {
        /// Which claim.
        claim: ClaimRef,
        /// One of [`SLOTS`].
        slot: String,
        /// A word, the words of a slot, a date, or `null` to empty it.
        value: Value,
    },
    /// These claims are of one incident.
    Merge {
        /// Two or more.
        claims: Vec<ClaimRef>,
    },
    /// No claim of `one` is of the same incident as one of `other`.
    Split {
        /// One side.
        one: Vec<ClaimRef>,
        /// The other side.
        other: Vec<ClaimRef>,
    },
    /// How far something is to be trusted, by the letters and digits of the Admiralty.
    Grade {
        /// What.
        subject: Subject,
        /// A (completely reliable) to F (cannot be judged).
        reliability: Option<char>,
        /// 1 (confirmed by other sources) to 6 (cannot be judged).
        credibility: Option<char>,
    },
    /// Words for other people.
    Note {
        /// About what.
        subject: Subject,
        /// The words.
        text: String,
    },
    /// An earlier decision is taken back.
    Undo {
        /// Its number.
        decision: i64,
    },
}

/// The slots that can be corrected.
pub const SLOTS: &[&str] = &[
    "type",
    "mode",
    "modality",
    "stance",
    "position",
    "responsibility",
    "source",
    "actor",
    "recipient",
    "instrument",
    "place",
    "country",
    "time",
];

impl Act {
    /// The word for it: `accept`, `reject`, …
    pub fn word(&self) -> &'static str {
        match self {
            Act::Accept { .. } => "accept",
            Act::Reject { .. } => "reject",
            Act::Correct { .. } => "correct",
            Act::Merge { .. } => "merge",
            Act::Split { .. } => "split",
            Act::Grade { .. } => "grade",
            Act::Note { .. } => "note",
            Act::Undo { .. } => "undo",
        }
    }

    /// The claims it is about.
    pub fn claims(&self) -> Vec<&ClaimRef> {
        match self {
            Act::Accept { claim } | Act::Reject { claim } | Act::Correct { claim, .. } => vec![claim],
            Act::Merge { claims } => claims.iter().collect(),
            Act::Split { one, other } => one.iter().chain(other).collect(),
            Act::Grade { subject: Subject::Claim(claim), .. }
            | Act::Note { subject: Subject::Claim(claim), .. } => {
                vec![claim]
            }
            Act::Grade { .. } | Act::Note { .. } | Act::Undo { .. } => Vec::new(),
        }
    }

    /// Does it make sense?
    ///
    /// # Errors
    ///
    /// [`Error::Decision`] for an unknown slot, a value that does not fit it, a letter that is no grade, a merge of fewer
    /// than two claims.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |reason: String| Err(Error::Decision(reason));
        match self {
            Act::Correct { claim, slot, value } => {
                let blank = blank(claim);
                correct(&blank, "", slot, value).map(|_| ())
            }
            Act::Grade { reliability: None, credibility: None, .. } => {
                wrong("a grade needs a letter A to F, a digit 1 to 6, or both".to_owned())
            }
            Act::Grade { reliability, credibility, .. } => {
                if let Some(letter) = reliability.filter(|letter| !('A'..='F').contains(letter)) {
                    return wrong(format!("{letter:?} is no reliability: A to F"));
                }
                match credibility.filter(|digit| !('1'..='6').contains(digit)) {
                    Some(digit) => wrong(format!("{digit:?} is no credibility: 1 to 6")),
                    None => Ok(()),
                }
            }
            Act::Merge { claims } if claims.len() < 2 => {
                wrong("a merge needs two claims at least".to_owned())
            }
            Act::Split { one, other } if one.is_empty() || other.is_empty() => {
                wrong("a split needs claims on both sides".to_owned())
            }
            _ => Ok(()),
        }
    }
}

impl ClaimRef {
    /// The claim of this record, which must be in it.
    pub fn of(page_key: &str, record: &Record, claim: &Claim) -> ClaimRef {
        ClaimRef {
            page: page_key.to_owned(),
            sentence: Words {
                start: claim.sentence.start,
                end: claim.sentence.end,
                text: slice(&record.document.text, claim.sentence.start, claim.sentence.end),
            },
            trigger: claim.event.trigger.clone(),
            kind: claim.event.kind.clone(),
        }
    }

    /// The index in `record.claims` of the claim that is meant: the same words in the same sentence, also where
    /// the sentence stands elsewhere by now; or, in the same sentence, another trigger that shares words with it and has
    /// the same type. `None` where there is none.
    pub fn find(&self, record: &Record) -> Option<usize> {
        let from_sentence = |start: u32, sentence: u32| i64::from(start) - i64::from(sentence);
        let mine = from_sentence(self.trigger.start, self.sentence.start);
        let mut best: Option<((bool, bool, i64), usize)> = None;
        for (idx, claim) in record.claims.iter().enumerate() {
            let (sentence, trigger) = (claim.sentence, &claim.event.trigger);
            let text = slice(&record.document.text, sentence.start, sentence.end);
            let same_sentence = squeeze(&text) == squeeze(&self.sentence.text);
            let theirs = from_sentence(trigger.start, sentence.start);
            let same_words = trigger.text == self.trigger.text;
            let same_place = same_words && trigger.start == self.trigger.start;
            let same_kind = claim.event.kind == self.kind;
            let overlaps = theirs < mine + i64::from(self.trigger.end - self.trigger.start)
                && mine < theirs + i64::from(trigger.end - trigger.start);
            let fits = same_sentence && (same_words || overlaps && same_kind) || same_place;
            let score = (same_words, same_kind, -(mine - theirs).abs());
            if fits && best.is_none_or(|(other, _)| score > other) {
                best = Some((score, idx));
            }
        }
        best.map(|(_, idx)| idx)
    }
}

/// `text[start..end]` in code points; what lies outside is left out.
pub(crate) fn slice(text: &str, start: u32, end: u32) -> String {
    if text.is_ascii() {
        let end = (end as usize).min(text.len());
        return text.get(start as usize..end).unwrap_or("").to_owned();
    }
    text.chars().skip(start as usize).take(end.saturating_sub(start) as usize).collect()
}

fn squeeze(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The claims of `record` as they stand with `acts`, the decisions on its page in force, oldest first. `None` where
/// one was rejected. Decisions that find no claim change nothing.
pub fn apply(record: &Record, acts: &[Act]) -> Vec<Option<Claim>> {
    let mut claims: Vec<Option<Claim>> = record.claims.iter().cloned().map(Some).collect();
    for act in acts {
        match act {
            Act::Reject { claim } => {
                if let Some(idx) = claim.find(record) {
                    claims[idx] = None;
                }
            }
            Act::Correct { claim, slot, value } => {
                if let Some(slot_of) = claim.find(record).and_then(|idx| claims[idx].as_mut()) {
                    let corrected = correct(slot_of, &record.document.text, slot, value);
                    *slot_of = corrected.expect("it was checked when it was decided");
                }
            }
            _ => {}
        }
    }
    claims
}

/// `claim` with another value in one slot.
fn correct(claim: &Claim, text: &str, slot: &str, value: &Value) -> Result<Claim, Error> {
    let mut claim = claim.clone();
    let word = || match value {
        Value::Null => Ok(None),
        Value::String(word) => Ok(Some(word.clone())),
        _ => Err(Error::Decision(format!("{slot}: {value} is no word"))),
    };
    fn label<T: FromStr<Err = hearsay_doc::UnknownLabel>>(
        slot: &str,
        word: Option<String>,
    ) -> Result<Option<String>, Error> {
        if let Some(word) = &word {
            word.parse::<T>().map_err(|error| Error::Decision(format!("{slot}: {error}")))?;
        }
        Ok(word)
    }
    let needed =
        |word: Option<String>| word.ok_or_else(|| Error::Decision(format!("{slot} cannot be empty")));
    let words = |words: &str| in_sentence(&claim, text, words);
    match slot {
        "type" => claim.event.kind = needed(label::<EventType>(slot, word()?)?)?,
        "mode" => claim.event.mode = label::<Mode>(slot, word()?)?,
        "modality" => claim.event.modality = needed(label::<Modality>(slot, word()?)?)?,
        "stance" => claim.stance = needed(label::<Stance>(slot, word()?)?)?,
        "position" => claim.position = needed(label::<Position>(slot, word()?)?)?,
        "responsibility" => claim.responsibility = label::<Responsibility>(slot, word()?)?,
        "country" => {
            let country = word()?;
            if let Some(code) = country.as_deref().filter(|code| !is_country(code)) {
                return Err(Error::Decision(format!(
                    "country: {code:?} is no ISO 3166-1 code of two capitals"
                )));
            }
            claim.event.country = country;
        }
        "time" => {
            claim.event.time = match word()? {
                None => None,
                Some(days) => Some(time(&days)?),
            }
        }
        "source" => match word()? {
            None => claim.chain.clear(),
            Some(name) => {
                let source = Some(words(&name));
                match claim.chain.last_mut() {
                    Some(last) => (last.source, last.resolved) = (source, None),
                    None => claim.chain.push(Link {
                        source,
                        resolved: None,
                        kind: "unknown".to_owned(),
                        cue: None,
                        medium: None,
                        said_on: None,
                    }),
                }
            }
        },
        "actor" | "recipient" | "instrument" => {
            let named = word()?.map(|name| {
                let Words { start, end, text } = words(&name);
                Argument { start, end, text, resolved: None, entity: None }
            });
            let named = named.into_iter().collect();
            match slot {
                "actor" => claim.event.actor = named,
                "recipient" => claim.event.recipient = named,
                _ => claim.event.instrument = named,
            }
        }
        "place" => {
            let place = match value {
                Value::Object(_) => {
                    let place: PlaceValue = serde_json::from_value(value.clone())
                        .map_err(|error| Error::Decision(format!("place: {error}")))?;
                    Some(place)
                }
                _ => word()?.map(|name| PlaceValue {
                    name,
                    lat: None,
                    lon: None,
                    country: None,
                    precision: None,
                }),
            };
            claim.event.place = place.map(|place| place.place(words(&place.name))).into_iter().collect();
        }
        _ => return Err(Error::Decision(format!("{slot:?} is no slot: {}", SLOTS.join(", ")))),
    }
    Ok(claim)
}

/// What a corrected place may say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceValue {
    name: String,
    lat: Option<f64>,
    lon: Option<f64>,
    country: Option<String>,
    precision: Option<String>,
}

impl PlaceValue {
    fn place(&self, words: Words) -> Place {
        Place {
            start: words.start,
            end: words.end,
            text: words.text,
            name: Some(self.name.clone()),
            geonames: None,
            lat: self.lat,
            lon: self.lon,
            precision: self.precision.clone(),
            country: self.country.clone(),
            near: None,
            radius_km: None,
        }
    }
}

/// Where `words` stand in the claim's sentence; where they do not, an empty span at its trigger.
fn in_sentence(claim: &Claim, text: &str, words: &str) -> Words {
    let sentence = slice(text, claim.sentence.start, claim.sentence.end);
    let (start, end) = match sentence.find(words) {
        Some(byte) => {
            let start = claim.sentence.start + sentence[..byte].chars().count() as u32;
            (start, start + words.chars().count() as u32)
        }
        None => (claim.event.trigger.start, claim.event.trigger.start),
    };
    Words { start, end, text: words.to_owned() }
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `2024-03-24`, `2024-03`, `2024`, or two of them with a slash between.
fn time(days: &str) -> Result<Time, Error> {
    let parse = |part: &str| Interval::parse(part).map_err(|error| Error::Decision(format!("time: {error}")));
    let interval = match days.split_once('/') {
        None => parse(days)?,
        Some((first, last)) => {
            let (first, last) = (parse(first)?.start, parse(last)?.end);
            if last < first {
                return Err(Error::Decision(format!("time: {days} ends before it begins")));
            }
            Interval::range(first, last)
        }
    };
    Ok(Time {
        start: interval.start_iso(),
        end: interval.end_iso(),
        precision: interval.precision.as_str().to_owned(),
        text: None,
        span: None,
    })
}

/// A claim that has what [`correct`] looks at, to try a correction on before it is taken in.
fn blank(claim: &ClaimRef) -> Claim {
    Claim {
        id: "c1".to_owned(),
        sentence: hearsay_doc::record::Range { start: claim.sentence.start, end: claim.sentence.end },
        chain: Vec::new(),
        stance: "asserts".to_owned(),
        position: "unknown".to_owned(),
        responsibility: None,
        event: hearsay_doc::record::Event {
            trigger: claim.trigger.clone(),
            kind: claim.kind.clone(),
            mode: None,
            modality: "actual".to_owned(),
            actor: Vec::new(),
            recipient: Vec::new(),
            instrument: Vec::new(),
            place: Vec::new(),
            country: None,
            time: None,
        },
        figures: Vec::new(),
        confidence: 0.0,
        by: String::new(),
        why: Vec::new(),
    }
}
