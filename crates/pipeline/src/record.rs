//! A page and its reading become the public record, [`hearsay_doc::record`].
//!
//! Start at [`record`]. Spans in bytes become offsets in code points here, closed vocabularies become their words.

use hearsay_claims::resolve::actor::Named;
use hearsay_doc as doc;
use hearsay_doc::record::{
    Argument, Claim, Document, Event, Figure, Link, Mention, Place, Published, Range, Reason, Record, SCHEMA,
    Time, Words,
};
use hearsay_doc::{Page, Span};
use sha2::{Digest, Sha256};

use crate::Read;
use crate::offsets::Offsets;

/// The record of `page`. `read` must come from the same page; `by` names program and model.
pub fn record(page: &Page, read: &Read, by: &str) -> Record {
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

/// Places of a text that is no page.
pub(crate) fn places(text: &str, places: &[doc::PlaceRef]) -> Vec<Place> {
    let writer = Writer { text, offsets: Offsets::new(text), by: "" };
    places.iter().map(|place| writer.place(place, None)).collect()
}

/// A known actor named in a text. Offsets count code points.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct NamedActor {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
    /// Id in the actor dictionary.
    pub id: String,
    /// Usual name.
    pub name: String,
    /// state, army, police, ministry, group, agency, outlet, monitor, un, alliance, hospital or person.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// What all who belong to one side share.
    pub side: Option<String>,
}

/// Actors of a text that is no page.
pub(crate) fn actors(text: &str, doc: &doc::Doc, named: &[Named]) -> Vec<NamedActor> {
    let writer = Writer { text, offsets: Offsets::new(text), by: "" };
    let known = |word: &str| (word != "-").then(|| word.to_owned());
    let one = |named: &Named| {
        let span = doc.span(named.tokens.0 as usize, named.tokens.1 as usize - 1);
        let Words { start, end, text } = writer.words(span);
        NamedActor {
            start,
            end,
            text,
            id: named.actor.id.to_owned(),
            name: named.actor.name.to_owned(),
            kind: named.actor.kind.to_owned(),
            country: known(named.actor.country),
            side: known(named.actor.side),
        }
    };
    named.iter().map(one).collect()
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
        clock: page.clock.map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60)),
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
        let at = found.or(place.near.as_ref());
        Place {
            start,
            end,
            text,
            name: found.map(|found| found.name.clone()),
            geonames: found.and_then(|found| found.geonames),
            // Four decimals are eleven metres, finer than any place in a report.
            lat: at.map(|at| round(at.lat, 4)),
            lon: at.map(|at| round(at.lon, 4)),
            radius_km: at.and_then(|at| at.radius_km).map(|km| round(km, 0)),
            near: place.near.as_ref().filter(|_| found.is_none()).map(|near| near.name.clone()),
            precision: found.map(|found| found.precision.to_string()),
            country: at.map_or(of_event, |at| at.country).map(country),
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
