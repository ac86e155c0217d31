//! How large does a ledger grow, how fast does it take claims in, and how long does each kind of question take?
//!
//! ```text
//! hearsay read --jsonl data/demo > readings.jsonl
//! cargo run --release -p hearsay-ledger --example bench -- readings.jsonl FOLDER 1000000
//! ```
//!
//! Pages are made of the readings given: their claims and sentences as they are, but other days, places, names and outlets
//! (a few are common and most are rare, as in the world), and part of the words that no claim was read from exchanged.
//! Every page is a capture of its own, the dearest case. A ledger that is there already is only asked.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use hearsay_doc::Date;
use hearsay_doc::record::Record;
use hearsay_ledger::query::{ClaimQuery, PageQuery};
use hearsay_ledger::{Ledger, Link, Options, Place, Prepared, Writer, chain, member};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn roll(&mut self, sides: usize) -> usize {
        (self.unit() * sides as f64) as usize
    }

    /// One of `n`, the first ones often, the last ones seldom (as likely below 10 as from 10 to 99 …).
    fn common(&mut self, n: usize) -> usize {
        ((n as f64).powf(self.unit()) as usize).clamp(1, n) - 1
    }
}

const N_PLACES: usize = 20_000;
const N_NAMES: usize = 50_000;
const N_OUTLETS: usize = 2_000;
const N_COUNTRIES: usize = 120;
/// Days over which events are spread, from 2015-01-01.
const N_DAYS: usize = 3_650;
const FIRST_DAY: i32 = 16_436;

fn country(n: usize) -> String {
    format!("{}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8))
}

/// Where the place with this number lies: around the middle of its country.
fn place(n: usize) -> (String, f64, f64, String) {
    let mut dice = Dice(n as u64 * 7 + 1);
    let of = dice.common(N_COUNTRIES);
    let mut middle = Dice(of as u64 * 13 + 5);
    let (lat, lon) = (middle.unit() * 100.0 - 40.0, middle.unit() * 340.0 - 170.0);
    let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
    let (lat, lon) = (round(lat + dice.unit() * 6.0 - 3.0), round(lon + dice.unit() * 6.0 - 3.0));
    (
        format!("{} {}", syllables(n as u64), ["town", "", "", ""][n % 4]).trim().to_owned(),
        lat,
        lon,
        country(of),
    )
}

/// A name with this number.
fn name(n: usize) -> String {
    let kinds = [
        "army",
        "brigade",
        "ministry of defence",
        "hospital",
        "police",
        "front",
        "agency",
        "governor",
        "",
        "",
    ];
    format!("{} {}", syllables(n as u64 + 77), kinds[n % 10]).trim().to_owned()
}

fn syllables(n: u64) -> String {
    let parts = [
        "ba", "dor", "kel", "mar", "vi", "sun", "tar", "oz", "lem", "pra", "gu", "nis", "hel", "fo", "ran",
        "tiv",
    ];
    let mut rest = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    let mut word = String::new();
    for _ in 0..4 {
        word += parts[(rest % 16) as usize];
        rest /= 16;
    }
    word[..1].to_uppercase() + &word[1..]
}

/// The reading on other days, at other places, of other people, with some words exchanged.
fn vary(base: &Record, n: usize, words: &HashMap<usize, Vec<String>>) -> Record {
    let mut dice = Dice(n as u64 ^ 0x5eed);
    let mut record = base.clone();
    let document = &mut record.document;
    let published = FIRST_DAY + dice.roll(N_DAYS) as i32;
    if let Some(date) = &mut document.published {
        date.value = Date::from_days(published).to_string();
    }
    document.name = format!("page-{n}");
    document.outlet = Some(format!("{} News", syllables(dice.common(N_OUTLETS) as u64 + 9_000_000)));
    let here = dice.common(N_PLACES);
    let mut fixed = Vec::new();
    for claim in &mut record.claims {
        let event = &mut claim.event;
        fixed.push((event.trigger.start, event.trigger.end));
        for link in &mut claim.chain {
            fixed.extend(link.source.iter().map(|words| (words.start, words.end)));
            fixed.extend(link.cue.iter().map(|words| (words.start, words.end)));
            if dice.roll(2) == 0 {
                link.resolved = Some(name(dice.common(N_NAMES)));
            }
        }
        for argument in event.actor.iter_mut().chain(&mut event.recipient).chain(&mut event.instrument) {
            fixed.push((argument.start, argument.end));
            if dice.roll(2) == 0 {
                argument.resolved = Some(name(dice.common(N_NAMES)));
            }
        }
        for of in &mut event.place {
            fixed.push((of.start, of.end));
            let (name, lat, lon, country) =
                place(if dice.roll(4) == 0 { dice.common(N_PLACES) } else { here });
            event.country = Some(country.clone());
            (of.name, of.lat, of.lon, of.country) = (Some(name), Some(lat), Some(lon), Some(country));
            of.precision = Some("settlement".to_owned());
        }
        if let Some(time) = &mut event.time {
            let long = time.precision != "day" && time.precision != "week";
            if !long {
                let day = Date::from_days(published - dice.common(20) as i32);
                (time.start, time.end) = (day.to_string(), day.to_string());
            }
        }
        for figure in &claim.figures {
            fixed.push((figure.start, figure.end));
        }
    }
    let mut text: Vec<char> = document.text.chars().collect();
    let mut start = 0;
    while start < text.len() {
        let end = (start..text.len()).find(|at| !text[*at].is_alphabetic()).unwrap_or(text.len());
        let inside = fixed.iter().any(|(from, to)| (start as u32) < *to && *from < end as u32);
        if end > start && !inside && dice.roll(4) == 0 {
            let others = &words[&(end - start)];
            for (to, from) in text[start..end].iter_mut().zip(others[dice.common(others.len())].chars()) {
                *to = from;
            }
        }
        start = end.max(start) + 1;
    }
    document.text = text.into_iter().collect();
    document.text += &format!(" {n}");
    let digest = chain::hex(&chain::sha256(document.text.as_bytes()));
    document.id = format!("sha256:{digest}");
    document.capture = document.id.clone();
    record
}

/// All words of the readings by their length.
fn vocabulary(bases: &[Record]) -> HashMap<usize, Vec<String>> {
    let mut words: HashMap<usize, Vec<String>> = HashMap::new();
    for base in bases {
        for word in
            base.document.text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty())
        {
            let of_length = words.entry(word.chars().count()).or_default();
            if !of_length.iter().any(|known| known == word) {
                of_length.push(word.to_owned());
            }
        }
    }
    words
}

fn fill(bases: &[Record], folder: &Path, n_wanted: usize) {
    let words = vocabulary(bases);
    let mut writer = Writer::open(folder, &Options::default()).unwrap();
    let (mut n_claims, mut n_pages) = (0, 0);
    let mut in_writer = Duration::ZERO;
    let begun = Instant::now();
    while n_claims < n_wanted {
        let record = vary(&bases[n_pages % bases.len()], n_pages, &words);
        n_claims += record.claims.len();
        let place = Place {
            origin: format!("{}.txt", record.document.name),
            name: record.document.name.clone(),
            given: None,
        };
        let member = member(record.document.text.as_bytes(), &place.origin, 0);
        let prepared = Prepared::new(record, 0, None, "hearsay bench").unwrap();
        let started = Instant::now();
        writer.take_in(&member, &place).unwrap();
        writer.append(&prepared).unwrap();
        n_pages += 1;
        if n_pages % 1000 == 0 {
            writer.commit().unwrap();
        }
        in_writer += started.elapsed();
        if n_pages % 20_000 == 0 {
            eprintln!("{n_pages} pages, {n_claims} claims, {:.0} s", begun.elapsed().as_secs_f64());
        }
    }
    let links = (0..n_pages as i64 / 50).map(|n| Link {
        kind: "copies".to_owned(),
        id: format!("k{n}"),
        json: "{}".to_owned(),
        claims: Vec::new(),
        pages: (1..=3).map(|step| n * 50 + step).collect(),
        incident: None,
    });
    writer.replace_links("bench", &["copies"], links).unwrap();
    writer.commit().unwrap();
    println!(
        "added {n_pages} pages with {n_claims} claims: {:.0} µs a page in the writer, {:.0} claims/s",
        in_writer.as_micros() as f64 / n_pages as f64,
        n_claims as f64 / in_writer.as_secs_f64()
    );
    let size = || std::fs::metadata(folder.join("ledger.sqlite")).unwrap().len();
    println!("as added: {:.0} bytes a claim without captures", size() as f64 / n_claims as f64);
    let begun = Instant::now();
    writer.compact().unwrap();
    println!(
        "compacted in {:.0} s: {:.0} bytes a claim without captures",
        begun.elapsed().as_secs_f64(),
        size() as f64 / n_claims as f64
    );
}

/// Time that this thread was on a processor, where the system tells (Linux): on a busy machine the honest measure.
fn on_processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

/// Asks 200 questions of one kind and prints how long they took.
fn ask(ledger: &Ledger, kind: &str, mut question: impl FnMut(&mut Dice) -> ClaimQuery) {
    let mut dice = Dice(99);
    measure(kind, || {
        let query = ClaimQuery { limit: 50, ..question(&mut dice) };
        (ledger.claims(&query).unwrap().rows.len(), format!("{query:?}"))
    });
}

fn measure(kind: &str, mut once: impl FnMut() -> (usize, String)) {
    let (mut took, mut wall) = (Vec::new(), Vec::new());
    let mut n_rows = 0;
    for _ in 0..200 {
        let (begun, before) = (Instant::now(), on_processor());
        let (n, query) = once();
        took.push((on_processor() - before, query));
        wall.push(begun.elapsed());
        n_rows += n;
    }
    took.sort();
    wall.sort();
    let ms = |duration: Duration| duration.as_secs_f64() * 1000.0;
    println!(
        "{kind:30} p50 {:7.2} ms  p95 {:7.2} ms  max {:7.2} ms  (by the clock {:.2}, {:.2})  {:.1} rows",
        ms(took[100].0),
        ms(took[190].0),
        ms(took[199].0),
        ms(wall[100]),
        ms(wall[190]),
        n_rows as f64 / 200.0
    );
    if std::env::var_os("SLOWEST").is_some() {
        println!("    {}", took[199].1);
    }
}

fn questions(ledger: &Ledger, words: &[String]) {
    let some = |words: String| Some(words);
    let word = |dice: &mut Dice| words[dice.common(words.len())].clone();
    let day = |dice: &mut Dice| FIRST_DAY + dice.roll(N_DAYS) as i32;
    let all = ClaimQuery::default;
    ask(ledger, "newest", |_| all());
    ask(ledger, "text: a word", |dice| ClaimQuery { text: some(word(dice)), ..all() });
    ask(ledger, "text: two words", |dice| ClaimQuery {
        text: some(format!("{} {}", word(dice), word(dice))),
        ..all()
    });
    ask(ledger, "actor", |dice| ClaimQuery { actor: some(name(dice.common(N_NAMES))), ..all() });
    ask(ledger, "actor: a common word", |dice| ClaimQuery {
        actor: some(["army", "police", "front", "governor"][dice.roll(4)].into()),
        ..all()
    });
    ask(ledger, "recipient", |dice| ClaimQuery { recipient: some(name(dice.common(N_NAMES))), ..all() });
    ask(ledger, "source", |dice| ClaimQuery { source: some(name(dice.common(N_NAMES))), ..all() });
    ask(ledger, "place", |dice| ClaimQuery { place: some(place(dice.common(N_PLACES)).0), ..all() });
    ask(ledger, "place: box of 1°", |dice| {
        let (_, lat, lon, _) = place(dice.common(N_PLACES));
        ClaimQuery { within: Some([lat - 0.5, lon - 0.5, lat + 0.5, lon + 0.5]), ..all() }
    });
    ask(ledger, "place: box of 20°", |dice| {
        let (_, lat, lon, _) = place(dice.common(N_PLACES));
        ClaimQuery {
            within: Some([
                (lat - 10.0).max(-90.0),
                (lon - 10.0).max(-180.0),
                lat + 10.0,
                (lon + 10.0).min(180.0),
            ]),
            ..all()
        }
    });
    ask(ledger, "place: 50 km around", |dice| {
        let (_, lat, lon, _) = place(dice.common(N_PLACES));
        ClaimQuery { near: Some([lat, lon, 50.0]), ..all() }
    });
    ask(ledger, "country", |dice| ClaimQuery { country: some(country(dice.common(N_COUNTRIES))), ..all() });
    ask(ledger, "time: a week", |dice| {
        let since = day(dice);
        ClaimQuery { since: Some(since), until: Some(since + 6), ..all() }
    });
    ask(ledger, "time: a year, oldest first", |dice| {
        let since = day(dice);
        ClaimQuery { since: Some(since), until: Some(since + 364), oldest_first: true, ..all() }
    });
    let kinds = [
        "ASSAULT", "COERCE", "MOBILIZE", "PROTEST", "SANCTION", "THREATEN", "RETREAT", "AGREE", "AID", "TOLL",
    ];
    let stances = ["asserts", "denies", "confirms", "doubts", "suspects"];
    ask(ledger, "type", |dice| ClaimQuery { kind: some(kinds[dice.roll(10)].into()), ..all() });
    ask(ledger, "stance", |dice| ClaimQuery { stance: some(stances[dice.roll(5)].into()), ..all() });
    let outlet = |dice: &mut Dice| format!("{} News", syllables(dice.common(N_OUTLETS) as u64 + 9_000_000));
    ask(ledger, "outlet", |dice| ClaimQuery { outlet: some(outlet(dice)), ..all() });
    ask(ledger, "copy group", |dice| ClaimQuery {
        link: Some(("copies".into(), format!("k{}", dice.roll(2000)))),
        ..all()
    });
    ask(ledger, "type, country, a month", |dice| {
        let since = day(dice);
        ClaimQuery {
            kind: some(kinds[dice.roll(10)].into()),
            country: some(country(dice.common(N_COUNTRIES))),
            since: Some(since),
            until: Some(since + 30),
            ..all()
        }
    });
    ask(ledger, "denials of a source", |dice| ClaimQuery {
        stance: some("denies".into()),
        source: some(name(dice.common(N_NAMES))),
        ..all()
    });
    ask(ledger, "text, country", |dice| ClaimQuery {
        text: some(word(dice)),
        country: some(country(dice.common(N_COUNTRIES))),
        ..all()
    });
    ask(ledger, "outlet, type, stance", |dice| ClaimQuery {
        outlet: some(outlet(dice)),
        kind: some(kinds[dice.roll(10)].into()),
        stance: some(stances[dice.roll(5)].into()),
        ..all()
    });
    ask(ledger, "figures of killed, box of 20°", |dice| {
        let (_, lat, lon, _) = place(dice.common(N_PLACES));
        ClaimQuery {
            measure: some("killed".into()),
            within: Some([
                (lat - 10.0).max(-90.0),
                (lon - 10.0).max(-180.0),
                lat + 10.0,
                (lon + 10.0).min(180.0),
            ]),
            ..all()
        }
    });
    let mut after = None;
    ask(ledger, "newest, page after page", |_| {
        let query = ClaimQuery { after, ..all() };
        after = ledger.claims(&ClaimQuery { limit: 50, ..query.clone() }).unwrap().next;
        query
    });
    let mut dice = Dice(5);
    let mut search = |kind: &str, text: fn(&mut dyn FnMut() -> String) -> String| {
        measure(kind, || {
            let text = text(&mut || word(&mut dice));
            let query = PageQuery { text: Some(text), limit: 20, ..PageQuery::default() };
            (ledger.search(&query).unwrap().rows.len(), format!("{query:?}"))
        });
    };
    search("search: a word", |word| word());
    search("search: two words", |word| format!("{} {}", word(), word()));
    search("search: begin of a word", |word| format!("{}*", word().chars().take(4).collect::<String>()));
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [readings, folder, n_claims] = arguments.as_slice() else {
        eprintln!("bench READINGS.jsonl LEDGER N_CLAIMS");
        std::process::exit(2);
    };
    let lines = std::fs::read_to_string(readings).unwrap();
    let bases: Vec<Record> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let folder = Path::new(folder);
    if !folder.join("ledger.sqlite").exists() {
        fill(&bases, folder, n_claims.parse().unwrap());
    }
    let ledger = Ledger::open(folder).unwrap();
    println!("{:?}", ledger.counts().unwrap());
    // Common words first, as the questions want them.
    let mut counts: HashMap<String, usize> = HashMap::new();
    for base in &bases {
        for word in
            base.document.text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.len() > 3)
        {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    let mut words: Vec<(usize, String)> = counts.into_iter().map(|(word, n)| (n, word)).collect();
    words.sort_by(|a, b| b.cmp(a));
    let words: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
    questions(&ledger, &words);
}
