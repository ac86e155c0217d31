//! The SQLite file: its format's number, and the numbered files in `schema/` that make it.
//!
//! `application_id` says that the file is a ledger, `user_version` is its format. A newer program brings an older
//! ledger up to its own format by running the files that came since, when it first writes to it; an older program
//! refuses a newer ledger. `tests/ledgers/` keeps one of each format.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::Error;
use crate::error::Doing;

/// "HSAY".
const APPLICATION: i64 = 0x4853_4159;

/// The file of format n is number n - 1.
pub(crate) const FILES: [&str; 1] = [include_str!("../schema/0001_first.sql")];

/// The newest format, the one that is written.
pub const FORMAT: i64 = FILES.len() as i64;

/// The SQLite file in a ledger's folder.
pub(crate) const FILE: &str = "ledger.sqlite";

/// Opens a file for reading alone, also on a disk that nothing can be written to.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, Error> {
    if !path.is_file() {
        return Err(Error::Missing(path.parent().unwrap_or(path).to_owned()));
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let ready = Connection::open_with_flags(path, flags).doing("opening the ledger").and_then(|connection| {
        settle(&connection)?;
        check(&connection, path)?;
        Ok(connection)
    });
    match or_foreign(ready, path) {
        Err(Error::Sqlite { source, .. }) if cannot_share(&source) && !has_unfinished(path) => {
            // SQLite wants to note its readers beside the file. Where it cannot, nobody can write either.
            let connection = Connection::open_with_flags(immutable(path), flags)
                .doing("opening the ledger on a read-only disk")?;
            settle(&connection)?;
            check(&connection, path)?;
            Ok(connection)
        }
        other => other,
    }
}

/// Opens a file for writing, makes its tables where it has none, brings an older format up to date.
pub(crate) fn open_to_write(path: &Path) -> Result<Connection, Error> {
    let connection = Connection::open(path).doing("opening the ledger")?;
    // Pages of 8 KiB hold texts with half the waste of SQLite's usual 4. Only before anything else is this heard.
    connection.execute_batch("PRAGMA page_size = 8192;").doing("preparing the ledger for writing")?;
    or_foreign(settle(&connection), path)?;
    // Full: a commit is on disk when it returns. Checkpoints every 16 MB: a group of reports is about one.
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;",
        )
        .doing("preparing the ledger for writing")?;
    let is_empty: bool = connection
        .query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
        .doing("looking into the ledger")?;
    let format = if is_empty { 0 } else { check(&connection, path)? };
    migrate(&connection, format)?;
    Ok(connection)
}

/// Makes the tables of an empty database, in memory or not.
pub(crate) fn migrate(connection: &Connection, from: i64) -> Result<(), Error> {
    for (file, format) in FILES.iter().zip(1i64..).skip(from as usize) {
        let sql = format!(
            "BEGIN IMMEDIATE; {file}; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {format}; COMMIT;"
        );
        connection.execute_batch(&sql).doing("making the ledger's tables")?;
    }
    Ok(())
}

/// Memory for pages of the file, and for looking into the whole of it without reading it in.
fn settle(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(std::time::Duration::from_secs(20)).doing("preparing the ledger")?;
    connection.set_prepared_statement_cache_capacity(64);
    connection
        .execute_batch(
            "PRAGMA cache_size = -65536; PRAGMA mmap_size = 4294967296; PRAGMA temp_store = MEMORY;",
        )
        .doing("preparing the ledger")
}

/// The file's format.
fn check(connection: &Connection, path: &Path) -> Result<i64, Error> {
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let application = pragma("application_id").doing("looking into the ledger")?;
    if application != APPLICATION {
        return Err(Error::Foreign { path: path.to_owned(), found: application });
    }
    match pragma("user_version").doing("looking into the ledger")? {
        format if format > FORMAT => {
            Err(Error::Newer { path: path.to_owned(), found: format, known: FORMAT })
        }
        format => Ok(format),
    }
}

/// A file that SQLite takes for none of its own is not of ours either.
fn or_foreign<T>(result: Result<T, Error>, path: &Path) -> Result<T, Error> {
    result.map_err(|error| match &error {
        Error::Sqlite { source, .. }
            if source.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) =>
        {
            Error::Foreign { path: path.to_owned(), found: 0 }
        }
        _ => error,
    })
}

fn cannot_share(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(CannotOpen | ReadOnly | SystemIoFailure))
}

/// Are there commits that are not in the file itself yet?
fn has_unfinished(path: &Path) -> bool {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    std::fs::metadata(wal).is_ok_and(|wal| wal.len() > 0)
}

/// The URI by which SQLite takes a file as one that nobody changes.
fn immutable(path: &Path) -> String {
    let escaped = path.to_string_lossy().bytes().fold(String::new(), |mut out, byte| {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if plain {
            out.push(char::from(byte))
        } else {
            out += &format!("%{byte:02X}")
        }
        out
    });
    format!("file:{escaped}?immutable=1")
}
