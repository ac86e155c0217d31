//! Learns the claim reader's scorers: `hearsay-train-claims OUT FOLDER…`.
//!
//! A folder holds annotated reports: either `docs.json` and `ann/*.json`, or one file a report with its text and its
//! claims, where a field that equals its default is left out (`data/reports`).

use hearsay_claims::train::{Annotated, GoldClaim, GoldFigure, learn};
use hearsay_doc::{EventType, Interval, Modality, Page, PageKind, Position, Published, Span, Stance};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The language model whose parses the scorers learn from.
static MODEL: &[u8] = include_bytes!("../../../../models/en-1.bin");

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let (Some(out), folders) = (words.next(), words.collect::<Vec<_>>()) else { return usage() };
    if folders.is_empty() {
        return usage();
    }
    match run(Path::new(&out), &folders) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!(
        "usage: hearsay-train-claims OUT FOLDER...\n  OUT is the model file to write; each FOLDER holds annotated reports"
    );
    ExitCode::from(2)
}

fn run(out: &Path, folders: &[String]) -> Result<(), String> {
    let model = hearsay_nlp::Model::from_bytes(MODEL).map_err(|e| e.to_string())?;
    let mut reports = Vec::new();
    for folder in folders {
        for (doc, annotation) in documents(Path::new(folder))? {
            reports.push(annotated(&model, &doc, &annotation)?);
        }
    }
    let n_claims: usize = reports.iter().map(|r| r.claims.len()).sum();
    eprintln!("{} reports, {n_claims} claims", reports.len());
    let bytes = learn(&reports).to_bytes();
    eprintln!("{}: {} bytes", out.display(), bytes.len());
    std::fs::write(out, bytes).map_err(|e| format!("{}: {e}", out.display()))
}

fn json(path: &Path) -> Result<Value, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))
}

/// Pairs of a document and its annotation, by file name.
fn documents(folder: &Path) -> Result<Vec<(Value, Value)>, String> {
    let (listed, annotations) = (folder.join("docs.json"), folder.join("ann"));
    let within = if listed.exists() { annotations.as_path() } else { folder };
    let entries = std::fs::read_dir(within).map_err(|e| format!("{}: {e}", within.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "json"));
    files.sort();
    let docs = if listed.exists() { json(&listed)? } else { Value::Null };
    let mut found = Vec::new();
    for file in files {
        let annotation = json(&file)?;
        let doc = match docs.as_array() {
            None => annotation.clone(),
            Some(docs) => {
                let doc = docs.iter().find(|d| d["id"] == annotation["id"]);
                doc.cloned().ok_or_else(|| format!("{}: no such id in docs.json", file.display()))?
            }
        };
        found.push((doc, annotation));
    }
    Ok(found)
}

fn annotated(model: &hearsay_nlp::Model, doc: &Value, annotation: &Value) -> Result<Annotated, String> {
    let string = |key: &str| doc[key].as_str().map(str::to_owned);
    let text = string("text").ok_or("a document without text")?;
    let when = doc["published"].as_str().and_then(|d| Interval::parse(d).ok());
    let page = Page {
        name: string("id").unwrap_or_default(),
        kind: PageKind::Item,
        outlet: string("outlet"),
        title: string("title"),
        published: when.map(|when| Published { when, from: "given" }),
        text,
        ..Page::default()
    };
    let claims = annotation["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
    let claims = claims
        .iter()
        .map(|c| gold(&page.text, c).map_err(|e| format!("{}: {e}: {c}", page.name)))
        .collect::<Result<_, _>>()?;
    Ok(Annotated { doc: hearsay_nlp::annotate(model, &page.text), page, claims })
}

/// Byte span of the `n`th occurrence of `needle`.
fn nth(hay: &str, needle: &str, n: u64) -> Option<Span> {
    let start = hay.match_indices(needle).nth(n as usize)?.0;
    Some(Span::new(start, start + needle.len()))
}

fn gold(text: &str, claim: &Value) -> Result<GoldClaim, String> {
    let string = |key: &str| claim[key].as_str();
    let list = |key: &str| -> Vec<String> {
        let items = claim[key].as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let number = |key: &str| claim[key].as_u64().unwrap_or(0);
    let quote =
        nth(text, string("quote").ok_or("no quote")?, number("nth")).ok_or("the quote is not in the text")?;
    let inside = nth(quote.of(text), string("trigger").ok_or("no trigger")?, number("trigger_nth"))
        .ok_or("the trigger is not in the quote")?;
    let at = quote.start as usize;
    let trigger = Span::new(at + inside.start as usize, at + inside.end as usize);
    let parse_error = |e: hearsay_doc::UnknownLabel| e.to_string();
    let kind: EventType = string("type").ok_or("no type")?.parse().map_err(parse_error)?;
    // Figures stand in the trigger's sentence: the occurrence nearest to it is meant.
    let nearest = |words: &str| {
        let all = text.match_indices(words).map(|(start, _)| Span::new(start, start + words.len()));
        all.min_by_key(|s| s.start.abs_diff(trigger.start))
    };
    let mut figures = Vec::new();
    for figure in claim["figures"].as_array().map(Vec::as_slice).unwrap_or_default() {
        let measure = figure["measure"].as_str().unwrap_or_default().parse().map_err(parse_error)?;
        if let Some(span) = figure["quote"].as_str().and_then(nearest) {
            figures.push(GoldFigure { measure, span });
        }
    }
    Ok(GoldClaim {
        trigger,
        kind,
        mode: string("mode").and_then(|m| m.parse().ok()),
        modality: string("modality").map_or(Ok(Modality::Actual), str::parse).map_err(parse_error)?,
        actor: list("actor"),
        recipient: list("recipient"),
        instrument: list("instrument"),
        place: list("place"),
        date: string("date").map(str::to_owned),
        chain: list("chain"),
        cue: string("cue").map(str::to_owned),
        stance: string("stance").map_or(Ok(Stance::Asserts), str::parse).map_err(parse_error)?,
        position: string("position").map_or(Ok(Position::Third), str::parse).map_err(parse_error)?,
        figures,
    })
}
