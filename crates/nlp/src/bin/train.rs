//! `hearsay-train DATA [OUT] [--epochs N] [--seed N] …`: trains a model and writes it to OUT.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use hearsay_nlp::Model;
use hearsay_nlp::train::{Options, run};

const USAGE: &str = "usage: hearsay-train DATA [OUT] [--name NAME] [--epochs N] [--seed N] [--rate R] \
                     [--width N] [--layers N] [--dropout P] [--batch N] [--hide P] [--all 0|1] [--wrong 0|1] [--start MODEL]";

fn main() -> ExitCode {
    let (data, out, options) = match arguments(std::env::args().skip(1)) {
        Ok(parsed) => parsed,
        Err(what) => {
            eprintln!("{what}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let start = Instant::now();
    let mut say = |line: &str| println!("[{:6.0} s] {line}", start.elapsed().as_secs_f64());
    let written = run(&data, &options, &mut say).map_err(|e| e.to_string()).and_then(|model| {
        std::fs::write(&out, model.to_bytes()).map_err(|e| format!("{}: {e}", out.display()))
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<(PathBuf, PathBuf, Options), String> {
    let mut options = Options::default();
    let mut paths = Vec::new();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix("--") else {
            paths.push(PathBuf::from(word));
            continue;
        };
        let value = words.next().ok_or_else(|| format!("--{flag} wants a value"))?;
        let number = || value.parse::<f32>().map_err(|e| format!("--{flag} {value}: {e}"));
        let count = || value.parse::<usize>().map_err(|e| format!("--{flag} {value}: {e}"));
        match flag {
            "name" => options.name = value,
            "epochs" => options.epochs = count()?,
            "seed" => options.seed = count()? as u64,
            "rate" => options.rate = number()?,
            "width" => options.width = count()?,
            "layers" => options.layers = count()?,
            "dropout" => options.dropout = number()?,
            "batch" => options.batch = count()?.max(1),
            "hide" => options.hide = number()?,
            "all" => options.all = count()? > 0,
            "wrong" => options.wrong = count()? > 0,
            "start" => {
                let bytes = std::fs::read(&value).map_err(|e| format!("{value}: {e}"))?;
                options.start = Some(Model::from_bytes(&bytes).map_err(|e| format!("{value}: {e}"))?);
            }
            _ => return Err(format!("--{flag} is not known")),
        }
    }
    let mut paths = paths.into_iter();
    let data = paths.next().ok_or("which data folder?")?;
    let out = paths.next().unwrap_or_else(|| Path::new("models/en-1.bin").into());
    Ok((data, out, options))
}
