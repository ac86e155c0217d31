//! The public record, schema `hearsay.reading/1`: one JSON object per page.
//!
//! It is the contract with everything outside (scorers, scripts, exports) and between the stages that come after
//! reading: the ledger keeps records, links are made of records. `crates/pipeline/reading.schema.json` describes it
//! for other programs, and a test there holds the two together. Start at [`Record`].
//!
//! Offsets are half-open and count code points of `document.text`, so that `text[start:end]` in Python gives
//! the words that stand beside them. A field that is not known is `null`, never absent and never a guess.
//! New fields may be added within a version; none changes its meaning or goes.
//!
//! How a page and its reading become a record belongs to `hearsay-pipeline`.

use serde::{Deserialize, Serialize};

/// The name and version of the format, the first field of each record.
pub const SCHEMA: &str = "hearsay.reading/1";

/// One page and all that was read from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: String,
    /// The page.
    pub document: Document,
    /// Named persons, organisations, places and peoples, in order.
    pub mentions: Vec<Mention>,
    /// Claims, ordered by where their trigger starts.
    pub claims: Vec<Claim>,
    /// What was odd about the page or the reading, for people.
    pub notes: Vec<String>,
}

/// The page that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// `sha256:…` of `text`.
    pub id: String,
    /// File stem, a line's `id`, or `<folder>/<message id>`.
    pub name: String,
    /// `sha256:…` of the bytes that the page came from.
    pub capture: String,
    /// `article`, `post`, `text` or `item`.
    pub kind: String,
    /// Where it was published.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Agencies or outlets named as its origin.
    pub credits: Vec<String>,
    /// Who signed it.
    pub byline: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The time of day beside the day of publication, `HH:MM` on the page's own clock.
    #[serde(default)]
    pub clock: Option<String>,
    /// The text that all offsets count in.
    pub text: String,
}

/// A publication date and how it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    /// ISO 8601 day, month or year.
    pub value: String,
    /// `day`, `month`, `year`, `week` or `range`.
    pub precision: String,
    /// `given`, `json-ld`, `meta`, `time`, `url`, `text` or `export`.
    pub from: String,
}

/// Words and where they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
}

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// A name in the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
    /// `person`, `organization`, `location`, `group` or `misc`.
    pub kind: String,
    /// Who or what is meant.
    pub entity: Option<Entity>,
}

/// Whom a mention names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Id in the lists of actors and people; `local:` and the name where they have none.
    pub id: String,
    /// Usual name.
    pub name: String,
    /// Probability that this one is meant.
    pub score: f64,
}

/// One event, or one toll, as told by one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// `c1`, `c2`, … within the record.
    pub id: String,
    /// The sentence that tells it.
    pub sentence: Range,
    /// Sources from the outside in, the outlet left out; empty for the outlet's own voice.
    pub chain: Vec<Link>,
    /// `asserts`, `denies`, `confirms`, `doubts` or `suspects`.
    pub stance: String,
    /// Where the last source stands: `actor`, `recipient`, `third` or `unknown`.
    pub position: String,
    /// `claimed_or_admitted`, `accused_by_authorities`, `suspected_or_accused`, `possible`,
    /// `reported_as_fact` or `denied`; `null` where nobody is named as the actor.
    pub responsibility: Option<String>,
    /// What is said to have happened.
    pub event: Event,
    /// Numbers of people harmed.
    pub figures: Vec<Figure>,
    /// Probability that the claim is there and of this type.
    pub confidence: f64,
    /// Program and model.
    pub by: String,
    /// What decided; only where it was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Reason>,
}

/// One act of saying.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The source's words; `null` where nobody is named ("it was reported").
    pub source: Option<Words>,
    /// Whom a pronoun or description stands for.
    pub resolved: Option<String>,
    /// `person`, `group`, `medium`, `document` or `unknown`.
    pub kind: String,
    /// The words that attribute.
    pub cue: Option<Words>,
    /// Where it was said: "on Telegram".
    pub medium: Option<String>,
    /// When it was said, ISO 8601.
    pub said_on: Option<String>,
}

/// One event mention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The words that name it.
    pub trigger: Words,
    /// One of the ten types, `ASSAULT` … `TOLL`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it was done.
    pub mode: Option<String>,
    /// `actual`, `attempted`, `planned`, `threatened`, `hypothetical` or `not_happened`.
    pub modality: String,
    /// Who did it.
    pub actor: Vec<Argument>,
    /// To whom or what.
    pub recipient: Vec<Argument>,
    /// With what.
    pub instrument: Vec<Argument>,
    /// Where, the finest first.
    pub place: Vec<Place>,
    /// ISO 3166-1 alpha-2 of where it happened, also where the sentence names no place.
    pub country: Option<String>,
    /// When.
    pub time: Option<Time>,
}

/// One actor, recipient or instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
    /// Whom a pronoun or description stands for.
    pub resolved: Option<String>,
    /// Id in the actor dictionary.
    pub entity: Option<String>,
}

/// One place of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
    /// Usual English name.
    pub name: Option<String>,
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// Degrees north: of the place, or of a point that the words give from it ("40 km north of"), or of `near`.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// Kilometres around `lat`, `lon` within which the event is to be looked for; `null` where it is the place itself.
    #[serde(default)]
    pub radius_km: Option<f64>,
    /// Where the gazetteer does not know the words ("the base"): the known place that they stand by, whose `lat` and
    /// `lon` these are. `name` and `geonames` are `null` then.
    #[serde(default)]
    pub near: Option<String>,
    /// `facility`, `settlement`, `admin2`, `admin1`, `country` or `region`.
    pub precision: Option<String>,
    /// ISO 3166-1 alpha-2: the place's own, or the event's where the gazetteer does not know the place.
    pub country: Option<String>,
}

/// When an event happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// First day, month or year, ISO 8601 and no finer than `precision`.
    pub start: String,
    /// Last day, month or year, both ends included.
    pub end: String,
    /// `day`, `week`, `month`, `year` or `range`.
    pub precision: String,
    /// The words, where the sentence has any.
    pub text: Option<String>,
    /// Where they stand.
    pub span: Option<Range>,
}

/// One number of people harmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// `killed`, `injured`, `missing`, `detained`, `displaced` or `abducted`.
    pub measure: String,
    /// At least so many.
    pub low: Option<u64>,
    /// At most so many.
    pub high: Option<u64>,
    /// `civilians`, `children`, `women`, `militants`, `soldiers` or `police`.
    pub population: Option<String>,
    /// `event` or `cumulative`.
    pub scope: String,
    /// First day of a running total, ISO 8601.
    pub since: Option<String>,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
}

/// What decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What was decided: `type`, `source`, `stance`, `actor` …
    pub slot: String,
    /// The rule's name, or the feature.
    pub rule: String,
    /// Log-odds that the feature added; 0 for a rule.
    pub weight: f64,
    /// First code point of the words it looked at.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words it looked at.
    pub text: String,
}

impl Record {
    /// The record on one line, without a line end.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("a record has string keys and finite numbers only")
    }

    /// The record indented for people, without a line end.
    pub fn to_pretty(&self) -> String {
        serde_json::to_string_pretty(self).expect("a record has string keys and finite numbers only")
    }
}
