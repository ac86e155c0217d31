//! `hearsay diff`: what a ledger says now that it did not say then, and why.

use std::process::ExitCode;

use hearsay_doc::Interval;
use hearsay_doc::record::Claim;
use hearsay_ledger::AsOf;
use hearsay_ledger::diff::{ClaimDiff, PageDiff, Why};

use crate::cmd::At;
use crate::failure::Stop;
use crate::view::clean;

/// `hearsay diff`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: At,
    /// What was known at the end of this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    from: Interval,
    /// What was known at the end of this day (UTC) [default: what is known now]
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    to: Option<Interval>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let ledger = self.at.open()?;
        let as_of = |day: Interval| ledger.as_of(day.end).map_err(|error| self.at.stop(error));
        let from = as_of(self.from)?;
        let to = self.to.map_or(Ok(AsOf::Now), as_of)?;
        let diffs = ledger.diff(from, to).map_err(|error| self.at.stop(error))?;
        let mut out: String = diffs.iter().map(show).collect();
        if out.is_empty() {
            out = "nothing changed\n".to_owned();
        }
        crate::failure::print(&out)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn show(diff: &PageDiff) -> String {
    let mut out = format!("{} {}\n", &diff.key[..12], clean(&diff.name));
    for why in &diff.why {
        out += &match why {
            Why::New => "  because the report came in\n".to_owned(),
            Why::Reread { from, to } => format!("  because {} read it, before {}\n", clean(to), clean(from)),
            Why::Decided { entry, who, act, why } => {
                let why = why.as_ref().map_or_else(String::new, |why| format!(": {}", clean(why)));
                format!("  because {} decided ({act}, decision {entry}){why}\n", clean(who))
            }
        };
    }
    for claim in &diff.claims {
        out += &match claim {
            ClaimDiff::Added(claim) => format!("  + {}\n", line(claim)),
            ClaimDiff::Dropped(claim) => format!("  - {}\n", line(claim)),
            ClaimDiff::Changed { ids, trigger, slots } => {
                let id = if ids.0 == ids.1 { ids.0.clone() } else { format!("{} (was {})", ids.1, ids.0) };
                let slots: Vec<String> = slots
                    .iter()
                    .map(|(name, was, is)| format!("{name} {} → {}", clean(empty(was)), clean(empty(is))))
                    .collect();
                format!("  ~ {id} “{}”: {}\n", clean(trigger), slots.join("; "))
            }
        };
    }
    out
}

fn empty(words: &str) -> &str {
    if words.is_empty() { "nothing" } else { words }
}

fn line(claim: &Claim) -> String {
    let kind = claim.event.kind.to_lowercase();
    format!("{} “{}” {kind}, {}", claim.id, clean(&claim.event.trigger.text), claim.stance)
}
