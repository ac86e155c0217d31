//! The stages in order, and the public record.
//!
//! A capture becomes pages ([`pages`]), a page becomes a [`Doc`] and then a [`Reading`]
//! ([`Hearsay::read`]), and both together become one [`Record`], which is all that programs outside hearsay
//! ever see. Start at [`Hearsay`].
//!
//! The models are compiled in, so that the program is one file, starts without searching for anything and
//! gives the same answer wherever it is copied. Nothing here opens a file, a socket or a clock.
//!
//! How a page is found in bytes belongs to `hearsay-extract`, the language analysis to `hearsay-nlp`, the
//! reading to `hearsay-claims`.

use std::fmt;

use hearsay_claims::Reader;
use hearsay_claims::resolve::offset;
use hearsay_doc::{Doc, Page, PlaceRef, Reading, Span};
use hearsay_nlp::Model;

pub mod dates;
mod offsets;
mod record;

pub use hearsay_claims::resolve::actor::COLUMNS as ACTOR_COLUMNS;
pub use hearsay_claims::resolve::date;
pub use hearsay_claims::resolve::gazetteer::{COLUMNS as PLACE_COLUMNS, Gazetteer, ListError};
pub use hearsay_doc::record::Record;
pub use hearsay_extract::{Format, Given, Problem, Unpacked, capture, pages};
pub use hearsay_nlp::conllu;
pub use record::{NamedActor, record};

/// The shipped language model.
static MODEL: &[u8] = include_bytes!("../../../models/en-1.bin");

/// The shipped scorers of the claim reader.
static CLAIMS: &[u8] = include_bytes!("../../../models/claims-1.bin");

/// The version of the program and the name of its model, as in `models/MANIFEST.toml`: both decide what is read.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " · en-1");

/// Who made a record, its `by`.
pub const BY: &str = concat!("hearsay ", env!("CARGO_PKG_VERSION"), " · en-1");

/// Whose work is inside the program, and under which terms: what their licences ask to be said.
pub const CREDITS: &str = include_str!("credits.txt");

/// Why hearsay could not be made ready. What a text says never leads here.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The language model's bytes are damaged or of another version.
    Model(hearsay_nlp::Error),
    /// The claim reader's bytes are damaged or of another version.
    Claims(hearsay_claims::linear::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Model(error) => write!(f, "language model: {error}"),
            Error::Claims(error) => write!(f, "claim model: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Model(error) => Some(error),
            Error::Claims(error) => Some(error),
        }
    }
}

/// Everything needed to read reports: made once, shared by any number of threads.
#[derive(Debug)]
pub struct Hearsay {
    model: Model,
    reader: Reader,
    /// Stands for both models' bytes and the lists of the user's own, in hexadecimal digits.
    digest: String,
}

/// Names two model files. Both begin with a checksum of all their bytes, which the loaders made sure of.
fn digest(language: &[u8], claims: &[u8]) -> String {
    let head = |bytes: &[u8]| bytes[..bytes.len().min(64)].to_vec();
    hexadecimal(&[head(language), head(claims)].concat())
}

fn hexadecimal(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    format!("{:x}", Sha256::digest(bytes))
}

/// What was read from one page.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The page's text with tokens, sentences, tags, heads and mentions.
    pub doc: Doc,
    /// Its claims.
    pub reading: Reading,
}

impl Hearsay {
    /// Makes hearsay ready with the models compiled in.
    ///
    /// # Errors
    ///
    /// [`Error`] if they are damaged, which means that the program itself is.
    pub fn shipped() -> Result<Hearsay, Error> {
        Hearsay::from_bytes(None, None)
    }

    /// Makes hearsay ready with other models; `None` takes the shipped one.
    ///
    /// # Errors
    ///
    /// [`Error`] if one is no model file, is damaged, or of a version that this program does not read.
    pub fn from_bytes(language: Option<&[u8]>, claims: Option<&[u8]>) -> Result<Hearsay, Error> {
        let (language, claims) = (language.unwrap_or(MODEL), claims.unwrap_or(CLAIMS));
        let model = Model::from_bytes(language).map_err(Error::Model)?;
        let reader = Reader::from_bytes(claims).map_err(Error::Claims)?;
        Ok(Hearsay { model, reader, digest: digest(language, claims) })
    }

    /// This hearsay with lists of the user's own, as text: places ([`PLACE_COLUMNS`]) and actors ([`ACTOR_COLUMNS`]), which
    /// come before those that ship.
    ///
    /// # Errors
    ///
    /// [`ListError`] with the line that cannot be read.
    pub fn with_lists(self, places: Option<&str>, actors: Option<&str>) -> Result<Hearsay, ListError> {
        let Hearsay { model, mut reader, digest } = self;
        if let Some(list) = places {
            reader = reader.with_places(list)?;
        }
        if let Some(list) = actors {
            reader = reader.with_actors(list)?;
        }
        let lists =
            [digest.as_bytes(), places.unwrap_or("").as_bytes(), b"\0", actors.unwrap_or("").as_bytes()];
        Ok(Hearsay { model, reader, digest: hexadecimal(&lists.concat()) })
    }

    /// Page to doc: the language analysis of a text. An empty text gives an empty doc.
    pub fn annotate(&self, text: &str) -> Doc {
        hearsay_nlp::annotate(&self.model, text)
    }

    /// Page to doc to reading. Any text gives a reading; one without claims gives an empty one.
    pub fn read(&self, page: &Page) -> Read {
        self.stages(page, false)
    }

    /// As [`read`](Hearsay::read), and each claim says which words and which rule or weight decided.
    pub fn explain(&self, page: &Page) -> Read {
        self.stages(page, true)
    }

    /// The places that a text names, resolved together, in order: those of `given`, or, without, the names of places
    /// in it. An empty text gives none; a name that no place bears keeps its words.
    pub fn places(&self, text: &str, given: Option<&[Span]>) -> Vec<PlaceRef> {
        match given {
            Some(given) => self.reader.places(text, given),
            None => self.reader.places(text, &self.reader.place_names(&self.annotate(text))),
        }
    }

    /// As [`places`](Hearsay::places), in the public form and moved as "near" and "40 km north of" before them say.
    pub fn place_records(&self, text: &str) -> Vec<hearsay_doc::record::Place> {
        let places = self.places(text, None).into_iter();
        record::places(text, &places.map(|place| offset::beside(text, place)).collect::<Vec<_>>())
    }

    /// The actors that a text names, in order: those of the lists, and other persons and organisations under their own
    /// names.
    pub fn actors(&self, text: &str) -> Vec<NamedActor> {
        let doc = self.annotate(text);
        let known = self.reader.actors(&doc);
        record::actors(text, &doc, &known, &self.reader.entities(&doc), |name| self.reader.actor(name))
    }

    /// Where the event named by the words at `trigger` was, the finest place first; none where the text does not say or
    /// the words are none of the text's.
    pub fn event_places(&self, text: &str, trigger: Span) -> Vec<PlaceRef> {
        let page = Page { text: text.to_owned(), ..Page::default() };
        self.reader.event_places(&page, &self.annotate(text), trigger)
    }

    /// Who reads, precisely: program, version, and eight digits that stand for both models' bytes. Two readings of one page by
    /// the same reader are the same.
    pub fn reader(&self) -> String {
        format!("{BY} · {}", &self.digest[..8])
    }

    /// Page and reading to the public record.
    pub fn record(&self, page: &Page, read: &Read) -> Record {
        record(page, read, BY)
    }

    fn stages(&self, page: &Page, explain: bool) -> Read {
        let doc = self.annotate(&page.text);
        let reading = self.reader.read(page, &doc, explain);
        Read { doc, reading }
    }
}
