//! Closed vocabularies. Each label has one word, the one in the public record or in CoNLL-U.

use std::fmt;
use std::str::FromStr;

/// A word that is not in a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLabel {
    /// The vocabulary.
    pub vocabulary: &'static str,
    /// The word.
    pub word: String,
}

impl fmt::Display for UnknownLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no {}", self.word, self.vocabulary)
    }
}

impl std::error::Error for UnknownLabel {}

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal, $says:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $(#[doc = $says] $variant,)* }

        impl $name {
            /// Every label, in order of its number.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The label's word.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownLabel;

            fn from_str(word: &str) -> Result<Self, UnknownLabel> {
                match word {
                    $($word => Ok($name::$variant),)*
                    _ => Err(UnknownLabel { vocabulary: stringify!($name), word: word.to_owned() }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

labels! {
    #[doc = "Universal parts of speech."]
    Upos {
        Adj = "ADJ", "adjective";
        Adp = "ADP", "adposition";
        Adv = "ADV", "adverb";
        Aux = "AUX", "auxiliary";
        Cconj = "CCONJ", "coordinating conjunction";
        Det = "DET", "determiner";
        Intj = "INTJ", "interjection";
        Noun = "NOUN", "noun";
        Num = "NUM", "numeral";
        Part = "PART", "particle";
        Pron = "PRON", "pronoun";
        Propn = "PROPN", "proper noun";
        Punct = "PUNCT", "punctuation";
        Sconj = "SCONJ", "subordinating conjunction";
        Sym = "SYM", "symbol";
        Verb = "VERB", "verb";
        X = "X", "other";
    }
}

labels! {
    #[doc = "Universal Dependencies relations with the subtypes of the English treebanks."]
    Deprel {
        Acl = "acl", "`acl`";
        AclRelcl = "acl:relcl", "`acl:relcl`";
        Advcl = "advcl", "`advcl`";
        AdvclRelcl = "advcl:relcl", "`advcl:relcl`";
        Advmod = "advmod", "`advmod`";
        Amod = "amod", "`amod`";
        Appos = "appos", "`appos`";
        Aux = "aux", "`aux`";
        AuxPass = "aux:pass", "`aux:pass`";
        Case = "case", "`case`";
        Cc = "cc", "`cc`";
        CcPreconj = "cc:preconj", "`cc:preconj`";
        Ccomp = "ccomp", "`ccomp`";
        Compound = "compound", "`compound`";
        CompoundPrt = "compound:prt", "`compound:prt`";
        Conj = "conj", "`conj`";
        Cop = "cop", "`cop`";
        Csubj = "csubj", "`csubj`";
        CsubjOuter = "csubj:outer", "`csubj:outer`";
        CsubjPass = "csubj:pass", "`csubj:pass`";
        Dep = "dep", "`dep`";
        Det = "det", "`det`";
        DetPredet = "det:predet", "`det:predet`";
        Discourse = "discourse", "`discourse`";
        Dislocated = "dislocated", "`dislocated`";
        Expl = "expl", "`expl`";
        Fixed = "fixed", "`fixed`";
        Flat = "flat", "`flat`";
        Goeswith = "goeswith", "`goeswith`";
        Iobj = "iobj", "`iobj`";
        List = "list", "`list`";
        Mark = "mark", "`mark`";
        Nmod = "nmod", "`nmod`";
        NmodDesc = "nmod:desc", "`nmod:desc`";
        NmodPoss = "nmod:poss", "`nmod:poss`";
        NmodUnmarked = "nmod:unmarked", "`nmod:unmarked`";
        Nsubj = "nsubj", "`nsubj`";
        NsubjOuter = "nsubj:outer", "`nsubj:outer`";
        NsubjPass = "nsubj:pass", "`nsubj:pass`";
        Nummod = "nummod", "`nummod`";
        Obj = "obj", "`obj`";
        Obl = "obl", "`obl`";
        OblAgent = "obl:agent", "`obl:agent`";
        OblUnmarked = "obl:unmarked", "`obl:unmarked`";
        Orphan = "orphan", "`orphan`";
        Parataxis = "parataxis", "`parataxis`";
        Punct = "punct", "`punct`";
        Reparandum = "reparandum", "`reparandum`";
        Root = "root", "`root`";
        Vocative = "vocative", "`vocative`";
        Xcomp = "xcomp", "`xcomp`";
    }
}

labels! {
    #[doc = "What a name names."]
    MentionKind {
        Person = "person", "a person";
        Organization = "organization", "an organisation, army, armed group, agency";
        Location = "location", "a place or facility";
        Group = "group", "nationalities, religious or political groups (NORP)";
        Misc = "misc", "any other name";
    }
}

labels! {
    #[doc = "The reader's ten event types, PLOVER's words."]
    EventType {
        Assault = "ASSAULT", "physical violence against people or things";
        Coerce = "COERCE", "arrest, seizure, siege, curfew, deportation";
        Mobilize = "MOBILIZE", "moving, deploying, arming forces; drills";
        Protest = "PROTEST", "demonstrations, riots, strikes";
        Sanction = "SANCTION", "cutting ties, sanctions, expelling, convicting";
        Threaten = "THREATEN", "a threat or warning of force or harm";
        Retreat = "RETREAT", "withdrawal, release, disarmament, ceasefire taking effect";
        Agree = "AGREE", "agreements, deals, truces reached";
        Aid = "AID", "humanitarian or military aid, evacuation";
        Toll = "TOLL", "a count of people harmed that hangs on no event word, or a running total";
    }
}

labels! {
    #[doc = "How an event was done."]
    Mode {
        Abduct = "abduct", "abduct";
        Beat = "beat", "beat";
        Torture = "torture", "torture";
        Sexual = "sexual", "sexual";
        Targeted = "targeted", "targeted";
        Destroy = "destroy", "destroy";
        Primitive = "primitive", "primitive";
        Firearms = "firearms", "firearms";
        Explosives = "explosives", "explosives";
        SuicideAttack = "suicide-attack", "suicide attack";
        Aerial = "aerial", "aerial";
        Drone = "drone", "drone";
        HeavyWeapons = "heavy-weapons", "heavy weapons";
        Clash = "clash", "clash";
        Chemical = "chemical", "chemical";
        CrowdControl = "crowd-control", "crowd control";
        Unconventional = "unconventional", "unconventional";
        Arrest = "arrest", "arrest";
        Seize = "seize", "seize";
        Restrict = "restrict", "restrict";
        Curfew = "curfew", "curfew";
        Deport = "deport", "deport";
        Siege = "siege", "siege";
        Troops = "troops", "troops";
        Weapons = "weapons", "weapons";
        Police = "police", "police";
        Militia = "militia", "militia";
        Demo = "demo", "demo";
        Riot = "riot", "riot";
        Strike = "strike", "strike";
        Violence = "violence", "violence";
        Other = "other", "other";
        Withdraw = "withdraw", "withdraw";
        Release = "release", "release";
        Disarm = "disarm", "disarm";
        Ceasefire = "ceasefire", "ceasefire";
    }
}

labels! {
    #[doc = "Whether the event is said to have happened."]
    Modality {
        Actual = "actual", "it happened";
        Attempted = "attempted", "it was tried and failed, was foiled or intercepted";
        Planned = "planned", "it is intended";
        Threatened = "threatened", "somebody threatens it";
        Hypothetical = "hypothetical", "it may happen or may have happened";
        NotHappened = "not_happened", "it did not happen";
    }
}

labels! {
    #[doc = "What a source does with the event."]
    Stance {
        Asserts = "asserts", "says that it is so";
        Denies = "denies", "says that it is not so";
        Confirms = "confirms", "says that what others said is so";
        Doubts = "doubts", "says that it cannot tell";
        Suspects = "suspects", "says that it may be so";
    }
}

labels! {
    #[doc = "Where the last source stands in the event."]
    Position {
        Actor = "actor", "the one who did it, or its side";
        Recipient = "recipient", "the one to whom it was done, or its side";
        Third = "third", "neither";
        Unknown = "unknown", "cannot be told";
    }
}

labels! {
    #[doc = "MUC-4's perpetrator confidence, derived from stance and position."]
    Responsibility {
        ClaimedOrAdmitted = "claimed_or_admitted", "the actor says so";
        AccusedByAuthorities = "accused_by_authorities", "a state body says so";
        SuspectedOrAccused = "suspected_or_accused", "somebody else says or suspects so";
        Possible = "possible", "it may be so";
        ReportedAsFact = "reported_as_fact", "the outlet says so in its own voice";
        Denied = "denied", "the source denies it";
    }
}

labels! {
    #[doc = "What a figure counts."]
    Measure {
        Killed = "killed", "people killed";
        Injured = "injured", "people injured";
        Missing = "missing", "people missing";
        Detained = "detained", "people detained";
        Displaced = "displaced", "people displaced";
        Abducted = "abducted", "people abducted";
    }
}

labels! {
    #[doc = "Who was counted."]
    Population {
        Civilians = "civilians", "civilians";
        Children = "children", "children";
        Women = "women", "women";
        Militants = "militants", "militants";
        Soldiers = "soldiers", "soldiers";
        Police = "police", "police";
    }
}

labels! {
    #[doc = "What a figure covers."]
    Scope {
        Event = "event", "this event";
        Cumulative = "cumulative", "a running total over a period";
    }
}

labels! {
    #[doc = "How fine a resolved place is."]
    PlacePrecision {
        Facility = "facility", "a building, camp or base";
        Settlement = "settlement", "a city, town or village";
        Admin2 = "admin2", "a district";
        Admin1 = "admin1", "a province";
        Country = "country", "a country";
        Region = "region", "an area that no border draws";
    }
}
