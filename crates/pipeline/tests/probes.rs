//! The sentences in which event coders usually lose the source, drop the attack, or code a denial as an attack.

use hearsay_doc::{EventType, Modality, Page, Position, Stance};
use hearsay_pipeline::Hearsay;
use std::sync::OnceLock;

/// `chain | stance | position | modality | actor → recipient`, for the one attack that the sentence tells.
fn read(sentence: &str) -> String {
    static HEARSAY: OnceLock<Hearsay> = OnceLock::new();
    let hearsay = HEARSAY.get_or_init(|| Hearsay::shipped().expect("whole models"));
    let page = Page { text: sentence.to_owned(), ..Page::default() };
    let read = hearsay.read(&page);
    let [claim] = &read.reading.claims[..] else {
        return format!("{} claims", read.reading.claims.len());
    };
    assert_eq!(claim.event.kind, EventType::Assault, "{sentence}");
    let words = |span: hearsay_doc::Span| span.of(sentence).to_owned();
    let chain: Vec<String> = claim.chain.iter().filter_map(|link| link.source).map(words).collect();
    let named =
        |list: &[hearsay_doc::Argument]| list.iter().map(|a| words(a.span)).collect::<Vec<_>>().join(", ");
    format!(
        "{} | {} | {} | {} | {} → {}",
        chain.join(" ← "),
        claim.stance,
        claim.position,
        claim.event.modality,
        named(&claim.event.actor),
        named(&claim.event.recipient)
    )
}

#[test]
fn a_denial_is_a_denial_by_the_one_accused() {
    let expected = format!("Israel | {} | {} | {} |", Stance::Denies, Position::Actor, Modality::Actual);
    for sentence in [
        "Israel denied attacking Gaza.",
        "Israel denied that it attacked Gaza.",
        "Israel said it did not attack Gaza.",
    ] {
        let found = read(sentence);
        assert!(found.starts_with(&expected), "{sentence}: {found}");
    }
}

#[test]
fn what_did_not_happen_and_what_may_are_told_apart_from_what_did() {
    assert_eq!(read("Israel did not attack Gaza."), " | asserts | third | not_happened | Israel → Gaza");
    assert_eq!(
        read("Soldiers killed no civilians."),
        " | asserts | third | not_happened | Soldiers → no civilians"
    );
    assert_eq!(read("Israel may attack Gaza."), " | asserts | third | hypothetical | Israel → Gaza");
    assert_eq!(read("Israel may have attacked Gaza."), " | suspects | third | actual | Israel → Gaza");
    assert_eq!(read("Israel allegedly attacked Gaza."), " | suspects | third | actual | Israel → Gaza");
}

#[test]
fn the_source_is_kept_wherever_it_stands_and_is_never_the_actor_by_itself() {
    for sentence in [
        "Hamas said Israel attacked Gaza.",
        "According to Hamas, Israel attacked Gaza.",
        "Israel attacked Gaza, Hamas said.",
    ] {
        let found = read(sentence);
        assert!(found.starts_with("Hamas | asserts | "), "{sentence}: {found}");
        assert!(found.ends_with(" | actual | Israel → Gaza"), "{sentence}: {found}");
    }
}

#[test]
fn a_chain_is_nested_from_the_outside_in() {
    let found = read("Russia reported that Hamas said Israel attacked Gaza.");
    assert!(found.starts_with("Russia ← Hamas | asserts | "), "{found}");
}

#[test]
fn a_claim_of_responsibility_is_the_actors_own() {
    assert_eq!(
        read("The Taliban claimed responsibility for an attack on Afghan soldiers."),
        "The Taliban | asserts | actor | actual | The Taliban → Afghan soldiers"
    );
}

#[test]
fn reasons_are_given_only_where_they_are_asked_for() {
    let hearsay = Hearsay::shipped().expect("whole models");
    let text = "The army denied that it had shelled Gaza. It did not attack Rafah.".to_owned();
    let page = Page { text, ..Page::default() };
    let (read, explained) = (hearsay.read(&page).reading, hearsay.explain(&page).reading);
    assert!(!read.claims.is_empty() && read.claims.iter().all(|claim| claim.why.is_empty()));
    assert!(explained.claims.iter().all(|claim| !claim.why.is_empty()));
}

#[test]
fn the_manifest_describes_the_scorers() {
    use sha2::{Digest, Sha256};
    let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let manifest = std::fs::read_to_string(models.join("MANIFEST.toml")).expect("the manifest");
    let bytes = std::fs::read(models.join("claims-1.bin")).expect("the model file");
    let sum: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    assert!(manifest.contains(&format!("sha256 = \"{sum}\"")), "{sum}");
    assert!(manifest.contains(&format!("bytes = {}", bytes.len())));
}

#[test]
fn who_is_cited_vouches() {
    let found = read("Rebels attacked Osh, the Harbour Post said, citing the interior ministry.");
    assert!(found.starts_with("the Harbour Post ← the interior ministry | asserts"), "{found}");
}

#[test]
fn it_in_what_is_said_is_the_speaker_and_its_neighbour_is_not() {
    let hearsay = Hearsay::shipped().expect("whole models");
    let actor = |text: &str| {
        let page = Page { text: text.to_owned(), ..Page::default() };
        let claims = hearsay.read(&page).reading.claims;
        let actor = &claims.first().expect("a claim").event.actor;
        actor.first().map(|actor| (actor.span.of(text).to_owned(), actor.resolved.clone()))
    };
    let kalvia = Some("Kalvia".to_owned());
    assert_eq!(actor("Kalvia denied that it had attacked Osh."), Some(("it".to_owned(), kalvia)));
    let bombed = actor("Kalvia said that its neighbour had bombed Osh.");
    assert_eq!(bombed, Some(("its neighbour".to_owned(), None)));
}

#[test]
fn a_church_of_a_saint_is_in_no_parish_of_that_name() {
    let hearsay = Hearsay::shipped().expect("whole models");
    let text =
        "A bomb hit the church of St. Peter in Cairo on Sunday. The attack killed six people, Egypt said.";
    let page = Page { text: text.to_owned(), ..Page::default() };
    let claims = hearsay.read(&page).reading.claims;
    assert!(!claims.is_empty());
    for claim in claims {
        assert_eq!(claim.event.country, Some(*b"EG"), "{}", claim.event.trigger.of(text));
    }
}
