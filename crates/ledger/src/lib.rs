//! Claims kept for good: nothing lost, nothing altered, every answer dated.
//!
//! A ledger is a folder with one SQLite file and WARC files that hold the captures. Its heart is a log to which
//! rows are only ever added, each with a hash over the one before; all else is an index made from the log. Start at
//! [`Writer`] to put something in, at [`Ledger`] and [`query`] to ask, at [`verify`](fn@verify) to prove that nothing was altered.
//!
//! | file | answers |
//! |---|---|
//! | `log` | what do the log's entries say? |
//! | `chain` | how are they packed and hashed? |
//! | `append` | how does something come in, and when is it safe? |
//! | `warc` | where are the captured bytes? |
//! | `index` | which rows follow from an entry? |
//! | `schema` | which tables are there, and of which format is this file? |
//! | `ledger`, `query` | what is in it? |
//! | `decide` | what did people decide, and which claim do they mean? |
//! | `diff` | what is different between two days, and why? |
//! | `link` | what is made of claims of many pages? |
//! | `verify` | is it all still there, and as it was? |
//! | `keep` | where is the second copy? |
//!
//! Nothing here knows a language, a model or a terminal; what a record says is taken as it is.

mod append;
pub mod chain;
pub mod decide;
pub mod diff;
mod error;
mod index;
pub mod keep;
mod ledger;
mod link;
mod log;
pub mod query;
mod schema;
mod verify;
mod warc;

pub use append::{Options, Prepared, Writer, now};
pub use error::Error;
pub use ledger::{
    AsOf, Bond, Counts, Decision, Head, Kept, Ledger, Links, Problem as KeptProblem, Records, Sighting,
    last_day_of,
};
pub use link::{Change, Incident, Link};
pub use log::{Given, Place, Problem};
pub use schema::FORMAT;
pub use verify::{Finding, Report, verify};
pub use warc::{Member, member, show_time};
