//! Temporal expressions against TimeML: their spans, their type, their value.
//!
//! Only what stands in `<TEXT>` counts; the document's own time (`<DCT>`) is what relative expressions are counted
//! from. The figures are TempEval-3's: an expression is found strictly where both ends agree and relaxed where one
//! word is shared; type and value are right of those found relaxed, and their F1 is over all expressions.
//! Values are compared as they are written, without regard to case.
//!
//! Start at [`run`].
//!
//! # Source
//!
//! UzZaman et al., *SemEval-2013 Task 1: TempEval-3*, section 5.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::args::{Args, Opt};
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] = &[Opt::switch("--json"), Opt::switch("--errors"), Opt::value("--only", "PREFIX")];

/// How to call the task.
pub const HELP: &str = "\
dates FILE|FOLDER    TimeML: F1 of spans, strict and relaxed, of their type and of their value
  --only PREFIX      only files whose name starts so
  --errors           a line per expression that is missed, extra or of another type or value
  --json             figures as JSON";

/// One expression, in bytes of its document's text.
#[derive(Clone, Debug, PartialEq)]
struct Timex {
    start: usize,
    end: usize,
    kind: String,
    value: String,
}

/// A document: its text without mark-up, its time as TimeML writes it, what is marked in it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Document {
    name: String,
    text: String,
    time: String,
    timexes: Vec<Timex>,
}

/// What is right: pairs that agree strictly, relaxed, relaxed with their type, with their value; gold; read.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    right: [usize; 4],
    gold: usize,
    read: usize,
}

/// Scores the reader on a file, or on all `.tml` files of a folder.
///
/// # Errors
///
/// [`Error`] if no file holds a TIMEX3 in its text or the reader cannot be made ready.
pub fn run(args: &Args) -> Result<Report, Error> {
    let prefix = args.get("--only").unwrap_or("");
    let mut documents = Vec::new();
    for path in files(args.path()?)? {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(prefix) {
            let file = fs::read_to_string(&path).map_err(Error::file(&path))?;
            documents.push(parse(&name, &file).map_err(|what| Error::format(&path, 0, what))?);
        }
    }
    if documents.iter().all(|document| document.timexes.is_empty()) {
        return Err(Error::format(args.path()?, 0, "no TIMEX3 in the text of any file"));
    }
    let read = reader::read(&documents)?;
    let mut counts = Counts::default();
    let mut text = String::new();
    for (document, read) in documents.iter().zip(&read) {
        let pairs = pairs(&document.timexes, read);
        count(&mut counts, &document.timexes, read, &pairs);
        if args.has("--errors") {
            list(&mut text, document, read, &pairs);
        }
    }
    Ok(report(text, &counts, documents.len(), args.has("--json")))
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut out = Vec::new();
    for entry in fs::read_dir(path).map_err(Error::file(path))? {
        out.push(entry.map_err(Error::file(path))?.path());
    }
    out.retain(|path| path.extension().is_some_and(|ending| ending == "tml" || ending == "xml"));
    out.sort();
    Ok(out)
}

/// The document of one TimeML file.
fn parse(name: &str, file: &str) -> Result<Document, String> {
    let between = |open: &str, close: &str| {
        let start = file.find(open)? + open.len();
        Some(&file[start..start + file[start..].find(close)?])
    };
    let body = between("<TEXT>", "</TEXT>").ok_or("no <TEXT> … </TEXT>")?;
    let attribute = |tag: &str, name: &str| {
        let pattern = Regex::new(&format!("\\b{name}\\s*=\\s*[\"']([^\"']*)[\"']")).expect("a fixed pattern");
        pattern.captures(tag).map(|found| found[1].to_owned()).unwrap_or_default()
    };
    let mut document = Document { name: name.to_owned(), ..Document::default() };
    document.time = between("<DCT>", "</DCT>").map(|dct| attribute(dct, "value")).unwrap_or_default();
    let mut open: Vec<Timex> = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        document.text.push_str(&unescaped(&rest[..at]));
        let length = rest[at..].find('>').ok_or("a tag is not closed")?;
        let tag = &rest[at + 1..at + length];
        if tag == "/TIMEX3" {
            let mut timex = open.pop().ok_or("</TIMEX3> closes nothing")?;
            timex.end = document.text.trim_end().len();
            document.timexes.push(timex);
        } else if tag.starts_with("TIMEX3") && !tag.ends_with('/') {
            let (start, end) = (document.text.len(), 0);
            open.push(Timex { start, end, kind: attribute(tag, "type"), value: attribute(tag, "value") });
        }
        rest = &rest[at + length + 1..];
    }
    document.text.push_str(&unescaped(rest));
    document.timexes.sort_by_key(|timex| timex.start);
    Ok(document)
}

fn unescaped(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

#[cfg(feature = "reader")]
mod reader {
    use super::*;
    use hearsay_doc::Interval;
    use rayon::prelude::*;

    pub fn read(documents: &[Document]) -> Result<Vec<Vec<Timex>>, Error> {
        let annotate = crate::annotator()?;
        Ok(documents
            .par_iter()
            .map(|document| {
                let day = Interval::parse(&document.time).ok();
                let found = hearsay_pipeline::date::dates(&annotate(&document.text), day);
                let timexes = found.iter().flat_map(|date| date.timexes());
                let own = |t: hearsay_pipeline::date::Timex| Timex {
                    start: t.span.start as usize,
                    end: t.span.end as usize,
                    kind: t.kind.to_owned(),
                    value: t.value.unwrap_or_default(),
                };
                timexes.map(own).collect()
            })
            .collect())
    }
}

#[cfg(not(feature = "reader"))]
mod reader {
    use super::*;

    pub fn read(_: &[Document]) -> Result<Vec<Vec<Timex>>, Error> {
        Err(Error::Usage("built without the reader: this task needs it".to_owned()))
    }
}

/// Each gold expression with the first read one that it shares a byte with, no expression twice.
fn pairs(gold: &[Timex], read: &[Timex]) -> Vec<(usize, usize)> {
    let mut taken = vec![false; read.len()];
    let mut pairs = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        let same = |r: &Timex| (r.start, r.end) == (g.start, g.end);
        let shares = |r: &Timex| r.start < g.end && g.start < r.end;
        let exact = read.iter().position(same).filter(|&j| !taken[j]);
        let j = exact.or_else(|| (0..read.len()).find(|&j| !taken[j] && shares(&read[j])));
        if let Some(j) = j {
            taken[j] = true;
            pairs.push((i, j));
        }
    }
    pairs
}

fn count(counts: &mut Counts, gold: &[Timex], read: &[Timex], pairs: &[(usize, usize)]) {
    counts.gold += gold.len();
    counts.read += read.len();
    for &(i, j) in pairs {
        let (g, r) = (&gold[i], &read[j]);
        let agree = [
            (g.start, g.end) == (r.start, r.end),
            true,
            g.kind == r.kind,
            g.value.eq_ignore_ascii_case(&r.value) && !g.value.is_empty(),
        ];
        for (sum, agrees) in counts.right.iter_mut().zip(agree) {
            *sum += usize::from(agrees);
        }
    }
}

fn list(out: &mut String, document: &Document, read: &[Timex], pairs: &[(usize, usize)]) {
    let shown = |t: &Timex| {
        let words = document.text.get(t.start..t.end).unwrap_or("");
        format!("{} {} {:?}", t.kind, t.value, words.replace('\n', " "))
    };
    let around = |t: &Timex| {
        let side = |from: usize, to: usize| {
            let from = (0..=from).rev().find(|&at| document.text.is_char_boundary(at)).unwrap_or(0);
            let to =
                (to..=document.text.len()).find(|&at| document.text.is_char_boundary(at)).unwrap_or(from);
            document.text[from..to].split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let end = (t.end + 60).min(document.text.len());
        format!("… {} [[ ]] {} …", side(t.start.saturating_sub(60), t.start), side(t.start, end))
    };
    let name = format!("{} ({})", document.name, document.time);
    for (i, gold) in document.timexes.iter().enumerate() {
        match pairs.iter().find(|pair| pair.0 == i) {
            None => {
                let _ = writeln!(out, "{name}: MISSED {} | {}", shown(gold), around(gold));
            }
            Some(&(_, j)) => {
                let got = &read[j];
                if gold.kind != got.kind || !gold.value.eq_ignore_ascii_case(&got.value) {
                    let _ =
                        writeln!(out, "{name}: WRONG {} got {} | {}", shown(gold), shown(got), around(gold));
                }
            }
        }
    }
    for (_, got) in read.iter().enumerate().filter(|(j, _)| pairs.iter().all(|pair| pair.1 != *j)) {
        let _ = writeln!(out, "{name}: EXTRA {} | {}", shown(got), around(got));
    }
}

const NAMES: [&str; 4] = ["strict", "relaxed", "type", "value"];

fn report(mut text: String, counts: &Counts, documents: usize, as_json: bool) -> Report {
    let per_cent = |n: usize, of: usize| {
        let share = if of > 0 { 100.0 * n as f64 / of as f64 } else { 0.0 };
        (share * 100.0).round() / 100.0
    };
    let prf =
        |n| (per_cent(n, counts.read), per_cent(n, counts.gold), per_cent(2 * n, counts.gold + counts.read));
    let rows = NAMES.into_iter().zip(counts.right.map(prf));
    if as_json {
        let row = |(name, (p, r, f)): (&str, (f64, f64, f64))| {
            (name.to_owned(), serde_json::json!({"p": p, "r": r, "f": f, "n": counts.gold}))
        };
        let map: serde_json::Map<_, _> = rows.clone().map(row).collect();
        let _ = writeln!(text, "{:#}", serde_json::Value::Object(map));
    } else {
        let _ =
            writeln!(text, "{documents} documents, {} gold expressions, {} read", counts.gold, counts.read);
        for (name, (p, r, f)) in rows.clone() {
            let _ = writeln!(text, "  {name:8} P {p:6.2}  R {r:6.2}  F1 {f:6.2}");
        }
    }
    let figures = rows.map(|(name, (_, _, f))| (name.to_owned(), f)).collect();
    Report { text, figures, ..Report::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "<TimeML><DCT><TIMEX3 tid=\"t0\" type=\"DATE\" value=\"2024-03-26\">x</TIMEX3></DCT>
<TEXT>Shells &amp; <EVENT eid=\"e1\">fire</EVENT> on <TIMEX3 type=\"DATE\" value=\"2024-03-24\">Sunday</TIMEX3>, for
<TIMEX3 type=\"DURATION\" value=\"P3D\">three days</TIMEX3>.</TEXT></TimeML>";

    #[test]
    fn mark_up_becomes_spans_of_the_bare_text() {
        let document = parse("a", FILE).unwrap();
        assert_eq!(
            (document.text.as_str(), document.time.as_str()),
            ("Shells & fire on Sunday, for\nthree days.", "2024-03-26")
        );
        let shown: Vec<String> = document
            .timexes
            .iter()
            .map(|t| format!("{} {} {}", &document.text[t.start..t.end], t.kind, t.value))
            .collect();
        assert_eq!(shown, ["Sunday DATE 2024-03-24", "three days DURATION P3D"]);
        assert_eq!(parse("a", "<TimeML/>").unwrap_err(), "no <TEXT> … </TEXT>");
    }

    #[test]
    fn figures_are_what_a_person_counts() {
        let timex = |start, end, kind: &str, value: &str| Timex {
            start,
            end,
            kind: kind.to_owned(),
            value: value.to_owned(),
        };
        let gold = [
            timex(0, 6, "DATE", "2024-03-24"),
            timex(10, 20, "DURATION", "P3D"),
            timex(30, 33, "DATE", "2024"),
        ];
        // The first is right in everything, the second overlaps with another type, the third is missed, one is extra.
        let read =
            [timex(0, 6, "DATE", "2024-03-24"), timex(14, 20, "DATE", "P3D"), timex(40, 44, "DATE", "2024")];
        let mut counts = Counts::default();
        let pairs = pairs(&gold, &read);
        count(&mut counts, &gold, &read, &pairs);
        expect_test::expect![[r#"
            1 documents, 3 gold expressions, 3 read
              strict   P  33.33  R  33.33  F1  33.33
              relaxed  P  66.67  R  66.67  F1  66.67
              type     P  33.33  R  33.33  F1  33.33
              value    P  66.67  R  66.67  F1  66.67
        "#]]
        .assert_eq(&report(String::new(), &counts, 1, false).text);
    }
}
