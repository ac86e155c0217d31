//! What the words of a claim stand for: days, places, actors.

pub mod date;
