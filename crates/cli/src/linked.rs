//! Reports read and linked: what the commands `link`, `incidents` and `toll` begin with.
//!
//! Start at [`From::linked`]. Readings are made on all cores, then linked as one set.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hearsay_doc::record::Record;
use hearsay_link::{Linker, Links};
use hearsay_pipeline::Hearsay;

use crate::cmd::read::n_threads;
use crate::failure::{Failure, Stop, Tally};
use crate::input::{self, Inputs, Item};
use crate::ordered::in_order;

/// Where the reports are.
#[derive(Debug, clap::Args)]
pub(crate) struct From {
    #[command(flatten)]
    inputs: Inputs,
    /// Threads that read at the same time [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<std::num::NonZero<usize>>,
}

/// Links and the readings that they lie between, by key.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    pub(crate) links: Links,
    pub(crate) records: BTreeMap<String, Record>,
    pub(crate) tally: Tally,
}

impl From {
    /// Reads what the arguments name and links it. What could not be read is reported and left out.
    ///
    /// # Errors
    ///
    /// [`Stop`] if nothing is named or the models are damaged.
    pub(crate) fn linked(&self, command: &'static str) -> Result<Linked, Stop> {
        let sources = self.inputs.sources(command)?;
        let hearsay = Hearsay::shipped()?;
        let mut linked = Linked::default();
        let read = |item: Item| match item {
            Item::Page(page, place) => {
                let record = || hearsay.record(&page, &hearsay.read(&page));
                // See `input::unpack`: one bad page must not take the others with it.
                Some(catch_unwind(AssertUnwindSafe(record)).map_err(|_| input::bug(&place)))
            }
            Item::Failure(failure) => Some(Err(failure)),
            Item::End => None,
        };
        let take = |read: Option<Result<Record, Failure>>| -> Result<(), std::convert::Infallible> {
            match read {
                Some(Ok(record)) => {
                    linked.tally.n_pages += 1;
                    linked.tally.n_claims += record.claims.len();
                    linked.records.insert(key(&record), record);
                }
                Some(Err(failure)) => {
                    linked.tally.n_failures += 1;
                    failure.print();
                }
                None => {}
            }
            Ok(())
        };
        let Ok(()) = in_order(self.inputs.items(sources), n_threads(self.threads), read, take);
        let mut linker = Linker::default();
        for (key, record) in &linked.records {
            linker.add(key.clone(), record.clone());
        }
        linked.links = linker.links();
        Ok(linked)
    }
}

/// What tells a page from all others: its capture and its name.
fn key(record: &Record) -> String {
    format!("{} {}", record.document.capture, record.document.name)
}
