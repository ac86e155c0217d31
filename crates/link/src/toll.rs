//! How many were harmed in an incident, as a series: who counted, when, between how many and how many.
//!
//! Start at [`counts`]: numbers of people killed and injured in a sentence, as intervals. The reader's figures hang on its
//! claims, and a claim that was missed takes its figure with it; the forms in which reports count their dead are few, so
//! they are read again here, from the sentences that belong to the incident. Parts of a number ("three of the
//! wounded", "two more", "among them a girl") are not counted beside the whole, and running totals
//! ("more than 3,000 since March") never belong to an incident.

use std::collections::BTreeMap;

use crate::calendar::is_month;
use crate::links::{Figure, Toll};
use crate::page::{bare, tokens};

/// An interval of people harmed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Count {
    /// `killed` or `injured`.
    pub measure: &'static str,
    pub low: Option<u64>,
    pub high: Option<u64>,
    /// Number of the number's first word in the sentence.
    pub at: usize,
}

/// Units, teens and tens by their words.
const SMALL: [(&str, u64); 28] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("dozen", 12),
];

/// The number at a word, and how many words it takes.
fn number(words: &[&str], at: usize) -> Option<(u64, usize)> {
    let word = bare(words[at]);
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return word.parse().ok().filter(|n| *n < 100_000).map(|n| (n, 1));
    }
    let of = |word: &str| SMALL.iter().find(|(name, _)| *name == word).map(|(_, n)| *n);
    if let Some((tens, ones)) = word.split_once('-') {
        return Some((of(tens).filter(|n| *n >= 20)? + of(ones).filter(|n| *n < 10)?, 1));
    }
    if word == "hundred" || word == "thousand" {
        return None;
    }
    of(&word).map(|n| (n, 1))
}

const KILLED: [&str; 14] = [
    "killed",
    "died",
    "dead",
    "perished",
    "slain",
    "murdered",
    "deaths",
    "bodies",
    "fatalities",
    "eliminated",
    "lives",
    "fell",
    "kill",
    "killing",
];
const INJURED: [&str; 13] = [
    "injured",
    "wounded",
    "hurt",
    "treated",
    "injuring",
    "wounding",
    "wounds",
    "injuries",
    "burns",
    "burned",
    "maimed",
    "hospitalised",
    "hospitalized",
];

/// Which harm a word names.
fn harm(word: &str) -> Option<&'static str> {
    let word = bare(word);
    if KILLED.contains(&word.as_str()) {
        Some("killed")
    } else if INJURED.contains(&word.as_str()) {
        Some("injured")
    } else {
        None
    }
}

/// People killed and injured in a sentence; parts of a whole are left out.
pub(crate) fn counts(sentence: &str) -> Vec<Count> {
    let words: Vec<&str> = tokens(sentence).collect();
    let lower: Vec<String> = words.iter().map(|word| bare(word)).collect();
    let word = |at: usize| lower.get(at).map_or("", String::as_str);
    let mut out: Vec<Count> = Vec::new();
    let all = lower.join(" ");
    if [
        "nobody died",
        "no one died",
        "nobody was killed",
        "no one was killed",
        "nobody was hurt",
        "no casualties",
    ]
    .iter()
    .any(|mark| all.contains(mark))
    {
        let measure = if all.contains("hurt") { "injured" } else { "killed" };
        out.push(Count { measure, low: Some(0), high: Some(0), at: 0 });
    }
    // "Among the injured are two schoolgirls": a part.
    if word(0) == "among" || word(0) == "of" {
        return out;
    }
    let mut at = 0;
    while at < words.len() {
        let Some((n, length)) = number(&words, at) else {
            at += 1;
            continue;
        };
        let start = at;
        at += length;
        let before = |back: usize| start.checked_sub(back).map_or("", |k| lower[k].as_str());
        if !is_people(&lower, start, at, sentence, words[start]) {
            continue;
        }
        // After the number: up to nine words to the harm, with no other number and no new clause between.
        let mut measure = None;
        for k in at..(at + 9).min(words.len()) {
            let age = lower[k.saturating_sub(4)..k].iter().any(|word| word == "aged");
            if number(&words, k).is_some() && !age
                || ["when", "after", "because", "while", "who", "which", "whom", "said", "as", "among"]
                    .contains(&word(k))
            {
                break;
            }
            if let Some(found) = harm(words[k]) {
                // "Two dead men" and "seven dead", but not "nine soldiers, killed in May, ...".
                // What officials call death: "wounds incompatible with life".
                measure = Some(if word(k + 1) == "incompatible" { "killed" } else { found });
                break;
            }
            if word(k) == "hospital" && word(k - 1) == "in" && k > at {
                measure = Some("injured");
                break;
            }
        }
        // Before the number: "killing nine", "the toll climbs to 11", "the number of wounded at 14".
        if measure.is_none() {
            let near = (start.saturating_sub(4)..start).rev().find_map(|k| {
                harm(words[k]).filter(|_| {
                    [
                        "killing", "kills", "kill", "killed", "injuring", "wounding", "injured", "wounded",
                        "murdered",
                    ]
                    .contains(&word(k))
                })
            });
            measure = near.or_else(|| {
                let text = lower[start.saturating_sub(14)..start].join(" ");
                let counted =
                    ["toll", "number of", "count of", "victims"].iter().any(|mark| text.contains(mark));
                let reached = ["to", "at", "reached", "is", "stands", "remains", "now", "were", "was"]
                    .contains(&before(1));
                let of = || lower[start.saturating_sub(14)..start].iter().rev().find_map(|word| harm(word));
                (counted && reached).then(|| of().unwrap_or("killed"))
            });
        }
        let Some(measure) = measure else { continue };
        // "Nine others were wounded" is a count of its own; "two others died" is a part.
        if word(at) == "others" && measure == "killed" {
            continue;
        }
        let (mut low, mut high) = (Some(n), Some(n));
        let qualifier = [before(3), before(2), before(1)].join(" ");
        if ["at least", "more than", "no fewer than", "no less than", "over", "not less than", "minimum of"]
            .iter()
            .any(|mark| qualifier.ends_with(mark))
        {
            high = None;
        } else if ["up to", "as many as", "at most", "no more than", "fewer than", "less than"]
            .iter()
            .any(|mark| qualifier.ends_with(mark))
        {
            low = None;
        }
        // "Two, perhaps three"; "between two and three"; "two or three".
        let later = (at..(at + 7).min(words.len())).find_map(|k| {
            let (m, _) = number(&words, k)?;
            let joined = ["perhaps", "maybe", "or", "possibly"].contains(&word(k - 1))
                || word(k - 1) == "and" && before(1) == "between";
            (joined && m > n).then_some((m, k))
        });
        if let Some((m, k)) = later {
            high = Some(m);
            at = k + 1;
        }
        let count = Count { measure, low, high, at: start };
        if !out
            .iter()
            .any(|known| known.measure == count.measure && known.low == count.low && known.high == count.high)
        {
            out.push(count);
        }
    }
    one(&lower, &mut out);
    out
}

/// Is the number one of people, and of all of them?
fn is_people(lower: &[String], start: usize, end: usize, sentence: &str, written: &str) -> bool {
    let word = |at: usize| lower.get(at).map_or("", String::as_str);
    let before = |back: usize| start.checked_sub(back).map_or("", |k| lower[k].as_str());
    let after = word(end);
    // "Two more", "three of the wounded", "from 14", "a girl of seven", "No. 4", "the 4th", "line 11", "the number 4", "aged 54".
    if [
        "more",
        "other",
        "of",
        "percent",
        "per",
        "cent",
        "km",
        "metres",
        "kilometres",
        "years",
        "days",
        "hours",
        "minutes",
        "weeks",
        "months",
        "am",
        "pm",
        "a.m",
        "p.m",
        "o'clock",
        "tonnes",
        "crowns",
        "times",
        "rounds",
        "shells",
        "mm",
        "kg",
        "year",
        "months-old",
    ]
    .contains(&after)
    {
        // "14 of them"? a part; "three of its men died": a part only where a whole is named, so taken as a part.
        return false;
    }
    if [
        "from",
        "line",
        "no",
        "number",
        "aged",
        "age",
        "page",
        "note",
        "school",
        "route",
        "unit",
        "further",
        "about-face",
    ]
    .contains(&before(1))
        || before(1) == "of" && !["lives", "deaths", "toll", "number"].contains(&before(2))
    {
        return false;
    }
    // "Two boys aged 9 and 11".
    if lower[start.saturating_sub(4)..start].iter().any(|word| word == "aged") {
        return false;
    }
    if written.starts_with(|c: char| c.is_ascii_digit()) {
        // "(54)" is an age, "8:25" an hour, "26 September" a day.
        if sentence.contains(&format!("({written})"))
            || sentence.contains(&format!("{written}:"))
            || sentence.contains(&format!(":{written}"))
            || sentence.contains(&format!("{written}-"))
            || sentence.contains(&format!("{written},0"))
            || sentence.contains(&format!("${written}"))
        {
            return false;
        }
        if is_month(after) || is_month(before(1)) {
            return false;
        }
    }
    true
}

/// "A watchman died", "murdered its watchman": one person.
fn one(lower: &[String], out: &mut Vec<Count>) {
    let person = [
        "watchman",
        "guard",
        "man",
        "woman",
        "boy",
        "girl",
        "child",
        "soldier",
        "policeman",
        "officer",
        "driver",
        "farmer",
        "teacher",
        "doctor",
        "nurse",
        "civilian",
        "villager",
        "resident",
        "worker",
        "passer-by",
        "pensioner",
        "journalist",
        "fisherman",
        "shepherd",
        "guardsman",
        "person",
        "sailor",
        "miner",
        "priest",
        "student",
        "passenger",
        "mechanic",
        "medic",
        "sentry",
        "conscript",
        "nightwatchman",
    ];
    if out.iter().any(|count| count.measure == "killed") {
        return;
    }
    for (at, word) in lower.iter().enumerate() {
        if !person.contains(&word.as_str()) {
            continue;
        }
        let article = lower[at.saturating_sub(3)..at]
            .iter()
            .any(|word| ["a", "an", "one", "its", "the", "their"].contains(&word.as_str()));
        let after = lower[at + 1..].iter().take(4).map(String::as_str).collect::<Vec<_>>().join(" ");
        let dies = after.starts_with("died")
            || after.starts_with("was killed")
            || after.starts_with("was shot dead")
            || after.starts_with("was also killed")
            || after.starts_with("was found dead");
        let before = lower[at.saturating_sub(4)..at]
            .iter()
            .any(|word| ["murdered", "killing", "killed"].contains(&word.as_str()));
        let definite = lower[at.saturating_sub(2)..at].iter().any(|word| word == "the");
        if article && (dies && !definite || before) {
            out.push(Count { measure: "killed", low: Some(1), high: Some(1), at });
            return;
        }
    }
}

/// Orders counts by when they were given, leaves out what the same counter said before, and says which way each moved.
pub(crate) fn series(mut rows: Vec<Toll>) -> Vec<Toll> {
    rows.sort_by(|a, b| {
        (&a.said_on, &a.by, &a.shown.page.name, a.shown.at).cmp(&(
            &b.said_on,
            &b.by,
            &b.shown.page.name,
            b.shown.at,
        ))
    });
    let mut out: Vec<Toll> = Vec::new();
    for mut row in rows {
        let before = out
            .iter()
            .rev()
            .find(|known| known.by == row.by && known.killed.is_some() && row.killed.is_some());
        let same = out.iter().any(|known| {
            known.by == row.by
                && known.killed == row.killed
                && known.injured == row.injured
                && known.said_on == row.said_on
        });
        if same {
            continue;
        }
        let low = |row: &Toll| row.killed.map_or(0, |(low, high)| low.or(high).unwrap_or(0));
        row.revision = match before.map(|known| low(&row).cmp(&low(known))) {
            None => "first",
            Some(std::cmp::Ordering::Less) => "down",
            Some(std::cmp::Ordering::Equal) => "same",
            Some(std::cmp::Ordering::Greater) => "up",
        }
        .to_owned();
        out.push(row);
    }
    out
}

/// Figures for the killed by the rules of ACLED and UCDP, from the last count of each counter.
///
/// # Source
///
/// ACLED codebook, "Fatalities": the most conservative of the credible estimates. UCDP GED codebook: low, best and high, best
/// being the most reliable, here the last count of whoever counted most often.
pub(crate) fn figures(rows: &[Toll]) -> Vec<Figure> {
    let mut last: BTreeMap<&str, (u64, u64, usize)> = BTreeMap::new();
    for row in rows {
        if let Some((low, high)) = row.killed {
            let n = last.get(row.by.as_str()).map_or(0, |known| known.2);
            // "Up to 40" vouches for none.
            last.insert(&row.by, (low.unwrap_or(0), high.or(low).unwrap_or(0), n + 1));
        }
    }
    let Some(least) = last.values().map(|count| count.0).min() else { return Vec::new() };
    let most = last.values().map(|count| count.1).max().unwrap_or(least);
    let best = last
        .iter()
        .max_by_key(|(by, count)| (count.2, std::cmp::Reverse(**by)))
        .map_or(least, |(_, count)| count.0);
    let figure =
        |rule: &str, killed: u64, how: &str| Figure { rule: rule.to_owned(), killed, how: how.to_owned() };
    vec![
        figure("ACLED", least, "the most conservative of the last counts"),
        figure("UCDP low", least, "the lowest of the last counts"),
        figure("UCDP best", best, "the last count of whoever counted most often"),
        figure("UCDP high", most, "the highest of the last counts"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_in_which_reports_count() {
        let show = |sentence: &str| {
            let bound = |n: Option<u64>| n.map_or("-".to_owned(), |n| n.to_string());
            counts(sentence)
                .iter()
                .map(|c| format!("{} {}..{}", c.measure, bound(c.low), bound(c.high)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        for (sentence, expected) in [
            (
                "Four civilians were killed and eleven wounded when shells fell on Vel on Tuesday.",
                "killed 4..4, injured 11..11",
            ),
            ("At least six on board are believed dead, the channel said.", "killed 6..-"),
            ("In the strike up to forty militants were killed.", "killed -..40"),
            ("Thirty-one are being treated, four of them in intensive care.", "injured 31..31"),
            ("The hospital corrected the number of people killed to 12 from 14.", "killed 12..12"),
            ("Two more victims died overnight, bringing the number of dead to 11.", "killed 11..11"),
            ("He saw two dead men in uniform, perhaps three.", "killed 2..3"),
            ("They overran the post, killing nine soldiers.", "killed 9..9"),
            ("Nobody died.", "killed 0..0"),
            ("A watchman died.", "killed 1..1"),
            ("Three of the wounded were in critical condition.", ""),
            ("Shells fell at 8:25 on 14 May 2024.", ""),
            ("Two boys aged 9 and 11 were killed.", "killed 2..2"),
            ("Three died and nine others were wounded.", "killed 3..3, injured 9..9"),
            ("A woman (54) and a man (33) died.", ""),
            ("Among the injured are two schoolgirls.", ""),
            ("Two servicemen received wounds incompatible with life.", "killed 2..2"),
            ("Two dead, five we could keep.", "killed 2..2"),
        ] {
            assert_eq!(show(sentence), expected, "{sentence}");
        }
    }
}
