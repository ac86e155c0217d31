//! Links for the commands that show them: read from a ledger, or made of reports that are named.
//!
//! Start at [`From::linked`]. With a ledger, what `add` and `link` wrote there is shown; without one the reports are read on
//! all cores and linked as one set, and nothing is written.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use hearsay_doc::record::Record;
use hearsay_ledger::Ledger;
use hearsay_link::links::{Copy, Incident};
use hearsay_link::{Linker, Links};
use hearsay_pipeline::Hearsay;

use crate::cmd::At;
use crate::cmd::read::n_threads;
use crate::failure::{Failure, Stop, Tally};
use crate::input::{self, Inputs, Item};
use crate::ordered::in_order;

/// Where the reports are: in a ledger, or in files.
#[derive(Debug, clap::Args)]
pub(crate) struct From {
    #[command(flatten)]
    inputs: Inputs,
    /// Show what this ledger holds instead of reading files
    #[arg(long, value_name = "DIR", env = "HEARSAY_LEDGER")]
    ledger: Option<PathBuf>,
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
    /// The ledger, where one is meant: files that are named count more than a ledger from the environment.
    pub(crate) fn ledger(&self) -> Option<At> {
        let ledger = self.ledger.clone().filter(|_| self.inputs.none_named());
        ledger.map(|ledger| At { ledger })
    }

    /// Links of the ledger, or of what the arguments name. What could not be read is reported and left out.
    ///
    /// # Errors
    ///
    /// [`Stop`] if nothing is named, the ledger cannot be read or the models are damaged.
    pub(crate) fn linked(&self, command: &'static str) -> Result<Linked, Stop> {
        match self.ledger() {
            Some(at) => {
                let ledger = at.open()?;
                of_ledger(&ledger).map_err(|error| at.stop(error))
            }
            None => self.of_files(command),
        }
    }

    fn of_files(&self, command: &'static str) -> Result<Linked, Stop> {
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

/// The links that a ledger holds, with the readings between which they lie.
pub(crate) fn of_ledger(ledger: &Ledger) -> Result<Linked, hearsay_ledger::Error> {
    let mut linked = Linked::default();
    for kept in ledger.records(hearsay_ledger::AsOf::Now)? {
        let kept = kept?;
        linked.tally.n_pages += 1;
        linked.tally.n_claims += kept.record.claims.len();
        linked.records.insert(kept.key, kept.record);
    }
    // A row that this program does not understand was written by a newer one; the next linking replaces it.
    for link in ledger.links("incident")? {
        linked.links.incidents.extend(serde_json::from_str::<Incident>(&link?.json).ok());
    }
    for link in ledger.links("copy")? {
        linked.links.copies.extend(serde_json::from_str::<Copy>(&link?.json).ok());
    }
    for link in ledger.links("text")? {
        linked.links.groups.extend(serde_json::from_str(&link?.json).ok());
    }
    linked.links.incidents.sort_by(|a, b| (&a.date, &a.id).cmp(&(&b.date, &b.id)));
    Ok(linked)
}
