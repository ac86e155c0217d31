//! Claims from a parsed page.
//!
//! `context` is what every step sees; `trigger` finds the events, `attribution` who tells them, `argument` who did
//! what to whom and where, `figure` how many were harmed, `judge` how, whether, and where the source stands.
//! `assemble` is the order of the steps.

pub(crate) mod argument;
pub(crate) mod assemble;
pub(crate) mod attribution;
pub(crate) mod context;
pub(crate) mod figure;
pub(crate) mod judge;
pub(crate) mod tree;
pub(crate) mod trigger;
