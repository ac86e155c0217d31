//! The log's entries become rows that can be searched.
//!
//! [`Index::apply`] is the only place where a derived table is written, and it looks at nothing but the entry and
//! what earlier entries made. So the tables can be made again from the log alone (`rebuild`), and `verify` does
//! just that and compares.

use std::collections::HashMap;

use hearsay_doc::Interval;
use hearsay_doc::record::{Claim, Place as NamedPlace, Record};
use rusqlite::{Connection, OptionalExtension, params};

use crate::Error;
use crate::chain::{self, Hash, hex, unhex};
use crate::decide::{self, Act};
use crate::error::Doing;
use crate::link::{Change, Link};
use crate::log::{self, Body, Given};

/// Claims that one page may have: the low 16 bits of a claim's number.
pub(crate) const MOST_CLAIMS: usize = u16::MAX as usize;

/// Names and places whose numbers are remembered between entries; beyond, all are forgotten at once.
const REMEMBERED: usize = 200_000;

/// Writes derived tables.
#[derive(Debug, Default)]
pub(crate) struct Index {
    words: HashMap<String, i64>,
    names: HashMap<(String, String), i64>,
    places: HashMap<PlaceKey, i64>,
}

/// What makes two places one: name, GeoNames id, coordinates in ten-thousandths of a degree, precision, country.
type PlaceKey = (String, Option<u32>, Option<(i64, i64)>, Option<String>, Option<String>);

/// The key of a page: the first half of a SHA-256 over its capture, its name, its number among the pages of that
/// name, and what the caller said of it. Never over what was read, so that it outlives the reader.
pub(crate) fn page_key(capture: &str, name: &str, nth: u32, given: Option<&Given>) -> [u8; 16] {
    let given = given
        .map_or_else(String::new, |given| serde_json::to_string(given).expect("a struct of strings is JSON"));
    let parts = [capture.as_bytes(), name.as_bytes(), &nth.to_be_bytes(), given.as_bytes()];
    let mut all = b"hearsay.ledger/1 page\0".to_vec();
    for part in parts {
        all.extend((part.len() as u64).to_be_bytes());
        all.extend(part);
    }
    chain::sha256(&all)[..16].try_into().expect("half of 32 bytes")
}

/// The digest in `sha256:…`, or in the digits alone.
pub(crate) fn digest(words: &str) -> Result<Hash, Error> {
    let digits = words.strip_prefix("sha256:").unwrap_or(words);
    let bytes = unhex(digits).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Error::broken(words, "no SHA-256"))
}

impl Index {
    /// Forgets what it remembers of rows that were never committed.
    pub(crate) fn forget(&mut self) {
        self.words.clear();
        self.names.clear();
        self.places.clear();
    }

    /// Writes the rows of one entry into `to`. `log` is where tables `entry` and `text` are; `text` is the text that a
    /// reading brings, `None` where it has that of the reading before.
    pub(crate) fn apply(
        &mut self,
        to: &Connection,
        log: &Connection,
        (seq, at): (i64, i64),
        body: &Body,
        text: Option<&str>,
    ) -> Result<(), Error> {
        match body {
            Body::Ledger(_) => Ok(()),
            Body::Archive(archive) => {
                let sql = "INSERT INTO archive (id, file, length) VALUES (?1, ?2, ?3)";
                run(to, sql, params![seq, archive.file, archive.length as i64])
            }
            Body::Capture(capture) => {
                let sql = "INSERT INTO capture (id, sha256, n_bytes, archive, offset, length) \
                           VALUES (?1, ?2, ?3, (SELECT id FROM archive WHERE file = ?4), ?5, ?6)";
                let digest = digest(&capture.sha256)?;
                let numbers = (capture.n_bytes as i64, capture.offset as i64, capture.length as i64);
                run(to, sql, params![seq, digest, numbers.0, capture.file, numbers.1, numbers.2])?;
                sighting(to, seq, at, seq, &capture.sighting)
            }
            Body::Sighting(seen) => {
                let capture = capture_id(to, &seen.capture)?;
                sighting(to, seq, at, capture, &seen.sighting)
            }
            Body::Reading(read) => self.reading(to, log, seq, read, text),
            Body::Problem(problem) => {
                let sql = "INSERT INTO problem (id, at, origin, place, reason, hint) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                let log::Problem { origin, place, reason, hint } = problem;
                run(to, sql, params![seq, at, origin, place, reason, hint])
            }
            Body::Decision(decided) => self.decision(to, log, seq, at, decided),
            Body::Links(links) => {
                for (change, n) in links.changes.iter().zip(0i64..) {
                    change_link(to, seq, n, change)?;
                }
                Ok(())
            }
        }
    }

    fn reading(
        &mut self,
        to: &Connection,
        log: &Connection,
        seq: i64,
        read: &log::Read,
        brought: Option<&str>,
    ) -> Result<(), Error> {
        let document = &read.record.document;
        let capture = capture_id(to, &document.capture)?;
        let key = page_key(&document.capture, &document.name, read.nth, read.given.as_ref());
        let before: Option<Before> = to
            .prepare_cached("SELECT id, reading, title, text FROM page WHERE key = ?1")
            .and_then(|mut page| {
                let before = |row: &rusqlite::Row<'_>| {
                    Ok(Before {
                        page: row.get(0)?,
                        reading: row.get(1)?,
                        title: row.get(2)?,
                        text: row.get(3)?,
                    })
                };
                page.query_row([key], before).optional()
            })
            .doing("looking for the page")?;
        let words_before = before.as_ref().map(|before| text(log, before.text)).transpose()?;
        let (text_id, text) = match (brought, &before, &words_before) {
            (Some(text), ..) => (seq, text),
            (None, Some(before), Some(text)) => (before.text, text.as_str()),
            _ => return Err(Error::broken(format!("entry {seq}"), "its text is missing")),
        };
        if digest(&document.id)? != chain::sha256(text.as_bytes()) {
            return Err(Error::broken(format!("entry {seq}"), "its text is not the one that was read"));
        }
        let reader = self.reader(to, &read.reader)?;
        let outlet = document.outlet.as_deref().map(|outlet| self.name(to, outlet, "")).transpose()?;
        let published = document.published.as_ref().map(|published| &published.value);
        let n_claims = read.record.claims.len() as i64;
        let page = match &before {
            Some(before) => {
                let sql = "INSERT INTO page_fts (page_fts, rowid, title, text) VALUES ('delete', ?1, ?2, ?3)";
                run(to, sql, params![before.page, before.title, words_before])?;
                run(to, "UPDATE reading SET until = ?2 WHERE id = ?1", params![before.reading, seq])?;
                for id in current_claims(to, before.page)? {
                    run(to, "UPDATE claim SET until = ?2 WHERE id = ?1", params![id, seq])?;
                }
                let sql = "UPDATE page SET reading = ?2, text = ?3, kind = ?4, title = ?5, outlet = ?6, url = ?7, \
                           published = ?8, language = ?9, n_claims = ?10 WHERE id = ?1";
                run(
                    to,
                    sql,
                    params![
                        before.page,
                        seq,
                        text_id,
                        document.kind,
                        document.title,
                        outlet,
                        document.url,
                        published,
                        document.language,
                        n_claims
                    ],
                )?;
                before.page
            }
            None => {
                let sql = "INSERT INTO page (key, capture, reading, text, name, kind, title, outlet, url, published, \
                           language, n_claims) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
                run(
                    to,
                    sql,
                    params![
                        key,
                        capture,
                        seq,
                        text_id,
                        document.name,
                        document.kind,
                        document.title,
                        outlet,
                        document.url,
                        published,
                        document.language,
                        n_claims
                    ],
                )?;
                to.last_insert_rowid()
            }
        };
        let sql = "INSERT INTO reading (id, page, reader, text) VALUES (?1, ?2, ?3, ?4)";
        run(to, sql, params![seq, page, reader, text_id])?;
        let sql = "INSERT INTO page_fts (rowid, title, text) VALUES (?1, ?2, ?3)";
        run(to, sql, params![page, document.title, text])?;

        let acts = in_force(to, &key, i64::MAX)?;
        let mut record = read.record.clone();
        record.document.text = text.to_owned();
        let of = Of {
            page,
            reading: seq,
            since: seq,
            outlet,
            outlet_name: document.outlet.as_deref(),
            published: published.and_then(|published| first_day(published)),
            text,
        };
        let sentences = Sentences::new(text);
        for (claim, n) in decide::apply(&record, &acts).iter().zip(1..) {
            if let Some(claim) = claim {
                self.claim(to, &of, n, claim, &sentences)?;
            }
        }
        Ok(())
    }

    /// One claim's rows.
    fn claim(
        &mut self,
        to: &Connection,
        of: &Of<'_>,
        n: i64,
        claim: &Claim,
        text: &Sentences<'_>,
    ) -> Result<(), Error> {
        let id = of.since << 16 | n;
        let event = &claim.event;
        let (first, last) = match &event.time {
            Some(time) => (first_day(&time.start), last_day(&time.end)),
            None => (None, None),
        };
        let (first, last) = (first.or(last), last.or(first));
        let mut names: Vec<(i64, &str)> = Vec::new();
        let mut more: Vec<(i64, &str)> = Vec::new();
        let mut source = None;
        for (link, back) in claim.chain.iter().rev().zip(0..) {
            let words = link.source.as_ref().map(|words| words.text.as_str());
            let Some(words) = link.resolved.as_deref().or(words) else { continue };
            let name = self.name(to, words, "")?;
            if back == 0 {
                source = Some(name);
                names.push((name, "s"));
            } else {
                names.push((name, "r"));
                more.push((name, "r"));
            }
        }
        if claim.chain.is_empty() {
            source = of.outlet_name.map(|outlet| self.name(to, outlet, "")).transpose()?;
            names.extend(source.map(|name| (name, "s")));
        }
        let (mut actor, mut recipient) = (None, None);
        for (arguments, role, first) in
            [(&event.actor, "a", &mut actor), (&event.recipient, "o", &mut recipient)]
        {
            for argument in arguments {
                let words = argument.resolved.as_deref().unwrap_or(&argument.text);
                let name = self.name(to, words, argument.entity.as_deref().unwrap_or(""))?;
                if first.is_some() {
                    more.push((name, role));
                }
                first.get_or_insert(name);
                names.push((name, role));
            }
        }
        let places = event.place.iter().map(|place| self.place(to, place)).collect::<Result<Vec<_>, _>>()?;
        more.extend(places.iter().skip(1).map(|place| (*place, "p")));
        let [kind, modality, stance, position] =
            [&event.kind, &event.modality, &claim.stance, &claim.position].map(|word| self.word(to, word));
        let maybe = |index: &mut Index, word: &Option<String>| {
            word.as_ref().map(|word| index.word(to, word)).transpose()
        };
        let (mode, responsibility) = (maybe(self, &event.mode)?, maybe(self, &claim.responsibility)?);

        let sql = "INSERT INTO claim (id, reading, page, n, day, first, last, type, mode, modality, stance, position, \
                   responsibility, country, outlet, source, actor, recipient, place, sentence_start, sentence_end, \
                   trigger_start, trigger_end, confidence) VALUES \
                   (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)";
        run(
            to,
            sql,
            params![
                id,
                of.reading,
                of.page,
                n,
                first.or(of.published).unwrap_or(i32::MIN),
                first,
                last,
                kind?,
                mode,
                modality?,
                stance?,
                position?,
                responsibility,
                event.country,
                of.outlet,
                source,
                actor,
                recipient,
                places.first(),
                claim.sentence.start,
                claim.sentence.end,
                event.trigger.start,
                event.trigger.end,
                claim.confidence
            ],
        )?;
        for (name, role) in names {
            let sql = "INSERT OR IGNORE INTO claim_name (name, role, claim) VALUES (?1, ?2, ?3)";
            run(to, sql, params![name, role, id])?;
        }
        for place in places {
            run(to, "INSERT OR IGNORE INTO claim_place (place, claim) VALUES (?1, ?2)", params![place, id])?;
        }
        for (other, role) in more {
            let sql = "INSERT OR IGNORE INTO claim_more (claim, role, other) VALUES (?1, ?2, ?3)";
            run(to, sql, params![id, role, other])?;
        }
        for (figure, n) in claim.figures.iter().zip(1i64..) {
            let sql = "INSERT INTO figure (claim, n, measure, low, high, population, scope, since) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let number = |number: Option<u64>| number.map(|number| number.min(i64::MAX as u64) as i64);
            let (low, high) = (number(figure.low), number(figure.high));
            run(
                to,
                sql,
                params![id, n, figure.measure, low, high, figure.population, figure.scope, figure.since],
            )?;
        }
        let sentence = text.slice(claim.sentence.start, claim.sentence.end);
        run(to, "INSERT INTO claim_fts (rowid, sentence) VALUES (?1, ?2)", params![id, sentence])
    }

    fn decision(
        &mut self,
        to: &Connection,
        log: &Connection,
        seq: i64,
        at: i64,
        decided: &log::Decided,
    ) -> Result<(), Error> {
        let log::Decided { who, why, act } = decided;
        let said = serde_json::to_string(act).expect("an act has string keys and finite numbers only");
        let mut keys: Vec<Vec<u8>> = act.claims().iter().filter_map(|claim| unhex(&claim.page)).collect();
        if let Act::Undo { decision } = act {
            let sql = "SELECT page FROM decision_page WHERE decision = ?1 ORDER BY page";
            keys = to
                .prepare_cached(sql)
                .and_then(|mut pages| pages.query_map([decision], |row| row.get(0))?.collect())
                .doing("looking for the decision's pages")?;
        }
        keys.sort();
        keys.dedup();
        let changes_claims = matches!(act, Act::Reject { .. } | Act::Correct { .. } | Act::Undo { .. });
        let touched = if changes_claims { keys.as_slice() } else { &[] };
        let before = touched.iter().map(|key| standing(to, log, key)).collect::<Result<Vec<_>, _>>()?;

        let sql = "INSERT INTO decision (id, at, who, why, act, said) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        run(to, sql, params![seq, at, who, why, act.word(), said])?;
        for key in &keys {
            run(to, "INSERT INTO decision_page (page, decision) VALUES (?1, ?2)", params![key, seq])?;
        }
        if let Act::Undo { decision } = act {
            run(to, "UPDATE decision SET undone = ?2 WHERE id = ?1", params![decision, seq])?;
        }
        for (key, before) in touched.iter().zip(before) {
            let (Some(before), Some(after)) = (before, standing(to, log, key)?) else { continue };
            self.changed(to, seq, &before, &after)?;
        }
        Ok(())
    }

    /// Ends the claims that are different now, and writes them as they are now.
    fn changed(
        &mut self,
        to: &Connection,
        seq: i64,
        before: &Standing,
        after: &Standing,
    ) -> Result<(), Error> {
        let document = &after.record.document;
        let outlet = document.outlet.as_deref().map(|outlet| self.name(to, outlet, "")).transpose()?;
        let of = Of {
            page: after.page,
            reading: after.reading,
            since: seq,
            outlet,
            outlet_name: document.outlet.as_deref(),
            published: document.published.as_ref().and_then(|published| first_day(&published.value)),
            text: &document.text,
        };
        let sentences = Sentences::new(of.text);
        for ((before, after), n) in before.claims.iter().zip(&after.claims).zip(1i64..) {
            if before == after {
                continue;
            }
            for id in current_claims(to, of.page)? {
                run(to, "UPDATE claim SET until = ?3 WHERE id = ?1 AND n = ?2", params![id, n, seq])?;
            }
            if let Some(claim) = after {
                self.claim(to, &of, n, claim, &sentences)?;
            }
        }
        Ok(())
    }

    fn reader(&self, to: &Connection, by: &str) -> Result<i64, Error> {
        run(to, "INSERT OR IGNORE INTO reader (by) VALUES (?1)", [by])?;
        to.prepare_cached("SELECT id FROM reader WHERE by = ?1")
            .and_then(|mut reader| reader.query_row([by], |row| row.get(0)))
            .doing("looking for the reader")
    }

    /// The number of a word of a closed vocabulary.
    fn word(&mut self, to: &Connection, word: &str) -> Result<i64, Error> {
        if let Some(id) = self.words.get(word) {
            return Ok(*id);
        }
        run(to, "INSERT OR IGNORE INTO word (word) VALUES (?1)", [word])?;
        let id = to
            .prepare_cached("SELECT id FROM word WHERE word = ?1")
            .and_then(|mut id| id.query_row([word], |row| row.get(0)))
            .doing("looking for a word")?;
        if self.words.len() < REMEMBERED {
            self.words.insert(word.to_owned(), id);
        }
        Ok(id)
    }

    fn name(&mut self, to: &Connection, name: &str, entity: &str) -> Result<i64, Error> {
        let key = (name.to_owned(), entity.to_owned());
        if let Some(id) = self.names.get(&key) {
            return Ok(*id);
        }
        let found = to
            .prepare_cached("SELECT id FROM name WHERE name = ?1 AND entity = ?2")
            .and_then(|mut found| found.query_row([name, entity], |row| row.get(0)).optional())
            .doing("looking for a name")?;
        let id = match found {
            Some(id) => id,
            None => {
                run(to, "INSERT INTO name (name, entity) VALUES (?1, ?2)", [name, entity])?;
                let id = to.last_insert_rowid();
                run(to, "INSERT INTO name_fts (rowid, name) VALUES (?1, ?2)", params![id, name])?;
                id
            }
        };
        if self.names.len() >= REMEMBERED {
            self.names.clear();
        }
        self.names.insert(key, id);
        Ok(id)
    }

    fn place(&mut self, to: &Connection, place: &NamedPlace) -> Result<i64, Error> {
        let name = place.name.as_deref().unwrap_or(&place.text);
        let point = place.lat.zip(place.lon);
        let rounded = point.map(|(lat, lon)| ((lat * 1e4).round() as i64, (lon * 1e4).round() as i64));
        let key: PlaceKey =
            (name.to_owned(), place.geonames, rounded, place.precision.clone(), place.country.clone());
        if let Some(id) = self.places.get(&key) {
            return Ok(*id);
        }
        let (lat, lon) = point.unzip();
        let sql = "SELECT id FROM place WHERE name = ?1 COLLATE NOCASE AND name = ?1 AND geonames IS ?2 AND lat IS ?3 AND lon IS ?4 \
                   AND precision IS ?5 AND country IS ?6";
        let columns = params![name, place.geonames, lat, lon, place.precision, place.country];
        let found = to
            .prepare_cached(sql)
            .and_then(|mut found| found.query_row(columns, |row| row.get(0)).optional())
            .doing("looking for a place")?;
        let id = match found {
            Some(id) => id,
            None => {
                let sql = "INSERT INTO place (name, geonames, lat, lon, precision, country) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                run(to, sql, columns)?;
                let id = to.last_insert_rowid();
                if let Some((lat, lon)) = point {
                    let sql =
                        "INSERT INTO place_box (id, south, north, west, east) VALUES (?1, ?2, ?2, ?3, ?3)";
                    run(to, sql, params![id, lat, lon])?;
                }
                id
            }
        };
        if self.places.len() >= REMEMBERED {
            self.places.clear();
        }
        self.places.insert(key, id);
        Ok(id)
    }
}

/// A page as the reading before had it.
struct Before {
    page: i64,
    reading: i64,
    title: Option<String>,
    text: i64,
}

/// What a claim's rows need to know of its page.
struct Of<'p> {
    page: i64,
    reading: i64,
    since: i64,
    outlet: Option<i64>,
    outlet_name: Option<&'p str>,
    published: Option<i32>,
    text: &'p str,
}

/// Cuts sentences out of one text by code points, without counting from its start each time.
struct Sentences<'t> {
    text: &'t str,
    /// The byte at which every code point begins; empty where the text is ASCII.
    starts: Vec<u32>,
}

impl<'t> Sentences<'t> {
    fn new(text: &'t str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(byte, _)| byte as u32).collect()
        };
        Sentences { text, starts }
    }

    fn slice(&self, start: u32, end: u32) -> &'t str {
        let byte = |point: u32| match self.starts.is_empty() {
            true => (point as usize).min(self.text.len()),
            false => self.starts.get(point as usize).map_or(self.text.len(), |byte| *byte as usize),
        };
        self.text.get(byte(start)..byte(end)).unwrap_or("")
    }
}

/// A page's claims with the decisions in force.
struct Standing {
    page: i64,
    reading: i64,
    record: Record,
    claims: Vec<Option<Claim>>,
}

/// The newest reading of the page with this key; `None` where the ledger has none.
fn standing(to: &Connection, log: &Connection, key: &[u8]) -> Result<Option<Standing>, Error> {
    let found: Option<(i64, i64, i64)> = to
        .prepare_cached("SELECT id, reading, text FROM page WHERE key = ?1")
        .and_then(|mut page| {
            page.query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
        })
        .doing("looking for the page")?;
    let Some((page, reading, text)) = found else { return Ok(None) };
    let record = record(log, reading, text)?.record;
    let claims = decide::apply(&record, &in_force(to, key, i64::MAX)?);
    Ok(Some(Standing { page, reading, record, claims }))
}

/// Decisions on the page that were made up to entry `as_of` and not taken back by then, oldest first.
pub(crate) fn in_force(to: &Connection, key: &[u8], as_of: i64) -> Result<Vec<Act>, Error> {
    let sql = "SELECT decision.id, decision.said FROM decision_page JOIN decision ON decision.id = decision_page.decision \
               WHERE decision_page.page = ?1 AND decision.id <= ?2 AND (undone IS NULL OR undone > ?2) \
               ORDER BY decision.id";
    let said: Vec<(i64, String)> = to
        .prepare_cached(sql)
        .and_then(|mut said| {
            said.query_map(params![key, as_of], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
        .doing("looking for decisions")?;
    let parse = |(id, said): (i64, String)| {
        serde_json::from_str(&said)
            .map_err(|error| Error::broken(format!("decision {id}"), error.to_string()))
    };
    said.into_iter().map(parse).collect()
}

/// Numbers of the claims that a page's readings, and decisions on it, brought: an index on the page would only say again
/// what the claims' numbers say.
pub(crate) const CLAIMS_OF_PAGE: &str = "SELECT claim.id AS id FROM reading CROSS JOIN claim \
    ON claim.id BETWEEN reading.id << 16 AND (reading.id << 16) + 65535 WHERE reading.page = ?1 \
    UNION ALL SELECT claim.id FROM page CROSS JOIN decision_page ON decision_page.page = page.key CROSS JOIN claim \
    ON claim.id BETWEEN decision_page.decision << 16 AND (decision_page.decision << 16) + 65535 \
    WHERE page.id = ?1 AND claim.page = ?1";

/// The claims of a page that are said now.
fn current_claims(to: &Connection, page: i64) -> Result<Vec<i64>, Error> {
    let sql = format!("SELECT id FROM claim WHERE id IN ({CLAIMS_OF_PAGE}) AND until IS NULL ORDER BY id");
    to.prepare_cached(&sql)
        .and_then(|mut ids| ids.query_map([page], |row| row.get(0))?.collect())
        .doing("looking for a page's claims")
}

/// An entry of the log.
pub(crate) fn entry(log: &Connection, seq: i64) -> Result<Body, Error> {
    let (kind, body): (String, Vec<u8>) = log
        .prepare_cached("SELECT kind, body FROM entry WHERE seq = ?1")
        .and_then(|mut entry| entry.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?))))
        .doing("taking an entry from the log")?;
    let body = chain::unpack(&body).and_then(|body| Body::from_json(&kind, &body));
    body.map_err(|reason| Error::broken(format!("entry {seq}"), reason))
}

/// The reading with this number, its record with the text in it.
pub(crate) fn record(log: &Connection, reading: i64, text_id: i64) -> Result<log::Read, Error> {
    let Body::Reading(mut read) = entry(log, reading)? else {
        return Err(Error::broken(format!("entry {reading}"), "it is no reading"));
    };
    read.record.document.text = text(log, text_id)?;
    Ok(*read)
}

/// The text with this number.
pub(crate) fn text(log: &Connection, id: i64) -> Result<String, Error> {
    log.prepare_cached("SELECT text FROM text WHERE id = ?1")
        .and_then(|mut text| text.query_row([id], |row| row.get(0)))
        .doing("taking a text")
}

fn sighting(to: &Connection, seq: i64, at: i64, capture: i64, place: &log::Place) -> Result<(), Error> {
    let given =
        place.given.as_ref().map(|given| serde_json::to_string(given).expect("a struct of strings is JSON"));
    let sql = "INSERT INTO sighting (id, capture, at, origin, name, given) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    run(to, sql, params![seq, capture, at, place.origin, place.name, given])
}

fn capture_id(to: &Connection, sha256: &str) -> Result<i64, Error> {
    let digest = digest(sha256)?;
    let found = to
        .prepare_cached("SELECT id FROM capture WHERE sha256 = ?1")
        .and_then(|mut capture| capture.query_row([digest], |row| row.get(0)).optional())
        .doing("looking for a capture")?;
    found.ok_or_else(|| Error::broken(format!("capture {}", hex(&digest)), "it is not in the ledger"))
}

fn change_link(to: &Connection, seq: i64, n: i64, change: &Change) -> Result<(), Error> {
    let (kind, id) = change.name();
    for sql in [
        "DELETE FROM link WHERE kind = ?1 AND id = ?2",
        "DELETE FROM link_member WHERE kind = ?1 AND id = ?2",
    ] {
        run(to, sql, [kind, id])?;
    }
    if kind == "incident" {
        run(to, "DELETE FROM incident WHERE id = ?1", [id])?;
    }
    let Change::Put(link) = change else { return Ok(()) };
    let Link { claims, pages, incident, .. } = link;
    let sql = "INSERT INTO link (kind, id, entry, n, digest) VALUES (?1, ?2, ?3, ?4, ?5)";
    run(to, sql, params![kind, id, seq, n, link.digest()])?;
    let member = "INSERT OR IGNORE INTO link_member (page, claim, kind, id) VALUES (?1, ?2, ?3, ?4)";
    for (page, claim) in claims {
        run(to, member, params![page, claim_number(claim), kind, id])?;
    }
    for page in pages {
        run(to, member, params![page, 0, kind, id])?;
    }
    let Some(incident) = incident.as_ref().filter(|_| kind == "incident") else { return Ok(()) };
    let sql = "INSERT INTO incident (id, first, last, place, lat, lon, country, type, mode, status, n_origins, n_reports, \
               n_claims) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    run(
        to,
        sql,
        params![
            id,
            incident.first,
            incident.last,
            incident.place,
            incident.lat,
            incident.lon,
            incident.country,
            incident.kind,
            incident.mode,
            incident.status,
            incident.n_origins,
            incident.n_reports,
            incident.n_claims
        ],
    )
}

/// 3 for `c3`; 0, which no claim has, for anything else.
pub(crate) fn claim_number(id: &str) -> i64 {
    id.strip_prefix('c').and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The first day of an ISO 8601 day, month, year or range, counted from 1970-01-01.
pub(crate) fn first_day(iso: &str) -> Option<i32> {
    let first = iso.split('/').next().unwrap_or(iso);
    Interval::parse(first).ok().map(|interval| interval.start.days())
}

/// The last day of an ISO 8601 day, month, year or range.
pub(crate) fn last_day(iso: &str) -> Option<i32> {
    let last = iso.rsplit('/').next().unwrap_or(iso);
    Interval::parse(last).ok().map(|interval| interval.end.days())
}

fn run(to: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<(), Error> {
    to.prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .map(|_| ())
        .doing("writing the index")
}
