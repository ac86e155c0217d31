//! `hearsay add`: reports into a ledger; and `hearsay reread`: the captures of a ledger with this program's models.
//!
//! Readers, workers, one writer: opening files and asking what is already known happens in the iterator that
//! [`in_order`] drives, reading and compressing on all cores, writing here. Results come in the order of the input,
//! so that any number of threads writes the same ledger. What waits in between is bounded.

use std::collections::{HashMap, VecDeque};
use std::io::{self, IsTerminal, Write};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hearsay_doc::{Interval, Page};
use hearsay_ledger::{Given, Ledger, Member, Options, Place, Prepared, Problem, Writer};
use hearsay_pipeline::Hearsay;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cmd::At;
use crate::cmd::read::n_threads;
use crate::failure::{Failure, Stop};
use crate::input::{self, Inputs, Item};
use crate::ordered::in_order;

/// What was written is made lasting after so long, or after so many pages: a power cut loses no more, and a commit (two
/// syncs, some 5 ms on a disk) costs two parts in a hundred.
const COMMIT_AFTER: (Duration, usize) = (Duration::from_millis(250), 2000);

/// `hearsay add`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    how: How,
}

/// `hearsay reread`
#[derive(Debug, clap::Args)]
pub(crate) struct RereadArgs {
    #[command(flatten)]
    how: How,
}

/// How a ledger is written.
#[derive(Debug, clap::Args)]
struct How {
    #[command(flatten)]
    at: At,
    /// Seconds to wait where another program is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Do not link the ledger's reports afterwards; hearsay link does it later
    #[arg(long)]
    no_link: bool,
    /// Print the name and key of each page as soon as it is safe on disk
    #[arg(long)]
    names: bool,
    /// Threads that read at the same time [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZero<usize>>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let sources = self.inputs.sources("add")?;
        let n_sources = sources.len();
        let said = self.inputs.said();
        let opened = self.inputs.captures(sources).map(move |opened| match opened {
            Ok((capture, items)) => Opened {
                place: Place {
                    origin: capture.origin.clone(),
                    name: capture.name.clone(),
                    given: said.clone(),
                },
                sha256: capture.id,
                bytes: Some(capture.bytes),
                items,
            },
            Err(failure) => Opened::failed(failure),
        });
        self.how.add(opened, n_sources)
    }
}

impl RereadArgs {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let ledger = Ledger::open(&self.how.at.ledger).map_err(|error| self.how.at.stop(error))?;
        let captures = ledger.sightings().map_err(|error| self.how.at.stop(error))?;
        let n_captures = captures.len();
        let opened = captures.into_iter().flat_map(move |(sha256, sightings)| {
            let mut places: Vec<Place> = Vec::new();
            for sighting in sightings {
                if !places.contains(&sighting.place) {
                    places.push(sighting.place);
                }
            }
            let bytes = ledger.capture(&sha256);
            let all = places.into_iter().map(|place| reopen(&sha256, bytes.as_ref(), place));
            all.collect::<Vec<_>>()
        });
        self.how.add(opened, n_captures)
    }
}

/// The pages of a capture in the ledger, as if it had been named again.
fn reopen(sha256: &str, bytes: Result<&Option<Vec<u8>>, &hearsay_ledger::Error>, place: Place) -> Opened {
    let bytes = match bytes {
        Ok(Some(bytes)) => bytes.clone(),
        Ok(None) => return Opened::failed(Failure::new(&place.origin, "its capture is not in the ledger")),
        Err(error) => {
            return Opened::failed(
                Failure::new(&place.origin, error.to_string()).hint("hearsay verify says what is damaged"),
            );
        }
    };
    let said = place.given.clone().unwrap_or_default();
    let given = hearsay_pipeline::Given {
        published: said.published.as_deref().and_then(|published| Interval::parse(published).ok()),
        outlet: said.outlet,
        url: said.url,
    };
    let format = said.format.and_then(|format| format.parse().ok());
    match input::unpack(&place.origin, &place.name, bytes, &given, format) {
        Ok((_, items)) => Opened { place, sha256: sha256.to_owned(), bytes: None, items },
        Err(failure) => Opened::failed(failure),
    }
}

/// One input, opened.
struct Opened {
    place: Place,
    /// `sha256:…` of its bytes; empty where it could not be opened.
    sha256: String,
    /// `None` where the ledger has them for sure.
    bytes: Option<Vec<u8>>,
    items: Vec<Item>,
}

impl Opened {
    fn failed(failure: Failure) -> Opened {
        let place = Place { origin: failure.place.clone(), name: String::new(), given: None };
        Opened { place, sha256: String::new(), bytes: None, items: vec![Item::Failure(failure)] }
    }
}

/// Work for any thread.
enum Job {
    Capture(Vec<u8>, Place),
    Seen(String, Place),
    Page { page: Box<Page>, nth: u32, given: Option<Given>, origin: String, place: String },
    Known,
    Failure(String, Failure),
    End,
}

/// Work for the writer.
enum Done {
    Member(Box<Member>, Place),
    Seen(String, Place),
    Reading(Box<Prepared>),
    Known,
    Failure(String, Failure),
    End,
}

/// Makes jobs of inputs; asks the ledger, so that nothing is read twice.
struct Jobs<I> {
    opened: I,
    ledger: Ledger,
    reader: String,
    stop: Arc<AtomicBool>,
    waiting: VecDeque<Job>,
}

impl<I: Iterator<Item = Opened>> Jobs<I> {
    fn open(&mut self, opened: Opened) {
        let Opened { place, sha256, bytes, items } = opened;
        if !sha256.is_empty() {
            // What cannot be asked is taken for unknown: the writer asks again, and tells what is wrong.
            let known = bytes.is_none()
                || digest(&sha256).is_some_and(|d| self.ledger.has_capture(&d).unwrap_or(false));
            self.waiting.push_back(match bytes.filter(|_| !known) {
                Some(bytes) => Job::Capture(bytes, place.clone()),
                None => Job::Seen(sha256.clone(), place.clone()),
            });
        }
        let mut of_name: HashMap<String, u32> = HashMap::new();
        for item in items {
            self.waiting.push_back(match item {
                Item::Page(page, at) => {
                    let next = of_name.entry(page.name.clone()).or_default();
                    let nth = *next;
                    *next += 1;
                    let given = place.given.clone();
                    let has = self.ledger.has_reading(&sha256, &page.name, nth, given.as_ref(), &self.reader);
                    match has {
                        Ok(true) => Job::Known,
                        _ => Job::Page { page, nth, given, origin: place.origin.clone(), place: at },
                    }
                }
                Item::Failure(failure) => Job::Failure(place.origin.clone(), failure),
                Item::End => continue,
            });
        }
        self.waiting.push_back(Job::End);
    }
}

impl<I: Iterator<Item = Opened>> Iterator for Jobs<I> {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        while self.waiting.is_empty() {
            let opened = self.opened.next()?;
            self.open(opened);
        }
        self.waiting.pop_front()
    }
}

fn digest(sha256: &str) -> Option<[u8; 32]> {
    hearsay_ledger::chain::unhex(sha256.strip_prefix("sha256:")?)?.try_into().ok()
}

impl How {
    fn add(self, opened: impl Iterator<Item = Opened> + Send, n_sources: usize) -> Result<ExitCode, Stop> {
        let at = &self.at;
        let options = Options { wait: Duration::from_secs(self.wait), ..Options::default() };
        let mut writer = Writer::open(&at.ledger, &options).map_err(|error| at.stop(error))?;
        let hearsay = Hearsay::shipped()?;
        let reader = hearsay.reader();
        let stop = on_interrupt();
        let jobs = Jobs {
            opened,
            ledger: Ledger::open(&at.ledger).map_err(|error| at.stop(error))?,
            reader: reader.clone(),
            stop: Arc::clone(&stop),
            waiting: VecDeque::new(),
        };
        let mut sink = Sink {
            names: self.names,
            progress: Progress::new(n_sources),
            tally: Tally::default(),
            waiting: Vec::new(),
            last_commit: Instant::now(),
        };
        let written = in_order(
            jobs,
            n_threads(self.threads),
            |job| work(job, &hearsay, &reader),
            |done| sink.write(&mut writer, done),
        );
        // What came in before something went wrong is kept, where the writer still can.
        let head = match written {
            Ok(()) => sink.commit(&mut writer),
            Err(Broken::Output(error)) => {
                let _ = writer.commit();
                Err(Broken::Output(error))
            }
            Err(broken) => Err(broken),
        };
        sink.progress.finish();
        let head = head.map_err(|broken| match broken {
            Broken::Ledger(error) => at.stop(error),
            Broken::Output(error) => Stop::Output(error),
        })?;
        let interrupted = stop.load(Ordering::Relaxed);
        if !self.no_link && !interrupted {
            crate::cmd::link::relink(&mut writer).map_err(|error| at.stop(error))?;
        }
        eprintln!("{}", sink.tally.show(interrupted, &at.ledger.display().to_string(), &head));
        Ok(if interrupted { ExitCode::from(130) } else { sink.tally.exit() })
    }
}

/// Sets a flag at the first Ctrl-C, so that what is under way is finished; the second ends the program at once.
fn on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Where no handler can be set, Ctrl-C ends the program, which loses nothing that was acknowledged.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("hearsay: finishing what is under way (Ctrl-C again ends at once)");
    });
    stop
}

fn work(job: Job, hearsay: &Hearsay, reader: &str) -> Done {
    match job {
        Job::Capture(bytes, place) => {
            let member = hearsay_ledger::member(&bytes, &place.origin, hearsay_ledger::now());
            Done::Member(Box::new(member), place)
        }
        Job::Seen(sha256, place) => Done::Seen(sha256, place),
        Job::Page { page, nth, given, origin, place } => {
            let read = catch_unwind(AssertUnwindSafe(|| {
                let record = hearsay.record(&page, &hearsay.read(&page));
                Prepared::new(record, nth, given, reader)
            }));
            match read {
                Ok(Ok(prepared)) => Done::Reading(Box::new(prepared)),
                Ok(Err(error)) => {
                    Done::Failure(origin, Failure::new(place, error.to_string()).hint("split the page"))
                }
                Err(_) => Done::Failure(origin, input::bug(&place)),
            }
        }
        Job::Known => Done::Known,
        Job::Failure(origin, failure) => Done::Failure(origin, failure),
        Job::End => Done::End,
    }
}

/// Why writing ends early.
enum Broken {
    Ledger(hearsay_ledger::Error),
    Output(io::Error),
}

impl From<hearsay_ledger::Error> for Broken {
    fn from(error: hearsay_ledger::Error) -> Self {
        Broken::Ledger(error)
    }
}

/// Writes what was read, and says so.
struct Sink {
    names: bool,
    progress: Progress,
    tally: Tally,
    /// Pages that are not committed yet: key and name.
    waiting: Vec<(String, String)>,
    last_commit: Instant,
}

impl Sink {
    fn write(&mut self, writer: &mut Writer, done: Done) -> Result<(), Broken> {
        match done {
            Done::Member(member, place) => {
                writer.take_in(&member, &place)?;
            }
            Done::Seen(sha256, place) => {
                writer.see(&sha256, &place)?;
            }
            Done::Reading(prepared) => {
                if writer.append(&prepared)? {
                    self.tally.n_pages += 1;
                    self.tally.n_claims += prepared.n_claims();
                    self.waiting.push((prepared.key(), prepared.name().to_owned()));
                } else {
                    self.tally.n_known += 1;
                }
            }
            Done::Known => self.tally.n_known += 1,
            Done::Failure(origin, failure) => {
                let Failure { place, reason, hint } = failure.clone();
                writer.problem(&Problem { origin, place, reason, hint })?;
                self.tally.n_failures += 1;
                self.progress.aside(|| failure.print());
            }
            Done::End => self.progress.advance(&self.tally),
        }
        if self.waiting.len() >= COMMIT_AFTER.1 || self.last_commit.elapsed() >= COMMIT_AFTER.0 {
            self.commit(writer)?;
        }
        Ok(())
    }

    /// Makes lasting, then acknowledges.
    fn commit(&mut self, writer: &mut Writer) -> Result<hearsay_ledger::Head, Broken> {
        let head = writer.commit()?;
        self.last_commit = Instant::now();
        let waiting = std::mem::take(&mut self.waiting);
        if self.names && !waiting.is_empty() {
            let mut out = io::stdout().lock();
            let lines: String =
                waiting.iter().map(|(key, name)| format!("{key}\t{}\n", crate::view::clean(name))).collect();
            out.write_all(lines.as_bytes()).and_then(|()| out.flush()).map_err(Broken::Output)?;
        }
        self.progress.tell(&self.tally);
        Ok(head)
    }
}

/// What came of the input.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    n_pages: usize,
    n_claims: usize,
    n_known: usize,
    n_failures: usize,
}

impl Tally {
    fn show(&self, interrupted: bool, ledger: &str, head: &hearsay_ledger::Head) -> String {
        let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
        let mut line = format!(
            "hearsay: {}, {} added to {ledger}",
            count(self.n_pages, "report"),
            count(self.n_claims, "claim")
        );
        if self.n_known > 0 {
            line += &format!("; {} already there", count(self.n_known, "report"));
        }
        if self.n_failures > 0 {
            line += &format!("; {} (hearsay problems lists them)", count(self.n_failures, "problem"));
        }
        line += &format!("\n  head {} {}", head.entry, hearsay_ledger::chain::hex(&head.hash));
        if interrupted {
            line += "\n  stopped: run the same command again to go on";
        }
        line
    }

    fn exit(&self) -> ExitCode {
        match (self.n_failures, self.n_pages + self.n_known) {
            (0, _) => ExitCode::SUCCESS,
            (_, 0) => ExitCode::from(3),
            _ => ExitCode::from(1),
        }
    }
}

/// A bar on standard error, where that is a terminal.
struct Progress {
    bar: ProgressBar,
    begun: Instant,
}

impl Progress {
    fn new(n_sources: usize) -> Self {
        let bar = if io::stderr().is_terminal() {
            ProgressBar::new(n_sources as u64)
        } else {
            ProgressBar::hidden()
        };
        let style = "{bar:28} {pos}/{len} files · {msg} · {elapsed}, {eta} left";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is well formed"));
        Progress { bar, begun: Instant::now() }
    }

    fn tell(&self, tally: &Tally) {
        let rate = tally.n_pages as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        self.bar.set_message(format!("{} reports ({rate:.0}/s) · {} claims", tally.n_pages, tally.n_claims));
    }

    fn advance(&self, tally: &Tally) {
        self.tell(tally);
        self.bar.inc(1);
    }

    /// Lets `print` write to standard error without tearing the bar.
    fn aside(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
