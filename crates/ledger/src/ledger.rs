//! Reading a ledger: its pages and records, its links, its decisions, its head.
//!
//! Start at [`Ledger::open`]. Any number of programs read at once, also while one writes; each sees the ledger as it
//! was after some commit. Lists of claims that were asked for by what is in them are in [`crate::query`].

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use hearsay_doc::record::Record;
use hearsay_doc::{Date, Interval};
use rusqlite::{Connection, OptionalExtension, params};

use crate::chain::{Hash, hex};
use crate::decide::{self, Act, ClaimRef};
use crate::error::Doing;
use crate::index::{self, claim_number, in_force};
use crate::link::{Change, Link};
use crate::log::{Body, Decided, Given, Place};
use crate::{Error, schema, warc};

/// A ledger that is read.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) connection: Connection,
    pub(crate) folder: PathBuf,
    pub(crate) tuning: crate::query::Tuning,
}

/// From when an answer is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsOf {
    /// The newest.
    #[default]
    Now,
    /// As it was after the entry with this number.
    Entry(i64),
}

impl AsOf {
    pub(crate) fn entry(self) -> i64 {
        match self {
            AsOf::Now => i64::MAX,
            AsOf::Entry(entry) => entry,
        }
    }
}

/// A page as one reading has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The page's number in this ledger, by arrival from 1. It keeps it over re-readings.
    pub page: i64,
    /// 32 hexadecimal digits that name the page in every ledger: of its capture, its name, what was said of it.
    pub key: String,
    /// The log entry of this reading.
    pub entry: i64,
    /// When its capture was first taken in, milliseconds since 1970 UTC.
    pub first_seen: i64,
    /// Program and models that read it.
    pub reader: String,
    /// What was read, with people's decisions applied: a rejected claim is not in it, the others keep their ids.
    pub record: Record,
}

/// The last entry and its hash: whoever holds a head can later prove that the ledger still has all up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the entry; 0 for an empty ledger.
    pub entry: i64,
    /// When it was written, milliseconds since 1970 UTC.
    pub at: i64,
    /// Its hash.
    pub hash: Hash,
}

/// A place where a capture was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Where, and what was said of it.
    pub place: Place,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The log entry.
    pub entry: i64,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// What and why.
    pub problem: crate::log::Problem,
}

/// A decision and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Its number, the log entry.
    pub entry: i64,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Who decided.
    pub who: String,
    /// Why.
    pub why: Option<String>,
    /// What.
    pub act: Act,
    /// The decision that took it back.
    pub undone: Option<i64>,
    /// The claims that it is about, as the newest readings have them: page number and claim id; `None` for one that
    /// no longer finds its claim.
    pub claims: Vec<Option<(i64, String)>>,
}

/// A merge or a split in force, for whoever makes incidents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    /// The decision's number.
    pub entry: i64,
    /// All of `one` and `other` in one incident, or none of `one` with any of `other`.
    pub together: bool,
    /// Page number and claim id. All claims of a merge.
    pub one: Vec<(i64, String)>,
    /// Empty for a merge.
    pub other: Vec<(i64, String)>,
}

/// How much a ledger holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Captures.
    pub captures: u64,
    /// Places where they were seen.
    pub sightings: u64,
    /// Pages.
    pub pages: u64,
    /// Claims that are said now.
    pub claims: u64,
    /// Decisions.
    pub decisions: u64,
    /// Problems.
    pub problems: u64,
    /// Log entries.
    pub entries: u64,
}

impl Ledger {
    /// Opens the ledger in `folder` for reading. Works on a read-only disk and beside a writer.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if there is none, [`Error::Foreign`] and [`Error::Newer`] if it is not one this program reads.
    pub fn open(folder: &Path) -> Result<Ledger, Error> {
        let connection = schema::open_to_read(&folder.join(schema::FILE))?;
        Ok(Ledger { connection, folder: folder.to_owned(), tuning: crate::query::Tuning::default() })
    }

    /// Answers questions by other ways than it would choose; the answers are the same. For measuring.
    pub fn tune(&mut self, tuning: crate::query::Tuning) {
        self.tuning = tuning;
    }

    /// The ledger's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The last entry of the log, committed or written by this program.
    pub fn head(&self) -> Result<Head, Error> {
        let sql = "SELECT seq, at, hash FROM entry ORDER BY seq DESC LIMIT 1";
        let head = self
            .connection
            .query_row(sql, [], |row| Ok(Head { entry: row.get(0)?, at: row.get(1)?, hash: row.get(2)? }));
        Ok(head.optional().doing("looking for the head")?.unwrap_or(Head { entry: 0, at: 0, hash: [0; 32] }))
    }

    /// The number of the last entry: what to remember for [`records_after`](Ledger::records_after).
    pub fn last_entry(&self) -> Result<i64, Error> {
        Ok(self.head()?.entry)
    }

    /// The last entry written before or on the day, in UTC; an [`AsOf`] of before the first entry finds nothing.
    pub fn as_of(&self, day: Date) -> Result<AsOf, Error> {
        let end = (i64::from(day.days()) + 1) * 86_400_000;
        // Times never decrease, so half of what is left can be dropped at each look.
        let (mut low, mut high) = (0, self.last_entry()?);
        while low < high {
            let middle = low + (high - low + 1) / 2;
            let at: i64 = self
                .connection
                .prepare_cached("SELECT at FROM entry WHERE seq = ?1")
                .and_then(|mut at| at.query_row([middle], |row| row.get(0)))
                .doing("looking for the time of an entry")?;
            if at < end { low = middle } else { high = middle - 1 }
        }
        Ok(AsOf::Entry(low))
    }

    /// How much there is.
    pub fn counts(&self) -> Result<Counts, Error> {
        let sql = "SELECT (SELECT count(*) FROM capture), (SELECT count(*) FROM sighting), (SELECT count(*) FROM page), \
                   (SELECT count(*) FROM claim WHERE until IS NULL), (SELECT count(*) FROM decision), \
                   (SELECT count(*) FROM problem), (SELECT count(*) FROM entry)";
        let counts = self.connection.query_row(sql, [], |row| {
            let count = |idx| row.get::<_, i64>(idx).map(|n| n as u64);
            Ok(Counts {
                captures: count(0)?,
                sightings: count(1)?,
                pages: count(2)?,
                claims: count(3)?,
                decisions: count(4)?,
                problems: count(5)?,
                entries: count(6)?,
            })
        });
        counts.doing("counting")
    }

    /// Every page's reading as of then, by arrival.
    pub fn records(&self, as_of: AsOf) -> Result<Records<'_>, Error> {
        Ok(Records { ledger: self, as_of, next: Next::All { after: 0 }, waiting: VecDeque::new() })
    }

    /// The newest reading of every page that was read, or decided upon, after the entry with this number.
    pub fn records_after(&self, entry: i64) -> Result<Records<'_>, Error> {
        let sql = "SELECT page FROM reading WHERE id > ?1 AND until IS NULL UNION \
                   SELECT page.id FROM decision_page JOIN page ON page.key = decision_page.page WHERE decision > ?1 ORDER BY 1";
        let pages: rusqlite::Result<_> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut pages| pages.query_map([entry], |row| row.get(0))?.collect());
        let pages = pages.doing("looking for new readings")?;
        Ok(Records { ledger: self, as_of: AsOf::Now, next: Next::These(pages), waiting: VecDeque::new() })
    }

    /// The newest reading of the page with this number.
    pub fn kept(&self, page: i64) -> Result<Option<Kept>, Error> {
        self.kept_as_of(page, AsOf::Now)
    }

    /// The reading of the page with this number as of then.
    pub fn kept_as_of(&self, page: i64, as_of: AsOf) -> Result<Option<Kept>, Error> {
        let sql = format!("{KEPT} WHERE page.id = ?2");
        let row = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut kept| kept.query_row([as_of.entry(), page], Row::of).optional())
            .doing("looking for a page")?;
        row.map(|row| self.read(row, as_of)).transpose()
    }

    /// Numbers of all pages, by name and then by key: an order that does not depend on arrival.
    pub fn pages_by_name(&self) -> Result<Vec<i64>, Error> {
        self.connection
            .prepare_cached("SELECT id FROM page ORDER BY name, key")
            .and_then(|mut pages| pages.query_map([], |row| row.get(0))?.collect())
            .doing("listing pages")
    }

    /// The pages that are meant by `words`: a page's whole name, its key or the first 8 digits of it at least, or its
    /// number.
    pub fn find_pages(&self, words: &str) -> Result<Vec<i64>, Error> {
        let digits = words.to_ascii_lowercase();
        let is_key = (8..=32).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let low = is_key.then(|| crate::chain::unhex(&format!("{digits:0<32}"))).flatten();
        let high = is_key.then(|| crate::chain::unhex(&format!("{digits:f<32}"))).flatten();
        let sql = "SELECT id FROM page WHERE name = ?1 UNION SELECT id FROM page WHERE key BETWEEN ?2 AND ?3 \
                   UNION SELECT id FROM page WHERE id = ?4 ORDER BY 1";
        let number: Option<i64> = words.parse().ok();
        self.connection
            .prepare_cached(sql)
            .and_then(|mut pages| {
                pages.query_map(params![words, low, high, number], |row| row.get(0))?.collect()
            })
            .doing("looking for a page")
    }

    fn read(&self, row: Row, as_of: AsOf) -> Result<Kept, Error> {
        let read = index::record(&self.connection, row.reading, row.text)?;
        let acts = in_force(&self.connection, &row.key, as_of.entry())?;
        let mut record = read.record;
        if !acts.is_empty() {
            record.claims = decide::apply(&record, &acts).into_iter().flatten().collect();
        }
        Ok(Kept {
            page: row.page,
            key: hex(&row.key),
            entry: row.reading,
            first_seen: row.first_seen,
            reader: read.reader,
            record,
        })
    }

    /// The record as it was read, before any decision.
    pub(crate) fn as_read(&self, page: i64) -> Result<Option<(String, Record)>, Error> {
        let sql = "SELECT key, reading, text FROM page WHERE id = ?1";
        let found: Option<([u8; 16], i64, i64)> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut page_row| {
                page_row.query_row([page], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
            })
            .doing("looking for a page")?;
        let Some((key, reading, text)) = found else { return Ok(None) };
        Ok(Some((hex(&key), index::record(&self.connection, reading, text)?.record)))
    }

    /// The claim with this id in the newest reading of a page, in words that outlive the reading.
    pub fn claim_ref(&self, page: i64, claim: &str) -> Result<Option<ClaimRef>, Error> {
        let Some((key, record)) = self.as_read(page)? else { return Ok(None) };
        let found = record.claims.iter().find(|found| found.id == claim);
        Ok(found.map(|found| ClaimRef::of(&key, &record, found)))
    }

    /// The bytes of a capture, by its SHA-256 with or without `sha256:`; `None` where it is not here.
    ///
    /// # Errors
    ///
    /// [`Error::Warc`] if the record in the WARC file is not what the ledger says.
    pub fn capture(&self, sha256: &str) -> Result<Option<Vec<u8>>, Error> {
        let digest = index::digest(sha256)?;
        let sql = "SELECT file, offset, capture.length, n_bytes FROM capture JOIN archive ON archive.id = archive \
                   WHERE sha256 = ?1";
        let found = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut spot| {
                spot.query_row([digest], |row| {
                    let spot = warc::Spot {
                        file: row.get(0)?,
                        offset: row.get::<_, i64>(1)? as u64,
                        length: row.get::<_, i64>(2)? as u64,
                    };
                    Ok((spot, row.get::<_, i64>(3)? as u64))
                })
                .optional()
            })
            .doing("looking for a capture")?;
        let Some((spot, n_bytes)) = found else { return Ok(None) };
        let member = warc::read_member(&self.folder, &spot)?;
        let block = warc::block(&member, &spot, n_bytes)?;
        if crate::chain::sha256(&block) != digest {
            let reason = format!("its bytes are not those of sha256:{}", hex(&digest));
            return Err(Error::Warc { file: spot.file, offset: spot.offset, reason });
        }
        Ok(Some(block))
    }

    /// Is this capture here, seen at this place, with this said of it?
    pub fn has_seen(&self, sha256: &Hash, place: &Place) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM capture JOIN sighting ON sighting.capture = capture.id \
                   WHERE sha256 = ?1 AND origin = ?2 AND name = ?3 AND given IS ?4)";
        let given = place.given.as_ref().map(|given| serde_json::to_string(given).expect("strings are JSON"));
        self.connection
            .prepare_cached(sql)
            .and_then(|mut seen| {
                seen.query_row(params![sha256, place.origin, place.name, given], |row| row.get(0))
            })
            .doing("looking for a sighting")
    }

    /// Is this capture here?
    pub fn has_capture(&self, sha256: &Hash) -> Result<bool, Error> {
        self.connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM capture WHERE sha256 = ?1)")
            .and_then(|mut has| has.query_row([sha256], |row| row.get(0)))
            .doing("looking for a capture")
    }

    /// Was this page read by this reader, and by no newer one since? `capture` is the `sha256:…` of the bytes.
    pub fn has_reading(
        &self,
        capture: &str,
        name: &str,
        nth: u32,
        given: Option<&Given>,
        reader: &str,
    ) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM page JOIN reading ON reading.id = page.reading \
                   JOIN reader ON reader.id = reading.reader WHERE key = ?1 AND by = ?2)";
        let key = index::page_key(capture, name, nth, given);
        self.connection
            .prepare_cached(sql)
            .and_then(|mut has| has.query_row(params![key, reader], |row| row.get(0)))
            .doing("looking for a reading")
    }

    /// Every capture with the places where it was seen, by arrival: SHA-256 and sightings.
    pub fn sightings(&self) -> Result<Vec<(String, Vec<Sighting>)>, Error> {
        let sql = "SELECT capture.id, sha256, sighting.at, origin, name, given FROM sighting \
                   JOIN capture ON capture.id = sighting.capture ORDER BY capture.id, sighting.id";
        let mut statement = self.connection.prepare_cached(sql).doing("listing sightings")?;
        let mut rows = statement.query([]).doing("listing sightings")?;
        let mut all: Vec<(String, Vec<Sighting>)> = Vec::new();
        let mut last = None;
        while let Some(row) = rows.next().doing("listing sightings")? {
            let (id, digest, sighting) = sighting_of(row).doing("listing sightings")?;
            if last != Some(id) {
                all.push((format!("sha256:{}", hex(&digest)), Vec::new()));
                last = Some(id);
            }
            all.last_mut().expect("one was pushed").1.push(sighting);
        }
        Ok(all)
    }

    /// Where a page's capture was seen, earliest first.
    pub fn sightings_of(&self, page: i64) -> Result<Vec<Sighting>, Error> {
        let sql = "SELECT capture.id, sha256, sighting.at, origin, sighting.name, given FROM page \
                   JOIN capture ON capture.id = page.capture JOIN sighting ON sighting.capture = capture.id \
                   WHERE page.id = ?1 ORDER BY sighting.id";
        self.connection
            .prepare_cached(sql)
            .and_then(|mut rows| {
                rows.query_map([page], |row| sighting_of(row).map(|(.., seen)| seen))?.collect()
            })
            .doing("listing sightings")
    }

    /// What could not be read, oldest first.
    pub fn problems(&self) -> Result<Vec<Problem>, Error> {
        let sql = "SELECT id, at, origin, place, reason, hint FROM problem ORDER BY id";
        let problem = |row: &rusqlite::Row<'_>| {
            let problem = crate::log::Problem {
                origin: row.get(2)?,
                place: row.get(3)?,
                reason: row.get(4)?,
                hint: row.get(5)?,
            };
            Ok(Problem { entry: row.get(0)?, at: row.get(1)?, problem })
        };
        self.connection
            .prepare_cached(sql)
            .and_then(|mut rows| rows.query_map([], problem)?.collect())
            .doing("listing problems")
    }

    /// All decisions, oldest first, with the claims that they find today.
    pub fn decisions(&self) -> Result<Vec<Decision>, Error> {
        let sql = "SELECT id, at, who, why, said, undone FROM decision ORDER BY id";
        type Said = (i64, i64, String, Option<String>, String, Option<i64>);
        let all: Vec<Said> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut rows| {
                let said = |row: &rusqlite::Row<'_>| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
                };
                rows.query_map([], said)?.collect()
            })
            .doing("listing decisions")?;
        let decision = |(entry, at, who, why, said, undone): Said| {
            let act: Act = serde_json::from_str(&said)
                .map_err(|error| Error::broken(format!("decision {entry}"), error.to_string()))?;
            let claims =
                act.claims().into_iter().map(|claim| self.find_claim(claim)).collect::<Result<_, _>>()?;
            Ok(Decision { entry, at, who, why, act, undone, claims })
        };
        all.into_iter().map(decision).collect()
    }

    /// Page number and id of the claim that is meant, in its page's newest reading.
    pub fn find_claim(&self, claim: &ClaimRef) -> Result<Option<(i64, String)>, Error> {
        let Some(&page) = self.find_pages(&claim.page)?.first() else { return Ok(None) };
        let Some((_, record)) = self.as_read(page)? else { return Ok(None) };
        Ok(claim.find(&record).map(|idx| (page, record.claims[idx].id.clone())))
    }

    /// Merges and splits in force. Claims that are no longer found are left out, and with them a bond that holds nothing.
    pub fn bonds(&self) -> Result<Vec<Bond>, Error> {
        let mut bonds = Vec::new();
        for decision in self.decisions()?.into_iter().filter(|decision| decision.undone.is_none()) {
            let (n_one, together) = match &decision.act {
                Act::Merge { claims } => (claims.len(), true),
                Act::Split { one, .. } => (one.len(), false),
                _ => continue,
            };
            let (one, other) = decision.claims.split_at(n_one);
            let (one, other): (Vec<_>, Vec<_>) =
                (one.iter().flatten().cloned().collect(), other.iter().flatten().cloned().collect());
            if if together { one.len() > 1 } else { !one.is_empty() && !other.is_empty() } {
                bonds.push(Bond { entry: decision.entry, together, one, other });
            }
        }
        Ok(bonds)
    }

    /// All links of a kind, in the order in which they were written.
    pub fn links(&self, kind: &str) -> Result<Links<'_>, Error> {
        let sql = "SELECT entry, n FROM link WHERE kind = ?1 ORDER BY entry, n";
        let spots: rusqlite::Result<_> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut spots| spots.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?.collect());
        Ok(Links { ledger: self, spots: spots.doing("listing links")?, open: None })
    }

    /// One link.
    pub fn link(&self, kind: &str, id: &str) -> Result<Option<Link>, Error> {
        let spot: Option<(i64, i64)> = self
            .connection
            .prepare_cached("SELECT entry, n FROM link WHERE kind = ?1 AND id = ?2")
            .and_then(|mut spot| spot.query_row([kind, id], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .doing("looking for a link")?;
        let Some(spot) = spot else { return Ok(None) };
        Links { ledger: self, spots: VecDeque::from([spot]), open: None }.next().transpose()
    }

    /// Kind and id of the links that a page or one of its claims is in.
    pub fn links_of_page(&self, page: i64) -> Result<Vec<(String, String)>, Error> {
        let sql = "SELECT DISTINCT kind, id FROM link_member WHERE page = ?1 ORDER BY kind, id";
        self.connection
            .prepare_cached(sql)
            .and_then(|mut links| links.query_map([page], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .doing("looking for a page's links")
    }

    /// Ids of the links of a kind that a claim is in.
    pub fn links_of_claim(&self, kind: &str, page: i64, claim: &str) -> Result<Vec<String>, Error> {
        let sql = "SELECT id FROM link_member WHERE page = ?1 AND claim = ?2 AND kind = ?3 ORDER BY id";
        self.connection
            .prepare_cached(sql)
            .and_then(|mut links| {
                links.query_map(params![page, claim_number(claim), kind], |row| row.get(0))?.collect()
            })
            .doing("looking for a claim's links")
    }

    /// The links of a kind as they were then, by id: the log's changes replayed.
    pub fn links_as_of(&self, kind: &str, as_of: AsOf) -> Result<Vec<Link>, Error> {
        let sql = "SELECT seq FROM entry WHERE kind = 'links' AND seq <= ?1 ORDER BY seq";
        let entries: rusqlite::Result<Vec<i64>> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut entries| entries.query_map([as_of.entry()], |row| row.get(0))?.collect());
        let mut links = std::collections::BTreeMap::new();
        for entry in entries.doing("looking for links in the log")? {
            for change in changes(&self.connection, entry)? {
                match change {
                    Change::Put(link) if link.kind == kind => {
                        links.insert(link.id.clone(), link);
                    }
                    Change::Drop { kind: of, id } if of == kind => {
                        links.remove(&id);
                    }
                    _ => {}
                }
            }
        }
        Ok(links.into_values().collect())
    }

    /// A value of a later stage's own, see [`Writer::cache_put`](crate::Writer::cache_put).
    pub fn cache_get(&self, space: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.connection
            .prepare_cached("SELECT value FROM cache WHERE space = ?1 AND key = ?2")
            .and_then(|mut value| value.query_row(params![space, key], |row| row.get(0)).optional())
            .doing("looking into the cache")
    }

    /// Calls `each` on every key that begins with `prefix` and its value, by key.
    pub fn cache_scan(
        &self,
        space: &str,
        prefix: &[u8],
        mut each: impl FnMut(&[u8], &[u8]),
    ) -> Result<(), Error> {
        let sql = "SELECT key, value FROM cache WHERE space = ?1 AND key >= ?2 ORDER BY key";
        let doing = "looking into the cache";
        let mut statement = self.connection.prepare_cached(sql).doing(doing)?;
        let mut rows = statement.query(params![space, prefix]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let (key, value) = (row.get_ref(0).doing(doing)?, row.get_ref(1).doing(doing)?);
            let (Ok(key), Ok(value)) = (key.as_blob(), value.as_blob()) else { continue };
            if !key.starts_with(prefix) {
                break;
            }
            each(key, value);
        }
        Ok(())
    }

    /// A decision as it stands in the log.
    pub(crate) fn decided(&self, entry: i64) -> Result<Option<Decided>, Error> {
        let exists: bool = self
            .connection
            .query_row("SELECT EXISTS (SELECT 1 FROM decision WHERE id = ?1)", [entry], |row| row.get(0))
            .doing("looking for a decision")?;
        match exists.then(|| index::entry(&self.connection, entry)).transpose()? {
            Some(Body::Decision(decided)) => Ok(Some(decided)),
            _ => Ok(None),
        }
    }
}

/// The day that `words` name, or the last day of the month or year.
pub fn last_day_of(words: &str) -> Result<Date, Error> {
    Interval::parse(words).map(|interval| interval.end).map_err(|error| Error::Query(error.to_string()))
}

/// A page with its reading as of entry ?1.
const KEPT: &str = "SELECT page.id, page.key, reading.id, reading.text, \
    (SELECT min(at) FROM sighting WHERE sighting.capture = page.capture) \
    FROM page JOIN reading ON reading.page = page.id AND reading.id <= ?1 AND (reading.until IS NULL OR reading.until > ?1)";

/// What [`KEPT`] gives.
#[derive(Debug)]
struct Row {
    page: i64,
    key: [u8; 16],
    reading: i64,
    text: i64,
    first_seen: i64,
}

impl Row {
    fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
        Ok(Row {
            page: row.get(0)?,
            key: row.get(1)?,
            reading: row.get(2)?,
            text: row.get(3)?,
            first_seen: row.get::<_, Option<i64>>(4)?.unwrap_or(0),
        })
    }
}

/// Readings of many pages, taken out of the ledger a few at a time.
#[derive(Debug)]
pub struct Records<'l> {
    ledger: &'l Ledger,
    as_of: AsOf,
    next: Next,
    waiting: VecDeque<Row>,
}

/// Which pages come next.
#[derive(Debug)]
enum Next {
    All { after: i64 },
    These(VecDeque<i64>),
}

impl Records<'_> {
    fn fetch(&mut self) -> Result<(), Error> {
        let connection = &self.ledger.connection;
        match &mut self.next {
            Next::All { after } => {
                let sql = format!("{KEPT} WHERE page.id > ?2 ORDER BY page.id LIMIT 256");
                let rows: rusqlite::Result<VecDeque<Row>> = connection
                    .prepare_cached(&sql)
                    .and_then(|mut rows| rows.query_map([self.as_of.entry(), *after], Row::of)?.collect());
                self.waiting = rows.doing("listing readings")?;
                *after = self.waiting.back().map_or(*after, |row| row.page);
            }
            Next::These(pages) => {
                let sql = format!("{KEPT} WHERE page.id = ?2");
                while let Some(page) = pages.pop_front() {
                    let row = connection
                        .prepare_cached(&sql)
                        .and_then(|mut row| row.query_row([self.as_of.entry(), page], Row::of).optional());
                    if let Some(row) = row.doing("listing readings")? {
                        self.waiting.push_back(row);
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Kept, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.waiting.is_empty()
            && let Err(error) = self.fetch()
        {
            self.next = Next::These(VecDeque::new());
            return Some(Err(error));
        }
        let row = self.waiting.pop_front()?;
        Some(self.ledger.read(row, self.as_of))
    }
}

/// Links, taken out of the log one entry at a time.
#[derive(Debug)]
pub struct Links<'l> {
    ledger: &'l Ledger,
    spots: VecDeque<(i64, i64)>,
    /// The entry that was unpacked last.
    open: Option<(i64, Vec<Change>)>,
}

impl Iterator for Links<'_> {
    type Item = Result<Link, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (entry, n) = self.spots.pop_front()?;
        if self.open.as_ref().is_none_or(|(open, _)| *open != entry) {
            match changes(&self.ledger.connection, entry) {
                Ok(changes) => self.open = Some((entry, changes)),
                Err(error) => return Some(Err(error)),
            }
        }
        match self.open.as_ref().and_then(|(_, changes)| changes.get(n as usize)) {
            Some(Change::Put(link)) => Some(Ok(link.clone())),
            _ => Some(Err(Error::broken(format!("entry {entry}"), format!("change {n} is no link")))),
        }
    }
}

fn changes(log: &Connection, entry: i64) -> Result<Vec<Change>, Error> {
    match index::entry(log, entry)? {
        Body::Links(links) => Ok(links.changes),
        other => {
            Err(Error::broken(format!("entry {entry}"), format!("a {} where links are meant", other.kind())))
        }
    }
}

fn sighting_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<(i64, Hash, Sighting)> {
    let given: Option<String> = row.get(5)?;
    let given = given.and_then(|given| serde_json::from_str(&given).ok());
    let place = Place { origin: row.get(3)?, name: row.get(4)?, given };
    Ok((row.get(0)?, row.get(1)?, Sighting { at: row.get(2)?, place }))
}
