//! Whom pronouns and descriptions stand for: "he", "its fighters", "the group", "the statement", a bare surname.
//!
//! Start at [`Antecedents::name`]. A page is walked once, and what each phrase of interest names is kept with where it
//! stands. A pronoun or description then takes the nearest earlier phrase of its kind, speakers first: in reports
//! "he said" goes on with the one who spoke last, "the group" with the group spoken of, and a statement speaks for
//! whoever issued it. Nothing fitting gives `None`: the words are kept as they are.

use super::attribution::Attribution;
use super::context::Context;
use hearsay_doc::{Deprel, Upos};

/// What can stand for what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Person,
    Group,
    Document,
}

/// A phrase that names somebody.
#[derive(Debug)]
struct Name {
    head: usize,
    kind: Kind,
    text: String,
}

/// The named phrases of a page, in order.
#[derive(Debug, Default)]
pub(crate) struct Antecedents {
    names: Vec<Name>,
    /// Speakers, by where their cue stands.
    speakers: Vec<(usize, usize)>,
}

/// What a phrase's words say it is; `None` for things.
fn kind(ctx: &Context, head: usize) -> Option<Kind> {
    match ctx.class(head) {
        "official" | "witness" | "civilian" | "family" | "person" | "medic" => Some(Kind::Person),
        "military" | "police" | "militant" | "monitor" | "state" | "organisation" | "organization"
        | "group" | "media" | "people" | "demonym" => Some(Kind::Group),
        "document" => Some(Kind::Document),
        _ => None,
    }
}

/// A phrase without its leading article.
fn bare(text: &str) -> &str {
    ["The ", "the ", "A ", "a ", "An ", "an "]
        .iter()
        .find_map(|article| text.strip_prefix(article))
        .unwrap_or(text)
}

fn is_name(ctx: &Context, head: usize) -> bool {
    ctx.pos(head) == Upos::Propn
        || ctx.actor(head).is_some()
        || matches!(ctx.tree.mention(head), "person" | "organization")
}

impl Antecedents {
    /// Walks the page; `chains` are the acts of saying behind its events.
    pub fn new<'c>(ctx: &Context, chains: impl Iterator<Item = &'c [Attribution]>) -> Self {
        let mut names = Vec::new();
        for head in ctx.tree.noun_phrases(0..ctx.len()) {
            if !is_name(ctx, head) || ctx.furniture[head] || ctx.date_of[head] > 0 {
                continue;
            }
            let known = ctx.actor(head);
            let kind = match ctx.tree.mention(head) {
                _ if known.is_some() => Some(Kind::Group),
                "person" => Some(Kind::Person),
                "organization" => Some(Kind::Group),
                _ => kind(ctx, head),
            };
            if let Some(kind) = kind {
                let text = bare(ctx.doc.slice(ctx.phrase(head))).to_owned();
                names.push(Name { head, kind, text });
            }
        }
        let mut speakers: Vec<(usize, usize)> =
            chains.flatten().filter_map(|link| Some((link.cue, link.source?))).collect();
        speakers.sort_unstable();
        speakers.dedup();
        Antecedents { names, speakers }
    }

    /// Whom the phrase stands for, where it is no full name itself.
    pub fn name(&self, ctx: &Context, head: usize) -> Option<String> {
        self.follow(ctx, head, 3)
    }

    fn follow(&self, ctx: &Context, head: usize, depth: usize) -> Option<String> {
        if depth == 0 {
            return None;
        }
        if let Some(actor) = ctx.actor(head) {
            let text = bare(ctx.doc.slice(ctx.phrase(head)));
            return (text != actor.name).then(|| actor.name.to_owned());
        }
        if ctx.pos(head) == Upos::Pron {
            return self.pronoun(ctx, head, depth);
        }
        if is_name(ctx, head) {
            return self.full_name(ctx, head);
        }
        // "its fighters", "our spokesman": the side of the owner. "Its neighbour", "his brother", "their bodies" are not.
        let other = matches!(
            ctx.lemma(head),
            "ally"
                | "enemy"
                | "foe"
                | "rival"
                | "opponent"
                | "adversary"
                | "neighbour"
                | "neighbor"
                | "partner"
        );
        let own = !other && (kind(ctx, head) == Some(Kind::Group) || ctx.class(head) == "official");
        if own
            && let Some(owner) =
                ctx.tree.child(head, &[Deprel::NmodPoss]).filter(|&o| ctx.pos(o) == Upos::Pron)
        {
            return self.follow(ctx, owner, depth - 1);
        }
        let definite = matches!(ctx.determiner(head), "the" | "this");
        match kind(ctx, head).filter(|_| definite)? {
            Kind::Document => self.issuer(ctx, head, depth),
            // "The rebels" and "the police" may be anybody's; "the group" was named.
            Kind::Group => {
                let lemma = ctx.lemma(head);
                let described = matches!(
                    lemma,
                    "group"
                        | "movement"
                        | "organisation"
                        | "organization"
                        | "resistance"
                        | "outfit"
                        | "faction"
                        | "network"
                );
                described.then(|| self.group(ctx, head)).flatten()
            }
            Kind::Person => None,
        }
    }

    fn pronoun(&self, ctx: &Context, head: usize, depth: usize) -> Option<String> {
        let wanted = match ctx.lower(head) {
            "he" | "she" | "him" | "his" | "her" => Kind::Person,
            "it" | "its" | "they" | "them" | "their" => Kind::Group,
            "we" | "our" | "us" | "i" | "my" => {
                // Inside a quotation: its speaker. A page that says "we" itself names nobody.
                let quote = ctx.tree.quote[head];
                let own = self.speakers.iter().filter(|(cue, source)| {
                    (ctx.tree.quote[*cue] != quote || quote == 0) && ctx.pos(*source) != Upos::Pron
                });
                let (_, speaker) = own.min_by_key(|(cue, _)| cue.abs_diff(head))?;
                return self.follow(ctx, *speaker, depth - 1).or_else(|| Some(self.words(ctx, *speaker)));
            }
            _ => return None,
        };
        let sentence = ctx.tree.sentence(head);
        let is_person =
            |source: usize| kind(ctx, source) == Some(Kind::Person) || ctx.tree.mention(source) == "person";
        let fits =
            |source: usize| ctx.pos(source) != Upos::Pron && is_person(source) == (wanted == Kind::Person);
        let full =
            |source: usize| self.follow(ctx, source, depth - 1).or_else(|| Some(self.words(ctx, source)));
        // "Kalvia denied that it had …", "the group said its fighters …": the speaker of the clause that holds it.
        let own = self.speakers.iter().find(|(cue, source)| {
            // A lone name that the name finder takes for a person may be a state's: "it" says so.
            let lone = ctx.pos(*source) == Upos::Propn && ctx.tree.children(*source).next().is_none();
            let it = matches!(ctx.lower(head), "it" | "its");
            *source < head && *cue != head && ctx.tree.dominates(*cue, head) && (fits(*source) || it && lone)
        });
        if let Some((_, source)) = own {
            return full(*source);
        }
        // The last speaker of that kind goes on speaking.
        let near = |at: usize| at < head && sentence - ctx.tree.sentence(at) <= 3;
        let is_source = self.speakers.iter().any(|(_, source)| *source == head);
        let spoke =
            self.speakers.iter().rev().find(|(cue, source)| near(*source) && *cue != head && fits(*source));
        if let Some((_, source)) = spoke.filter(|_| is_source) {
            return full(*source);
        }
        // Else the nearest name within three sentences, subjects first: what a sentence is about goes on being it.
        let names = || {
            self.names
                .iter()
                .rev()
                .filter(|name| name.kind == wanted && near(name.head) && ctx.class(name.head) != "media")
        };
        let subject = |name: &&Name| matches!(ctx.rel(name.head), Deprel::Nsubj | Deprel::NsubjPass);
        let name = names().find(subject).or_else(|| names().next())?;
        self.full_name(ctx, name.head).or_else(|| Some(name.text.clone()))
    }

    fn words(&self, ctx: &Context, head: usize) -> String {
        bare(ctx.doc.slice(ctx.phrase(head))).to_owned()
    }

    /// "Kanaani" after "Nasser Kanaani": the first longer name that ends in it.
    fn full_name(&self, ctx: &Context, head: usize) -> Option<String> {
        let short = bare(ctx.doc.slice(ctx.phrase(head)));
        let last = short.rsplit(' ').next()?;
        let name = self.names.iter().find(|name| {
            name.head < head
                && name.text.len() > short.len()
                && name.text.ends_with(last)
                && name.kind == Kind::Person
        })?;
        Some(name.text.clone())
    }

    /// Who issued a statement: whoever it is said to be by, else the last group that spoke, else the group that the
    /// page names most.
    fn issuer(&self, ctx: &Context, head: usize, depth: usize) -> Option<String> {
        let by = ctx.tree.children(head).find(|&c| {
            matches!(ctx.rel(c), Deprel::Nmod | Deprel::NmodPoss | Deprel::Compound)
                && matches!(ctx.tree.case(c), "by" | "of" | "from" | "-" | "'s")
                && kind(ctx, c).is_some()
        });
        if let Some(by) = by {
            return self.follow(ctx, by, depth - 1).or_else(|| Some(self.words(ctx, by)));
        }
        let last = self.speakers.iter().rev().find(|(cue, source)| {
            *cue < head
                && ctx.tree.sentence(head) - ctx.tree.sentence(*cue) <= 3
                && kind(ctx, *source) == Some(Kind::Group)
        });
        let named = last.and_then(|(_, source)| {
            self.follow(ctx, *source, depth - 1)
                .or_else(|| is_name(ctx, *source).then(|| self.words(ctx, *source)))
        });
        named.or_else(|| self.group(ctx, head))
    }

    /// The group that "the group" means: of those named before and after, the one named most, the nearest of equals.
    fn group(&self, ctx: &Context, head: usize) -> Option<String> {
        let groups = || {
            self.names
                .iter()
                .filter(|n| n.kind == Kind::Group && ctx.actor(n.head).is_none_or(|a| a.kind != "state"))
        };
        let count = |text: &str| groups().filter(|n| n.text == text).count();
        let best = groups().max_by_key(|n| (count(&n.text), std::cmp::Reverse(n.head.abs_diff(head))))?;
        Some(ctx.actor(best.head).map_or_else(|| best.text.clone(), |actor| actor.name.to_owned()))
    }

    /// The side of the phrase: the dictionary's, for it, for whom it stands for, or for the body that a person is said
    /// to speak or work for ("Pentagon Press Secretary Peter Cook", later "Cook"); else the name itself.
    pub fn side(&self, ctx: &Context, head: usize) -> Option<String> {
        let listed = |idx: usize| {
            let actor = ctx.actor(idx)?;
            Some(if actor.side == "-" { actor.id } else { actor.side }.to_owned())
        };
        if let Some(side) = listed(head) {
            return Some(side);
        }
        // "the group's fighters", "fighters of the group", "group fighters".
        let mut owners = ctx.tree.children(head).filter(|&c| match ctx.rel(c) {
            Deprel::NmodPoss | Deprel::Compound => true,
            Deprel::Nmod => matches!(ctx.tree.case(c), "of" | "from"),
            _ => false,
        });
        if let Some(side) = owners.find_map(listed) {
            return Some(side);
        }
        let office = |head: usize| {
            let (first, last) = ctx.speaker_tokens(head);
            let beside = ctx.tree.children(head).filter(|&c| ctx.rel(c) == Deprel::Appos);
            let beside = beside.flat_map(|c| {
                let (first, last) = ctx.speaker_tokens(c);
                first..=last
            });
            (first..=last).chain(beside).find_map(listed)
        };
        let speaks = kind(ctx, head) == Some(Kind::Person) || ctx.tree.mention(head) == "person";
        if speaks && let Some(side) = office(head) {
            return Some(side);
        }
        let name = self.name(ctx, head);
        let full =
            name.as_ref().and_then(|name| self.names.iter().find(|n| n.text == *name && n.head != head));
        if let Some(side) = full.and_then(|full| listed(full.head).or_else(|| office(full.head))) {
            return Some(side);
        }
        name.or_else(|| is_name(ctx, head).then(|| self.words(ctx, head)))
    }
}
