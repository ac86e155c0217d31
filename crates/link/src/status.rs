//! What the sources of an incident come to, in one word, by a rule that is named; never what is true.
//!
//! Start at [`status`]. The words of Airwars and the digit of the Admiralty code are proposals derived from the same
//! facts ([`airwars`], [`admiralty`]); a person may say otherwise.

use crate::origin::Weighed;

/// The word and the rule that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub word: &'static str,
    pub rule: &'static str,
}

/// The status of an incident. `kind` is its type: in a ceasefire both sides own up to one thing, in an attack they compete.
pub(crate) fn status(weighed: &Weighed, kind: &str) -> Status {
    let n_parties = weighed.origins.iter().filter(|origin| origin.speaker.is_party()).count();
    let n_third = weighed.origins.len() - n_parties;
    let shared = ["RETREAT", "AGREE", "AID"].contains(&kind);
    let give = |word, rule| Status { word, rule };
    if !weighed.retracted.is_empty() {
        return give("contested", "a source took its report back");
    }
    let answers =
        weighed.deniers.iter().any(|denier| weighed.origins.iter().any(|origin| origin.speaker != *denier));
    if answers || !weighed.deniers.is_empty() && weighed.origins.len() > 1 {
        return give("contested", "one source says so and another denies it");
    }
    if weighed.owners.len() > 1 && !shared {
        return give("contested", "more than one says that it was its own doing");
    }
    let others = weighed.origins.iter().any(|origin| !weighed.owners.contains(&origin.speaker));
    if !weighed.owners.is_empty() && (others || weighed.owners.len() > 1) {
        return give("acknowledged", "the acting side owns up and another source reports it too");
    }
    match (n_parties, n_third) {
        (0, 0 | 1) => give("single_source", "one origin, no party"),
        (1, 0) => give("single_side", "all origins belong to one side"),
        _ => give(
            "independently_reported",
            "two or more unrelated origins, at least one no party, and no denial",
        ),
    }
}

/// Airwars' word that the facts suggest: confirmed, fair, weak, contested, discounted.
pub(crate) fn airwars(status: Status, retracted: bool) -> &'static str {
    match status.word {
        _ if retracted => "discounted",
        "acknowledged" => "confirmed",
        "contested" => "contested",
        "independently_reported" => "fair",
        _ => "weak",
    }
}

/// The Admiralty code's digit for credibility that the facts suggest: 1 confirmed by others … 6 cannot be judged.
pub(crate) fn admiralty(status: Status, n_origins: usize, retracted: bool) -> u8 {
    match (status.word, n_origins) {
        _ if retracted => 5,
        ("acknowledged", _) => 1,
        ("independently_reported", 3..) => 1,
        ("independently_reported", _) => 2,
        ("contested", 3..) => 3,
        ("contested", _) => 4,
        _ => 6,
    }
}
