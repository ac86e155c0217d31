//! `hearsay show`: one report or claim of a ledger, with where it came from.

use std::process::ExitCode;

use hearsay_doc::Interval;
use hearsay_doc::record::{Argument, Claim, Figure, Link, Place};
use hearsay_ledger::{AsOf, Kept, show_time};

use crate::cmd::At;
use crate::cmd::claims::one_page;
use crate::failure::{Failure, Stop};
use crate::view::{Look, clean};

/// `hearsay show`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A report by its name or 8 digits of its key at least; with :c3 behind, one claim of it; or an incident by its id
    #[arg(value_name = "REPORT[:CLAIM]|INCIDENT")]
    what: String,
    #[command(flatten)]
    at: At,
    /// Print the record (schema hearsay.reading/1), or the incident, as JSON
    #[arg(long)]
    json: bool,
    /// Print the captured bytes as they were obtained
    #[arg(long, conflicts_with = "json")]
    bytes: bool,
    /// As the ledger knew it at the end of this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    as_of: Option<Interval>,
    #[command(flatten)]
    look: Look,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let at = &self.at;
        let ledger = at.open()?;
        if let Some(card) = crate::cmd::incidents::show(&ledger, &self.what, self.look, self.json)
            .map_err(|error| at.stop(error))?
        {
            crate::failure::print(&card)?;
            return Ok(ExitCode::SUCCESS);
        }
        let (report, claim) = match self.what.rsplit_once(':') {
            Some((report, claim)) if is_claim(claim) => (report, Some(claim)),
            _ => (self.what.as_str(), None),
        };
        let page = one_page(at, &ledger, report)?;
        let as_of = match self.as_of {
            Some(day) => ledger.as_of(day.end).map_err(|error| at.stop(error))?,
            None => AsOf::Now,
        };
        let kept = ledger.kept_as_of(page, as_of).map_err(|error| at.stop(error))?;
        let missing = |what: &str| {
            Stop::Broken(Failure::new(&self.what, format!("there is no such {what} as of then")))
        };
        let mut kept = kept.ok_or_else(|| missing("report"))?;
        if self.bytes {
            let bytes = ledger.capture(&kept.record.document.capture).map_err(|error| at.stop(error))?;
            std::io::Write::write_all(&mut std::io::stdout().lock(), &bytes.unwrap_or_default())?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(claim) = claim {
            kept.record.claims.retain(|kept| kept.id == claim);
            if kept.record.claims.is_empty() {
                return Err(missing("claim"));
            }
        }
        if self.json {
            crate::failure::print(&(kept.record.to_pretty() + "\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut out = head(&kept);
        for sighting in ledger.sightings_of(page).map_err(|error| at.stop(error))? {
            out += &format!("  seen {} at {}\n", &show_time(sighting.at)[..16], sighting.place.origin);
        }
        for claim in &kept.record.claims {
            out += &show(&kept, claim);
        }
        let about = ledger.decisions().map_err(|error| at.stop(error))?;
        for decision in about {
            let here =
                decision.claims.iter().flatten().any(|(of, id)| *of == page && claim.is_none_or(|c| c == id));
            if here && decision.undone.is_none() {
                let ids: Vec<&str> = decision.claims.iter().flatten().map(|(_, id)| id.as_str()).collect();
                let why = decision.why.map_or_else(String::new, |why| format!(": {why}"));
                out += &format!(
                    "\ndecision {} {} {} {}{why}\n",
                    decision.entry,
                    decision.who,
                    decision.act.word(),
                    ids.join(" ")
                );
            }
        }
        let lines: String = out.lines().map(|line| clean(line).trim_end().to_owned() + "\n").collect();
        crate::failure::print(&lines)?;
        Ok(ExitCode::SUCCESS)
    }
}

pub(crate) fn is_claim(words: &str) -> bool {
    words
        .strip_prefix('c')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn head(kept: &Kept) -> String {
    let document = &kept.record.document;
    let mut facts: Vec<String> = Vec::new();
    facts.extend(document.outlet.clone());
    facts.extend(document.published.as_ref().map(|published| published.value.clone()));
    if !document.credits.is_empty() {
        facts.push(format!("credits {}", document.credits.join(", ")));
    }
    let mut out = format!("{}\n", document.title.as_deref().unwrap_or(&document.name));
    out += &format!("  {}\n", facts.join(" · "));
    out += &format!("  {} {} · entry {} · {}\n", kept.key, document.name, kept.entry, kept.reader);
    if let Some(url) = &document.url {
        out += &format!("  {url}\n");
    }
    out + &format!("  capture {}\n", document.capture)
}

fn show(kept: &Kept, claim: &Claim) -> String {
    let text: Vec<char> = kept.record.document.text.chars().collect();
    let range = claim.sentence.start as usize..(claim.sentence.end as usize).min(text.len());
    let sentence: String = text.get(range).unwrap_or(&[]).iter().collect();
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let event = &claim.event;
    let mode = event.mode.as_deref().map_or_else(String::new, |mode| format!(", {mode}"));
    let mut out = format!(
        "\n{} {}{mode} · {} · {}\n  “{sentence}”\n",
        claim.id,
        event.kind.to_lowercase(),
        event.modality,
        claim.stance
    );
    let mut line = |name: &str, words: String| {
        if !words.is_empty() {
            out += &format!("  {name:10} {words}\n");
        }
    };
    let own = kept.record.document.outlet.clone().unwrap_or_else(|| "the outlet itself".to_owned());
    let chain = if claim.chain.is_empty() { own } else { join(&claim.chain, " ← ", source) };
    line("who says", format!("{chain} ({})", claim.position));
    line("who did it", join(&event.actor, ", ", argument));
    line("to whom", join(&event.recipient, ", ", argument));
    line("with what", join(&event.instrument, ", ", argument));
    line("where", join(&event.place, ", ", place));
    line(
        "when",
        event.time.as_ref().map_or_else(String::new, |time| match time.start == time.end {
            true => time.start.clone(),
            false => format!("{} to {}", time.start, time.end),
        }),
    );
    line("figures", join(&claim.figures, "; ", figure));
    line("blame", claim.responsibility.as_deref().unwrap_or_default().replace('_', " "));
    out
}

fn join<T>(list: &[T], between: &str, show: fn(&T) -> String) -> String {
    list.iter().map(show).collect::<Vec<_>>().join(between)
}

fn source(link: &Link) -> String {
    let words = link.source.as_ref().map_or("somebody", |words| words.text.as_str());
    link.resolved.as_ref().map_or_else(|| words.to_owned(), |resolved| format!("{words} ({resolved})"))
}

fn argument(argument: &Argument) -> String {
    let resolved = argument.resolved.as_ref().map_or_else(String::new, |resolved| format!(" ({resolved})"));
    format!("{}{resolved}", argument.text)
}

fn place(place: &Place) -> String {
    let country = place.country.as_ref().map_or_else(String::new, |country| format!(" [{country}]"));
    format!("{}{country}", place.name.as_deref().unwrap_or(&place.text))
}

fn figure(figure: &Figure) -> String {
    let scope = if figure.scope == "cumulative" { " in all" } else { "" };
    format!("{} “{}”{scope}", figure.measure, figure.text)
}
