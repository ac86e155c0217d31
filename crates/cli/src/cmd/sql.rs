//! `hearsay sql`: any question that SQLite can answer, without the power to change anything.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::cmd::At;
use crate::failure::Stop;
use crate::view::clean;

/// `hearsay sql`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One SELECT. The views are pages, claims, figures, sightings, captures, problems, decisions, incidents
    /// (docs/ledger.md)
    #[arg(value_name = "SQL")]
    sql: String,
    #[command(flatten)]
    at: At,
    /// Print a JSON object on each line
    #[arg(long, conflicts_with = "csv")]
    jsonl: bool,
    /// Print comma-separated values with a header
    #[arg(long)]
    csv: bool,
    /// How many rows at most
    #[arg(long, value_name = "N", default_value_t = 1000)]
    limit: usize,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let ledger = self.at.open()?;
        let (names, rows) = ledger.sql(&self.sql, self.limit).map_err(|error| self.at.stop(error))?;
        let mut out = io::BufWriter::new(io::stdout().lock());
        if !self.jsonl {
            let separator = if self.csv { "," } else { "\t" };
            writeln!(out, "{}", names.iter().map(|name| clean(name)).collect::<Vec<_>>().join(separator))?;
        }
        for row in &rows {
            if self.jsonl {
                let object: serde_json::Map<String, serde_json::Value> =
                    names.iter().cloned().zip(row.iter().map(json)).collect();
                writeln!(out, "{}", serde_json::Value::Object(object))?;
            } else {
                let fields: Vec<String> = row.iter().map(|value| self.field(value)).collect();
                writeln!(out, "{}", fields.join(if self.csv { "," } else { "\t" }))?;
            }
        }
        out.flush()?;
        if rows.len() == self.limit {
            eprintln!("hearsay: the first {} rows; --limit gives more", self.limit);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn field(&self, value: &hearsay_ledger::query::Value) -> String {
        use hearsay_ledger::query::Value;
        match value {
            Value::Text(words) if self.csv => {
                let safe = if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
                format!("\"{safe}{}\"", words.replace('"', "\"\""))
            }
            Value::Text(words) => clean(words),
            other => match json(other) {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(words) => words,
                other => other.to_string(),
            },
        }
    }
}

fn json(value: &hearsay_ledger::query::Value) -> serde_json::Value {
    use hearsay_ledger::query::Value;
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(n) => (*n).into(),
        Value::Real(n) => (*n).into(),
        Value::Text(words) => words.clone().into(),
        Value::Blob(bytes) => hearsay_ledger::chain::hex(bytes).into(),
    }
}
