//! The public record, schema `hearsay.reading/1`: one JSON object per page.
//!
//! It is the contract with everything outside: scorers, scripts, exports. `reading.schema.json` beside this
//! crate describes it for other programs, and a test holds the two together. Start at [`Record`].
//!
//! Offsets are half-open and count code points of `document.text`, so that `text[start:end]` in Python gives
//! the words that stand beside them. A field that is not known is `null`, never absent and never a guess.
//! New fields may be added within a version; none changes its meaning or goes.

use hearsay_doc as doc;
use hearsay_doc::{Page, Span};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Read;
use crate::offsets::Offsets;

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
    /// Id in the actor dictionary.
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
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
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
    /// The record of `page`. `read` must come from the same page; `by` names program and model.
    pub fn new(page: &Page, read: &Read, by: &str) -> Record {
        let writer = Writer { text: &page.text, offsets: Offsets::new(&page.text), by };
        let notes = page.notes.iter().chain(&read.reading.notes).cloned().collect();
        Record {
            schema: SCHEMA.to_owned(),
            document: document(page),
            mentions: read.doc.mentions.iter().map(|mention| writer.mention(mention)).collect(),
            claims: read.reading.claims.iter().zip(1..).map(|(claim, n)| writer.claim(claim, n)).collect(),
            notes,
        }
    }

    /// The record on one line, without a line end.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("a record has string keys and finite numbers only")
    }

    /// The record indented for people, without a line end.
    pub fn to_pretty(&self) -> String {
        serde_json::to_string_pretty(self).expect("a record has string keys and finite numbers only")
    }
}

fn document(page: &Page) -> Document {
    Document {
        id: sha256(page.text.as_bytes()),
        name: page.name.clone(),
        capture: page.capture.clone(),
        kind: page.kind.as_str().to_owned(),
        url: page.url.clone(),
        title: page.title.clone(),
        outlet: page.outlet.clone(),
        credits: page.credits.clone(),
        byline: page.byline.clone(),
        language: page.language.clone(),
        published: page.published.as_ref().map(|published| Published {
            value: published.when.iso(),
            precision: published.when.precision.as_str().to_owned(),
            from: published.from.to_owned(),
        }),
        text: page.text.clone(),
    }
}

/// `sha256:` and 64 hexadecimal digits.
fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{:x}", Sha256::digest(bytes))
}

/// `value` with so many decimals; a number that is none (a bug upstream) becomes 0, since JSON has no word for it.
fn round(value: f32, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    let value = (f64::from(value) * scale).round() / scale;
    if value.is_finite() { value } else { 0.0 }
}

/// ISO 3166-1 alpha-2 as a string.
fn country(code: [u8; 2]) -> String {
    code.iter().map(|&letter| char::from(letter)).collect()
}

/// Turns one page's spans into words with offsets.
struct Writer<'t> {
    text: &'t str,
    offsets: Offsets<'t>,
    by: &'t str,
}

impl Writer<'_> {
    fn words(&self, span: Span) -> Words {
        let (start, end) = self.offsets.range(span);
        Words { start, end, text: span.of(self.text).to_owned() }
    }

    fn range(&self, span: Span) -> Range {
        let (start, end) = self.offsets.range(span);
        Range { start, end }
    }

    fn mention(&self, mention: &doc::Mention) -> Mention {
        let Words { start, end, text } = self.words(mention.span);
        Mention { start, end, text, kind: mention.kind.to_string(), entity: None }
    }

    fn claim(&self, claim: &doc::Claim, n: usize) -> Claim {
        Claim {
            id: format!("c{n}"),
            sentence: self.range(claim.sentence),
            chain: claim.chain.iter().map(|link| self.link(link)).collect(),
            stance: claim.stance.to_string(),
            position: claim.position.to_string(),
            responsibility: claim.responsibility.map(|word| word.to_string()),
            event: self.event(&claim.event),
            figures: claim.figures.iter().map(|figure| self.figure(figure)).collect(),
            confidence: round(claim.confidence, 2),
            by: self.by.to_owned(),
            why: claim.why.iter().map(|reason| self.reason(reason)).collect(),
        }
    }

    fn link(&self, link: &doc::Link) -> Link {
        Link {
            source: link.source.map(|span| self.words(span)),
            resolved: link.resolved.clone(),
            kind: link.kind.as_str().to_owned(),
            cue: link.cue.map(|span| self.words(span)),
            medium: link.medium.map(|span| span.of(self.text).to_owned()),
            said_on: link.said_on.map(|when| when.iso()),
        }
    }

    fn event(&self, event: &doc::Event) -> Event {
        let arguments =
            |list: &[doc::Argument]| list.iter().map(|argument| self.argument(argument)).collect();
        Event {
            trigger: self.words(event.trigger),
            kind: event.kind.to_string(),
            mode: event.mode.map(|mode| mode.to_string()),
            modality: event.modality.to_string(),
            actor: arguments(&event.actor),
            recipient: arguments(&event.recipient),
            instrument: arguments(&event.instrument),
            place: event.place.iter().map(|place| self.place(place, event.country)).collect(),
            country: event.country.map(country),
            time: event.time.as_ref().map(|time| self.time(time)),
        }
    }

    fn argument(&self, argument: &doc::Argument) -> Argument {
        let Words { start, end, text } = self.words(argument.span);
        Argument { start, end, text, resolved: argument.resolved.clone(), entity: argument.entity.clone() }
    }

    fn place(&self, place: &doc::PlaceRef, of_event: Option<[u8; 2]>) -> Place {
        let Words { start, end, text } = self.words(place.span);
        let found = place.resolved.as_ref();
        Place {
            start,
            end,
            text,
            name: found.map(|found| found.name.clone()),
            geonames: found.and_then(|found| found.geonames),
            // Four decimals are eleven metres, finer than any place in a report.
            lat: found.map(|found| round(found.lat, 4)),
            lon: found.map(|found| round(found.lon, 4)),
            precision: found.map(|found| found.precision.to_string()),
            country: found.map_or(of_event, |found| found.country).map(country),
        }
    }

    fn time(&self, time: &doc::TimeRef) -> Time {
        Time {
            start: time.interval.start_iso(),
            end: time.interval.end_iso(),
            precision: time.interval.precision.as_str().to_owned(),
            text: time.span.map(|span| span.of(self.text).to_owned()),
            span: time.span.map(|span| self.range(span)),
        }
    }

    fn figure(&self, figure: &doc::Figure) -> Figure {
        let Words { start, end, text } = self.words(figure.span);
        Figure {
            measure: figure.measure.to_string(),
            low: figure.low,
            high: figure.high,
            population: figure.population.map(|who| who.to_string()),
            scope: figure.scope.to_string(),
            since: figure.since.map(|since| since.start_iso()),
            start,
            end,
            text,
        }
    }

    fn reason(&self, reason: &doc::Reason) -> Reason {
        let Words { start, end, text } = self.words(reason.span);
        Reason {
            slot: reason.slot.to_owned(),
            rule: reason.rule.clone(),
            weight: round(reason.weight, 2),
            start,
            end,
            text,
        }
    }
}
