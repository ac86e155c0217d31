//! One program for every measure: `hearsay-eval TASK PATH`.
//!
//! A task is one module with a `run`; it takes the command line, reads a labelled set in that task's published
//! format and gives a [`Report`]. [`TASKS`] is the list. Figures from two sets, or from two versions, can be compared because
//! each is computed by the same code; `floors` holds the lowest that is allowed.

mod args;
pub mod bench;
pub mod claims;
pub mod copies;
pub mod dates;
mod error;
pub mod event_places;
pub mod floors;
pub mod language;
pub mod links;
pub mod ner;
pub mod places;
pub mod published;
mod python;
pub mod stories;
pub mod syndication;

pub use args::{Args, Opt};
pub use error::Error;

/// What a task found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// For the standard output: text or JSON, as asked.
    pub text: String,
    /// For the standard error.
    pub warnings: String,
    /// Figures by name, as floors name them.
    pub figures: Vec<(String, f64)>,
    /// A figure is under its floor.
    pub failed: bool,
}

impl Report {
    /// Figures a line each with so many decimals under what the task says first, or all as one JSON object.
    pub(crate) fn of(first: String, figures: Vec<(String, f64)>, json: bool, decimals: usize) -> Report {
        let text = if json {
            let map: serde_json::Map<_, _> =
                figures.iter().map(|(name, value)| (name.clone(), (*value).into())).collect();
            format!("{:#}\n", serde_json::Value::Object(map))
        } else {
            let lines = figures.iter().map(|(name, value)| format!("  {name:20} {value:10.decimals$}\n"));
            first + &lines.collect::<String>()
        };
        Report { text, figures, ..Report::default() }
    }
}

/// One task.
pub struct Task {
    /// The word on the command line.
    pub name: &'static str,
    /// What it understands.
    pub options: &'static [Opt],
    /// How it is called.
    pub help: &'static str,
    /// Does it.
    pub run: fn(&Args) -> Result<Report, Error>,
}

/// Every task, in the order of the help.
pub const TASKS: &[Task] = &[
    Task { name: "claims", options: claims::OPTIONS, help: claims::HELP, run: claims::run },
    Task { name: "language", options: language::OPTIONS, help: language::HELP, run: language::run },
    Task { name: "ner", options: ner::OPTIONS, help: ner::HELP, run: ner::run },
    Task { name: "dates", options: dates::OPTIONS, help: dates::HELP, run: dates::run },
    Task { name: "published", options: published::OPTIONS, help: published::HELP, run: published::run },
    Task { name: "places", options: places::OPTIONS, help: places::HELP, run: places::run },
    Task {
        name: "event-places",
        options: event_places::OPTIONS,
        help: event_places::HELP,
        run: event_places::run,
    },
    Task { name: "copies", options: copies::OPTIONS, help: copies::HELP, run: copies::run },
    Task { name: "stories", options: stories::OPTIONS, help: stories::HELP, run: stories::run },
    Task {
        name: "syndication",
        options: syndication::OPTIONS,
        help: syndication::HELP,
        run: syndication::run,
    },
    Task { name: "links", options: links::OPTIONS, help: links::HELP, run: links::run },
    Task { name: "floors", options: floors::OPTIONS, help: floors::HELP, run: floors::run },
    Task { name: "bench", options: bench::OPTIONS, help: bench::HELP, run: bench::run },
];

/// Runs the task that the first of `words` names, with the others as its arguments.
///
/// # Errors
///
/// [`Error`] on a wrong command line and on a set that is not in its format.
pub fn run(words: &[String]) -> Result<Report, Error> {
    let name = words.first().map_or("", String::as_str);
    if matches!(name, "--help" | "-h" | "help") {
        return Ok(Report { text: help(), ..Report::default() });
    }
    let task = TASKS.iter().find(|task| task.name == name).ok_or_else(|| {
        let names: Vec<&str> = TASKS.iter().map(|task| task.name).collect();
        Error::Usage(format!("{name:?} is no task; there are {}", names.join(", ")))
    })?;
    (task.run)(&Args::parse(&words[1..], task.options)?)
}

fn help() -> String {
    let tasks: Vec<&str> = TASKS.iter().map(|task| task.help).collect();
    format!("hearsay-eval TASK PATH [OPTIONS]\n\n{}\n", tasks.join("\n\n"))
}

/// The reader with the models that ship.
#[cfg(feature = "reader")]
fn shipped() -> Result<hearsay_pipeline::Hearsay, Error> {
    hearsay_pipeline::Hearsay::shipped().map_err(|e| Error::Reader(e.to_string()))
}

/// The pages in `bytes`; the first that cannot be read is an error, since a figure over a part misleads.
#[cfg(feature = "reader")]
fn pages(origin: &str, bytes: Vec<u8>) -> Result<Vec<hearsay_doc::Page>, Error> {
    let capture = hearsay_pipeline::capture(origin, origin, bytes);
    let unpacked = hearsay_pipeline::pages(&capture, &Default::default(), None);
    match unpacked.problems.first() {
        Some(problem) => Err(Error::Reader(format!("{origin}, {}: {}", problem.place, problem.reason))),
        None => Ok(unpacked.pages),
    }
}

/// What gives a text its language layer.
type Annotate = Box<dyn Fn(&str) -> hearsay_doc::Doc + Send + Sync>;

#[cfg(feature = "reader")]
fn annotator() -> Result<Annotate, Error> {
    let hearsay = shipped()?;
    Ok(Box::new(move |text| hearsay.annotate(text)))
}

#[cfg(not(feature = "reader"))]
fn annotator() -> Result<Annotate, Error> {
    Err(Error::Usage("built without the reader: this task needs it".to_owned()))
}

/// What resolves the place names of a text: those given, or, without, those that it finds.
type Placer = Box<dyn Fn(&str, Option<&[hearsay_doc::Span]>) -> Vec<hearsay_doc::PlaceRef> + Send + Sync>;

#[cfg(feature = "reader")]
fn placer() -> Result<Placer, Error> {
    let hearsay = shipped()?;
    Ok(Box::new(move |text, given| hearsay.places(text, given)))
}

#[cfg(not(feature = "reader"))]
fn placer() -> Result<Placer, Error> {
    Err(Error::Usage("built without the reader: this task needs it".to_owned()))
}

/// What says where the event of a sentence's verb was, the finest first.
type EventPlacer = Box<dyn Fn(&str, hearsay_doc::Span) -> Vec<hearsay_doc::PlaceRef> + Send + Sync>;

#[cfg(feature = "reader")]
fn event_placer(model: Option<&str>) -> Result<EventPlacer, Error> {
    let hearsay = with_model(model)?;
    Ok(Box::new(move |text, trigger| hearsay.event_places(text, trigger)))
}

#[cfg(not(feature = "reader"))]
fn event_placer(_: Option<&str>) -> Result<EventPlacer, Error> {
    Err(Error::Usage("built without the reader: this task needs it".to_owned()))
}

/// The reader with these scorers, or with the shipped ones.
#[cfg(feature = "reader")]
fn with_model(model: Option<&str>) -> Result<hearsay_pipeline::Hearsay, Error> {
    let Some(file) = model else { return shipped() };
    let bytes = std::fs::read(file).map_err(Error::file(file.as_ref()))?;
    let hearsay = hearsay_pipeline::Hearsay::from_bytes(None, Some(&bytes));
    hearsay.map_err(|e| Error::Reader(format!("{file}: {e}")))
}
