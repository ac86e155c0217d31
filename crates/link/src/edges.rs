//! Who copied whom: each edge with its kind, its direction and what shows it.
//!
//! Start at [`edges`]. Copies of one text form a group ([`crate::copies`]); each member is tied to the one it was taken
//! from: whom it credits or forwards, and otherwise the first. A passage taken over is an edge where it stands between
//! quotation marks in one text and as the other's own words: two papers that quote the same minister have copied nothing
//! from each other. A report that tells in its head what another outlet reported is that report rewritten.

use std::collections::{BTreeMap, BTreeSet};

use crate::copies::{Copies, Run, runs};
use crate::page::{Page, bare, tokens};
use crate::speaker::Cast;
use crate::words::Word;

/// A piece of evidence, in bytes of the two texts where it has a place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// `shared text`, `credit`, `forward`, `attribution`.
    pub kind: &'static str,
    pub here: Option<(usize, usize)>,
    pub there: Option<(usize, usize)>,
}

/// One page taken from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub page: usize,
    pub of: usize,
    pub kind: &'static str,
    /// How it is known which of the two was first.
    pub direction: &'static str,
    pub evidence: Vec<Evidence>,
}

/// Words in a row that make a passage. Stock phrases and titles are shorter.
const PASSAGE: usize = 9;

/// The outlets that a page names as its origin: credit lines, the dateline's agency, a forward's source.
pub(crate) fn credits(number: usize, page: &Page, cast: &Cast) -> BTreeSet<usize> {
    let own = cast.of_page[number];
    let mut out = BTreeSet::new();
    let mut named = |words: &str| {
        let words: Vec<&str> = tokens(words).collect();
        let mut at = 0;
        while at < words.len() {
            // Credit lines are often in capitals or without a full name: "MERIDANE", "Courier".
            match cast.outlet_at(&words[at..]) {
                Some((outlet, n)) => {
                    if Some(outlet) != own {
                        out.insert(outlet);
                    }
                    at += n;
                }
                None => at += 1,
            }
        }
    };
    page.record.document.credits.iter().for_each(|credit| named(credit));
    if let Some(agency) = &page.agency {
        named(agency);
    }
    let n = page.sentences.len();
    for (k, s) in page.sentences.iter().enumerate() {
        if !s.edge || (k >= 5 && k + 3 < n) {
            continue;
        }
        let line = page.slice(k);
        let lower = line.to_lowercase();
        let picture = ["photo", "picture", "drawing", "archive", "video", "image", "using materials"]
            .iter()
            .any(|mark| lower.contains(mark));
        if !picture && line.chars().count() <= 70 {
            named(line);
        }
    }
    out
}

/// All edges, by page. `groups` are the copies of one text; `together` says whether two pages tell of one incident.
pub(crate) fn edges(
    pages: &[Page],
    copies: &Copies,
    groups: &[Vec<u32>],
    cast: &Cast,
    together: impl Fn(usize, usize) -> bool,
) -> Vec<Edge> {
    let credited: Vec<BTreeSet<usize>> =
        pages.iter().enumerate().map(|(n, page)| credits(n, page, cast)).collect();
    let mut out: BTreeMap<(usize, usize), Edge> = BTreeMap::new();
    let mut group_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (g, members) in groups.iter().enumerate() {
        members.iter().for_each(|&m| {
            group_of.insert(m as usize, g);
        });
        let root = members[0] as usize;
        for &member in members {
            let member = member as usize;
            let by_credit = members.iter().map(|&m| m as usize).find(|&m| {
                m != member && cast.of_page[m].is_some_and(|outlet| credited[member].contains(&outlet))
            });
            // The one that others credit is nobody's copy, whatever the clocks say.
            let is_credited = members.iter().any(|&m| {
                cast.of_page[member]
                    .is_some_and(|outlet| m as usize != member && credited[m as usize].contains(&outlet))
            });
            let of = match by_credit {
                Some(of) => of,
                None if member == root || is_credited => continue,
                None => root,
            };
            out.insert((member, of), whole(pages, member, of, by_credit.is_some()));
        }
    }
    for (a, b) in copies.pairs() {
        let (a, b) = (a as usize, b as usize);
        let same_group = group_of.get(&a).is_some_and(|g| group_of.get(&b) == Some(g));
        if same_group || copies.shared(a as u32, b as u32).n == 0 {
            continue;
        }
        if let Some(edge) = passage(pages, a, b, &credited, cast, together(a, b)) {
            out.entry((edge.page, edge.of)).or_insert(edge);
        }
    }
    for number in 0..pages.len() {
        let known: BTreeSet<usize> =
            out.keys().filter(|(page, _)| *page == number).filter_map(|(_, of)| cast.of_page[*of]).collect();
        for (outlet, evidence) in retold(number, &pages[number], cast, &credited[number]) {
            if known.contains(&outlet) {
                continue;
            }
            // The outlet's last report of it before this page.
            // On one day without an hour either may have been first; then what is named is.
            let later = |of: usize| match (pages[of].day, pages[number].day) {
                (Some(a), Some(b)) if a == b => {
                    pages[of].clock.zip(pages[number].clock).is_some_and(|(a, b)| a > b)
                }
                _ => pages[of].order() > pages[number].order(),
            };
            let earlier = |of: &usize| {
                *of != number && cast.of_page[*of] == Some(outlet) && together(number, *of) && !later(*of)
            };
            if let Some(of) =
                (0..pages.len()).filter(earlier).max_by(|a, b| pages[*a].order().cmp(&pages[*b].order()))
            {
                let taken = group_of.get(&number).is_some_and(|g| group_of.get(&of) == Some(g));
                if !taken {
                    out.entry((number, of)).or_insert(Edge {
                        page: number,
                        of,
                        kind: "rewritten",
                        direction: evidence.kind,
                        evidence: vec![evidence],
                    });
                }
            }
        }
    }
    out.into_values().collect()
}

/// An edge within a group of copies.
fn whole(pages: &[Page], page: usize, of: usize, credit: bool) -> Edge {
    let (a, b) = (&pages[of], &pages[page]);
    let found = runs(&a.words, &b.words, PASSAGE);
    let n: usize = found.iter().map(|run| run.n).sum();
    let share = |words: &[Word]| n as f32 / words.len().max(1) as f32;
    let post = b.record.document.kind == "post" && credit;
    let kind = match (post, share(&b.words), share(&a.words)) {
        (true, _, _) => "forward",
        (_, here, there) if here >= 0.75 && there >= 0.85 => "verbatim",
        (_, here, there) if here >= 0.75 && there < 0.85 => "trimmed",
        (_, _, there) if there >= 0.85 => "verbatim",
        _ => "rewritten",
    };
    let mut evidence: Vec<Evidence> = found.iter().map(|run| shared(a, b, run)).collect();
    if credit {
        evidence
            .insert(0, Evidence { kind: if post { "forward" } else { "credit" }, here: None, there: None });
    }
    let direction = if credit { if post { "forward" } else { "credit" } } else { by_time(a, b) };
    Edge { page, of, kind, direction, evidence }
}

/// How it is known that `first` was before `second`.
fn by_time(first: &Page, second: &Page) -> &'static str {
    match (first.day, second.day) {
        (Some(a), Some(b))
            if a < b || a == b && first.clock.zip(second.clock).is_some_and(|(a, b)| a < b) =>
        {
            "time"
        }
        _ => "unknown",
    }
}

fn shared(there: &Page, here: &Page, run: &Run) -> Evidence {
    let span = |words: &[Word], at: usize| (words[at].start as usize, words[at + run.n - 1].end as usize);
    Evidence {
        kind: "shared text",
        here: Some(span(&here.words, run.second)),
        there: Some(span(&there.words, run.first)),
    }
}

/// A passage of one page in another.
fn passage(
    pages: &[Page],
    a: usize,
    b: usize,
    credited: &[BTreeSet<usize>],
    cast: &Cast,
    together: bool,
) -> Option<Edge> {
    let quoted = |page: &Page, word: &Word| {
        page.quoted.iter().any(|&(from, to)| from <= word.start as usize && word.end as usize <= to + 1)
    };
    let found = runs(&pages[a].words, &pages[b].words, PASSAGE);
    let outlet_credited =
        |page: usize, of: usize| cast.of_page[of].is_some_and(|outlet| credited[page].contains(&outlet));
    let mut best: Option<(usize, usize, usize, Run)> = None;
    for run in found {
        let middle = run.n / 2;
        let in_a = quoted(&pages[a], &pages[a].words[run.first + middle]);
        let in_b = quoted(&pages[b], &pages[b].words[run.second + middle]);
        let (page, of) = match (in_a, in_b) {
            (false, true) => (b, a),
            (true, false) => (a, b),
            // Both quote somebody else, or both print what a third wrote.
            (true, true) if run.n < 25 => continue,
            (false, false) if run.n < 15 => continue,
            _ if outlet_credited(a, b) => (a, b),
            _ => (b, a),
        };
        // Furniture is no news: it stands in pages that tell nothing together.
        if !together {
            continue;
        }
        if best.as_ref().is_none_or(|(_, _, n, _)| run.n > *n) {
            best = Some((page, of, run.n, run));
        }
    }
    let (page, of, _, run) = best?;
    let swapped = Run { first: run.second, second: run.first, n: run.n };
    let evidence = if page == b {
        shared(&pages[of], &pages[page], &run)
    } else {
        shared(&pages[of], &pages[page], &swapped)
    };
    let direction = match by_time(&pages[of], &pages[page]) {
        "time" => "time",
        _ => "quotation marks",
    };
    // What was said later cannot have been quoted earlier.
    if by_time(&pages[page], &pages[of]) == "time" {
        return None;
    }
    Some(Edge { page, of, kind: "quoted_paragraph", direction, evidence: vec![evidence] })
}

/// Outlets whose report a page retells: it credits them in a line of its own, or names them in its head as those who
/// reported it.
fn retold(number: usize, page: &Page, cast: &Cast, credited: &BTreeSet<usize>) -> Vec<(usize, Evidence)> {
    let post = page.record.document.kind == "post";
    let mut out: Vec<(usize, Evidence)> = Vec::new();
    if !post {
        out.extend(
            credited.iter().map(|&outlet| (outlet, Evidence { kind: "credit", here: None, there: None })),
        );
    }
    let cues = [
        "reports",
        "reported",
        "writes",
        "wrote",
        "said",
        "says",
        "showed",
        "shown",
        "quotes",
        "quoted",
        "according",
        "cites",
        "citing",
    ];
    let head: Vec<usize> = (0..page.sentences.len()).filter(|&k| !page.aside(k)).take(2).collect();
    for k in head {
        let sentence = page.slice(k);
        let words: Vec<&str> = tokens(sentence).collect();
        for at in 0..words.len() {
            let Some((outlet, n)) = cast.outlet_at(&words[at..]) else { continue };
            if cast.of_page[number] == Some(outlet)
                || cast.outlets[outlet].channel
                || cast.outlets[outlet].monitor
                || out.iter().any(|(known, _)| *known == outlet)
            {
                continue;
            }
            let near = |words: &[&str]| words.iter().any(|word| cues.contains(&bare(word).as_str()));
            // "Told the Vel Post" is said to it, not by it.
            let told = words[at.saturating_sub(3)..at]
                .iter()
                .any(|word| ["told", "tells", "to", "with"].contains(&bare(word).as_str()));
            let cued =
                near(&words[at + n..words.len().min(at + n + 3)]) || near(&words[at.saturating_sub(4)..at]);
            let bracket = sentence.contains(&format!("({}", words[at]));
            if cued && !told || bracket {
                let s = &page.sentences[k];
                out.push((
                    outlet,
                    Evidence { kind: "attribution", here: Some((s.start, s.end)), there: None },
                ));
            }
        }
    }
    out
}
