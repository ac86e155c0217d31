//! Claims from a parsed page.
//!
//! `context` is what every step sees; `trigger` finds the events, `attribution` who tells them, `argument` who did
//! what to whom and where, `when` which day is meant, `figure` how many were harmed, `judge` how, whether, and where the source stands, `coref`
//! whom pronouns and descriptions stand for, `whereabouts` which places and country the place words mean.
//! `assemble` is the order of the steps.

pub(crate) mod argument;
pub(crate) mod assemble;
pub(crate) mod attribution;
pub(crate) mod context;
pub(crate) mod coref;
pub(crate) mod figure;
pub(crate) mod judge;
pub(crate) mod tree;
pub(crate) mod trigger;
pub(crate) mod when;
pub(crate) mod whereabouts;
