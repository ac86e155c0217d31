//! What can go wrong with a ledger, with the numbers that a stranger needs.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a ledger could not be opened, read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened, read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// SQLite would not do it.
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// Why not.
        source: rusqlite::Error,
    },
    /// There is no ledger in the folder.
    Missing(PathBuf),
    /// The file is no ledger.
    Foreign {
        /// The file.
        path: PathBuf,
        /// Its application id, 0 where it has none.
        found: i64,
    },
    /// The ledger was written by a newer program.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this program knows.
        known: i64,
    },
    /// Somebody else is writing.
    Locked {
        /// The lock file.
        path: PathBuf,
        /// What the holder wrote into it.
        holder: String,
    },
    /// A row is not what it must be.
    Broken {
        /// Which: `entry 17`, `capture 4`.
        row: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A record in a WARC file is not what it must be.
    Warc {
        /// The file's name.
        file: String,
        /// Where the record begins, in bytes.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A question that cannot be asked.
    Query(String),
    /// A decision that cannot be made.
    Decision(String),
    /// More claims in one page than a ledger takes.
    TooManyClaims {
        /// The page's name.
        page: String,
        /// How many it has.
        found: usize,
        /// How many are taken.
        most: usize,
    },
}

impl Error {
    pub(crate) fn io(path: &Path, source: io::Error) -> Error {
        Error::Io { path: path.to_owned(), source }
    }

    pub(crate) fn broken(row: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Broken { row: row.into(), reason: reason.into() }
    }

    /// Is the disk full, or may nothing be written to it?
    pub fn is_no_room(&self) -> bool {
        match self {
            Error::Io { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Error::Sqlite { source, .. } => source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Error::Sqlite { doing, source } => write!(f, "{doing}: {source}"),
            Error::Missing(path) => write!(f, "{}: there is no ledger here", path.display()),
            Error::Foreign { path, found } => {
                write!(
                    f,
                    "{}: an SQLite file with application id {found}, no ledger of hearsay",
                    path.display()
                )
            }
            Error::Newer { path, found, known } => {
                write!(
                    f,
                    "{}: ledger format {found}; this program knows formats 1 to {known}",
                    path.display()
                )
            }
            Error::Locked { path, holder } => {
                write!(f, "{}: another program is writing ({holder})", path.display())
            }
            Error::Broken { row, reason } => write!(f, "{row}: {reason}"),
            Error::Warc { file, offset, reason } => write!(f, "{file}: record at byte {offset}: {reason}"),
            Error::Query(reason) | Error::Decision(reason) => f.write_str(reason),
            Error::TooManyClaims { page, found, most } => {
                write!(f, "{page}: {found} claims; a ledger takes {most} from one page")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            Error::Sqlite { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// `result.doing("counting claims")?`: names what SQLite was asked to do.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, Error>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, doing: &'static str) -> Result<T, Error> {
        self.map_err(|source| Error::Sqlite { doing, source })
    }
}
