//! Names of places with their coordinates, in one compact file that is searched where it lies.
//!
//! Start at [`Gazetteer::from_bytes`] and [`Gazetteer::lookup`]. The file is made by [`to_bytes`], which the
//! builder (`src/bin/gazetteer.rs`) and the tests share.
//!
//! Alternate names are kept as 40-bit hashes of their [`key`], not as text: two thirds of the names are only
//! ever looked up, never shown, and a wrong hit among a million keys is expected once in a million look-ups of
//! an unknown name. What a place is called in answers is its first name.
//!
//! Which of several places is meant belongs to `place`.
//!
//! # Format
//!
//! Little-endian. `hearsay-places\0\0`, format version (`u32`), number of places, bytes of name text, number of
//! keys (`u32` each), number of provinces (`u32`), four zero bytes, checksum (`u64`) of all that follows. Then
//! places of 18 bytes, names (a length byte, UTF-8), 65,537 bucket bounds (`u32`), and keys of 6 bytes (lower
//! 24 bits of the hash, place). Provinces are the first places, so that 16 bits name one.

use hearsay_doc::PlacePrecision;
use std::fmt;
use std::sync::OnceLock;

const MAGIC: &[u8; 16] = b"hearsay-places\0\0";
const VERSION: u32 = 1;
const HEADER: usize = 48;
const RECORD: usize = 18;
const BUCKETS: usize = 1 << 16;
const NO_PROVINCE: u16 = u16::MAX;

/// A file that is no gazetteer, or not one that this version reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// It does not begin as a gazetteer does.
    NotAGazetteer {
        /// Bytes given.
        length: usize,
    },
    /// A later or unknown format.
    Version {
        /// The file's version.
        found: u32,
    },
    /// Cut short, or longer than its header says.
    Length {
        /// Bytes by the header.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// Altered since it was built.
    Checksum {
        /// As the header says.
        expected: u64,
        /// As counted.
        found: u64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotAGazetteer { length } => write!(f, "{length} bytes that are no gazetteer"),
            Error::Version { found } => {
                write!(f, "gazetteer has format version {found}, this program reads {VERSION}")
            }
            Error::Length { expected, found } => {
                write!(f, "gazetteer says {expected} bytes, file has {found}")
            }
            Error::Checksum { expected, found } => {
                write!(f, "gazetteer says checksum {expected:016x}, its bytes give {found:016x}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// One place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its number in the file.
    pub idx: u32,
    /// Its usual name.
    pub name: &'static str,
    /// GeoNames id, where known.
    pub geonames: Option<u32>,
    /// Degrees north, to about a metre.
    pub lat: f32,
    /// Degrees east, to about two metres.
    pub lon: f32,
    /// What it is.
    pub precision: PlacePrecision,
    /// Capital of a country, seat of a province, or neither.
    pub seat: Seat,
    /// ISO 3166-1 alpha-2; `None` for seas and regions of several countries.
    pub country: Option<[u8; 2]>,
    /// Number of the province that holds it, see [`Gazetteer::place`].
    pub province: Option<u32>,
    /// People, within a twentieth; 0 where unknown.
    pub population: u32,
    /// Is it from a list of the user's own?
    pub is_own: bool,
}

/// What is governed from a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seat {
    /// Nothing larger than itself.
    None,
    /// A province.
    Province,
    /// A country.
    Country,
}

/// What the builder knows of a place.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its usual name.
    pub name: String,
    /// Other names, Latin script.
    pub names: Vec<String>,
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// Degrees north.
    pub lat: f32,
    /// Degrees east.
    pub lon: f32,
    /// What it is.
    pub precision: PlacePrecision,
    /// What is governed from it.
    pub seat: Seat,
    /// ISO 3166-1 alpha-2.
    pub country: Option<[u8; 2]>,
    /// Index of its province among the rows.
    pub province: Option<usize>,
    /// People.
    pub population: u32,
    /// Is it found by [`loose_key`] too?
    pub loose: bool,
}

/// All places. Copies of it share the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct Gazetteer {
    /// A list of the user's own, whose places are numbered after these.
    own: Option<&'static Gazetteer>,
    bytes: &'static [u8],
    n_places: usize,
    n_provinces: usize,
    names: usize,
    buckets: usize,
    keys: usize,
}

impl Gazetteer {
    /// The gazetteer compiled into the program, opened once.
    ///
    /// # Panics
    ///
    /// If the file in `data/gazetteer` is damaged or of another version, which a test of this crate would show.
    pub fn shipped() -> Gazetteer {
        static SHIPPED: OnceLock<Gazetteer> = OnceLock::new();
        let bytes = include_bytes!("../../../../data/gazetteer/places-1.bin");
        *SHIPPED.get_or_init(|| Gazetteer::from_bytes(bytes).expect("the shipped gazetteer is whole"))
    }

    /// The gazetteer in `bytes`, which are checked and then read in place.
    ///
    /// # Errors
    ///
    /// [`Error`], with what the header says and what was found.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Gazetteer, Error> {
        if bytes.len() < HEADER || &bytes[..16] != MAGIC {
            return Err(Error::NotAGazetteer { length: bytes.len() });
        }
        let header = |n: usize| u32_at(bytes, 16 + 4 * n);
        if header(0) != VERSION {
            return Err(Error::Version { found: header(0) });
        }
        let (n_places, name_bytes, n_keys) = (header(1) as usize, header(2) as usize, header(3) as usize);
        let names = HEADER + n_places * RECORD;
        let buckets = names + name_bytes;
        let keys = buckets + 4 * (BUCKETS + 1);
        let expected = keys + 6 * n_keys;
        if expected != bytes.len() {
            return Err(Error::Length { expected, found: bytes.len() });
        }
        let (expected, found) = (u64_at(bytes, 40), checksum(&bytes[HEADER..]));
        if expected != found {
            return Err(Error::Checksum { expected, found });
        }
        let n_provinces = header(4) as usize;
        Ok(Gazetteer { own: None, bytes, n_places, n_provinces, names, buckets, keys })
    }

    /// This gazetteer and a list of the user's own, whose places come first and weigh more. The list stays in memory for
    /// as long as the program runs; a second one takes the place of the first.
    pub fn with_own(self, rows: &[Row]) -> Result<Gazetteer, Error> {
        let bytes: &'static [u8] = Box::leak(to_bytes(rows).into_boxed_slice());
        let own: &'static Gazetteer = Box::leak(Box::new(Gazetteer::from_bytes(bytes)?));
        Ok(Gazetteer { own: Some(own), ..self })
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.n_places + self.own.map_or(0, Gazetteer::len)
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Places of this name, the most populous first. Case, diacritics, hyphens, apostrophes and "St."/"Saint"
    /// make no difference. Where nothing has the name, [`Gazetteer::lookup_loose`] is tried. An unknown name gives
    /// none.
    pub fn lookup(&self, name: &str) -> impl Iterator<Item = Place> + use<> {
        let key = key(name);
        let mut found = self.with_key(&key);
        if found.is_empty() && !key.is_empty() {
            found = self.with_key(&loose_key(&key));
        }
        self.places(found)
    }

    /// As [`Gazetteer::lookup`], for names spelled as the gazetteer has them.
    pub fn lookup_exact(&self, name: &str) -> impl Iterator<Item = Place> + use<> {
        self.places(self.with_key(&key(name)))
    }

    /// Places whose name differs by no more than an Arabic article, doubled letters or related vowels, in the
    /// countries where transliterations vary so.
    pub fn lookup_loose(&self, name: &str) -> impl Iterator<Item = Place> + use<> {
        self.places(self.with_key(&loose_key(&key(name))))
    }

    fn places(&self, found: Vec<u32>) -> impl Iterator<Item = Place> + use<> {
        let gazetteer = *self;
        found.into_iter().filter_map(move |idx| gazetteer.place(idx))
    }

    /// The place with this number.
    pub fn place(&self, idx: u32) -> Option<Place> {
        let at = HEADER + RECORD * idx as usize;
        if idx as usize >= self.n_places {
            let base = self.n_places as u32;
            let place = self.own?.place(idx - base)?;
            let province = place.province.map(|n| n + base);
            return Some(Place { idx, province, is_own: true, ..place });
        }
        let record = &self.bytes[at..at + RECORD];
        let name_at = self.names + u24_at(record, 6) as usize;
        let name_len = usize::from(*self.bytes.get(name_at)?);
        let name = self.bytes.get(name_at + 1..name_at + 1 + name_len)?;
        let geonames = u24_at(record, 9);
        let kind = record[13];
        let country = [record[14], record[15]];
        let province = u16::from_le_bytes([record[16], record[17]]);
        Some(Place {
            idx,
            name: std::str::from_utf8(name).ok()?,
            geonames: (geonames > 0).then_some(geonames),
            lat: degrees(u24_at(record, 0), 90.0),
            lon: degrees(u24_at(record, 3), 180.0),
            precision: *PlacePrecision::ALL.get(usize::from(kind & 15))?,
            seat: [Seat::None, Seat::Province, Seat::Country][usize::from(kind >> 4).min(2)],
            country: (country != [0, 0]).then_some(country),
            province: (usize::from(province) < self.n_provinces).then_some(u32::from(province)),
            population: population_of(record[12]),
            is_own: false,
        })
    }

    fn with_key(&self, key: &str) -> Vec<u32> {
        let own = self.own.map(|own| own.with_key(key)).unwrap_or_default();
        let own = own.into_iter().map(|idx| idx + self.n_places as u32);
        let (bucket, rest) = hash(key);
        let bound = |n: usize| u32_at(self.bytes, self.buckets + 4 * n) as usize;
        let keys = self.bytes[self.keys..].chunks_exact(6);
        let (from, to) = (bound(bucket), bound(bucket + 1));
        let shipped = keys
            .skip(from)
            .take(to.saturating_sub(from))
            .filter(|entry| u24_at(entry, 0) == rest)
            .map(|entry| u24_at(entry, 3));
        own.chain(shipped).collect()
    }
}

/// The name as it is compared: lower case, no diacritics, apostrophes or full stops, one space for a hyphen, "st",
/// "mt" and "ft" in full, no "the" before it.
pub fn key(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | '′' | '.' | '·' => {}
            '\u{300}'..='\u{36f}' => {}
            '&' => plain.push_str(" and "),
            _ => fold(c, &mut plain),
        }
    }
    let mut key = String::with_capacity(plain.len());
    for (n, word) in plain.split_whitespace().enumerate() {
        if word == "the" && n == 0 {
            continue;
        }
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(match word {
            "st" => "saint",
            "ste" => "sainte",
            "mt" => "mount",
            "ft" => "fort",
            word => word,
        });
    }
    key
}

/// A coarser key for transliterated names: no articles, vowels merged, doubled letters single. It begins with `~`
/// and so never meets a [`key`].
pub fn loose_key(key: &str) -> String {
    const ARTICLES: [&str; 22] = [
        "al", "el", "as", "ash", "ad", "ar", "at", "az", "an", "ath", "adh", "ul", "il", "ed", "er", "es",
        "esh", "ech", "et", "ez", "en", "enn",
    ];
    let words: Vec<&str> = key.split(' ').collect();
    let mut loose = String::from("~");
    for (n, word) in words.iter().enumerate() {
        if ARTICLES.contains(word) && n + 1 < words.len() {
            continue;
        }
        let word = word.replace("ou", "u").replace("oo", "u").replace("ee", "i").replace("kh", "h");
        let word = word.replace("ei", "ai").replace("ey", "ai").replace("ay", "ai").replace("ch", "sh");
        let bare = word.strip_suffix('h').filter(|bare| bare.ends_with(['a', 'e'])).unwrap_or(&word);
        for c in bare.chars() {
            let c = match c {
                'e' | 'y' => 'i',
                'o' => 'u',
                'q' => 'k',
                c => c,
            };
            if !loose.ends_with(c) {
                loose.push(c);
            }
        }
        if loose.ends_with('i') && bare.ends_with('e') {
            loose.pop();
            loose.push('a');
        }
    }
    loose
}

/// Lower case without diacritics; anything but letters and digits becomes a space.
fn fold(c: char, into: &mut String) {
    const LATIN: &str = "aaaaaa_ceeeeiiiidnooooo_ouuuuy__aaaaaa_ceeeeiiiidnooooo_ouuuuy_yaaaaaaccccccccddddeeeeeeeeeeggggggg\
        ghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnn_nnoooooo__rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    const MORE: &str = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssss\
        ssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas____aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooo\
        oooooooooooouuuuuuuuuuuuuuyyyyyyyy______";
    let table = match c {
        '\u{c0}'..='\u{17f}' => LATIN.as_bytes().get(c as usize - 0xc0),
        '\u{1e00}'..='\u{1eff}' => MORE.as_bytes().get(c as usize - 0x1e00),
        _ => None,
    };
    match c {
        'ß' => into.push_str("ss"),
        'æ' | 'Æ' => into.push_str("ae"),
        'œ' | 'Œ' => into.push_str("oe"),
        'þ' | 'Þ' => into.push_str("th"),
        'ə' | 'Ə' => into.push('e'),
        'ș' | 'Ș' => into.push('s'),
        'ț' | 'Ț' => into.push('t'),
        'ǧ' | 'Ǧ' => into.push('g'),
        _ if c.is_ascii_alphanumeric() => into.push(c.to_ascii_lowercase()),
        _ => match table {
            Some(b'_') => {}
            Some(&b) => into.push(b as char),
            None if c.is_alphanumeric() => into.extend(c.to_lowercase()),
            None => into.push(' '),
        },
    }
}

/// Bucket and the 24 bits kept in it.
fn hash(key: &str) -> (usize, u32) {
    // FNV-1a, then mixed so that the upper bits depend on every byte.
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for b in key.bytes() {
        h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    h = (h ^ (h >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((h >> 48) as usize, (h >> 24) as u32 & 0xff_ffff)
}

/// Of whole words of 8 bytes, the last one padded with zeros.
fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = 0x9e37_79b9_7f4a_7c15_u64;
    let chunks = bytes.chunks_exact(8);
    let mut last = [0; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    for chunk in chunks.chain(std::iter::once(&last[..])) {
        sum = (sum ^ u64_at(chunk, 0)).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
    }
    sum
}

fn u24_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], 0])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

/// 24 bits for `-most..=most`.
fn degrees(code: u32, most: f64) -> f32 {
    (f64::from(code) / 16_777_215.0 * 2.0 * most - most) as f32
}

fn code_of(degrees: f32, most: f64) -> u32 {
    ((f64::from(degrees).clamp(-most, most) + most) / (2.0 * most) * 16_777_215.0).round() as u32
}

/// Eighths of a doubling; 0 for unknown.
fn population_of(code: u8) -> u32 {
    if code == 0 { 0 } else { (f32::from(code) / 8.0).exp2().round() as u32 }
}

fn code_of_population(people: u32) -> u8 {
    if people == 0 { 0 } else { ((people as f32).log2() * 8.0).round().clamp(1.0, 255.0) as u8 }
}

/// Writes the file. The same rows in the same order give the same bytes.
///
/// Rows that are provinces come first in the file; at most 65,535 of them keep their number. Names longer than 255
/// bytes are cut at a character.
pub fn to_bytes(rows: &[Row]) -> Vec<u8> {
    let is_province = |row: &Row| row.precision == PlacePrecision::Admin1;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&n| !is_province(&rows[n]));
    let mut place_of = vec![0_u32; rows.len()];
    for (idx, &n) in order.iter().enumerate() {
        place_of[n] = idx as u32;
    }
    let n_provinces = rows.iter().filter(|row| is_province(row)).count().min(usize::from(NO_PROVINCE));

    let mut places = Vec::with_capacity(rows.len() * RECORD);
    let mut names: Vec<u8> = Vec::new();
    let mut name_at: std::collections::HashMap<&str, u32> = std::collections::HashMap::new();
    let mut keys: Vec<(usize, u32, std::cmp::Reverse<u32>, u32)> = Vec::new();
    for &n in &order {
        let row = &rows[n];
        let end = (0..=row.name.len().min(255)).rev().find(|&n| row.name.is_char_boundary(n)).unwrap_or(0);
        let short = &row.name[..end];
        let at = *name_at.entry(short).or_insert_with(|| {
            let at = names.len() as u32;
            names.push(short.len() as u8);
            names.extend_from_slice(short.as_bytes());
            at
        });
        places.extend_from_slice(&code_of(row.lat, 90.0).to_le_bytes()[..3]);
        places.extend_from_slice(&code_of(row.lon, 180.0).to_le_bytes()[..3]);
        places.extend_from_slice(&at.to_le_bytes()[..3]);
        places.extend_from_slice(&row.geonames.unwrap_or(0).to_le_bytes()[..3]);
        places.push(code_of_population(row.population));
        let precision = PlacePrecision::ALL.iter().position(|p| *p == row.precision).unwrap_or(0);
        places.push(precision as u8 | (row.seat as u8) << 4);
        places.extend_from_slice(&row.country.unwrap_or([0, 0]));
        let province = row.province.map_or(u32::from(NO_PROVINCE), |n| place_of[n]);
        places.extend_from_slice(&u16::try_from(province).unwrap_or(NO_PROVINCE).to_le_bytes());

        for name in std::iter::once(&row.name).chain(&row.names) {
            let key = key(name);
            let loose = row.loose.then(|| loose_key(&key)).filter(|loose| loose[1..] != key);
            for key in std::iter::once(key).chain(loose).filter(|key| key.len() > 1) {
                let (bucket, rest) = hash(&key);
                keys.push((bucket, rest, std::cmp::Reverse(row.population), place_of[n]));
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();

    let mut data = places;
    data.extend_from_slice(&names);
    let mut at = 0;
    for bucket in 0..=BUCKETS {
        at += keys[at..].partition_point(|entry| entry.0 < bucket);
        data.extend_from_slice(&(at as u32).to_le_bytes());
    }
    for (_, rest, _, place) in &keys {
        data.extend_from_slice(&rest.to_le_bytes()[..3]);
        data.extend_from_slice(&place.to_le_bytes()[..3]);
    }
    let mut file = MAGIC.to_vec();
    let counts = [VERSION, rows.len() as u32, names.len() as u32, keys.len() as u32, n_provinces as u32, 0];
    for count in counts {
        file.extend_from_slice(&count.to_le_bytes());
    }
    file.extend_from_slice(&checksum(&data).to_le_bytes());
    file.extend_from_slice(&data);
    file
}

/// A line of a user's list that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for ListError {}

/// Columns of a user's list of places, separated by tabs.
pub const COLUMNS: &str = "name, alternates, admin1, country, lat, lon, population, feature class";

/// Rows of a user's own list: [`COLUMNS`], tab-separated. Alternates are separated by `|` or `;`, `-` or nothing stands for
/// unknown, `#` opens a comment line, and a first line of column names is passed over. `admin1` is the name of a province
/// that the list has a row for. The feature class is one of `facility`, `settlement`, `admin2`, `admin1`, `region`,
/// `country`, or GeoNames' code (`P`, `S`, `A`, `ADM1`, `ADM2` …); nothing stands for a settlement.
///
/// # Errors
///
/// [`ListError`] with the first line that lacks a name or coordinates, or has an unknown word.
pub fn rows_of(list: &str) -> Result<Vec<Row>, ListError> {
    let mut rows: Vec<(Row, String, usize)> = Vec::new();
    for (line, n) in list.lines().zip(1..) {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let cell = |at: usize| cells.get(at).copied().filter(|cell| *cell != "-").unwrap_or("");
        if rows.is_empty() && cell(0).eq_ignore_ascii_case("name") {
            continue;
        }
        let fail = |what: String| ListError { line: n, what };
        if cells.len() < 6 {
            return Err(fail(format!("{} columns, at least 6 of these are needed: {COLUMNS}", cells.len())));
        }
        let degrees = |at: usize, name: &str, most: f32| {
            let number = cell(at).parse::<f32>().ok().filter(|value| value.abs() <= most);
            number.ok_or_else(|| fail(format!("{name} is {:?}, not a number of -{most} to {most}", cell(at))))
        };
        if cell(0).is_empty() {
            return Err(fail("no name".to_owned()));
        }
        let country = match cell(3) {
            "" => None,
            code => Some(
                code.to_uppercase()
                    .as_bytes()
                    .try_into()
                    .map_err(|_| fail(format!("country is {code:?}, not two letters of ISO 3166-1")))?,
            ),
        };
        let people = cell(6).replace([',', '_', ' '], "");
        let population = match people.as_str() {
            "" => 0,
            people => people.parse().map_err(|_| fail(format!("population is {:?}", cell(6))))?,
        };
        let row = Row {
            name: cell(0).to_owned(),
            names: cell(1)
                .split(['|', ';'])
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
            geonames: None,
            lat: degrees(4, "lat", 90.0)?,
            lon: degrees(5, "lon", 180.0)?,
            precision: precision_of(cell(7))
                .ok_or_else(|| fail(format!("feature class {:?} is unknown", cell(7))))?,
            seat: Seat::None,
            country,
            province: None,
            population,
            loose: true,
        };
        rows.push((row, cell(2).to_owned(), n));
    }
    let provinces: Vec<(usize, String)> = rows
        .iter()
        .enumerate()
        .filter(|(_, (row, ..))| row.precision == PlacePrecision::Admin1)
        .map(|(at, (row, ..))| (at, key(&row.name)))
        .collect();
    let province = |name: &str| provinces.iter().find(|(_, known)| *known == key(name)).map(|(at, _)| *at);
    Ok(rows.into_iter().map(|(row, admin1, _)| Row { province: province(&admin1), ..row }).collect())
}

fn precision_of(word: &str) -> Option<PlacePrecision> {
    Some(match word.to_uppercase().as_str() {
        "" | "P" => PlacePrecision::Settlement,
        "S" | "R" | "T" | "U" | "V" => PlacePrecision::Facility,
        "A" | "ADM1" => PlacePrecision::Admin1,
        "ADM2" | "ADM3" | "ADM4" => PlacePrecision::Admin2,
        "H" | "L" => PlacePrecision::Region,
        code if code.starts_with("PPL") => PlacePrecision::Settlement,
        code if code.starts_with("PCL") => PlacePrecision::Country,
        _ => word.to_lowercase().parse().ok()?,
    })
}

/// A few rows for tests: `name; country; lat,lon; precision; population; other, names; province`.
#[cfg(test)]
pub(crate) fn small(rows: &str) -> Gazetteer {
    let mut made: Vec<Row> = Vec::new();
    for line in rows.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split(';').map(str::trim).collect();
        let (lat, lon) = cells[2].split_once(',').expect("lat,lon");
        let country: [u8; 2] = cells[1].as_bytes().try_into().expect("two letters");
        let other = cells.get(5).copied().unwrap_or("");
        let province =
            cells.get(6).map(|name| made.iter().position(|row| row.name == *name).expect("province"));
        made.push(Row {
            name: cells[0].to_owned(),
            names: other
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
            geonames: Some(made.len() as u32 + 1),
            lat: lat.parse().expect("lat"),
            lon: lon.parse().expect("lon"),
            precision: cells[3].parse().expect("precision"),
            seat: Seat::None,
            country: (country != *b"--").then_some(country),
            province,
            population: cells[4].parse().expect("population"),
            loose: true,
        });
    }
    Gazetteer::from_bytes(Box::leak(to_bytes(&made).into_boxed_slice())).expect("just built")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "
        Louisiana; US; 31,-92; admin1; 4600000
        Alexandria; EG; 31.2,29.9; settlement; 4500000; Iskandariya
        Alexandria; US; 31.31,-92.44; settlement; 48000; ; Louisiana
        Saint-Étienne; FR; 45.43,4.39; settlement; 170000
        Ar Raqqah; SY; 35.95,39.01; settlement; 177636";

    fn check(name: &str, expected: &str) {
        let show = |place: Place| {
            let country = place.country.map_or("--".to_owned(), |c| String::from_utf8_lossy(&c).into_owned());
            format!("{} {country} {:.2} {:.2}", place.name, place.lat, place.lon)
        };
        let found: Vec<String> = small(ROWS).lookup(name).map(show).collect();
        assert_eq!(found.join(" | "), expected, "{name}");
    }

    #[test]
    fn the_most_populous_comes_first() {
        check("ALEXANDRIA", "Alexandria EG 31.20 29.90 | Alexandria US 31.31 -92.44");
        check("Alexandrium", "");
        check("", "");
    }

    #[test]
    fn spelling_signs_make_no_difference() {
        check("St. Etienne", "Saint-Étienne FR 45.43 4.39");
        check("Iskandariya", "Alexandria EG 31.20 29.90");
        check("al-Raqqa", "Ar Raqqah SY 35.95 39.01");
        check("Raqqa", "Ar Raqqah SY 35.95 39.01");
    }

    #[test]
    fn a_place_knows_its_province() {
        let gazetteer = small(ROWS);
        let town = gazetteer.lookup("Alexandria").nth(1).unwrap();
        assert_eq!(gazetteer.place(town.province.unwrap()).unwrap().name, "Louisiana");
        assert_eq!(gazetteer.lookup("Alexandria").next().unwrap().province, None);
        assert!((f64::from(town.population) / 48_000.0 - 1.0).abs() < 0.05);
    }

    #[test]
    fn the_shipped_file_knows_the_towns_of_reports() {
        let gazetteer = Gazetteer::shipped();
        let first = |name: &str| {
            let place = gazetteer.lookup(name).next();
            place
                .and_then(|p| p.country)
                .map_or("--".to_owned(), |c| String::from_utf8_lossy(&c).into_owned())
        };
        let names =
            ["Khan Younis", "Deir al-Balah", "Bakhmut", "Kandahar", "Mosul", "al-Hasakah", "El Fasher"];
        assert_eq!(names.map(first), ["PS", "PS", "UA", "AF", "IQ", "SY", "SD"]);
    }

    #[test]
    fn a_list_of_ones_own_comes_first_and_says_what_is_wrong_with_it() {
        let list = "name\talternates\tadmin1\tcountry\tlat\tlon\tpopulation\tclass\n# ours\n\
                    Old Mill\tStary Mlyn|Mlyn\t-\tVD\t10.5\t-20\t1,200\tS\nAlexandria\t\tVarda\tvd\t11\t21\nVarda\t\t\tVD\t11\t22\t\tadmin1";
        let gazetteer = small(ROWS).with_own(&rows_of(list).unwrap()).unwrap();
        let show = |name: &str| {
            let found = gazetteer.lookup(name).map(|p| format!("{} {:.1} {}", p.name, p.lat, p.precision));
            found.collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(show("mlyn"), "Old Mill 10.5 facility");
        assert_eq!(
            show("Alexandria"),
            "Alexandria 11.0 settlement | Alexandria 31.2 settlement | Alexandria 31.3 settlement"
        );
        let own = gazetteer.lookup("Alexandria").next().unwrap();
        assert_eq!(gazetteer.place(own.province.unwrap()).unwrap().name, "Varda");
        let wrong = |list: &str| rows_of(list).unwrap_err().to_string();
        assert!(
            wrong("Mlyn\t\t\tVD\t10").starts_with("line 1: 5 columns, at least 6 of these are needed: name")
        );
        assert_eq!(wrong("# x\nMlyn\t\t\tVD\t95\t1"), "line 2: lat is \"95\", not a number of -90 to 90");
        assert_eq!(
            wrong("Mlyn\t\t\tVarda\t9\t1"),
            "line 1: country is \"Varda\", not two letters of ISO 3166-1"
        );
        assert_eq!(wrong("Mlyn\t\t\tVD\t9\t1\t\tburg"), "line 1: feature class \"burg\" is unknown");
    }

    #[test]
    fn disputed_ground_is_one_place_under_the_names_of_all_sides() {
        let gazetteer = Gazetteer::shipped();
        let first = |name: &str| gazetteer.lookup(name).next().map(|place| (place.idx, place.country));
        for names in [
            ["Senkaku Islands", "Diaoyu Islands"],
            ["Sea of Japan", "East Sea"],
            ["Dokdo", "Takeshima"],
            ["Persian Gulf", "Arabian Gulf"],
        ] {
            assert!(first(names[0]).is_some_and(|(_, country)| country.is_none()), "{names:?}");
            assert_eq!(first(names[0]), first(names[1]), "{names:?}");
        }
        assert_eq!(first("Malvinas"), first("Falkland Islands"));
    }

    #[test]
    fn a_damaged_file_says_what_is_wrong() {
        let good = small(ROWS).bytes;
        let open = |bytes: Vec<u8>| {
            Gazetteer::from_bytes(Box::leak(bytes.into_boxed_slice())).unwrap_err().to_string()
        };
        assert_eq!(open(b"places".to_vec()), "6 bytes that are no gazetteer");
        assert_eq!(
            open(good[..good.len() - 1].to_vec()),
            format!("gazetteer says {} bytes, file has {}", good.len(), good.len() - 1)
        );
        let mut later = good.to_vec();
        later[16] = 9;
        assert_eq!(open(later), "gazetteer has format version 9, this program reads 1");
        let mut altered = good.to_vec();
        altered[60] ^= 1;
        assert!(open(altered).starts_with("gazetteer says checksum "));
    }
}
