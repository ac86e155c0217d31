//! What every step of the reader sees of a page: the parse, the lists' answers, quotations, dates, furniture.

use super::tree::Tree;
use crate::lexicon::{Lexicon, Word};
use crate::resolve::actor::{Actor, Actors, Named};
use crate::resolve::date::{self, DateKind, FoundDate};
use crate::resolve::gazetteer::Gazetteer;
use hearsay_doc::{Deprel, Doc, Page, Precision, Span, Upos};

/// The page's time expressions. "Yesterday" is counted from the day in the dateline, where that lies shortly before the
/// published day.
fn dates(page: &Page, doc: &Doc, furniture: &[bool]) -> Vec<FoundDate> {
    let published = page.published.as_ref().map(|p| p.when);
    let found = date::dates(doc, published);
    let written = found.iter().find_map(|date| {
        let interval = date.interval.filter(|_| date.kind == DateKind::Day)?;
        let age = published?.start.days() - interval.start.days();
        (furniture[date.tokens.0 as usize] && (1..=3).contains(&age)).then_some(interval)
    });
    if written.is_some() && published.is_some_and(|p| p.precision == Precision::Day) {
        return date::dates(doc, written);
    }
    found
}

/// One page, analysed and looked up.
pub(crate) struct Context<'a> {
    pub page: &'a Page,
    pub doc: &'a Doc,
    pub tree: Tree<'a>,
    pub lexicon: &'a Lexicon,
    /// What the lists say, a row a token.
    pub words: Vec<Word>,
    /// Is the token part of a credit line, byline, dateline or boilerplate?
    pub furniture: Vec<bool>,
    /// Known actors, in order, and for each token the place in that list plus one.
    pub actors: Vec<Named>,
    actor_of: Vec<u32>,
    /// Words of violence that are nearly always such, in each sentence.
    pub strong: Vec<u32>,
    /// Time expressions, in order.
    pub dates: Vec<FoundDate>,
    /// How many of them are a known day.
    pub n_days: usize,
    /// Index in `dates` plus one of the expression that holds the token, 0 outside.
    pub date_of: Vec<u32>,
    /// Known places.
    pub gazetteer: Gazetteer,
}

impl<'a> Context<'a> {
    /// With the lists compiled into the program.
    #[cfg(any(feature = "train", test))]
    pub fn new(page: &'a Page, doc: &'a Doc, lexicon: &'a Lexicon) -> Self {
        Context::with(page, doc, lexicon, Actors::shipped(), Gazetteer::shipped())
    }

    pub fn with(
        page: &'a Page,
        doc: &'a Doc,
        lexicon: &'a Lexicon,
        known: &Actors,
        gazetteer: Gazetteer,
    ) -> Self {
        let words = lexicon.words(doc);
        let mut furniture = vec![false; doc.tokens.len()];
        for span in &page.furniture {
            let first = doc.tokens.partition_point(|t| t.span.end <= span.start);
            for (idx, token) in doc.tokens.iter().enumerate().skip(first) {
                if token.span.start >= span.end {
                    break;
                }
                furniture[idx] = true;
            }
        }
        let mut dates = dates(page, doc, &furniture);
        dates.retain(|date| date.kind != DateKind::Reference);
        let n_days = dates.iter().filter(|d| d.kind == DateKind::Day && d.interval.is_some()).count();
        let mut date_of = vec![0u32; doc.tokens.len()];
        for (n, date) in dates.iter().enumerate() {
            let range = date.tokens.0 as usize..(date.tokens.1 as usize).min(date_of.len());
            date_of[range].fill(n as u32 + 1);
        }
        let actors = known.find(doc);
        let mut actor_of = vec![0u32; doc.tokens.len()];
        for (n, named) in actors.iter().enumerate() {
            actor_of[named.tokens.0 as usize..named.tokens.1 as usize].fill(n as u32 + 1);
        }
        let names: Vec<(u32, u32)> = actors.iter().map(|named| named.tokens).collect();
        let tree = Tree::new(doc, &names);
        let strong = |&(start, end): &(u32, u32)| {
            let words = &words[start as usize..end as usize];
            words.iter().filter(|w| w.trigger.is_some_and(|t| t.strength == "1.0")).count() as u32
        };
        let strong = doc.sentences.iter().map(strong).collect();
        Context {
            page,
            doc,
            tree,
            lexicon,
            words,
            furniture,
            actors,
            actor_of,
            strong,
            dates,
            n_days,
            date_of,
            gazetteer,
        }
    }

    pub fn len(&self) -> usize {
        self.doc.tokens.len()
    }

    pub fn lemma(&self, idx: usize) -> &str {
        &self.words[idx].lemma
    }

    pub fn lower(&self, idx: usize) -> &str {
        &self.words[idx].lower
    }

    /// Semantic class of the word; for names what they name.
    pub fn sense(&self, idx: usize) -> &'static str {
        let listed = self.words[idx].sense;
        if listed != "-" && self.pos(idx) != Upos::Propn {
            return listed;
        }
        match self.tree.mention(idx) {
            "-" => listed,
            kind => kind,
        }
    }

    pub fn pos(&self, idx: usize) -> Upos {
        self.doc.tokens[idx].upos
    }

    pub fn rel(&self, idx: usize) -> Deprel {
        self.doc.tokens[idx].deprel
    }

    /// The known actor whose name holds the token.
    pub fn actor(&self, idx: usize) -> Option<Actor> {
        let n = self.actor_of[idx].checked_sub(1)?;
        Some(self.actors[n as usize].actor)
    }

    /// What the noun is: the dictionary's kind of a known actor, the list's class of the word, else what its name names, else its part of speech.
    pub fn class(&self, idx: usize) -> &'static str {
        let word = &self.words[idx];
        if let Some(actor) = self.actor(idx) {
            return match actor.kind {
                "army" | "alliance" => "military",
                "group" => "militant",
                "ministry" => "official",
                "agency" | "outlet" => "media",
                "un" => "monitor",
                "hospital" => "medic",
                kind => kind,
            };
        }
        if word.demonym.is_some() {
            return "demonym";
        }
        let listed = word.class();
        if listed != "-" {
            return listed;
        }
        match self.tree.mention(idx) {
            "-" => match self.pos(idx) {
                Upos::Pron => "pron",
                Upos::Num => "num",
                Upos::Propn => "name",
                Upos::Noun => "noun",
                _ => "-",
            },
            kind => kind,
        }
    }

    /// Does the token name or describe someone who can act or speak?
    pub fn is_agent(&self, idx: usize) -> bool {
        matches!(
            self.class(idx),
            "official"
                | "military"
                | "police"
                | "militant"
                | "civilian"
                | "medic"
                | "witness"
                | "monitor"
                | "media"
                | "state"
                | "organisation"
                | "family"
                | "people"
                | "person"
                | "organization"
                | "group"
                | "demonym"
                | "pron"
                | "name"
                | "document"
        )
    }

    /// The number of people that the phrase headed by `idx` gives, as the token that says so: "five soldiers",
    /// "dozens of people", "a woman".
    pub fn number_token(&self, idx: usize) -> Option<usize> {
        let is_number = |i: usize| {
            self.pos(i) == Upos::Num
                || self.lexicon.number(self.lower(i)).is_some() && self.pos(i) != Upos::Det
        };
        if self.date_of[idx] > 0 {
            return None;
        }
        if is_number(idx) {
            return Some(idx);
        }
        self.tree.children(idx).find(|&c| {
            c < idx
                && matches!(self.rel(c), Deprel::Nummod | Deprel::Amod | Deprel::Det | Deprel::Compound)
                && is_number(c)
        })
    }

    /// Is the verb in the passive voice (or a participle after a noun: "soldiers killed in the attack")?
    pub fn passive(&self, idx: usize) -> bool {
        self.tree
            .children(idx)
            .any(|c| matches!(self.rel(c), Deprel::AuxPass | Deprel::NsubjPass | Deprel::OblAgent))
            || (self.rel(idx) == Deprel::Acl
                && !self.lower(idx).ends_with("ing")
                && self.lower(idx) != self.lemma(idx))
    }

    /// The words of a phrase given by its head.
    pub fn phrase(&self, idx: usize) -> Span {
        self.tree.phrase_span(idx)
    }

    /// The words of a speaker given by its head.
    pub fn speaker(&self, idx: usize) -> Span {
        self.tree.speaker_span(idx, |of| self.tells_who(of))
    }

    /// Can the phrase say who a speaker is ("of the ministry")? Days and what he speaks in cannot.
    fn tells_who(&self, of: usize) -> bool {
        let medium =
            matches!(self.lemma(of), "interview" | "briefing" | "conference" | "speech" | "address" | "call");
        self.date_of[of] == 0 && !medium && self.class(of) != "document" && self.words[of].cue.is_none()
    }

    /// First and last token of the speaker's words.
    pub fn speaker_tokens(&self, idx: usize) -> (usize, usize) {
        self.tree.speaker_phrase(idx, |of| self.tells_who(of))
    }

    /// `the`, `a`, `poss`, `this`, `no` or `-`: how the phrase begins.
    pub fn determiner(&self, idx: usize) -> &'static str {
        for child in self.tree.children(idx) {
            match self.rel(child) {
                Deprel::NmodPoss => return "poss",
                Deprel::Det => match self.lemma(child) {
                    "the" => return "the",
                    "a" | "an" | "another" => return "a",
                    "this" | "that" | "these" | "those" | "such" => return "this",
                    "no" => return "no",
                    "any" => return "any",
                    _ => return "det",
                },
                _ => {}
            }
        }
        "-"
    }

    /// What softens or turns around the word: hedges, negation and modals among its children, those of the verbs
    /// it depends on within the clause, and adjectives before it.
    pub fn hedges(&self, idx: usize) -> Vec<(&'static str, usize)> {
        let mut found = Vec::new();
        for (depth, node) in self.tree.ancestors(idx).take(4).enumerate() {
            if depth > 0
                && let Some(effect) = self.words[node].hedge
            {
                found.push((effect, node));
            }
            for child in self.tree.children(node) {
                let near = depth == 0
                    || matches!(self.rel(child), Deprel::Advmod | Deprel::Aux | Deprel::Mark | Deprel::Det);
                if near && let Some(effect) = self.words[child].hedge {
                    found.push((effect, child));
                }
            }
            let up = self.rel(node);
            if matches!(up, Deprel::Ccomp | Deprel::Parataxis | Deprel::AclRelcl | Deprel::Root) {
                break;
            }
        }
        found
    }

    /// The noun that a relative pronoun stands for, else the token itself.
    fn antecedent(&self, idx: usize) -> usize {
        if !matches!(self.lower(idx), "who" | "which" | "that" | "whom") {
            return idx;
        }
        let clause = self.tree.ancestors(idx).take(4).find(|&n| self.rel(n) == Deprel::AclRelcl);
        clause.and_then(|c| self.tree.head(c)).unwrap_or(idx)
    }

    /// Who does what the verb (or noun of action) says and to whom it is done, wherever the sentence puts them:
    /// "soldiers who were killed", "moved to attack", "carried out strikes", "began shooting at".
    pub fn logical(&self, event: usize) -> (Option<usize>, Option<usize>) {
        self.logical_within(event, 5)
    }

    fn logical_within(&self, event: usize, depth: usize) -> (Option<usize>, Option<usize>) {
        let tree = &self.tree;
        if depth == 0 {
            return (None, None);
        }
        let child = |rels: &[Deprel]| tree.child(event, rels).map(|c| self.antecedent(c));
        let governor = tree.head(event);
        let above = |n: usize| self.logical_within(n, depth - 1);
        if self.pos(event) != Upos::Verb {
            let by = tree.children(event).find(|&c| self.rel(c) == Deprel::Nmod && tree.case(c) == "by");
            let mut subject = by.or(child(&[Deprel::NmodPoss]));
            // "carried out strikes", "the strikes were carried out by": what the verb's subject does.
            if subject.is_none()
                && let Some(verb) = governor.filter(|&g| self.pos(g) == Upos::Verb)
                && matches!(self.rel(event), Deprel::Obj | Deprel::NsubjPass)
            {
                subject = above(verb).0;
            }
            let on = tree.children(event).find(|&c| {
                self.rel(c) == Deprel::Nmod && matches!(tree.case(c), "on" | "against" | "at" | "of")
            });
            return (subject, on);
        }
        let relation = self.rel(event);
        if self.passive(event) {
            let agent = tree.child(event, &[Deprel::OblAgent]).or_else(|| {
                tree.children(event).find(|&c| self.rel(c) == Deprel::Obl && tree.case(c) == "by")
            });
            let object = child(&[Deprel::NsubjPass, Deprel::Nsubj]).or_else(|| match relation {
                Deprel::Acl | Deprel::AclRelcl => governor,
                Deprel::Conj | Deprel::Xcomp => {
                    governor.filter(|&g| self.pos(g) == Upos::Verb).and_then(|g| above(g).1)
                }
                _ => None,
            });
            return (agent, object);
        }
        let object = child(&[Deprel::Obj]).or_else(|| {
            let gap =
                relation == Deprel::AclRelcl && child(&[Deprel::Nsubj]).is_some_and(|s| Some(s) != governor);
            governor.filter(|_| gap)
        });
        if let Some(subject) = child(&[Deprel::Nsubj]) {
            return (Some(subject), object);
        }
        let Some(governor) = governor else { return (None, object) };
        let verb = self.pos(governor) == Upos::Verb;
        let subject = match relation {
            Deprel::AclRelcl => Some(governor),
            Deprel::Acl if self.lower(event).ends_with("ing") => Some(governor),
            // "an attempt to ambush": the subject of what the noun depends on.
            Deprel::Acl => above(governor).0.or_else(|| {
                tree.head(governor).filter(|&g| self.pos(g) == Upos::Verb).and_then(|g| above(g).0)
            }),
            Deprel::Xcomp if verb => {
                let (subject, object) = above(governor);
                if self.passive(governor) { object } else { tree.child(governor, &[Deprel::Obj]).or(subject) }
            }
            Deprel::Conj | Deprel::Advcl | Deprel::Parataxis if verb => {
                let (subject, object) = above(governor);
                if self.passive(governor) { object } else { subject }
            }
            // "by dropping a grenade", "accused of bombing", as prepositional clauses of nouns and verbs.
            Deprel::Obl | Deprel::Nmod if verb => above(governor).0,
            _ => None,
        };
        (subject, object)
    }

    /// The nearest verb above the token (or itself) that heads a clause.
    pub fn clause(&self, idx: usize) -> usize {
        let up = self.tree.ancestors(idx).take(6);
        up.into_iter().find(|&n| self.pos(n) == Upos::Verb && self.rel(n) != Deprel::Amod).unwrap_or(idx)
    }

    /// Tense and mood of a verb as far as forms tell: `past`, `present`, `perfect`, `ing`, `to`, `modal`, `base`, or
    /// `-` for what is no verb.
    pub fn tense(&self, idx: usize) -> &'static str {
        if !matches!(self.pos(idx), Upos::Verb | Upos::Aux) {
            return "-";
        }
        let mut found = "";
        for child in self.tree.children(idx) {
            match (self.rel(child), self.lower(child)) {
                (Deprel::Aux, "has" | "have" | "had" | "'ve") => found = "perfect",
                (
                    Deprel::Aux,
                    "will" | "would" | "may" | "might" | "could" | "can" | "should" | "must" | "shall"
                    | "'ll",
                ) => {
                    return "modal";
                }
                (Deprel::Aux | Deprel::AuxPass, "was" | "were" | "did") if found.is_empty() => found = "past",
                (Deprel::Aux | Deprel::AuxPass, "is" | "are" | "am" | "do" | "does") if found.is_empty() => {
                    found = "present"
                }
                (Deprel::Mark, "to") => return "to",
                _ => {}
            }
        }
        if !found.is_empty() {
            return found;
        }
        let (form, lemma) = (self.lower(idx), self.lemma(idx));
        if form.ends_with("ing") {
            "ing"
        } else if form == lemma {
            "base"
        } else if form.ends_with('s') && !form.ends_with("ss") {
            "present"
        } else {
            "past"
        }
    }
}
