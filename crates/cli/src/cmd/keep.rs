//! `hearsay backup`, `restore` and `compact`: the ledger as a whole.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use hearsay_ledger::{Head, Ledger, Options, Writer, chain, keep, verify};

use crate::cmd::At;
use crate::failure::{Failure, Stop};

/// `hearsay backup`
#[derive(Debug, clap::Args)]
pub(crate) struct BackupArgs {
    /// An empty folder, or one that is made
    #[arg(value_name = "FOLDER")]
    to: PathBuf,
    #[command(flatten)]
    at: At,
}

/// `hearsay restore`
#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    /// A backup
    #[arg(value_name = "FOLDER")]
    from: PathBuf,
    #[command(flatten)]
    at: At,
}

/// `hearsay compact`
#[derive(Debug, clap::Args)]
pub(crate) struct CompactArgs {
    #[command(flatten)]
    at: At,
    /// Seconds to wait where another program is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

impl BackupArgs {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let ledger = self.at.open()?;
        let there = At { ledger: self.to };
        let head = keep::backup(&ledger, &there.ledger).map_err(|error| there.stop(error))?;
        tell("kept", &there, &head);
        Ok(ExitCode::SUCCESS)
    }
}

impl RestoreArgs {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let there = At { ledger: self.from };
        let backup: Ledger = there.open()?;
        let report = verify(&backup, &[], &mut |_, _| {}).map_err(|error| there.stop(error))?;
        if let Some(finding) = report.findings.first() {
            let reason = format!("it is not as it was written: {}: {}", finding.row, finding.reason);
            let failure = Failure::new(there.ledger.display().to_string(), reason);
            return Err(Stop::Broken(failure.hint("nothing was restored; try an older backup")));
        }
        let head = keep::backup(&backup, &self.at.ledger).map_err(|error| self.at.stop(error))?;
        tell("restored", &self.at, &head);
        Ok(ExitCode::SUCCESS)
    }
}

impl CompactArgs {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        // A writer makes a ledger where there is none; there is nothing to compact in that.
        drop(self.at.open()?);
        let options = Options { wait: Duration::from_secs(self.wait), ..Options::default() };
        let mut writer = Writer::open(&self.at.ledger, &options).map_err(|error| self.at.stop(error))?;
        writer.compact().map_err(|error| self.at.stop(error))?;
        let head = writer.head().map_err(|error| self.at.stop(error))?;
        tell("compacted", &self.at, &head);
        Ok(ExitCode::SUCCESS)
    }
}

fn tell(done: &str, at: &At, head: &Head) {
    eprintln!("hearsay: {done} {}\n  head {} {}", at.ledger.display(), head.entry, chain::hex(&head.hash));
}
