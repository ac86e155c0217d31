//! Claims, pages and incidents by what is in them.
//!
//! Start at [`ClaimQuery`] and [`Ledger::claims`]. Each condition can either *drive* (list the claims that meet it, by an
//! index) or *check* (look whether one claim meets it). Where a condition is met by few claims, it drives and the
//! rest check what it lists; where all are met by many, claims are taken in the order in which they are wanted, all
//! conditions check, and it ends with the page of the list. Which is less work is guessed from how many claims meet each. SQLite's own planner cannot know which names or words are common.
//!
//! Lists are paged by a cursor, the last row's day and number, so that the thousandth page costs what the first costs.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

pub use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde::Serialize;

use crate::Error;
use crate::chain::hex;
use crate::decide::slice;
use crate::error::Doing;
use crate::index::{CLAIMS_OF_PAGE, claim_number};
use crate::ledger::{AsOf, Ledger};
use crate::link::Link;

/// When a condition is met by few claims and when by many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// A condition that more claims meet than this never drives. Counting so many takes some 5 ms, listing them 50.
    pub few: i64,
    /// Words in more sentences than this are looked up sentence by sentence (80 µs each, a few hundred among 1,000,000);
    /// those in fewer are all listed first (0.4 µs each).
    pub common: i64,
}

impl Default for Tuning {
    fn default() -> Self {
        Tuning { few: 30_000, common: 90_000 }
    }
}

/// The part of all claims that meet a condition of which nothing is counted: a guess between one in a thousand and nearly all.
const GUESS: f64 = 0.2;

/// Pages with the words are ranked where they are at most so many; more come by arrival, the newest first.
const RANKED: i64 = 8_000;

/// Events of which no more is known than a stretch of so many days are looked for by themselves.
const LONG: i32 = 31;

/// The number of the word `asserts`, fixed in the schema.
const ASSERTS: i64 = 1;

/// The day of a claim of which neither the event's nor the publication's is known.
const NO_DAY: i32 = i32::MIN;

/// Which claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimQuery {
    /// Words of the sentence: all of them; `"a phrase"`, `begin*`, `-without`, `one OR other`.
    pub text: Option<String>,
    /// Words of a name, or the dictionary's id, of an actor.
    pub actor: Option<String>,
    /// The same of a recipient.
    pub recipient: Option<String>,
    /// The same of the source who vouches: the last of the chain, or the outlet where the chain is empty.
    pub source: Option<String>,
    /// The same of a source before it.
    pub through: Option<String>,
    /// Name of a place of the event.
    pub place: Option<String>,
    /// South, west, north, east in degrees; west may be greater than east.
    pub within: Option<[f64; 4]>,
    /// Latitude and longitude in degrees, and kilometres.
    pub near: Option<[f64; 3]>,
    /// ISO 3166-1 alpha-2 of where it happened.
    pub country: Option<String>,
    /// The event, or what is known of its time, ends on or after this day (counted from 1970-01-01).
    pub since: Option<i32>,
    /// It begins on or before this day.
    pub until: Option<i32>,
    /// Type of the event.
    pub kind: Option<String>,
    /// How it was done.
    pub mode: Option<String>,
    /// Whether it is said to have happened.
    pub modality: Option<String>,
    /// What the source does with it.
    pub stance: Option<String>,
    /// Where the source stands.
    pub position: Option<String>,
    /// The outlet's name, whole.
    pub outlet: Option<String>,
    /// What its figures count: `killed`, `injured`, …
    pub measure: Option<String>,
    /// The page's number.
    pub page: Option<i64>,
    /// Kind and id of a link that the claim, or its page, is in.
    pub link: Option<(String, String)>,
    /// As it was said then.
    pub as_of: AsOf,
    /// The oldest first.
    pub oldest_first: bool,
    /// How many at most; 0 is none.
    pub limit: usize,
    /// Those after this one.
    pub after: Option<Cursor>,
}

/// A row's place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    day: i32,
    id: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.day, self.id)
    }
}

impl FromStr for Cursor {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let parse = || {
            let (day, id) = words.split_once('.')?;
            Some(Cursor { day: day.parse().ok()?, id: id.parse().ok()? })
        };
        parse().ok_or_else(|| format!("{words:?} is no place in a list: take what `next` says"))
    }
}

/// One claim in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimRow {
    /// The claim's number in this ledger.
    #[serde(skip)]
    pub id: i64,
    /// The page's number in this ledger.
    #[serde(skip)]
    pub page: i64,
    /// First 12 digits of the page's key and the claim's id: names the claim in `hearsay show` and `decide`.
    pub claim: String,
    /// The page's name.
    pub report: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// The first day of the event, or of publication where that is not known.
    pub day: Option<String>,
    /// First day of the event.
    pub first: Option<String>,
    /// Last day of the event.
    pub last: Option<String>,
    /// Type of the event.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it was done.
    pub mode: Option<String>,
    /// Whether it is said to have happened.
    pub modality: String,
    /// What the source does with it.
    pub stance: String,
    /// Where the source stands.
    pub position: String,
    /// Who is said to have done it, and how firmly.
    pub responsibility: Option<String>,
    /// Who vouches: the last source, or the outlet.
    pub source: Option<String>,
    /// The first actor.
    pub actor: Option<String>,
    /// The first recipient.
    pub recipient: Option<String>,
    /// The first place.
    pub place: Option<String>,
    /// Its degrees north.
    pub lat: Option<f64>,
    /// Its degrees east.
    pub lon: Option<f64>,
    /// Where it happened.
    pub country: Option<String>,
    /// Numbers of people: `killed 5`, `injured 10-12`, `killed 3+`.
    pub figures: Vec<String>,
    /// The words that name the event.
    pub trigger: String,
    /// The sentence that tells it.
    pub sentence: String,
    /// How sure the reader is.
    pub confidence: f64,
    #[serde(skip)]
    day_number: i32,
}

impl ClaimRow {
    /// Its place in the list.
    pub fn cursor(&self) -> Cursor {
        Cursor { day: self.day_number, id: self.id }
    }

    /// The claim's id in the record: `c3`.
    pub fn claim_id(&self) -> &str {
        self.claim.rsplit(':').next().unwrap_or_default()
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// In the order asked for.
    pub rows: Vec<T>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
}

/// Which pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageQuery {
    /// Words of title or text, as in [`ClaimQuery::text`]. `None` lists by arrival, the newest first.
    pub text: Option<String>,
    /// The outlet's name, whole.
    pub outlet: Option<String>,
    /// Published on or after this day.
    pub since: Option<i32>,
    /// Published on or before this day.
    pub until: Option<i32>,
    /// How many at most; 0 is none.
    pub limit: usize,
    /// Those after this one.
    pub after: Option<Cursor>,
}

/// One page in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageRow {
    /// The page's number in this ledger.
    #[serde(skip)]
    pub page: i64,
    /// First 12 digits of its key.
    pub key: String,
    /// Its name.
    pub report: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// When it was published, no finer than it is known.
    pub published: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// How many claims it has.
    pub n_claims: i64,
    /// Words around what was looked for, which stands between ⟦ and ⟧.
    pub snippet: Option<String>,
}

/// Which incidents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidentQuery {
    /// It ends on or after this day.
    pub since: Option<i32>,
    /// It begins on or before this day.
    pub until: Option<i32>,
    /// South, west, north, east in degrees; west may be greater than east.
    pub within: Option<[f64; 4]>,
    /// Name of its place, whole.
    pub place: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Type of its events.
    pub kind: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// So many independent origins at least.
    pub min_origins: Option<u32>,
    /// The oldest first.
    pub oldest_first: bool,
    /// How many at most; 0 is none.
    pub limit: usize,
    /// How many to leave out first.
    pub skip: usize,
}

/// A condition of a question.
struct Condition {
    /// Lists claim numbers; `None` where no index does.
    drive: Option<Sql>,
    /// True of claim `c`.
    check: Sql,
    /// What a check costs, in looks at a claim (about a microsecond).
    cost: f64,
    /// Does an index list the claims that meet it by day?
    by_day: bool,
}

impl Default for Condition {
    fn default() -> Self {
        Condition { drive: None, check: Sql::default(), cost: 1.0, by_day: false }
    }
}

/// SQL with the values for its question marks.
#[derive(Clone, Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn new(text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Sql {
        Sql { text: text.into(), values: values.into_iter().collect() }
    }
}

fn words(words: &str) -> Value {
    Value::Text(words.to_owned())
}

impl Ledger {
    /// The claims that meet all of the query's conditions, by day of the event (or of publication), then by arrival.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] if a condition makes no sense: a box of no size, no words to look for.
    pub fn claims(&self, query: &ClaimQuery) -> Result<Listed<ClaimRow>, Error> {
        if query.limit == 0 {
            return Ok(Listed { rows: Vec::new(), next: None });
        }
        let mut ids = self.claim_ids(query, query.limit + 1)?;
        let more = ids.len() > query.limit;
        ids.truncate(query.limit);
        let words = self.words()?;
        let rows = ids.iter().map(|(_, id)| self.claim_row(&words, *id)).collect::<Result<Vec<_>, _>>()?;
        let next = rows.last().filter(|_| more).map(ClaimRow::cursor);
        Ok(Listed { rows, next })
    }

    /// How many claims meet the conditions, whatever the query's limit and cursor say. Looks at all of them.
    pub fn count_claims(&self, query: &ClaimQuery) -> Result<usize, Error> {
        let all = ClaimQuery { after: None, ..query.clone() };
        self.claim_ids(&all, i32::MAX as usize).map(|ids| ids.len())
    }

    /// Day and number of the first `limit` claims.
    fn claim_ids(&self, query: &ClaimQuery, limit: usize) -> Result<Vec<(i32, i64)>, Error> {
        let Some(conditions) = self.conditions(query)? else { return Ok(Vec::new()) };
        // Claims are taken in order until enough are found, by the index that leaves out most: how many looks will that be,
        // against looking at all that one condition lists?
        let n_claims = self.rough_count()?;
        let (mut part, mut indexed, mut dear) = (1.0, 1.0f64, (0.0, 1.0));
        let mut driver: Option<(i64, &Condition)> = None;
        for condition in &conditions {
            let counted = match &condition.drive {
                Some(drive) => {
                    Some(self.count(drive, self.tuning.few + 1)?).filter(|n| *n <= self.tuning.few)
                }
                None => None,
            };
            let of_all = match counted {
                Some(counted) => counted as f64 / n_claims,
                None => {
                    GUESS.max(condition.drive.as_ref().map_or(0.0, |_| self.tuning.few as f64 / n_claims))
                }
            };
            part *= of_all;
            if condition.by_day {
                indexed = indexed.min(of_all);
            }
            if condition.cost > 1.0 {
                dear = (condition.cost, of_all);
            }
            if let Some(counted) = counted
                && driver.is_none_or(|(few, _)| counted < few)
            {
                driver = Some((counted, condition));
            }
        }
        let mut in_order = (limit as f64 / part * indexed).min(n_claims * indexed);
        if let (Some(_), Some(since)) = (driver, query.since) {
            let until = query.until.unwrap_or(i32::MAX);
            let text =
                format!("SELECT 1 FROM claim WHERE day BETWEEN {} AND {until}", since.saturating_sub(LONG));
            in_order = in_order.min(self.count(&Sql::new(text, []), self.tuning.few + 1)? as f64);
        }
        in_order += limit as f64 / dear.1 * dear.0;
        let driver = driver.filter(|(counted, drives)| {
            let each = if drives.cost > 1.0 { 1.0 } else { dear.0.max(1.0) };
            *counted as f64 * each <= in_order
        });
        let driver = driver.and_then(|(_, condition)| condition.drive.as_ref());
        let mut checks: Vec<Sql> = conditions.iter().map(|condition| condition.check.clone()).collect();
        checks.push(match query.as_of {
            AsOf::Now => Sql::new("c.until IS NULL", []),
            AsOf::Entry(entry) => {
                let before = entry.saturating_add(1).saturating_mul(1 << 16);
                let text = "c.id < ? AND (c.until IS NULL OR c.until > ?)";
                Sql::new(text, [Value::Integer(before), Value::Integer(entry)])
            }
        });
        if let Some(Cursor { day, id }) = query.after {
            let than = if query.oldest_first { ">" } else { "<" };
            let text = format!("(c.day, c.id) {than} (?, ?)");
            checks.push(Sql::new(text, [Value::Integer(day.into()), Value::Integer(id)]));
        }
        let list = |from: Sql, checks: &[Sql]| self.list(from, checks, query.oldest_first, limit);
        let days = days(query);
        if let Some(drive) = driver {
            checks.extend(days);
            let text = format!(
                "(SELECT DISTINCT id FROM ({})) AS d CROSS JOIN claim AS c ON c.id = d.id",
                drive.text
            );
            return list(Sql { text, values: drive.values.clone() }, &checks);
        }
        let index = self.best_index(query)?;
        let scan = || Sql::new(format!("claim AS c INDEXED BY {index}"), []);
        let Some(days) = days else { return list(scan(), &checks) };
        // What overlaps the days asked for begins at most LONG days before them, or is one of the few long ones.
        let mut of_long = checks.clone();
        of_long.push(days.clone());
        of_long.push(Sql::new(format!("c.last - c.first > {LONG}"), []));
        let since = query.since.unwrap_or(NO_DAY);
        of_long.push(Sql::new("c.last >= ?", [Value::Integer(since.into())]));
        checks.push(days);
        checks.push(Sql::new(format!("(c.first IS NULL OR c.last - c.first <= {LONG})"), []));
        let first = query.since.map_or(NO_DAY + 1, |since| since.saturating_sub(LONG).max(NO_DAY + 1));
        checks.push(Sql::new("c.day >= ?", [Value::Integer(first.into())]));
        if let Some(until) = query.until {
            checks.push(Sql::new("c.day <= ?", [Value::Integer(until.into())]));
        }
        let mut all = list(scan(), &checks)?;
        all.extend(list(Sql::new("claim AS c INDEXED BY claim_of_long", []), &of_long)?);
        all.sort_unstable();
        if !query.oldest_first {
            all.reverse();
        }
        all.truncate(limit);
        Ok(all)
    }

    /// Claims out of `from` that meet `checks`, in order.
    fn list(
        &self,
        from: Sql,
        checks: &[Sql],
        oldest_first: bool,
        limit: usize,
    ) -> Result<Vec<(i32, i64)>, Error> {
        let order = if oldest_first { "ASC" } else { "DESC" };
        let conditions: Vec<&str> = checks.iter().map(|check| check.text.as_str()).collect();
        let sql = format!(
            "SELECT c.day, c.id FROM {} WHERE {} ORDER BY c.day {order}, c.id {order} LIMIT {limit}",
            from.text,
            conditions.join(" AND ")
        );
        let values = from.values.iter().chain(checks.iter().flat_map(|check| &check.values));
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut rows| {
                rows.query_map(params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .doing("looking for claims")
    }

    /// About how many claims there are: the newest readings' share of the page table, which costs one look.
    fn rough_count(&self) -> Result<f64, Error> {
        let sql = "SELECT coalesce((SELECT max(id) FROM page), 0) * coalesce((SELECT avg(n_claims) FROM \
                   (SELECT n_claims FROM page ORDER BY id DESC LIMIT 200)), 0)";
        let n: f64 = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut n| n.query_row([], |row| row.get(0)))
            .doing("counting claims")?;
        Ok(n.max(1.0))
    }

    /// How many rows `drive` lists, counted up to `most`.
    fn count(&self, drive: &Sql, most: i64) -> Result<i64, Error> {
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({}) LIMIT {most})", drive.text);
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut count| count.query_row(params_from_iter(&drive.values), |row| row.get(0)))
            .doing("counting claims")
    }

    /// The index that gives claims by day and leaves out most.
    fn best_index(&self, query: &ClaimQuery) -> Result<&'static str, Error> {
        if query.stance.as_deref().is_some_and(|stance| stance != "asserts") {
            return Ok(if query.kind.is_some() { "claim_by_stance" } else { "claim_by_day" });
        }
        let mut best = ("claim_by_day", i64::MAX);
        let by = [
            ("claim_by_outlet", "outlet", query.outlet.as_deref()),
            ("claim_by_country", "country", query.country.as_deref()),
            ("claim_by_type", "type", query.kind.as_deref()),
        ];
        for (index, column, value) in by {
            let Some(value) = value else { continue };
            let text = match column {
                "outlet" => {
                    "SELECT 1 FROM claim WHERE outlet = (SELECT id FROM name WHERE name = ? AND entity = '')"
                        .to_owned()
                }
                "type" => "SELECT 1 FROM claim WHERE type = (SELECT id FROM word WHERE word = ?)".to_owned(),
                _ => format!("SELECT 1 FROM claim WHERE {column} = ?"),
            };
            let counted = self.count(&Sql::new(text, [words(value)]), 10_000)?;
            if counted < best.1 {
                best = (index, counted);
            }
        }
        Ok(best.0)
    }

    /// The query's conditions; `None` where one of them can be met by nothing.
    fn conditions(&self, query: &ClaimQuery) -> Result<Option<Vec<Condition>>, Error> {
        let mut all = Vec::new();
        if let Some(text) = &query.text {
            let matches = words(&full_text(text)?);
            let list =
                Sql::new("SELECT rowid AS id FROM claim_fts WHERE claim_fts MATCH ?", [matches.clone()]);
            let common = self.count(&list, self.tuning.common + 1)? > self.tuning.common;
            let check = match common {
                true => "EXISTS (SELECT 1 FROM claim_fts WHERE claim_fts MATCH ? AND claim_fts.rowid = c.id)",
                false => "c.id IN (SELECT rowid FROM claim_fts WHERE claim_fts MATCH ?)",
            };
            let cost = if common { 80.0 } else { 1.0 };
            all.push(Condition { drive: Some(list), check: Sql::new(check, [matches]), cost, by_day: false });
        }
        let names = [
            (&query.actor, "a", "c.actor"),
            (&query.recipient, "o", "c.recipient"),
            (&query.source, "s", "c.source"),
            (&query.through, "r", "NULL"),
        ];
        for (name, role, first) in names {
            let Some(name) = name else { continue };
            // Words of the name, or the id in the actor dictionary.
            let set = "SELECT rowid FROM name_fts WHERE name_fts MATCH ? UNION ALL \
                       SELECT id FROM name WHERE entity = ? AND entity <> ''";
            let values = [words(&full_text(name)?), words(name)];
            all.push(Condition {
                drive: Some(Sql::new(
                    format!("SELECT claim AS id FROM claim_name WHERE name IN ({set}) AND role = '{role}'"),
                    values.clone(),
                )),
                check: first_or_more(first, role, set, &values),
                ..Condition::default()
            });
        }
        if let Some(place) = &query.place {
            all.push(places(&Sql::new("SELECT id FROM place WHERE name = ? COLLATE NOCASE", [words(place)])));
        }
        if let Some(within) = query.within {
            all.push(places(&within_box(within)?));
        }
        if let Some(near) = query.near {
            let ids = list_of(&self.places_near(near)?);
            all.push(places(&Sql::new(format!("SELECT id FROM place WHERE id IN ({ids})"), [])));
        }
        if let Some(outlet) = &query.outlet {
            let sql = "SELECT id FROM name WHERE name = ?1 AND entity = ''";
            let id: Option<i64> = self
                .connection
                .prepare_cached(sql)
                .and_then(|mut id| id.query_row([outlet], |row| row.get(0)).optional())
                .doing("looking for an outlet")?;
            let Some(id) = id else { return Ok(None) };
            all.push(column("outlet", Value::Integer(id)));
        }
        if let Some(country) = &query.country {
            all.push(column("country", words(country)));
        }
        for (name, value) in [
            ("type", &query.kind),
            ("mode", &query.mode),
            ("modality", &query.modality),
            ("position", &query.position),
            ("stance", &query.stance),
        ] {
            let Some(value) = value else { continue };
            let id: Option<i64> = self
                .connection
                .prepare_cached("SELECT id FROM word WHERE word = ?1")
                .and_then(|mut id| id.query_row([value], |row| row.get(0)).optional())
                .doing("looking for a word")?;
            let Some(id) = id else { return Ok(None) };
            all.push(match name {
                "type" => column(name, Value::Integer(id)),
                // The index leaves out the commonest stance, and wants to see that the question does too.
                "stance" if id != ASSERTS => Condition {
                    drive: Some(Sql::new(
                        format!("SELECT id FROM claim WHERE stance = {id} AND stance <> {ASSERTS}"),
                        [],
                    )),
                    check: Sql::new(format!("c.stance = {id} AND c.stance <> {ASSERTS}"), []),
                    ..Condition::default()
                },
                _ => Condition { check: Sql::new(format!("c.{name} = {id}"), []), ..Condition::default() },
            });
        }
        if let Some(measure) = &query.measure {
            let text = "EXISTS (SELECT 1 FROM figure WHERE figure.claim = c.id AND figure.measure = ?)";
            all.push(Condition { check: Sql::new(text, [words(measure)]), ..Condition::default() });
        }
        if let Some(page) = query.page {
            let list = CLAIMS_OF_PAGE.replace("?1", &page.to_string());
            all.push(Condition {
                drive: Some(Sql::new(list, [])),
                check: Sql::new("c.page = ?", [Value::Integer(page)]),
                ..Condition::default()
            });
        }
        if let Some((kind, id)) = &query.link {
            let values = [words(kind), words(id)];
            let of_page = CLAIMS_OF_PAGE.replace("?1", "m.page");
            all.push(Condition {
                drive: Some(Sql::new(
                    format!(
                        "SELECT claim.id AS id FROM link_member AS m CROSS JOIN claim ON claim.id IN ({of_page}) \
                         AND (m.claim = 0 OR m.claim = claim.n) WHERE m.kind = ? AND m.id = ?"
                    ),
                    values.clone(),
                )),
                check: Sql::new(
                    "EXISTS (SELECT 1 FROM link_member AS m WHERE m.kind = ? AND m.id = ? AND m.page = c.page \
                     AND m.claim IN (0, c.n))",
                    values,
                ),
                ..Condition::default()
            });
        }
        Ok(Some(all))
    }

    /// Places at most so far from a point, of which more is known than the country or region.
    fn places_near(&self, near: [f64; 3]) -> Result<Vec<i64>, Error> {
        let [lat, lon, km] = near;
        let real = (-90.0..=90.0).contains(&lat)
            && (-180.0..=180.0).contains(&lon)
            && (0.0..=20_100.0).contains(&km);
        if !real {
            let reason =
                format!("{lat},{lon},{km} is no circle: latitude,longitude in degrees, then kilometres");
            return Err(Error::Query(reason));
        }
        let high = km / 111.0 + 0.01;
        let (south, north) = ((lat - high).max(-90.0), (lat + high).min(90.0));
        let widest = south.abs().max(north.abs()).to_radians().cos();
        let wide = if widest < 0.01 { 360.0 } else { high / widest };
        let (west, east) = match wide >= 180.0 {
            true => (-180.0, 180.0),
            false => (around(lon - wide), around(lon + wide)),
        };
        let within = within_box([south, west, north, east])?;
        let within: Vec<i64> = self
            .connection
            .prepare_cached(&within.text)
            .and_then(|mut ids| ids.query_map(params_from_iter(&within.values), |row| row.get(0))?.collect())
            .doing("looking for places")?;
        let mut point = self
            .connection
            .prepare_cached("SELECT lat, lon FROM place WHERE id = ?1")
            .doing("looking for places")?;
        let mut ids = Vec::new();
        for id in within {
            let there: (f64, f64) =
                point.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).doing("looking for places")?;
            if distance((lat, lon), there) <= km {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// The closed vocabularies by number: a few dozen words, quicker taken at once than joined to each row.
    fn words(&self) -> Result<HashMap<i64, String>, Error> {
        self.connection
            .prepare_cached("SELECT id, word FROM word")
            .and_then(|mut words| words.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .doing("taking the vocabularies")
    }

    fn claim_row(&self, words: &HashMap<i64, String>, id: i64) -> Result<ClaimRow, Error> {
        let sql = "SELECT claim.id, claim.page, page.key, claim.n, page.name, outlet.name, page.title, page.url, claim.day, \
            claim.first, claim.last, claim.type, mode, modality, stance, position, responsibility, source.name, actor.name, \
            recipient.name, place.name, place.lat, place.lon, claim.country, \
            text.text, trigger_start, trigger_end, sentence_start, sentence_end, confidence \
            FROM claim JOIN page ON page.id = claim.page JOIN reading ON reading.id = claim.reading \
            JOIN text ON text.id = reading.text LEFT JOIN name AS outlet ON outlet.id = claim.outlet \
            LEFT JOIN name AS source ON source.id = claim.source LEFT JOIN name AS actor ON actor.id = claim.actor \
            LEFT JOIN name AS recipient ON recipient.id = claim.recipient LEFT JOIN place ON place.id = claim.place \
            WHERE claim.id = ?1";
        let row = |row: &rusqlite::Row<'_>| {
            let key: [u8; 16] = row.get(2)?;
            let day_number: i32 = row.get(8)?;
            let date = |day: Option<i32>| day.map(|day| hearsay_doc::Date::from_days(day).to_string());
            let word = |idx| -> rusqlite::Result<Option<String>> {
                Ok(row.get::<_, Option<i64>>(idx)?.and_then(|id| words.get(&id).cloned()))
            };
            let needed = |idx| word(idx).map(Option::unwrap_or_default);
            let text = row.get_ref(24)?.as_str()?;
            Ok(ClaimRow {
                id: row.get(0)?,
                page: row.get(1)?,
                claim: format!("{}:c{}", &hex(&key)[..12], row.get::<_, i64>(3)?),
                report: row.get(4)?,
                outlet: row.get(5)?,
                title: row.get(6)?,
                url: row.get(7)?,
                day: date(Some(day_number).filter(|day| *day != NO_DAY)),
                first: date(row.get(9)?),
                last: date(row.get(10)?),
                kind: needed(11)?,
                mode: word(12)?,
                modality: needed(13)?,
                stance: needed(14)?,
                position: needed(15)?,
                responsibility: word(16)?,
                source: row.get(17)?,
                actor: row.get(18)?,
                recipient: row.get(19)?,
                place: row.get(20)?,
                lat: row.get(21)?,
                lon: row.get(22)?,
                country: row.get(23)?,
                figures: Vec::new(),
                trigger: slice(text, row.get(25)?, row.get(26)?),
                sentence: slice(text, row.get(27)?, row.get(28)?),
                confidence: row.get(29)?,
                day_number,
            })
        };
        let mut row = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut claim| claim.query_row([id], row))
            .doing("taking a claim")?;
        row.figures = self.figures(id)?;
        Ok(row)
    }

    fn figures(&self, claim: i64) -> Result<Vec<String>, Error> {
        let sql = "SELECT measure, low, high, scope, since FROM figure WHERE claim = ?1 ORDER BY n";
        type Figure = (String, Option<i64>, Option<i64>, String, Option<String>);
        let show = |(measure, low, high, scope, since): Figure| {
            let number = match (low, high) {
                (Some(low), Some(high)) if low == high => low.to_string(),
                (Some(low), Some(high)) => format!("{low}-{high}"),
                (Some(low), None) => format!("{low}+"),
                (None, Some(high)) => format!("up to {high}"),
                (None, None) => "some".to_owned(),
            };
            let since = since.map_or_else(String::new, |since| format!(" since {since}"));
            let scope = if scope == "cumulative" { format!(" in all{since}") } else { String::new() };
            format!("{measure} {number}{scope}")
        };
        let figures: Vec<Figure> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut rows| {
                let figure = |row: &rusqlite::Row<'_>| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                };
                rows.query_map([claim], figure)?.collect()
            })
            .doing("taking figures")?;
        Ok(figures.into_iter().map(show).collect())
    }

    /// The pages that meet the query's conditions: where few have its words, the best match first, otherwise, and without
    /// words, by arrival, the newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] if there are no words in `text`.
    pub fn search(&self, query: &PageQuery) -> Result<Listed<PageRow>, Error> {
        let mut conditions = vec!["1".to_owned()];
        let mut values = Vec::new();
        let mut order = "page.id DESC";
        let mut ranked = false;
        let from = match &query.text {
            Some(text) => {
                let matches = words(&full_text(text)?);
                let drive =
                    Sql::new("SELECT rowid AS id FROM page_fts WHERE page_fts MATCH ?", [matches.clone()]);
                ranked = self.count(&drive, RANKED + 1)? <= RANKED;
                conditions.push("page_fts MATCH ?".to_owned());
                values.push(matches);
                order = if ranked { "rank, page_fts.rowid DESC" } else { "page_fts.rowid DESC" };
                "page_fts CROSS JOIN page ON page.id = page_fts.rowid"
            }
            None => "page",
        };
        if let Some(outlet) = &query.outlet {
            conditions.push("page.outlet = (SELECT id FROM name WHERE name = ? AND entity = '')".to_owned());
            values.push(words(outlet));
        }
        for (day, than) in [(query.since, ">="), (query.until, "<=")] {
            if let Some(day) = day {
                conditions.push(format!("page.published {than} ?"));
                values.push(Value::Text(hearsay_doc::Date::from_days(day).to_string()));
            }
        }
        // Ranks are not unique and cost a look at every match: a ranked list is paged by its rows' number.
        let skip = match (query.after, ranked) {
            (Some(Cursor { id, .. }), true) => id,
            (Some(Cursor { id, .. }), false) => {
                conditions.push("page.id < ?".to_owned());
                values.push(Value::Integer(id));
                0
            }
            (None, _) => 0,
        };
        let snippet = match query.text {
            Some(_) => "snippet(page_fts, -1, '⟦', '⟧', '…', 24)",
            None => "NULL",
        };
        let sql = format!(
            "SELECT page.id, page.key, page.name, outlet.name, page.title, page.published, page.url, page.n_claims, {snippet} \
             FROM {from} LEFT JOIN name AS outlet ON outlet.id = page.outlet WHERE {} ORDER BY {order} LIMIT {} OFFSET {skip}",
            conditions.join(" AND "),
            query.limit + 1
        );
        let row = |row: &rusqlite::Row<'_>| {
            let key: [u8; 16] = row.get(1)?;
            Ok(PageRow {
                page: row.get(0)?,
                key: hex(&key)[..12].to_owned(),
                report: row.get(2)?,
                outlet: row.get(3)?,
                title: row.get(4)?,
                published: row.get(5)?,
                url: row.get(6)?,
                n_claims: row.get(7)?,
                snippet: row.get(8)?,
            })
        };
        let mut rows: Vec<PageRow> = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut rows| rows.query_map(params_from_iter(&values), row)?.collect())
            .doing("looking for pages")?;
        let more = rows.len() > query.limit;
        rows.truncate(query.limit);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| Cursor { day: 0, id: if ranked { skip + query.limit as i64 } else { last.page } });
        Ok(Listed { rows, next })
    }

    /// Incidents, by their first day.
    pub fn incidents(&self, query: &IncidentQuery) -> Result<Vec<Link>, Error> {
        let mut conditions = vec!["1".to_owned()];
        let mut values = Vec::new();
        let mut put = |condition: &str, value: Value| {
            conditions.push(condition.to_owned());
            values.push(value);
        };
        for (condition, value) in [
            ("place = ? COLLATE NOCASE", &query.place),
            ("country = ?", &query.country),
            ("type = ?", &query.kind),
            ("status = ?", &query.status),
        ] {
            if let Some(value) = value {
                put(condition, words(value));
            }
        }
        for (condition, value) in [("last >= ?", query.since), ("first <= ?", query.until)] {
            if let Some(day) = value {
                put(condition, Value::Integer(day.into()));
            }
        }
        if let Some(n) = query.min_origins {
            put("n_origins >= ?", Value::Integer(n.into()));
        }
        if let Some([south, west, north, east]) = query.within {
            put("lat >= ?", Value::Real(south));
            put("lat <= ?", Value::Real(north));
            let condition = if west <= east { "lon >= ? AND lon <= ?" } else { "(lon >= ? OR lon <= ?)" };
            put(condition, Value::Real(west));
            values.push(Value::Real(east));
        }
        let order = if query.oldest_first { "ASC" } else { "DESC" };
        let sql = format!(
            "SELECT id FROM incident WHERE {} ORDER BY first {order}, id {order} LIMIT {} OFFSET {}",
            conditions.join(" AND "),
            query.limit,
            query.skip
        );
        let ids: Vec<String> = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut ids| ids.query_map(params_from_iter(&values), |row| row.get(0))?.collect())
            .doing("looking for incidents")?;
        let links = ids.iter().map(|id| self.link("incident", id)).collect::<Result<Vec<_>, _>>()?;
        Ok(links.into_iter().flatten().collect())
    }

    /// The claim `c3` of a page, as a row of a list; `None` where the page has none of this id now.
    pub fn claim(&self, page: i64, claim: &str) -> Result<Option<ClaimRow>, Error> {
        let sql = format!("SELECT id FROM claim WHERE id IN ({CLAIMS_OF_PAGE}) AND n = ?2 AND until IS NULL");
        let id: Option<i64> = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut id| id.query_row([page, claim_number(claim)], |row| row.get(0)).optional())
            .doing("looking for a claim")?;
        id.map(|id| self.claim_row(&self.words()?, id)).transpose()
    }

    /// Answers one SQL statement that reads, with at most `limit` rows: the columns' names, and the rows.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] if it is no statement or more than one, or if it would write.
    pub fn sql(&self, sql: &str, limit: usize) -> Result<(Vec<String>, Vec<Vec<Value>>), Error> {
        let wrong = |error: rusqlite::Error| Error::Query(format!("SQL: {error}"));
        let mut statement = single(&self.connection, sql)?;
        let names = statement.column_names().map(str::to_owned).collect::<Vec<_>>();
        let n_columns = names.len();
        let mut rows = statement.query([]).map_err(wrong)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(wrong)? {
            if all.len() == limit {
                break;
            }
            let values: rusqlite::Result<Vec<Value>> = (0..n_columns).map(|idx| row.get(idx)).collect();
            all.push(values.map_err(wrong)?);
        }
        Ok((names, all))
    }
}

/// The one statement in `sql`, which must not write.
fn single<'c>(connection: &'c Connection, sql: &str) -> Result<rusqlite::Statement<'c>, Error> {
    let statement = connection.prepare(sql).map_err(|error| Error::Query(format!("SQL: {error}")))?;
    if !statement.readonly() || statement.column_count() == 0 {
        return Err(Error::Query(
            "SQL: only a question is answered (SELECT, WITH, EXPLAIN, PRAGMA)".to_owned(),
        ));
    }
    Ok(statement)
}

/// Places within a box, of which more is known than the country or region.
fn within_box(within: [f64; 4]) -> Result<Sql, Error> {
    let [south, west, north, east] = within;
    let real = (-90.0..=90.0).contains(&south) && (-90.0..=90.0).contains(&north) && south <= north;
    if !real || ![west, east].iter().all(|lon| (-180.0..=180.0).contains(lon)) {
        let reason = format!("{south},{west},{north},{east} is no box: south,west,north,east in degrees");
        return Err(Error::Query(reason));
    }
    let spans = if west <= east { vec![(west, east)] } else { vec![(west, 180.0), (-180.0, east)] };
    // The R*Tree rounds outwards to 32 bits; the place itself decides.
    let one = "SELECT place.id FROM place_box CROSS JOIN place ON place.id = place_box.id \
               WHERE place_box.north >= ? AND place_box.south <= ? AND place_box.east >= ? AND place_box.west <= ? \
               AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? AND coalesce(precision, '') NOT IN ('country', 'region')";
    let values = spans.iter().flat_map(|&(west, east)| [south, north, west, east, south, north, west, east]);
    Ok(Sql::new(vec![one; spans.len()].join(" UNION ALL "), values.clone().map(Value::Real)))
}

/// Claims at any of the places that `set` lists.
fn places(set: &Sql) -> Condition {
    Condition {
        drive: Some(Sql::new(
            format!("SELECT claim AS id FROM claim_place WHERE place IN ({})", set.text),
            set.values.iter().cloned(),
        )),
        check: first_or_more("c.place", "p", &set.text, &set.values),
        ..Condition::default()
    }
}

/// True of claims whose first name in a role (or first place) is in a set, or a further one. The plus keeps SQLite from
/// looking up every member of the set for each claim.
fn first_or_more(first: &str, role: &str, set: &str, values: &[Value]) -> Sql {
    Sql::new(
        format!(
            "({first} IN ({set}) OR EXISTS (SELECT 1 FROM claim_more AS m WHERE m.claim = c.id AND m.role = '{role}' \
             AND +m.other IN ({set})))"
        ),
        values.iter().chain(values).cloned(),
    )
}

/// A condition on a column that has an index of its own.
fn column(name: &str, value: Value) -> Condition {
    Condition {
        drive: Some(Sql::new(format!("SELECT id FROM claim WHERE {name} = ?"), [value.clone()])),
        check: Sql::new(format!("c.{name} = ?"), [value]),
        by_day: true,
        ..Condition::default()
    }
}

/// True of claims that overlap the days asked for; `None` where all do.
fn days(query: &ClaimQuery) -> Option<Sql> {
    if query.since.is_none() && query.until.is_none() {
        return None;
    }
    let mut text = format!("c.day <> {NO_DAY}");
    let mut values = Vec::new();
    if let Some(since) = query.since {
        text += " AND coalesce(c.last, c.day) >= ?";
        values.push(Value::Integer(since.into()));
    }
    if let Some(until) = query.until {
        text += " AND coalesce(c.first, c.day) <= ?";
        values.push(Value::Integer(until.into()));
    }
    Some(Sql { text, values })
}

/// Numbers with commas between, safe to stand in SQL.
fn list_of(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// What a person types as FTS5 wants it: words are quoted, so that none is taken for an operator; phrases, `begin*`,
/// `-without` and `OR` stay what they are.
///
/// # Errors
///
/// [`Error::Query`] if nothing is left to look for.
fn full_text(typed: &str) -> Result<String, Error> {
    let mut wanted: Vec<String> = Vec::new();
    let mut unwanted = Vec::new();
    let mut or = false;
    for (idx, part) in typed.split('"').enumerate() {
        let phrase = [part];
        let tokens: Vec<&str> =
            if idx % 2 == 1 { phrase.to_vec() } else { part.split_whitespace().collect() };
        for token in tokens {
            let is_phrase = idx % 2 == 1;
            if token == "OR" && !is_phrase {
                or = !wanted.is_empty();
                continue;
            }
            let (without, token) = match token.strip_prefix('-').filter(|rest| !is_phrase && !rest.is_empty())
            {
                Some(rest) => (true, rest),
                None => (false, token),
            };
            if !token.chars().any(char::is_alphanumeric) {
                continue;
            }
            let (token, star) = match token.strip_suffix('*').filter(|_| !is_phrase) {
                Some(start) => (start, " *"),
                None => (token, ""),
            };
            let quoted = format!("\"{token}\"{star}");
            match (without, or, wanted.last_mut()) {
                (true, ..) => unwanted.push(quoted),
                (false, true, Some(last)) => *last = format!("({last} OR {quoted})"),
                _ => wanted.push(quoted),
            }
            or = false;
        }
    }
    if wanted.is_empty() {
        return Err(Error::Query(format!("{typed:?} has no word to look for")));
    }
    let all = wanted.join(" AND ");
    Ok(unwanted.into_iter().fold(all, |all, without| format!("({all}) NOT {without}")))
}

/// A longitude beyond the antimeridian, from the other side.
fn around(lon: f64) -> f64 {
    if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    }
}

/// Kilometres between two points on a sphere of the Earth's mean radius.
fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (d_lat, d_lon) = (lat_b - lat_a, (b.1 - a.1).to_radians());
    let h = (d_lat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (d_lon / 2.0).sin().powi(2);
    2.0 * 6371.0088 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_never_taken_for_syntax() {
        let show = |typed| full_text(typed).unwrap_or_else(|error| error.to_string());
        assert_eq!(show("drone strike"), r#""drone" AND "strike""#);
        assert_eq!(show(r#""market square" shell*"#), r#""market square" AND "shell" *"#);
        assert_eq!(show("NEAR(a b) col:x"), r#""NEAR(a" AND "b)" AND "col:x""#);
        assert_eq!(show("hospital OR clinic -drill"), r#"(("hospital" OR "clinic")) NOT "drill""#);
        assert_eq!(show("OR -drill"), r#""OR -drill" has no word to look for"#);
        assert_eq!(show(r#"" "#), r#""\" " has no word to look for"#);
    }

    #[test]
    fn a_degree_of_latitude_is_111_kilometres() {
        assert!((distance((10.0, 20.0), (11.0, 20.0)) - 111.2).abs() < 0.1);
        assert!(distance((0.0, 179.9), (0.0, -179.9)) < 23.0);
    }

    #[test]
    fn a_cursor_is_what_it_shows() {
        let cursor = Cursor { day: -3, id: 65_537 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert!("x".parse::<Cursor>().is_err());
    }
}
