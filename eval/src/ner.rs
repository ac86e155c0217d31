//! Names against token–tag columns: F1 of spans by class.
//!
//! The reader gets raw text, the file's `# text` where it has one, else its tokens joined as they are usually written; spans are
//! compared by their characters without spaces, so that a differing tokenisation is no error by itself. Start at [`run`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::args::{Args, Opt};
use crate::language::{solid, solid_offsets};
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] =
    &[Opt::switch("--json"), Opt::switch("--errors"), Opt::value("--map", "TAG=KIND,...")];

/// How to call the task.
pub const HELP: &str = "\
ner FILE|FOLDER      span F1 by class on token–tag columns (IOB, BIO, BIOES), read from raw text
  --map PER=person   classes by hand; by default the usual ones; what has no class here is left out
  --errors           a line per name that is missed, extra or of another class
  --json             figures as JSON";

/// Classes of common sets, in lower case, and hearsay's.
const DEFAULT: &[(&str, &str)] = &[
    ("per", "person"),
    ("person", "person"),
    ("org", "organization"),
    ("organization", "organization"),
    ("corporation", "organization"),
    ("loc", "location"),
    ("location", "location"),
    ("gpe", "location"),
    ("fac", "location"),
    ("facility", "location"),
    ("geo-loc", "location"),
    ("norp", "group"),
    ("misc", "misc"),
];

/// A span in characters without spaces, and its class.
type Name = (usize, usize, String);

#[derive(Debug, Default, PartialEq)]
struct Document {
    text: String,
    names: Vec<Name>,
}

/// Scores the shipped model on a file, or on all files of a folder.
///
/// # Errors
///
/// [`Error`] if no file holds tags or the reader cannot be made ready.
pub fn run(args: &Args) -> Result<Report, Error> {
    let map = class_map(&args.list("--map"))?;
    let mut documents = Vec::new();
    for path in files(args.path()?)? {
        let file = fs::read_to_string(&path).map_err(Error::file(&path))?;
        documents.extend(parse(&file));
    }
    if documents.iter().all(|d| d.names.is_empty()) {
        return Err(Error::format(args.path()?, 0, "no tagged name"));
    }
    let annotate = crate::annotator()?;
    let read: Vec<Vec<Name>> = documents.par_iter().map(|d| names_of(&annotate(&d.text))).collect();
    let mut classes: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    let kinds: BTreeSet<&String> =
        documents.iter().flat_map(|d| &d.names).filter_map(|n| map.get(&n.2.to_lowercase())).collect();
    let mut text = String::new();
    for (document, read) in documents.iter().zip(&read) {
        let mut gold = BTreeSet::new();
        for (start, end, class) in &document.names {
            match map.get(&class.to_lowercase()) {
                Some(kind) => {
                    gold.insert((*start, *end, kind.clone()));
                }
                None => *left_out.entry(class).or_default() += 1,
            }
        }
        let read: BTreeSet<Name> = read.iter().filter(|name| kinds.contains(&name.2)).cloned().collect();
        count(&mut classes, &gold, &read);
        if args.has("--errors") {
            list(&mut text, &document.text, &gold, &read);
        }
    }
    Ok(report(text, &classes, &left_out, documents.len(), args.has("--json")))
}

fn count(
    classes: &mut BTreeMap<String, (usize, usize, usize)>,
    gold: &BTreeSet<Name>,
    read: &BTreeSet<Name>,
) {
    for name in gold {
        let sum = classes.entry(name.2.clone()).or_default();
        sum.0 += usize::from(read.contains(name));
        sum.1 += 1;
    }
    for name in read {
        classes.entry(name.2.clone()).or_default().2 += 1;
    }
}

fn list(out: &mut String, text: &str, gold: &BTreeSet<Name>, read: &BTreeSet<Name>) {
    let offsets = solid_offsets(text);
    let words = |name: &Name| {
        let start = offsets.partition_point(|&n| n < name.0 + 1).saturating_sub(1);
        let end = offsets.partition_point(|&n| n < name.1);
        let inside = |at: usize| (0..=at).rev().find(|&b| text.is_char_boundary(b)).unwrap_or(0);
        text[inside(start)..inside(end)].trim().replace('\n', " ")
    };
    for (label, names) in [("MISSED", gold.difference(read)), ("EXTRA", read.difference(gold))] {
        for name in names {
            let _ = writeln!(out, "{label} {} {:?} @{}", name.2, words(name), name.0);
        }
    }
}

fn report(
    mut text: String,
    classes: &BTreeMap<String, (usize, usize, usize)>,
    left_out: &BTreeMap<&str, usize>,
    documents: usize,
    as_json: bool,
) -> Report {
    let prf = |&(tp, gold, read): &(usize, usize, usize)| {
        let per_cent = |n: usize, of: usize| if of > 0 { 100.0 * n as f64 / of as f64 } else { 0.0 };
        let round = |value: f64| (value * 100.0).round() / 100.0;
        (round(per_cent(tp, read)), round(per_cent(tp, gold)), round(per_cent(2 * tp, gold + read)))
    };
    let all = classes.values().fold((0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
    let rows: Vec<(&str, &(usize, usize, usize))> =
        classes.iter().map(|(class, counts)| (class.as_str(), counts)).chain([("all", &all)]).collect();
    if as_json {
        let row = |counts| {
            let (p, r, f) = prf(counts);
            serde_json::json!({"p": p, "r": r, "f": f, "n": counts.1})
        };
        let map: serde_json::Map<_, _> =
            rows.iter().map(|(class, counts)| ((*class).to_owned(), row(counts))).collect();
        let _ = writeln!(text, "{:#}", serde_json::Value::Object(map));
    } else {
        let _ = writeln!(text, "{documents} documents, {} gold names, {} read, from raw text", all.1, all.2);
        for (class, counts) in &rows {
            let (p, r, f) = prf(counts);
            let _ = writeln!(text, "  {class:13} P {p:6.2}  R {r:6.2}  F1 {f:6.2}  (n={})", counts.1);
        }
        if !left_out.is_empty() {
            let shown: Vec<String> = left_out.iter().map(|(class, n)| format!("{class} {n}")).collect();
            let _ = writeln!(text, "  left out: {}", shown.join(", "));
        }
    }
    let figures = rows.iter().map(|(class, counts)| ((*class).to_owned(), prf(counts).2)).collect();
    Report { text, figures, ..Report::default() }
}

fn class_map(given: &[&str]) -> Result<BTreeMap<String, String>, Error> {
    let pair = |entry: &&str| {
        let (tag, kind) =
            entry.split_once('=').ok_or_else(|| Error::Usage(format!("--map {entry}: not TAG=KIND")))?;
        kind.parse::<hearsay_doc::MentionKind>().map_err(|e| Error::Usage(format!("--map {entry}: {e}")))?;
        Ok((tag.to_lowercase(), kind.to_owned()))
    };
    match given {
        [] => Ok(DEFAULT.iter().map(|(tag, kind)| ((*tag).to_owned(), (*kind).to_owned())).collect()),
        given => given.iter().map(pair).collect(),
    }
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut out = Vec::new();
    for entry in fs::read_dir(path).map_err(Error::file(path))? {
        out.push(entry.map_err(Error::file(path))?.path());
    }
    out.retain(|path| path.is_file());
    out.sort();
    Ok(out)
}

fn names_of(doc: &hearsay_doc::Doc) -> Vec<Name> {
    let offsets = solid_offsets(&doc.text);
    let at = |byte: u32| offsets[byte as usize];
    doc.mentions.iter().map(|m| (at(m.span.start), at(m.span.end), m.kind.to_string())).collect()
}

/// Does the word look like a tag: `O`, or a letter of IOB, BIO or BIOES with a class?
fn is_tag(word: &str) -> bool {
    word == "O"
        || word
            .split_once('-')
            .is_some_and(|(at, class)| "B I E S L U".contains(at) && at.len() == 1 && !class.is_empty())
}

/// Documents of a file: parted by `# newdoc` or `-DOCSTART-`, else one.
fn parse(file: &str) -> Vec<Document> {
    let mut out = vec![Document::default()];
    let mut given: Option<String> = None;
    let mut sentence: Vec<(&str, &str)> = Vec::new();
    for line in file.lines().chain([""]) {
        let line = line.trim_end();
        let start_of_document = line.starts_with("# newdoc") || line.starts_with("-DOCSTART-");
        if line.is_empty() || start_of_document {
            let document = out.last_mut().expect("there is always one");
            add(document, &sentence, given.take().as_deref());
            sentence.clear();
            if start_of_document && !document.text.is_empty() {
                out.push(Document::default());
            }
            continue;
        }
        // A comment's words may look like tags ("E-mail"); a token `#` has no equals sign after it.
        if line.starts_with("# ") && line.contains(" = ") {
            given = line.strip_prefix("# text = ").map(str::to_owned).or(given);
            continue;
        }
        let columns: Vec<&str> = match line.contains('\t') {
            true => line.split('\t').map(str::trim).collect(),
            false => line.split_whitespace().collect(),
        };
        if let Some(at) = columns.iter().rposition(|column| is_tag(column)).filter(|&at| at > 0) {
            let numbered = at > 1 && columns[0].bytes().all(|b| b.is_ascii_digit());
            sentence.push((columns[usize::from(numbered)], columns[at]));
        }
    }
    out.retain(|document| !document.text.is_empty());
    out
}

/// Adds one sentence on a line of its own.
fn add(document: &mut Document, sentence: &[(&str, &str)], given: Option<&str>) {
    if sentence.is_empty() {
        return;
    }
    if !document.text.is_empty() {
        document.text.push('\n');
    }
    let mut at = solid(&document.text).count();
    let joined: String = sentence.iter().map(|(form, _)| *form).collect();
    match given.filter(|text| solid(text).eq(solid(&joined))) {
        Some(text) => document.text.push_str(text),
        None => document.text.push_str(&written(sentence)),
    }
    let mut open: Option<Name> = None;
    for (form, tag) in sentence {
        let end = at + solid(form).count();
        let (place, class) = tag.split_once('-').unwrap_or(("O", ""));
        let goes_on = matches!(place, "I" | "E" | "L") && open.as_ref().is_some_and(|name| name.2 == class);
        match &mut open {
            Some(name) if goes_on => name.1 = end,
            _ => {
                document.names.extend(open.take());
                open = (place != "O").then(|| (at, end, class.to_owned()));
            }
        }
        if matches!(place, "E" | "S" | "L" | "U") {
            document.names.extend(open.take());
        }
        at = end;
    }
    document.names.extend(open);
}

/// Tokens as they are usually written: no space before a stop, a closing bracket or a clitic.
fn written(sentence: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (form, _) in sentence {
        let tight =
            matches!(*form, "," | "." | ";" | ":" | "!" | "?" | ")" | "]" | "%" | "n't" | "n’t" | "”" | "’")
                || (form.len() > 1 && form.starts_with(['\'', '’']));
        if !(out.is_empty() || tight || out.ends_with(['(', '[', '“', '$'])) {
            out.push(' ');
        }
        out.push_str(form);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(file: &str) -> String {
        let show = |d: &Document| {
            let names: Vec<String> =
                d.names.iter().map(|(s, e, class)| format!("{s}..{e} {class}")).collect();
            format!("{} | {}", d.text.replace('\n', "/"), names.join(", "))
        };
        parse(file).iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn columns_of_every_kind_give_the_same_names() {
        let expected = "The Varda Front left Osh. | 3..13 ORG, 17..20 LOC";
        assert_eq!(names("The O\nVarda B-ORG\nFront I-ORG\nleft O\nOsh B-LOC\n. O\n"), expected);
        assert_eq!(names("The\tO\nVarda\tI-ORG\nFront\tI-ORG\nleft\tO\nOsh\tI-LOC\n.\tO\n"), expected);
        assert_eq!(names("The X O\nVarda X B-ORG\nFront X E-ORG\nleft X O\nOsh X S-LOC\n. X O\n"), expected);
        assert_eq!(
            names(
                "# newdoc id = a\n# text = The Varda Front left Osh.\n1\tThe\tO\t-\t-\n2\tVarda\tB-ORG\t-\t-\n3\tFront\tI-ORG\t-\t-\n4\tleft\tO\t-\t-\n5\tOsh\tB-LOC\t-\t-\n6\t.\tO\t-\t-\n"
            ),
            expected
        );
    }

    #[test]
    fn a_comment_that_looks_like_a_tag_is_none() {
        assert_eq!(
            names("# text = E-mail Lem\n1\tE-mail\tO\n2\tLem\tB-PER\n\n# O\n1 O\n"),
            "E-mail Lem/# 1 | 6..9 PER"
        );
    }

    #[test]
    fn neighbours_are_two_names_and_sentences_two_lines() {
        assert_eq!(
            names("Lem B-PER\nOsh B-PER\n\nMal I-LOC\nNord I-ORG"),
            "Lem Osh/Mal Nord | 0..3 PER, 3..6 PER, 6..9 LOC, 9..13 ORG"
        );
    }

    #[test]
    fn right_missed_and_extra_names_are_counted_by_class() {
        let set = |names: &[(usize, usize, &str)]| names.iter().map(|n| (n.0, n.1, n.2.to_owned())).collect();
        let mut classes = BTreeMap::new();
        let gold = set(&[(0, 3, "person"), (4, 9, "location"), (10, 12, "person")]);
        count(&mut classes, &gold, &set(&[(0, 3, "person"), (4, 9, "organization"), (10, 13, "person")]));
        let report = report(String::new(), &classes, &BTreeMap::from([("Date", 2)]), 1, false);
        expect_test::expect![[r#"
            1 documents, 3 gold names, 3 read, from raw text
              location      P   0.00  R   0.00  F1   0.00  (n=1)
              organization  P   0.00  R   0.00  F1   0.00  (n=0)
              person        P  50.00  R  50.00  F1  50.00  (n=2)
              all           P  33.33  R  33.33  F1  33.33  (n=3)
              left out: Date 2
        "#]]
        .assert_eq(&report.text);
    }
}
