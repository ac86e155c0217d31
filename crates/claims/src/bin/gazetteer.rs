//! Makes `data/gazetteer/places-1.bin`.
//!
//! `cargo run --release -p hearsay-claims --features build-gazetteer --bin build-gazetteer -- SOURCES DATA OUT`
//!
//! SOURCES is a folder with `cities1000.txt`, `admin1CodesASCII.txt`, `admin2Codes.txt` (GeoNames),
//! `rg_cities1000.csv` (a later cut of GeoNames: `lat,lon,name,admin1,admin2,cc`) and `wof_*.tsv` (Who's On First,
//! one file per country); DATA is `data/gazetteer`, with the lists kept by hand. `data/gazetteer/SOURCE.toml`
//! says where each comes from.
//!
//! Countries first, then provinces, districts, towns, and last what Who's On First adds; a place that is there
//! already only gains names.

use hearsay_claims::resolve::gazetteer::{Row, Seat, key, to_bytes};
use hearsay_doc::PlacePrecision;
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::path::Path;

/// Where transliterated names vary so much that the coarse key pays.
const LOOSE: &str = "AE AF AM AZ BH DJ DZ EG ER ET GE IL IQ IR JO KW LB LY MA ML MM NE OM PK PS QA SA SD SO SS SY TD TN \
                     TR UA RU YE";

/// Who's On First is taken whole here; elsewhere only places with an English name of their own, a population or a
/// Wikidata item.
const WHOLE: &str = "AF BF CD CF ET IQ JO LB LY ML MM MZ NE PS SD SO SS SY TD UA YE";

/// Where the later cut of GeoNames adds mostly hamlets and city quarters.
const NO_HAMLETS: &str =
    "CN DE IT ID FR ES MX RO PL BR AT CH PE PH HU CZ PT BE NL AU TH NO SI VE VN AR GR AL MN";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [sources, data, out] = args.as_slice() else {
        return Err("usage: build-gazetteer SOURCES DATA OUT".into());
    };
    let mut builder = Builder::default();
    builder.countries(&read(data, "countries.tsv")?)?;
    let towns = read(sources, "cities1000.txt")?;
    let later = read(sources, "rg_cities1000.csv")?;
    builder.provinces(&read(sources, "admin1CodesASCII.txt")?, &towns, &later)?;
    builder.districts(&read(sources, "admin2Codes.txt")?, &towns, &later)?;
    builder.towns(&towns)?;
    builder.later(&later)?;
    let mut files: Vec<_> = std::fs::read_dir(sources)?.filter_map(Result::ok).map(|f| f.path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("wof_") && name.ends_with(".tsv") {
            builder.who(&std::fs::read_to_string(&file)?)?;
        }
    }
    builder.aliases(&read(data, "aliases.tsv")?)?;
    builder.regions(&read(data, "regions.tsv")?)?;
    let (rows, n_dropped) = builder.finish();
    let bytes = to_bytes(&rows);
    std::fs::write(out, &bytes)?;
    let names: usize = rows.iter().map(|row| row.names.len()).sum();
    println!(
        "{} places, {names} other names, {n_dropped} without coordinates left out, {} bytes",
        rows.len(),
        bytes.len()
    );
    Ok(())
}

fn read(folder: &str, name: &str) -> Result<String, Box<dyn Error>> {
    let path = Path::new(folder).join(name);
    std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()).into())
}

/// Rows of a list kept by hand, without header and comments.
fn by_hand(list: &str) -> impl Iterator<Item = Vec<&str>> {
    list.lines().skip(1).filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn is_latin(name: &str) -> bool {
    name.chars().all(|c| {
        !c.is_alphabetic()
            || (c as u32) < 0x250
            || ('\u{1e00}'..='\u{1eff}').contains(&c)
            || (c as u32) >= 0x2b0 && (c as u32) < 0x370
    })
}

/// A name as a text would print it: Latin script, a capital, no airport code.
fn is_name(name: &str) -> bool {
    let code = name.len() == 3 && name.bytes().all(|b| b.is_ascii_uppercase());
    name.len() > 1 && !code && is_latin(name) && name.chars().any(char::is_uppercase) && name.len() < 60
}

fn country(code: &str) -> Option<[u8; 2]> {
    code.as_bytes().try_into().ok()
}

/// Points of a province's or district's towns, for its middle.
#[derive(Default)]
struct Points(Vec<(f32, f32)>, u64);

impl Points {
    /// The middle between the outer towns, the outermost twentieth left out: nearer to the middle of the area
    /// than the mean, which leans to where the towns are.
    fn middle(&self) -> (f32, f32) {
        let middle = |mut v: Vec<f32>| {
            v.sort_by(f32::total_cmp);
            let cut = v.len() / 20;
            (v[cut] + v[v.len() - 1 - cut]) / 2.0
        };
        (middle(self.0.iter().map(|p| p.0).collect()), middle(self.0.iter().map(|p| p.1).collect()))
    }
}

#[derive(Default)]
struct Builder {
    rows: Vec<Row>,
    /// Rows of provinces, by country and code, and by country and name key.
    province: HashMap<String, usize>,
    by_id: HashMap<u32, usize>,
    /// Rows by country and name key.
    by_name: HashMap<([u8; 2], String), Vec<usize>>,
}

impl Builder {
    fn add(&mut self, row: Row) -> usize {
        let idx = self.rows.len();
        if let Some(id) = row.geonames {
            self.by_id.insert(id, idx);
        }
        let country = row.country.unwrap_or_default();
        for name in std::iter::once(&row.name).chain(&row.names) {
            let rows = self.by_name.entry((country, key(name))).or_default();
            if rows.last() != Some(&idx) {
                rows.push(idx);
            }
        }
        self.rows.push(row);
        idx
    }

    fn countries(&mut self, list: &str) -> Result<(), Box<dyn Error>> {
        for row in by_hand(list) {
            let names = row[8].split(';').filter(|name| *name != "-").map(str::to_owned).collect();
            self.add(Row {
                name: row[1].to_owned(),
                names,
                geonames: row[2].parse().ok(),
                lat: row[3].parse()?,
                lon: row[4].parse()?,
                precision: PlacePrecision::Country,
                seat: Seat::None,
                country: country(row[0]),
                province: None,
                population: row[5].parse()?,
                loose: false,
            });
        }
        Ok(())
    }

    fn provinces(&mut self, list: &str, towns: &str, later: &str) -> Result<(), Box<dyn Error>> {
        let mut points: HashMap<String, Points> = HashMap::new();
        for line in towns.lines() {
            let f: Vec<&str> = line.split('\t').collect();
            let at = points.entry(format!("{}.{}", f[8], f[10])).or_default();
            at.0.push((f[4].parse()?, f[5].parse()?));
            at.1 += f[14].parse::<u64>().unwrap_or(0);
        }
        for row in later.lines().skip(1).map(cells) {
            let at = points.entry(format!("{}/{}", row[5], key(&row[3]))).or_default();
            at.0.push((row[0].parse()?, row[1].parse()?));
        }
        for line in list.lines() {
            let f: Vec<&str> = line.split('\t').collect();
            let (cc, _) = f[0].split_once('.').ok_or("a province's code has no point")?;
            let by_name = format!("{cc}/{}", key(f[2]));
            let known = points.get(&by_name).or_else(|| points.get(f[0]));
            let (lat, lon) = known.map_or((f32::NAN, f32::NAN), Points::middle);
            let people = points.get(f[0]).map_or(0, |p| p.1);
            let idx = self.area(f, cc, lat, lon, PlacePrecision::Admin1, people, None);
            self.province.insert(line.split('\t').next().unwrap_or("").to_owned(), idx);
            self.province.insert(by_name, idx);
        }
        Ok(())
    }

    fn districts(&mut self, list: &str, towns: &str, later: &str) -> Result<(), Box<dyn Error>> {
        let mut points: HashMap<String, Points> = HashMap::new();
        for line in towns.lines() {
            let f: Vec<&str> = line.split('\t').collect();
            if !f[11].is_empty() {
                let at = points.entry(format!("{}.{}.{}", f[8], f[10], f[11])).or_default();
                at.0.push((f[4].parse()?, f[5].parse()?));
                at.1 += f[14].parse::<u64>().unwrap_or(0);
            }
        }
        for row in later.lines().skip(1).map(cells) {
            if let Some(&province) = self.province.get(&format!("{}/{}", row[5], key(&row[3]))) {
                let at = points.entry(format!("{province}/{}", key(&row[4]))).or_default();
                at.0.push((row[0].parse()?, row[1].parse()?));
            }
        }
        for line in list.lines() {
            let f: Vec<&str> = line.split('\t').collect();
            let mut parts = f[0].splitn(3, '.');
            let (cc, code) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let province = self.province.get(&format!("{cc}.{code}")).copied();
            let by_name = province.map(|p| format!("{p}/{}", key(f[2])));
            let by_code = points.get(f[0]);
            let known = by_name.and_then(|name| points.get(&name)).or(by_code);
            let (lat, lon) = known.map_or((f32::NAN, f32::NAN), Points::middle);
            self.area(f, cc, lat, lon, PlacePrecision::Admin2, by_code.map_or(0, |p| p.1), province);
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one row of two lists with the same columns")]
    fn area(
        &mut self,
        f: Vec<&str>,
        cc: &str,
        lat: f32,
        lon: f32,
        precision: PlacePrecision,
        people: u64,
        province: Option<usize>,
    ) -> usize {
        let names = if f[2] == f[1] { Vec::new() } else { vec![f[2].to_owned()] };
        self.add(Row {
            name: f[1].to_owned(),
            names,
            geonames: f[3].parse().ok(),
            lat,
            lon,
            precision,
            seat: Seat::None,
            country: country(cc),
            province,
            population: u32::try_from(people).unwrap_or(u32::MAX),
            loose: LOOSE.contains(cc),
        })
    }

    fn towns(&mut self, towns: &str) -> Result<(), Box<dyn Error>> {
        for line in towns.lines() {
            let f: Vec<&str> = line.split('\t').collect();
            let mut seen: HashSet<String> = HashSet::from([key(f[1])]);
            let mut names = Vec::new();
            for name in
                std::iter::once(f[2]).chain(f[3].split(',')).map(str::trim).filter(|name| is_name(name))
            {
                if seen.insert(key(name)) {
                    names.push(name.to_owned());
                }
            }
            let seat = match f[7] {
                "PPLC" => Seat::Country,
                "PPLA" => Seat::Province,
                _ => Seat::None,
            };
            self.add(Row {
                name: f[1].to_owned(),
                names,
                geonames: f[0].parse().ok(),
                lat: f[4].parse()?,
                lon: f[5].parse()?,
                precision: PlacePrecision::Settlement,
                seat,
                country: country(f[8]),
                province: self.province.get(&format!("{}.{}", f[8], f[10])).copied(),
                population: f[14].parse().unwrap_or(0),
                loose: LOOSE.contains(f[8]),
            });
        }
        Ok(())
    }

    /// A row of this name in the country within a tenth of a degree or so.
    fn near(&self, cc: [u8; 2], name: &str, lat: f32, lon: f32, precision: PlacePrecision) -> Option<usize> {
        let rows = self.by_name.get(&(cc, key(name)))?;
        rows.iter().copied().find(|&idx| {
            let row = &self.rows[idx];
            row.precision == precision && (row.lat - lat).abs() < 0.12 && (row.lon - lon).abs() < 0.15
        })
    }

    fn later(&mut self, later: &str) -> Result<(), Box<dyn Error>> {
        for row in later.lines().skip(1).map(cells) {
            let (lat, lon) = (row[0].parse()?, row[1].parse()?);
            let cc = country(&row[5]).ok_or("a country code of other than two letters")?;
            if NO_HAMLETS.contains(row[5].as_str())
                || self.near(cc, &row[2], lat, lon, PlacePrecision::Settlement).is_some()
            {
                continue;
            }
            self.add(Row {
                name: row[2].clone(),
                names: Vec::new(),
                geonames: None,
                lat,
                lon,
                precision: PlacePrecision::Settlement,
                seat: Seat::None,
                country: Some(cc),
                province: self.province.get(&format!("{}/{}", row[5], key(&row[3]))).copied(),
                population: 0,
                loose: LOOSE.contains(row[5].as_str()),
            });
        }
        Ok(())
    }

    /// wof_id, name, placetype, lat, lon, country, gn_id, wd_id, population, parent, region, county, current, names.
    fn who(&mut self, list: &str) -> Result<(), Box<dyn Error>> {
        let mut regions: HashMap<&str, usize> = HashMap::new();
        let rank = |kind: &str| ["region", "county"].iter().position(|k| *k == kind).unwrap_or(2);
        let mut lines: Vec<Vec<&str>> = list.lines().skip(1).map(|line| line.split('\t').collect()).collect();
        lines.retain(|f| f.len() >= 14 && !f[3].is_empty());
        lines.sort_by_key(|f| rank(f[2]));
        for f in &lines {
            let precision = match f[2] {
                "region" => PlacePrecision::Admin1,
                "county" => PlacePrecision::Admin2,
                "locality" | "neighbourhood" | "localadmin" => PlacePrecision::Settlement,
                _ => continue,
            };
            let (lat, lon): (f32, f32) = (f[3].parse()?, f[4].parse()?);
            let Some(cc) = country(f[5]) else { continue };
            let people: u32 = f[8].parse::<f64>().map_or(0, |n| n as u32);
            let json: serde_json::Value = serde_json::from_str(f[13])?;
            let english = json.get("eng").and_then(|names| names.as_array());
            let mut names: Vec<String> = english
                .into_iter()
                .flatten()
                .filter_map(|n| n.as_str())
                .map(|n| n.trim().to_owned())
                .collect();
            names.push(f[1].to_owned());
            names.retain(|name| is_name(name));
            let known = f[6]
                .split(',')
                .filter_map(|id| id.parse().ok())
                .find_map(|id: u32| self.by_id.get(&id).copied());
            let known =
                known.filter(|&idx| self.rows[idx].precision == precision || self.rows[idx].lat.is_nan());
            let known =
                known.or_else(|| names.iter().find_map(|name| self.near(cc, name, lat, lon, precision)));
            if let Some(idx) = known {
                let ids = f[6].split(',').filter_map(|id| id.parse().ok());
                for id in ids {
                    self.by_id.entry(id).or_insert(idx);
                    self.rows[idx].geonames.get_or_insert(id);
                }
                self.learn(idx, &names, people, (lat, lon));
                if f[2] == "region" {
                    regions.insert(f[0], idx);
                }
                continue;
            }
            let own = names.iter().any(|name| key(name) != key(f[1]));
            let whole = WHOLE.contains(f[5]);
            let quarter = f[2] == "neighbourhood" && !whole && !["IL", "YE", "UA"].contains(&f[5]);
            let worth = whole || !quarter && (own || people > 0 || !f[7].is_empty());
            let gone = f[12] == "0" && f[6].is_empty() || precision == PlacePrecision::Admin1;
            let Some(name) = names.last().cloned().filter(|_| worth && !gone) else { continue };
            names.pop();
            let geonames = f[6].split(',').find_map(|id| id.parse().ok());
            let province = regions.get(f[10]).copied();
            let loose = LOOSE.contains(f[5])
                && (people > 0 || !f[7].is_empty() || own || ["PS", "LB"].contains(&f[5]));
            self.add(Row {
                name,
                names,
                geonames,
                lat,
                lon,
                precision,
                seat: Seat::None,
                country: Some(cc),
                province,
                population: people,
                loose,
            });
        }
        Ok(())
    }

    /// Adds names, a population and, where none was known, coordinates to a row.
    fn learn(&mut self, idx: usize, names: &[String], people: u32, at: (f32, f32)) {
        let row = &mut self.rows[idx];
        // Who's On First has the English name first: "Khan Yunis", not "Khān Yūnis".
        let english = |name: &&String| name.is_ascii() && !name.contains('(');
        if let Some(name) = names.last().filter(english).filter(|_| !row.name.is_ascii()) {
            let old = std::mem::replace(&mut row.name, name.clone());
            if key(&old) != key(&row.name) {
                row.names.push(old);
            }
        }
        let cc = row.country.unwrap_or_default();
        if row.population == 0 {
            row.population = people;
        }
        if row.lat.is_nan() || row.precision == PlacePrecision::Admin1 {
            (row.lat, row.lon) = at;
        }
        for name in names {
            let known = key(name);
            if key(&row.name) != known && row.names.iter().all(|other| key(other) != known) {
                row.names.push(name.clone());
                self.by_name.entry((cc, known)).or_default().push(idx);
            }
        }
    }

    fn aliases(&mut self, list: &str) -> Result<(), Box<dyn Error>> {
        for f in by_hand(list) {
            let id: u32 = f[0].parse()?;
            let Some(&idx) = self.by_id.get(&id) else {
                eprintln!("no place has the id {id} of {}", f[1]);
                continue;
            };
            let row = &mut self.rows[idx];
            row.names.extend(f[4].split(';').filter(|name| *name != "-").map(str::to_owned));
            let old = std::mem::replace(&mut row.name, f[1].to_owned());
            row.names.push(old);
            if let (Ok(lat), Ok(lon)) = (f[2].parse(), f[3].parse()) {
                (row.lat, row.lon) = (lat, lon);
            }
        }
        Ok(())
    }

    fn regions(&mut self, list: &str) -> Result<(), Box<dyn Error>> {
        for f in by_hand(list) {
            let precision: PlacePrecision =
                f[4].parse().map_err(|_| format!("{:?} is no precision", f[4]))?;
            let cc = country(f[3]);
            let names: Vec<String> = f[7].split(';').filter(|name| *name != "-").map(str::to_owned).collect();
            let same = self.by_name.get(&(cc.unwrap_or_default(), key(f[0]))).into_iter().flatten().copied();
            let known = same
                .chain(f[5].parse().ok().and_then(|id: u32| self.by_id.get(&id).copied()))
                .find(|&idx| self.rows[idx].precision == precision);
            if let Some(idx) = known {
                self.rows[idx].names.extend(names);
                (self.rows[idx].lat, self.rows[idx].lon) = (f[1].parse()?, f[2].parse()?);
                self.rows[idx].population = self.rows[idx].population.max(f[6].parse()?);
                continue;
            }
            self.add(Row {
                name: f[0].to_owned(),
                names,
                geonames: f[5].parse().ok(),
                lat: f[1].parse()?,
                lon: f[2].parse()?,
                precision,
                seat: Seat::None,
                country: cc,
                province: None,
                population: f[6].parse()?,
                loose: cc.is_some_and(|cc| LOOSE.as_bytes().windows(2).any(|w| w == cc)),
            });
        }
        Ok(())
    }

    /// The rows that have coordinates, and how many had none.
    fn finish(self) -> (Vec<Row>, usize) {
        let mut at = vec![None; self.rows.len()];
        let mut n = 0;
        for (idx, row) in self.rows.iter().enumerate() {
            if !row.lat.is_nan() {
                at[idx] = Some(n);
                n += 1;
            }
        }
        let n_dropped = self.rows.len() - n;
        let mut rows: Vec<Row> = self.rows.into_iter().filter(|row| !row.lat.is_nan()).collect();
        for row in &mut rows {
            if row.loose {
                row.name = plain(&row.name);
            }
            row.province = row.province.and_then(|idx| at[idx]);
        }
        (rows, n_dropped)
    }
}

/// A name without the signs of transliteration, as reports write it: "Samarra" for "Sāmarrā’".
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '‘' | '’' | '`' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' => {}
            _ if c.is_ascii() => plain.push(c),
            _ => {
                let bare = key(&c.to_string());
                plain.push_str(&if c.is_uppercase() { bare.to_uppercase() } else { bare });
            }
        }
    }
    plain
}

/// Cells of a line of comma-separated values.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().expect("one cell at least").push(c),
        }
    }
    cells.resize(cells.len().max(6), String::new());
    cells
}
