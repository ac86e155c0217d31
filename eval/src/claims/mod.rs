//! Claims against annotated documents: what was found, and what of it is right.
//!
//! A set is a folder with `docs.json` (the texts) and `ann/*.json` (what they claim). The headlines are event (a claim
//! is found), typed (and its type), who_says (and last source, stance, modality) and claim (and actor and recipient).
//!
//! Start at [`run`]. The definition of every figure is in [`score`]; the longer listing of errors in [`full`].

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::args::{Args, Opt};
use crate::{Error, Report, python};

pub mod full;
pub mod score;
pub mod told;

use score::{ACCURACIES, Counts, SETS, Totals};
use told::Told;

/// The task's options.
pub const OPTIONS: &[Opt] = &[
    Opt::switch("--json"),
    Opt::switch("--errors"),
    Opt::value("--readings", "FILE"),
    Opt::value("--dump", "FILE"),
    Opt::value("--model", "FILE"),
    Opt::value("--docs", "IDS"),
    Opt::value("--only", "PREFIX"),
    Opt::value("--slot", "NAMES"),
    Opt::switch("--more"),
];

/// How to call the task.
pub const HELP: &str = "\
claims FOLDER        a folder with docs.json and ann/
  --readings FILE    score these readings (one per line) or this folder of annotations instead of reading the texts
  --dump FILE        write the readings made here
  --model FILE       scorers other than the shipped ones, as hearsay-train-claims writes them
  --docs ID,ID       only these documents
  --only PREFIX      only documents whose id starts so
  --errors           a line per claim that is missed, extra or wrong
  --errors=full      with the sentence and every slot, gold against got, and a summary
  --slot NAMES       with --errors=full: only claims wrong in one of these (source, actor, mode …, missed, extra)
  --more             figures that the set's own script does not have: country_of_event (right, of matched claims whose
                     country the set gives, by the event's own field) and place_on_matched (F1 of places of matched claims)
  --json             figures as JSON";

/// One annotated document and what was predicted for it.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// Its text, in code points: all offsets count them.
    pub text: Vec<char>,
    /// What it claims.
    pub gold: Vec<Told>,
    /// What was read from it.
    pub pred: Vec<Told>,
}

/// Scores the readings of one folder.
///
/// # Errors
///
/// [`Error`] if the folder or the readings are not in their format.
pub fn run(args: &Args) -> Result<Report, Error> {
    let folder = args.path()?;
    let set = Set::open(folder)?;
    let mut warnings = String::new();
    let mut documents = set.documents(args)?;
    let predicted = match args.get("--readings") {
        Some(file) => {
            let file = Path::new(file);
            let predicted = readings_of(file, &set, &mut warnings)?;
            if file.is_dir() {
                documents.retain(|document| predicted.contains_key(&document.id));
            }
            predicted
        }
        None => {
            let wanted: Vec<&Value> = documents.iter().map(|document| &set.docs[&document.id]).collect();
            let lines = reader::read(&wanted, args.get("--model"))?;
            if let Some(file) = args.get("--dump") {
                fs::write(file, &lines).map_err(Error::file(file.as_ref()))?;
            }
            parse_readings("readings".as_ref(), &lines, &set, &mut warnings)?
        }
    };
    let missing: Vec<&str> =
        documents.iter().map(|d| d.id.as_str()).filter(|id| !predicted.contains_key(*id)).collect();
    if !missing.is_empty() {
        let shown: Vec<String> = missing.iter().take(3).map(|id| python::repr(id)).collect();
        let _ = writeln!(
            warnings,
            "warning: {} gold documents have no reading, e.g. [{}]",
            missing.len(),
            shown.join(", ")
        );
    }
    for document in &mut documents {
        document.pred = predicted.get(&document.id).cloned().unwrap_or_default();
    }
    let mut totals = Totals::default();
    let mut text = String::new();
    let mut listing = full::Listing::new(args.list("--slot"));
    let mut more = More::default();
    for document in &documents {
        let pairs = totals.add(&document.gold, &document.pred, &document.text);
        more.add(document, &pairs);
        match args.get("--errors") {
            None => {}
            Some("full") => listing.add(document, &pairs),
            Some("") => error_lines(&mut text, document, &pairs),
            Some(other) => {
                return Err(Error::Usage(format!("--errors={other} is unknown; there is --errors=full")));
            }
        }
    }
    text.push_str(&listing.finish());
    text.push_str(&if args.has("--json") { to_json(&totals) } else { to_text(&totals) });
    if args.has("--more") {
        text.push_str(&more.show(args.has("--json")));
    }
    let figures = figures(&totals).into_iter().chain(more.figures()).collect();
    Ok(Report { text, warnings, figures, ..Report::default() })
}

/// Figures of our own, kept apart so that the others stay those of the set's script to the last line.
#[derive(Clone, Copy, Debug, Default)]
struct More {
    /// Matched claims whose country the annotation gives: right, of.
    country: (usize, usize),
    /// Matched claims without a country in the annotation: without one here, of.
    no_country: (usize, usize),
    place: Counts,
}

impl More {
    fn add(&mut self, document: &Document, pairs: &[(usize, usize)]) {
        for &(i, j) in pairs {
            let (g, p) = (&document.gold[i], &document.pred[j]);
            let given = |words: &told::Words| words.as_deref().is_some_and(|words| !words.is_empty());
            let (sum, right) = match given(&g.country) {
                true => (&mut self.country, g.country == p.country_of_event),
                false => (&mut self.no_country, !given(&p.country_of_event)),
            };
            sum.0 += usize::from(right);
            sum.1 += 1;
            let counts = score::slot_counts("place", g, p);
            self.place.tp += counts.tp;
            self.place.gold += counts.gold;
            self.place.pred += counts.pred;
        }
    }

    fn figures(&self) -> impl Iterator<Item = (String, f64)> {
        let ratio = |(right, of): (usize, usize)| {
            if of > 0 { python::round1(100.0 * right as f64 / of as f64) } else { 0.0 }
        };
        [
            ("country_of_event", ratio(self.country)),
            ("no_country_of_event", ratio(self.no_country)),
            ("place_on_matched", Prf::from(self.place).f),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
    }

    fn show(&self, as_json: bool) -> String {
        let n = [self.country.1, self.no_country.1, self.place.gold];
        if as_json {
            let map: serde_json::Map<_, _> =
                self.figures().map(|(name, value)| (name, value.into())).collect();
            return format!("{:#}\n", Value::Object(map));
        }
        self.figures().zip(n).map(|((name, value), n)| format!("  {name:21} {value:.1} % of {n}\n")).collect()
    }
}

/// A folder of annotated documents.
struct Set {
    docs: BTreeMap<String, Value>,
    annotations: Vec<(String, Value)>,
}

impl Set {
    fn open(folder: &Path) -> Result<Set, Error> {
        let path = folder.join("docs.json");
        let list = read_json(&path)?;
        let list = list.as_array().ok_or_else(|| Error::format(&path, 0, "not a list of documents"))?;
        let mut docs = BTreeMap::new();
        for (doc, n) in list.iter().zip(1..) {
            let (Some(id), Some(_)) = (doc["id"].as_str(), doc["text"].as_str()) else {
                return Err(Error::format(&path, 0, format!("document {n} lacks `id` or `text`")));
            };
            docs.insert(id.to_owned(), doc.clone());
        }
        Ok(Set { docs, annotations: annotations_in(&folder.join("ann"))? })
    }

    fn text(&self, id: &str, whence: &Path) -> Result<&str, Error> {
        let doc = self.docs.get(id).ok_or_else(|| Error::format(whence, 0, format!("no document {id:?}")))?;
        Ok(doc["text"].as_str().unwrap_or_default())
    }

    fn documents(&self, args: &Args) -> Result<Vec<Document>, Error> {
        let (ids, prefix) = (args.list("--docs"), args.get("--only").unwrap_or(""));
        if let Some(id) = ids.iter().find(|id| !self.docs.contains_key(**id)) {
            return Err(Error::Usage(format!("--docs {id}: no such document")));
        }
        let mut out: Vec<Document> = Vec::new();
        for (id, annotation) in &self.annotations {
            if !id.starts_with(prefix) || !(ids.is_empty() || ids.contains(&id.as_str())) {
                continue;
            }
            let whence = Path::new(id);
            let text = self.text(id, whence)?;
            let gold = Told::from_annotation(annotation, text).map_err(|e| Error::format(whence, 0, e))?;
            let document = Document { id: id.clone(), text: text.chars().collect(), gold, pred: Vec::new() };
            match out.iter_mut().find(|earlier| earlier.id == *id) {
                Some(earlier) => *earlier = document,
                None => out.push(document),
            }
        }
        Ok(out)
    }
}

/// Every `*.json` in `folder`, in the order of the file names, with its id.
fn annotations_in(folder: &Path) -> Result<Vec<(String, Value)>, Error> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::file(folder))? {
        let path = entry.map_err(Error::file(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let annotation = read_json(path)?;
        let id = annotation["id"].as_str().ok_or_else(|| Error::format(path, 0, "no `id`"))?.to_owned();
        Ok((id, annotation))
    };
    paths.iter().map(read).collect()
}

fn read_json(path: &Path) -> Result<Value, Error> {
    let bytes = fs::read(path).map_err(Error::file(path))?;
    serde_json::from_slice(&bytes).map_err(|e| Error::format(path, e.line(), e))
}

/// Predictions by document: one reading per line, or a folder of annotation files.
fn readings_of(path: &Path, set: &Set, warnings: &mut String) -> Result<BTreeMap<String, Vec<Told>>, Error> {
    if !path.is_dir() {
        let lines = fs::read_to_string(path).map_err(Error::file(path))?;
        return parse_readings(path, &lines, set, warnings);
    }
    let mut out = BTreeMap::new();
    for (id, annotation) in annotations_in(path)? {
        let claims = Told::from_annotation(&annotation, set.text(&id, path)?);
        out.insert(id.clone(), claims.map_err(|e| Error::format(path, 0, format!("{id}: {e}")))?);
    }
    Ok(out)
}

fn parse_readings(
    path: &Path,
    lines: &str,
    set: &Set,
    warnings: &mut String,
) -> Result<BTreeMap<String, Vec<Told>>, Error> {
    let mut out = BTreeMap::new();
    for (line, n) in lines.split('\n').zip(1..) {
        if python::strip(line).is_empty() {
            continue;
        }
        let reading: Value = serde_json::from_str(line).map_err(|e| Error::format(path, n, e))?;
        let document = &reading["document"];
        let given = |name: &str| document[name].as_str().filter(|name| !name.is_empty());
        let key =
            given("name").or(given("id")).ok_or_else(|| Error::format(path, n, "no `document.name`"))?;
        if let (Some(doc), Some(text)) = (set.docs.get(key), document["text"].as_str())
            && python::strip(text) != python::strip(doc["text"].as_str().unwrap_or_default())
        {
            let _ = writeln!(
                warnings,
                "warning: {key}: the reading's text differs from the gold text; offsets will not match"
            );
        }
        out.insert(key.to_owned(), Told::from_reading(&reading));
    }
    Ok(out)
}

/// Documents to readings, by the way that `hearsay read FILE.jsonl --jsonl` takes.
#[cfg(feature = "reader")]
mod reader {
    use super::*;
    use rayon::prelude::*;

    /// One reading per line, in the order of `docs`.
    pub fn read(docs: &[&Value], model: Option<&str>) -> Result<String, Error> {
        let hearsay = crate::with_model(model)?;
        let lines: String = docs.iter().map(|doc| format!("{}\n", given(doc))).collect();
        let pages = crate::pages("docs.jsonl", lines.into_bytes())?;
        let records: Vec<String> =
            pages.par_iter().map(|page| hearsay.record(page, &hearsay.read(page)).to_line() + "\n").collect();
        Ok(records.concat())
    }
}

#[cfg(not(feature = "reader"))]
mod reader {
    use super::*;

    pub fn read(_: &[&Value], _: Option<&str>) -> Result<String, Error> {
        Err(Error::Usage("built without the reader: give --readings FILE".to_owned()))
    }
}

/// What the reader may know of a document: its text and what is printed around it.
pub fn given(doc: &Value) -> Value {
    let fields = ["id", "text", "title", "outlet", "published", "url"];
    fields
        .iter()
        .map(|field| ((*field).to_owned(), doc[*field].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn shown(words: Option<&str>) -> &str {
    words.unwrap_or("None")
}

fn error_lines(out: &mut String, document: &Document, pairs: &[(usize, usize)]) {
    let list = |words: &[told::Words]| {
        let parts: Vec<String> = words.iter().map(|w| python::repr_option(w.as_deref())).collect();
        format!("[{}]", parts.join(", "))
    };
    let brief = |told: &Told| {
        format!(
            "{} {} {} {} {}->{}",
            shown(told.kind.as_deref()),
            python::repr_option(told.last()),
            shown(told.stance.as_deref()),
            shown(told.modality.as_deref()),
            list(&told.actor),
            list(&told.recipient)
        )
    };
    let at = |told: &Told| format!("{}@{}", python::repr_option(told.trigger.as_deref()), told.start);
    let id = &document.id;
    for &(i, j) in pairs {
        let (g, p) = (&document.gold[i], &document.pred[j]);
        if !score::judge(g, p).claim {
            let _ = writeln!(out, "{id}: {} gold {} | got {}", at(g), brief(g), brief(p));
        }
    }
    for (_, g) in document.gold.iter().enumerate().filter(|(i, _)| pairs.iter().all(|pair| pair.0 != *i)) {
        let _ = writeln!(out, "{id}: MISSED {} {}", shown(g.kind.as_deref()), at(g));
    }
    for (_, p) in document.pred.iter().enumerate().filter(|(j, _)| pairs.iter().all(|pair| pair.1 != *j)) {
        let _ = writeln!(out, "{id}: EXTRA {} {}", shown(p.kind.as_deref()), at(p));
    }
}

/// Precision, recall and F1 in per cent with one decimal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prf {
    /// Precision.
    pub p: f64,
    /// Recall.
    pub r: f64,
    /// Their harmonic mean.
    pub f: f64,
    /// Gold items.
    pub n: usize,
}

impl From<Counts> for Prf {
    fn from(counts: Counts) -> Prf {
        let ratio = |of: usize| if of > 0 { counts.tp as f64 / of as f64 } else { 0.0 };
        let (p, r) = (ratio(counts.pred), ratio(counts.gold));
        let f = if p + r > 0.0 { 200.0 * p * r / (p + r) } else { 0.0 };
        Prf {
            p: python::round1(100.0 * p),
            r: python::round1(100.0 * r),
            f: python::round1(f),
            n: counts.gold,
        }
    }
}

const HEADLINES: [&str; 4] = ["event", "typed", "who_says", "claim"];

impl Totals {
    fn headlines(&self) -> impl Iterator<Item = (&'static str, Prf)> {
        let counts = self.headline.map(|tp| Counts { tp, gold: self.gold, pred: self.pred });
        HEADLINES.into_iter().zip(counts.map(Prf::from))
    }

    fn slots(&self) -> impl Iterator<Item = (&'static str, Prf)> {
        SETS.into_iter().zip(self.sets.map(Prf::from))
    }

    /// Name, per cent (`None` of nothing), of how many.
    fn accurate(&self) -> impl Iterator<Item = (&'static str, Option<f64>, usize)> {
        let per_cent =
            |(right, n): (usize, usize)| (n > 0).then(|| python::round1(100.0 * right as f64 / n as f64));
        ACCURACIES.into_iter().zip(self.accuracies).map(move |(name, sum)| (name, per_cent(sum), sum.1))
    }
}

/// F1 or accuracy by name, for floors.
fn figures(totals: &Totals) -> Vec<(String, f64)> {
    let f1 = totals.headlines().chain(totals.slots()).map(|(name, prf)| (name.to_owned(), prf.f));
    let accuracies = totals.accurate().filter_map(|(name, value, _)| Some((name.to_owned(), value?)));
    f1.chain(accuracies).collect()
}

fn to_text(totals: &Totals) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} documents, {} gold claims, {} predicted",
        totals.documents, totals.gold, totals.pred
    );
    let row = |name: &str, v: &Prf| format!("  {name:10} P {:5.1}  R {:5.1}  F1 {:5.1}", v.p, v.r, v.f);
    for (name, prf) in totals.headlines() {
        let _ = writeln!(out, "{}", row(name, &prf));
    }
    for (name, prf) in totals.slots() {
        let _ = writeln!(out, "{}  (n={})", row(name, &prf), prf.n);
    }
    for (name, value, n) in totals.accurate() {
        let value = value.map_or_else(|| "None".to_owned(), |value| format!("{value:?}"));
        let _ = writeln!(out, "  {name:21} {value} % of {n} matched");
    }
    out
}

/// With the keys in their order of printing and an indent of one.
fn to_json(totals: &Totals) -> String {
    let prf = |v: Prf| json!({"p": v.p, "r": v.r, "f": v.f, "n": v.n});
    let mut out = format!("{{\n \"documents\": {},\n \"claims\": {}", totals.documents, totals.gold);
    let object = |value: &Value, order: &[&str], indent: usize| {
        let pad = " ".repeat(indent);
        let fields: Vec<String> =
            order.iter().map(|key| format!("{pad} \"{key}\": {}", value[*key])).collect();
        format!("{{\n{}\n{pad}}}", fields.join(",\n"))
    };
    for (name, v) in totals.headlines() {
        let _ = write!(out, ",\n \"{name}\": {}", object(&prf(v), &["p", "r", "f", "n"], 1));
    }
    let slots: Vec<String> = totals
        .slots()
        .map(|(name, v)| format!("  \"{name}\": {}", object(&prf(v), &["p", "r", "f", "n"], 2)))
        .collect();
    let accurate: Vec<String> = totals
        .accurate()
        .map(|(name, acc, n)| {
            format!("  \"{name}\": {}", object(&json!({"acc": acc, "n": n}), &["acc", "n"], 2))
        })
        .collect();
    let _ = writeln!(
        out,
        ",\n \"slots\": {{\n{}\n }},\n \"accuracy_on_matched\": {{\n{}\n }}\n}}",
        slots.join(",\n"),
        accurate.join(",\n")
    );
    out
}
