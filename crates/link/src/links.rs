//! What linking gives: copies, incidents, origins, statuses, tolls; plain data, ready for JSON.
//!
//! Start at [`Links`]. Pages are named by their key (what the caller added them under) and by `document.name`, places in
//! texts are code points as everywhere outside hearsay. [`Links::export`] is the short form that scorers read.

use serde::{Deserialize, Serialize};

/// Everything that was found between pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Links {
    /// Who copied whom, by the copy's place in time.
    pub copies: Vec<Copy>,
    /// Groups of pages with one text behind them, each in order of time; by their first page.
    pub groups: Vec<Vec<PageName>>,
    /// Incidents by their first report.
    pub incidents: Vec<Incident>,
}

/// A page, by both its names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageName {
    /// What it was added under.
    pub key: String,
    /// `document.name`.
    pub name: String,
}

/// One page taken from another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Copy {
    /// The copy.
    pub report: PageName,
    /// What it was taken from.
    pub of: PageName,
    /// `verbatim`, `trimmed`, `rewritten`, `quoted_paragraph` or `forward`.
    pub kind: String,
    /// How it is known which was first: `time`, `credit`, `forward`, `attribution`, `quotation marks`, `unknown`.
    pub direction: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
}

/// A piece of evidence for an edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// `shared text`, `credit`, `forward` or `attribution`.
    pub kind: String,
    /// Where it stands in the copy, in code points.
    pub here: Option<(u32, u32)>,
    /// Where it stands in the original.
    pub there: Option<(u32, u32)>,
}

/// One thing in the world that reports tell of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Stable while its first report is the same.
    pub id: String,
    /// The reader's event type that most of its claims have.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it was done, where the claims say so.
    pub mode: Option<String>,
    /// First day, ISO 8601.
    pub date: Option<String>,
    /// Last day.
    pub until: Option<String>,
    /// The place that its reports name most.
    pub place: Option<String>,
    /// Degrees north, where the gazetteer knows the place.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Reports that tell it as news, in order of time.
    pub reports: Vec<Report>,
    /// Pages that only recall it.
    pub mentioned_in: Vec<Report>,
    /// Independent first sources.
    pub origins: Vec<Origin>,
    /// Those who deny it, or their part in it.
    pub denied_by: Vec<Party>,
    /// Those who say that it was their own doing.
    pub claimed_by: Vec<Party>,
    /// Those who took it back.
    pub retracted_by: Vec<Party>,
    /// What that comes to.
    pub status: Status,
    /// Counts of the harmed, by when they were given.
    pub toll: Vec<Toll>,
    /// Figures by the rules of others, from the same rows.
    pub figures: Vec<Figure>,
}

/// A page's part in an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The page.
    pub page: PageName,
    /// Who published it.
    pub outlet: Option<String>,
    /// When.
    pub published: Option<String>,
    /// Ids of its claims that belong to the incident.
    pub claims: Vec<String>,
}

/// Words in a report that show something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The page.
    pub page: PageName,
    /// First code point and one past the last.
    pub at: (u32, u32),
    /// The claim that says so, if one does.
    pub claim: Option<String>,
}

/// An independent first source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Who.
    pub name: String,
    /// `side`, `group`, `hospital`, `monitor`, `witness`, `unnamed` or `outlet`.
    pub kind: String,
    /// Why it counts as one.
    pub rule: String,
    /// Where it is said, the earliest first.
    pub evidence: Vec<Shown>,
}

/// Somebody with a part in an incident, and where that is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub name: String,
    /// Where it is said.
    pub evidence: Vec<Shown>,
}

/// The status of an incident, and what others would call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// `single_source`, `single_side`, `acknowledged`, `contested` or `independently_reported`.
    pub word: String,
    /// The rule that gave the word.
    pub rule: String,
    /// Proposal: Airwars' word.
    pub airwars: String,
    /// Proposal: the Admiralty code's digit for credibility.
    pub admiralty: u8,
}

/// One count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toll {
    /// The day on which it was given.
    pub said_on: Option<String>,
    /// Who counted.
    pub by: String,
    /// At least and at most so many killed.
    pub killed: Option<(Option<u64>, Option<u64>)>,
    /// At least and at most so many injured.
    pub injured: Option<(Option<u64>, Option<u64>)>,
    /// `first`, `up`, `down` or `same`, against the same counter's last count of the killed.
    pub revision: String,
    /// Where it stands.
    pub shown: Shown,
}

/// A figure for the killed by somebody's published rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The rule: `ACLED`, `UCDP low`, `UCDP best`, `UCDP high`.
    pub rule: String,
    /// The number.
    pub killed: u64,
    /// What the rule does, in a sentence.
    pub how: String,
}

/// The short form: `hearsay export links --json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Copies by document names.
    pub copies: Vec<ExportedCopy>,
    /// Incidents with their reports by document names.
    pub incidents: Vec<ExportedIncident>,
}

/// A copy in the short form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedCopy {
    /// The copy.
    pub report: String,
    /// The original.
    pub of: String,
    /// As in [`Copy::kind`].
    pub kind: String,
}

/// An incident in the short form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportedIncident {
    /// As in [`Incident::id`].
    pub id: String,
    /// Reports that tell it as news.
    pub reports: Vec<String>,
    /// Reports that only recall it.
    pub mentioned_in: Vec<String>,
    /// First day.
    pub date: Option<String>,
    /// Place.
    pub place: Option<String>,
    /// How many independent origins there are.
    pub independent_origins: usize,
    /// Who they are.
    pub origins: Vec<String>,
    /// The status's word.
    pub status: String,
    /// Counts.
    pub toll: Vec<ExportedToll>,
}

/// A count in the short form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedToll {
    /// The day on which it was given.
    pub said_on: Option<String>,
    /// Who counted.
    pub by: String,
    /// At least and at most.
    pub killed: Option<(Option<u64>, Option<u64>)>,
    /// At least and at most.
    pub injured: Option<(Option<u64>, Option<u64>)>,
}

impl Links {
    /// The short form, by document names.
    pub fn export(&self) -> Export {
        let copy = |copy: &Copy| ExportedCopy {
            report: copy.report.name.clone(),
            of: copy.of.name.clone(),
            kind: copy.kind.clone(),
        };
        let names = |reports: &[Report]| reports.iter().map(|report| report.page.name.clone()).collect();
        let toll = |toll: &Toll| ExportedToll {
            said_on: toll.said_on.clone(),
            by: toll.by.clone(),
            killed: toll.killed,
            injured: toll.injured,
        };
        let incident = |incident: &Incident| ExportedIncident {
            id: incident.id.clone(),
            reports: names(&incident.reports),
            mentioned_in: names(&incident.mentioned_in),
            date: incident.date.clone(),
            place: incident.place.clone(),
            independent_origins: incident.origins.len(),
            origins: incident.origins.iter().map(|origin| origin.name.clone()).collect(),
            status: incident.status.word.clone(),
            toll: incident.toll.iter().map(toll).collect(),
        };
        Export {
            copies: self.copies.iter().map(copy).collect(),
            incidents: self.incidents.iter().map(incident).collect(),
        }
    }
}
