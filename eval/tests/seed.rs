//! The report this project started from, read end to end: what must be right in it.
//!
//! It stands beside the gold set, outside the repository; where it is missing the test says so and passes.

use std::path::Path;

use hearsay_doc::Interval;
use hearsay_pipeline::{Given, Hearsay, Record, capture, pages};

fn seed() -> Option<Record> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/gold/txt/seed.txt");
    let Ok(bytes) = std::fs::read(&file) else {
        eprintln!("skipped: needs {}", file.display());
        return None;
    };
    let given = Given {
        published: Some(Interval::parse("2024-03-24").expect("a day")),
        outlet: Some("Mehr News Agency".to_owned()),
        url: None,
    };
    let hearsay = Hearsay::shipped().expect("the shipped models");
    let capture = capture("seed.txt", "seed", bytes);
    let page = pages(&capture, &given, None).pages.remove(0);
    Some(hearsay.record(&page, &hearsay.read(&page)))
}

#[test]
fn the_statement_claims_the_attack_for_the_group() {
    let Some(record) = seed() else { return };
    let claim = record.claims.iter().find(|c| c.event.trigger.text == "targeted").expect("the attack");
    let last = claim.chain.last().expect("a source");
    assert_eq!(last.source.as_ref().expect("its words").text, "The statement");
    assert_eq!(last.resolved.as_deref(), Some("Islamic Resistance in Iraq"));
    assert_eq!((claim.stance.as_str(), claim.position.as_str()), ("asserts", "actor"));
    assert_eq!(claim.responsibility.as_deref(), Some("claimed_or_admitted"));
    assert_eq!(claim.event.mode.as_deref(), Some("drone"));
    let time = claim.event.time.as_ref().expect("a day");
    assert_eq!((time.start.as_str(), time.end.as_str()), ("2024-03-24", "2024-03-24"));
}

#[test]
fn the_toll_is_the_outlets_running_total() {
    let Some(record) = seed() else { return };
    let told = |low| {
        let of = |claim: &&hearsay_doc::record::Claim| claim.figures.iter().any(|f| f.low == Some(low));
        record.claims.iter().find(of).expect("the toll")
    };
    let claim = told(32_000);
    assert!(claim.chain.is_empty(), "{:?}", claim.chain);
    assert_eq!(claim.event.kind, "TOLL");
    let figure = claim.figures.iter().find(|f| f.low == Some(32_000)).expect("the figure");
    assert_eq!((figure.measure.as_str(), figure.high, figure.scope.as_str()), ("killed", None, "cumulative"));
    assert_eq!(figure.since.as_deref(), Some("2023-10-07"));
}

#[test]
fn credits_are_credits_and_the_comment_form_is_gone() {
    let Some(record) = seed() else { return };
    // MNA is the outlet itself.
    assert_eq!(record.document.credits, ["Press TV"]);
    let text: Vec<char> = record.document.text.chars().collect();
    let words = |start: u32, end: u32| text[start as usize..end as usize].iter().collect::<String>();
    for claim in &record.claims {
        let sentence = words(claim.sentence.start, claim.sentence.end);
        assert!(!sentence.contains("Press TV") && !sentence.contains("Your Comment"), "{sentence}");
    }
    let named = |m: &&hearsay_doc::record::Mention| m.text.contains("Comment") || m.text.contains("Press TV");
    assert_eq!(record.mentions.iter().find(named), None);
}
