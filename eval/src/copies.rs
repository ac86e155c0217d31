//! Copies against labelled clusters of documents.
//!
//! A set is JSON lines with `id`, `text` and `cluster`, and `second_cluster` where a document prints two stories. The
//! headlines are the adjusted Rand index of the groups found, and containment: of the pairs of documents of which one prints
//! a passage of the other's story, the share that is found. Start at [`run`].

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use hearsay_link::copies::{Copies, Sketch, groups};
use serde_json::Value;

use crate::args::{Args, Opt};
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] = &[Opt::switch("--json"), Opt::switch("--errors")];

/// How to call the task.
pub const HELP: &str = "\
copies FILE          JSON lines of documents with `id`, `text`, `cluster`
  --errors           a line per document that is not with its cluster
  --json             figures as JSON";

/// One labelled document.
struct Document {
    id: String,
    text: String,
    cluster: String,
    second: Option<String>,
    kind: String,
}

/// Scores the copies found in one file.
///
/// # Errors
///
/// [`Error`] if the file is not in its format.
pub fn run(args: &Args) -> Result<Report, Error> {
    let documents = read(args.path()?)?;
    let start = Instant::now();
    let mut copies = Copies::default();
    for document in &documents {
        copies.add(Sketch::of(&document.text));
    }
    let added = start.elapsed();
    let found = groups(&copies, |n| documents[n as usize].text.clone());
    let label = labels(&found, documents.len());
    let truth: Vec<&str> = documents.iter().map(|document| document.cluster.as_str()).collect();
    let mut figures = agreement(&truth, &label);
    figures.push(("containment".to_owned(), contained(&documents, &copies)));
    figures.push(("documents a second".to_owned(), documents.len() as f64 / added.as_secs_f64()));
    let mut text = String::new();
    if args.has("--errors") {
        errors(&mut text, &documents, &label);
    }
    let _ = writeln!(text, "{} documents, {} groups", documents.len(), found.len());
    Ok(Report::of(text, figures, args.has("--json"), 4))
}

fn read(path: &Path) -> Result<Vec<Document>, Error> {
    let lines = fs::read_to_string(path).map_err(Error::file(path))?;
    let mut out = Vec::new();
    for (line, n) in lines.lines().zip(1..) {
        let value: Value = serde_json::from_str(line).map_err(|e| Error::format(path, n, e))?;
        let word = |key: &str| match &value[key] {
            Value::String(word) => Some(word.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let (Some(id), Some(text), Some(cluster)) =
            (word("id").or_else(|| word("url")), word("text"), word("cluster"))
        else {
            return Err(Error::format(path, n, "no `id`, `text` or `cluster`"));
        };
        let kind = value["ops"][0].as_str().unwrap_or("-").to_owned();
        out.push(Document { id, text, cluster, second: word("second_cluster"), kind });
    }
    Ok(out)
}

/// The number of each document's group; those in none get one of their own.
fn labels(groups: &[Vec<u32>], n: usize) -> Vec<usize> {
    let mut label: Vec<usize> = (groups.len()..groups.len() + n).collect();
    for (number, members) in groups.iter().enumerate() {
        members.iter().for_each(|&member| label[member as usize] = number);
    }
    label
}

/// ARI, pairwise precision, recall and F1, and B³ of a clustering against the truth.
pub(crate) fn agreement(truth: &[&str], label: &[usize]) -> Vec<(String, f64)> {
    let pairs = |n: f64| n * (n - 1.0) / 2.0;
    let (mut by_label, mut by_truth, mut by_both) =
        (HashMap::<usize, f64>::new(), HashMap::<&str, f64>::new(), HashMap::<(usize, &str), f64>::new());
    for (&t, &l) in truth.iter().zip(label) {
        *by_label.entry(l).or_default() += 1.0;
        *by_truth.entry(t).or_default() += 1.0;
        *by_both.entry((l, t)).or_default() += 1.0;
    }
    let found: f64 = by_label.values().map(|&n| pairs(n)).sum();
    let gold: f64 = by_truth.values().map(|&n| pairs(n)).sum();
    let both: f64 = by_both.values().map(|&n| pairs(n)).sum();
    let expected = found * gold / pairs(truth.len() as f64).max(1.0);
    let ratio = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let f1 = |p: f64, r: f64| ratio(2.0 * p * r, p + r);
    let (p, r) = (ratio(both, found), ratio(both, gold));
    let n = truth.len() as f64;
    let bp = by_both.iter().map(|((l, _), &n)| n * n / by_label[l]).sum::<f64>() / n;
    let br = by_both.iter().map(|((_, t), &n)| n * n / by_truth[t]).sum::<f64>() / n;
    let figures = [
        ("ari", ratio(both - expected, (found + gold) / 2.0 - expected)),
        ("precision", p),
        ("recall", r),
        ("f1", f1(p, r)),
        ("b3 precision", bp),
        ("b3 recall", br),
        ("b3 f1", f1(bp, br)),
    ];
    figures.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

/// Of the pairs of a document that prints a part of a second story and a document of that story with which it shares
/// at least [`PASSAGE`] words in a row, the share that is found.
fn contained(documents: &[Document], copies: &Copies) -> f64 {
    let passages = |text: &str| -> HashSet<String> {
        let text = text.to_lowercase();
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        words.windows(PASSAGE).map(|window| window.join(" ")).collect()
    };
    let (mut n_found, mut n_all) = (0.0, 0.0);
    for (n, document) in documents.iter().enumerate() {
        let Some(second) = &document.second else { continue };
        let own = passages(&document.text);
        let met = copies.met(n as u32);
        for (m, other) in
            documents.iter().enumerate().filter(|(m, other)| *m != n && other.cluster == *second)
        {
            if passages(&other.text).is_disjoint(&own) {
                continue;
            }
            n_all += 1.0;
            n_found +=
                f64::from(u8::from(met.contains(&(m as u32)) || copies.met(m as u32).contains(&(n as u32))));
        }
    }
    if n_all > 0.0 { n_found / n_all } else { 1.0 }
}

/// Words in a row that make a passage.
const PASSAGE: usize = 15;

fn errors(out: &mut String, documents: &[Document], label: &[usize]) {
    let mut by_truth: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, document) in documents.iter().enumerate() {
        by_truth.entry(&document.cluster).or_default().push(n);
    }
    for (cluster, members) in &by_truth {
        let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        members.iter().for_each(|&n| found.entry(label[n]).or_default().push(n));
        if found.len() > 1 {
            let names = |list: &Vec<usize>| {
                list.iter()
                    .map(|&n| format!("{}/{}", documents[n].id, documents[n].kind))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let _ = writeln!(
                out,
                "split {cluster}: {}",
                found.values().map(names).collect::<Vec<_>>().join(" | ")
            );
        }
    }
    let mut by_label: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    label.iter().enumerate().for_each(|(n, &l)| by_label.entry(l).or_default().push(n));
    for members in by_label.values() {
        let clusters: std::collections::BTreeSet<&str> =
            members.iter().map(|&n| documents[n].cluster.as_str()).collect();
        if clusters.len() > 1 {
            let names: Vec<String> = members
                .iter()
                .map(|&n| format!("{}/{}/{}", documents[n].id, documents[n].cluster, documents[n].kind))
                .collect();
            let _ = writeln!(out, "joined: {}", names.join(" "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_is_one_for_the_truth_and_near_nought_for_one_heap() {
        let truth = ["a", "a", "b", "b", "c"];
        let figure = |label: &[usize], name: &str| {
            agreement(&truth, label).into_iter().find(|(n, _)| n == name).unwrap().1
        };
        assert_eq!(figure(&[0, 0, 1, 1, 2], "ari"), 1.0);
        assert_eq!(figure(&[0, 0, 1, 1, 2], "b3 f1"), 1.0);
        assert_eq!(figure(&[0; 5], "ari"), 0.0);
        assert_eq!(figure(&[0; 5], "recall"), 1.0);
        assert_eq!(figure(&[0, 1, 2, 3, 4], "precision"), 0.0);
    }
}
