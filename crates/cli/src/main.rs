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
}

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
