//! A page and its reading become the public record, [`hearsay_doc::record`].
//!
//! Start at [`record`]. Spans in bytes become offsets in code points here, closed vocabularies become their words.

use hearsay_claims::resolve::actor::{Actor, Named};
use hearsay_claims::resolve::entity::{Holder, holder};
use hearsay_doc as doc;
use hearsay_doc::record::{
    Argument, Claim, Document, Entity, Event, Figure, Link, Mention, Place, Published, Range, Reason, Record,
    SCHEMA, Time, Words,
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
        mentions: mentions(&writer, read),
        claims: read.reading.claims.iter().zip(1..).map(|(claim, n)| writer.claim(claim, n)).collect(),
        notes,
    }
}

fn mentions(writer: &Writer, read: &Read) -> Vec<Mention> {
    let all = &read.reading.entities;
    let entity = |n: u32| all.binary_search_by_key(&n, |entity| entity.mention).ok().map(|at| &all[at]);
    read.doc.mentions.iter().zip(0..).map(|(mention, n)| writer.mention(mention, entity(n))).collect()
}

fn named(entity: &doc::EntityRef) -> Entity {
    Entity { id: entity.id.clone(), name: entity.name.clone(), score: round(entity.score, 2) }
}

/// Places of a text that is no page.
pub(crate) fn places(text: &str, places: &[doc::PlaceRef]) -> Vec<Place> {
    let writer = Writer { text, offsets: Offsets::new(text), by: "" };
    places.iter().map(|place| writer.place(place, None)).collect()
}

/// An actor named in a text. Offsets count code points.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct NamedActor {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
    /// Id in the lists of actors and people; `local:` and the name where they have none.
    pub id: String,
    /// Usual name.
    pub name: String,
    /// state, army, police, ministry, group, agency, outlet, monitor, un, alliance, hospital or person; organization for
    /// what no list knows.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// What all who belong to one side share.
    pub side: Option<String>,
    /// What the person holds or last held: office, id of whose it is, and years.
    pub office: Option<String>,
    /// Probability that this one is meant; 0.5 for names that no list knows.
    pub score: f64,
}

/// Actors of a text that is no page: names of the dictionary, and what else is named.
pub(crate) fn actors(
    text: &str,
    doc: &doc::Doc,
    known: &[Named],
    entities: &[doc::EntityRef],
    actor: impl Fn(&str) -> Option<Actor>,
) -> Vec<NamedActor> {
    let writer = Writer { text, offsets: Offsets::new(text), by: "" };
    let word = |word: &str| (word != "-").then(|| word.to_owned());
    let listed = |span: Span, actor: Actor, score: f64| {
        let Words { start, end, text } = writer.words(span);
        NamedActor {
            start,
            end,
            text,
            id: actor.id.to_owned(),
            name: actor.name.to_owned(),
            kind: actor.kind.to_owned(),
            country: word(actor.country),
            side: word(actor.side),
            office: None,
            score,
        }
    };
    let known: Vec<(Span, Actor)> = known
        .iter()
        .map(|named| (doc.span(named.tokens.0 as usize, named.tokens.1 as usize - 1), named.actor))
        .collect();
    let mut found: Vec<NamedActor> = known.iter().map(|(span, actor)| listed(*span, *actor, 1.0)).collect();
    for entity in entities {
        let mention = &doc.mentions[entity.mention as usize];
        if known.iter().any(|(span, _)| span.overlaps(mention.span)) {
            continue;
        }
        let score = round(entity.score, 2);
        if let Some(actor) = actor(&entity.name) {
            found.push(listed(mention.span, actor, score));
            continue;
        }
        let Words { start, end, text } = writer.words(mention.span);
        let holder = holder(&entity.name, None).filter(|holder| holder.id == entity.id);
        let years = |holder: Holder| {
            let year = |year: Option<i32>| year.map_or(String::new(), |year| year.to_string());
            format!("{} of {}, {}–{}", holder.office, holder.of, year(holder.from), year(holder.to))
        };
        found.push(NamedActor {
            start,
            end,
            text,
            id: entity.id.clone(),
            name: entity.name.clone(),
            kind: mention.kind.to_string(),
            country: holder.and_then(|holder| word(holder.country)),
            side: None,
            office: holder.map(years),
            score,
        });
    }
    found.sort_by_key(|actor| actor.start);
    found
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

    fn mention(&self, mention: &doc::Mention, entity: Option<&doc::EntityRef>) -> Mention {
        let Words { start, end, text } = self.words(mention.span);
        Mention { start, end, text, kind: mention.kind.to_string(), entity: entity.map(named) }
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
