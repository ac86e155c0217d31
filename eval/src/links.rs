//! Links against a world whose reporting is known: copies, incidents, origins, statuses, tolls.
//!
//! A world is a folder with `reports/`, `telegram/` and `truth.json`. Every figure is that of the world's own script,
//! `score_links.py`; a test holds the two together where that script is there. Start at [`run`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::args::{Args, Opt};
use crate::python::round1;
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] = &[
    Opt::switch("--json"),
    Opt::switch("--errors"),
    Opt::value("--links", "FILE"),
    Opt::value("--dump", "FILE"),
    Opt::value("--readings", "FILE"),
];

/// How to call the task.
pub const HELP: &str = "\
links WORLD          a folder with reports/, telegram/ and truth.json
  --links FILE       score these links (`hearsay export links --json`) instead of reading and linking
  --readings FILE    link these readings, one per line, instead of reading the world's reports
  --dump FILE        write the links made here
  --errors           a line per incident that is missed or wrong, and the copies missed and extra
  --json             figures as JSON, as score_links.py prints them";

/// Scores the links of one world.
///
/// # Errors
///
/// [`Error`] if the world or the links are not in their format.
pub fn run(args: &Args) -> Result<Report, Error> {
    let world = args.path()?;
    let truth = json_file(&world.join("truth.json"))?;
    let links = match (args.get("--links"), args.get("--readings")) {
        (Some(file), _) => json_file(Path::new(file))?,
        (None, Some(file)) => linked(&readings(Path::new(file))?),
        (None, None) => linked(&read(world)?),
    };
    if let Some(file) = args.get("--dump") {
        fs::write(file, links.to_string()).map_err(Error::file(file.as_ref()))?;
    }
    let mut text = String::new();
    let scores = score(&truth, &links, args.has("--errors").then_some(&mut text));
    if args.has("--json") {
        let _ = writeln!(text, "{}", Value::Object(scores.clone()));
    } else {
        for (name, value) in &scores {
            let _ = writeln!(text, "{name:10} {value}");
        }
    }
    Ok(Report { text, figures: figures(&scores), ..Report::default() })
}

/// Every number by name: `copies` stands for its F1.
fn figures(scores: &Map<String, Value>) -> Vec<(String, f64)> {
    let number = |value: &Value| value["f"].as_f64().or_else(|| value.as_f64());
    scores.iter().filter_map(|(name, value)| Some((name.clone(), number(value)?))).collect()
}

fn json_file(path: &Path) -> Result<Value, Error> {
    let bytes = fs::read(path).map_err(Error::file(path))?;
    serde_json::from_slice(&bytes).map_err(|e| Error::format(path, e.line(), e))
}

fn readings(path: &Path) -> Result<Vec<hearsay_doc::record::Record>, Error> {
    let lines = fs::read_to_string(path).map_err(Error::file(path))?;
    lines
        .lines()
        .zip(1..)
        .map(|(line, n)| serde_json::from_str(line).map_err(|e| Error::format(path, n, e)))
        .collect()
}

/// The links of these readings, in the form of the export.
fn linked(records: &[hearsay_doc::record::Record]) -> Value {
    let mut linker = hearsay_link::Linker::default();
    for record in records {
        linker.add(record.document.name.clone(), record.clone());
    }
    serde_json::to_value(linker.links().export()).expect("string keys and finite numbers")
}

/// Reads the world's reports and posts.
#[cfg(feature = "reader")]
fn read(world: &Path) -> Result<Vec<hearsay_doc::record::Record>, Error> {
    use rayon::prelude::*;
    let hearsay = crate::shipped()?;
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in ["reports", "telegram"] {
        walk(&world.join(folder), &mut files)?;
    }
    let mut pages = Vec::new();
    for file in files {
        let bytes = fs::read(&file).map_err(Error::file(&file))?;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let capture = hearsay_pipeline::capture(&file.to_string_lossy(), &stem, bytes);
        pages.extend(hearsay_pipeline::pages(&capture, &Default::default(), None).pages);
    }
    Ok(pages.par_iter().map(|page| hearsay.record(page, &hearsay.read(page))).collect())
}

#[cfg(not(feature = "reader"))]
fn read(_: &Path) -> Result<Vec<hearsay_doc::record::Record>, Error> {
    Err(Error::Usage("built without the reader: give --readings or --links".to_owned()))
}

/// All files under `folder`, by name.
#[cfg_attr(not(feature = "reader"), allow(dead_code))]
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::file(folder))? {
        entries.push(entry.map_err(Error::file(folder))?.path());
    }
    entries.sort();
    for path in entries {
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Unordered pairs of different members.
fn pairs<'a>(members: impl IntoIterator<Item = &'a str>) -> HashSet<(&'a str, &'a str)> {
    let members: Vec<&str> = members.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    (0..members.len())
        .flat_map(|i| members[i + 1..].iter().map(|m| (members[i], *m)).collect::<Vec<_>>())
        .collect()
}

fn ordered<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    if a <= b { (a, b) } else { (b, a) }
}

fn prf(tp: usize, gold: usize, predicted: usize) -> Value {
    let ratio = |n: usize| if n > 0 { tp as f64 / n as f64 } else { 0.0 };
    let (p, r) = (ratio(predicted), ratio(gold));
    let f = if p + r > 0.0 { 200.0 * p * r / (p + r) } else { 0.0 };
    json!({"p": round1(100.0 * p), "r": round1(100.0 * r), "f": round1(f), "n": gold})
}

/// Intervals of a toll series: measure and bounds, each once.
fn intervals(rows: &Value) -> BTreeSet<(&'static str, String)> {
    let of = |measure: &'static str| {
        let rows = list(rows).iter();
        rows.filter(move |row| !list(&row[measure]).is_empty())
            .map(move |row| (measure, row[measure].to_string()))
    };
    of("killed").chain(of("injured")).collect()
}

/// The share of common reports.
struct Best {
    jaccard: f64,
    incident: usize,
}

/// The figures of `score_links.py`, in its order; with `errors`, a line per incident that is missed or wrong.
pub fn score(truth: &Value, links: &Value, errors: Option<&mut String>) -> Map<String, Value> {
    let names: HashSet<&str> = list(&truth["reports"]).iter().filter_map(|r| r["id"].as_str()).collect();
    let gold: HashSet<(&str, &str)> = list(&truth["reports"])
        .iter()
        .flat_map(|r| list(&r["copies"]).iter().filter_map(|c| Some((r["id"].as_str()?, c["of"].as_str()?))))
        .collect();
    let predicted: HashSet<(&str, &str)> = list(&links["copies"])
        .iter()
        .filter_map(|c| Some((c["report"].as_str()?, c["of"].as_str()?)))
        .filter(|(a, b)| names.contains(a) && names.contains(b))
        .collect();
    // Copies of one original are copies of one another: such a pair is neither right nor wrong.
    let mut root: HashMap<&str, &str> = names.iter().map(|&name| (name, name)).collect();
    let mut sorted: Vec<_> = gold.iter().copied().collect();
    sorted.sort_unstable();
    for (a, b) in sorted {
        let (a, b) = (find(&root, a), find(&root, b));
        root.insert(a, b);
    }
    let undirected = |edges: &HashSet<(&str, &str)>| -> HashSet<(String, String)> {
        edges.iter().map(|&(a, b)| ordered(a, b)).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    let (gold_pairs, predicted_pairs) = (undirected(&gold), undirected(&predicted));
    let n_counted = predicted_pairs
        .iter()
        .filter(|pair| gold_pairs.contains(pair) || find(&root, &pair.0) != find(&root, &pair.1))
        .count();
    let n_both = gold_pairs.intersection(&predicted_pairs).count();
    let right: Vec<&(&str, &str)> = predicted
        .iter()
        .filter(|&&(a, b)| {
            let (a, b) = ordered(a, b);
            gold_pairs.contains(&(a.to_owned(), b.to_owned()))
        })
        .collect();
    let n_directed = right.iter().filter(|edge| gold.contains(**edge)).count();
    let direction =
        if right.is_empty() { 0.0 } else { round1(100.0 * n_directed as f64 / right.len() as f64) };

    let incidents = list(&truth["incidents"]);
    let found: Vec<(Vec<&str>, &Value)> = list(&links["incidents"])
        .iter()
        .map(|i| (words(&i["reports"]).into_iter().filter(|r| names.contains(r)).collect(), i))
        .collect();
    let gold_together: HashSet<_> = incidents.iter().flat_map(|i| pairs(words(&i["reports"]))).collect();
    let with_mentions = |i: &'_ Value| pairs_of(i);
    let neutral: HashSet<(String, String)> = incidents.iter().flat_map(with_mentions).collect();
    let inside: HashSet<&str> = incidents.iter().flat_map(|i| words(&i["reports"])).collect();
    let together: HashSet<_> = found
        .iter()
        .flat_map(|(reports, _)| pairs(reports.iter().copied()))
        .filter(|(a, b)| inside.contains(a) && inside.contains(b))
        .filter(|pair| {
            gold_together.contains(pair) || !neutral.contains(&(pair.0.to_owned(), pair.1.to_owned()))
        })
        .collect();
    let pair_scores = prf(gold_together.intersection(&together).count(), gold_together.len(), together.len());

    let mut best: BTreeMap<usize, Best> = BTreeMap::new();
    for (t, incident) in incidents.iter().enumerate() {
        let reports: HashSet<&str> = words(&incident["reports"]).into_iter().collect();
        let mentions: HashSet<&str> = words(&incident["mentioned_in"]).into_iter().collect();
        for (k, (members, _)) in found.iter().enumerate() {
            let members: HashSet<&str> = members.iter().copied().collect();
            let n_common = reports.intersection(&members).count();
            if n_common == 0 {
                continue;
            }
            let others = members.iter().filter(|m| !mentions.contains(*m) && !reports.contains(*m)).count();
            let jaccard = n_common as f64 / (reports.len() + others) as f64;
            if best.get(&t).is_none_or(|known| (jaccard, k) >= (known.jaccard, known.incident)) {
                best.insert(t, Best { jaccard, incident: k });
            }
        }
    }
    let distinct: HashSet<usize> = best.values().map(|best| best.incident).collect();
    let merges = best.len() - distinct.len();
    let (mut exact, mut over, mut status, mut n_found) = (0, 0, 0, 0);
    let (mut tp, mut n_gold, mut n_predicted) = (0, 0, 0);
    let mut lines = String::new();
    for (t, incident) in incidents.iter().enumerate() {
        let truth_toll = intervals(&incident["toll"]);
        n_gold += truth_toll.len();
        let Some(best) = best.get(&t).filter(|best| best.jaccard >= 0.5) else {
            let _ = writeln!(
                lines,
                "NOT FOUND {} {} {} best {:?}",
                incident["id"],
                incident["place"],
                incident["date"],
                best.get(&t).map(|b| b.jaccard)
            );
            continue;
        };
        n_found += 1;
        let (members, predicted) = &found[best.incident];
        let toll = intervals(&predicted["toll"]);
        let (is, should) = (
            predicted["independent_origins"].as_i64(),
            incident["independent_origins"].as_i64().unwrap_or(0),
        );
        exact += usize::from(is == Some(should));
        over += usize::from(is.unwrap_or(0) > should + 1);
        status += usize::from(predicted["status"] == incident["status"]);
        tp += truth_toll.intersection(&toll).count();
        n_predicted += toll.len();
        if is != Some(should)
            || predicted["status"] != incident["status"]
            || truth_toll != toll
            || best.jaccard < 1.0
        {
            let reports: HashSet<&str> = words(&incident["reports"]).into_iter().collect();
            let missing: Vec<&&str> = reports.iter().filter(|r| !members.contains(r)).collect();
            let extra: Vec<&&str> = members.iter().filter(|r| !reports.contains(*r)).collect();
            let _ = writeln!(
                lines,
                "{} {} jaccard {:.2} missing {missing:?} extra {extra:?}\n    origins {should} {} got {is:?} {} | status {} got {} | toll missing {:?} extra {:?}",
                incident["id"],
                incident["place"],
                best.jaccard,
                incident["origins"],
                predicted["origins"],
                incident["status"],
                predicted["status"],
                truth_toll.difference(&toll).collect::<Vec<_>>(),
                toll.difference(&truth_toll).collect::<Vec<_>>()
            );
        }
    }
    if let Some(out) = errors {
        let mut missed: Vec<_> = gold_pairs.difference(&predicted_pairs).collect();
        missed.sort();
        let mut extra: Vec<_> = predicted_pairs
            .difference(&gold_pairs)
            .filter(|pair| find(&root, &pair.0) != find(&root, &pair.1))
            .collect();
        extra.sort();
        let mut wrong: Vec<_> = right.iter().filter(|edge| !gold.contains(**edge)).collect();
        wrong.sort();
        let _ = writeln!(out, "copies missed {missed:?}\ncopies extra {extra:?}\ncopies reversed {wrong:?}");
        out.push_str(&lines);
    }
    let n = incidents.len();
    let share = |count: usize| round1(100.0 * count as f64 / n.max(1) as f64);
    let mut scores = Map::new();
    let mut put = |name: &str, value: Value| scores.insert(name.to_owned(), value);
    put("copies", prf(n_both, gold_pairs.len(), n_counted));
    put("direction", json!(direction));
    put("pairs", pair_scores);
    put("incidents", json!(n));
    put("found", json!(share(n_found)));
    put("merges", json!(merges));
    put("origins", json!(share(exact)));
    put("over", json!(over));
    put("status", json!(share(status)));
    put("toll", prf(tp, n_gold, n_predicted));
    scores
}

/// Pairs of an incident's reports and of those that only mention it.
fn pairs_of(incident: &Value) -> HashSet<(String, String)> {
    let all: Vec<&str> =
        words(&incident["reports"]).into_iter().chain(words(&incident["mentioned_in"])).collect();
    pairs(all).into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

fn find<'a>(root: &HashMap<&'a str, &'a str>, of: &str) -> &'a str {
    let (&of, _) = root.get_key_value(of).expect("a report of the world");
    let mut at = of;
    while root[at] != at {
        at = root[at];
    }
    at
}
