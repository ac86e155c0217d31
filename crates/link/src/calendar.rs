//! Names of months and weekdays, wherever linking meets them.

/// Full names in lower case, January first.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Full names in lower case, Monday first.
pub(crate) const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Months as they are shortened, where that is no other word ("mar", "jun" and "sep" are names).
const SHORT: [&str; 7] = ["jan", "feb", "aug", "sept", "oct", "nov", "dec"];

/// Does the word, in lower case, name a month, in full or shortened?
pub(crate) fn is_month(word: &str) -> bool {
    MONTHS.contains(&word) || SHORT.contains(&word)
}

/// Does the word, in lower case, name a month or a weekday?
pub(crate) fn is_calendar(word: &str) -> bool {
    is_month(word) || WEEKDAYS.contains(&word)
}
