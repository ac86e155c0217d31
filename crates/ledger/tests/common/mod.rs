//! Ledgers and records made by hand.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use hearsay_doc::record::{
    Argument, Claim, Document, Event, Figure, Link, Place, Published, Range, Record, SCHEMA, Time, Words,
};
use hearsay_ledger::{Given, Options, Prepared, Writer, chain, member};

/// A folder of this test alone that does not exist.
pub fn folder(test: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&path);
    path
}

/// All files of a folder and the folders in it.
pub fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// One claim of a story.
#[derive(Clone, Copy, Default)]
pub struct Said {
    /// Words of the text that name the event.
    pub trigger: &'static str,
    pub kind: &'static str,
    pub stance: &'static str,
    pub source: &'static str,
    pub actor: &'static str,
    pub place: &'static str,
    pub at: Option<(f64, f64)>,
    pub country: &'static str,
    pub time: &'static str,
    pub killed: Option<u64>,
}

/// A record of `text` as a reader would make it. Sentences end at full stops.
pub fn record(name: &str, outlet: &str, published: &str, text: &str, said: &[Said]) -> Record {
    let point = |byte: usize| text[..byte].chars().count() as u32;
    let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let claims = said.iter().zip(1..).map(|(said, n)| {
        let at = text.find(said.trigger).unwrap_or_else(|| panic!("{:?} is not in the text", said.trigger));
        let sentence_start = text[..at].rfind(". ").map_or(0, |dot| dot + 2);
        let sentence_end = text[at..].find('.').map_or(text.len(), |dot| at + dot + 1);
        let words = |words: &str| {
            let start = text.find(words).map_or(0, point);
            Words { start, end: start + words.chars().count() as u32, text: words.to_owned() }
        };
        let argument = |name: &str| {
            let Words { start, end, text } = words(name);
            Argument { start, end, text, resolved: None, entity: None }
        };
        let link = |name: &str| Link {
            source: Some(words(name)),
            resolved: None,
            kind: "group".to_owned(),
            cue: None,
            medium: None,
            said_on: None,
        };
        let Words { start, end, text: place_text } = words(said.place);
        let place = Place {
            start,
            end,
            text: place_text,
            name: some(said.place),
            geonames: None,
            lat: said.at.map(|at| at.0),
            lon: said.at.map(|at| at.1),
            precision: Some("settlement".to_owned()),
            country: some(said.country),
        };
        let (first, last) = said.time.split_once('/').unwrap_or((said.time, said.time));
        let time = Time {
            start: first.to_owned(),
            end: last.to_owned(),
            precision: "day".to_owned(),
            text: None,
            span: None,
        };
        Claim {
            id: format!("c{n}"),
            sentence: Range { start: point(sentence_start), end: point(sentence_end) },
            chain: some(said.source).iter().map(|name| link(name)).collect(),
            stance: some(said.stance).unwrap_or("asserts".to_owned()),
            position: "third".to_owned(),
            responsibility: None,
            event: Event {
                trigger: Words {
                    start: point(at),
                    end: point(at + said.trigger.len()),
                    text: said.trigger.to_owned(),
                },
                kind: some(said.kind).unwrap_or("ASSAULT".to_owned()),
                mode: None,
                modality: "actual".to_owned(),
                actor: some(said.actor).iter().map(|name| argument(name)).collect(),
                recipient: Vec::new(),
                instrument: Vec::new(),
                place: some(said.place).map(|_| place).into_iter().collect(),
                country: some(said.country),
                time: some(said.time).map(|_| time),
            },
            figures: said
                .killed
                .map(|killed| Figure {
                    measure: "killed".to_owned(),
                    low: Some(killed),
                    high: Some(killed),
                    population: None,
                    scope: "event".to_owned(),
                    since: None,
                    start: 0,
                    end: 1,
                    text: killed.to_string(),
                })
                .into_iter()
                .collect(),
            confidence: 0.9,
            by: "reader 1".to_owned(),
            why: Vec::new(),
        }
    });
    let sha = |bytes: &[u8]| format!("sha256:{}", chain::hex(&chain::sha256(bytes)));
    Record {
        schema: SCHEMA.to_owned(),
        document: Document {
            id: sha(text.as_bytes()),
            name: name.to_owned(),
            capture: sha(text.as_bytes()),
            kind: "text".to_owned(),
            url: None,
            title: Some(format!("Story {name}")),
            outlet: some(outlet),
            credits: Vec::new(),
            byline: None,
            language: Some("en".to_owned()),
            published: some(published).map(|value| Published {
                value,
                precision: "day".to_owned(),
                from: "given".to_owned(),
            }),
            clock: None,
            text: text.to_owned(),
        },
        mentions: Vec::new(),
        claims: claims.collect(),
        notes: Vec::new(),
    }
}

/// A record whose capture is its text.
pub fn add(writer: &mut Writer, record: &Record, reader: &str) -> bool {
    let place = hearsay_ledger::Place {
        origin: format!("{}.txt", record.document.name),
        name: record.document.name.clone(),
        given: None,
    };
    writer.take_in(&member(record.document.text.as_bytes(), &place.origin, 0), &place).unwrap();
    let given: Option<Given> = None;
    writer.append(&Prepared::new(record.clone(), 0, given, reader).unwrap()).unwrap()
}

/// A clock that stands at 2024-03-24T00:00Z until it is told otherwise.
pub fn options() -> Options {
    Options { clock: || 1_711_238_400_000, by: "hearsay test".to_owned(), ..Options::default() }
}

/// Two outlets on one shelling, one of which has it denied.
pub fn two_stories() -> [Record; 2] {
    [
        record(
            "harbour-1",
            "Harbour Daily",
            "2024-03-20",
            "The council met. Shells hit the market of Orm on Tuesday and killed nine people, the St Ana hospital said.",
            &[Said {
                trigger: "hit",
                source: "the St Ana hospital",
                place: "Orm",
                at: Some((10.5, 20.25)),
                country: "VA",
                time: "2024-03-19",
                killed: Some(9),
                ..Said::default()
            }],
        ),
        record(
            "kna-7",
            "KNA",
            "2024-03-21",
            "The Žarn army denied that it had shelled Orm. It said that rebels burnt a bridge near Vel in February.",
            &[
                Said {
                    trigger: "shelled",
                    stance: "denies",
                    source: "The Žarn army",
                    actor: "it",
                    place: "Orm",
                    at: Some((10.5, 20.25)),
                    country: "VA",
                    ..Said::default()
                },
                Said {
                    trigger: "burnt",
                    source: "The Žarn army",
                    actor: "rebels",
                    place: "Vel",
                    at: Some((11.0, 21.0)),
                    country: "VA",
                    time: "2024-02",
                    ..Said::default()
                },
            ],
        ),
    ]
}
