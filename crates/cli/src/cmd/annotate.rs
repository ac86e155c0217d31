//! `hearsay annotate`: the language analysis of a report in CoNLL-U.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use hearsay_pipeline::{Hearsay, conllu};

use crate::cmd::read::n_threads;
use crate::failure::{Stop, Tally};
use crate::input::{self, Inputs, Item};
use crate::ordered::in_order;

/// `hearsay annotate`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
    /// Print CoNLL-U (universaldependencies.org), so far the only form
    #[arg(long)]
    conllu: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let sources = self.inputs.sources("annotate")?;
        let hearsay = Hearsay::shipped()?;
        let mut out = io::BufWriter::new(io::stdout().lock());
        let mut tally = Tally::default();
        in_order(
            self.inputs.items(sources),
            n_threads(None),
            |item| match item {
                Item::Page(page, place) => catch_unwind(AssertUnwindSafe(|| {
                    let name: String = page.name.split_whitespace().collect::<Vec<_>>().join(" ");
                    format!("# newdoc id = {name}\n{}", conllu(&hearsay.annotate(&page.text)))
                }))
                .map_or_else(|_| Some(Err(input::bug(&place))), |text| Some(Ok(text))),
                Item::Failure(failure) => Some(Err(failure)),
                Item::End => None,
            },
            |printed| -> io::Result<()> {
                match printed {
                    Some(Ok(text)) => {
                        tally.n_pages += 1;
                        out.write_all(text.as_bytes())?;
                    }
                    Some(Err(failure)) => {
                        tally.n_failures += 1;
                        out.flush()?;
                        failure.print();
                    }
                    None => {}
                }
                Ok(())
            },
        )?;
        out.flush()?;
        if let Some(line) = tally.show() {
            eprintln!("{line}");
        }
        Ok(tally.exit())
    }
}
