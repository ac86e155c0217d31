//! What the words of a claim stand for: days, places, actors.

pub mod actor;
pub mod country;
pub mod date;
pub mod entity;
pub mod gazetteer;
pub mod offset;
pub mod place;
