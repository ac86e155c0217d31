//! Learns the claim reader's scorers: `hearsay-train-claims OUT DATA REPO`.
//!
//! DATA is the folder of unpacked data sets, REPO this repository. It learns from `claims_train` (`docs.json` and
//! `ann/*.json`), from the invented reports of `data/reports` and from `data/annotations`, whose texts are rebuilt
//! from their data sets. With further folders after REPO it learns from these alone, each in `claims_train`'s form:
//! that is how figures on held-out reports are made. Which places belong to an event it learns from
//! `halterman_event_location` too.

mod texts;

use hearsay_claims::train::{Annotated, GoldClaim, GoldFigure, Placed, learn};
use hearsay_doc::{EventType, Interval, Modality, Page, PageKind, Position, Published, Span, Stance};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The language model whose parses the scorers learn from.
static MODEL: &[u8] = include_bytes!("../../../../../models/en-1.bin");

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [out, data, repo, folders @ ..] = &words[..] else {
        eprintln!("usage: hearsay-train-claims OUT DATA REPO [FOLDER...]");
        return ExitCode::from(2);
    };
    match run(Path::new(out), Path::new(data), Path::new(repo), folders) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(out: &Path, data: &Path, repo: &Path, folders: &[String]) -> Result<(), String> {
    let model = hearsay_nlp::Model::from_bytes(MODEL).map_err(|e| e.to_string())?;
    let mut reports = Vec::new();
    let own = [data.join("claims_train"), repo.join("data/reports")];
    let named = folders.iter().map(PathBuf::from);
    let folders: Vec<PathBuf> = if folders.is_empty() { own.into() } else { named.collect() };
    let all = folders.len() == 2 && folders[0] == data.join("claims_train");
    for folder in folders {
        for (doc, annotation) in documents(&folder)? {
            reports.push(annotated(&model, &doc, &annotation)?);
        }
    }
    for (set, rebuild) in texts::SETS.iter().filter(|_| all) {
        reports.extend(offsets(
            &model,
            &repo.join(format!("data/annotations/{set}.jsonl")),
            &rebuild(data)?,
        )?);
    }
    let n_claims: usize = reports.iter().map(|r| r.claims.len()).sum();
    println!("{} reports, {n_claims} claims", reports.len());
    let placed = if all { placed(&model, data)? } else { Vec::new() };
    println!("{} sentences with an event and its place", placed.len());
    let bytes = learn(&reports, &placed).to_bytes();
    println!("{}: {} bytes, sha256 {}", out.display(), bytes.len(), hex(&bytes));
    std::fs::write(out, bytes).map_err(|e| format!("{}: {e}", out.display()))
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Annotated documents of a file of offsets.
fn offsets(model: &hearsay_nlp::Model, file: &Path, texts: &texts::Texts) -> Result<Vec<Annotated>, String> {
    let lines = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut found = Vec::new();
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line).map_err(|e| format!("{}: {e}", file.display()))?;
        let id = row["id"].as_str().unwrap_or_default();
        let text = texts.get(id).ok_or_else(|| format!("{}: no text {id} in the data", file.display()))?;
        if row["sha256"].as_str() != Some(&hex(text.as_bytes())) {
            return Err(format!("{}: the text of {id} is not the one annotated", file.display()));
        }
        let starts: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
        let words = |span: &Value| -> Value {
            let at = |n: usize| span[n].as_u64().and_then(|c| starts.get(c as usize)).copied().unwrap_or(0);
            Value::from(text.get(at(0)..at(1)).unwrap_or(""))
        };
        // The same form as the annotations in words, with the trigger's place given as its quotation.
        let mut claims = Vec::new();
        for claim in row["claims"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let mut told = claim.clone();
            for key in ["actor", "recipient", "instrument", "place", "chain"] {
                if let Some(spans) = claim[key].as_array() {
                    told[key] = spans.iter().map(words).collect();
                }
            }
            if claim["cue"].is_array() {
                told["cue"] = words(&claim["cue"]);
            }
            for figure in told["figures"].as_array_mut().map(Vec::as_mut_slice).unwrap_or_default() {
                figure["quote"] = words(&figure["span"]);
            }
            let start =
                claim["trigger"][0].as_u64().and_then(|c| starts.get(c as usize)).copied().unwrap_or(0);
            told["trigger"] = words(&claim["trigger"]);
            let trigger = told["trigger"].as_str().unwrap_or_default().to_owned();
            told["nth"] = text[..start].matches(trigger.as_str()).count().into();
            told["quote"] = trigger.into();
            claims.push(told);
        }
        let day: String = id.chars().filter(char::is_ascii_digit).collect();
        let day = id.strip_prefix("wcx-").map(str::to_owned).or_else(|| {
            let at = day.find("20")?;
            let digits = day.get(at..at + 8)?;
            Some(format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
        });
        let dated = file.ends_with("ewt.jsonl") || file.ends_with("current-events.jsonl");
        let doc = serde_json::json!({"id": id, "text": text, "published": day.filter(|_| dated)});
        found.push(annotated(model, &doc, &serde_json::json!({"claims": claims}))?);
    }
    Ok(found)
}

/// Sentences of `halterman_event_location`. Those of the part labelled twice are left out: they are for measuring.
fn placed(model: &hearsay_nlp::Model, data: &Path) -> Result<Vec<Placed>, String> {
    let list = texts::located(data)?;
    let is_kept_back = |entry: &&Value| entry["source"] == "RELABEL";
    let kept_back: BTreeSet<&str> =
        list.iter().filter(is_kept_back).filter_map(|e| e["text"].as_str()).collect();
    let free = list.iter().filter(|e| e["text"].as_str().is_some_and(|text| !kept_back.contains(text)));
    Ok(free.filter_map(|entry| placed_one(model, entry)).collect())
}

fn placed_one(model: &hearsay_nlp::Model, entry: &Value) -> Option<Placed> {
    let text = entry["text"].as_str()?;
    let starts: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    let cut = |from: &Value, to: &Value| {
        let at = |offset: &Value| starts.get(offset.as_u64()? as usize).copied();
        let (start, end) = (at(&from["start"])?, at(&to["end"])?);
        (start < end).then(|| Span::new(start, end))
    };
    // Some entries give numbers of tokens in place of characters: their own words tell.
    let one = |span: &Value| {
        let words = span["text"].as_str();
        let token = |name: &str| span[name].as_u64().map(|n| &entry["tokens"][n as usize]);
        let given = cut(span, span).filter(|at| words.is_none_or(|words| at.of(text) == words));
        given.or_else(|| cut(token("token_start")?, token("token_end")?))
    };
    let spans = entry["spans"].as_array()?.iter();
    let spans: Vec<(&Value, Span)> = spans.filter_map(|span| Some((&span["label"], one(span)?))).collect();
    let trigger = spans.iter().find(|(label, _)| *label == "VERB")?.1;
    let places = spans.iter().filter(|(label, _)| *label == "LOCATION").map(|(_, span)| *span).collect();
    let page = Page { kind: PageKind::Item, text: text.to_owned(), ..Page::default() };
    Some(Placed { doc: hearsay_nlp::annotate(model, text), page, trigger, places })
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
    let alone = page.name.starts_with("hal-");
    Ok(Annotated { doc: hearsay_nlp::annotate(model, &page.text), page, claims, alone })
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
