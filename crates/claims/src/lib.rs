//! Who says what happened: claims read from an analysed page.
//!
//! Start at [`Reader::read`].

pub mod lexicon;
pub mod linear;
mod read;
pub mod resolve;
#[cfg(feature = "train")]
pub mod train;

use hearsay_doc::{Doc, Page, Reading};

/// Reads claims with the lists, scorers and gazetteer compiled into the program.
#[derive(Debug, Default)]
pub struct Reader {}

impl Reader {
    /// The shipped reader.
    pub fn new() -> Self {
        Reader {}
    }

    /// Reads the claims of one page. `doc` is the analysis of `page.text`. With `explain`, each claim carries
    /// the words and the rules or weights that decided.
    pub fn read(&self, _page: &Page, _doc: &Doc, _explain: bool) -> Reading {
        Reading::default()
    }
}
