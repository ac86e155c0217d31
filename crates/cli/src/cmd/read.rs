//! `hearsay read`: the claims of reports, for the eye or as JSON.

use std::io::{self, IsTerminal, Write};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use hearsay_doc::Page;
use hearsay_pipeline::Hearsay;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cmd::lists::Lists;
use crate::failure::{Failure, Stop, Tally};
use crate::input::{self, Inputs, Item};
use crate::ordered::in_order;
use crate::view::{Look, View};

/// `hearsay read`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    output: Output,
}

/// How what was read is printed.
#[derive(Debug, clap::Args)]
pub(crate) struct Output {
    /// Print records (schema hearsay.reading/1) as JSON indented for people
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Print records (schema hearsay.reading/1) as JSON, one line each
    #[arg(long)]
    jsonl: bool,
    #[command(flatten)]
    look: Look,
    /// Threads that read at the same time [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZero<usize>>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        read(&self.inputs, &self.lists, &self.output, false, "read")
    }
}

/// Reads all inputs and prints each page as soon as those before it are printed. With `explain`, each claim says
/// what decided.
pub(crate) fn read(
    inputs: &Inputs,
    lists: &Lists,
    output: &Output,
    explain: bool,
    command: &'static str,
) -> Result<ExitCode, Stop> {
    let sources = inputs.sources(command)?;
    let hearsay = lists.hearsay()?;
    let progress = Progress::new(sources.len());
    let view = View::new(output.look);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut tally = Tally::default();

    in_order(
        inputs.items(sources),
        n_threads(output.threads),
        |item| print(item, &hearsay, output, &view, explain),
        |printed| -> io::Result<()> {
            match printed {
                Printed::Page { text, n_claims } => {
                    if tally.n_pages > 0 && !output.jsonl && !output.json {
                        out.write_all(view.between().as_bytes())?;
                    }
                    out.write_all(text.as_bytes())?;
                    tally.n_pages += 1;
                    tally.n_claims += n_claims;
                }
                Printed::Failure(failure) => {
                    out.flush()?;
                    progress.aside(|| failure.print());
                    tally.n_failures += 1;
                }
                Printed::End => progress.advance(&tally),
            }
            Ok(())
        },
    )?;

    out.flush()?;
    progress.finish();
    if let Some(line) = tally.show() {
        eprintln!("{line}");
    }
    Ok(tally.exit())
}

pub(crate) fn n_threads(asked: Option<NonZero<usize>>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZero::get)
}

/// What is to be written for one [`Item`].
enum Printed {
    Page { text: String, n_claims: usize },
    Failure(Failure),
    End,
}

fn print(item: Item, hearsay: &Hearsay, output: &Output, view: &View, explain: bool) -> Printed {
    match item {
        Item::Page(page, place) => {
            // See `input::unpack`: one bad page must not take the others with it.
            catch_unwind(AssertUnwindSafe(|| print_page(&page, hearsay, output, view, explain)))
                .unwrap_or_else(|_| Printed::Failure(input::bug(&place)))
        }
        Item::Failure(failure) => Printed::Failure(failure),
        Item::End => Printed::End,
    }
}

fn print_page(page: &Page, hearsay: &Hearsay, output: &Output, view: &View, explain: bool) -> Printed {
    let read = if explain { hearsay.explain(page) } else { hearsay.read(page) };
    let text = if output.json {
        hearsay.record(page, &read).to_pretty() + "\n"
    } else if output.jsonl {
        hearsay.record(page, &read).to_line() + "\n"
    } else {
        view.show(page, &read)
    };
    Printed::Page { text, n_claims: read.reading.claims.len() }
}

/// A bar on standard error, where that is a terminal, there is more than one file, and the reports themselves go
/// elsewhere: reports that scroll by are progress enough.
struct Progress(ProgressBar);

impl Progress {
    fn new(n_sources: usize) -> Self {
        let wanted = n_sources > 1 && io::stderr().is_terminal() && !io::stdout().is_terminal();
        let bar = if wanted { ProgressBar::new(n_sources as u64) } else { ProgressBar::hidden() };
        let style = "{bar:32} {pos}/{len} files · {msg} · {elapsed}, {eta} left";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is well formed"));
        Progress(bar)
    }

    fn advance(&self, tally: &Tally) {
        self.0.set_message(format!("{} reports · {} claims", tally.n_pages, tally.n_claims));
        self.0.inc(1);
    }

    /// Lets `print` write to standard error without tearing the bar.
    fn aside(&self, print: impl FnOnce()) {
        self.0.suspend(print);
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
