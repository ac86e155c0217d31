//! `hearsay link`: which reports copy one another and which tell of one incident; in a ledger or in files.

use std::collections::HashMap;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use hearsay_doc::Interval;
use hearsay_ledger::{AsOf, Error, Link, Options, Writer};
use hearsay_link::links::{Incident, PageName};
use hearsay_link::{Bond, Linker, Links};

use crate::failure::Stop;
use crate::linked::From;

/// `hearsay link`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    from: From,
    /// Print all links as JSON: copies with their evidence, incidents with origins, statuses and tolls
    #[arg(long, conflicts_with = "export")]
    json: bool,
    /// Print the short form that scorers read, as JSON
    #[arg(long)]
    export: bool,
    /// Seconds to wait where another program is writing the ledger
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        if let Some(at) = self.from.ledger() {
            let options = Options { wait: Duration::from_secs(self.wait), ..Options::default() };
            // A ledger that is not there is no place to make one.
            at.open()?;
            let mut writer = Writer::open(&at.ledger, &options).map_err(|error| at.stop(error))?;
            relink(&mut writer).map_err(|error| at.stop(error))?;
        }
        let linked = self.from.linked("link")?;
        let links = &linked.links;
        let mut out = std::io::stdout().lock();
        if self.json {
            let text =
                serde_json::to_string_pretty(links).expect("links have string keys and finite numbers only");
            writeln!(out, "{text}")?;
        } else if self.export {
            let text = serde_json::to_string_pretty(&links.export())
                .expect("links have string keys and finite numbers only");
            writeln!(out, "{text}")?;
        } else {
            let several = links.incidents.iter().filter(|incident| incident.reports.len() > 1).count();
            writeln!(out, "{} reports, {} claims", linked.tally.n_pages, linked.tally.n_claims)?;
            writeln!(
                out,
                "{} copies, {} texts printed more than once",
                links.copies.len(),
                links.groups.len()
            )?;
            writeln!(out, "{} incidents, {several} told by more than one report", links.incidents.len())?;
        }
        Ok(linked.tally.exit())
    }
}

/// Links the ledger's newest readings, people's merges and splits being law, and writes what changed.
///
/// # Errors
///
/// [`Error`] of the ledger.
pub(crate) fn relink(writer: &mut Writer) -> Result<(), Error> {
    let mut linker = Linker::default();
    let mut number: HashMap<String, i64> = HashMap::new();
    let mut key_of: HashMap<i64, String> = HashMap::new();
    for kept in writer.records(AsOf::Now)? {
        let kept = kept?;
        number.insert(kept.key.clone(), kept.page);
        key_of.insert(kept.page, kept.key.clone());
        linker.add(kept.key, kept.record);
    }
    for bond in writer.bonds()? {
        let named = |claims: Vec<(i64, String)>| {
            claims.into_iter().filter_map(|(page, claim)| Some((key_of.get(&page)?.clone(), claim))).collect()
        };
        linker.bind(Bond { together: bond.together, one: named(bond.one), other: named(bond.other) });
    }
    let rows = rows(&linker.links(), &number);
    writer.replace_links("link 1", &["incident", "copy", "text"], rows)?;
    writer.commit()?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("links have string keys and finite numbers only")
}

/// Links as rows of a ledger.
fn rows(links: &Links, number: &HashMap<String, i64>) -> Vec<Link> {
    let page = |name: &PageName| number.get(&name.key).copied();
    let mut rows = Vec::new();
    for incident in &links.incidents {
        let all = || incident.reports.iter().chain(&incident.mentioned_in);
        let claims = all().flat_map(|report| {
            report.claims.iter().filter_map(move |claim| Some((page(&report.page)?, claim.clone())))
        });
        rows.push(Link {
            kind: "incident".to_owned(),
            id: incident.id.clone(),
            json: json(incident),
            claims: claims.collect(),
            pages: all().filter_map(|report| page(&report.page)).collect(),
            incident: Some(columns(incident)),
        });
    }
    for copy in &links.copies {
        rows.push(Link {
            kind: "copy".to_owned(),
            id: format!("{} {}", copy.report.key, copy.of.key),
            json: json(copy),
            claims: Vec::new(),
            pages: [&copy.report, &copy.of].into_iter().filter_map(page).collect(),
            incident: None,
        });
    }
    for members in &links.groups {
        rows.push(Link {
            kind: "text".to_owned(),
            id: members.first().map_or(String::new(), |first| first.key.clone()),
            json: json(members),
            claims: Vec::new(),
            pages: members.iter().filter_map(page).collect(),
            incident: None,
        });
    }
    rows
}

/// What a ledger lists incidents by.
fn columns(incident: &Incident) -> hearsay_ledger::Incident {
    let day = |iso: &Option<String>| Some(Interval::parse(iso.as_deref()?).ok()?.start.days());
    hearsay_ledger::Incident {
        first: day(&incident.date),
        last: day(&incident.until),
        place: incident.place.clone(),
        lat: incident.lat,
        lon: incident.lon,
        country: incident.country.clone(),
        kind: incident.kind.clone(),
        mode: incident.mode.clone(),
        status: incident.status.word.clone(),
        n_origins: incident.origins.len() as u32,
        n_reports: incident.reports.len() as u32,
        n_claims: incident.reports.iter().map(|report| report.claims.len() as u32).sum(),
    }
}
