//! `hearsay toll`: who counted how many dead and injured, when, and how the counts moved.

use std::io::Write;
use std::process::ExitCode;

use crate::failure::Stop;
use crate::linked::From;
use crate::view::{Look, View};

/// `hearsay toll`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    from: From,
    /// Only this incident, by its id (the start of one is enough)
    #[arg(long, value_name = "ID")]
    incident: Option<String>,
    /// Print the series as JSON, by incident
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    look: Look,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let linked = self.from.linked("toll")?;
        let view = View::new(self.look);
        let mut out = std::io::stdout().lock();
        let incidents = linked.links.incidents.iter().filter(|incident| {
            !incident.toll.is_empty()
                && self.incident.as_ref().is_none_or(|id| incident.id.starts_with(id.as_str()))
        });
        if self.json {
            let rows: Vec<_> = incidents
                .map(|i| serde_json::json!({"incident": i.id, "place": i.place, "date": i.date, "toll": i.toll, "figures": i.figures}))
                .collect();
            writeln!(out, "{}", serde_json::Value::Array(rows))?;
        } else {
            for incident in incidents {
                write!(out, "{}", view.toll(incident))?;
            }
        }
        Ok(linked.tally.exit())
    }
}
