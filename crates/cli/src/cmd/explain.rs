//! `hearsay explain`: as `read`, and under each claim the words and the rules or weights that decided.

use std::process::ExitCode;

use crate::cmd::lists::Lists;
use crate::cmd::read::{Output, read};
use crate::failure::Stop;
use crate::input::Inputs;

/// `hearsay explain`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    output: Output,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        read(&self.inputs, &self.lists, &self.output, true, "explain")
    }
}
