//! Claims: one event, or one toll, as told by one source.

use crate::{
    EventType, Interval, Measure, Modality, Mode, PlacePrecision, Population, Position, Responsibility,
    Scope, Span, Stance,
};

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SourceKind {
    /// A person, named or not.
    Person,
    /// A group, army, ministry, organisation or state.
    Group,
    /// A news outlet, agency or channel.
    Outlet,
    /// A statement, report, video or other document that speaks by itself.
    Document,
    /// Cannot be told, or nobody is named ("it was reported").
    #[default]
    Unknown,
}

impl SourceKind {
    /// The word in the public record.
    pub fn as_str(self) -> &'static str {
        match self {
            SourceKind::Person => "person",
            SourceKind::Group => "group",
            // The record keeps `outlet` for the page's own outlet, which is never in a chain.
            SourceKind::Outlet => "medium",
            SourceKind::Document => "document",
            SourceKind::Unknown => "unknown",
        }
    }
}

/// One act of saying: a source and the words that attribute.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Link {
    /// The source's words; `None` where nobody is named ("was reported").
    pub source: Option<Span>,
    /// Whom a pronoun or description stands for.
    pub resolved: Option<String>,
    /// What the source is.
    pub kind: SourceKind,
    /// The words that attribute: said, according to, denied.
    pub cue: Option<Span>,
    /// Where it was said: "on Telegram", "in a statement".
    pub medium: Option<Span>,
    /// When it was said.
    pub said_on: Option<Interval>,
}

/// One actor, recipient or instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its words.
    pub span: Span,
    /// Whom a pronoun or description stands for.
    pub resolved: Option<String>,
    /// Id in the actor dictionary.
    pub entity: Option<String>,
}

/// A place found in the gazetteer.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedPlace {
    /// Its usual English name.
    pub name: String,
    /// GeoNames id, where it has one.
    pub geonames: Option<u32>,
    /// Degrees north.
    pub lat: f32,
    /// Degrees east.
    pub lon: f32,
    /// How fine it is.
    pub precision: PlacePrecision,
    /// ISO 3166-1 alpha-2.
    pub country: Option<[u8; 2]>,
    /// Kilometres from `lat`, `lon` within which the event is to be looked for, where the words put it near the
    /// place or so far off it; `None` where it is the place itself.
    pub radius_km: Option<f32>,
}

/// One place of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRef {
    /// Its words.
    pub span: Span,
    /// What the gazetteer says, or nothing: the words are kept.
    pub resolved: Option<ResolvedPlace>,
    /// For words that the gazetteer does not know ("the base", "al-Nur mosque"): the known place of the text that they
    /// stand by, with a radius.
    pub near: Option<ResolvedPlace>,
}

/// When an event happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeRef {
    /// Its words, where the sentence has any.
    pub span: Option<Span>,
    /// The days meant.
    pub interval: Interval,
}

/// One event mention.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The word or words that name it.
    pub trigger: Span,
    /// Its type.
    pub kind: EventType,
    /// How it was done.
    pub mode: Option<Mode>,
    /// Whether it is said to have happened.
    pub modality: Modality,
    /// Who did it.
    pub actor: Vec<Argument>,
    /// To whom or what.
    pub recipient: Vec<Argument>,
    /// With what.
    pub instrument: Vec<Argument>,
    /// Where, the finest first.
    pub place: Vec<PlaceRef>,
    /// ISO 3166-1 alpha-2 of where it happened, also when the sentence names no place.
    pub country: Option<[u8; 2]>,
    /// When.
    pub time: Option<TimeRef>,
}

/// One number of people harmed, as an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What is counted.
    pub measure: Measure,
    /// At least so many.
    pub low: Option<u64>,
    /// At most so many.
    pub high: Option<u64>,
    /// Who was counted.
    pub population: Option<Population>,
    /// This event or a running total.
    pub scope: Scope,
    /// First day of a running total.
    pub since: Option<Interval>,
    /// Its words.
    pub span: Span,
}

/// Why the reader decided as it did: a rule or a weight, and the words it looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What was decided: `type`, `source`, `stance`, `actor` …
    pub slot: &'static str,
    /// The rule's name, or the feature.
    pub rule: String,
    /// Log-odds that the feature added; 0 for a rule.
    pub weight: f32,
    /// The words it looked at.
    pub span: Span,
}

/// One event, or one toll, as told by one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The sentence that tells it.
    pub sentence: Span,
    /// The sources from the outside in, the outlet left out; empty for the outlet's own voice.
    pub chain: Vec<Link>,
    /// What the last source does with the event.
    pub stance: Stance,
    /// Where the last source stands in it.
    pub position: Position,
    /// Derived from the two, see `hearsay_claims`; `None` where no actor is named.
    pub responsibility: Option<Responsibility>,
    /// What is said to have happened.
    pub event: Event,
    /// Numbers of people harmed.
    pub figures: Vec<Figure>,
    /// Probability that the claim is there and of this type.
    pub confidence: f32,
    /// Filled only when asked for.
    pub why: Vec<Reason>,
}

/// Whom a mention names.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityRef {
    /// Index in the doc's mentions.
    pub mention: u32,
    /// Id in the lists of actors and people; `local:` and the name where they have none.
    pub id: String,
    /// Usual name, else the fullest one of the page.
    pub name: String,
    /// Probability that this one is meant; 0.5 for names that no list knows.
    pub score: f32,
}

/// All that was read from one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Claims, ordered by where their trigger starts.
    pub claims: Vec<Claim>,
    /// Whom the page's mentions name, in order.
    pub entities: Vec<EntityRef>,
    /// What was odd, for people.
    pub notes: Vec<String>,
}
