//! The place of an event whose verb is given: Halterman's verb–location annotations.
//!
//! The file is a JSON list of `text` and `spans` (one `VERB`, any number of `LOCATION`), alone or in a zip; offsets count
//! code points. Only entries with the `source` asked for are scored, by default `RELABEL`, the ones labelled twice.
//! The reader gets the sentence and the verb. Names alone are annotated, so descriptions ("the base") are left out of what
//! was read. Where the annotation has a location, the finest name read is right if it overlaps one of them; where it has
//! none, reading none is right. Start at [`run`].

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::Path;

use hearsay_doc::{PlaceRef, Span};
use rayon::prelude::*;
use serde_json::Value;

use crate::args::{Args, Opt};
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] = &[
    Opt::switch("--json"),
    Opt::switch("--errors"),
    Opt::value("--source", "NAME"),
    Opt::value("--model", "FILE"),
];

/// How to call the task.
pub const HELP: &str = "\
event-places FILE    Halterman's verbs and their locations (labeled_text.jsonl, or the zip that holds it)
  --source NAME      only entries of this source (RELABEL); all for every one
  --model FILE       scorers other than the shipped ones
  --errors           a line per entry that is wrong
  --json             figures as JSON";

/// Bytes that an unpacked file may have; the published one has 21 million.
const LIMIT: u64 = 1 << 28;

/// One sentence, its verb, and where that happened.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    text: String,
    verb: Span,
    places: Vec<Span>,
}

/// Scores the reader.
///
/// # Errors
///
/// [`Error`] if the file holds no such list or the reader cannot be made ready.
pub fn run(args: &Args) -> Result<Report, Error> {
    let path = args.path()?;
    let entries = parse(&bytes_of(path)?, args.get("--source").unwrap_or("RELABEL"))
        .map_err(|what| Error::format(path, 0, what))?;
    if entries.is_empty() {
        return Err(Error::format(path, 0, "no entry of this source with a verb"));
    }
    let places = crate::event_placer(args.get("--model"))?;
    let read: Vec<Vec<PlaceRef>> = entries.par_iter().map(|entry| places(&entry.text, entry.verb)).collect();
    let mut text = String::new();
    let mut counts = Counts::default();
    for (entry, read) in entries.iter().zip(read) {
        let read = named(entry, read);
        let right = counts.add(entry, &read);
        if !right && args.has("--errors") {
            let words =
                |spans: &[Span]| spans.iter().map(|span| span.of(&entry.text)).collect::<Vec<_>>().join("; ");
            let got: Vec<Span> = read.iter().map(|place| place.span).collect();
            let (gold, got, verb) = (words(&entry.places), words(&got), entry.verb.of(&entry.text));
            let line = format!("gold [{gold}] got [{got}] {verb}: {}", entry.text).replace('\n', " ");
            let _ = writeln!(text, "{line}");
        }
    }
    let figures = counts.figures();
    let _ = writeln!(text, "{} verbs, {} of them with a place", entries.len(), counts.placed.1);
    Ok(Report::of(text, figures, args.has("--json"), 2))
}

/// Places whose words hold a capital letter.
fn named(entry: &Entry, mut read: Vec<PlaceRef>) -> Vec<PlaceRef> {
    read.retain(|place| place.span.of(&entry.text).contains(char::is_uppercase));
    read
}

/// Right and of how many.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    placed: (usize, usize),
    unplaced: (usize, usize),
    /// Of those with a place: any of the places read is right.
    any: usize,
}

impl Counts {
    fn add(&mut self, entry: &Entry, read: &[PlaceRef]) -> bool {
        let hits = |place: &PlaceRef| entry.places.iter().any(|gold| gold.overlaps(place.span));
        let (sum, right) = match entry.places.is_empty() {
            true => (&mut self.unplaced, read.is_empty()),
            false => (&mut self.placed, read.first().is_some_and(hits)),
        };
        sum.0 += usize::from(right);
        sum.1 += 1;
        self.any += usize::from(read.iter().any(hits));
        right
    }

    fn figures(&self) -> Vec<(String, f64)> {
        let ratio = |n: usize, of: usize| {
            if of > 0 { (10_000.0 * n as f64 / of as f64).round() / 100.0 } else { 0.0 }
        };
        let (placed, unplaced) = (self.placed, self.unplaced);
        [
            ("right_place", ratio(placed.0, placed.1)),
            ("any_right", ratio(self.any, placed.1)),
            ("rightly_none", ratio(unplaced.0, unplaced.1)),
            ("all", ratio(placed.0 + unplaced.0, placed.1 + unplaced.1)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

/// The file, or the first JSON inside it if it is a zip.
fn bytes_of(path: &Path) -> Result<Vec<u8>, Error> {
    let bytes = fs::read(path).map_err(Error::file(path))?;
    if !bytes.starts_with(b"PK\x03\x04") {
        return Ok(bytes);
    }
    let broken = |e: zip::result::ZipError| Error::format(path, 0, e);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let is_list = |name: &str| name.contains(".json") && !name.starts_with("__MACOSX");
    let name = archive.file_names().find(|name| is_list(name)).map(str::to_owned);
    let name = name.ok_or_else(|| Error::format(path, 0, "no .json in this zip"))?;
    let mut out = Vec::new();
    let file = archive.by_name(&name).map_err(broken)?;
    file.take(LIMIT).read_to_end(&mut out).map_err(Error::file(path))?;
    Ok(out)
}

/// Entries of one source (`all` of every one) that have exactly one verb.
fn parse(bytes: &[u8], source: &str) -> Result<Vec<Entry>, String> {
    let list: Vec<Value> = match serde_json::from_slice(bytes) {
        Ok(list) => list,
        // One entry a line.
        Err(_) => {
            let lines = String::from_utf8_lossy(bytes);
            let lines = lines.lines().filter(|line| !line.trim().is_empty());
            lines.map(serde_json::from_str).collect::<Result<_, _>>().map_err(|e| e.to_string())?
        }
    };
    Ok(list.iter().filter(|one| source == "all" || one["source"] == source).filter_map(entry).collect())
}

fn entry(value: &Value) -> Option<Entry> {
    let text = value["text"].as_str()?;
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |at: &Value| offsets.get(at.as_u64()? as usize).copied();
    let cut = |from: &Value, to: &Value| {
        let (start, end) = (byte(&from["start"])?, byte(&to["end"])?);
        (start < end).then(|| Span::new(start, end))
    };
    // Some entries give numbers of tokens in place of characters: their own words tell.
    let one = |span: &Value| {
        let words = span["text"].as_str();
        let token = |name: &str| span[name].as_u64().map(|n| &value["tokens"][n as usize]);
        let given = cut(span, span).filter(|at| words.is_none_or(|words| at.of(text) == words));
        given.or_else(|| cut(token("token_start")?, token("token_end")?))
    };
    let spans = |label: &str| -> Vec<Span> {
        let all = value["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|span| span["label"] == label).filter_map(one).collect()
    };
    let verb = *spans("VERB").first()?;
    Some(Entry { places: spans("LOCATION"), text: text.to_owned(), verb })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"[
        {"source": "RELABEL", "text": "Žal shelled Osh.", "spans": [{"label": "VERB", "start": 4, "end": 11},
            {"label": "LOCATION", "start": 12, "end": 15}]},
        {"source": "AP", "text": "They fled.", "spans": [{"label": "VERB", "start": 5, "end": 9}]},
        {"source": "RELABEL", "text": "Ž shelled Osh.", "tokens": [{"start": 0, "end": 1}, {"start": 2, "end": 9},
            {"start": 10, "end": 13}], "spans": [{"label": "VERB", "start": 2, "end": 9}, {"label": "LOCATION", "start": 2,
            "end": 2, "text": "Osh", "token_start": 2, "token_end": 2}]},
        {"source": "RELABEL", "text": "Nothing.", "spans": []}]"#;

    #[test]
    fn entries_are_read_by_code_points_and_source() {
        let show = |entry: &Entry| {
            let places: Vec<&str> = entry.places.iter().map(|span| span.of(&entry.text)).collect();
            format!("{} @ {}", entry.verb.of(&entry.text), places.join(", "))
        };
        let all = |source| parse(LIST.as_bytes(), source).unwrap().iter().map(show).collect::<Vec<_>>();
        assert_eq!(all("RELABEL"), ["shelled @ Osh", "shelled @ Osh"]);
        assert_eq!(all("AP"), ["fled @ "]);
        assert!(parse(b"no list", "all").is_err());
    }

    #[test]
    fn only_the_finest_place_counts_and_none_is_right_where_there_is_none() {
        let place = |start, end| PlaceRef { span: Span::new(start, end), resolved: None, near: None };
        let entries = parse(LIST.as_bytes(), "all").unwrap();
        let mut counts = Counts::default();
        assert!(counts.add(&entries[0], &[place(13, 16)]));
        assert!(!counts.add(&entries[0], &[place(0, 3), place(13, 16)]));
        assert!(counts.add(&entries[1], &[]));
        let shown: Vec<String> = counts.figures().iter().map(|(name, v)| format!("{name} {v}")).collect();
        assert_eq!(shown.join(", "), "right_place 50, any_right 100, rightly_none 100, all 66.67");
    }
}
