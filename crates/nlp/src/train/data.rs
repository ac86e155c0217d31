//! Readers of the treebanks and name sets, all to [`Sample`]s.
//!
//! Sets differ in what they annotate. Where one says nothing about a class of names, the words concerned get a
//! set of allowed tags instead of one tag, and the loss counts the whole set as right.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use hearsay_doc::{Deprel, MentionKind, Upos};

use crate::features::{is_demonym, norm};
use crate::net::N_NER;

/// All name tags.
pub const ANY: u32 = (1 << N_NER) - 1;
/// Outside.
pub const OUT: u32 = 1;

/// One sentence with what is known about it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Forms.
    pub forms: Vec<String>,
    /// Dictionary forms; empty if not annotated.
    pub lemmas: Vec<String>,
    /// Parts of speech; empty if not annotated.
    pub upos: Vec<Upos>,
    /// Heads, 0 the root; empty if not annotated.
    pub heads: Vec<usize>,
    /// Relations; empty if not annotated.
    pub deprels: Vec<Deprel>,
    /// Bits of the allowed name tags; empty if not annotated.
    pub ner: Vec<u32>,
    /// Is a space before the next word?
    pub space_after: Vec<bool>,
    /// Does a document begin with it?
    pub new_doc: bool,
    /// Does a paragraph begin with it?
    pub new_par: bool,
    /// How often it is learned from in one pass over the data, more or less than once.
    pub times: f32,
}

impl Default for Sample {
    fn default() -> Sample {
        Sample {
            forms: Vec::new(),
            lemmas: Vec::new(),
            upos: Vec::new(),
            heads: Vec::new(),
            deprels: Vec::new(),
            ner: Vec::new(),
            space_after: Vec::new(),
            new_doc: false,
            new_par: false,
            times: 1.0,
        }
    }
}

/// What could not be read.
#[derive(Debug)]
pub struct DataError {
    /// The file.
    pub path: PathBuf,
    /// Line from 1, 0 for the whole file.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.what)
    }
}

impl std::error::Error for DataError {}

fn read(path: &Path) -> Result<String, DataError> {
    fs::read_to_string(path).map_err(|e| DataError { path: path.into(), line: 0, what: e.to_string() })
}

/// Writes a name of `kind` over the words `from..to`.
fn put(ner: &mut [u32], from: usize, to: usize, kind: MentionKind) {
    let k = 1 + 4 * (kind as u32);
    for (i, tag) in ner[from..to].iter_mut().enumerate() {
        let part = match (i == 0, from + i + 1 == to) {
            (true, true) => 3,
            (true, false) => 0,
            (false, true) => 2,
            (false, false) => 1,
        };
        *tag = 1 << (k + part);
    }
}

/// The four tags of a kind.
fn all_of(kind: MentionKind) -> u32 {
    0b1111 << (1 + 4 * (kind as u32))
}

/// Reads CoNLL-U; `keep` chooses documents by the id in `# newdoc id`.
pub fn conllu(path: &Path, keep: impl Fn(&str) -> bool) -> Result<Vec<Sample>, DataError> {
    let text = read(path)?;
    let mut samples = Vec::new();
    let (mut sample, mut misc): (Sample, Vec<String>) = Default::default();
    let mut kept = keep("");
    let mut mwt_end = 0;
    let mut mwt_space = true;
    for (n, line) in text.lines().enumerate() {
        let error = |what: &str| DataError { path: path.into(), line: n + 1, what: what.to_owned() };
        if let Some(id) = line.strip_prefix("# newdoc id = ") {
            kept = keep(id);
            sample.new_doc = true;
        } else if line.starts_with("# newpar") && !line.starts_with("# newpar_block") {
            sample.new_par = true;
        } else if line.is_empty() {
            if kept && !sample.forms.is_empty() {
                gum_names(&mut sample, &misc);
                samples.push(std::mem::take(&mut sample));
            }
            sample = Sample::default();
            misc.clear();
            mwt_end = 0;
        } else if !line.starts_with('#') {
            let columns: Vec<&str> = line.split('\t').collect();
            let [id, form, lemma, upos, _, _, head, deprel, _, more] = columns[..] else {
                return Err(error("not ten columns"));
            };
            let space = !more.split('|').any(|m| m == "SpaceAfter=No");
            if let Some((_, end)) = id.split_once('-') {
                mwt_end = end.parse().map_err(|_| error("range"))?;
                mwt_space = space;
                continue;
            }
            let Ok(number) = id.parse::<usize>() else { continue };
            sample.forms.push(form.to_owned());
            sample.lemmas.push(lemma.to_owned());
            sample.upos.push(Upos::from_str(upos).map_err(|e| error(&e.to_string()))?);
            sample.heads.push(head.parse().map_err(|_| error("head"))?);
            let known = deprel.parse().or_else(|_| deprel.split(':').next().unwrap_or("dep").parse());
            sample.deprels.push(known.map_err(|e: hearsay_doc::UnknownLabel| error(&e.to_string()))?);
            sample.space_after.push(if number < mwt_end {
                false
            } else if number == mwt_end {
                mwt_space
            } else {
                space
            });
            misc.push(more.to_owned());
        }
    }
    Ok(samples)
}

/// Names from GUM's `Entity=`: those that are linked to Wikipedia or whose head is a proper noun, cut to their
/// proper nouns. Words that are neither proper nouns nor demonyms are outside; other proper nouns may be anything.
fn gum_names(sample: &mut Sample, misc: &[String]) {
    if !misc.iter().any(|m| m.contains("Entity=")) {
        return;
    }
    let n = sample.forms.len();
    let mut open: Vec<(String, usize, String)> = Vec::new();
    let mut spans: Vec<(usize, usize, String)> = Vec::new();
    for (i, misc) in misc.iter().enumerate() {
        let Some(entity) = misc.split('|').find_map(|m| m.strip_prefix("Entity=")) else { continue };
        // "(1-person-new-…(2-place-…)3)": an opening bracket begins a mention, a closing one ends it.
        let mut rest = entity;
        while !rest.is_empty() {
            if let Some(body) = rest.strip_prefix('(') {
                let end = body.find(['(', ')']).unwrap_or(body.len());
                let mut parts = body[..end].split('-');
                let id = parts.next().unwrap_or("").to_owned();
                let kind = parts.next().unwrap_or("").to_owned();
                if body[end..].starts_with(')') {
                    spans.push((i, i + 1, kind));
                    rest = &body[end + 1..];
                } else {
                    open.push((id, i, kind));
                    rest = &body[end..];
                }
            } else {
                let end = rest.find(['(', ')']).unwrap_or(rest.len());
                let id = &rest[..end];
                if let Some(at) = open.iter().rposition(|(open_id, ..)| open_id == id) {
                    let (_, start, kind) = open.remove(at);
                    spans.push((start, i + 1, kind));
                }
                rest = rest.get(end + 1..).unwrap_or("");
            }
        }
    }
    // Newer treebank versions tag the words of a name by their own part of speech: "United/ADJ Nations/PROPN".
    let proper = |i: usize| {
        let capital = i > 0 && sample.forms[i].starts_with(char::is_uppercase);
        let content = matches!(sample.upos[i], Upos::Adj | Upos::Noun | Upos::Verb | Upos::Adv | Upos::X);
        sample.upos[i] == Upos::Propn || capital && content && sample.forms[i].len() > 1
    };
    let mut ner: Vec<u32> = (0..n)
        .map(|i| {
            if is_demonym(&sample.forms[i]) && matches!(sample.upos[i], Upos::Propn | Upos::Adj | Upos::Noun)
            {
                all_of(MentionKind::Group) | if proper(i) { ANY } else { 0 }
            } else if proper(i) {
                ANY
            } else {
                OUT
            }
        })
        .collect();
    for tag in &mut ner {
        if *tag == all_of(MentionKind::Group) {
            *tag = 1 << (1 + 4 * (MentionKind::Group as u32) + 3);
        }
    }
    spans.sort_by_key(|&(start, end, _)| end - start);
    let mut taken = vec![false; n];
    for (start, end, kind) in spans {
        let kind = match kind.as_str() {
            "person" => MentionKind::Person,
            "place" => MentionKind::Location,
            "organization" => MentionKind::Organization,
            "event" | "object" => MentionKind::Misc,
            _ => continue,
        };
        let outside = |i: usize| sample.heads[i] == 0 || !(start..end).contains(&(sample.heads[i] - 1));
        let Some(head) = (start..end).find(|&i| outside(i)) else { continue };
        if !proper(head) || is_demonym(&sample.forms[head]) || taken[head] {
            continue;
        }
        let inner = |i: usize| {
            proper(i)
                || matches!(sample.forms[i].as_str(), "of" | "-" | "for" | "and" | "&" | "." | "al" | "the")
                || sample.forms[i].chars().next().is_some_and(|c| c.is_ascii_digit())
        };
        let (mut from, mut to) = (head, head + 1);
        while from > start && inner(from - 1) && !taken[from - 1] {
            from -= 1;
        }
        while to < end && inner(to) && !taken[to] {
            to += 1;
        }
        // "United Nations" at the start of a sentence, where every word has a capital.
        if from == 1
            && start == 0
            && !taken[0]
            && matches!(sample.upos[0], Upos::Adj | Upos::Noun | Upos::Verb)
        {
            from = 0;
        }
        while from < head && !proper(from) && from > 0 {
            from += 1;
        }
        while to > head + 1 && !(proper(to - 1) || sample.upos[to - 1] == Upos::Num) {
            to -= 1;
        }
        // Titles belong to no name.
        while from < head && kind == MentionKind::Person && is_title(&sample.forms[from]) {
            ner[from] = OUT;
            from += 1;
        }
        put(&mut ner, from, to, kind);
        taken[from..to].fill(true);
    }
    sample.ner = ner;
}

/// What parts of speech alone say of names: only proper nouns and demonyms can be one, days and months are none.
pub fn names_from_tags(sample: &mut Sample) {
    let group = 1 << (1 + 4 * (MentionKind::Group as u32) + 3);
    let calendar =
        |form: &str| include_str!("../../lists/calendar.txt").split_whitespace().any(|w| w == norm(form));
    let tags = sample.forms.iter().zip(&sample.upos).map(|(form, upos)| match upos {
        Upos::Propn if calendar(form) => OUT,
        Upos::Propn => ANY,
        // Adjectives, numbers and small words stand inside names ("United Nations", "Bank of Alba").
        Upos::Adj | Upos::Noun if is_demonym(form) => group | ANY,
        Upos::Adj
        | Upos::Noun
        | Upos::Verb
        | Upos::Num
        | Upos::Adp
        | Upos::Det
        | Upos::Cconj
        | Upos::Punct
        | Upos::X
            if form.starts_with(char::is_uppercase)
                || matches!(upos, Upos::Punct | Upos::Adp | Upos::Num) =>
        {
            ANY
        }
        _ => OUT,
    });
    sample.ner = tags.collect();
    // Small words are open only between proper nouns.
    for i in 0..sample.ner.len() {
        let near = |j: Option<usize>| j.is_some_and(|j| sample.upos.get(j) == Some(&Upos::Propn));
        if sample.upos[i] != Upos::Propn
            && !is_demonym(&sample.forms[i])
            && !(near(i.checked_sub(1)) || near(Some(i + 1)))
        {
            sample.ner[i] = OUT;
        }
    }
}

fn is_title(form: &str) -> bool {
    let norm = norm(form);
    include_str!("../../lists/titles.txt").split_whitespace().any(|t| t == norm)
}

/// What a set says with its tags.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NameSet {
    /// Person, location, organisation, misc, with nationalities inside misc.
    Wikigold,
    /// Person, location, organisation; user names count as persons there and as anything here.
    Broad,
    /// Six classes of emerging names.
    Wnut,
    /// Person, location, organisation; edited text.
    Uner,
    /// All five, for measuring alone.
    Newswire,
}

impl NameSet {
    /// How often a sentence of the set is learned from in one pass. Edited text that names all classes counts most;
    /// short messages least, they are many and unlike news.
    fn times(self) -> f32 {
        match self {
            NameSet::Wikigold => 3.0,
            NameSet::Uner => 2.0,
            NameSet::Broad => 0.5,
            NameSet::Wnut | NameSet::Newswire => 1.0,
        }
    }
}

/// Reads `form tag` columns separated by blank or tab; a blank line ends a sentence.
pub fn columns(path: &Path, set: NameSet) -> Result<Vec<Sample>, DataError> {
    let text = read(path)?;
    let mut samples = Vec::new();
    let mut forms: Vec<String> = Vec::new();
    let mut tags: Vec<String> = Vec::new();
    let mut new_doc = true;
    for line in text.lines().chain([""]) {
        let line = line.trim_end();
        new_doc |= line.starts_with("# newdoc");
        if line.starts_with("# ") && set == NameSet::Uner
            || line.contains("-DOCSTART-")
            || line.starts_with("http") && set == NameSet::Newswire && forms.is_empty()
        {
            continue;
        }
        let mut parts = line.split(['\t', ' ']).filter(|p| !p.is_empty());
        if set == NameSet::Uner && !line.is_empty() {
            parts.next();
        }
        match (parts.next(), parts.next()) {
            (Some(form), Some(tag)) => {
                forms.push(form.to_owned());
                tags.push(tag.to_owned());
            }
            _ => {
                if !forms.is_empty() {
                    let ner = allowed(&forms, &tags, set);
                    let space_after = vec![true; forms.len()];
                    samples.push(Sample {
                        forms: std::mem::take(&mut forms),
                        ner,
                        space_after,
                        new_doc,
                        times: set.times(),
                        ..Sample::default()
                    });
                    new_doc = false;
                }
                tags.clear();
            }
        }
    }
    Ok(samples)
}

/// The kind that a set's class means; `None` for classes that are no names.
fn kind_of(class: &str, set: NameSet) -> Option<MentionKind> {
    Some(match class.to_ascii_lowercase().as_str() {
        "per" | "person" => MentionKind::Person,
        "loc" | "location" | "facility" => MentionKind::Location,
        "org" | "organization" | "organisation" | "corporation" => MentionKind::Organization,
        "group" if set == NameSet::Wnut => MentionKind::Organization,
        "norp" => MentionKind::Group,
        "misc" | "product" | "creative-work" => MentionKind::Misc,
        _ => return None,
    })
}

/// Spans of B/I tags as (from, to, class).
fn chunks(tags: &[String]) -> Vec<(usize, usize, &str)> {
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    for (i, tag) in tags.iter().enumerate() {
        let Some((part, class)) = tag.split_once('-') else { continue };
        match found.last_mut() {
            Some(last) if part == "I" && last.1 == i && last.2 == class => last.1 = i + 1,
            _ => found.push((i, i + 1, class)),
        }
    }
    found
}

fn allowed(forms: &[String], tags: &[String], set: NameSet) -> Vec<u32> {
    let unsaid = match set {
        NameSet::Wikigold | NameSet::Newswire => OUT,
        // A class that the set lacks may hide under "outside".
        NameSet::Broad | NameSet::Uner => OUT | all_of(MentionKind::Misc),
        NameSet::Wnut => OUT,
    };
    let lower = |form: &str| form.chars().all(|c| !c.is_uppercase());
    let group_unit = 1 << (1 + 4 * (MentionKind::Group as u32) + 3);
    let mut ner: Vec<u32> = forms
        .iter()
        .map(|form| {
            if set != NameSet::Newswire && is_demonym(form) && !lower(form) {
                group_unit
            } else if lower(form) {
                OUT
            } else {
                unsaid
            }
        })
        .collect();
    for (from, to, class) in chunks(tags) {
        let Some(mut kind) = kind_of(class, set) else { continue };
        if set == NameSet::Broad && (forms[from].starts_with('@') || forms[from].starts_with('#')) {
            ner[from..to].fill(ANY);
            continue;
        }
        let people = forms[from..to].iter().all(|f| is_demonym(f));
        if people && kind == MentionKind::Misc {
            kind = MentionKind::Group;
        }
        put(&mut ner, from, to, kind);
    }
    ner
}

/// Reads one folder of re3d, only the documents whose short name (first six letters of the id) is in `keep`.
///
/// Its organisations are often descriptions; a span counts as a name if, without its article, every word but
/// small ones begins upper case. Capitalised words outside such names may be anything.
pub fn re3d(folder: &Path, keep: &[String]) -> Result<Vec<Sample>, DataError> {
    let json = |name: &str| -> Result<Vec<serde_json::Value>, DataError> {
        let path = folder.join(name);
        let error = |line, what| DataError { path: path.clone(), line, what };
        read(&path)?
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(n, line)| serde_json::from_str(line).map_err(|e| error(n + 1, e.to_string())))
            .collect()
    };
    let entities = json("entities.json")?;
    let mut samples = Vec::new();
    for document in json("documents.json")? {
        let (id, text) = (document["_id"].as_str().unwrap_or(""), document["text"].as_str().unwrap_or(""));
        if !keep.iter().any(|k| id.starts_with(k.as_str())) {
            continue;
        }
        // Offsets count UTF-16 or code points; the texts hold none beyond the basic plane.
        let starts: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let (tokens, sentences) = crate::sentence::split(text, &crate::sentence::Boundaries::default());
        for &(first, last) in &sentences {
            let tokens = &tokens[first as usize..last as usize];
            let forms: Vec<String> = tokens.iter().map(|t| t.of(text).to_owned()).collect();
            let capital = |form: &str| form.chars().next().is_some_and(char::is_uppercase);
            let mut ner: Vec<u32> = forms.iter().map(|f| if capital(f) { ANY } else { OUT }).collect();
            let mut wanted: Vec<(usize, usize, MentionKind)> = Vec::new();
            for entity in entities.iter().filter(|e| e["documentId"].as_str() == Some(id)) {
                let kind = match entity["type"].as_str().unwrap_or("") {
                    "Person" => MentionKind::Person,
                    "Organisation" => MentionKind::Organization,
                    "Location" => MentionKind::Location,
                    "Nationality" => MentionKind::Group,
                    _ => continue,
                };
                let at = |key: &str| {
                    entity[key].as_u64().and_then(|n| starts.get(n as usize)).map_or(0, |&n| n as u32)
                };
                let (begin, end) = (at("begin"), at("end"));
                let inside: Vec<usize> =
                    (0..tokens.len()).filter(|&i| tokens[i].start >= begin && tokens[i].end <= end).collect();
                if let (Some(&from), Some(&to)) = (inside.first(), inside.last()) {
                    wanted.push((from, to + 1, kind));
                }
            }
            wanted.sort_by_key(|&(from, to, _)| (to - from, from));
            let mut taken = vec![false; forms.len()];
            for (mut from, to, mut kind) in wanted {
                while from < to
                    && (matches!(norm(&forms[from]).as_str(), "the" | "a" | "an")
                        || (kind == MentionKind::Person && is_title(&forms[from])))
                {
                    from += 1;
                }
                let named = |i: usize| {
                    capital(&forms[i]) || matches!(forms[i].as_str(), "of" | "for" | "and" | "-" | "al")
                };
                if from < to
                    && capital(&forms[to - 1])
                    && (from..to).all(named)
                    && !taken[from..to].contains(&true)
                {
                    if (from..to).all(|i| is_demonym(&forms[i])) {
                        kind = MentionKind::Group;
                    }
                    put(&mut ner, from, to, kind);
                    taken[from..to].fill(true);
                }
            }
            let space_after = vec![true; forms.len()];
            samples.push(Sample { forms, ner, space_after, times: 3.0, ..Sample::default() });
        }
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(ner: &[u32]) -> Vec<String> {
        let one = |bits: u32| {
            if bits.count_ones() > 1 {
                return "?".to_owned();
            }
            match bits.trailing_zeros() as usize {
                0 => "O".to_owned(),
                tag => format!("{}-{}", ["B", "I", "L", "U"][(tag - 1) % 4], MentionKind::ALL[(tag - 1) / 4]),
            }
        };
        ner.iter().map(|&bits| one(bits)).collect()
    }

    #[test]
    fn nationalities_in_misc_become_groups_and_unsaid_classes_stay_open() {
        let forms: Vec<String> = ["Polish", "boats", "left", "Port", "Alba"].map(String::from).to_vec();
        let wiki: Vec<String> = ["I-MISC", "O", "O", "I-LOC", "I-LOC"].map(String::from).to_vec();
        let found = tags(&allowed(&forms, &wiki, NameSet::Wikigold));
        assert_eq!(found, ["U-group", "O", "O", "B-location", "L-location"]);
        let none: Vec<String> = vec!["O".into(); 5];
        assert_eq!(tags(&allowed(&forms, &none, NameSet::Broad)), ["U-group", "O", "O", "?", "?"]);
    }
}
