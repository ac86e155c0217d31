//! How fast: words a second on one core from plain text to claims, memory, and the program's cold start.
//!
//! Beside each speed stands that of a fixed loop (SHA-256 of the same bytes), so that machines can be compared by the ratio.
//! Start at [`run`].

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use hearsay_doc::Page;
use sha2::{Digest, Sha256};

use crate::args::{Args, Opt};
use crate::{Error, Report};

/// The task's options.
pub const OPTIONS: &[Opt] =
    &[Opt::switch("--json"), Opt::value("--words", "N"), Opt::value("--program", "FILE")];

/// How to call the task.
pub const HELP: &str = "\
bench [FILE|FOLDER]    words a second on one core, peak memory, cold start; by default on the repository's own reports
  --words N            read the texts again until so many words are read (200000)
  --program FILE       the program whose cold start is measured; by default hearsay beside this one
  --json               figures as JSON";

/// Measures.
///
/// # Errors
///
/// [`Error`] if there is no text or the reader cannot be made ready.
pub fn run(args: &Args) -> Result<Report, Error> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = args.paths.first().map_or_else(|| here.join("../data/demo"), PathBuf::from);
    let wanted: usize = match args.get("--words") {
        None => 200_000,
        Some(n) => n.parse().map_err(|_| Error::Usage(format!("--words {n} is no number")))?,
    };
    let texts = texts(&path)?;
    let n_words: usize = texts.iter().map(|text| text.split_whitespace().count()).sum();
    if n_words == 0 {
        return Err(Error::format(&path, 0, "no words in its texts"));
    }
    let pages: Vec<Page> = texts.into_iter().map(|text| Page { text, ..Page::default() }).collect();
    // First, since it measures an opening for the first time in this process.
    let gazetteer = gazetteer()?;
    let mut figures = stages(&pages, wanted.div_ceil(n_words), n_words)?;
    figures.extend(gazetteer);
    let mut warnings = String::new();
    let program = args.get("--program").map(PathBuf::from).or_else(beside);
    match program.filter(|program| program.is_file()) {
        Some(program) => figures.push(("cold_start_ms".to_owned(), cold_start(&program)?)),
        None => warnings.push_str("warning: no program hearsay beside this one: cold start not measured\n"),
    }
    if let Some(bytes) = peak_memory() {
        figures.push(("peak_memory_mib".to_owned(), bytes as f64 / f64::from(1 << 20)));
    }
    Ok(Report { text: show(&figures, args.has("--json")), warnings, figures, ..Report::default() })
}

/// Seconds per stage over all rounds, as speeds.
#[cfg(feature = "reader")]
fn stages(pages: &[Page], rounds: usize, n_words: usize) -> Result<Vec<(String, f64)>, Error> {
    use std::time::Duration;
    let start = Instant::now();
    let hearsay = crate::shipped()?;
    let load = start.elapsed();
    let (mut annotate, mut read) = (Duration::ZERO, Duration::ZERO);
    let mut n_claims = 0;
    for page in (0..rounds).flat_map(|_| pages) {
        let start = Instant::now();
        std::hint::black_box(hearsay.annotate(&page.text));
        annotate += start.elapsed();
        let start = Instant::now();
        n_claims += hearsay.read(page).reading.claims.len();
        read += start.elapsed();
    }
    let words = (rounds * n_words) as f64;
    let speed = |time: Duration| words / time.as_secs_f64();
    let yardstick = sha256_speed();
    Ok([
        ("words", words),
        ("claims", n_claims as f64),
        ("load_ms", load.as_secs_f64() * 1000.0),
        ("words_per_s", speed(read)),
        ("annotate_words_per_s", speed(annotate)),
        ("claims_words_per_s", speed(read.saturating_sub(annotate).max(Duration::from_micros(1)))),
        ("yardstick_mb_per_s", yardstick),
        ("words_per_yardstick_mb", speed(read) / yardstick),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec())
}

#[cfg(not(feature = "reader"))]
fn stages(_: &[Page], _: usize, _: usize) -> Result<Vec<(String, f64)>, Error> {
    Err(Error::Usage("built without the reader: this task needs it".to_owned()))
}

/// Opening the gazetteer, look-ups a second of names that it has and of names that nothing bears, and the memory that both
/// have taken.
#[cfg(feature = "reader")]
fn gazetteer() -> Result<Vec<(String, f64)>, Error> {
    use hearsay_pipeline::Gazetteer;
    const LOOKUPS: usize = 200_000;
    let before = memory("VmRSS:").unwrap_or(0);
    let start = Instant::now();
    let gazetteer = Gazetteer::shipped();
    let open = start.elapsed();
    let step = (gazetteer.len() / (LOOKUPS / 2)).max(1);
    let known = (0..gazetteer.len()).step_by(step).take(LOOKUPS / 2);
    let names: Vec<String> = known
        .filter_map(|idx| gazetteer.place(idx as u32))
        .flat_map(|place| [place.name.to_owned(), place.name.chars().rev().chain(['x', 'q']).collect()])
        .collect();
    let start = Instant::now();
    let n_found: usize = names.iter().map(|name| gazetteer.lookup(name).count()).sum();
    let looked_up = start.elapsed();
    let after = memory("VmRSS:").unwrap_or(0);
    // The names themselves are the benchmark's, not the gazetteer's.
    let own: usize = names.iter().map(|name| name.capacity() + size_of::<String>()).sum();
    let resident = after.saturating_sub(before).saturating_sub(own as u64);
    Ok([
        ("gazetteer_places", gazetteer.len() as f64),
        ("gazetteer_open_ms", open.as_secs_f64() * 1000.0),
        ("gazetteer_lookups_per_s", names.len() as f64 / looked_up.as_secs_f64()),
        ("gazetteer_found", n_found as f64),
        ("gazetteer_resident_mib", resident as f64 / f64::from(1 << 20)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec())
}

#[cfg(not(feature = "reader"))]
fn gazetteer() -> Result<Vec<(String, f64)>, Error> {
    Ok(Vec::new())
}

/// Megabytes a second of SHA-256 on one core: the best of five, since only disturbance makes it slower.
pub fn sha256_speed() -> f64 {
    let bytes = vec![0x5a_u8; 16 << 20];
    let once = || {
        let start = Instant::now();
        std::hint::black_box(Sha256::digest(&bytes));
        bytes.len() as f64 / 1e6 / start.elapsed().as_secs_f64()
    };
    (0..5).map(|_| once()).fold(0.0, f64::max)
}

/// Every `*.txt` below `path`, and every `text` in `*.json`, in order.
fn texts(path: &Path) -> Result<Vec<String>, Error> {
    if !path.is_dir() {
        return texts_in(path);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::file(&folder))? {
            let path = entry.map_err(Error::file(&folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt" || extension == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    let texts: Result<Vec<Vec<String>>, Error> = files.iter().map(|path| texts_in(path)).collect();
    Ok(texts?.concat())
}

/// The texts of one file: all of it, or every string under a key `text` if it is JSON.
fn texts_in(path: &Path) -> Result<Vec<String>, Error> {
    fn collect(value: &serde_json::Value, out: &mut Vec<String>) {
        match value {
            serde_json::Value::Array(list) => list.iter().for_each(|value| collect(value, out)),
            serde_json::Value::Object(fields) => {
                for (key, value) in fields {
                    match value.as_str() {
                        Some(text) if key == "text" => out.push(text.to_owned()),
                        _ => collect(value, out),
                    }
                }
            }
            _ => {}
        }
    }
    let file = fs::read_to_string(path).map_err(Error::file(path))?;
    if path.extension().is_none_or(|extension| extension != "json") {
        return Ok(vec![file]);
    }
    let json = serde_json::from_str(&file).map_err(|e| Error::format(path, e.line(), e))?;
    let mut out = Vec::new();
    collect(&json, &mut out);
    Ok(out)
}

/// The program `hearsay` in the same folder as this one.
fn beside() -> Option<PathBuf> {
    std::env::current_exe().ok().map(|this| this.with_file_name("hearsay"))
}

/// Milliseconds from spawning the program on one short page to its end: the median of nine.
fn cold_start(program: &Path) -> Result<f64, Error> {
    let page = std::env::temp_dir().join(format!("hearsay-bench-{}.txt", std::process::id()));
    let text = "The ministry said on Sunday that a drone struck a depot in Osh Mal, killing two guards.\n";
    fs::write(&page, text).map_err(Error::file(&page))?;
    let once = || {
        let start = Instant::now();
        let status = Command::new(program)
            .args(["read", "--jsonl"])
            .arg(&page)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(Error::file(program))?;
        match status.success() {
            true => Ok(start.elapsed().as_secs_f64() * 1000.0),
            false => Err(Error::format(program, 0, format!("read --jsonl: {status}"))),
        }
    };
    let times: Result<Vec<f64>, Error> = (0..9).map(|_| once()).collect();
    let _ = fs::remove_file(&page);
    let mut times = times?;
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// The most memory this process ever held, in bytes; `None` where the system does not tell.
fn peak_memory() -> Option<u64> {
    memory("VmHWM:")
}

/// One of the system's figures about this process's memory, in bytes.
fn memory(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

fn show(figures: &[(String, f64)], as_json: bool) -> String {
    if as_json {
        let map: serde_json::Map<_, _> =
            figures.iter().map(|(name, v)| (name.clone(), (*v).into())).collect();
        return format!("{:#}\n", serde_json::Value::Object(map));
    }
    let mut out = String::new();
    for (name, value) in figures {
        let _ = writeln!(out, "{name:24} {value:14.1}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_printed_for_people_and_for_programs() {
        let figures = [("words_per_s".to_owned(), 21_000.25)];
        assert_eq!(show(&figures, false), "words_per_s                     21000.2\n");
        assert_eq!(show(&figures, true), "{\n  \"words_per_s\": 21000.25\n}\n");
    }

    #[test]
    fn the_yardstick_and_the_memory_are_measured() {
        assert!(sha256_speed() > 1.0);
        assert!(cfg!(not(target_os = "linux")) || peak_memory().is_some_and(|bytes| bytes > 1 << 20));
    }
}
