//! A file per command.

use std::path::PathBuf;

use hearsay_ledger::{Error, Ledger};

use crate::failure::{Failure, Stop};

pub(crate) mod actors;
pub(crate) mod add;
pub(crate) mod annotate;
pub(crate) mod claims;
pub(crate) mod credits;
pub(crate) mod dates;
pub(crate) mod decide;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod incidents;
pub(crate) mod keep;
pub(crate) mod link;
pub(crate) mod lists;
pub(crate) mod places;
pub(crate) mod problems;
pub(crate) mod read;
mod rows;
pub(crate) mod search;
pub(crate) mod show;
pub(crate) mod sql;
pub(crate) mod toll;
pub(crate) mod verify;

/// Which ledger.
#[derive(Debug, clap::Args)]
pub(crate) struct At {
    /// The ledger's folder
    #[arg(long, value_name = "DIR", env = "HEARSAY_LEDGER")]
    pub(crate) ledger: PathBuf,
}

impl At {
    /// Opens it for reading.
    pub(crate) fn open(&self) -> Result<Ledger, Stop> {
        Ledger::open(&self.ledger).map_err(|error| self.stop(error))
    }

    /// What a person can do about an error of the ledger.
    pub(crate) fn stop(&self, error: Error) -> Stop {
        let folder = self.ledger.display();
        let hint = match &error {
            Error::Missing(_) => format!("hearsay add FILE… --ledger {folder} makes one"),
            Error::Locked { .. } => "let it end, or wait for it: --wait 60".to_owned(),
            Error::Newer { .. } => "use the newer program; this one leaves the ledger as it is".to_owned(),
            Error::Foreign { .. } => "name another folder".to_owned(),
            Error::Warc { .. } | Error::Broken { .. } => {
                format!(
                    "hearsay verify --ledger {folder} lists what is damaged; hearsay restore brings a backup back"
                )
            }
            error if error.is_no_room() => {
                "make room and run the same command again: nothing that was acknowledged is lost".to_owned()
            }
            Error::Io { .. } | Error::Sqlite { .. } => {
                "is the folder readable, and writable where it must be?".to_owned()
            }
            Error::Decision(_) => return Stop::Broken(Failure::new("decision", error.to_string())),
            _ => return Stop::Broken(Failure::new("question", error.to_string())),
        };
        // Most errors name the file themselves.
        let place = match &error {
            Error::Sqlite { .. } | Error::Warc { .. } | Error::Broken { .. } => format!("ledger {folder}"),
            _ => "ledger".to_owned(),
        };
        Stop::Broken(Failure::new(place, error.to_string()).hint(hint))
    }
}
