//! Place names against XML corpora: LGL, TR-News, GeoVirus, GeoWebNews.
//!
//! Two measures. *Given* toponyms: the set's own names are resolved, and how far each answer lies from the set's
//! coordinates is measured (accuracy within 161 km, which is 100 miles, mean and median error, area under the curve of
//! log errors as in Jurgens et al., 2015). *Raw* text: names are found as well, and F1 of spans is counted.
//!
//! A name without an answer counts as half the Earth's girth away. Start at [`run`].

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use hearsay_doc::{PlaceRef, Span};
use roxmltree::{Document as Xml, Node};

use crate::args::{Args, Opt};
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] = &[Opt::switch("--json"), Opt::switch("--errors"), Opt::switch("--given")];

/// How to call the task.
pub const HELP: &str = "\
places FILE.xml      place names of LGL, TR-News, GeoVirus or GeoWebNews: given names resolved, and names found in raw text
  --given            only the given names
  --errors           a line per given name that is more than 161 km off
  --json             figures as JSON";

/// 100 miles, the usual distance.
const NEAR_KM: f64 = 161.0;

/// Half the Earth's girth: the error of an answer that is not given.
const FARTHEST_KM: f64 = 20_039.0;

/// GeoWebNews marks these too, but they name no place that can be pointed at.
const NO_PLACE: [&str; 6] =
    ["Literal_Expression", "Non_Lit_Expression", "Non_Toponym", "Demonym", "Language", "Homonym"];

/// One name of the set.
#[derive(Clone, Debug, PartialEq)]
struct Toponym {
    span: Span,
    /// Degrees north and east, where the set says.
    at: Option<(f64, f64)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Article {
    text: String,
    toponyms: Vec<Toponym>,
}

/// Scores the shipped reader on one corpus.
///
/// # Errors
///
/// [`Error`] if the file is no XML corpus with located names or the reader cannot be made ready.
pub fn run(args: &Args) -> Result<Report, Error> {
    let path = args.path()?;
    let file = fs::read_to_string(path).map_err(Error::file(path))?;
    let articles = parse(&file).map_err(|what| Error::format(path, 0, what))?;
    let places = crate::placer()?;
    let mut text = String::new();
    let mut errors: Vec<f64> = Vec::new();
    let mut answered = 0;
    let mut found = Found::default();
    for article in &articles {
        let given: Vec<&Toponym> = article.toponyms.iter().filter(|name| name.at.is_some()).collect();
        let spans: Vec<Span> = given.iter().map(|name| name.span).collect();
        for (name, answer) in given.iter().zip(places(&article.text, Some(&spans))) {
            let at = located(&answer);
            answered += usize::from(at.is_some());
            let error = at.zip(name.at).map_or(FARTHEST_KM, |(a, b)| kilometres(a, b));
            errors.push(error);
            if error > NEAR_KM && args.has("--errors") {
                list(&mut text, article, name, &answer, error);
            }
        }
        if !args.has("--given") {
            found.add(article, &places(&article.text, None));
        }
    }
    if errors.is_empty() {
        return Err(Error::format(path, 0, "no name with coordinates"));
    }
    let mut figures = given_figures(&mut errors);
    figures.push(("answered".to_owned(), round(100.0 * answered as f64 / errors.len() as f64)));
    if !args.has("--given") {
        figures.extend(found.figures());
    }
    let names = articles.iter().map(|a| a.toponyms.len()).sum::<usize>();
    let _ = writeln!(
        text,
        "{} articles, {names} names, {} of them with coordinates",
        articles.len(),
        errors.len()
    );
    Ok(Report::of(text, figures, args.has("--json"), 2))
}

/// Where the answer puts the name: the place itself, or what it stands by.
fn located(answer: &PlaceRef) -> Option<(f64, f64)> {
    let place = answer.resolved.as_ref().or(answer.near.as_ref())?;
    Some((f64::from(place.lat), f64::from(place.lon)))
}

/// On a sphere.
fn kilometres(one: (f64, f64), other: (f64, f64)) -> f64 {
    let (a, b) = (one.0.to_radians(), other.0.to_radians());
    let (dlat, dlon) = (b - a, (other.1 - one.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// `acc161` in per cent, `mean_km`, `median_km`, and `auc`, 0 where all is right and 1 where all is as wrong as can be.
fn given_figures(errors: &mut [f64]) -> Vec<(String, f64)> {
    errors.sort_by(f64::total_cmp);
    let n = errors.len();
    let near = errors.iter().filter(|error| **error <= NEAR_KM).count();
    let logs: Vec<f64> = errors.iter().map(|error| error.ln_1p()).collect();
    let area: f64 = logs.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).sum();
    let whole = FARTHEST_KM.ln_1p() * n.saturating_sub(1).max(1) as f64;
    [
        ("acc161", 100.0 * near as f64 / n as f64),
        ("mean_km", errors.iter().sum::<f64>() / n as f64),
        ("median_km", (errors[(n - 1) / 2] + errors[n / 2]) / 2.0),
        ("auc", area / whole),
    ]
    .map(|(name, value)| (name.to_owned(), round(value)))
    .to_vec()
}

/// Counts of names found in raw text.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    gold: usize,
    read: usize,
    exact: usize,
    overlap: usize,
    /// Exact spans whose answer lies within 161 km, of those that have coordinates, and how many have.
    placed: usize,
    located: usize,
}

impl Found {
    fn add(&mut self, article: &Article, read: &[PlaceRef]) {
        let spans: BTreeSet<Span> = article.toponyms.iter().map(|name| name.span).collect();
        self.gold += spans.len();
        self.read += read.len();
        self.exact += read.iter().filter(|place| spans.contains(&place.span)).count();
        self.overlap += spans.iter().filter(|s| read.iter().any(|place| place.span.overlaps(**s))).count();
        for name in &article.toponyms {
            let Some(at) = name.at else { continue };
            self.located += 1;
            let answer = read.iter().find(|place| place.span == name.span).and_then(located);
            self.placed += usize::from(answer.is_some_and(|a| kilometres(a, at) <= NEAR_KM));
        }
    }

    fn figures(&self) -> Vec<(String, f64)> {
        let ratio = |n: usize, of: usize| if of > 0 { 100.0 * n as f64 / of as f64 } else { 0.0 };
        [
            ("raw_precision", ratio(self.exact, self.read)),
            ("raw_recall", ratio(self.exact, self.gold)),
            ("raw_f1", ratio(2 * self.exact, self.read + self.gold)),
            ("raw_overlap", ratio(self.overlap, self.gold)),
            ("raw_acc161", ratio(self.placed, self.located)),
        ]
        .map(|(name, value)| (name.to_owned(), round(value)))
        .to_vec()
    }
}

fn list(out: &mut String, article: &Article, name: &Toponym, answer: &PlaceRef, error: f64) {
    let (lat, lon) = name.at.unwrap_or_default();
    let words = |at: usize, by: isize| {
        let end = at.saturating_add_signed(by).min(article.text.len());
        (0..=end).rev().find(|&n| article.text.is_char_boundary(n)).unwrap_or(0)
    };
    let (start, end) = (name.span.start as usize, name.span.end as usize);
    let before = &article.text[words(start, -50)..start];
    let after = &article.text[end..words(end, 50).max(end)];
    let got = match (&answer.resolved, &answer.near) {
        (Some(place), _) => format!("{} {:.2},{:.2} {}", place.name, place.lat, place.lon, place.precision),
        (None, Some(near)) => format!("near {} {:.2},{:.2}", near.name, near.lat, near.lon),
        (None, None) => "nothing".to_owned(),
    };
    let line = format!("{error:6.0} km: {before}[{}]{after}", name.span.of(&article.text));
    let _ = writeln!(out, "{} | {lat:.2},{lon:.2} | got {got}", line.replace(['\n', '\r', '\t'], " "));
}

fn parse(file: &str) -> Result<Vec<Article>, String> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let xml = Xml::parse_with_options(file, options).map_err(|e| e.to_string())?;
    let articles = xml.descendants().filter(|node| node.has_tag_name("article"));
    articles.zip(1..).map(|(node, n)| article(node).map_err(|what| format!("article {n}: {what}"))).collect()
}

/// A direct or indirect child's text, trimmed at neither end.
fn inner<'a>(node: Node<'a, '_>, names: &[&str]) -> Option<&'a str> {
    node.descendants().find(|child| names.iter().any(|name| child.has_tag_name(*name)))?.text()
}

fn article(node: Node) -> Result<Article, String> {
    let text = inner(node, &["text"]).ok_or("no <text>")?.to_owned();
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut toponyms = Vec::new();
    for name in node.descendants().filter(|n| n.has_tag_name("toponym") || n.has_tag_name("location")) {
        if inner(name, &["type"]).is_some_and(|kind| NO_PLACE.contains(&kind.trim())) {
            continue;
        }
        let number = |names: &[&str]| inner(name, names).and_then(|words| words.trim().parse::<f64>().ok());
        let words = inner(name, &["phrase", "extractedName", "name"]).ok_or("a name without words")?;
        let start = number(&["start"]).ok_or_else(|| format!("{words:?} has no <start>"))? as usize;
        let at = number(&["lat", "latitude"]).zip(number(&["lon", "longitude"]));
        match aligned(&text, &offsets, start, words) {
            Some(span) => toponyms.push(Toponym { span, at }),
            // The words are not there: nothing can be read from them.
            None => continue,
        }
    }
    toponyms.sort_by_key(|name| name.span);
    toponyms.dedup_by_key(|name| name.span);
    Ok(Article { text, toponyms })
}

/// The span of the words at or, some sets count from 1 or lost a character, near the code point `start`.
fn aligned(text: &str, offsets: &[usize], start: usize, words: &str) -> Option<Span> {
    let fits = |at: usize| offsets.get(at).is_some_and(|&byte| text[byte..].starts_with(words));
    let at =
        (0..40).flat_map(|by| [start.checked_sub(by), Some(start + by)]).flatten().find(|&at| fits(at))?;
    Some(Span::new(offsets[at], offsets[at] + words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(file: &str) -> String {
        let articles = parse(file).unwrap();
        let name = |article: &Article, name: &Toponym| {
            let at = name.at.map_or("-".to_owned(), |(lat, lon)| format!("{lat},{lon}"));
            format!("{}..{} {} {at}", name.span.start, name.span.end, name.span.of(&article.text))
        };
        let line = |a: &Article| a.toponyms.iter().map(|n| name(a, n)).collect::<Vec<_>>().join(" | ");
        articles.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_layouts_of_all_sets_give_the_same_names() {
        let lgl = "<articles><article><title>t</title><text><![CDATA[Čak & Osh]]></text><toponyms><toponym><start>6</start>\
                   <end>9</end><phrase>Osh</phrase><gaztag><name>Osh</name><lat>1.5</lat><lon>-2</lon></gaztag></toponym>\
                   </toponyms></article></articles>";
        let gwn = "<articles><article><text>Čak &amp; Osh</text><toponyms><toponym><extractedName>Osh</extractedName><type>\
                   Literal</type><start>6</start><end>9</end><latitude>1.5</latitude><longitude>-2</longitude></toponym><toponym>\
                   <extractedName>Čak</extractedName><type>Demonym</type><start>0</start><end>3</end></toponym></toponyms>\
                   </article></articles>";
        let virus = "<articles><article><text>Čak &amp; Osh</text><locations><location><name>Osh</name><start>7</start>\
                     <end>10</end><lat>1.5</lat><lon>-2</lon></location></locations></article></articles>";
        for file in [lgl, gwn, virus] {
            assert_eq!(show(file), "7..10 Osh 1.5,-2", "{file}");
        }
        assert!(parse("<articles><article/></articles>").unwrap_err().contains("article 1: no <text>"));
    }

    #[test]
    fn figures_of_errors_are_what_a_person_computes() {
        let mut errors = [0.0, 100.0, 400.0, FARTHEST_KM];
        let shown: Vec<String> =
            given_figures(&mut errors).iter().map(|(name, value)| format!("{name} {value}")).collect();
        // Logs of 1 + error: 0, 4.615, 5.994, 9.905; the area is half of the outer two and the inner two whole, 15.56,
        // of 3 times 9.905.
        assert_eq!(shown.join(", "), "acc161 50, mean_km 5134.75, median_km 250, auc 0.52");
        assert!((kilometres((0.0, 0.0), (0.0, 1.0)) - 111.19).abs() < 0.01);
    }
}
