//! The published day of pages: how often it is right, and how often what is answered is right.
//!
//! A set is a folder with `gold.json` (an object, a page's id to its `html`, `date` and perhaps `url`) and the pages,
//! bare or in gzip. Exact is the share of dated pages with the right day, precision that of right ones among the answers
//! for dated pages. Start at [`run`].

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::args::{Args, Opt};
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] = &[Opt::switch("--json"), Opt::switch("--errors"), Opt::switch("--no-url")];

/// How to call the task.
pub const HELP: &str = "\
published FOLDER     published day of web pages: a folder with gold.json and the pages it names
  --no-url           without the addresses that gold.json gives
  --errors           a line per page whose day is missed or wrong
  --json             figures as JSON";

struct Row {
    name: String,
    gold: String,
    /// Day and where it was found.
    got: Option<(String, &'static str)>,
}

/// Scores the reader of pages on one folder.
///
/// # Errors
///
/// [`Error`] if the folder is not in its format.
pub fn run(args: &Args) -> Result<Report, Error> {
    let folder = args.path()?;
    let path = folder.join("gold.json");
    // Python writes an unknown date as NaN, which is no JSON.
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?.replace(": NaN", ": null");
    let gold: Value = serde_json::from_str(&text).map_err(|e| Error::format(&path, e.line(), e))?;
    let gold = gold.as_object().ok_or_else(|| Error::format(&path, 0, "not an object of pages"))?;
    let mut rows = Vec::new();
    for (name, page) in gold {
        let Some(date) = page["date"].as_str().filter(|date| date.len() >= 10) else { continue };
        let file = page["html"]
            .as_str()
            .ok_or_else(|| Error::format(&path, 0, format!("page {name} lacks `html`")))?;
        let html = html(&folder.join(file))?;
        let url = page["url"].as_str().filter(|_| !args.has("--no-url"));
        rows.push(Row {
            name: name.clone(),
            gold: date[..10].to_owned(),
            got: reader::published(name, html, url)?,
        });
    }
    if rows.is_empty() {
        return Err(Error::format(&path, 0, "no page with a `date`"));
    }
    let mut text = String::new();
    if args.has("--errors") {
        for row in rows.iter().filter(|row| row.got.as_ref().is_none_or(|got| got.0 != row.gold)) {
            let got =
                row.got.as_ref().map_or_else(|| "-".to_owned(), |(day, from)| format!("{day} from {from}"));
            let _ = writeln!(text, "{}: gold {} got {got}", row.name, row.gold);
        }
    }
    Ok(report(text, &rows, args.has("--json")))
}

fn html(path: &Path) -> Result<Vec<u8>, Error> {
    let bytes = fs::read(path).map_err(Error::file(path))?;
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes.as_slice());
    std::io::Read::read_to_end(&mut decoder, &mut out).map_err(Error::file(path))?;
    Ok(out)
}

fn report(mut text: String, rows: &[Row], as_json: bool) -> Report {
    let given = rows.iter().filter(|row| row.got.is_some()).count();
    let right = rows.iter().filter(|row| row.got.as_ref().is_some_and(|got| got.0 == row.gold)).count();
    let share = |of: usize| if of > 0 { (1000.0 * right as f64 / of as f64).round() / 1000.0 } else { 0.0 };
    let figures = [("exact", share(rows.len())), ("precision", share(given))];
    if as_json {
        let map = serde_json::json!({"pages": rows.len(), "given": given, "right": right, "exact": figures[0].1, "precision": figures[1].1});
        let _ = writeln!(text, "{map:#}");
    } else {
        let _ = writeln!(text, "{} dated pages, {given} answered, {right} right", rows.len());
        for (name, value) in figures {
            let _ = writeln!(text, "  {name:9} {value:.3}");
        }
        let mut by: std::collections::BTreeMap<&str, (usize, usize)> = std::collections::BTreeMap::new();
        for row in rows {
            let Some((day, from)) = &row.got else { continue };
            let sum = by.entry(from).or_default();
            sum.0 += usize::from(*day == row.gold);
            sum.1 += 1;
        }
        let shown: Vec<String> = by.iter().map(|(from, (right, n))| format!("{from} {right}/{n}")).collect();
        let _ = writeln!(text, "  from: {}", shown.join(", "));
    }
    let figures = figures.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    Report { text, figures, ..Report::default() }
}

#[cfg(feature = "reader")]
mod reader {
    use super::*;
    use hearsay_pipeline::{Format, Given};

    pub fn published(
        name: &str,
        html: Vec<u8>,
        url: Option<&str>,
    ) -> Result<Option<(String, &'static str)>, Error> {
        let capture = hearsay_pipeline::capture(name, name, html);
        let given = Given { url: url.map(str::to_owned), ..Given::default() };
        let unpacked = hearsay_pipeline::pages(&capture, &given, Some(Format::Html));
        let published = unpacked.pages.into_iter().next().and_then(|page| page.published);
        Ok(published.map(|published| (published.when.iso(), published.from)))
    }
}

#[cfg(not(feature = "reader"))]
mod reader {
    use super::*;

    pub fn published(_: &str, _: Vec<u8>, _: Option<&str>) -> Result<Option<(String, &'static str)>, Error> {
        Err(Error::Usage("built without the reader: this task needs it".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abstention_costs_no_precision() {
        let row = |gold: &str, got: Option<&str>| Row {
            name: "a".to_owned(),
            gold: gold.to_owned(),
            got: got.map(|day| (day.to_owned(), "meta")),
        };
        let rows = [
            row("2024-03-24", Some("2024-03-24")),
            row("2024-03-24", Some("2024-03-25")),
            row("2024-03-24", None),
            row("2024-03-26", Some("2024-03-26")),
        ];
        expect_test::expect![[r#"
            4 dated pages, 3 answered, 2 right
              exact     0.500
              precision 0.667
              from: meta 2/3
        "#]]
        .assert_eq(&report(String::new(), &rows, false).text);
    }
}
