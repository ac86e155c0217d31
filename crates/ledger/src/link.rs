//! What is made of claims of many pages (copies, incidents, origins, tolls) and kept beside them.
//!
//! The ledger does not know what a link means. It keeps each one's content under its kind and id, finds it by
//! its members, and lists incidents by a few columns. A new state of links is written as the difference to the one
//! before, into the log like all else, so that what was known on any day can be told ([`Ledger::links_as_of`]).

use serde::{Deserialize, Serialize};

/// One derived thing: a copy group, an incident, an origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// What it is, in the words of whoever makes it: `incident`, `copies`.
    pub kind: String,
    /// Its name, unique within its kind.
    pub id: String,
    /// Its content, JSON. The same content must be the same bytes, or it counts as changed.
    pub json: String,
    /// The claims in it: page number and the claim's id in the record (`c3`).
    pub claims: Vec<(i64, String)>,
    /// The pages in it as a whole.
    pub pages: Vec<i64>,
    /// What incidents are listed by; only for kind `incident`.
    pub incident: Option<Incident>,
}

impl Link {
    /// The first 64 bits of the SHA-256 of all it says: has it changed?
    pub(crate) fn digest(&self) -> i64 {
        let json = serde_json::to_vec(self).expect("a link has string keys and finite numbers only");
        i64::from_be_bytes(crate::chain::sha256(&json)[..8].try_into().expect("eight of 32 bytes"))
    }
}

/// The columns by which incidents are found and sorted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// First day, counted from 1970-01-01.
    pub first: Option<i32>,
    /// Last day.
    pub last: Option<i32>,
    /// Name of the place.
    pub place: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The events' type.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it was done.
    pub mode: Option<String>,
    /// `single_source`, `contested`, …
    pub status: String,
    /// Independent origins.
    pub n_origins: u32,
    /// Reports that tell of it.
    pub n_reports: u32,
    /// Claims about it.
    pub n_claims: u32,
}

/// One difference between two states of links.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // Nearly all changes are puts.
pub enum Change {
    /// It is new, or it is different now.
    Put(Link),
    /// It is no more.
    Drop {
        /// Its kind.
        kind: String,
        /// Its id.
        id: String,
    },
}

impl Change {
    /// Kind and id of what changes.
    pub fn name(&self) -> (&str, &str) {
        match self {
            Change::Put(link) => (&link.kind, &link.id),
            Change::Drop { kind, id } => (kind, id),
        }
    }
}
