//! `hearsay verify`: was anything altered? And `hearsay head`: what to keep in order to prove it later.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use hearsay_ledger::{Head, chain, show_time, verify};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::cmd::At;
use crate::failure::{Failure, Stop};
use crate::view::clean;

/// `hearsay verify`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: At,
    /// Also prove that the ledger still has all that it had when this file was written by `hearsay head`
    #[arg(long, value_name = "FILE")]
    head: Vec<PathBuf>,
}

/// `hearsay head`
#[derive(Debug, clap::Args)]
pub(crate) struct HeadArgs {
    #[command(flatten)]
    at: At,
}

/// A head in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    schema: String,
    entry: i64,
    at: String,
    hash: String,
}

const SCHEMA: &str = "hearsay.head/1";

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let heads = self.head.iter().map(|path| read_head(path)).collect::<Result<Vec<_>, _>>()?;
        let ledger = self.at.open()?;
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let style = "{bar:28} {pos}/{len} entries · {elapsed}, {eta} left";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is well formed"));
        let report = verify(&ledger, &heads, &mut |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        });
        bar.finish_and_clear();
        let report = report.map_err(|error| self.at.stop(error))?;
        for finding in &report.findings {
            println!("altered: {}: {}", clean(&finding.row), clean(&finding.reason));
        }
        for note in &report.notes {
            println!("note: {}", clean(note));
        }
        let counts = report.counts;
        let verdict =
            if report.findings.is_empty() { "all is as it was written" } else { "NOT as it was written" };
        println!(
            "{verdict}: {} entries, {} captures ({} bytes of WARC), {} pages, {} claims",
            counts.entries, counts.captures, report.n_warc_bytes, counts.pages, counts.claims
        );
        if let Some(head) = report.head {
            println!("head {} {} {}", head.entry, show_time(head.at), chain::hex(&head.hash));
        }
        Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

impl HeadArgs {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let head = self.at.open()?.head().map_err(|error| self.at.stop(error))?;
        let written = Written {
            schema: SCHEMA.to_owned(),
            entry: head.entry,
            at: show_time(head.at),
            hash: chain::hex(&head.hash),
        };
        println!("{}", serde_json::to_string(&written).expect("strings and a number are JSON"));
        Ok(ExitCode::SUCCESS)
    }
}

fn read_head(path: &Path) -> Result<Head, Stop> {
    let place = || path.display().to_string();
    let words = fs::read_to_string(path).map_err(|error| Stop::Broken(Failure::io(place(), &error)))?;
    let parsed = serde_json::from_str::<Written>(&words).ok().filter(|written| written.schema == SCHEMA);
    let head = parsed.and_then(|written| {
        let hash = chain::unhex(&written.hash)?.try_into().ok()?;
        Some(Head { entry: written.entry, at: 0, hash })
    });
    let failure = || {
        Failure::new(place(), "this is no head of a ledger")
            .hint("hearsay head --ledger DIR > FILE writes one")
    };
    head.ok_or_else(|| Stop::Broken(failure()))
}
