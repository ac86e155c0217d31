//! `hearsay places`: what the place names of a text mean, for trying that alone.

use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;

use hearsay_doc::record::Place;

use crate::cmd::lists::Lists;
use crate::failure::{Failure, Stop};
use crate::view::clean;

/// `hearsay places`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The text; without it, standard input
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    #[command(flatten)]
    lists: Lists,
    /// Print a JSON list of places, as they stand in records (schema hearsay.reading/1)
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let text = text_of(&self.text, "places")?;
        let places = self.lists.hearsay()?.place_records(&text);
        let mut out = io::stdout().lock();
        if self.json {
            let json = serde_json::to_string_pretty(&places).map_err(io::Error::other)?;
            writeln!(out, "{json}")?;
        } else if places.is_empty() {
            writeln!(out, "no place is named")?;
        } else {
            let rows: Vec<Vec<String>> = places.iter().map(row).collect();
            out.write_all(table(&rows).as_bytes())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn row(place: &Place) -> Vec<String> {
    let at = place.lat.zip(place.lon).map(|(lat, lon)| format!("{lat:.3},{lon:.3}"));
    let known = match (&place.name, &place.near) {
        (Some(name), _) => name.clone(),
        (None, Some(near)) => format!("near {near}"),
        (None, None) => "not known".to_owned(),
    };
    let within = place.radius_km.map(|km| format!("within {km} km"));
    let id = place.geonames.map(|id| format!("geonames {id}"));
    let words = [
        Some(place.text.clone()),
        Some(known),
        place.precision.clone(),
        place.country.clone(),
        at,
        within.or(id),
    ];
    words.map(|word| clean(&word.unwrap_or_else(|| "-".to_owned()))).to_vec()
}

/// The words of the command line, or what is piped in.
pub(crate) fn text_of(words: &[String], command: &'static str) -> Result<String, Stop> {
    if !words.is_empty() && words != ["-"] {
        return Ok(words.join(" "));
    }
    if words.is_empty() && io::stdin().is_terminal() {
        return Err(Stop::NoInput(command));
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|e| Stop::Broken(Failure::io("standard input", &e)))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Rows with their columns one under the other.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let n = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..n).map(|at| wide(at).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}
