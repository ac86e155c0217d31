//! The texts that `data/annotations` annotates, rebuilt from the data sets they come from.
//!
//! An annotation file holds offsets and the SHA-256 of each text, so a text that is not rebuilt exactly is noticed.

use regex_lite::Regex;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Texts by the id of their document.
pub type Texts = BTreeMap<String, String>;

/// A data set and how its texts are rebuilt from the folder of unpacked sets.
pub type Rebuild = fn(&Path) -> Result<Texts, String>;

/// The annotated sets, by the stem of their annotation file.
pub const SETS: [(&str, Rebuild); 5] = [
    ("ewt", ewt),
    ("ecbplus", ecbplus),
    ("current-events", current_events),
    ("gum", gum),
    ("event-location", event_location),
];

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a regular expression")
}

/// Documents of EWT's training part.
fn ewt(data: &Path) -> Result<Texts, String> {
    treebank(&data.join("ud/UD_English-EWT/en_ewt-ud-train.REBUILT.conllu"), " ")
}

/// Documents of GUM's training part.
fn gum(data: &Path) -> Result<Texts, String> {
    treebank(&data.join("ud/UD_English-GUM/en_gum-ud-train.REBUILT.conllu"), "\n")
}

/// Sentences of agency reports, each a text of its own. Each stood somewhere in a report: an empty headline before it
/// keeps the scorers from taking it for a lead.
fn event_location(data: &Path) -> Result<Texts, String> {
    let mut texts = Texts::new();
    for row in located(data)? {
        let sentence = row["text"].as_str().unwrap_or_default();
        let digest: String = Sha256::digest(sentence.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        texts.insert(format!("hal-{}", &digest[..10]), format!("-\n{sentence}"));
    }
    Ok(texts)
}

/// The entries of `halterman_event_location`: sentences with the place of an event.
pub fn located(data: &Path) -> Result<Vec<Value>, String> {
    let file = data.join("halterman_event_location/labeled_text.jsonl.zip");
    let error = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
    let bytes = fs::read(&file).map_err(|e| error(&e))?;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|e| error(&e))?;
    let inner = archive.by_name("labeled_text.jsonl").map_err(|e| error(&e))?;
    serde_json::from_reader(std::io::BufReader::new(inner)).map_err(|e| error(&e))
}

/// Documents of a treebank: sentences joined by `between`, paragraphs by line feeds.
fn treebank(path: &Path, between: &str) -> Result<Texts, String> {
    let mut pieces: Vec<(String, Vec<String>)> = Vec::new();
    for line in read(path)?.lines() {
        if let Some(id) = line.strip_prefix("# newdoc id = ") {
            pieces.push((id.trim().to_owned(), Vec::new()));
        } else if let Some((_, document)) = pieces.last_mut() {
            if line.starts_with("# newpar") {
                document.push("\n".to_owned());
            } else if let Some(text) = line.strip_prefix("# text =") {
                document.push(text.trim().to_owned());
            }
        }
    }
    let breaks = regex(r"\s*\n\s*");
    let joined = |document: &[String]| breaks.replace_all(&document.join(between), "\n").trim().to_owned();
    Ok(pieces.into_iter().map(|(id, document)| (id, joined(&document))).collect())
}

/// ECB+'s annotated sentences, a line each, written as they are usually written.
fn ecbplus(data: &Path) -> Result<Texts, String> {
    let mut sentences: BTreeMap<String, BTreeMap<u32, Vec<String>>> = BTreeMap::new();
    for part in ["Train", "Dev", "Test"] {
        let path = data.join(format!("ecbplus/processed/data/interim/cybulska_setup/ECB_{part}_corpus.txt"));
        for line in read(&path)?.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [document, sentence, _, word, ..] = cells[..] else { continue };
            let Ok(sentence) = sentence.parse() else { continue };
            let words = sentences.entry(document.to_owned()).or_default().entry(sentence).or_default();
            words.push(word.to_owned());
        }
    }
    let joins = [
        (regex(r" ([.,;:!?%)\]])"), "$1"),
        (regex(r"([(\[$]) "), "$1"),
        (regex(r" (n't|'s|'re|'ve|'ll|'d|'m)\b"), "$1"),
    ];
    let written = |words: &[String]| {
        let joined = joins
            .iter()
            .fold(words.join(" "), |text, (pattern, by)| pattern.replace_all(&text, *by).into_owned());
        joined.replace("`` ", "\"").replace(" ''", "\"")
    };
    let text = |sentences: BTreeMap<u32, Vec<String>>| {
        sentences.values().map(|words| written(words)).collect::<Vec<_>>().join("\n")
    };
    Ok(sentences.into_iter().map(|(id, sentences)| (id, text(sentences))).collect())
}

/// Days of Wikipedia's Current Events portal: four sections, an item a paragraph; of the days that `claims_train`
/// holds the armed conflicts are left out.
fn current_events(data: &Path) -> Result<Texts, String> {
    let folder = data.join("wikipedia_current_events/docs/_posts");
    let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<_> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.sort();
    let day = regex(r"date: (\S+)");
    let link = regex(r"\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)");
    let mut texts = Texts::new();
    for file in files {
        let page = read(&file)?;
        let Some(day) = day.captures(&page).map(|c| c[1].to_owned()) else { continue };
        let used = data.join(format!("claims_train/txt/wce-{day}.txt")).exists();
        let mut items = Vec::new();
        for section in [
            "Armed conflicts and attacks",
            "International relations",
            "Law and crime",
            "Politics and elections",
        ] {
            if used && section == "Armed conflicts and attacks" {
                continue;
            }
            let Some((_, after)) = page.split_once(&format!("#### {section}\n")) else { continue };
            let body = after.split("\n####").next().unwrap_or("");
            for line in body.split('\n').filter_map(|line| line.trim().strip_prefix("* ")) {
                let item = link.replace_all(line, "$1").replace('*', "").trim().to_owned();
                if item.split_whitespace().count() > 12 {
                    items.push(item);
                }
            }
        }
        if items.len() >= 3 {
            texts.insert(format!("wcx-{day}"), items.join("\n\n"));
        }
    }
    Ok(texts)
}
