//! Writing a ledger: one writer at a time, everything appended, nothing acknowledged before it is on disk.
//!
//! Start at [`Writer::open`]. Captures go in with [`Writer::take_in`], readings with [`Writer::append`] (made ready on
//! any thread by [`Prepared::new`]), and all that was written since the last [`Writer::commit`] becomes lasting with it,
//! together or not at all: first the WARC file is synced, then SQLite commits. A program that is stopped in between
//! leaves bytes in the WARC file that no row knows; the next writer cuts them off.
//!
//! Everything is written once: what is already there gives `false` and changes no row.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::ops::Deref;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hearsay_doc::record::Record;
use rusqlite::{OptionalExtension, params};

use crate::chain::{self, hex};
use crate::decide::Act;
use crate::error::Doing;
use crate::index::{self, Index, MOST_CLAIMS};
use crate::ledger::{Head, Ledger};
use crate::link::{Change, Link};
use crate::log::{self, Body, Given, Place, Problem};
use crate::warc::{self, Archive, Member};
use crate::{Error, schema};

/// The file that the writer holds.
const LOCK: &str = "lock";

/// Changes of links in one log entry: enough to pack well, few enough to unpack for one of them.
const CHANGES: usize = 64;

/// How a ledger is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long to wait for another writer to end.
    pub wait: Duration,
    /// Who writes, for the first entry and the WARC files: `hearsay 0.1.0`.
    pub by: String,
    /// Milliseconds since 1970 UTC. A clock that goes back gives the last time that was written.
    pub clock: fn() -> i64,
    /// A WARC file of so many bytes is followed by a new one.
    pub rotate: u64,
}

impl Default for Options {
    fn default() -> Self {
        let by = concat!("hearsay ", env!("CARGO_PKG_VERSION")).to_owned();
        Options { wait: Duration::ZERO, by, clock: now, rotate: warc::ROTATE }
    }
}

/// The system's clock, milliseconds since 1970 UTC.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// A ledger that is written. Reads like a [`Ledger`], and sees what it wrote before it is committed.
#[derive(Debug)]
pub struct Writer {
    ledger: Ledger,
    archive: Archive,
    index: Index,
    clock: fn() -> i64,
    /// The last entry written.
    last: Head,
    /// Is there anything to commit?
    open: bool,
    /// Something went wrong half-way: nothing more is written.
    failed: bool,
    /// Held until the end.
    _lock: File,
}

impl Deref for Writer {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        &self.ledger
    }
}

/// A reading ready to be appended.
#[derive(Clone, Debug)]
pub struct Prepared {
    key: [u8; 16],
    text: String,
    /// With an empty text, as it is in the log.
    read: log::Read,
    body: Vec<u8>,
}

impl Prepared {
    /// Makes a reading ready. `nth` counts the pages of the same name that come before it in its capture, `given` is what
    /// the caller said of it, `reader` names program and models.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyClaims`] if the record has more than a ledger takes from one page.
    pub fn new(mut record: Record, nth: u32, given: Option<Given>, reader: &str) -> Result<Prepared, Error> {
        if record.claims.len() > MOST_CLAIMS {
            let (page, found) = (record.document.name, record.claims.len());
            return Err(Error::TooManyClaims { page, found, most: MOST_CLAIMS });
        }
        let text = std::mem::take(&mut record.document.text);
        let key = index::page_key(&record.document.capture, &record.document.name, nth, given.as_ref());
        let read = log::Read { nth, given, reader: reader.to_owned(), record };
        let body = Body::Reading(Box::new(read));
        let packed = chain::pack(&body.to_json());
        let Body::Reading(read) = body else { unreachable!("it was made one") };
        Ok(Prepared { key, text, read: *read, body: packed })
    }

    /// The page's name.
    pub fn name(&self) -> &str {
        &self.read.record.document.name
    }

    /// How many claims it has.
    pub fn n_claims(&self) -> usize {
        self.read.record.claims.len()
    }

    /// The page's key, 32 hexadecimal digits.
    pub fn key(&self) -> String {
        hex(&self.key)
    }
}

impl Writer {
    /// Opens the ledger in `folder` for writing, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another program is still writing after `options.wait`; [`Error::Foreign`], [`Error::Newer`];
    /// [`Error::Warc`] if the newest WARC file is shorter than the ledger knows.
    pub fn open(folder: &Path, options: &Options) -> Result<Writer, Error> {
        std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
        let lock = lock(&folder.join(LOCK), options.wait)?;
        let connection = schema::open_to_write(&folder.join(schema::FILE))?;
        let ledger =
            Ledger { connection, folder: folder.to_owned(), tuning: crate::query::Tuning::default() };
        let (n_files, known) = known_files(&ledger)?;
        let archive = Archive::open(folder, &options.by, options.rotate, n_files, known)?;
        let last = ledger.head()?;
        let mut writer = Writer {
            ledger,
            archive,
            index: Index::default(),
            clock: options.clock,
            last,
            open: false,
            failed: false,
            _lock: lock,
        };
        if last.entry == 0 {
            let format = format!("hearsay.ledger/{}", schema::FORMAT);
            writer.entry(&Body::Ledger(log::Made { format, by: options.by.clone() }))?;
            writer.commit()?;
            warc::sync_folder(folder)?;
        }
        Ok(writer)
    }

    /// Keeps bytes and the place where they were seen. `false` where both are known.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Sqlite`] if the disk is full; nothing since the last commit is kept then.
    pub fn take_in(&mut self, member: &Member, place: &Place) -> Result<bool, Error> {
        if self.has_seen(&member.sha256, place)? {
            return Ok(false);
        }
        let digest = hex(&member.sha256);
        if self.has_capture(&member.sha256)? {
            let seen = log::Sighting { capture: digest, sighting: place.clone() };
            self.entry(&Body::Sighting(seen))?;
            return Ok(true);
        }
        let at = self.time();
        let written = self.archive.append(&member.bytes, at);
        let (spot, begun) = self.or_fail(written)?;
        if let Some(warc::Begun { file, length, member }) = begun {
            self.entry(&Body::Archive(log::Archive { file, length, member: hex(&member) }))?;
        }
        let capture = log::Captured {
            sha256: digest,
            n_bytes: member.n_bytes,
            file: spot.file,
            offset: spot.offset,
            length: spot.length,
            member: hex(&chain::sha256(&member.bytes)),
            sighting: place.clone(),
        };
        self.entry(&Body::Capture(capture))?;
        Ok(true)
    }

    /// Notes that bytes which are already here were seen at `place`. `false` where that is known.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] if the capture is not here.
    pub fn see(&mut self, sha256: &str, place: &Place) -> Result<bool, Error> {
        let digest = index::digest(sha256)?;
        if self.has_seen(&digest, place)? {
            return Ok(false);
        }
        self.entry(&Body::Sighting(log::Sighting { capture: hex(&digest), sighting: place.clone() }))?;
        Ok(true)
    }

    /// Keeps a reading. Its capture must be here. `false` where the page's newest reading is by the same reader.
    pub fn append(&mut self, prepared: &Prepared) -> Result<bool, Error> {
        let sql = "SELECT reader.by, text.text = ?2 FROM page JOIN reading ON reading.id = page.reading \
                   JOIN reader ON reader.id = reading.reader JOIN text ON text.id = page.text WHERE key = ?1";
        let before: Option<(String, bool)> = self
            .ledger
            .connection
            .prepare_cached(sql)
            .and_then(|mut before| {
                before
                    .query_row(params![prepared.key, prepared.text], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()
            })
            .doing("looking for the page")?;
        let same_text = before.as_ref().is_some_and(|(_, same_text)| *same_text);
        if before.is_some_and(|(reader, _)| reader == prepared.read.reader) {
            return Ok(false);
        }
        let text = (!same_text).then_some(prepared.text.as_str());
        let body = Body::Reading(Box::new(prepared.read.clone()));
        self.packed_entry(&body, &prepared.body, text)?;
        Ok(true)
    }

    /// Notes what could not be read. `false` where the same is known of the same place.
    pub fn problem(&mut self, problem: &Problem) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM problem WHERE place = ?1 AND origin = ?2 AND reason = ?3)";
        let known: bool = self
            .ledger
            .connection
            .prepare_cached(sql)
            .and_then(|mut known| {
                known.query_row([&problem.place, &problem.origin, &problem.reason], |row| row.get(0))
            })
            .doing("looking for a problem")?;
        if !known {
            self.entry(&Body::Problem(problem.clone()))?;
        }
        Ok(!known)
    }

    /// Keeps a decision and gives its number.
    ///
    /// # Errors
    ///
    /// [`Error::Decision`] if it makes no sense, if a claim that it names is not found, or if there is no such decision to
    /// take back.
    pub fn decide(&mut self, who: &str, why: Option<&str>, act: Act) -> Result<i64, Error> {
        let wrong = |reason: String| Err(Error::Decision(reason));
        if who.trim().is_empty() {
            return wrong("a decision needs a name: who decides?".to_owned());
        }
        act.check()?;
        for claim in act.claims() {
            if self.find_claim(claim)?.is_none() {
                return wrong(format!("page {} has no such claim: “{}”", claim.page, claim.trigger.text));
            }
        }
        if let Act::Undo { decision } = act {
            match self.decided(decision)? {
                None => return wrong(format!("there is no decision {decision}")),
                Some(log::Decided { act: Act::Undo { .. }, .. }) => {
                    return wrong(format!("decision {decision} takes another back: decide that one again"));
                }
                Some(_) => {}
            }
            let sql = "SELECT undone FROM decision WHERE id = ?1";
            let undone: Option<i64> = self
                .ledger
                .connection
                .query_row(sql, [decision], |row| row.get(0))
                .doing("looking for a decision")?;
            if let Some(undone) = undone {
                return wrong(format!("decision {decision} was taken back by {undone}"));
            }
        }
        self.entry(&Body::Decision(log::Decided { who: who.to_owned(), why: why.map(str::to_owned), act }))?;
        Ok(self.last.entry)
    }

    /// Makes `links` all that there is of `kinds`: what is new or different is put, what is not among them dropped.
    /// Gives how many links changed.
    pub fn replace_links(
        &mut self,
        by: &str,
        kinds: &[&str],
        links: impl IntoIterator<Item = Link>,
    ) -> Result<usize, Error> {
        let mut seen = std::collections::HashSet::new();
        let mut n_changed = 0;
        let mut waiting = Vec::new();
        for link in links {
            seen.insert((link.kind.clone(), link.id.clone()));
            if self.link_digest(&link.kind, &link.id)? == Some(link.digest()) {
                continue;
            }
            waiting.push(Change::Put(link));
            if waiting.len() >= CHANGES {
                n_changed += self.change_links(by, std::mem::take(&mut waiting))?;
            }
        }
        for kind in kinds {
            let known: rusqlite::Result<Vec<String>> = self
                .ledger
                .connection
                .prepare_cached("SELECT id FROM link WHERE kind = ?1 ORDER BY id")
                .and_then(|mut known| known.query_map([kind], |row| row.get(0))?.collect());
            let gone = known.doing("listing links")?.into_iter().map(|id| ((*kind).to_owned(), id));
            waiting
                .extend(gone.filter(|name| !seen.contains(name)).map(|(kind, id)| Change::Drop { kind, id }));
        }
        Ok(n_changed + self.change_links(by, waiting)?)
    }

    /// Puts and drops links, in order. One that is put as it was changes nothing. Gives how many changed.
    pub fn change_links(
        &mut self,
        by: &str,
        changes: impl IntoIterator<Item = Change>,
    ) -> Result<usize, Error> {
        let mut n_changed = 0;
        let mut waiting = Vec::new();
        for change in changes {
            let (kind, id) = change.name();
            let known = self.link_digest(kind, id)?;
            // Of a name that changes twice, the second change is compared with what the first will have made.
            let again = waiting.iter().any(|other: &Change| other.name() == change.name());
            let same = match &change {
                Change::Put(link) => known == Some(link.digest()),
                Change::Drop { .. } => known.is_none(),
            };
            if same && !again {
                continue;
            }
            n_changed += 1;
            waiting.push(change);
            if waiting.len() == CHANGES {
                let changes = std::mem::take(&mut waiting);
                self.entry(&Body::Links(log::Links { by: by.to_owned(), changes }))?;
            }
        }
        if !waiting.is_empty() {
            self.entry(&Body::Links(log::Links { by: by.to_owned(), changes: waiting }))?;
        }
        Ok(n_changed)
    }

    fn link_digest(&self, kind: &str, id: &str) -> Result<Option<i64>, Error> {
        self.ledger
            .connection
            .prepare_cached("SELECT digest FROM link WHERE kind = ?1 AND id = ?2")
            .and_then(|mut digest| digest.query_row([kind, id], |row| row.get(0)).optional())
            .doing("looking for a link")
    }

    /// Keeps a value for a later stage's own speed: outside the log, never shown, never verified.
    pub fn cache_put(&mut self, space: &str, key: &[u8], value: &[u8]) -> Result<(), Error> {
        self.begin()?;
        let sql = "INSERT OR REPLACE INTO cache (space, key, value) VALUES (?1, ?2, ?3)";
        let put = self
            .ledger
            .connection
            .prepare_cached(sql)
            .and_then(|mut put| put.execute(params![space, key, value]))
            .doing("writing the cache");
        self.or_fail(put).map(|_| ())
    }

    /// Drops all that a later stage kept under `space`.
    pub fn cache_drop(&mut self, space: &str) -> Result<(), Error> {
        self.begin()?;
        let dropped = self
            .ledger
            .connection
            .execute("DELETE FROM cache WHERE space = ?1", [space])
            .doing("writing the cache");
        self.or_fail(dropped).map(|_| ())
    }

    /// Makes all that was written since the last commit lasting, and gives the head. What a caller acknowledges, it
    /// acknowledges after this. With nothing to commit, gives the head as it is.
    pub fn commit(&mut self) -> Result<Head, Error> {
        self.usable()?;
        if self.open {
            let synced = self.archive.sync();
            self.or_fail(synced)?;
            let Head { entry, at, hash } = self.last;
            let done = self
                .ledger
                .connection
                .prepare_cached("INSERT OR IGNORE INTO head (seq, at, hash) VALUES (?1, ?2, ?3)")
                .and_then(|mut head| head.execute(params![entry, at, hash]))
                .and_then(|_| self.ledger.connection.execute_batch("COMMIT"))
                .doing("committing");
            self.or_fail(done)?;
            self.open = false;
        }
        Ok(self.last)
    }

    /// Settles the ledger after much was written: full-text indexes in one piece, statistics for SQLite, the file
    /// without holes.
    pub fn compact(&mut self) -> Result<(), Error> {
        self.commit()?;
        let sql = "INSERT INTO page_fts (page_fts) VALUES ('optimize'); INSERT INTO claim_fts (claim_fts) VALUES ('optimize'); \
                   INSERT INTO name_fts (name_fts) VALUES ('optimize'); ANALYZE; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
        self.ledger.connection.execute_batch(sql).doing("compacting")
    }

    /// The time of the next entry.
    fn time(&self) -> i64 {
        (self.clock)().max(self.last.at)
    }

    fn usable(&self) -> Result<(), Error> {
        match self.failed {
            true => Err(Error::broken("the writer", "it failed before; open the ledger again")),
            false => Ok(()),
        }
    }

    fn begin(&mut self) -> Result<(), Error> {
        self.usable()?;
        if !self.open {
            self.ledger.connection.execute_batch("BEGIN IMMEDIATE").doing("beginning to write")?;
            self.open = true;
        }
        Ok(())
    }

    /// Undoes all that is not committed where `done` is an error.
    fn or_fail<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        if done.is_err() {
            self.failed = true;
            self.index.forget();
            // SQLite may have rolled back by itself; the error to tell is the first one.
            let _ = self.ledger.connection.execute_batch("ROLLBACK");
        }
        done
    }

    fn entry(&mut self, body: &Body) -> Result<(), Error> {
        self.packed_entry(body, &chain::pack(&body.to_json()), None)
    }

    /// Appends to the log, and writes what follows from it.
    fn packed_entry(&mut self, body: &Body, packed: &[u8], text: Option<&str>) -> Result<(), Error> {
        self.begin()?;
        let (seq, at, kind) = (self.last.entry + 1, self.time(), body.kind());
        let hash = chain::link(&self.last.hash, seq, at, kind, packed);
        let connection = &self.ledger.connection;
        let sql = "INSERT INTO entry (seq, at, kind, body, hash) VALUES (?1, ?2, ?3, ?4, ?5)";
        let written = connection
            .prepare_cached(sql)
            .and_then(|mut entry| entry.execute(params![seq, at, kind, packed, hash]))
            .and_then(|_| match text {
                Some(text) => connection
                    .prepare_cached("INSERT INTO text (id, text) VALUES (?1, ?2)")
                    .and_then(|mut insert| insert.execute(params![seq, text])),
                None => Ok(0),
            })
            .doing("writing the log");
        let written = written.and_then(|_| self.index.apply(connection, connection, (seq, at), body, text));
        self.or_fail(written)?;
        self.last = Head { entry: seq, at, hash };
        Ok(())
    }
}

impl Drop for Writer {
    /// What is not committed is not kept.
    fn drop(&mut self) {
        if self.open && !self.failed {
            let _ = self.ledger.connection.execute_batch("ROLLBACK");
        }
    }
}

/// How many WARC files the ledger knows, and how many bytes of the newest.
fn known_files(ledger: &Ledger) -> Result<(usize, u64), Error> {
    let sql = "SELECT (SELECT count(*) FROM archive), coalesce((SELECT offset + length FROM capture WHERE capture.archive = archive.id \
               ORDER BY id DESC LIMIT 1), archive.length) FROM archive ORDER BY id DESC LIMIT 1";
    let known = ledger
        .connection
        .query_row(sql, [], |row| Ok((row.get::<_, i64>(0)? as usize, row.get::<_, i64>(1)? as u64)));
    Ok(known.optional().doing("looking for WARC files")?.unwrap_or((0, 0)))
}

/// Takes the lock, waiting for `wait` at most, and writes into it who holds it.
fn lock(path: &Path, wait: Duration) -> Result<File, Error> {
    let io = |error| Error::io(path, error);
    let mut file =
        File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(io)?;
    let until = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(error)) => return Err(io(error)),
            Err(TryLockError::WouldBlock) if Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim().to_owned();
                return Err(Error::Locked { path: path.to_owned(), holder });
            }
        }
    }
    let holder = format!("process {} since {}\n", std::process::id(), warc::show_time(now()));
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(holder.as_bytes()))
        .map_err(io)?;
    Ok(file)
}
