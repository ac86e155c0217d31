//! `hearsay link`: which reports copy one another and which tell of one incident, in numbers or as JSON.

use std::io::Write;
use std::process::ExitCode;

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
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
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
