//! What the arguments name: files, folders, globs, standard input; and how they become pages.
//!
//! Start at [`named`], which lists the inputs in order, and [`Inputs::items`], which opens them one by one and yields
//! their pages and failures. In a folder only files that look like reports by their ending are taken
//! ([`READABLE`]); a file named by itself is read whatever it is called.
//!
//! What the bytes are is found out by `hearsay-extract`.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use hearsay_doc::{Capture, Interval, Page};
use hearsay_pipeline::{Format, Given, Problem, Unpacked};

use crate::failure::{Failure, Stop};

/// Endings of the files that are read in a folder. Of `.json` files only `result*.json` is, the name that Telegram
/// Desktop gives its exports: other JSON in a folder is seldom a report.
const READABLE: &[&str] = &["html", "htm", "xhtml", "txt", "text", "jsonl", "ndjson"];

/// The largest input read at once, in bytes. Offsets are 32-bit, and a page needs about ten times its size in memory.
const MAX_BYTES: u64 = 1 << 30;

/// What to read, and what is known about it.
#[derive(Debug, clap::Args)]
pub(crate) struct Inputs {
    /// Files, folders, quoted globs, or - for standard input (also read when nothing is named and something is piped in)
    #[arg(value_name = "FILE|FOLDER|GLOB|-")]
    named: Vec<PathBuf>,
    /// Publication date of reports that do not give their own: YYYY-MM-DD, YYYY-MM or YYYY
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    published: Option<Interval>,
    /// Outlet of reports that do not name their own
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// Web address of reports that do not give their own
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// What the input is, where it cannot be told from its bytes
    #[arg(long, value_enum)]
    format: Option<FormatName>,
}

/// The formats by the names used on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FormatName {
    /// A web page
    Html,
    /// Plain text, one report a file
    Text,
    /// Telegram Desktop's result.json, one report a post
    Telegram,
    /// A JSON object on each line, with "text" and what is known about it
    Jsonl,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Format {
        match name {
            FormatName::Html => Format::Html,
            FormatName::Text => Format::Text,
            FormatName::Telegram => Format::Telegram,
            FormatName::Jsonl => Format::JsonLines,
        }
    }
}

/// One thing to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    Stdin,
}

/// What one input yields, in order.
#[derive(Debug)]
pub(crate) enum Item {
    /// A page, and the place it came from.
    Page(Box<Page>, String),
    /// A place that could not be read.
    Failure(Failure),
    /// The input is at its end.
    End,
}

impl Inputs {
    /// Is no file named? (Something may still be piped in.)
    pub(crate) fn none_named(&self) -> bool {
        self.named.is_empty()
    }

    /// Lists what is to be opened, in the order of the arguments; a folder's files by name.
    ///
    /// # Errors
    ///
    /// [`Stop::NoInput`] if nothing is named and standard input is a terminal.
    pub(crate) fn sources(&self, command: &'static str) -> Result<Vec<Result<Source, Failure>>, Stop> {
        match (self.named.is_empty(), io::stdin().is_terminal()) {
            (true, true) => Err(Stop::NoInput(command)),
            (true, false) => Ok(vec![Ok(Source::Stdin)]),
            (false, _) => Ok(self.named.iter().flat_map(|path| named(path)).collect()),
        }
    }

    /// Opens each source when its turn comes and yields its pages and failures, then [`Item::End`].
    pub(crate) fn items(
        &self,
        sources: Vec<Result<Source, Failure>>,
    ) -> impl Iterator<Item = Item> + Send + use<> {
        let opened = self.captures(sources);
        opened.flat_map(|opened| {
            // The bytes are let go of before the pages are looked at.
            let items = opened.map_or_else(|failure| vec![Item::Failure(failure)], |(_, items)| items);
            items.into_iter().chain([Item::End])
        })
    }

    /// Opens each source when its turn comes and yields its bytes with the pages and failures in them.
    pub(crate) fn captures(
        &self,
        sources: Vec<Result<Source, Failure>>,
    ) -> impl Iterator<Item = Result<(Capture, Vec<Item>), Failure>> + Send + use<> {
        let (given, format) = (self.given(), self.format.map(Format::from));
        sources.into_iter().map(move |source| {
            let source = source?;
            let (origin, name) = source.names();
            let bytes = read(&source, &origin)?;
            unpack(&origin, &name, bytes, &given, format)
        })
    }

    fn given(&self) -> Given {
        Given { published: self.published, outlet: self.outlet.clone(), url: self.url.clone() }
    }

    /// What was said on the command line of pages that do not say it themselves, in words that can be kept.
    pub(crate) fn said(&self) -> Option<hearsay_ledger::Given> {
        let format = self.format.and_then(|format| format.to_possible_value());
        let said = hearsay_ledger::Given {
            published: self.published.map(|published| published.iso()),
            outlet: self.outlet.clone(),
            url: self.url.clone(),
            format: format.map(|format| format.get_name().to_owned()),
        };
        said.some()
    }
}

impl Source {
    /// Where its bytes come from, for people, and the name by which a lone page of it is known.
    fn names(&self) -> (String, String) {
        match self {
            Source::File(path) => (path.display().to_string(), file_stem(path)),
            Source::Stdin => ("stdin".to_owned(), "stdin".to_owned()),
        }
    }
}

/// What one argument names.
fn named(path: &Path) -> Vec<Result<Source, Failure>> {
    if path.as_os_str() == "-" {
        return vec![Ok(Source::Stdin)];
    }
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => in_folder(path),
        Ok(_) => vec![Ok(Source::File(path.to_owned()))],
        Err(error) => match path.to_str() {
            Some(pattern) if pattern.contains(['*', '?', '[']) => in_glob(pattern),
            _ => vec![Err(Failure::io(path.display().to_string(), &error))],
        },
    }
}

/// The readable files of a folder and the folders in it, by name. Links to folders are not followed, hidden ones
/// not entered.
fn in_folder(folder: &Path) -> Vec<Result<Source, Failure>> {
    let mut found = Vec::new();
    let mut n_skipped = 0;
    walk(folder, &mut found, &mut n_skipped);
    if found.is_empty() {
        let reason =
            format!("holds no report: no file ends in .{} ({n_skipped} others)", READABLE.join(" ."));
        let failure = Failure::new(folder.display().to_string(), reason);
        return vec![Err(failure.hint("name a file by itself, and it is read whatever its ending"))];
    }
    found
}

fn walk(folder: &Path, found: &mut Vec<Result<Source, Failure>>, n_skipped: &mut usize) {
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(error) => return found.push(Err(Failure::io(folder.display().to_string(), &error))),
    };
    let mut entries: Vec<_> = entries.into_iter().filter(|entry| !is_hidden(&entry.path())).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&path, found, n_skipped),
            Ok(_) if is_readable(&path) => found.push(Ok(Source::File(path))),
            Ok(_) => *n_skipped += 1,
            Err(error) => found.push(Err(Failure::io(path.display().to_string(), &error))),
        }
    }
}

/// Files that a glob names, by name. `**` goes into folders; a folder that matches is walked as if named.
fn in_glob(pattern: &str) -> Vec<Result<Source, Failure>> {
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let paths = match glob::glob_with(pattern, options) {
        Ok(paths) => paths,
        Err(error) => {
            let reason = format!("is no glob: {} at character {}", error.msg, error.pos + 1);
            return vec![Err(Failure::new(pattern, reason).hint("* ? [a-z] and ** are known"))];
        }
    };
    // As in a shell, a star does not stand for a file whose name begins with a dot.
    let found: Vec<_> = paths
        .filter(|path| !path.as_ref().is_ok_and(|path| is_hidden(path)))
        .flat_map(|path| match path {
            Ok(path) if path.is_dir() => in_folder(&path),
            Ok(path) => vec![Ok(Source::File(path))],
            Err(error) => vec![Err(Failure::io(error.path().display().to_string(), error.error()))],
        })
        .collect();
    if found.is_empty() {
        return vec![Err(Failure::new(pattern, "matches no file").hint("check the folder and the ending"))];
    }
    found
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn is_readable(path: &Path) -> bool {
    let lower = |part: Option<&std::ffi::OsStr>| part.and_then(|p| p.to_str()).map(str::to_lowercase);
    let (stem, ending) = (lower(path.file_stem()), lower(path.extension()));
    ending.as_deref().is_some_and(|ending| {
        READABLE.contains(&ending)
            || (ending == "json" && stem.is_some_and(|stem| stem.starts_with("result")))
    })
}

/// Takes the pages out of bytes that come from `origin`; a lone page in them is known by `name`.
pub(crate) fn unpack(
    origin: &str,
    name: &str,
    bytes: Vec<u8>,
    given: &Given,
    format: Option<Format>,
) -> Result<(Capture, Vec<Item>), Failure> {
    // A panic is a bug of hearsay; on a hostile page it must not take the other pages with it.
    let (capture, unpacked) = catch_unwind(AssertUnwindSafe(|| {
        let capture = hearsay_pipeline::capture(origin, name, bytes);
        let unpacked = hearsay_pipeline::pages(&capture, given, format);
        (capture, unpacked)
    }))
    .map_err(|_| bug(origin))?;
    let Unpacked { pages, problems } = unpacked;
    let n_pages = pages.len();
    let place =
        |page: &Page| if n_pages == 1 { origin.to_owned() } else { format!("{origin}: {}", page.name) };
    let pages = pages.into_iter().map(|page| {
        let place = place(&page);
        Item::Page(Box::new(page), place)
    });
    let problems = problems.into_iter().map(|problem| Item::Failure(failure(origin, problem)));
    Ok((capture, pages.chain(problems).collect()))
}

/// The bytes of one source.
fn read(source: &Source, origin: &str) -> Result<Vec<u8>, Failure> {
    let io_failure = |error: io::Error| Failure::io(origin, &error);
    let mut bytes = Vec::new();
    match source {
        Source::File(path) => {
            let file = File::open(path).map_err(io_failure)?;
            file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(io_failure)?;
        }
        Source::Stdin => {
            io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(io_failure)?;
        }
    }
    if bytes.len() as u64 > MAX_BYTES {
        let reason = format!("is larger than {} MiB, the most that is read at once", MAX_BYTES >> 20);
        return Err(Failure::new(origin, reason).hint("split it; JSON lines can be cut at any line end"));
    }
    Ok(bytes)
}

/// What `extract` could not read, with the place in the input.
fn failure(origin: &str, problem: Problem) -> Failure {
    Failure { place: format!("{origin}: {}", problem.place), reason: problem.reason, hint: problem.hint }
}

/// hearsay itself failed on an input.
pub(crate) fn bug(place: &str) -> Failure {
    Failure::new(place, "hearsay failed on this input, which is a bug of hearsay")
        .hint("please report it with the input, if it may be shared")
}

/// The name by which a lone page in this file is known.
fn file_stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_folder_reports_are_known_by_their_ending() {
        let readable = |name: &str| is_readable(Path::new(name));
        assert!(
            ["a.html", "b.HTM", "c.txt", "d.jsonl", "e/result.json", "result (2).json"]
                .into_iter()
                .all(readable)
        );
        assert!(!["a.png", "package.json", "html", "notes.md", "a.html.bak"].into_iter().any(readable));
    }
}
