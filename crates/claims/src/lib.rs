//! Who says what happened: claims read from an analysed page.
//!
//! Start at [`Reader::read`]. A page's parse is looked up in the word lists ([`lexicon`]), events, speakers and
//! arguments are chosen by linear scorers ([`linear`]) and then resolved to days and places ([`resolve`]).
//!
//! Nothing here opens a file, a socket or a clock; the scorers' weights are an argument.

pub mod lexicon;
pub mod linear;
mod read;
pub mod resolve;
#[cfg(feature = "train")]
pub mod train;

use hearsay_doc::{Doc, EntityRef, Page, PlaceRef, Reading, Span};
use linear::Models;
use read::context::Context;
use resolve::actor::{Actor, Actors, Named};
use resolve::gazetteer::{Gazetteer, ListError, rows_of};

/// Reads claims with the lists and the gazetteer compiled into the program and the scorers given.
#[derive(Debug)]
pub struct Reader {
    lexicon: lexicon::Lexicon,
    models: Models,
    gazetteer: Gazetteer,
    actors: &'static Actors,
}

impl Reader {
    /// A reader with these scorers.
    pub fn new(models: Models) -> Self {
        Reader {
            lexicon: lexicon::Lexicon::new(),
            models,
            gazetteer: Gazetteer::shipped(),
            actors: Actors::shipped(),
        }
    }

    /// This reader with places of the user's own, as [`resolve::gazetteer::rows_of`] reads them.
    ///
    /// # Errors
    ///
    /// [`ListError`] with the line that cannot be read.
    pub fn with_places(mut self, list: &str) -> Result<Self, ListError> {
        let rows = rows_of(list)?;
        let made = self.gazetteer.with_own(&rows);
        self.gazetteer = made.map_err(|e| ListError { line: 0, what: e.to_string() })?;
        Ok(self)
    }

    /// This reader with actors of the user's own, as [`Actors::with_own`] reads them.
    ///
    /// # Errors
    ///
    /// [`ListError`] with the line that cannot be read.
    pub fn with_actors(mut self, list: &str) -> Result<Self, ListError> {
        self.actors = Actors::with_own(list)?;
        Ok(self)
    }

    fn context<'a>(&'a self, page: &'a Page, doc: &'a Doc) -> Context<'a> {
        Context::with(page, doc, &self.lexicon, self.actors, self.gazetteer)
    }

    /// A reader with the scorers of a model file.
    ///
    /// # Errors
    ///
    /// [`linear::Error`] if the file is of another kind or version, damaged, or cut short.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, linear::Error> {
        Ok(Reader::new(Models::from_bytes(bytes)?))
    }

    /// Reads the claims of one page. `doc` is the analysis of `page.text`. With `explain`, each claim carries
    /// the words and the rules or weights that decided.
    pub fn read(&self, page: &Page, doc: &Doc, explain: bool) -> Reading {
        let context = self.context(page, doc);
        let mut claims = read::assemble::claims(&context, &self.models, &self.gazetteer, explain);
        let year = page.published.as_ref().map(|published| i32::from(published.when.start.year));
        let entities = resolve::entity::entities(self.actors, doc, year);
        resolve::entity::name_arguments(doc, &entities, &mut claims);
        Reading { claims, entities, notes: page.notes.clone() }
    }

    /// Where the event named by the words at `trigger` was, the finest place first; none where the text does not say.
    pub fn event_places(&self, page: &Page, doc: &Doc, trigger: Span) -> Vec<PlaceRef> {
        let context = self.context(page, doc);
        read::assemble::event_places(&context, &self.models, &self.gazetteer, trigger)
    }

    /// The actor that bears the name.
    pub fn actor(&self, name: &str) -> Option<Actor> {
        self.actors.named(name)
    }

    /// Whom the mentions of `doc` name, in order.
    pub fn entities(&self, doc: &Doc) -> Vec<EntityRef> {
        resolve::entity::entities(self.actors, doc, None)
    }

    /// Where `doc` names places, in order, never overlapping.
    pub fn place_names(&self, doc: &Doc) -> Vec<Span> {
        resolve::place::named_in(&self.gazetteer, doc)
    }

    /// The known actors that `doc` names, in order, never overlapping.
    pub fn actors(&self, doc: &Doc) -> Vec<Named> {
        self.actors.find(doc)
    }

    /// The places that the words at `spans` mean, all together; one answer per span.
    pub fn places(&self, text: &str, spans: &[Span]) -> Vec<PlaceRef> {
        let context = resolve::place::Context { text, outlet: None };
        resolve::place::refer(&self.gazetteer, spans, &context)
    }
}
