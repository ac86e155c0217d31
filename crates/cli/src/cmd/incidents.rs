//! `hearsay incidents`: what happened, as the reports tell it: a table, or a card for each.

use std::io::Write;
use std::process::ExitCode;

use hearsay_link::links::Incident;

use crate::failure::{Failure, Stop};
use crate::linked::{From, Linked};
use crate::view::{Look, View};

/// `hearsay incidents`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    from: From,
    /// Draw these incidents in full, by their ids (the start of one is enough)
    #[arg(long, value_name = "ID", conflicts_with = "json")]
    show: Vec<String>,
    /// Draw every incident in full
    #[arg(long, conflicts_with_all = ["json", "show"])]
    cards: bool,
    /// Only incidents of this status: single_source, single_side, acknowledged, contested, independently_reported
    #[arg(long, value_name = "WORD")]
    status: Option<String>,
    /// Only incidents told by at least so many reports
    #[arg(long, value_name = "N", default_value_t = 1)]
    reports: usize,
    /// Print incidents as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    look: Look,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let linked = self.from.linked("incidents")?;
        let wanted = |incident: &&Incident| {
            self.status.as_ref().is_none_or(|word| incident.status.word == *word)
                && incident.reports.len() >= self.reports
        };
        let incidents: Vec<&Incident> = linked.links.incidents.iter().filter(wanted).collect();
        let view = View::new(self.look);
        let mut out = std::io::stdout().lock();
        if self.json {
            write!(out, "{}", pretty(&incidents))?;
        } else if self.cards {
            for (n, incident) in incidents.iter().enumerate() {
                write!(
                    out,
                    "{}{}",
                    if n > 0 { view.between() } else { String::new() },
                    card(&view, &linked, incident)
                )?;
            }
        } else if self.show.is_empty() {
            write!(out, "{}", view.incidents(&incidents))?;
        } else {
            return Ok(some(&self.show, &linked, &incidents, &view, &mut out)?);
        }
        Ok(linked.tally.exit())
    }
}

fn some(
    ids: &[String],
    linked: &Linked,
    incidents: &[&Incident],
    view: &View,
    out: &mut impl Write,
) -> std::io::Result<ExitCode> {
    let mut n_missing = 0;
    for id in ids {
        let found: Vec<&&Incident> =
            incidents.iter().filter(|incident| incident.id.starts_with(id.as_str())).collect();
        match found.as_slice() {
            [incident] => write!(out, "{}", card(view, linked, incident))?,
            others => {
                n_missing += 1;
                let reason =
                    format!("{} of {} incidents have an id that starts so", others.len(), incidents.len());
                Failure::new(id.clone(), reason).hint("hearsay incidents lists the ids").print();
            }
        }
    }
    Ok(if n_missing == 0 { linked.tally.exit() } else { ExitCode::from(1) })
}

/// One incident in full.
pub(crate) fn card(view: &View, linked: &Linked, incident: &Incident) -> String {
    let words = |key: &str, at: (u32, u32)| {
        let text = linked.records.get(key).map_or("", |record| record.document.text.as_str());
        text.chars().skip(at.0 as usize).take((at.1.saturating_sub(at.0)) as usize).collect()
    };
    view.incident(incident, &linked.links.copies, &words)
}

/// The incident that a ledger holds under this id, as a card or as JSON; `None` where there is none.
pub(crate) fn show(
    ledger: &hearsay_ledger::Ledger,
    id: &str,
    look: Look,
    json: bool,
) -> Result<Option<String>, hearsay_ledger::Error> {
    if ledger.link("incident", id)?.is_none() {
        return Ok(None);
    }
    let linked = crate::linked::of_ledger(ledger)?;
    let found = linked.links.incidents.iter().find(|incident| incident.id == id);
    Ok(found.map(|incident| if json { pretty(&incident) } else { card(&View::new(look), &linked, incident) }))
}

fn pretty(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(value);
    text.expect("incidents have string keys and finite numbers only") + "\n"
}
