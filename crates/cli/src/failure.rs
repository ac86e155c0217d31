//! What goes wrong, said so that a stranger can act on it: which input, where in it, why, and what to do next.

use std::io::{self, Write};
use std::process::ExitCode;

/// One input, or one place in it, that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The input and the place in it: `reports.jsonl: line 3`.
    pub(crate) place: String,
    /// Why.
    pub(crate) reason: String,
    /// What to do next.
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Failure { place: place.into(), reason: reason.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// An input that the system would not open or read.
    pub(crate) fn io(place: impl Into<String>, error: &io::Error) -> Self {
        let failure = |reason: &str| Failure::new(place, reason);
        match error.kind() {
            io::ErrorKind::NotFound => failure("there is no such file or folder")
                .hint("check the spelling; a glob belongs in quotes: 'reports/*.html'"),
            io::ErrorKind::PermissionDenied => {
                failure("this user may not read it").hint("chmod +r, or run as its owner")
            }
            _ => failure(&error.to_string()),
        }
    }

    /// Two lines at most on standard error. Control characters from names and texts never reach the terminal.
    pub(crate) fn print(&self) {
        eprintln!("{}", self.show());
    }

    fn show(&self) -> String {
        let mut lines = format!("error: {}: {}", clean(&self.place), clean(&self.reason));
        if let Some(hint) = &self.hint {
            lines += &format!("\n  hint: {}", clean(hint));
        }
        lines
    }
}

fn clean(words: &str) -> String {
    crate::view::clean(words)
}

/// Why a command ends before its inputs do.
#[derive(Debug)]
pub(crate) enum Stop {
    /// No file named, nothing piped in; holds the command's name.
    NoInput(&'static str),
    /// hearsay itself cannot run.
    Broken(Failure),
    /// Standard output cannot be written.
    Output(io::Error),
}

impl From<hearsay_pipeline::Error> for Stop {
    fn from(error: hearsay_pipeline::Error) -> Self {
        let failure = Failure::new("hearsay", error.to_string());
        Stop::Broken(failure.hint("the program file is damaged: build or copy it again"))
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Output(error)
    }
}

/// The end where output could not be written: quiet where the reader has simply had enough (`hearsay … | head`).
pub(crate) fn output(error: &io::Error) -> ExitCode {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return ExitCode::SUCCESS;
    }
    Failure::new("standard output", error.to_string()).hint("is the disk full?").print();
    ExitCode::from(4)
}

/// Prints to standard output, of which the reader may have had enough.
pub(crate) fn print(words: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(words.as_bytes())?;
    out.flush()
}

/// How many inputs were read and how many were not, and the exit code that says so.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Pages printed.
    pub(crate) n_pages: usize,
    /// Claims in them.
    pub(crate) n_claims: usize,
    /// Places that could not be read.
    pub(crate) n_failures: usize,
}

impl Tally {
    /// The closing line where something failed or there was nothing to read.
    pub(crate) fn show(&self) -> Option<String> {
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        if (self.n_pages, self.n_failures) == (0, 0) {
            return Some("hearsay: there was no report in the input".to_owned());
        }
        (self.n_failures > 0).then(|| {
            format!(
                "hearsay: {} read, {}",
                count(self.n_pages, "report", "reports"),
                count(self.n_failures, "failure", "failures")
            )
        })
    }

    pub(crate) fn exit(&self) -> ExitCode {
        match (self.n_failures, self.n_pages) {
            (0, _) => ExitCode::SUCCESS,
            (_, 0) => ExitCode::from(3),
            _ => ExitCode::from(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_write_to_the_terminal() {
        let failure = Failure::new("a\x1b[2Jb\n.html", "no\rgood").hint("x\u{202e}y");
        assert_eq!(failure.show(), "error: a\u{fffd}[2Jb .html: no good\n  hint: x\u{fffd}y");
    }
}
