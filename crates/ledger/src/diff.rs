//! What a ledger said then and says now, and why it says something else: new reports, newer readers, people.
//!
//! Start at [`Ledger::diff`]. Claims of two readings of a page are set side by side by the words they were read from, as
//! decisions find theirs.

use hearsay_doc::record::{Argument, Claim, Figure, Link, Place};
use rusqlite::params;

use crate::Error;
use crate::decide::ClaimRef;
use crate::error::Doing;
use crate::ledger::{AsOf, Kept, Ledger};

/// What became different in one page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageDiff {
    /// The page's number.
    pub page: i64,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What happened, in order.
    pub why: Vec<Why>,
    /// What came of it. Empty where it changed no claim.
    pub claims: Vec<ClaimDiff>,
}

/// What happened to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It came in.
    New,
    /// Another reader read it.
    Reread {
        /// The reader before.
        from: String,
        /// The newest reader.
        to: String,
    },
    /// Somebody decided.
    Decided {
        /// The decision's number.
        entry: i64,
        /// Who.
        who: String,
        /// `reject`, `correct`, …
        act: &'static str,
        /// Why.
        why: Option<String>,
    },
}

/// What became different in one claim.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimDiff {
    /// It was not said before.
    Added(Box<Claim>),
    /// It is no longer said.
    Dropped(Box<Claim>),
    /// It is said differently.
    Changed {
        /// Its id then and now.
        ids: (String, String),
        /// The words that name the event.
        trigger: String,
        /// Each slot that differs: its name, what it was, what it is.
        slots: Vec<(&'static str, String, String)>,
    },
}

impl Ledger {
    /// The pages that are different at `to` from what they were at `from`, by arrival. Nothing where `to` is earlier.
    pub fn diff(&self, from: AsOf, to: AsOf) -> Result<Vec<PageDiff>, Error> {
        let range = params![from.entry(), to.entry()];
        let sql = "SELECT page FROM reading WHERE id > ?1 AND id <= ?2 UNION SELECT page.id FROM decision_page \
                   JOIN page ON page.key = decision_page.page WHERE decision > ?1 AND decision <= ?2 ORDER BY 1";
        let pages: Vec<i64> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut pages| pages.query_map(range, |row| row.get(0))?.collect())
            .doing("looking for what changed")?;
        let diffs = pages.into_iter().map(|page| self.page_diff(page, from, to));
        diffs.filter_map(Result::transpose).collect()
    }

    fn page_diff(&self, page: i64, from: AsOf, to: AsOf) -> Result<Option<PageDiff>, Error> {
        let (before, after) = (self.kept_as_of(page, from)?, self.kept_as_of(page, to)?);
        let Some(after) = after else { return Ok(None) };
        let mut why = Vec::new();
        match &before {
            None => why.push(Why::New),
            Some(before) if before.entry != after.entry => {
                why.push(Why::Reread { from: before.reader.clone(), to: after.reader.clone() });
            }
            Some(_) => {}
        }
        let sql = "SELECT decision FROM decision_page JOIN page ON page.key = decision_page.page \
                   WHERE page.id = ?1 AND decision > ?2 AND decision <= ?3 ORDER BY decision";
        let decisions: Vec<i64> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut rows| {
                rows.query_map([page, from.entry(), to.entry()], |row| row.get(0))?.collect()
            })
            .doing("looking for decisions")?;
        for entry in decisions {
            if let Some(decided) = self.decided(entry)? {
                let (who, act) = (decided.who, decided.act.word());
                why.push(Why::Decided { entry, who, act, why: decided.why });
            }
        }
        let claims = match &before {
            Some(before) => claims(before, &after),
            None => {
                after.record.claims.iter().cloned().map(|claim| ClaimDiff::Added(Box::new(claim))).collect()
            }
        };
        let Kept { page, key, record, .. } = after;
        Ok(Some(PageDiff { page, key, name: record.document.name, why, claims }))
    }
}

/// The claims of two readings side by side.
fn claims(before: &Kept, after: &Kept) -> Vec<ClaimDiff> {
    let mut diffs = Vec::new();
    let mut found = vec![false; after.record.claims.len()];
    for claim in &before.record.claims {
        let reference = ClaimRef::of(&before.key, &before.record, claim);
        match reference.find(&after.record).filter(|idx| !found[*idx]) {
            None => diffs.push(ClaimDiff::Dropped(Box::new(claim.clone()))),
            Some(idx) => {
                found[idx] = true;
                let now = &after.record.claims[idx];
                let slots: Vec<_> = slots(claim)
                    .into_iter()
                    .zip(slots(now))
                    .filter(|(was, is)| was != is)
                    .map(|((name, was), (_, is))| (name, was, is))
                    .collect();
                if !slots.is_empty() {
                    let ids = (claim.id.clone(), now.id.clone());
                    diffs.push(ClaimDiff::Changed { ids, trigger: now.event.trigger.text.clone(), slots });
                }
            }
        }
    }
    let new = after.record.claims.iter().zip(found).filter(|(_, found)| !found);
    diffs.extend(new.map(|(claim, _)| ClaimDiff::Added(Box::new(claim.clone()))));
    diffs
}

/// What a claim says, slot by slot, in words.
fn slots(claim: &Claim) -> Vec<(&'static str, String)> {
    fn join<T>(list: &[T], show: fn(&T) -> String) -> String {
        list.iter().map(show).collect::<Vec<_>>().join(", ")
    }
    let some = |words: &Option<String>| words.clone().unwrap_or_default();
    let argument = |argument: &Argument| argument.resolved.clone().unwrap_or_else(|| argument.text.clone());
    let source = |link: &Link| {
        let words = link.source.as_ref().map(|words| words.text.clone());
        link.resolved.clone().or(words).unwrap_or_else(|| "somebody".to_owned())
    };
    let place = |place: &Place| place.name.clone().unwrap_or_else(|| place.text.clone());
    let figure = |figure: &Figure| format!("{} {}", figure.measure, figure.text);
    let event = &claim.event;
    let time = event.time.as_ref().map_or_else(String::new, |time| match time.start == time.end {
        true => time.start.clone(),
        false => format!("{} to {}", time.start, time.end),
    });
    vec![
        ("type", event.kind.clone()),
        ("mode", some(&event.mode)),
        ("modality", event.modality.clone()),
        ("stance", claim.stance.clone()),
        ("position", claim.position.clone()),
        ("responsibility", some(&claim.responsibility)),
        ("source", join(&claim.chain, source)),
        ("actor", join(&event.actor, argument)),
        ("recipient", join(&event.recipient, argument)),
        ("instrument", join(&event.instrument, argument)),
        ("place", join(&event.place, place)),
        ("country", some(&event.country)),
        ("time", time),
        ("figures", join(&claim.figures, figure)),
    ]
}
