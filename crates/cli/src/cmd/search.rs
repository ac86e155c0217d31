//! `hearsay search`: the reports of a ledger by their words.

use std::process::ExitCode;

use hearsay_doc::Interval;
use hearsay_ledger::query::{Cursor, PageQuery, PageRow};

use crate::cmd::At;
use crate::cmd::rows::{Column, Field, Form};
use crate::failure::Stop;

/// `hearsay search`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Words of title or text: all of them; "a phrase", begin*, one OR other; -without inside quotation marks. Without any words: the newest reports
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    #[command(flatten)]
    at: At,
    /// Who published it, the whole name
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// Published on or after this day: YYYY-MM-DD, YYYY-MM or YYYY
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    since: Option<Interval>,
    /// Published on or before this day
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    until: Option<Interval>,
    #[command(flatten)]
    form: Form,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Go on after this place in the list, as the list before said
    #[arg(long, value_name = "PLACE")]
    after: Option<Cursor>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let ledger = self.at.open()?;
        let text = self.words.join(" ");
        let query = PageQuery {
            text: (!text.is_empty()).then_some(text),
            outlet: self.outlet.clone(),
            since: self.since.map(|day| day.start.days()),
            until: self.until.map(|day| day.end.days()),
            limit: self.limit,
            after: self.after,
        };
        let listed = ledger.search(&query).map_err(|error| self.at.stop(error))?;
        let next = listed.next.map(|next| next.to_string());
        self.form.print("hearsay.pages/1", &listed.rows, next, TABLE, ALL)?;
        Ok(ExitCode::SUCCESS)
    }
}

const TABLE: &[Column<PageRow>] = &[
    ("key", |row| Field::words(&row.key)),
    ("report", |row| Field::words(&row.report)),
    ("published", |row| Field::maybe(&row.published)),
    ("outlet", |row| Field::maybe(&row.outlet)),
    ("claims", |row| Field::number(row.n_claims)),
    ("words", |row| match &row.snippet {
        Some(snippet) => Field::words(snippet.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => Field::maybe(&row.title),
    }),
];

const ALL: &[Column<PageRow>] = &[
    ("key", |row| Field::words(&row.key)),
    ("report", |row| Field::words(&row.report)),
    ("published", |row| Field::maybe(&row.published)),
    ("outlet", |row| Field::maybe(&row.outlet)),
    ("title", |row| Field::maybe(&row.title)),
    ("url", |row| Field::maybe(&row.url)),
    ("claims", |row| Field::number(row.n_claims)),
    ("snippet", |row| Field::maybe(&row.snippet)),
];
