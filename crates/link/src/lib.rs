//! stub
#![allow(missing_docs)]
pub mod copies;
mod words;
