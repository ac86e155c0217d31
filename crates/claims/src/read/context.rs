//! What every step of the reader sees of a page: the parse, the lists' answers, quotations, dates, furniture.

use super::tree::Tree;
use crate::lexicon::{Lexicon, Word};
use crate::resolve::date::FoundDate;
use hearsay_doc::{Deprel, Doc, Page, Span, Upos};

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
    /// Time expressions, in order.
    pub dates: Vec<FoundDate>,
    /// Index in `dates` plus one of the expression that holds the token, 0 outside.
    pub date_of: Vec<u32>,
}

impl<'a> Context<'a> {
    pub fn new(page: &'a Page, doc: &'a Doc, lexicon: &'a Lexicon) -> Self {
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
        let dates = crate::resolve::date::dates(doc, page.published.as_ref().map(|p| p.when));
        let mut date_of = vec![0u32; doc.tokens.len()];
        for (n, date) in dates.iter().enumerate() {
            let range = date.tokens.0 as usize..(date.tokens.1 as usize).min(date_of.len());
            date_of[range].fill(n as u32 + 1);
        }
        Context { page, doc, tree: Tree::new(doc), lexicon, words, furniture, dates, date_of }
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

    pub fn pos(&self, idx: usize) -> Upos {
        self.doc.tokens[idx].upos
    }

    pub fn rel(&self, idx: usize) -> Deprel {
        self.doc.tokens[idx].deprel
    }

    /// What the noun is: the list's class of the word, else what its name names, else its part of speech.
    pub fn class(&self, idx: usize) -> &'static str {
        let word = &self.words[idx];
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
}
