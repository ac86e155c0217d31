//! Stories against labelled clusters of articles.
//!
//! A set is JSON lines of articles with `cluster`, `title`, `text`, `published`. The headline is B³ F1. Start at [`run`].

use std::fmt::Write as _;
use std::fs;

use hearsay_doc::record::{Document, Published, Record, SCHEMA};
use serde_json::Value;

use crate::args::{Args, Opt};
use crate::copies::agreement;
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] = &[Opt::switch("--json"), Opt::switch("--errors")];

/// How to call the task.
pub const HELP: &str = "\
stories FILE         JSON lines of articles with `cluster`, `title`, `text`
  --errors           a line per cluster that is split or joined
  --json             figures as JSON";

/// Scores the stories found in one file.
///
/// # Errors
///
/// [`Error`] if the file is not in its format.
pub fn run(args: &Args) -> Result<Report, Error> {
    let path = args.path()?;
    let lines = fs::read_to_string(path).map_err(Error::file(path))?;
    let mut truth: Vec<String> = Vec::new();
    let mut records: Vec<Record> = Vec::new();
    for (line, n) in lines.lines().zip(1..) {
        let value: Value = serde_json::from_str(line).map_err(|e| Error::format(path, n, e))?;
        let word = |key: &str| value[key].as_str().map(str::to_owned);
        let (Some(cluster), Some(text)) = (word("cluster"), word("text")) else {
            return Err(Error::format(path, n, "no `cluster` or `text`"));
        };
        truth.push(cluster);
        records.push(record(n, text, &word));
    }
    let label = hearsay_link::story::stories(&records);
    let names: Vec<&str> = truth.iter().map(String::as_str).collect();
    let figures = agreement(&names, &label);
    let mut text = String::new();
    if args.has("--errors") {
        for (n, cluster) in truth.iter().enumerate() {
            let title = records[n].document.title.as_deref().unwrap_or("");
            let _ = writeln!(text, "{:4} {cluster:8} {title}", label[n]);
        }
    }
    Ok(Report::of(text, figures, args.has("--json"), 4))
}

/// An article as a record without claims.
fn record(n: usize, text: String, word: &dyn Fn(&str) -> Option<String>) -> Record {
    let published = word("published").map(|value| Published {
        value,
        precision: "day".to_owned(),
        from: "given".to_owned(),
    });
    Record {
        schema: SCHEMA.to_owned(),
        document: Document {
            id: format!("sha256:{n:064x}"),
            name: n.to_string(),
            capture: String::new(),
            kind: "item".to_owned(),
            url: word("url"),
            title: word("title"),
            outlet: word("outlet"),
            credits: Vec::new(),
            byline: None,
            language: None,
            published,
            clock: None,
            text,
        },
        mentions: Vec::new(),
        claims: Vec::new(),
        notes: Vec::new(),
    }
}
