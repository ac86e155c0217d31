//! What can stop a measurement: a wrong command line, or a set that is not in its task's format.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why nothing could be measured. A low figure is never an error.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The command line asks for something that does not exist.
    Usage(String),
    /// A file could not be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file is not in the format of its task.
    Format {
        /// Which.
        path: PathBuf,
        /// Line, counted from 1; 0 where the whole file is meant.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// The reader itself could not be made ready.
    Reader(String),
}

impl Error {
    /// For `map_err` on file operations.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
        move |error| Error::File { path: path.to_owned(), error }
    }

    /// A file that is not in the format of its task; `line` 0 means the whole file.
    pub fn format(path: &Path, line: usize, what: impl fmt::Display) -> Error {
        Error::Format { path: path.to_owned(), line, what: what.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(what) => write!(f, "{what}"),
            Error::File { path, error } => write!(f, "{}: {error}", path.display()),
            Error::Format { path, line: 0, what } => write!(f, "{}: {what}", path.display()),
            Error::Format { path, line, what } => write!(f, "{}:{line}: {what}", path.display()),
            Error::Reader(what) => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for Error {}
