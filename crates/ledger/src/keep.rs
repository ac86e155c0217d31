//! A second copy of a ledger: made while somebody writes, and brought back.
//!
//! A backup is a ledger like any other, of one commit, that can be read and verified where it lies. The WARC files are
//! only ever appended to, so that their first bytes as of that commit can be copied at any time.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::error::Doing;
use crate::ledger::{Head, Ledger};
use crate::warc;
use crate::{Error, schema};

/// Copies the ledger as it is now into `folder`, which must be empty or not exist, and gives the copy's head. A copy that
/// was interrupted has no `ledger.sqlite` and is taken for none.
///
/// # Errors
///
/// [`Error::Io`] if the folder is not empty or cannot be written; [`Error::Warc`] if a WARC file is shorter than the
/// ledger knows.
pub fn backup(ledger: &Ledger, folder: &Path) -> Result<Head, Error> {
    let archives = folder.join(warc::FOLDER);
    let io = |error| Error::io(folder, error);
    fs::create_dir_all(folder).map_err(io)?;
    if fs::read_dir(folder).map_err(io)?.next().is_some() {
        return Err(io(io::Error::new(io::ErrorKind::AlreadyExists, "the folder is not empty")));
    }
    fs::create_dir(&archives).map_err(|error| Error::io(&archives, error))?;
    let partial = folder.join("ledger.sqlite.partial");
    ledger
        .connection
        .execute("VACUUM INTO ?1", [partial.to_string_lossy()])
        .doing("copying the SQLite file")?;
    File::open(&partial).and_then(|file| file.sync_all()).map_err(|error| Error::io(&partial, error))?;
    // The copy is of one commit: what it knows of the WARC files is what belongs to it.
    let copy = schema::open_to_read(&partial)?;
    let sql = "SELECT file, coalesce((SELECT offset + length FROM capture WHERE capture.archive = archive.id \
               ORDER BY id DESC LIMIT 1), length) FROM archive ORDER BY id";
    let files: Vec<(String, i64)> = copy
        .prepare(sql)
        .and_then(|mut files| files.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing("listing WARC files")?;
    drop(copy);
    for (name, known) in files {
        copy_start(&ledger.folder.join(warc::FOLDER), &archives, &name, known as u64)?;
    }
    warc::sync_folder(&archives)?;
    fs::rename(&partial, folder.join(schema::FILE)).map_err(|error| Error::io(&partial, error))?;
    warc::sync_folder(folder)?;
    Ledger::open(folder)?.head()
}

/// The first `known` bytes of a WARC file.
fn copy_start(from: &Path, to: &Path, name: &str, known: u64) -> Result<(), Error> {
    let (from, to) = (from.join(name), to.join(name));
    let file = File::open(&from).map_err(|error| Error::io(&from, error))?;
    let mut copy = File::create(&to).map_err(|error| Error::io(&to, error))?;
    let copied = io::copy(&mut file.take(known), &mut copy).map_err(|error| Error::io(&to, error))?;
    if copied < known {
        let reason = format!("the ledger knows {known} bytes of this file, it ends after {copied}");
        return Err(Error::Warc { file: name.to_owned(), offset: copied, reason });
    }
    copy.sync_all().map_err(|error| Error::io(&to, error))
}
