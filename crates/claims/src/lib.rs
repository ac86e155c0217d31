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

use hearsay_doc::{Doc, Page, Reading};
use linear::Models;
use resolve::gazetteer::Gazetteer;

/// Reads claims with the lists and the gazetteer compiled into the program and the scorers given.
#[derive(Debug)]
pub struct Reader {
    lexicon: lexicon::Lexicon,
    models: Models,
    gazetteer: Gazetteer,
}

impl Reader {
    /// A reader with these scorers.
    pub fn new(models: Models) -> Self {
        Reader { lexicon: lexicon::Lexicon::new(), models, gazetteer: Gazetteer::shipped() }
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
        let context = read::context::Context::new(page, doc, &self.lexicon);
        let claims = read::assemble::claims(&context, &self.models, &self.gazetteer, explain);
        Reading { claims, notes: page.notes.clone() }
    }
}
