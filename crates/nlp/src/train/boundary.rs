//! Learning where sentences end.

use super::data::Sample;
use super::noise::Random;
use crate::sentence::Boundaries;

/// Learns the weights of the sentence classifier.
pub fn learn(_samples: &[Sample], _random: &mut Random) -> Boundaries {
    Boundaries::default()
}
