//! The program `hearsay`: files in, claims out.
//!
//! Each command has a file in [`cmd`]. What the arguments name is found and opened in [`input`]; pages are read
//! on all cores, and printed in the order of the input, by [`ordered`]; what a person sees is drawn in [`view`].
//! Nothing here decides anything about a text: that is `hearsay-pipeline`.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod cmd;
mod failure;
mod input;
mod linked;
mod ordered;
mod view;

/// Reads reports of armed conflict as claims, not facts: who says what happened, to whom, where, when.
#[derive(Debug, Parser)]
#[command(name = "hearsay", version = hearsay_pipeline::VERSION, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant)] // There is one of it.
enum Command {
    /// Read reports and show the claims in them.
    #[command(after_help = AFTER_HELP)]
    Read(cmd::read::Args),
    /// Read reports and say for each claim which words and which rule or weight decided.
    #[command(after_help = AFTER_HELP)]
    Explain(cmd::explain::Args),
    /// Link reports: which copy one another, which tell of one incident.
    #[command(after_help = AFTER_HELP)]
    Link(cmd::link::Args),
    /// Show what happened as the reports tell it: incidents with origins, denials, tolls.
    #[command(after_help = AFTER_HELP)]
    Incidents(cmd::incidents::Args),
    /// Show who counted how many dead and injured, when, and how the counts moved.
    #[command(after_help = AFTER_HELP)]
    Toll(cmd::toll::Args),
    /// Print the language analysis: tokens, sentences, parts of speech, heads, names.
    #[command(after_help = AFTER_HELP)]
    Annotate(cmd::annotate::Args),
    /// Print the temporal expressions of a text and the days they mean.
    Dates(cmd::dates::Args),
    /// Say what the place names of a text mean.
    Places(cmd::places::Args),
    /// Say which actors a text names.
    Actors(cmd::actors::Args),
    /// Say whose work is inside the program, and under which terms.
    Credits(cmd::credits::Args),
    /// Take reports into a ledger: captures, claims, and what could not be read.
    #[command(after_help = AFTER_LEDGER)]
    Add(cmd::add::Args),
    /// Read the captures of a ledger again with this program; what earlier readers read stays.
    #[command(after_help = AFTER_LEDGER)]
    Reread(cmd::add::RereadArgs),
    /// List the claims of a ledger by what is in them.
    #[command(after_help = AFTER_LEDGER)]
    Claims(cmd::claims::Args),
    /// List the reports of a ledger by their words.
    #[command(after_help = AFTER_LEDGER)]
    Search(cmd::search::Args),
    /// Show one report or claim of a ledger, and where it came from.
    #[command(after_help = AFTER_LEDGER)]
    Show(cmd::show::Args),
    /// Decide about claims: accept, reject, correct, merge, split, grade, note; who and why is kept.
    #[command(after_help = AFTER_LEDGER)]
    Decide(cmd::decide::Args),
    /// List what people decided.
    #[command(after_help = AFTER_LEDGER)]
    Decisions(cmd::decide::ListArgs),
    /// Say what a ledger says now that it did not say then, and why.
    #[command(after_help = AFTER_LEDGER)]
    Diff(cmd::diff::Args),
    /// List what could not be read.
    #[command(after_help = AFTER_LEDGER)]
    Problems(cmd::problems::Args),
    /// Print what a ledger holds, for other programs.
    #[command(after_help = AFTER_LEDGER)]
    Export(cmd::export::Args),
    /// Answer a question in SQL; nothing can be changed.
    #[command(after_help = AFTER_LEDGER)]
    Sql(cmd::sql::Args),
    /// Check that nothing in a ledger was altered.
    #[command(after_help = AFTER_LEDGER)]
    Verify(cmd::verify::Args),
    /// Print what to keep in order to prove later that a ledger still has all that it has now.
    #[command(after_help = AFTER_LEDGER)]
    Head(cmd::verify::HeadArgs),
    /// Copy a ledger, also while something is being added.
    #[command(after_help = AFTER_LEDGER)]
    Backup(cmd::keep::BackupArgs),
    /// Bring a backup back, after verifying it.
    #[command(after_help = AFTER_LEDGER)]
    Restore(cmd::keep::RestoreArgs),
    /// Settle a ledger after much was added: smaller and quicker, the same content.
    #[command(after_help = AFTER_LEDGER)]
    Compact(cmd::keep::CompactArgs),
}

const AFTER_LEDGER: &str = "\
A ledger is a folder: ledger.sqlite, which any SQLite program opens, and WARC files with the captures. Nothing in it is \
ever changed, only added to. HEARSAY_LEDGER names one where --ledger does not.

Exit codes:
  0    done
  1    some of the input could not be read and the rest was; or verify found something altered
  2    the command line is wrong
  3    nothing could be read, or the ledger could not be opened or written
  4    the output could not be written (a pipe that its reader closed is no error)
  130  stopped by Ctrl-C; what was acknowledged is safe, and the same command goes on";

const AFTER_HELP: &str = "\
Inputs: HTML pages, plain text, Telegram Desktop's result.json, JSON lines. Name files, folders (read with all \
folders in them), quoted globs, or - for standard input. Nothing is fetched and no file is written.

Exit codes:
  0  everything was read (a report without claims counts as read)
  1  some of the input could not be read; the rest was
  2  the command line is wrong
  3  nothing could be read
  4  the output could not be written (a pipe that its reader closed is no error)";

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Read(args) => args.run(),
        Command::Explain(args) => args.run(),
        Command::Link(args) => args.run(),
        Command::Incidents(args) => args.run(),
        Command::Toll(args) => args.run(),
        Command::Annotate(args) => args.run(),
        Command::Dates(args) => args.run(),
        Command::Places(args) => args.run(),
        Command::Actors(args) => args.run(),
        Command::Credits(args) => args.run(),
        Command::Add(args) => args.run(),
        Command::Reread(args) => args.run(),
        Command::Claims(args) => args.run(),
        Command::Search(args) => args.run(),
        Command::Show(args) => args.run(),
        Command::Decide(args) => args.run(),
        Command::Decisions(args) => args.run(),
        Command::Diff(args) => args.run(),
        Command::Problems(args) => args.run(),
        Command::Export(args) => args.run(),
        Command::Sql(args) => args.run(),
        Command::Verify(args) => args.run(),
        Command::Head(args) => args.run(),
        Command::Backup(args) => args.run(),
        Command::Restore(args) => args.run(),
        Command::Compact(args) => args.run(),
    };
    match done {
        Ok(code) => code,
        Err(failure::Stop::NoInput(command)) => {
            Cli::command().find_subcommand_mut(command).map_or(ExitCode::from(2), usage)
        }
        Err(failure::Stop::Broken(failure)) => {
            failure.print();
            ExitCode::from(3)
        }
        Err(failure::Stop::Output(error)) => failure::output(&error),
    }
}

/// No file was named and nothing is piped in: how the command is called.
fn usage(command: &mut clap::Command) -> ExitCode {
    let command = std::mem::take(command).bin_name("hearsay");
    let name = command.get_name().to_owned();
    eprintln!("error: no input: name a file, a folder or a quoted glob, or pipe a report in");
    eprintln!("  hint: hearsay {name} data/demo/report.html   (hearsay {name} --help says more)");
    ExitCode::from(2)
}
