//! The lowest figures allowed: every set of `floors.toml`, measured again.
//!
//! A set is named with the task that scores it, its path beside the repository and the sha256 of what lies there, so that
//! a figure can only be compared with a figure from the same bytes. Sets that come as `.tar.zst` are unpacked into
//! `target/eval-data`. Start at [`run`].

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::args::{Args, Opt};
use crate::{Error, Report, TASKS};

/// The task's options.
pub const OPTIONS: &[Opt] = &[Opt::value("--shared", "FOLDER"), Opt::switch("--json")];

/// How to call the task.
pub const HELP: &str = "\
floors [FLOORS.toml]   measures every set that the file lists; exit code 1 if a figure is under its floor
  --shared FOLDER      where the sets lie; by default ../shared beside the repository";

/// One set and what is asked of it.
#[derive(Clone, Debug, PartialEq)]
struct Set {
    name: String,
    task: String,
    /// Relative to the shared folder: what is hashed, and, unless it is an archive, measured.
    source: PathBuf,
    /// Inside the unpacked archive.
    inside: Option<PathBuf>,
    sha256: String,
    floors: Vec<(String, f64)>,
}

/// Measures every set and compares.
///
/// # Errors
///
/// [`Error`] if the file is damaged, a set is missing or is not the one whose figures are pinned.
pub fn run(args: &Args) -> Result<Report, Error> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = args.paths.first().map_or_else(|| here.join("floors.toml"), PathBuf::from);
    let shared = args.get("--shared").map_or_else(|| here.join("../../shared"), PathBuf::from);
    let text = fs::read_to_string(&file).map_err(Error::file(&file))?;
    let sets = parse(&text).map_err(|what| Error::format(&file, 0, what))?;
    let mut out = format!("{:16} {:22} {:>7} {:>7}\n", "set", "figure", "is", "floor");
    let mut failed = 0;
    for set in &sets {
        let source = shared.join(&set.source);
        let sha256 = sha256(&source)?;
        if sha256 != set.sha256 {
            let what = format!("sha256 is {sha256}, floors.toml has {}: these are other bytes", set.sha256);
            return Err(Error::format(&source, 0, what));
        }
        let path = match &set.inside {
            Some(inside) => unpacked(&source, &sha256, &here.join("../target/eval-data"))?.join(inside),
            None => source,
        };
        let task = TASKS.iter().find(|task| task.name == set.task);
        let task = task.ok_or_else(|| Error::format(&file, 0, format!("{:?} is no task", set.task)))?;
        let words = [path.to_string_lossy().into_owned()];
        let report = (task.run)(&Args::parse(&words, task.options)?)?;
        failed += compare(&mut out, set, &report.figures);
    }
    let _ = writeln!(out, "{failed} under their floor");
    Ok(Report { text: out, failed: failed > 0, ..Report::default() })
}

/// A row per floor; gives how many figures are under theirs. A figure that the task does not print is under it.
fn compare(out: &mut String, set: &Set, figures: &[(String, f64)]) -> usize {
    let mut failed = 0;
    for (name, floor) in &set.floors {
        let figure = figures.iter().find(|(figure, _)| figure == name).map(|(_, value)| *value);
        let is_under = figure.is_none_or(|value| value < *floor);
        failed += usize::from(is_under);
        let shown = figure.map_or_else(|| "none".to_owned(), |value| format!("{value:.2}"));
        let mark = if is_under { "  UNDER ITS FLOOR" } else { "" };
        let _ = writeln!(out, "{:16} {name:22} {shown:>7} {floor:7.2}{mark}", set.name);
    }
    failed
}

fn parse(text: &str) -> Result<Vec<Set>, String> {
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
    let sets = table.get("set").and_then(|sets| sets.as_array()).ok_or("no [[set]]")?;
    sets.iter().zip(1..).map(|(set, n)| one(set).map_err(|what| format!("set {n}: {what}"))).collect()
}

fn one(set: &toml::Value) -> Result<Set, String> {
    let string = |name: &str| set.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let needed = |name: &str| string(name).ok_or_else(|| format!("no {name}"));
    let floors = set.get("floors").and_then(|floors| floors.as_table()).ok_or("no floors")?;
    let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|n| n as f64));
    let floor = |(name, value): (&String, &toml::Value)| {
        Ok((name.clone(), number(value).ok_or_else(|| format!("floor {name} is no number"))?))
    };
    Ok(Set {
        name: needed("name")?,
        task: needed("task")?,
        source: needed("source")?.into(),
        inside: string("inside").map(PathBuf::from),
        sha256: needed("sha256")?,
        floors: floors.iter().map(floor).collect::<Result<_, String>>()?,
    })
}

/// Of a file, its bytes; of a folder, `sha256  path` lines of all files in it, in the order of their paths.
fn sha256(path: &Path) -> Result<String, Error> {
    if !path.is_dir() {
        return Ok(format!("{:x}", Sha256::digest(fs::read(path).map_err(Error::file(path))?)));
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::file(&folder))? {
            let path = entry.map_err(Error::file(&folder))?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let mut lines = Sha256::new();
    for file in files {
        let name = file.strip_prefix(path).unwrap_or(&file).to_string_lossy().into_owned();
        lines.update(format!("{}  {name}\n", sha256(&file)?));
    }
    Ok(format!("{:x}", lines.finalize()))
}

/// The folder into which the archive was unpacked, now or earlier.
fn unpacked(archive: &Path, sha256: &str, cache: &Path) -> Result<PathBuf, Error> {
    let folder = cache.join(&sha256[..16.min(sha256.len())]);
    if folder.join(".complete").is_file() {
        return Ok(folder);
    }
    let file = fs::File::open(archive).map_err(Error::file(archive))?;
    let decoder = ruzstd::decoding::StreamingDecoder::new(std::io::BufReader::new(file))
        .map_err(|e| Error::format(archive, 0, e))?;
    fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
    tar::Archive::new(decoder.take(4 << 30)).unpack(&folder).map_err(Error::file(archive))?;
    fs::write(folder.join(".complete"), "").map_err(Error::file(&folder))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_under_its_floor_or_gone_fails() {
        let sets = parse(
            "[[set]]\nname = 'gold'\ntask = 'claims'\nsource = 'gold'\nsha256 = 'ab'\nfloors = { event = 70, typed = 60.5, toll = 1 }",
        );
        let mut out = String::new();
        let figures = [("event".to_owned(), 70.0), ("typed".to_owned(), 60.4)];
        assert_eq!(compare(&mut out, &sets.unwrap()[0], &figures), 2);
        expect_test::expect![[r#"
            gold             event                    70.00   70.00
            gold             toll                      none    1.00  UNDER ITS FLOOR
            gold             typed                    60.40   60.50  UNDER ITS FLOOR
        "#]]
        .assert_eq(&out);
    }

    #[test]
    fn a_damaged_file_says_where() {
        assert_eq!(parse("").unwrap_err(), "no [[set]]");
        assert_eq!(parse("[[set]]\nname = 'a'\nfloors = {}").unwrap_err(), "set 1: no task");
    }

    #[test]
    fn a_folder_is_hashed_with_its_names() {
        let folder = std::env::temp_dir().join(format!("hearsay-floors-{}", std::process::id()));
        fs::create_dir_all(folder.join("in")).unwrap();
        fs::write(folder.join("in/a"), "x").unwrap();
        let first = sha256(&folder).unwrap();
        fs::rename(folder.join("in/a"), folder.join("in/b")).unwrap();
        assert_ne!(first, sha256(&folder).unwrap());
        fs::remove_dir_all(&folder).unwrap();
    }
}
