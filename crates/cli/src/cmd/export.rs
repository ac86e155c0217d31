//! `hearsay export`: what a ledger holds, for other programs. The same content gives the same bytes.

use std::io::{self, Write};
use std::process::ExitCode;

use hearsay_doc::Interval;
use hearsay_ledger::AsOf;

use crate::cmd::At;
use crate::failure::Stop;

/// `hearsay export`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The newest reading of every page, one JSON object a line (schema hearsay.reading/1), by name and key
    Readings {
        #[command(flatten)]
        at: At,
        /// As the ledger knew them at the end of this day (UTC)
        #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
        as_of: Option<Interval>,
    },
    /// Copies and incidents in the short form that scorers read, as JSON
    Links {
        #[command(flatten)]
        at: At,
        /// Print JSON, the only form there is
        #[arg(long)]
        json: bool,
    },
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        match self.what {
            What::Links { at, json: _ } => links(&at),
            What::Readings { at, as_of } => readings(&at, as_of),
        }
    }
}

fn readings(at: &At, as_of: Option<Interval>) -> Result<ExitCode, Stop> {
    let ledger = at.open()?;
    let as_of = match as_of {
        Some(day) => ledger.as_of(day.end).map_err(|error| at.stop(error))?,
        None => AsOf::Now,
    };
    // Arrival differs from ledger to ledger, names and keys do not.
    let pages = ledger.pages_by_name().map_err(|error| at.stop(error))?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for page in pages {
        if let Some(kept) = ledger.kept_as_of(page, as_of).map_err(|error| at.stop(error))? {
            writeln!(out, "{}", kept.record.to_line())?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn links(at: &At) -> Result<ExitCode, Stop> {
    let ledger = at.open()?;
    let linked = crate::linked::of_ledger(&ledger).map_err(|error| at.stop(error))?;
    let text = serde_json::to_string_pretty(&linked.links.export())
        .expect("links have string keys and finite numbers only");
    crate::failure::print(&(text + "\n"))?;
    Ok(ExitCode::SUCCESS)
}
