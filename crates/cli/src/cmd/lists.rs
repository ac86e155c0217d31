//! Lists of the user's own: `--gazetteer FILE` and `--actors FILE`.

use std::path::{Path, PathBuf};

use hearsay_pipeline::{ACTOR_COLUMNS, Hearsay, PLACE_COLUMNS};

use crate::failure::{Failure, Stop};

/// Lists that come before those compiled into the program.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Lists {
    /// Places of your own, tab-separated: name, alternates (a|b), admin1, country, lat, lon, population, feature class
    #[arg(long, value_name = "FILE.tsv")]
    gazetteer: Option<PathBuf>,
    /// Actors of your own, tab-separated: id, name, aliases (a|b), kind, side, country
    #[arg(long, value_name = "FILE.tsv")]
    actors: Option<PathBuf>,
}

impl Lists {
    /// hearsay with the models that ship and these lists.
    pub(crate) fn hearsay(&self) -> Result<Hearsay, Stop> {
        let mut hearsay = Hearsay::shipped()?;
        if let Some(file) = &self.gazetteer {
            let with = hearsay.with_lists(Some(&text(file)?), None);
            hearsay = with.map_err(|e| wrong(file, &e.to_string(), PLACE_COLUMNS))?;
        }
        if let Some(file) = &self.actors {
            let with = hearsay.with_lists(None, Some(&text(file)?));
            hearsay = with.map_err(|e| wrong(file, &e.to_string(), ACTOR_COLUMNS))?;
        }
        Ok(hearsay)
    }
}

fn text(file: &Path) -> Result<String, Stop> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|e| Stop::Broken(Failure::io(&name, &e)))?;
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let failure = Failure::new(name, format!("byte {at} is not UTF-8"));
        Stop::Broken(failure.hint("save the list as UTF-8, its columns separated by tabs"))
    })
}

fn wrong(file: &Path, what: &str, columns: &str) -> Stop {
    let failure = Failure::new(file.display().to_string(), what);
    Stop::Broken(failure.hint(format!("columns, separated by tabs: {columns}")))
}
