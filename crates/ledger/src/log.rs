//! What the log's entries say. Their canonical JSON is what is hashed, so field order here is part of the format:
//! a field may be added at the end where its absence means what it always meant; none moves or changes its name.

use hearsay_doc::record::Record;
use serde::{Deserialize, Serialize};

use crate::decide::Act;
use crate::link::Change;

/// The `body` of one entry; its `kind` is the variant's name in lower case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Ledger(Made),
    Archive(Archive),
    Capture(Captured),
    Sighting(Sighting),
    Reading(Box<Read>),
    Problem(Problem),
    Decision(Decided),
    Links(Links),
}

/// The first entry: what this file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    pub(crate) format: String,
    pub(crate) by: String,
}

/// A WARC file was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Archive {
    pub(crate) file: String,
    /// Bytes of its warcinfo record, a gzip member.
    pub(crate) length: u64,
    /// SHA-256 of that member.
    pub(crate) member: String,
}

/// Bytes were taken in for the first time; they were seen at `sighting`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Captured {
    pub(crate) sha256: String,
    pub(crate) n_bytes: u64,
    pub(crate) file: String,
    pub(crate) offset: u64,
    pub(crate) length: u64,
    /// SHA-256 of the gzip member.
    pub(crate) member: String,
    pub(crate) sighting: Place,
}

/// Bytes that are already here were seen at another place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sighting {
    pub(crate) capture: String,
    pub(crate) sighting: Place,
}

/// Where bytes were seen, and what was said of them there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path, URL or `stdin`.
    pub origin: String,
    /// The name by which a lone page of it is known.
    pub name: String,
    /// What the caller said of pages that do not say it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
}

/// What the caller said of pages that do not say it themselves. Part of what makes a page this page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// When they were published, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Who published them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What the bytes are: `html`, `text`, `telegram`, `jsonl`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

impl Given {
    /// `None` where nothing was said.
    pub fn some(self) -> Option<Given> {
        (self != Given::default()).then_some(self)
    }
}

/// A page was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Read {
    /// How many pages of the same name come before it in the capture.
    pub(crate) nth: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given: Option<Given>,
    /// Program and models.
    pub(crate) reader: String,
    /// The record with an empty `document.text`.
    pub(crate) record: Record,
}

/// Something could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The input: path, URL or `stdin`.
    pub origin: String,
    /// The place in it.
    pub place: String,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A person decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Decided {
    pub(crate) who: String,
    pub(crate) why: Option<String>,
    pub(crate) act: Act,
}

/// Some of what is linked became different.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Links {
    pub(crate) by: String,
    pub(crate) changes: Vec<Change>,
}

impl Body {
    /// The entry's `kind`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Body::Ledger(_) => "ledger",
            Body::Archive(_) => "archive",
            Body::Capture(_) => "capture",
            Body::Sighting(_) => "sighting",
            Body::Reading(_) => "reading",
            Body::Problem(_) => "problem",
            Body::Decision(_) => "decision",
            Body::Links(_) => "links",
        }
    }

    /// Canonical JSON.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let json = match self {
            Body::Ledger(body) => serde_json::to_vec(body),
            Body::Archive(body) => serde_json::to_vec(body),
            Body::Capture(body) => serde_json::to_vec(body),
            Body::Sighting(body) => serde_json::to_vec(body),
            Body::Reading(body) => serde_json::to_vec(body),
            Body::Problem(body) => serde_json::to_vec(body),
            Body::Decision(body) => serde_json::to_vec(body),
            Body::Links(body) => serde_json::to_vec(body),
        };
        json.expect("bodies have string keys and finite numbers only")
    }

    /// The body of an entry of this kind; `Err` says why it is none.
    pub(crate) fn from_json(kind: &str, json: &[u8]) -> Result<Body, String> {
        fn parse<'j, T: Deserialize<'j>>(json: &'j [u8]) -> Result<T, String> {
            serde_json::from_slice(json).map_err(|error| error.to_string())
        }
        Ok(match kind {
            "ledger" => Body::Ledger(parse(json)?),
            "archive" => Body::Archive(parse(json)?),
            "capture" => Body::Capture(parse(json)?),
            "sighting" => Body::Sighting(parse(json)?),
            "reading" => Body::Reading(parse(json)?),
            "problem" => Body::Problem(parse(json)?),
            "decision" => Body::Decision(parse(json)?),
            "links" => Body::Links(parse(json)?),
            _ => return Err(format!("kind {kind:?} is not known to this program")),
        })
    }
}
