//! `hearsay problems`: what could not be read.

use std::process::ExitCode;

use hearsay_ledger::show_time;
use serde::Serialize;

use crate::cmd::At;
use crate::cmd::rows::{Column, Field, Form};
use crate::failure::Stop;

/// `hearsay problems`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    form: Form,
}

#[derive(Serialize)]
struct Row {
    seen: String,
    origin: String,
    place: String,
    reason: String,
    hint: Option<String>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let problems = self.at.open()?.problems().map_err(|error| self.at.stop(error))?;
        let row = |kept: hearsay_ledger::KeptProblem| {
            let hearsay_ledger::Problem { origin, place, reason, hint } = kept.problem;
            Row { seen: show_time(kept.at), origin, place, reason, hint }
        };
        let rows: Vec<Row> = problems.into_iter().map(row).collect();
        self.form.print("hearsay.problems/1", &rows, None, TABLE, ALL)?;
        Ok(ExitCode::SUCCESS)
    }
}

const TABLE: &[Column<Row>] = &[
    ("seen", |row| Field::words(&row.seen[..16])),
    ("place", |row| Field::words(&row.place)),
    ("why", |row| {
        Field::words(match &row.hint {
            Some(hint) => format!("{} ({hint})", row.reason),
            None => row.reason.clone(),
        })
    }),
];

const ALL: &[Column<Row>] = &[
    ("seen", |row| Field::words(&row.seen)),
    ("origin", |row| Field::words(&row.origin)),
    ("place", |row| Field::words(&row.place)),
    ("reason", |row| Field::words(&row.reason)),
    ("hint", |row| Field::maybe(&row.hint)),
];
