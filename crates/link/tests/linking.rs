//! Linking as its callers see it: readings in, links out. The pages carry no claims: what is found here is found from
//! words, names and days alone, as on a page whose claims were all missed.

use hearsay_doc::record::{Claim, Document, Event, Published, Range, Record, SCHEMA, Words};
use hearsay_link::links::{Incident, Toll};
use hearsay_link::{Bond, Linker, Links};

/// Name, outlet, day and hour, headline, text.
type Told<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn record(&(name, outlet, when, title, text): &Told<'_>) -> Record {
    let (day, clock) = when.split_once(' ').unwrap_or((when, ""));
    let at = text.split_whitespace().next().map_or(0, |word| word.chars().count()) as u32;
    // One claim without slots: something for a person's decision to hold on to.
    let claim = Claim {
        id: "c1".into(),
        sentence: Range { start: 0, end: at },
        chain: Vec::new(),
        stance: "asserts".into(),
        position: "third".into(),
        responsibility: None,
        event: Event {
            trigger: Words { start: 0, end: at, text: text.split_whitespace().next().unwrap_or("").into() },
            kind: "ASSAULT".into(),
            mode: None,
            modality: "actual".into(),
            actor: Vec::new(),
            recipient: Vec::new(),
            instrument: Vec::new(),
            place: Vec::new(),
            country: None,
            time: None,
        },
        figures: Vec::new(),
        confidence: 0.5,
        by: "test".into(),
        why: Vec::new(),
    };
    Record {
        schema: SCHEMA.into(),
        document: Document {
            id: format!("sha256:{name}"),
            name: name.into(),
            capture: format!("sha256:{name}"),
            kind: if outlet.ends_with("Channel") { "post" } else { "article" }.into(),
            url: None,
            title: (!title.is_empty()).then(|| title.into()),
            outlet: Some(outlet.into()),
            credits: Vec::new(),
            byline: None,
            language: None,
            published: Some(Published { value: day.into(), precision: "day".into(), from: "given".into() }),
            clock: (!clock.is_empty()).then(|| clock.into()),
            text: text.into(),
        },
        mentions: Vec::new(),
        claims: vec![claim],
        notes: Vec::new(),
    }
}

const MARKET: &str = "VEL, Varnia, May 14 (Kor) - Seven people were killed and 23 wounded when shells hit the covered market of Vel on Tuesday, Orm Hospital said.\n\
    The governor blamed the Hill Front. The Front denied it and said that an army battery on Tor Hill had fired.\n\
    \"There was a noise like a shutter coming down,\" said a stallholder who sells buttons at the western gate.";

const WORLD: &[Told<'_>] = &[
    ("kor-1", "Kor Wire", "2024-05-14 12:00", "Shells kill seven at market in Vel", MARKET),
    ("post-1", "The Vel Post", "2024-05-14 18:00", "Death among the buttons", MARKET),
    (
        "state-1",
        "VSA",
        "2024-05-14 10:00",
        "Militants shell market in Vel",
        "Four civilians were killed and eleven wounded when fighters of the Hill Front shelled the covered market in Vel on Tuesday, the office of the governor said.",
    ),
    (
        "kor-2",
        "Kor Wire",
        "2024-05-16 09:00",
        "Mortars hit bus depot in Vel",
        "VEL, Varnia, May 16 (Kor) - Two men were killed when mortar bombs fell on the bus depot of Vel on Wednesday evening, Orm Hospital said. Nobody said who had fired at the depot.",
    ),
    (
        "watch-1",
        "Varnian Casualty Watch",
        "2024-05-16 11:00",
        "Note 12: Vel, bus depot",
        "Two staff members of Varnian Casualty Watch reached the bus depot of Vel on Wednesday evening and photographed three mortar craters. Two men, a mechanic and a pensioner, were killed in the depot on Wednesday.",
    ),
    (
        "sport-1",
        "The Vel Post",
        "2024-05-15 20:00",
        "Rovers bombard Vel",
        "Rovers shelled the goal of Vel from the start and won the derby 5-1. The striker struck twice; the goalkeeper was left for dead, said his coach.",
    ),
];

fn links(order: &[usize], bonds: &[Bond]) -> Links {
    let mut linker = Linker::default();
    for &n in order {
        linker.add(WORLD[n].0, record(&WORLD[n]));
    }
    bonds.iter().for_each(|bond| linker.bind(bond.clone()));
    linker.links()
}

fn of<'l>(links: &'l Links, report: &str) -> &'l Incident {
    let has = |incident: &&Incident| incident.reports.iter().any(|told| told.page.name == report);
    links.incidents.iter().find(has).expect("an incident of the report")
}

fn names(incident: &Incident) -> Vec<&str> {
    incident.reports.iter().map(|report| report.page.name.as_str()).collect()
}

const ALL: &[usize] = &[0, 1, 2, 3, 4, 5];

#[test]
fn two_strikes_on_one_town_a_day_apart_stay_two() {
    let links = links(ALL, &[]);
    assert_eq!(names(of(&links, "kor-1")), ["state-1", "kor-1", "post-1"]);
    assert_eq!(names(of(&links, "kor-2")), ["kor-2", "watch-1"]);
}

#[test]
fn any_order_of_arrival_gives_the_same_links() {
    let first = links(ALL, &[]);
    for order in [[5, 4, 3, 2, 1, 0], [2, 0, 5, 1, 4, 3]] {
        assert_eq!(links(&order, &[]), first);
    }
}

#[test]
fn a_reprint_is_the_agencys_and_adds_no_origin() {
    let links = links(ALL, &[]);
    let copies: Vec<(&str, &str, &str)> = links
        .copies
        .iter()
        .map(|copy| (copy.report.name.as_str(), copy.of.name.as_str(), copy.direction.as_str()))
        .collect();
    assert_eq!(copies, [("post-1", "kor-1", "credit")]);
    let market = of(&links, "kor-1");
    let mut origins: Vec<&str> = market.origins.iter().map(|origin| origin.kind.as_str()).collect();
    origins.sort_unstable();
    // The hospital, the governor's side, the stallholder, and the Front, which tells another version.
    assert_eq!(origins, ["group", "hospital", "side", "witness"]);
    assert_eq!(market.status.word, "contested");
    assert_eq!(market.denied_by[0].name, "Hill Front");
}

#[test]
fn a_monitor_that_was_there_and_a_hospital_are_two_origins() {
    let links = links(ALL, &[]);
    let depot = of(&links, "kor-2");
    assert_eq!(depot.origins.len(), 2, "{:?}", depot.origins);
    assert_eq!(depot.status.word, "independently_reported");
    assert!(depot.toll.iter().all(|row| row.killed == Some((Some(2), Some(2)))));
}

#[test]
fn counts_move_by_day_and_counter() {
    let links = links(ALL, &[]);
    let row = |toll: &Toll| format!("{} {:?}", toll.by, toll.killed.and_then(|(low, _)| low));
    let rows: Vec<String> = of(&links, "kor-1").toll.iter().map(row).collect();
    assert_eq!(rows, ["orm hospital Some(7)", "the government side Some(4)"]);
    let acled =
        of(&links, "kor-1").figures.iter().find(|figure| figure.rule == "ACLED").map(|figure| figure.killed);
    assert_eq!(acled, Some(4));
}

#[test]
fn a_persons_merge_and_split_are_law() {
    let claim = |page: &str| vec![(page.to_owned(), "c1".to_owned())];
    let merged = links(ALL, &[Bond { together: true, one: claim("kor-1"), other: claim("kor-2") }]);
    assert_eq!(of(&merged, "kor-1").id, of(&merged, "kor-2").id);
    let split = links(ALL, &[Bond { together: false, one: claim("kor-2"), other: claim("watch-1") }]);
    assert_ne!(of(&split, "kor-2").id, of(&split, "watch-1").id);
}

#[test]
fn a_match_in_the_words_of_war_joins_no_incident() {
    let links = links(ALL, &[]);
    let with_others = links.incidents.iter().any(|i| i.reports.len() > 1 && names(i).contains(&"sport-1"));
    assert!(!with_others);
}

#[test]
fn nothing_in_gives_nothing_out() {
    assert_eq!(Linker::default().links(), Links::default());
}
