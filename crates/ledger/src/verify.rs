//! Is everything still there, and as it was?
//!
//! [`verify`] walks the log from its first entry, checks every hash, makes all derived tables again in a
//! temporary database by the same code that made them first, and compares row by row; it reads every WARC record and
//! compares it with its digest. What it reports names the row. It changes nothing, needs no network and works on
//! a read-only disk; a writer may go on meanwhile.
//!
//! Outside of it: table `cache`, SQLite's statistics and two counters by which FTS5 decides when to tidy up (in row 10 of
//! its `_data` tables), and bytes at the end of a WARC file that no row knows yet.

use std::collections::BTreeMap;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension};

use crate::chain::{self, Hash, hex};
use crate::error::Doing;
use crate::index::Index;
use crate::ledger::{Counts, Head, Ledger};
use crate::log::Body;
use crate::warc::{self, Spot};
use crate::{Error, schema};

/// After so many findings no more are looked for: one tells that something is wrong, the rest where to begin.
const MOST: usize = 50;

/// Tables that are the ledger itself or no part of it; all others are made again and compared.
const NOT_DERIVED: [&str; 4] = ["entry", "text", "head", "cache"];

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How much was looked at.
    pub counts: Counts,
    /// Bytes of WARC files that were read.
    pub n_warc_bytes: u64,
    /// The last entry.
    pub head: Option<Head>,
    /// What is wrong, the first row first. Empty: all is as it was.
    pub findings: Vec<Finding>,
    /// What is odd and harmless.
    pub notes: Vec<String>,
}

/// One row that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which: `entry 17`, `claim 65537`, `00001.warc.gz at byte 812`.
    pub row: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Checks all of `ledger`, and that each of `heads` is one of its entries. `progress` hears of entries done and of all.
///
/// # Errors
///
/// Only where looking was not possible: the file cannot be read at all, the disk of temporary files is full. What is
/// wrong with the ledger is in [`Report::findings`].
pub fn verify(ledger: &Ledger, heads: &[Head], progress: &mut dyn FnMut(u64, u64)) -> Result<Report, Error> {
    let connection = &ledger.connection;
    // All is looked at as it was after one commit, whatever a writer does meanwhile.
    connection.execute_batch("BEGIN").doing("beginning to verify")?;
    let report = Verify { ledger, report: Report::default(), files: BTreeMap::new() }.run(heads, progress);
    connection.execute_batch("COMMIT").doing("ending to verify")?;
    report
}

struct Verify<'l> {
    ledger: &'l Ledger,
    report: Report,
    /// Bytes of each WARC file that rows know.
    files: BTreeMap<String, u64>,
}

impl Verify<'_> {
    fn run(mut self, heads: &[Head], progress: &mut dyn FnMut(u64, u64)) -> Result<Report, Error> {
        if let Err(error) = self.ledger.counts().map(|counts| self.report.counts = counts) {
            self.find("the ledger", error.to_string());
        }
        let replay = Connection::open("").doing("opening a temporary database")?;
        replay
            .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
            .doing("preparing a temporary database")?;
        schema::migrate(&replay, 0)?;
        // Errors of SQLite while reading are findings too: a damaged file is what is looked for.
        let whole = match self.log(&replay, progress) {
            Ok(whole) => whole,
            Err(error) => {
                self.find("the log", error.to_string());
                false
            }
        };
        if let Err(error) = self.heads(heads) {
            self.find("the heads", error.to_string());
        }
        self.ends();
        if whole {
            for table in self.derived(&replay)? {
                let mut compared = self.compare(&replay, &table);
                if compared.is_ok() && table.ends_with("_fts") {
                    compared = self.look_ups(&table).and_then(|()| self.signposts(&replay, &table));
                }
                if let Err(error) = compared {
                    self.find(format!("table {table}"), error.to_string());
                }
            }
        } else {
            self.report
                .notes
                .push("derived rows were not compared: the log they follow from is damaged".into());
        }
        if let Err(error) = self.structure() {
            self.find("the SQLite file", error.to_string());
        }
        Ok(self.report)
    }

    fn find(&mut self, row: impl Into<String>, reason: impl Into<String>) {
        if self.report.findings.len() < MOST {
            self.report.findings.push(Finding { row: row.into(), reason: reason.into() });
        }
    }

    /// The chain, the bodies, the captures, and the derived tables made again. `false` where that was not possible.
    fn log(&mut self, replay: &Connection, progress: &mut dyn FnMut(u64, u64)) -> Result<bool, Error> {
        let doing = "reading the log";
        let log = &self.ledger.connection;
        let mut texts = log.prepare("SELECT text FROM text WHERE id = ?1").doing(doing)?;
        let mut statement =
            log.prepare("SELECT seq, at, kind, body, hash FROM entry ORDER BY seq").doing(doing)?;
        let mut rows = statement.query([]).doing(doing)?;
        let mut index = Index::default();
        let mut before = Head { entry: 0, at: i64::MIN, hash: chain::GENESIS };
        let mut whole = true;
        let n_entries = self.report.counts.entries;
        replay.execute_batch("BEGIN").doing("making the index again")?;
        while let Some(row) = rows.next().doing(doing)? {
            let (seq, at): (i64, i64) = (row.get(0).doing(doing)?, row.get(1).doing(doing)?);
            let name = format!("entry {seq}");
            let kind: String = row.get(2).unwrap_or_default();
            let packed: Vec<u8> = row.get(3).unwrap_or_default();
            let hash: Hash = row.get(4).unwrap_or([0; 32]);
            if seq != before.entry + 1 {
                self.find(&name, format!("entry {} comes before it: some are missing", before.entry));
                whole = false;
            }
            if at < before.at {
                self.find(&name, "it is older than the entry before it");
            }
            if hash != chain::link(&before.hash, seq, at, &kind, &packed) {
                self.find(&name, "its hash is not that of its content and the entry before it");
                whole = false;
            }
            before = Head { entry: seq, at, hash };
            let body = chain::unpack(&packed).and_then(|json| Body::from_json(&kind, &json));
            let body = match body {
                Ok(body) => body,
                Err(reason) => {
                    self.find(&name, reason);
                    whole = false;
                    continue;
                }
            };
            self.captured(&body);
            let text: Option<String> = match body {
                Body::Reading(_) => {
                    texts.query_row([seq], |row| row.get(0)).optional().doing("reading a text")?
                }
                _ => None,
            };
            if whole && let Err(error) = index.apply(replay, log, (seq, at), &body, text.as_deref()) {
                match error {
                    Error::Broken { row, reason } => self.find(row, reason),
                    other => self.find(&name, other.to_string()),
                }
                whole = false;
            }
            if seq % 1024 == 0 {
                replay.execute_batch("COMMIT; BEGIN").doing("making the index again")?;
                progress(seq as u64, n_entries);
            }
        }
        replay.execute_batch("COMMIT").doing("making the index again")?;
        progress(n_entries, n_entries);
        self.report.head = (before.entry > 0).then_some(before);
        if before.entry == 0 {
            self.find("the log", "it is empty");
        }
        let sql =
            "SELECT id FROM text WHERE id NOT IN (SELECT seq FROM entry WHERE kind = 'reading') LIMIT 1";
        let stray: Option<i64> =
            log.query_row(sql, [], |row| row.get(0)).optional().doing("listing texts")?;
        if let Some(id) = stray {
            self.find(format!("text {id}"), "no reading brought it");
        }
        Ok(whole)
    }

    /// The WARC record that an entry speaks of.
    fn captured(&mut self, body: &Body) {
        let checked = match body {
            Body::Archive(archive) => {
                let spot = Spot { file: archive.file.clone(), offset: 0, length: archive.length };
                self.files.insert(archive.file.clone(), archive.length);
                self.member(&spot, &archive.member).map(|_| ())
            }
            Body::Capture(capture) => {
                let spot =
                    Spot { file: capture.file.clone(), offset: capture.offset, length: capture.length };
                let known = self.files.entry(capture.file.clone()).or_default();
                if *known != capture.offset {
                    let reason = format!("{known} bytes before it are accounted for");
                    self.find(format!("{} at byte {}", capture.file, capture.offset), reason);
                }
                self.files.insert(capture.file.clone(), capture.offset.saturating_add(capture.length));
                self.member(&spot, &capture.member).and_then(|member| {
                    let block = warc::block(&member, &spot, capture.n_bytes)?;
                    match hex(&chain::sha256(&block)) == capture.sha256 {
                        true => Ok(()),
                        false => Err(Error::Warc {
                            file: spot.file.clone(),
                            offset: spot.offset,
                            reason: format!("its bytes are not those of sha256:{}", capture.sha256),
                        }),
                    }
                })
            }
            _ => Ok(()),
        };
        match checked {
            Ok(()) => {}
            Err(Error::Warc { file, offset, reason }) => {
                self.find(format!("{file} at byte {offset}"), reason)
            }
            Err(other) => self.find("a WARC file", other.to_string()),
        }
    }

    fn member(&mut self, spot: &Spot, digest: &str) -> Result<Vec<u8>, Error> {
        let member = warc::read_member(&self.ledger.folder, spot)?;
        self.report.n_warc_bytes += member.len() as u64;
        if hex(&chain::sha256(&member)) != digest {
            let reason = "its bytes are not those that were written".to_owned();
            return Err(Error::Warc { file: spot.file.clone(), offset: spot.offset, reason });
        }
        Ok(member)
    }

    /// Heads noted at commits, the last of them, and those that somebody kept.
    fn heads(&mut self, kept: &[Head]) -> Result<(), Error> {
        let log = &self.ledger.connection;
        let sql = "SELECT head.seq FROM head LEFT JOIN entry ON entry.seq = head.seq \
                   WHERE entry.hash IS NOT head.hash OR entry.at IS NOT head.at ORDER BY head.seq LIMIT 1";
        let wrong: Option<i64> =
            log.query_row(sql, [], |row| row.get(0)).optional().doing("comparing heads")?;
        if let Some(seq) = wrong {
            self.find(format!("head {seq}"), "it is not that of the log's entry");
        }
        let last: Option<i64> =
            log.query_row("SELECT max(seq) FROM head", [], |row| row.get(0)).doing("comparing heads")?;
        let of_log = self.report.head.map(|head| head.entry);
        if last != of_log {
            let number = |entry: Option<i64>| entry.map_or("none".to_owned(), |entry| entry.to_string());
            let reason = format!("the log's last entry is {}", number(of_log));
            self.find(format!("head {}", number(last)), reason);
        }
        for head in kept {
            let found: Option<Hash> = log
                .query_row("SELECT hash FROM entry WHERE seq = ?1", [head.entry], |row| row.get(0))
                .optional()
                .doing("looking for a head")?;
            let row = format!("kept head {}", head.entry);
            match found {
                Some(hash) if hash == head.hash => {
                    self.report.notes.push(format!("kept head {}: the ledger has all up to it", head.entry));
                }
                Some(_) => self
                    .find(row, "the ledger has another entry of this number: it was altered, or is another"),
                None => {
                    let n = self.report.counts.entries;
                    self.find(row, format!("the ledger ends before it, with entry {n}"));
                }
            }
        }
        Ok(())
    }

    /// What lies behind the last known byte of each WARC file, and files that no row knows.
    fn ends(&mut self) {
        let folder = self.ledger.folder.join(warc::FOLDER);
        let Ok(entries) = std::fs::read_dir(&folder) else { return };
        let mut found: Vec<(String, u64)> = entries
            .flatten()
            .map(|entry| {
                let length = entry.metadata().map_or(0, |found| found.len());
                (entry.file_name().to_string_lossy().into_owned(), length)
            })
            .collect();
        found.sort();
        for (name, length) in found {
            let known = self.files.get(&name).copied().unwrap_or(0);
            if length > known {
                let n = length - known;
                let note = format!(
                    "{name}: {n} bytes at its end are of no finished commit; the next `add` drops them"
                );
                self.report.notes.push(note);
            }
        }
    }

    /// The tables to compare, in the order in which they are made.
    fn derived(&self, replay: &Connection) -> Result<Vec<String>, Error> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";
        let names: Vec<String> = replay
            .prepare(sql)
            .and_then(|mut names| names.query_map([], |row| row.get(0))?.collect())
            .doing("listing tables")?;
        // How a full-text index is cut into pieces depends on when commits were; its words do not.
        let kept = |name: &String| {
            !NOT_DERIVED.contains(&name.as_str())
                && !name.ends_with("_fts_data")
                && !name.ends_with("_fts_idx")
        };
        Ok(names.into_iter().filter(kept).collect())
    }

    /// One table of the ledger beside the same made again.
    fn compare(&mut self, replay: &Connection, table: &str) -> Result<(), Error> {
        let doing = "comparing a table";
        let log = &self.ledger.connection;
        let (sql, key) = if table.ends_with("_fts") {
            for connection in [log, replay] {
                let sql = format!(
                    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_of_{table} USING fts5vocab (main, {table}, instance)"
                );
                connection.execute_batch(&sql).doing(doing)?;
            }
            (format!("SELECT term, doc, col, offset FROM temp.words_of_{table}"), 2)
        } else {
            let sql = "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid";
            let columns: Vec<(String, i64)> = replay
                .prepare(sql)
                .and_then(|mut rows| rows.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
                .doing(doing)?;
            let mut key: Vec<&(String, i64)> = columns.iter().filter(|(_, pk)| *pk > 0).collect();
            key.sort_by_key(|(_, pk)| *pk);
            let key: Vec<&str> = key.into_iter().map(|(name, _)| name.as_str()).collect();
            let key = if key.is_empty() { vec!["rowid"] } else { key };
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            let others = names.iter().filter(|name| !key.contains(name)).copied();
            let all: Vec<&str> = key.iter().copied().chain(others).collect();
            let quote =
                |names: &[&str]| names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
            (format!("SELECT {} FROM \"{table}\" ORDER BY {}", quote(&all), quote(&key)), key.len())
        };
        let (mut mine, mut again) = (log.prepare(&sql).doing(doing)?, replay.prepare(&sql).doing(doing)?);
        let n_columns = mine.column_count();
        let names: Vec<String> = mine.column_names().map(str::to_owned).collect();
        let (mut mine, mut again) = (mine.query([]).doing(doing)?, again.query([]).doing(doing)?);
        loop {
            let (is, should) = (mine.next().doing(doing)?, again.next().doing(doing)?);
            let name = |row: &rusqlite::Row<'_>| -> String {
                let values: Vec<String> = (0..key).map(|idx| show(row.get_ref(idx).ok())).collect();
                format!("{table} {}", values.join(" "))
            };
            match (is, should) {
                (None, None) => return Ok(()),
                (Some(is), None) => {
                    self.find(name(is), "nothing in the log makes this row");
                    return Ok(());
                }
                (None, Some(should)) => {
                    self.find(name(should), "the row is missing");
                    return Ok(());
                }
                (Some(is), Some(should)) => {
                    let differs = (0..n_columns).find(|&idx| {
                        let values = (is.get_ref(idx), should.get_ref(idx));
                        !matches!(values, (Ok(is), Ok(should)) if same(is, should))
                    });
                    let Some(idx) = differs else { continue };
                    // A row with another key stands in for one that is missing: name the one that should be here.
                    let reason = match idx < key {
                        true => format!("the row is missing; {} stands in its place", name(is)),
                        false => format!("its {} is not what follows from the log", names[idx]),
                    };
                    self.find(name(should), reason);
                    return Ok(());
                }
            }
        }
    }

    /// Every word of a full-text index looked up, as a search does it: by the index's own signposts, which a comparison
    /// of all its words from first to last never reads.
    fn look_ups(&mut self, table: &str) -> Result<(), Error> {
        let doing = "looking words up";
        let log = &self.ledger.connection;
        let sql = format!(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.counts_of_{table} USING fts5vocab (main, {table}, row)"
        );
        log.execute_batch(&sql).doing(doing)?;
        let mut words = log.prepare(&format!("SELECT term, doc FROM temp.counts_of_{table}")).doing(doing)?;
        let sql = format!("SELECT count(*) FROM {table} WHERE {table} MATCH ?1");
        let mut look_up = log.prepare(&sql).doing(doing)?;
        let mut words = words.query([]).doing(doing)?;
        while let Some(word) = words.next().doing(doing)? {
            let (word, n_rows): (String, i64) = (word.get(0).doing(doing)?, word.get(1).doing(doing)?);
            let found: i64 = look_up.query_row([format!("\"{word}\"")], |row| row.get(0)).doing(doing)?;
            if found != n_rows {
                self.find(
                    format!("{table} {word:?}"),
                    format!("a search finds {found} rows, the index has {n_rows}"),
                );
                return Ok(());
            }
        }
        Ok(())
    }

    /// The pages and signposts of a full-text index. Table `…_idx` has one signpost for each leaf on which a word begins,
    /// and each is the beginning of that word. SQLite's own check passes over one that is missing. A segment that is being
    /// merged into another has lost its first leaves but not their signposts, which nothing reads any more, and its first
    /// leaf that is left begins with what the merge has not come to.
    ///
    /// # Source
    ///
    /// `fts5_index.c` of SQLite, "FTS5 index structure": the structure record, leaf pages, and how rows are numbered.
    fn signposts(&mut self, replay: &Connection, table: &str) -> Result<(), Error> {
        let doing = "checking a full-text index";
        let log = &self.ledger.connection;
        let mut block = log.prepare(&format!("SELECT block FROM {table}_data WHERE id = ?1")).doing(doing)?;
        let structure: Vec<u8> = block.query_row([10], |row| row.get(0)).doing(doing)?;
        let mut posts = log
            .prepare(&format!("SELECT term, pgno FROM {table}_idx WHERE segid = ?1 ORDER BY term"))
            .doing(doing)?;
        let mut n_posts = 0;
        let segments = segments(&structure).unwrap_or_default();
        let known = |id: i64| {
            let (segment, page) = (id >> 37, id & ((1 << 31) - 1));
            // Bit 36: where the rows of a word that fills many pages begin, in five bits' worth of levels. They outlive the
            // leaves that a merge has taken.
            let (begins, level) = (id >> 36 & 1 == 1, id >> 31 & 31);
            let in_segment = segments.iter().any(|&(of, first, last)| {
                let first = if begins { 1 } else { first };
                of == segment && (first..=last).contains(&page)
            });
            id == 1 || id == 10 || in_segment && (begins || level == 0)
        };
        let mut ids = log.prepare(&format!("SELECT id FROM {table}_data")).doing(doing)?;
        let ids: Vec<i64> = ids.query_map([], |row| row.get(0)).and_then(Iterator::collect).doing(doing)?;
        if let Some(stray) = ids.iter().find(|id| !known(**id)) {
            self.find(format!("{table}_data {stray}"), "it is no part of the index");
        }
        let totals: Option<Vec<u8>> = block.query_row([1], |row| row.get(0)).optional().doing(doing)?;
        let sql = format!("SELECT block FROM {table}_data WHERE id = 1");
        let should: Vec<u8> = replay.query_row(&sql, [], |row| row.get(0)).doing(doing)?;
        if totals.as_ref() != Some(&should) {
            self.find(format!("{table}_data 1"), "its totals are not those of the index");
        }
        for (segment, first, last) in segments.iter().copied() {
            let wrong = |reason: &str| (format!("{table}_idx {segment}"), reason.to_owned());
            let found: Vec<(Vec<u8>, i64)> = posts
                .query_map([segment], |row| Ok((row.get(0)?, row.get(1)?)))
                .and_then(Iterator::collect)
                .doing(doing)?;
            n_posts += found.len();
            let mut posts = found.iter().skip_while(|(_, at)| at >> 1 < first).peekable();
            if first > 1 {
                posts.next_if(|(_, at)| at >> 1 == first);
            }
            for page in (first + i64::from(first > 1))..=last {
                let id = segment << 37 | page;
                let leaf: Vec<u8> =
                    block.query_row([id], |row| row.get(0)).optional().doing(doing)?.unwrap_or_default();
                let Some(word) = first_word(&leaf) else { continue };
                let has_rows: bool = log
                    .query_row(
                        &format!("SELECT EXISTS (SELECT 1 FROM {table}_data WHERE id = ?1)"),
                        [id | 1 << 36],
                        |row| row.get(0),
                    )
                    .doing(doing)?;
                match posts.next() {
                    Some((term, at)) if *at == page << 1 | i64::from(has_rows) && word.starts_with(term) => {}
                    Some(_) => {
                        let (row, reason) = wrong("a signpost does not point to where its word begins");
                        self.find(row, reason);
                        return Ok(());
                    }
                    None => {
                        let (row, reason) = wrong("a signpost is missing");
                        self.find(row, reason);
                        return Ok(());
                    }
                }
            }
        }
        let n_rows: i64 =
            log.query_row(&format!("SELECT count(*) FROM {table}_idx"), [], |row| row.get(0)).doing(doing)?;
        if n_rows != n_posts as i64 {
            self.find(
                format!("{table}_idx"),
                format!("{n_rows} signposts, {n_posts} of them to pages of the index"),
            );
        }
        Ok(())
    }

    /// SQLite's own look at its file, and the tables' definitions.
    fn structure(&mut self) -> Result<(), Error> {
        let doing = "checking the SQLite file";
        let log = &self.ledger.connection;
        let said: Vec<String> = log
            .prepare("PRAGMA integrity_check(5)")
            .and_then(|mut said| said.query_map([], |row| row.get(0))?.collect())
            .doing(doing)?;
        for said in said.into_iter().filter(|said| said != "ok") {
            self.find("the SQLite file", said);
        }
        let fresh = Connection::open_in_memory().doing(doing)?;
        schema::migrate(&fresh, 0)?;
        let sql = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
        let definitions =
            |connection: &Connection| -> rusqlite::Result<Vec<(String, String, Option<String>)>> {
                let mut rows = connection.prepare(sql)?;
                rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
            };
        let (is, should) = (definitions(log).doing(doing)?, definitions(&fresh).doing(doing)?);
        if let Some((kind, name, _)) = should.iter().find(|row| !is.contains(row)) {
            self.find(format!("{kind} {name}"), "its definition is not that of the format");
        } else if let Some((kind, name, _)) = is.iter().find(|row| !should.contains(row)) {
            self.find(format!("{kind} {name}"), "it is no part of the format");
        }
        Ok(())
    }
}

/// SQLite's variable-length number at the start of `bytes`, and what follows it.
fn varint(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut number = 0u64;
    for (n, &byte) in bytes.iter().enumerate().take(9) {
        if n == 8 {
            return Some(((number << 8 | u64::from(byte)) as i64, &bytes[9..]));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((number as i64, &bytes[n + 1..]));
        }
    }
    None
}

/// Number, first and last page of each segment in a structure record of FTS5.
fn segments(record: &[u8]) -> Option<Vec<(i64, i64, i64)>> {
    let mut rest = record.get(4..)?;
    let mut next = || {
        let (number, after) = varint(rest)?;
        rest = after;
        Some(number)
    };
    let (n_levels, _, _) = (next()?, next()?, next()?);
    let mut all = Vec::new();
    for _ in 0..n_levels {
        let (_, n_segments) = (next()?, next()?);
        for _ in 0..n_segments {
            all.push((next()?, next()?, next()?));
        }
    }
    Some(all)
}

/// The first word that begins on a leaf page of FTS5; `None` where none does.
fn first_word(leaf: &[u8]) -> Option<&[u8]> {
    let footer = usize::from(u16::from_be_bytes(leaf.get(2..4)?.try_into().ok()?));
    let (offset, _) = varint(leaf.get(footer..)?)?;
    let (length, word) = varint(leaf.get(offset as usize..)?)?;
    word.get(..length as usize)
}

/// The same to the last bit.
fn same(a: ValueRef<'_>, b: ValueRef<'_>) -> bool {
    match (a, b) {
        (ValueRef::Real(a), ValueRef::Real(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

fn show(value: Option<ValueRef<'_>>) -> String {
    match value.map(Value::try_from) {
        Some(Ok(Value::Integer(n))) => n.to_string(),
        Some(Ok(Value::Real(n))) => n.to_string(),
        Some(Ok(Value::Text(words))) => words,
        Some(Ok(Value::Blob(bytes))) => hex(&bytes),
        _ => "?".to_owned(),
    }
}
