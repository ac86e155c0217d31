//! What a ledger promises: what goes in comes out, nothing is written twice, nothing can be altered unnoticed.

mod common;

use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use common::{Said, add, copy, folder, options, record, two_stories};
use expect_test::expect;
use hearsay_ledger::decide::{Act, ClaimRef, Subject};
use hearsay_ledger::query::{ClaimQuery, IncidentQuery, PageQuery, Tuning};
use hearsay_ledger::{AsOf, Change, Error, Incident, Ledger, Link, Options, Report, Writer, keep, verify};
use rusqlite::Connection;
use rusqlite::types::Value;

/// A ledger of two stories.
fn small(test: &str) -> std::path::PathBuf {
    let folder = folder(test);
    let mut writer = Writer::open(&folder, &options()).unwrap();
    for story in two_stories() {
        assert!(add(&mut writer, &story, "reader 1"));
    }
    writer.commit().unwrap();
    folder
}

fn check(folder: &Path) -> Report {
    verify(&Ledger::open(folder).unwrap(), &[], &mut |_, _| {}).unwrap()
}

fn findings(report: &Report) -> Vec<String> {
    report.findings.iter().map(|found| format!("{}: {}", found.row, found.reason)).collect()
}

fn claims(ledger: &Ledger, query: ClaimQuery) -> Vec<String> {
    let query = ClaimQuery { limit: 100, ..query };
    let row =
        |row: &hearsay_ledger::query::ClaimRow| format!("{}:{} {}", row.report, row.claim_id(), row.trigger);
    ledger.claims(&query).unwrap().rows.iter().map(row).collect()
}

fn all() -> ClaimQuery {
    ClaimQuery::default()
}

#[test]
fn what_goes_in_comes_out() {
    let folder = small("comes_out");
    let ledger = Ledger::open(&folder).unwrap();
    let stories = two_stories();
    let kept: Vec<_> = ledger.records(AsOf::Now).unwrap().map(Result::unwrap).collect();
    assert_eq!(kept.iter().map(|kept| &kept.record).collect::<Vec<_>>(), stories.iter().collect::<Vec<_>>());
    assert_eq!(kept.iter().map(|kept| kept.page).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(kept[0].first_seen, 1_711_238_400_000);
    let bytes = ledger.capture(&stories[1].document.capture).unwrap();
    assert_eq!(bytes.as_deref(), Some(stories[1].document.text.as_bytes()));
    assert_eq!(ledger.capture(&format!("sha256:{}", "0".repeat(64))).unwrap(), None);
    assert_eq!(findings(&check(&folder)), [""; 0]);
}

#[test]
fn the_same_twice_changes_no_row() {
    let folder = small("twice");
    let before = Ledger::open(&folder).unwrap().head().unwrap();
    let mut writer = Writer::open(&folder, &options()).unwrap();
    for story in two_stories() {
        assert!(!add(&mut writer, &story, "reader 1"));
    }
    assert_eq!(writer.commit().unwrap(), before);
}

#[test]
fn the_same_bytes_under_two_names_are_kept_once_and_seen_twice() {
    let folder = small("two_names");
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let mut story = two_stories()[0].clone();
    story.document.name = "harbour-1-copy".to_owned();
    assert!(add(&mut writer, &story, "reader 1"));
    writer.commit().unwrap();
    let counts = writer.counts().unwrap();
    assert_eq!((counts.captures, counts.sightings, counts.pages), (2, 3, 3));
    let sightings = writer.sightings_of(3).unwrap();
    let origins: Vec<&str> = sightings.iter().map(|seen| seen.place.origin.as_str()).collect();
    assert_eq!(origins, ["harbour-1.txt", "harbour-1-copy.txt"]);
}

#[test]
fn what_is_not_committed_is_not_kept() {
    let folder = small("not_committed");
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let third = record("c", "KNA", "", "Rebels left Orm.", &[Said { trigger: "left", ..Said::default() }]);
    assert!(add(&mut writer, &third, "reader 1"));
    assert_eq!(writer.counts().unwrap().pages, 3);
    drop(writer);
    let report = check(&folder);
    assert_eq!((findings(&report).len(), report.counts.pages), (0, 2));
    assert!(report.notes[0].contains("of no finished commit"), "{:?}", report.notes);
    // The next writer cuts the WARC file where the ledger's knowledge of it ends.
    let mut writer = Writer::open(&folder, &options()).unwrap();
    assert!(add(&mut writer, &third, "reader 1"));
    writer.commit().unwrap();
    assert_eq!((findings(&check(&folder)), check(&folder).notes), (vec![], vec![]));
}

#[test]
fn a_newer_reader_makes_a_generation_and_the_older_one_stays_askable() {
    let folder = small("generations");
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let then = AsOf::Entry(writer.last_entry().unwrap());
    let mut newer = two_stories()[1].clone();
    newer.claims.remove(0);
    newer.claims[0].id = "c1".to_owned();
    newer.claims[0].event.kind = "COERCE".to_owned();
    assert!(add(&mut writer, &newer, "reader 2"));
    assert!(!add(&mut writer, &newer, "reader 2"));
    writer.commit().unwrap();
    assert_eq!(claims(&writer, all()), ["harbour-1:c1 hit", "kna-7:c1 burnt"]);
    let old = ClaimQuery { as_of: then, ..all() };
    assert_eq!(claims(&writer, old), ["kna-7:c1 shelled", "harbour-1:c1 hit", "kna-7:c2 burnt"]);
    let kinds = |as_of| {
        let kept = writer.kept_as_of(2, as_of).unwrap().unwrap();
        kept.record.claims.iter().map(|claim| claim.event.kind.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (kinds(AsOf::Now), kinds(then)),
        (vec!["COERCE".into()], vec!["ASSAULT".into(), "ASSAULT".into()])
    );
    let AsOf::Entry(entry) = then else { unreachable!() };
    let fresh: Vec<i64> = writer.records_after(entry).unwrap().map(|kept| kept.unwrap().page).collect();
    assert_eq!(fresh, [2]);
    assert_eq!(findings(&check(&folder)), [""; 0]);
}

#[test]
fn a_day_names_what_was_known_at_its_end() {
    let folder = small("as_of_day");
    let mut writer =
        Writer::open(&folder, &Options { clock: || 1_711_238_400_000 + 2 * 86_400_000, ..options() })
            .unwrap();
    let third = record("c", "KNA", "", "Rebels left Orm.", &[Said { trigger: "left", ..Said::default() }]);
    add(&mut writer, &third, "reader 1");
    writer.commit().unwrap();
    let n_pages = |day: &str| {
        let as_of = writer.as_of(hearsay_ledger::last_day_of(day).unwrap()).unwrap();
        writer.records(as_of).unwrap().count()
    };
    assert_eq!(
        (n_pages("2024-03-23"), n_pages("2024-03-24"), n_pages("2024-03-25"), n_pages("2024-03-26")),
        (0, 2, 2, 3)
    );
}

#[test]
fn a_clock_that_goes_back_gives_the_last_time() {
    let folder = small("clock");
    let mut writer = Writer::open(&folder, &Options { clock: || 5, ..options() }).unwrap();
    let third = record("c", "KNA", "", "Rebels left Orm.", &[]);
    add(&mut writer, &third, "reader 1");
    assert_eq!(writer.commit().unwrap().at, 1_711_238_400_000);
    assert_eq!(findings(&check(&folder)), [""; 0]);
}

#[test]
fn decisions_survive_a_reading_that_moves_and_renumbers_their_claims() {
    let folder = small("decisions");
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let claim = |id: &str, writer: &Writer| writer.claim_ref(2, id).unwrap().unwrap();
    let (denial, bridge) = (claim("c1", &writer), claim("c2", &writer));
    let correct = Act::Correct { claim: bridge.clone(), slot: "actor".into(), value: "the brigade".into() };
    writer.decide("Ana", Some("the text names them above"), correct).unwrap();
    let reject = writer.decide("Ana", None, Act::Reject { claim: denial.clone() }).unwrap();
    writer.commit().unwrap();
    assert_eq!(claims(&writer, all()), ["harbour-1:c1 hit", "kna-7:c2 burnt"]);
    assert_eq!(claims(&writer, ClaimQuery { actor: Some("brigade".into()), ..all() }), ["kna-7:c2 burnt"]);
    assert_eq!(claims(&writer, ClaimQuery { actor: Some("rebels".into()), ..all() }), [""; 0]);

    // A newer reader takes a headline into the text, and finds one claim more before the two.
    let old = &two_stories()[1];
    let text = format!("Army denies. {}", old.document.text);
    let mut newer = record("kna-7", "KNA", "2024-03-21", &text, &[]);
    newer.document.capture.clone_from(&old.document.capture);
    let mut first =
        record("x", "", "", &text, &[Said { trigger: "denies", ..Said::default() }]).claims.remove(0);
    first.id = "c1".to_owned();
    newer.claims.push(first);
    for (mut moved, id) in old.claims.clone().into_iter().zip(["c2", "c3"]) {
        moved.id = id.to_owned();
        moved.sentence.start += 13;
        moved.sentence.end += 13;
        moved.event.trigger.start += 13;
        moved.event.trigger.end += 13;
        newer.claims.push(moved);
    }
    assert!(add(&mut writer, &newer, "reader 2"));
    writer.commit().unwrap();
    assert_eq!(claims(&writer, all()), ["kna-7:c1 denies", "harbour-1:c1 hit", "kna-7:c3 burnt"]);
    assert_eq!(claims(&writer, ClaimQuery { actor: Some("brigade".into()), ..all() }), ["kna-7:c3 burnt"]);
    let kept = writer.kept(2).unwrap().unwrap().record;
    assert_eq!(kept.claims.iter().map(|claim| claim.id.as_str()).collect::<Vec<_>>(), ["c1", "c3"]);
    assert_eq!(kept.claims[1].event.actor[0].text, "the brigade");

    // Taken back, the denial is there again; with the reading before the decision, it always was.
    writer.decide("Ben", None, Act::Undo { decision: reject }).unwrap();
    writer.commit().unwrap();
    assert_eq!(
        claims(&writer, all()),
        ["kna-7:c2 shelled", "kna-7:c1 denies", "harbour-1:c1 hit", "kna-7:c3 burnt"]
    );
    assert_eq!(findings(&check(&folder)), [""; 0]);

    // A reading without the bridge leaves the correction loose, and says so.
    newer.claims.pop();
    assert!(add(&mut writer, &newer, "reader 3"));
    let decisions = writer.decisions().unwrap();
    assert_eq!(decisions[0].claims, [None]);
    assert_eq!(
        (decisions[1].claims[0].as_ref().unwrap().1.as_str(), decisions[1].undone),
        ("c2", Some(decisions[2].entry))
    );
}

#[test]
fn a_decision_that_makes_no_sense_is_refused() {
    let folder = small("refused");
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let claim = writer.claim_ref(2, "c1").unwrap().unwrap();
    let elsewhere = ClaimRef { page: "00".repeat(16), ..claim.clone() };
    let correct = |slot: &str, value: &str| Act::Correct {
        claim: claim.clone(),
        slot: slot.into(),
        value: value.into(),
    };
    let grade = |letter| Act::Grade {
        subject: Subject::Source("KNA".into()),
        reliability: Some(letter),
        credibility: None,
    };
    let mut says = |who: &str, act| writer.decide(who, None, act).unwrap_err().to_string();
    let said = [
        says(" ", Act::Accept { claim: claim.clone() }),
        says("Ana", correct("stance", "shrugs")),
        says("Ana", correct("colour", "red")),
        says("Ana", correct("time", "tomorrow")),
        says("Ana", correct("country", "Varnia")),
        says("Ana", grade('Z')),
        says("Ana", Act::Merge { claims: vec![claim.clone()] }),
        says("Ana", Act::Reject { claim: elsewhere }),
        says("Ana", Act::Undo { decision: 3 }),
    ];
    expect![[r#"
        a decision needs a name: who decides?
        stance: "shrugs" is no Stance
        "colour" is no slot: type, mode, modality, stance, position, responsibility, source, actor, recipient, instrument, place, country, time
        time: "tomorrow" is no date: expected YYYY-MM-DD, YYYY-MM or YYYY
        country: "Varnia" is no ISO 3166-1 code of two capitals
        'Z' is no reliability: A to F
        a merge needs two claims at least
        page 00000000000000000000000000000000 has no such claim: “shelled”
        there is no decision 3"#]].assert_eq(&said.join("\n"));
    assert_eq!(writer.counts().unwrap().decisions, 0);
}

#[test]
fn merges_and_splits_are_told_by_the_claims_they_hold_today() {
    let folder = small("bonds");
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let claim = |page, id| writer.claim_ref(page, id).unwrap().unwrap();
    let (market, denial, bridge) = (claim(1, "c1"), claim(2, "c1"), claim(2, "c2"));
    let merge = writer.decide("Ana", None, Act::Merge { claims: vec![market.clone(), denial] }).unwrap();
    let split = writer.decide("Ana", None, Act::Split { one: vec![market], other: vec![bridge] }).unwrap();
    let (one, two, three) = ((1, "c1".to_owned()), (2, "c1".to_owned()), (2, "c2".to_owned()));
    let bonds: Vec<_> =
        writer.bonds().unwrap().into_iter().map(|b| (b.entry, b.together, b.one, b.other)).collect();
    assert_eq!(
        bonds,
        [(merge, true, vec![one.clone(), two], vec![]), (split, false, vec![one], vec![three])]
    );
    writer.decide("Ana", None, Act::Undo { decision: merge }).unwrap();
    assert_eq!(writer.bonds().unwrap().len(), 1);
}

/// An incident with one claim.
fn incident(id: &str, first: i32, n_origins: u32) -> Link {
    Link {
        kind: "incident".into(),
        id: id.into(),
        json: format!("{{\"origins\":{n_origins}}}"),
        claims: vec![(1, "c1".into())],
        pages: vec![],
        incident: Some(Incident {
            first: Some(first),
            last: Some(first + 1),
            place: Some("Orm".into()),
            lat: Some(10.5),
            lon: Some(20.25),
            country: Some("VA".into()),
            kind: "ASSAULT".into(),
            mode: None,
            status: if n_origins > 1 { "contested".into() } else { "single_source".into() },
            n_origins,
            n_reports: 1,
            n_claims: 1,
        }),
    }
}

#[test]
fn links_are_kept_as_differences_and_told_as_of_any_day() {
    let folder = small("links");
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let copies = Link {
        pages: vec![1, 2],
        claims: vec![],
        incident: None,
        kind: "copies".into(),
        ..incident("k", 0, 0)
    };
    let first = [incident("a", 19_801, 1), incident("b", 19_805, 2), copies];
    let kinds = ["incident", "copies"];
    assert_eq!(writer.replace_links("link 1", &kinds, first.clone()).unwrap(), 3);
    let then = AsOf::Entry(writer.last_entry().unwrap());
    assert_eq!(writer.replace_links("link 1", &kinds, first.clone()).unwrap(), 0);
    let second = [incident("a", 19_801, 2), incident("c", 19_809, 1)];
    assert_eq!(writer.replace_links("link 1", &kinds, second).unwrap(), 4);
    writer.commit().unwrap();

    let ids = |links: Vec<Link>| links.into_iter().map(|link| link.id).collect::<Vec<_>>();
    let found = |query: IncidentQuery| ids(writer.incidents(&IncidentQuery { limit: 9, ..query }).unwrap());
    let every = IncidentQuery::default;
    assert_eq!(found(every()), ["c", "a"]);
    assert_eq!(found(IncidentQuery { status: Some("contested".into()), ..every() }), ["a"]);
    assert_eq!(found(IncidentQuery { min_origins: Some(2), country: Some("VA".into()), ..every() }), ["a"]);
    assert_eq!(found(IncidentQuery { since: Some(19_803), ..every() }), ["c"]);
    assert_eq!(
        found(IncidentQuery { within: Some([10.0, 20.0, 11.0, 21.0]), oldest_first: true, ..every() }),
        ["a", "c"]
    );
    assert_eq!(found(IncidentQuery { within: Some([10.0, 21.0, 11.0, 20.0]), ..every() }), [""; 0]);
    assert_eq!(writer.link("incident", "a").unwrap(), Some(incident("a", 19_801, 2)));
    assert_eq!(ids(writer.links_as_of("incident", then).unwrap()), ["a", "b"]);
    assert_eq!(ids(writer.links("incident").unwrap().map(Result::unwrap).collect()), ["a", "c"]);
    assert_eq!(writer.links_of_claim("incident", 1, "c1").unwrap(), ["a", "c"]);
    let of_a = ClaimQuery { link: Some(("incident".into(), "a".into())), ..all() };
    assert_eq!(claims(&writer, of_a), ["harbour-1:c1 hit"]);
    let dropped =
        writer.change_links("link 1", [Change::Drop { kind: "incident".into(), id: "a".into() }]).unwrap();
    assert_eq!((dropped, writer.link("incident", "a").unwrap()), (1, None));
    writer.commit().unwrap();
    assert_eq!(findings(&check(&folder)), [""; 0]);
}

#[test]
fn claims_are_found_by_each_of_their_slots() {
    let folder = small("slots");
    let ledger = Ledger::open(&folder).unwrap();
    let some = |words: &str| Some(words.to_owned());
    let day = |words: &str| Some(hearsay_ledger::last_day_of(words).unwrap().days());
    let found = |query| claims(&ledger, query).join(", ");
    let asked = [
        found(all()),
        found(ClaimQuery { text: some("MARKET nine"), ..all() }),
        found(ClaimQuery { text: some("zarn OR bridge -market"), ..all() }),
        found(ClaimQuery { actor: some("rebels"), ..all() }),
        found(ClaimQuery { source: some("army zarn"), ..all() }),
        found(ClaimQuery { place: some("orm"), ..all() }),
        found(ClaimQuery { within: Some([10.9, 20.9, 11.1, 21.1]), ..all() }),
        found(ClaimQuery { near: Some([10.5, 20.3, 10.0]), ..all() }),
        found(ClaimQuery { country: some("VA"), stance: some("denies"), ..all() }),
        found(ClaimQuery { since: day("2024-02-25"), until: day("2024-03-19"), ..all() }),
        found(ClaimQuery { until: day("2024-02-03"), ..all() }),
        found(ClaimQuery { measure: some("killed"), ..all() }),
        found(ClaimQuery { outlet: some("KNA"), kind: some("ASSAULT"), oldest_first: true, ..all() }),
        found(ClaimQuery { page: Some(1), ..all() }),
        found(ClaimQuery { actor: some("nobody at all"), ..all() }),
    ];
    expect![[r#"
        kna-7:c1 shelled, harbour-1:c1 hit, kna-7:c2 burnt
        harbour-1:c1 hit
        kna-7:c1 shelled, kna-7:c2 burnt
        kna-7:c2 burnt
        kna-7:c1 shelled, kna-7:c2 burnt
        kna-7:c1 shelled, harbour-1:c1 hit
        kna-7:c2 burnt
        kna-7:c1 shelled, harbour-1:c1 hit
        kna-7:c1 shelled
        harbour-1:c1 hit, kna-7:c2 burnt
        kna-7:c2 burnt
        harbour-1:c1 hit
        kna-7:c2 burnt, kna-7:c1 shelled
        harbour-1:c1 hit
    "#]]
    .assert_eq(&asked.join("\n"));
    let wrong = |query| ledger.claims(&ClaimQuery { limit: 1, ..query }).unwrap_err().to_string();
    assert_eq!(
        wrong(ClaimQuery { within: Some([5.0, 0.0, 1.0, 0.0]), ..all() }),
        "5,0,1,0 is no box: south,west,north,east in degrees"
    );
    let pages = ledger.search(&PageQuery { text: some("market"), limit: 5, ..PageQuery::default() }).unwrap();
    assert_eq!(pages.rows[0].snippet.as_deref().map(|s| s.contains("⟦market⟧")), Some(true));
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// 60 stories of up to four claims each, some re-read, with decisions and links.
fn many(test: &str) -> std::path::PathBuf {
    let folder = folder(test);
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let mut dice = Dice(7);
    let verbs = ["shelled", "raided", "burnt", "shot at"];
    let places =
        [("Orm", (10.5, 20.25)), ("Vel", (11.0, 21.0)), ("Selma", (-3.0, 179.5)), ("Tal", (-3.0, -179.5))];
    let kinds = ["ASSAULT", "COERCE", "PROTEST"];
    let stances = ["asserts", "asserts", "asserts", "denies", "confirms"];
    let sources = ["", "The army", "A witness", "The Red Cross"];
    let times = ["2024-03-01", "2024-03-02", "2024-03-09", "2024-02", "2023", "", "2024-01-15/2024-03-02"];
    for n in 0..60 {
        let said: Vec<Said> = (0..=dice.roll(4).min(3))
            .map(|idx| {
                let place = places[dice.roll(4)];
                Said {
                    trigger: verbs[idx],
                    kind: kinds[dice.roll(3)],
                    stance: stances[dice.roll(5)],
                    source: sources[dice.roll(4)],
                    actor: ["rebels", "soldiers", ""][dice.roll(3)],
                    place: place.0,
                    at: Some(place.1),
                    country: ["VA", "ZA"][dice.roll(2)],
                    time: times[dice.roll(7)],
                    killed: (dice.roll(3) == 0).then_some(dice.roll(20) as u64),
                }
            })
            .collect();
        let text = format!(
            "Report {n}. Rebels or soldiers shelled Orm. The army said that men raided Vel. Somebody burnt a shop in Selma. \
             A witness and the Red Cross say that they shot at cars in Tal."
        );
        let story = record(
            &format!("s{n:02}"),
            ["KNA", "Harbour"][n % 2],
            ["2024-03-10", ""][dice.roll(2)],
            &text,
            &said,
        );
        add(&mut writer, &story, "reader 1");
        if n % 5 == 0 {
            let mut newer = story.clone();
            newer.claims.truncate(1);
            newer.document.title = Some("Another title".to_owned());
            add(&mut writer, &newer, "reader 2");
        }
        if n % 9 == 0 {
            writer.commit().unwrap();
        }
    }
    let claim = writer.claim_ref(2, "c1").unwrap().unwrap();
    writer.decide("Ana", Some("no"), Act::Reject { claim }).unwrap();
    let problem = hearsay_ledger::Problem {
        origin: "x.pdf".into(),
        place: "x.pdf: byte 0".into(),
        reason: "this is a PDF file".into(),
        hint: None,
    };
    assert!(writer.problem(&problem).unwrap());
    assert!(!writer.problem(&problem).unwrap());
    writer
        .replace_links("link 1", &["incident"], [incident("a", 19_801, 1), incident("b", 19_802, 2)])
        .unwrap();
    writer.commit().unwrap();
    folder
}

#[test]
fn every_question_is_answered_as_by_looking_at_all_claims() {
    let folder = many("brute_force");
    let mut ledger = Ledger::open(&folder).unwrap();
    let every = ledger.claims(&ClaimQuery { limit: 10_000, ..all() }).unwrap().rows;
    assert!(every.len() > 90, "{}", every.len());
    let mut dice = Dice(11);
    let some = |words: &str| Some(words.to_owned());
    let day = |words: &str| hearsay_ledger::last_day_of(words).unwrap().days();
    let mut n_found = 0;
    for n in 0..400 {
        let mut query = ClaimQuery { limit: 10_000, oldest_first: n % 2 == 0, ..all() };
        // Each way to an answer: one condition drives, or claims are taken in order and looked at.
        ledger.tune(
            [Tuning::default(), Tuning { few: 15, common: 9 }, Tuning { few: 0, common: 9_999 }][n / 2 % 3],
        );
        let mut one_in = |n| dice.roll(n) == 0;
        if one_in(4) {
            query.kind = some("ASSAULT");
        }
        if one_in(4) {
            query.stance = some(if one_in(2) { "denies" } else { "asserts" });
        }
        if one_in(4) {
            query.country = some("VA");
        }
        if one_in(4) {
            query.outlet = some("KNA");
        }
        if one_in(4) {
            query.source = some("army");
        }
        if one_in(4) {
            query.actor = some("rebels");
        }
        if one_in(3) {
            query.since = Some(day("2024-02-20"));
        }
        if one_in(3) {
            query.until = Some(day("2024-03-02"));
        }
        if one_in(4) {
            query.within = Some([-4.0, 179.0, 12.0, -179.0]);
        }
        if one_in(5) {
            query.text = some("shelled");
        }
        if one_in(6) {
            query.measure = some("killed");
        }
        let meets = |row: &&hearsay_ledger::query::ClaimRow| {
            let equals =
                |wanted: &Option<String>, is: Option<&str>| wanted.is_none() || wanted.as_deref() == is;
            let days = |day: &Option<String>| day.as_deref().or(row.day.as_deref()).map(day_of);
            equals(&query.kind, Some(&row.kind))
                && equals(&query.stance, Some(&row.stance))
                && equals(&query.country, row.country.as_deref())
                && equals(&query.outlet, row.outlet.as_deref())
                && (query.source.is_none() || row.source.as_deref() == Some("The army"))
                && equals(&query.actor, row.actor.as_deref())
                && query.since.is_none_or(|since| days(&row.last).is_some_and(|last| last >= since))
                && query.until.is_none_or(|until| days(&row.first).is_some_and(|first| first <= until))
                && (query.within.is_none() || row.lon.is_some_and(|lon| lon.abs() > 179.0))
                && (query.text.is_none() || row.sentence.contains("shelled"))
                && (query.measure.is_none() || !row.figures.is_empty())
        };
        let mut expected: Vec<i64> = every.iter().filter(meets).map(|row| row.id).collect();
        let found: Vec<i64> = ledger.claims(&query).unwrap().rows.iter().map(|row| row.id).collect();
        if query.oldest_first {
            expected.reverse();
        }
        assert_eq!(found, expected, "{query:?}");
        assert_eq!(ledger.count_claims(&query).unwrap(), expected.len());
        n_found += found.len();
        // Page by page it is the same list.
        let mut pages = Vec::new();
        let mut part = ClaimQuery { limit: 7, ..query.clone() };
        loop {
            let listed = ledger.claims(&part).unwrap();
            pages.extend(listed.rows.iter().map(|row| row.id));
            match listed.next {
                Some(next) => part.after = Some(next),
                None => break,
            }
        }
        assert_eq!(pages, expected, "{query:?}");
    }
    assert!(n_found > 2000, "{n_found}");
}

fn day_of(iso: &str) -> i32 {
    hearsay_ledger::last_day_of(iso).unwrap().days()
}

/// Flips one bit of one value somewhere in the SQLite file, and says where.
fn flip_row(file: &Path, dice: &mut Dice) -> String {
    let connection = Connection::open(file).unwrap();
    let names: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%' AND name <> 'cache' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    loop {
        let table = &names[dice.roll(names.len())];
        let n_rows: i64 =
            connection.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |r| r.get(0)).unwrap();
        if n_rows == 0 {
            continue;
        }
        let columns: Vec<(String, i64)> = connection
            .prepare("SELECT name, pk FROM pragma_table_info(?1)")
            .unwrap()
            .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let keys: Vec<&str> =
            columns.iter().filter(|(_, pk)| *pk > 0).map(|(name, _)| name.as_str()).collect();
        let keys = if keys.is_empty() { vec!["rowid"] } else { keys };
        let column = &columns[dice.roll(columns.len())].0;
        let row = dice.roll(n_rows as usize);
        let select =
            format!("SELECT \"{column}\", {} FROM \"{table}\" LIMIT 1 OFFSET {row}", keys.join(", "));
        let (value, key): (Value, Vec<Value>) = connection
            .query_row(&select, [], |row| {
                Ok((row.get(0)?, (1..=keys.len()).map(|n| row.get(n).unwrap()).collect()))
            })
            .unwrap();
        let mut flip = |bytes: &mut Vec<u8>| {
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
        };
        let (sql, flipped) = match value {
            Value::Null => continue,
            Value::Integer(n) => ("?1", Value::Integer(n ^ 1 << dice.roll(20))),
            Value::Real(n) => ("?1", Value::Real(f64::from_bits(n.to_bits() ^ 1 << dice.roll(52)))),
            Value::Text(words) if !words.is_empty() => {
                let mut bytes = words.into_bytes();
                flip(&mut bytes);
                ("CAST(?1 AS TEXT)", Value::Blob(bytes))
            }
            Value::Blob(mut bytes) if !bytes.is_empty() => {
                flip(&mut bytes);
                ("?1", Value::Blob(bytes))
            }
            _ => continue,
        };
        // FTS5's record of its segments also holds counters that steer when it tidies up and change no answer.
        if table.ends_with("_fts_data") && key == [Value::Integer(10)] {
            continue;
        }
        // The log's own guard stands in the way of an honest hand only.
        connection.execute_batch("DROP TRIGGER entry_is_never_changed").unwrap();
        let wheres: Vec<String> = keys.iter().zip(2..).map(|(name, n)| format!("{name} IS ?{n}")).collect();
        let update =
            format!("UPDATE OR IGNORE \"{table}\" SET \"{column}\" = {sql} WHERE {}", wheres.join(" AND "));
        let values: Vec<Value> = std::iter::once(flipped).chain(key.iter().cloned()).collect();
        let done = connection.execute(&update, rusqlite::params_from_iter(&values));
        connection
            .execute_batch("CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry\nBEGIN SELECT RAISE(ABORT, 'the log is append-only'); END")
            .unwrap();
        if done == Ok(1) {
            return format!("{table}.{column} of {key:?}");
        }
    }
}

/// A large full-text index is merged a little at each commit: half-merged segments have lost their first leaves and kept
/// the signposts to them, which is no alteration.
#[test]
fn a_full_text_index_in_the_middle_of_a_merge_is_whole() {
    let folder = folder("half_merged");
    let mut half_merged = false;
    let mut n = 0;
    while !half_merged && n < 400 {
        let mut writer = Writer::open(&folder, &Options::default()).unwrap();
        for _ in 0..8 {
            n += 1;
            // Every page has 900 words of its own, so that an index of few pages is large.
            let words: Vec<String> =
                (0..900).map(|w| format!("w{}", (n * 900 + w) * 7919 % 1_000_003)).collect();
            let text = format!("Rebels shelled Orm. {}.", words.join(" "));
            add(&mut writer, &record(&format!("p{n}"), "Post", "2024-03-01", &text, &[]), "reader 1");
        }
        writer.commit().unwrap();
        drop(writer);
        let connection = rusqlite::Connection::open(folder.join("ledger.sqlite")).unwrap();
        let lost = "SELECT EXISTS (SELECT 1 FROM page_fts_idx AS post WHERE NOT EXISTS (SELECT 1 FROM page_fts_data WHERE id = (post.segid << 37) + (post.pgno >> 1)))";
        half_merged = connection.query_row(lost, [], |row| row.get(0)).unwrap();
    }
    assert!(half_merged, "no merge was half done in {n} pages");
    assert_eq!(findings(&check(&folder)), [""; 0]);
}

#[test]
fn one_flipped_bit_in_any_stored_row_is_found() {
    let whole = many("flips");
    assert_eq!(findings(&check(&whole)), [""; 0]);
    let broken = folder("flips_broken");
    let mut dice = Dice(3);
    let n_flips = std::env::var("HEARSAY_FLIPS").map_or(40, |n| n.parse().unwrap());
    for _ in 0..n_flips {
        copy(&whole, &broken);
        let place = flip_row(&broken.join("ledger.sqlite"), &mut dice);
        let found = match Ledger::open(&broken) {
            Ok(ledger) => verify(&ledger, &[], &mut |_, _| {}).unwrap().findings,
            Err(error) => panic!("{place}: {error}"),
        };
        assert!(!found.is_empty(), "not found: {place}");
    }
}

#[test]
fn one_flipped_bit_in_any_warc_record_is_found_and_named() {
    let whole = many("warc_flips");
    let broken = folder("warc_flips_broken");
    let length = fs::metadata(whole.join("captures/00001.warc.gz")).unwrap().len();
    let mut dice = Dice(5);
    let n_flips = std::env::var("HEARSAY_FLIPS").map_or(20, |n| n.parse().unwrap());
    for _ in 0..n_flips {
        copy(&whole, &broken);
        let mut file =
            OpenOptions::new().read(true).write(true).open(broken.join("captures/00001.warc.gz")).unwrap();
        let at = dice.roll(length as usize) as u64;
        let mut byte = [0];
        file.seek(SeekFrom::Start(at)).unwrap();
        file.read_exact(&mut byte).unwrap();
        byte[0] ^= 1 << dice.roll(8);
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&byte).unwrap();
        drop(file);
        let report = check(&broken);
        assert!(
            report.findings[0].row.starts_with("00001.warc.gz at byte "),
            "byte {at}: {:?}",
            report.findings
        );
    }
}

#[test]
fn the_first_bad_row_is_named() {
    let folder = small("named");
    let connection = Connection::open(folder.join("ledger.sqlite")).unwrap();
    connection.execute_batch("UPDATE claim SET stance = 1 WHERE stance <> 1").unwrap();
    connection.execute_batch("UPDATE text SET text = replace(text, 'nine', 'five') WHERE id = 4").unwrap();
    drop(connection);
    expect!["entry 4: its text is not the one that was read"]
        .assert_eq(&findings(&check(&folder)).join("\n"));
}

#[test]
fn a_kept_head_proves_that_nothing_before_it_was_altered_or_cut_off() {
    let whole = many("head");
    let ledger = Ledger::open(&whole).unwrap();
    let head = ledger.head().unwrap();
    let report = verify(&ledger, &[head], &mut |_, _| {}).unwrap();
    assert_eq!((findings(&report), report.notes.len()), (vec![], 1));
    // Another ledger with as many entries is not this one.
    let other = small("head_other");
    let found = findings(&verify(&Ledger::open(&other).unwrap(), &[head], &mut |_, _| {}).unwrap());
    expect!["kept head 137: the ledger ends before it, with entry 6"].assert_eq(&found.join("\n"));
    // The last entries cut off together with their heads: only a kept head tells.
    let mut writer = Writer::open(&other, &options()).unwrap();
    let third = record("c", "KNA", "", "Rebels left Orm.", &[]);
    add(&mut writer, &third, "reader 1");
    let later = writer.commit().unwrap();
    drop(writer);
    let cut = small("head_cut");
    let found = findings(&verify(&Ledger::open(&cut).unwrap(), &[later], &mut |_, _| {}).unwrap());
    expect!["kept head 8: the ledger ends before it, with entry 6"].assert_eq(&found.join("\n"));
}

#[test]
fn a_second_writer_waits_or_is_told_who_writes() {
    let folder = small("lock");
    let first = Writer::open(&folder, &options()).unwrap();
    let Err(Error::Locked { holder, .. }) = Writer::open(&folder, &options()) else { panic!("two writers") };
    assert!(holder.starts_with(&format!("process {} since 20", std::process::id())), "{holder}");
    let waiting = std::thread::spawn({
        let folder = folder.clone();
        move || Writer::open(&folder, &Options { wait: Duration::from_secs(20), ..options() }).map(drop)
    });
    std::thread::sleep(Duration::from_millis(120));
    drop(first);
    waiting.join().unwrap().unwrap();
}

#[test]
fn readers_see_commits_and_nothing_in_between_while_one_writes() {
    let folder = small("beside");
    let ledger = Ledger::open(&folder).unwrap();
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let third = record("c", "KNA", "", "Rebels left Orm.", &[]);
    add(&mut writer, &third, "reader 1");
    assert_eq!((ledger.counts().unwrap().pages, findings(&check(&folder))), (2, vec![]));
    writer.commit().unwrap();
    assert_eq!(ledger.counts().unwrap().pages, 3);
}

#[test]
fn a_truncated_warc_file_is_named_and_not_written_on() {
    let folder = small("truncated");
    let path = folder.join("captures/00001.warc.gz");
    let length = fs::metadata(&path).unwrap().len();
    OpenOptions::new().write(true).open(&path).unwrap().set_len(length - 9).unwrap();
    let report = check(&folder);
    assert!(findings(&report)[0].contains("the file ends at byte"), "{:?}", findings(&report));
    let refused = Writer::open(&folder, &options()).unwrap_err().to_string();
    assert!(refused.contains(&format!("the ledger knows {length} bytes of this file")), "{refused}");
    fs::remove_file(&path).unwrap();
    assert!(!check(&folder).findings.is_empty());
}

#[test]
fn warc_files_are_rotated_and_all_of_them_read() {
    let folder = folder("rotate");
    let mut writer = Writer::open(&folder, &Options { rotate: 700, ..options() }).unwrap();
    for n in 0..4 {
        let story = record(&format!("s{n}"), "KNA", "", &format!("Rebels left Orm, report {n}."), &[]);
        add(&mut writer, &story, "reader 1");
    }
    writer.commit().unwrap();
    let n_files = fs::read_dir(folder.join("captures")).unwrap().count();
    assert!(n_files > 1, "{n_files}");
    assert_eq!(findings(&check(&folder)), [""; 0]);
    let texts = writer.records(AsOf::Now).unwrap().map(|kept| kept.unwrap().record.document);
    for document in texts {
        assert_eq!(writer.capture(&document.capture).unwrap().unwrap(), document.text.as_bytes());
    }
}

#[test]
fn a_newer_or_foreign_file_is_refused_and_left_as_it_is() {
    let newer = small("newer");
    let file = newer.join("ledger.sqlite");
    Connection::open(&file).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    let says = |result: Result<(), Error>| {
        result.unwrap_err().to_string().replace(&newer.display().to_string(), "DIR")
    };
    assert_eq!(
        says(Ledger::open(&newer).map(drop)),
        format!(
            "DIR/ledger.sqlite: ledger format 99; this program knows formats 1 to {}",
            hearsay_ledger::FORMAT
        )
    );
    assert!(matches!(Writer::open(&newer, &options()), Err(Error::Newer { found: 99, .. })));
    fs::write(&file, "no database at all, only words, long enough to be taken for one".repeat(99)).unwrap();
    assert!(matches!(Ledger::open(&newer), Err(Error::Foreign { found: 0, .. })));
    let foreign = folder("foreign");
    fs::create_dir_all(&foreign).unwrap();
    Connection::open(foreign.join("ledger.sqlite")).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    assert!(matches!(Writer::open(&foreign, &options()), Err(Error::Foreign { found: 0, .. })));
    assert!(matches!(Ledger::open(&folder("nowhere")), Err(Error::Missing(_))));
}

#[test]
fn a_backup_is_a_ledger_of_one_commit_also_while_somebody_writes() {
    let whole = many("backup_of");
    let mut writer = Writer::open(&whole, &options()).unwrap();
    let head = writer.head().unwrap();
    let third = record("later", "KNA", "", "Rebels left Orm.", &[]);
    add(&mut writer, &third, "reader 1");
    let to = folder("backup_to");
    assert_eq!(keep::backup(&Ledger::open(&whole).unwrap(), &to).unwrap(), head);
    writer.commit().unwrap();
    let report = verify(&Ledger::open(&to).unwrap(), &[head], &mut |_, _| {}).unwrap();
    assert_eq!((findings(&report), report.counts.pages), (vec![], 60));
    let again = keep::backup(&writer, &to).unwrap_err().to_string();
    assert!(again.contains("the folder is not empty"), "{again}");
    // What was brought back can be written on.
    let mut restored = Writer::open(&to, &options()).unwrap();
    assert!(add(&mut restored, &third, "reader 1"));
    restored.commit().unwrap();
    assert_eq!(findings(&check(&to)), [""; 0]);
}

#[test]
fn a_compacted_ledger_is_the_same_ledger() {
    let folder = many("compact");
    let mut writer = Writer::open(&folder, &options()).unwrap();
    let before = (writer.head().unwrap(), claims(&writer, all()));
    writer.compact().unwrap();
    assert_eq!((writer.head().unwrap(), claims(&writer, all())), before);
    assert_eq!(findings(&check(&folder)), [""; 0]);
}

#[test]
fn sql_asks_and_never_changes() {
    let folder = small("sql");
    let ledger = Ledger::open(&folder).unwrap();
    let (names, rows) = ledger.sql("SELECT name, day, stance, source FROM claims ORDER BY name", 10).unwrap();
    assert_eq!(names, ["name", "day", "stance", "source"]);
    let text = |words: &str| Value::Text(words.to_owned());
    assert_eq!(rows[1], [text("kna-7:c1"), text("2024-03-21"), text("denies"), text("The Žarn army")]);
    for statement in ["DELETE FROM claim", "SELECT 1; SELECT 2", "CREATE TABLE a (b)", "SELEC"] {
        assert!(ledger.sql(statement, 1).is_err(), "{statement}");
    }
    for view in ["pages", "claims", "figures", "sightings", "captures", "problems", "decisions", "incidents"]
    {
        ledger.sql(&format!("SELECT * FROM {view}"), 10).unwrap();
    }
}

/// `tests/ledgers/N` is a ledger of format N: `hearsay add data/demo` by the program that brought the format, and two decisions.
#[test]
fn a_ledger_of_every_format_is_read_verified_and_written_on() {
    for format in 1..=hearsay_ledger::FORMAT {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/ledgers/{format}"));
        let folder = folder("every_format");
        copy(&kept, &folder);
        // Half of a small SQLite file is empty pages: it is kept packed.
        let mut unpacked = Vec::new();
        let packed = fs::read(kept.join("ledger.sqlite.gz")).unwrap();
        flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
        fs::write(folder.join("ledger.sqlite"), unpacked).unwrap();
        assert_eq!(findings(&check(&folder)), [""; 0], "format {format}");
        let ledger = Ledger::open(&folder).unwrap();
        let counts = ledger.counts().unwrap();
        assert_eq!((counts.pages, counts.decisions, counts.captures), (7, 2, 4), "format {format}");
        let denied = claims(&ledger, ClaimQuery { stance: Some("denies".into()), ..all() });
        assert!(!denied.is_empty());
        for kept in ledger.records(AsOf::Now).unwrap() {
            let document = kept.unwrap().record.document;
            assert!(ledger.capture(&document.capture).unwrap().is_some());
        }
        drop(ledger);
        let mut writer = Writer::open(&folder, &options()).unwrap();
        let third =
            record("c", "KNA", "", "Rebels left Orm.", &[Said { trigger: "left", ..Said::default() }]);
        assert!(add(&mut writer, &third, "reader 1"));
        writer.commit().unwrap();
        assert_eq!(findings(&check(&folder)), [""; 0], "format {format}");
    }
}
