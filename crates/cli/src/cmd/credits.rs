//! `hearsay credits`: whose work is inside the program.

use std::io::Write;
use std::process::ExitCode;

use crate::failure::Stop;

/// `hearsay credits`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        std::io::stdout().lock().write_all(hearsay_pipeline::CREDITS.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
