//! `hearsay actors`: which actors a text names, for trying that alone.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::cmd::lists::Lists;
use crate::cmd::places::{table, text_of};
use crate::failure::Stop;
use crate::view::clean;

/// `hearsay actors`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The text; without it, standard input
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    #[command(flatten)]
    lists: Lists,
    /// Print a JSON list: start, end, text, id, name, kind, country, side, office, score
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let text = text_of(&self.text, "actors")?;
        let actors = self.lists.hearsay()?.actors(&text);
        let mut out = io::stdout().lock();
        if self.json {
            let json = serde_json::to_string_pretty(&actors).map_err(io::Error::other)?;
            writeln!(out, "{json}")?;
        } else if actors.is_empty() {
            writeln!(out, "no actor is named")?;
        } else {
            let rows: Vec<Vec<String>> = actors
                .iter()
                .map(|actor| {
                    let dash = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
                    let words = [
                        actor.text.clone(),
                        actor.name.clone(),
                        actor.kind.clone(),
                        dash(&actor.country),
                        actor.side.as_ref().map_or("-".to_owned(), |side| format!("side {side}")),
                        dash(&actor.office),
                        format!("{:.2}", actor.score),
                        actor.id.clone(),
                    ];
                    words.map(|word| clean(&word)).to_vec()
                })
                .collect();
            out.write_all(table(&rows).as_bytes())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
