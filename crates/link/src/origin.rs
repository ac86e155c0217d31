//! Who vouches for an incident at first hand, who denies it, who says it was his own doing.
//!
//! Start at [`statements`]: what each source says in one telling, from the claims of the record and from the sentences in
//! which a source and a word of saying stand near one another, because a claim that was missed would cost an origin.
//! Then [`weigh`] follows what is relayed to those who said it first and counts the independent ones.
//!
//! The rules of counting, each of which the results name:
//! a side's officials, forces, channels and state media are one origin; an outlet that relays is none; an outlet that
//! was there itself is one; several witnesses of one place are one; who only denies is none and is listed apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use crate::incident::Telling;
use crate::page::{Page, bare, family, stem, tokens};
use crate::phrases;
use crate::speaker::{Cast, Role, Speaker, role};

/// What a source does with the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Act {
    /// Says that it happened.
    Vouches,
    /// Says that it was the doing of its own side.
    Owns,
    /// Says that it did not happen, or was not its doing.
    Denies,
    /// Takes back what it said.
    Retracts,
}

/// One source's words about an incident on one page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    pub page: usize,
    pub speaker: Speaker,
    pub act: Act,
    /// Number of the sentence.
    pub sentence: usize,
    /// Number of the claim in the record, where one says so.
    pub claim: Option<usize>,
    /// It is the outlet's own voice, without a source.
    pub own_voice: bool,
}

static SAYS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/link/says.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// Kinds of event that an incident can be.
fn counts(kind: &str) -> bool {
    ["ASSAULT", "COERCE", "RETREAT", "AGREE", "THREATEN", "PROTEST", "TOLL", "AID", "SANCTION", "MOBILIZE"]
        .contains(&kind)
}

/// What each source says in one telling.
pub(crate) fn statements(number: usize, page: &Page, telling: &Telling, cast: &Cast) -> Vec<Statement> {
    let mut out: Vec<Statement> = Vec::new();
    let own = cast.of_page[number];
    let own_side = own.and_then(|outlet| cast.outlets[outlet].side.clone());
    let party_channel = own.filter(|&outlet| cast.outlets[outlet].channel).and(own_side.clone());
    let forwarded = !page.record.document.credits.is_empty() && page.record.document.kind == "post";
    let mut sourced = false;
    let mut somebody: Option<usize> = None;
    for &n in &telling.claims {
        let claim = &page.record.claims[n];
        let sentence = page.sentence_of(claim);
        if !counts(&claim.event.kind) || claim.confidence < 0.3 {
            continue;
        }
        let Some(last) = claim.chain.last() else { continue };
        let Some(words) = &last.source else { continue };
        let words_of = words.text.as_str();
        let Some(speaker) = cast.speaker(number, page, sentence, words_of, last.resolved.as_deref()) else {
            continue;
        };
        let nameless =
            is_anonymous(&page.slice(sentence).to_lowercase()) && matches!(speaker, Speaker::State(_));
        let speaker = if nameless { Speaker::Unnamed("unnamed source".to_owned()) } else { speaker };
        if speaker == Speaker::Witness && claim.confidence < 0.45 {
            continue;
        }
        sourced = true;
        let act = match (claim.stance.as_str(), claim.position.as_str()) {
            ("denies", _) if declines(page.slice(sentence)) => continue,
            // Who of those in the sentence denies is decided by the words of saying.
            _ if speaker.is_party() && disclaims(page.slice(sentence)) => continue,
            ("denies", _) => Act::Denies,
            ("doubts", _) => continue,
            _ if claim.event.modality == "not_happened" && speaker.is_party() => Act::Denies,
            _ if declines(page.slice(sentence)) || nobody(words_of) => continue,
            ("asserts" | "confirms", "actor") if speaker.is_party() && owns(page, sentence, &speaker) => {
                Act::Owns
            }
            _ => Act::Vouches,
        };
        out.push(Statement { page: number, speaker, act, sentence, claim: Some(n), own_voice: false });
    }
    for &k in &telling.sentences {
        let said = said(number, page, k, cast);
        sourced |= said.anybody;
        somebody = somebody.or(said.pronoun.then_some(k));
        for (speaker, act) in said.acts {
            out.push(Statement { page: number, speaker, act, sentence: k, claim: None, own_voice: false });
        }
    }
    // "She says", and nobody of whom one could tell what she is: somebody who was there.
    let there = telling.sentences.iter().any(|&k| was_there(number, page, k, cast));
    if let Some(k) = somebody.filter(|_| !sourced && own_side.is_none() && !there) {
        sourced = true;
        out.push(Statement {
            page: number,
            speaker: Speaker::Witness,
            act: Act::Vouches,
            sentence: k,
            claim: None,
            own_voice: false,
        });
    }
    // What the page says in its own voice.
    let speaks = own.map(|outlet| match &party_channel {
        Some(side) if !forwarded => side.clone(),
        _ => Speaker::Outlet(outlet),
    });
    let relays = own_side.is_some() && party_channel.is_none();
    if let Some(speaker) = speaks.filter(|_| !forwarded && !relays) {
        let first = telling.sentences.first().copied().unwrap_or(0);
        if let Some(k) = telling.sentences.iter().copied().find(|&k| retracts(page.slice(k))) {
            out.push(Statement {
                page: number,
                speaker: speaker.clone(),
                act: Act::Retracts,
                sentence: k,
                claim: None,
                own_voice: true,
            });
        } else if party_channel.is_some() {
            let denies = telling.sentences.iter().copied().find(|&k| disclaims(page.slice(k)));
            let ours = |k: &usize| first_person(page.slice(*k)) && !disclaims(page.slice(*k));
            let claims =
                telling.sentences.iter().copied().find(ours).filter(|_| matches!(speaker, Speaker::Group(_)));
            if let Some(k) = denies {
                out.push(Statement {
                    page: number,
                    speaker: speaker.clone(),
                    act: Act::Denies,
                    sentence: k,
                    claim: None,
                    own_voice: true,
                });
            }
            match (claims, denies) {
                (Some(k), _) => out.push(Statement {
                    page: number,
                    speaker,
                    act: Act::Owns,
                    sentence: k,
                    claim: None,
                    own_voice: true,
                }),
                // It denies and tells another version: a group of its own doings, a state's friends of hearsay only.
                (None, Some(_)) if matches!(speaker, Speaker::Group(_)) => {
                    if let Some(k) = telling
                        .sentences
                        .iter()
                        .copied()
                        .find(|&k| !disclaims(page.slice(k)) && accuses(page.slice(k)))
                    {
                        out.push(Statement {
                            page: number,
                            speaker,
                            act: Act::Vouches,
                            sentence: k,
                            claim: None,
                            own_voice: true,
                        });
                    }
                }
                // It comments, or passes on.
                _ => {}
            }
        } else if let Some(k) = telling.sentences.iter().copied().find(|&k| was_there(number, page, k, cast))
        {
            out.push(Statement {
                page: number,
                speaker,
                act: Act::Vouches,
                sentence: k,
                claim: None,
                own_voice: true,
            });
        } else if !sourced {
            out.push(Statement {
                page: number,
                speaker,
                act: Act::Vouches,
                sentence: first,
                claim: None,
                own_voice: true,
            });
        }
    }
    out
}

/// Does the source want no name in print?
fn is_anonymous(lower: &str) -> bool {
    phrases::has("anonymous", lower)
}

/// Nobody in particular says it.
fn nobody(words: &str) -> bool {
    let lower = words.to_lowercase();
    ["no one", "nobody", "no group", "none", "both sides", "neither"]
        .iter()
        .any(|start| lower.starts_with(start))
}

/// Words of harm or of an event in a sentence.
fn tells_event(sentence: &str) -> bool {
    let harm = [
        "kill", "dead", "die", "died", "wound", "injur", "hurt", "victim", "death", "attack", "hit",
        "struck", "destroy", "strike", "toll", "casualt", "bodi", "lives",
    ];
    tokens(sentence).any(|word| {
        let stem = stem(&bare(word));
        family(&stem).is_some() || harm.contains(&stem.as_str())
    })
}

/// Does the sentence say that somebody said nothing?
fn declines(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    phrases::has("declines", &lower) && !lower.contains("has claimed responsibility for")
}

/// Does the sentence take back an own report?
fn retracts(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    phrases::has("retracts", &lower)
}

/// Does a side say of itself that it was not the one?
fn disclaims(sentence: &str) -> bool {
    let lower = format!(" {} ", sentence.to_lowercase());
    // "No Varnian aircraft crossed the border."
    let words: Vec<String> = tokens(sentence).map(bare).collect();
    let forces = [
        "aircraft",
        "plane",
        "planes",
        "jets",
        "jet",
        "warplanes",
        "unit",
        "units",
        "fighter",
        "fighters",
        "soldier",
        "soldiers",
        "gun",
        "guns",
        "forces",
        "troops",
        "drones",
        "rockets",
        "missiles",
        "shells",
        "ships",
    ];
    let none = words
        .windows(3)
        .any(|w| w[0] == "no" && (forces.contains(&w[1].as_str()) || forces.contains(&w[2].as_str())));
    none || phrases::has("disclaims", &lower)
}

/// Does it say who else did it?
fn accuses(sentence: &str) -> bool {
    let lower = format!(" {} ", sentence.to_lowercase());
    [" by the ", " from the ", " was a ", " were fired ", " it was ", " themselves ", " by the so-called "]
        .iter()
        .any(|mark| lower.contains(mark))
        && tells_event(sentence)
}

/// "Our sappers laid", "the van was ours", "we did": a side of itself.
fn first_person(sentence: &str) -> bool {
    let words: Vec<String> = tokens(sentence).map(bare).collect();
    let ours = words.iter().any(|word| ["our", "ours"].contains(&word.as_str()));
    let we = words.windows(2).any(|pair| {
        pair[0] == "we"
            && !["mourn", "publish", "read", "say", "know", "have", "are", "hold"].contains(&pair[1].as_str())
    });
    let name = ["struck", "planned", "executed", "carried", "cease", "eliminated", "cleaned"]
        .iter()
        .any(|verb| words.iter().any(|word| word == verb));
    ours || we || name
}

/// Does a party own up to it in this sentence?
fn owns(page: &Page, sentence: usize, speaker: &Speaker) -> bool {
    let text = page.slice(sentence);
    if disclaims(text) || !tells_event(text) && !text.to_lowercase().contains("responsib") {
        return false;
    }
    let lower = text.to_lowercase();
    // Blaming the other side is no owning.
    let blames = phrases::has("blames", &lower);
    let state = matches!(speaker, Speaker::State(_));
    let admits = phrases::has("admits", &lower);
    match state {
        true => admits && (!blames || lower.contains("admit")),
        false => !blames,
    }
}

/// What is said in one sentence.
#[derive(Debug, Default)]
struct Said {
    acts: Vec<(Speaker, Act)>,
    /// Somebody who can be told from others says something.
    anybody: bool,
    /// "He says".
    pronoun: bool,
}

/// Sources that stand near a word of saying in a sentence, and what they do.
fn said(number: usize, page: &Page, k: usize, cast: &Cast) -> Said {
    let sentence = page.slice(k);
    let lower = sentence.to_lowercase();
    let mut out = Said::default();
    // Only what is not inside quotation marks: whom a quoted person names does not speak.
    let start = page.sentences[k].start;
    let quoted = |at: usize| page.quoted.iter().any(|&(from, to)| (from..to).contains(&at));
    let base = sentence.as_ptr() as usize;
    let words: Vec<&str> =
        tokens(sentence).filter(|word| !quoted(start + (word.as_ptr() as usize - base))).collect();
    let anonymous = is_anonymous(&lower);
    let party_free = cast.of_page[number].is_none_or(|outlet| cast.outlets[outlet].side.is_none());
    for (at, word) in words.iter().enumerate() {
        let cue = bare(word);
        let Some(&kind) = SAYS.get(cue.as_str()) else { continue };
        if kind == "doubts" {
            continue;
        }
        let before = at.checked_sub(1).map_or(String::new(), |k| bare(words[k]));
        if ["he", "she", "they", "it", "i", "we"].contains(&before.as_str()) {
            out.pronoun |= ["he", "she", "they"].contains(&before.as_str());
            continue;
        }
        let by = words.get(at + 1).is_some_and(|word| *word == "by");
        if ["was", "were", "been", "be", "is", "are"].contains(&before.as_str()) && !by {
            continue;
        }
        let found = if by && at + 2 < words.len() {
            // "Accused by the governor": he is the one who says so.
            nearest(number, page, k, &words[at + 2..words.len().min(at + 7)], false, cast)
        } else if cue == "according" || ["quoted", "quotes", "cites"].contains(&cue.as_str()) {
            let after = &words[at + 1..words.len().min(at + 9)];
            cast.named(number, page, k, &after.join(" "))
        } else {
            let from = at.saturating_sub(11);
            nearest(number, page, k, &words[from..at], true, cast)
                .or_else(|| nearest(number, page, k, &words[at + 1..words.len().min(at + 7)], false, cast))
        };
        // "We heard a buzz," said somebody of whom nothing else is known: he was there.
        let found = found.or_else(|| {
            let name =
                words.get(at + 1).filter(|word| word.starts_with(char::is_uppercase) && word.len() > 2);
            let inside: Vec<&str> =
                tokens(sentence).filter(|word| quoted(start + (word.as_ptr() as usize - base))).collect();
            let own =
                inside.iter().any(|word| ["i", "we", "my", "me", "us", "our"].contains(&bare(word).as_str()));
            (name.is_some() && own && party_free).then_some(Speaker::Witness)
        });
        let Some(speaker) = found else { continue };
        let speaker =
            if anonymous && !matches!(speaker, Speaker::Witness | Speaker::Group(_) | Speaker::Outlet(_)) {
                Speaker::Unnamed("unnamed source".to_owned())
            } else {
                speaker
            };
        out.anybody = true;
        if declines(sentence) {
            continue;
        }
        let act = match kind {
            "denies" => Act::Denies,
            _ if by => Act::Vouches,
            _ if disclaims(sentence) && speaker.is_party() => Act::Denies,
            "confirms" if speaker.is_party() && owns(page, k, &speaker) => Act::Owns,
            _ => Act::Vouches,
        };
        // A denial needs no other word of the event; a voucher does.
        let felt = speaker == Speaker::Witness
            && tokens(sentence).any(|word| {
                ["heard", "saw", "felt", "noise", "woke", "shook", "smelt", "smelled"]
                    .contains(&bare(word).as_str())
            });
        if act == Act::Vouches && !tells_event(sentence) && !felt || act == Act::Denies && !speaker.is_party()
        {
            continue;
        }
        out.acts.push((speaker, act));
    }
    if phrases::has("claims", &lower) {
        for (speaker, act) in &mut out.acts {
            if matches!(speaker, Speaker::Group(_)) && *act == Act::Vouches {
                *act = Act::Owns;
            }
        }
    }
    out.acts.sort();
    out.acts.dedup();
    out
}

/// The speaker nearest to a word of saying: at the end of the words before it, at the start of those after it.
fn nearest(
    number: usize,
    page: &Page,
    k: usize,
    words: &[&str],
    before: bool,
    cast: &Cast,
) -> Option<Speaker> {
    let is_start = |at: usize| {
        let named = cast.knows(words[at])
            || words[at].starts_with(char::is_uppercase)
                && (cast.group_at(&words[at..]).is_some() || cast.outlet_at(&words[at..]).is_some());
        let red =
            words[at] == "Red" && words.get(at + 1).is_some_and(|word| ["Cross", "Crescent"].contains(word));
        let named = named || red;
        let kind =
            role(words[at]).filter(|kind| *kind != Role::Medium || words[at].starts_with(char::is_lowercase));
        named || kind.is_some()
    };
    let at = if before {
        (0..words.len()).rev().find(|&at| is_start(at))?
    } else {
        (0..words.len()).find(|&at| is_start(at))?
    };
    // "The ministry's spokesman Odo Tal said": a name may stand between, a clause may not.
    let between = if before { &words[at + 1..] } else { &words[..at] };
    // "A baker who lives by the gate said".
    let relative =
        before && between.first().is_some_and(|word| ["who", "whose"].contains(&bare(word).as_str()));
    if !relative && between.iter().filter(|word| !word.starts_with(char::is_uppercase)).count() > 4 {
        return None;
    }
    if let Some(person) = cast.person(words[at]) {
        return Some(person.clone());
    }
    // The words around it that belong to the same name: "defence ministry spokesman Arven Mosk".
    let from = at.saturating_sub(4);
    let to = (at + 4).min(words.len());
    let near = if before { &words[from..] } else { &words[..to] };
    cast.named(number, page, k, &near.join(" "))
}

/// Does the outlet say that its own people were there and saw?
fn was_there(number: usize, page: &Page, k: usize, cast: &Cast) -> bool {
    let sentence = page.slice(k);
    // What somebody is quoted as saying, the outlet did not see.
    let (start, base) = (page.sentences[k].start, sentence.as_ptr() as usize);
    let quoted = |word: &str| {
        let at = start + (word.as_ptr() as usize - base);
        page.quoted.iter().any(|&(from, to)| (from..to).contains(&at))
    };
    let words: Vec<&str> = tokens(sentence).filter(|word| !quoted(word)).collect();
    let verbs = [
        "saw",
        "walked",
        "went",
        "heard",
        "counted",
        "visited",
        "reached",
        "watched",
        "photographed",
        "witnessed",
        "rattled",
        "felt",
        "shook",
        "stood",
        "entered",
        "drove",
        "shaken",
    ];
    let people = [
        "team",
        "reporter",
        "reporters",
        "journalist",
        "journalists",
        "correspondent",
        "correspondents",
        "crew",
        "studio",
        "camera",
        "staff",
        "field",
        "photographer",
    ];
    let scene = [
        "crater",
        "ruin",
        "rubble",
        "debris",
        "smoke",
        "blood",
        "bodies",
        "body",
        "hole",
        "holes",
        "craters",
        "impact",
        "damage",
        "wreck",
        "wreckage",
        "flames",
        "burning",
        "explosion",
        "blast",
        "shot",
        "shots",
        "windows",
        "glass",
        "cartridge",
        "fragments",
        "hit",
        "hits",
        "shooting",
        "gunfire",
        "shelling",
        "fire",
        "mortar",
    ];
    if !words.iter().any(|word| scene.contains(&bare(word).as_str()))
        || words.iter().any(|word| ["telephone", "phone"].contains(&bare(word).as_str()))
    {
        return false;
    }
    let verb_near = |at: usize| {
        words[at..].iter().take(7).any(|word| verbs.contains(&bare(word).as_str()))
            || words[..at].iter().rev().take(7).any(|word| verbs.contains(&bare(word).as_str()))
    };
    for at in 0..words.len() {
        let word = bare(words[at]);
        let ours =
            word == "our" && words[at + 1..].iter().take(3).any(|next| people.contains(&bare(next).as_str()));
        let we = word == "we" && words.get(at + 1).is_some_and(|next| verbs.contains(&bare(next).as_str()));
        let own = words[at].starts_with(char::is_uppercase) && cast.is_own(number, &words, at);
        let own_people = own && words[at..].iter().take(4).any(|next| verbs.contains(&bare(next).as_str()));
        let staff =
            people.contains(&word.as_str())
                && words[at..].iter().take(7).enumerate().any(|(n, next)| {
                    next.starts_with(char::is_uppercase) && cast.is_own(number, &words, at + n)
                });
        if (ours || staff) && verb_near(at) || we || own_people {
            return true;
        }
    }
    false
}

/// One independent origin of an incident.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Origin {
    pub speaker: Speaker,
    /// Why it counts: the rule's name.
    pub rule: &'static str,
    /// Statements that show it, by their number.
    pub evidence: Vec<usize>,
}

/// What the sources of an incident come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Weighed {
    pub origins: Vec<Origin>,
    /// Who denies, whether or not it also vouches.
    pub deniers: BTreeSet<Speaker>,
    /// Who says that it was his own doing.
    pub owners: BTreeSet<Speaker>,
    /// Who took it back.
    pub retracted: BTreeSet<Speaker>,
    /// Whom each speaker stands for here: "the rebels" for the group that is meant.
    pub canonical: BTreeMap<Speaker, Speaker>,
}

/// Follows what is relayed to those who said it first, and counts.
///
/// `here` are the incident's pages, with and without statements. `copied` holds the pages that take their text over from an earlier one; what they say in their own voice is that one's.
/// `threat` says that the incident is a threat, which only he makes who threatens.
pub(crate) fn weigh(
    statements: &[Statement],
    pages: &[Page],
    cast: &Cast,
    here: &BTreeSet<usize>,
    copied: &BTreeSet<usize>,
    threat: bool,
) -> Weighed {
    let mut out = Weighed::default();
    // Which group "the rebels" are here: the one that speaks or is named most in this incident.
    let mut named: BTreeMap<usize, usize> = BTreeMap::new();
    for statement in statements {
        if let Speaker::Group(Some(group)) = statement.speaker {
            *named.entry(group).or_default() += 3;
        }
    }
    let the_pages: BTreeSet<usize> = statements.iter().map(|s| s.page).collect();
    for &page in &the_pages {
        let words: Vec<&str> = tokens(pages[page].text()).collect();
        (0..words.len())
            .filter_map(|at| cast.group_at(&words[at..]))
            .for_each(|(group, _)| *named.entry(group).or_default() += 1);
    }
    let the_group =
        named.iter().max_by_key(|(group, n)| (**n, std::cmp::Reverse(**group))).map(|(group, _)| *group);
    let hospitals: BTreeSet<&str> = statements
        .iter()
        .filter_map(|s| match &s.speaker {
            Speaker::Hospital(name) if !name.is_empty() => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let monitors: BTreeSet<&str> = statements
        .iter()
        .filter_map(|s| match &s.speaker {
            Speaker::Monitor(name) if !name.is_empty() => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let reporting: BTreeSet<usize> = the_pages.iter().filter_map(|&page| cast.of_page[page]).collect();
    let canonical = |speaker: &Speaker| -> Option<Speaker> {
        Some(match speaker {
            Speaker::Group(None) => Speaker::Group(the_group),
            Speaker::Monitor(name) if name.is_empty() && monitors.is_empty() => return None,
            Speaker::Hospital(name) if name.is_empty() => {
                Speaker::Hospital(hospitals.iter().next().map_or(String::new(), |name| (*name).to_owned()))
            }
            Speaker::Monitor(name) if name.is_empty() || !name.contains(' ') && name != "un" => {
                Speaker::Monitor(monitors.iter().next().map_or(String::new(), |name| (*name).to_owned()))
            }
            Speaker::Outlet(outlet) => match &cast.outlets[*outlet].side {
                Some(side) => side.clone(),
                None => speaker.clone(),
            },
            // A medium that nobody can look up vouches for nothing that can be counted.
            Speaker::Medium(_) | Speaker::Expert => return None,
            other => other.clone(),
        })
    };
    // Sides whose channel only passed the news on: what "its channel reported" is another's.
    let passed_on = |side: &Speaker| {
        let mut own = here
            .iter()
            .filter(|&&page| {
                cast.of_page[page]
                    .is_some_and(|o| cast.outlets[o].channel && cast.outlets[o].side.as_ref() == Some(side))
            })
            .peekable();
        own.peek().is_some()
            && own.all(|page| copied.contains(page) || !pages[*page].record.document.credits.is_empty())
    };
    let mut vouching: BTreeMap<Speaker, (&'static str, Vec<usize>)> = BTreeMap::new();
    for (n, statement) in statements.iter().enumerate() {
        let Some(speaker) = canonical(&statement.speaker) else { continue };
        out.canonical.insert(statement.speaker.clone(), speaker.clone());
        if statement.own_voice && copied.contains(&statement.page) {
            continue;
        }
        let text = pages[statement.page].slice(statement.sentence).to_lowercase();
        if speaker.is_party()
            && ["channel", "telegram"].iter().any(|word| text.contains(word))
            && passed_on(&speaker)
        {
            continue;
        }
        match statement.act {
            Act::Denies => {
                out.deniers.insert(speaker);
                continue;
            }
            Act::Retracts => {
                out.retracted.insert(speaker.clone());
                out.deniers.insert(speaker);
                continue;
            }
            Act::Owns => {
                out.owners.insert(speaker.clone());
            }
            Act::Vouches => {}
        }
        // An outlet that is named as the source stands for what its own page says; that page is asked instead.
        if let Speaker::Outlet(outlet) = &speaker
            && !statement.own_voice
            && reporting.contains(outlet)
        {
            continue;
        }
        let rule = match &speaker {
            Speaker::State(_) | Speaker::Group(_) => "one side, one origin",
            Speaker::Witness => "witnesses of one place are one origin",
            Speaker::Outlet(_) if statement.own_voice => "an outlet's own reporter is an origin",
            Speaker::Outlet(_) => "named as the source, its own report is not here",
            _ => "first source named",
        };
        vouching.entry(speaker).or_insert((rule, Vec::new())).1.push(n);
    }
    // An outlet's own voice counts where it was there, or where nobody else is named at all before it.
    let others: Vec<Speaker> =
        vouching.keys().filter(|speaker| !matches!(speaker, Speaker::Outlet(_))).cloned().collect();
    vouching.retain(|speaker, (_, evidence)| {
        let Speaker::Outlet(outlet) = speaker else { return true };
        let there = evidence.iter().any(|&n| {
            statements[n].own_voice
                && was_there(statements[n].page, &pages[statements[n].page], statements[n].sentence, cast)
        });
        let watch = cast.outlets[*outlet].monitor || cast.outlets[*outlet].channel;
        // A first report without any source, which others then cite.
        let first = evidence.iter().any(|&n| {
            statements[n].own_voice
                && the_pages.iter().all(|&page| pages[page].order() >= pages[statements[n].page].order())
        });
        there
            || watch
            || others.is_empty() && first
            || first && evidence.iter().any(|&n| statements[n].own_voice)
    });
    if threat && vouching.keys().any(|speaker| out.owners.contains(speaker)) {
        vouching.retain(|speaker, _| out.owners.contains(speaker));
    }
    out.origins =
        vouching.into_iter().map(|(speaker, (rule, evidence))| Origin { speaker, rule, evidence }).collect();
    out
}
