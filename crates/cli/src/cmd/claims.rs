//! `hearsay claims`: the claims of a ledger by what is in them.

use std::process::ExitCode;
use std::str::FromStr;

use hearsay_doc::{EventType, Interval, Measure, Modality, Mode, Position, Stance, UnknownLabel};
use hearsay_ledger::AsOf;
use hearsay_ledger::query::{ClaimQuery, ClaimRow, Cursor};

use crate::cmd::At;
use crate::cmd::rows::{Column, Field, Form};
use crate::failure::{Failure, Stop};

/// `hearsay claims`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    conditions: Conditions,
    #[command(flatten)]
    form: Form,
    /// The oldest first
    #[arg(long)]
    oldest_first: bool,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Go on after this place in the list, as the list before said
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    after: Option<Cursor>,
    /// Print only how many there are
    #[arg(long)]
    count: bool,
}

/// Which claims.
#[derive(Debug, clap::Args)]
struct Conditions {
    /// Words of the sentence: all of them; "a phrase", begin*, -without, one OR other
    #[arg(long, value_name = "WORDS", allow_hyphen_values = true)]
    text: Option<String>,
    /// Who did it: words of the name, or the id in the actor dictionary
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// To whom it was done
    #[arg(long, value_name = "NAME")]
    recipient: Option<String>,
    /// Who vouches for it: the last source, or the outlet where it speaks in its own voice
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Through whom it came: a source before the last
    #[arg(long, value_name = "NAME")]
    through: Option<String>,
    /// Name of the place
    #[arg(long, value_name = "NAME")]
    place: Option<String>,
    /// Within a box: south,west,north,east in degrees
    #[arg(long, value_name = "S,W,N,E", value_parser = numbers::<4>, allow_hyphen_values = true)]
    within: Option<[f64; 4]>,
    /// At most so far from a point: latitude,longitude in degrees, kilometres
    #[arg(long, value_name = "LAT,LON,KM", value_parser = numbers::<3>, allow_hyphen_values = true)]
    near: Option<[f64; 3]>,
    /// Where it happened: ISO 3166-1 code of two capitals
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// Not over before this day: YYYY-MM-DD, YYYY-MM or YYYY
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    since: Option<Interval>,
    /// Begun by this day
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    until: Option<Interval>,
    /// On this day, or in this month or year
    #[arg(long, value_name = "DATE", value_parser = Interval::parse, conflicts_with_all = ["since", "until"])]
    on: Option<Interval>,
    /// Type of the event: ASSAULT, COERCE, …
    #[arg(long = "type", value_name = "TYPE", value_parser = label::<EventType>)]
    kind: Option<String>,
    /// How it was done: drone, firearms, …
    #[arg(long, value_parser = label::<Mode>)]
    mode: Option<String>,
    /// Whether it is said to have happened: actual, attempted, …
    #[arg(long, value_parser = label::<Modality>)]
    modality: Option<String>,
    /// What the source does with it: asserts, denies, confirms, doubts, suspects
    #[arg(long, value_parser = label::<Stance>)]
    stance: Option<String>,
    /// Where the source stands: actor, recipient, third, unknown
    #[arg(long, value_parser = label::<Position>)]
    position: Option<String>,
    /// Who published it, the whole name
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// With figures of: killed, injured, missing, detained, displaced, abducted
    #[arg(long, value_parser = label::<Measure>)]
    figures: Option<String>,
    /// Of this report: its name, or 8 digits of its key at least
    #[arg(long, value_name = "REPORT")]
    report: Option<String>,
    /// Of this copy group
    #[arg(long, value_name = "ID")]
    copies: Option<String>,
    /// Of this incident
    #[arg(long, value_name = "ID")]
    incident: Option<String>,
    /// As the ledger knew it at the end of this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = Interval::parse)]
    as_of: Option<Interval>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let ledger = self.at.open()?;
        let Conditions { since, until, on, report, copies, incident, as_of, .. } = &self.conditions;
        let page = match report {
            Some(report) => Some(one_page(&self.at, &ledger, report)?),
            None => None,
        };
        let as_of = match as_of {
            Some(day) => ledger.as_of(day.end).map_err(|error| self.at.stop(error))?,
            None => AsOf::Now,
        };
        let link = |kind: &str, id: &Option<String>| id.as_ref().map(|id| (kind.to_owned(), id.clone()));
        let conditions = &self.conditions;
        let query = ClaimQuery {
            text: conditions.text.clone(),
            actor: conditions.actor.clone(),
            recipient: conditions.recipient.clone(),
            source: conditions.source.clone(),
            through: conditions.through.clone(),
            place: conditions.place.clone(),
            within: conditions.within,
            near: conditions.near,
            country: conditions.country.clone(),
            since: since.or(*on).map(|day| day.start.days()),
            until: until.or(*on).map(|day| day.end.days()),
            kind: conditions.kind.clone(),
            mode: conditions.mode.clone(),
            modality: conditions.modality.clone(),
            stance: conditions.stance.clone(),
            position: conditions.position.clone(),
            outlet: conditions.outlet.clone(),
            measure: conditions.figures.clone(),
            page,
            link: link("copies", copies).or(link("incident", incident)),
            as_of,
            oldest_first: self.oldest_first,
            limit: self.limit,
            after: self.after,
        };
        if self.count {
            let n = ledger.count_claims(&query).map_err(|error| self.at.stop(error))?;
            println!("{n}");
            return Ok(ExitCode::SUCCESS);
        }
        let listed = ledger.claims(&query).map_err(|error| self.at.stop(error))?;
        let next = listed.next.map(|next| next.to_string());
        self.form.print("hearsay.claims/1", &listed.rows, next, TABLE, ALL)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The one page that is meant.
pub(crate) fn one_page(at: &At, ledger: &hearsay_ledger::Ledger, words: &str) -> Result<i64, Stop> {
    let pages = ledger.find_pages(words).map_err(|error| at.stop(error))?;
    let failure = match pages.as_slice() {
        [page] => return Ok(*page),
        [] => Failure::new(words, "there is no such report in the ledger")
            .hint("hearsay search finds reports by words"),
        several => {
            let mut keys = Vec::new();
            for page in several.iter().take(5) {
                keys.extend(
                    ledger.kept(*page).map_err(|error| at.stop(error))?.map(|kept| kept.key[..12].to_owned()),
                );
            }
            let reason = format!("{} reports have this name: {}", several.len(), keys.join(", "));
            Failure::new(words, reason).hint("name one by its key")
        }
    };
    Err(Stop::Broken(failure))
}

/// So many numbers with commas between.
fn numbers<const N: usize>(words: &str) -> Result<[f64; N], String> {
    let parts: Vec<f64> = words
        .split(',')
        .map(|part| part.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|_| format!("{words:?} is not {N} numbers with commas between"))?;
    parts.try_into().map_err(|parts: Vec<f64>| format!("{N} numbers are wanted, there are {}", parts.len()))
}

/// A word of a closed vocabulary.
fn label<T: FromStr<Err = UnknownLabel>>(word: &str) -> Result<String, UnknownLabel> {
    word.parse::<T>().map(|_| word.to_owned())
}

const TABLE: &[Column<ClaimRow>] = &[
    ("claim", |row| Field::words(&row.claim)),
    ("day", |row| Field::maybe(&row.day)),
    ("type", |row| Field::words(row.kind.to_lowercase())),
    ("stance", |row| Field::words(&row.stance)),
    ("source", |row| Field::maybe(&row.source)),
    ("actor", |row| Field::maybe(&row.actor)),
    ("recipient", |row| Field::maybe(&row.recipient)),
    ("place", |row| Field::maybe(&row.place)),
    ("figures", |row| Field::words(row.figures.join("; "))),
    ("report", |row| Field::words(&row.report)),
];

const ALL: &[Column<ClaimRow>] = &[
    ("claim", |row| Field::words(&row.claim)),
    ("report", |row| Field::words(&row.report)),
    ("outlet", |row| Field::maybe(&row.outlet)),
    ("title", |row| Field::maybe(&row.title)),
    ("url", |row| Field::maybe(&row.url)),
    ("day", |row| Field::maybe(&row.day)),
    ("first", |row| Field::maybe(&row.first)),
    ("last", |row| Field::maybe(&row.last)),
    ("type", |row| Field::words(&row.kind)),
    ("mode", |row| Field::maybe(&row.mode)),
    ("modality", |row| Field::words(&row.modality)),
    ("stance", |row| Field::words(&row.stance)),
    ("position", |row| Field::words(&row.position)),
    ("responsibility", |row| Field::maybe(&row.responsibility)),
    ("source", |row| Field::maybe(&row.source)),
    ("actor", |row| Field::maybe(&row.actor)),
    ("recipient", |row| Field::maybe(&row.recipient)),
    ("place", |row| Field::maybe(&row.place)),
    ("lat", |row| row.lat.map_or(Field::Empty, Field::number)),
    ("lon", |row| row.lon.map_or(Field::Empty, Field::number)),
    ("country", |row| Field::maybe(&row.country)),
    ("figures", |row| Field::words(row.figures.join("; "))),
    ("trigger", |row| Field::words(&row.trigger)),
    ("sentence", |row| Field::words(&row.sentence)),
    ("confidence", |row| Field::number(row.confidence)),
];
