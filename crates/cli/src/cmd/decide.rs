//! `hearsay decide`: what a person holds of claims, kept with who, when and why; and `hearsay decisions`, which lists them.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use hearsay_ledger::decide::{Act, ClaimRef, SLOTS, Subject};
use hearsay_ledger::{Ledger, Options, Writer, show_time};
use serde::Serialize;

use crate::cmd::At;
use crate::cmd::claims::one_page;
use crate::cmd::rows::{Column, Field, Form};
use crate::cmd::show::is_claim;
use crate::failure::{Failure, Stop};

/// `hearsay decide`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The ledger's folder
    #[arg(long, value_name = "DIR", env = "HEARSAY_LEDGER", global = true)]
    ledger: Option<PathBuf>,
    /// Who decides
    #[arg(long, value_name = "NAME", env = "HEARSAY_WHO", global = true)]
    who: Option<String>,
    /// Why
    #[arg(long, value_name = "WORDS", global = true)]
    why: Option<String>,
    /// Seconds to wait where another program is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0, global = true)]
    wait: u64,
    #[command(subcommand)]
    what: What,
}

/// A claim is named as REPORT:c3, the report by its name or 8 digits of its key at least.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// The text says this
    Accept {
        /// REPORT:c3
        claim: String,
    },
    /// The text does not say this
    Reject {
        /// REPORT:c3
        claim: String,
    },
    /// The text says something else in one slot
    Correct {
        /// REPORT:c3
        claim: String,
        /// The slot
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(SLOTS))]
        slot: String,
        /// A word, the words of a slot, a date or two with / between; for a place also {"name": …, "lat": …, "lon": …}.
        /// Nothing empties the slot
        value: Option<String>,
    },
    /// These are one incident
    Merge {
        /// Claims, or ids of incidents
        #[arg(required = true, num_args = 2..)]
        these: Vec<String>,
    },
    /// These are not of the same incident as those
    Split {
        /// Claims, or ids of incidents
        #[arg(required = true)]
        these: Vec<String>,
        /// Claims, or ids of incidents
        #[arg(long, required = true, num_args = 1..)]
        from: Vec<String>,
    },
    /// How far something is to be trusted: a letter A to F, a digit 1 to 6
    Grade {
        #[command(flatten)]
        about: About,
        /// A (completely reliable) to F (cannot be judged)
        #[arg(long, value_name = "LETTER")]
        reliability: Option<char>,
        /// 1 (confirmed by other sources) to 6 (cannot be judged)
        #[arg(long, value_name = "DIGIT")]
        credibility: Option<char>,
    },
    /// Words for other people
    Note {
        #[command(flatten)]
        about: About,
        /// The words
        text: String,
    },
    /// Take an earlier decision back
    Undo {
        /// Its number, as `hearsay decisions` says
        decision: i64,
    },
}

/// What a grade or a note is about.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct About {
    /// A claim
    #[arg(long, value_name = "REPORT:CLAIM")]
    claim: Option<String>,
    /// A report
    #[arg(long, value_name = "REPORT")]
    report: Option<String>,
    /// A source or an outlet
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// An incident
    #[arg(long, value_name = "ID")]
    incident: Option<String>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let missing = |what: &str, hint: &str| Stop::Broken(Failure::new("decide", what).hint(hint));
        let ledger =
            self.ledger.ok_or_else(|| missing("which ledger?", "--ledger DIR, or HEARSAY_LEDGER"))?;
        let who = self.who.ok_or_else(|| missing("who decides?", "--who NAME, or HEARSAY_WHO"))?;
        let at = At { ledger };
        // A writer would make a ledger where there is none.
        drop(at.open()?);
        let options = Options { wait: Duration::from_secs(self.wait), ..Options::default() };
        let mut writer = Writer::open(&at.ledger, &options).map_err(|error| at.stop(error))?;
        let act = act(&at, &writer, self.what)?;
        let decided = writer.decide(&who, self.why.as_deref(), act).map_err(|error| at.stop(error))?;
        writer.commit().map_err(|error| at.stop(error))?;
        println!("decision {decided}");
        Ok(ExitCode::SUCCESS)
    }
}

fn act(at: &At, ledger: &Ledger, what: What) -> Result<Act, Stop> {
    let claim = |words: &str| claim(at, ledger, words);
    let claims = |all: &[String]| -> Result<Vec<ClaimRef>, Stop> {
        let several = all.iter().map(|words| claims_of(at, ledger, words)).collect::<Result<Vec<_>, _>>()?;
        Ok(several.into_iter().flatten().collect())
    };
    Ok(match what {
        What::Accept { claim: words } => Act::Accept { claim: claim(&words)? },
        What::Reject { claim: words } => Act::Reject { claim: claim(&words)? },
        What::Correct { claim: words, slot, value } => {
            let object = value.as_deref().filter(|value| value.starts_with('{'));
            let value = match object.and_then(|value| serde_json::from_str(value).ok()) {
                Some(object) => object,
                None => value.map_or(serde_json::Value::Null, serde_json::Value::String),
            };
            Act::Correct { claim: claim(&words)?, slot, value }
        }
        What::Merge { these } => Act::Merge { claims: claims(&these)? },
        What::Split { these, from } => Act::Split { one: claims(&these)?, other: claims(&from)? },
        What::Grade { about, reliability, credibility } => {
            let reliability = reliability.map(|letter| letter.to_ascii_uppercase());
            Act::Grade { subject: subject(at, ledger, about)?, reliability, credibility }
        }
        What::Note { about, text } => Act::Note { subject: subject(at, ledger, about)?, text },
        What::Undo { decision } => Act::Undo { decision },
    })
}

/// The claim that `REPORT:c3` names.
fn claim(at: &At, ledger: &Ledger, words: &str) -> Result<ClaimRef, Stop> {
    let failure = |reason: &str| {
        let hint = "claims are named as `hearsay claims` lists them: REPORT:c3";
        Stop::Broken(Failure::new(words, reason).hint(hint))
    };
    let (report, id) = words
        .rsplit_once(':')
        .filter(|(_, id)| is_claim(id))
        .ok_or_else(|| failure("this names no claim"))?;
    let page = one_page(at, ledger, report)?;
    let found = ledger.claim_ref(page, id).map_err(|error| at.stop(error))?;
    found.ok_or_else(|| failure("the report has no such claim"))
}

/// One claim, or all of an incident.
fn claims_of(at: &At, ledger: &Ledger, words: &str) -> Result<Vec<ClaimRef>, Stop> {
    match ledger.link("incident", words).map_err(|error| at.stop(error))? {
        Some(incident) => {
            let refs = incident.claims.iter().map(|(page, id)| ledger.claim_ref(*page, id));
            let refs = refs.collect::<Result<Vec<_>, _>>().map_err(|error| at.stop(error))?;
            Ok(refs.into_iter().flatten().collect())
        }
        None => Ok(vec![claim(at, ledger, words)?]),
    }
}

fn subject(at: &At, ledger: &Ledger, about: About) -> Result<Subject, Stop> {
    let About { claim: of_claim, report, source, incident } = about;
    if let Some(words) = of_claim {
        return Ok(Subject::Claim(claim(at, ledger, &words)?));
    }
    if let Some(words) = report {
        let page = one_page(at, ledger, &words)?;
        let kept = ledger.kept(page).map_err(|error| at.stop(error))?;
        return Ok(Subject::Page(kept.map(|kept| kept.key).unwrap_or_default()));
    }
    if let Some(id) = incident {
        let found = ledger.link("incident", &id).map_err(|error| at.stop(error))?;
        return match found {
            Some(_) => Ok(Subject::Incident(id)),
            None => Err(Stop::Broken(
                Failure::new(id, "there is no such incident").hint("hearsay incidents lists them"),
            )),
        };
    }
    Ok(Subject::Source(source.unwrap_or_default()))
}

/// `hearsay decisions`
#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    at: At,
    /// Only those that no longer find their claim: a newer reader does not read it
    #[arg(long)]
    loose: bool,
    #[command(flatten)]
    form: Form,
}

#[derive(Serialize)]
struct Row {
    decision: i64,
    at: String,
    who: String,
    why: Option<String>,
    act: serde_json::Value,
    claims: Vec<String>,
    undone: Option<i64>,
    loose: bool,
}

impl ListArgs {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let ledger = self.at.open()?;
        let mut rows = Vec::new();
        for decision in ledger.decisions().map_err(|error| self.at.stop(error))? {
            let mut claims = Vec::new();
            for (found, meant) in decision.claims.iter().zip(decision.act.claims()) {
                claims.push(match found {
                    Some((page, id)) => {
                        let kept = ledger.kept(*page).map_err(|error| self.at.stop(error))?;
                        format!("{}:{id}", kept.map(|kept| kept.record.document.name).unwrap_or_default())
                    }
                    None => format!(
                        "{}: “{}” (not found)",
                        &meant.page[..meant.page.len().min(12)],
                        meant.trigger.text
                    ),
                });
            }
            let loose = decision.undone.is_none() && decision.claims.contains(&None);
            if self.loose && !loose {
                continue;
            }
            rows.push(Row {
                decision: decision.entry,
                at: show_time(decision.at),
                who: decision.who,
                why: decision.why,
                act: serde_json::to_value(&decision.act).unwrap_or_default(),
                claims,
                undone: decision.undone,
                loose,
            });
        }
        self.form.print("hearsay.decisions/1", &rows, None, TABLE, ALL)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The decision in a few words.
fn words(row: &Row) -> String {
    let act = &row.act;
    let word = |key: &str| match &act[key] {
        serde_json::Value::String(word) => format!(" {word}"),
        serde_json::Value::Null => String::new(),
        other => format!(" {other}"),
    };
    let subject = match &act["subject"] {
        serde_json::Value::Object(subject) if !subject.contains_key("claim") => subject
            .iter()
            .map(|(kind, name)| format!(" {kind} {}", name.as_str().unwrap_or_default()))
            .collect(),
        _ => String::new(),
    };
    let slots = ["act", "slot", "value", "reliability", "credibility", "text", "decision"].map(word).concat();
    format!("{}{subject}", slots.trim_start())
}

const TABLE: &[Column<Row>] = &[
    ("decision", |row| Field::number(row.decision)),
    ("at", |row| Field::words(&row.at[..16])),
    ("who", |row| Field::words(&row.who)),
    ("what", |row| Field::words(words(row))),
    ("claims", |row| Field::words(row.claims.join(", "))),
    ("why", |row| match row.undone {
        Some(undone) => {
            Field::words(format!("(taken back by {undone}) {}", row.why.as_deref().unwrap_or_default()))
        }
        None => Field::maybe(&row.why),
    }),
];

const ALL: &[Column<Row>] = &[
    ("decision", |row| Field::number(row.decision)),
    ("at", |row| Field::words(&row.at)),
    ("who", |row| Field::words(&row.who)),
    ("what", |row| Field::words(words(row))),
    ("claims", |row| Field::words(row.claims.join("; "))),
    ("why", |row| Field::maybe(&row.why)),
    ("undone", |row| row.undone.map_or(Field::Empty, Field::number)),
    ("loose", |row| Field::words(if row.loose { "yes" } else { "no" })),
];
