//! Reports drawn at several widths, in colour and without.

use expect_test::{Expect, expect};
use hearsay_doc::{
    Event, EventType, Interval, Measure, Modality, Mode, Population, Reading, Reason, Responsibility,
    SourceKind,
};

use super::*;

/// The first occurrence of `words`, in bytes.
fn at(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap_or_else(|| panic!("{words:?} is not in the text"));
    Span::new(start, start + words.len())
}

fn argument(text: &str, words: &str, resolved: Option<&str>) -> Argument {
    Argument { span: at(text, words), resolved: resolved.map(str::to_owned), entity: None }
}

/// A denial through two sources, and a running total in the outlet's voice.
fn report() -> (Page, Read) {
    let text = "The Meridane agency quoted the Front’s spokesman as denying that its gunners had shelled the covered \
                market in Kelmara on Tuesday. More than 1,200 civilians have died since 2 April.";
    let first = at(text, &text[..text.find(" More").unwrap()]);
    let link = |source: &str, resolved: Option<&str>, cue: &str| Link {
        source: Some(at(text, source)),
        resolved: resolved.map(str::to_owned),
        kind: SourceKind::Group,
        cue: Some(at(text, cue)),
        ..Link::default()
    };
    let event = |trigger: &str, kind| Event {
        trigger: at(text, trigger),
        kind,
        mode: None,
        modality: Modality::Actual,
        actor: Vec::new(),
        recipient: Vec::new(),
        instrument: Vec::new(),
        place: Vec::new(),
        country: None,
        time: None,
    };
    let denial = Claim {
        sentence: first,
        chain: vec![
            link("The Meridane agency", None, "quoted"),
            link("the Front’s spokesman", Some("Iven Tarkel"), "denying"),
        ],
        stance: Stance::Denies,
        position: Position::Actor,
        responsibility: Some(Responsibility::Denied),
        event: Event {
            mode: Some(Mode::HeavyWeapons),
            actor: vec![argument(text, "its gunners", Some("the Front"))],
            recipient: vec![argument(text, "the covered market", None)],
            place: vec![PlaceRef { span: at(text, "Kelmara"), resolved: None, near: None }],
            country: Some(*b"VD"),
            time: Some(TimeRef {
                span: Some(at(text, "on Tuesday")),
                interval: Interval::parse("2024-09-03").unwrap(),
            }),
            ..event("shelled", EventType::Assault)
        },
        figures: Vec::new(),
        confidence: 0.9,
        why: vec![
            Reason { slot: "stance", rule: "cue verb".to_owned(), weight: 0.0, span: at(text, "denying") },
            Reason { slot: "type", rule: "lemma shell".to_owned(), weight: 2.5, span: at(text, "shelled") },
        ],
    };
    let toll = Claim {
        sentence: at(text, &text[text.find("More").unwrap()..]),
        chain: Vec::new(),
        stance: Stance::Asserts,
        position: Position::Third,
        responsibility: None,
        event: event("died", EventType::Toll),
        figures: vec![Figure {
            measure: Measure::Killed,
            low: Some(1200),
            high: None,
            population: Some(Population::Civilians),
            scope: Scope::Cumulative,
            since: Some(Interval::parse("2024-04-02").unwrap()),
            span: at(text, "More than 1,200 civilians"),
        }],
        confidence: 0.8,
        why: Vec::new(),
    };
    let page = Page {
        name: "market".to_owned(),
        title: Some("Seven dead in Kelmara".to_owned()),
        outlet: Some("The Orveth Courier".to_owned()),
        credits: vec!["Meridane".to_owned()],
        url: Some("https://courier.example/market".to_owned()),
        published: Some(Published { when: Interval::parse("2024-09-03").unwrap(), from: "json-ld" }),
        text: text.to_owned(),
        ..Page::default()
    };
    let doc = Doc { text: text.to_owned(), ..Doc::default() };
    (
        page,
        Read {
            doc,
            reading: Reading {
                claims: vec![denial, toll],
                entities: Vec::new(),
                notes: vec!["odd".to_owned()],
            },
        },
    )
}

fn check(width: usize, color: bool, expected: Expect) {
    check_report(report(), width, color, expected);
}

fn check_report((page, read): (Page, Read), width: usize, color: bool, expected: Expect) {
    let shown = View { color, width }.show(&page, &read);
    for line in shown.lines() {
        assert!(console::measure_text_width(line) <= width, "{line:?} is wider than {width}");
    }
    expected.assert_eq(&shown.replace('\x1b', "^"));
}

#[test]
fn a_denial_and_a_running_total() {
    check(
        80,
        false,
        expect![[r#"
            Seven dead in Kelmara
            The Orveth Courier · published 2024-09-03 (from the page's JSON-LD) · credits
              Meridane
            https://courier.example/market
            2 claims · 1 asserted · 1 denied

             1  ASSAULT · heavy-weapons  “shelled”                                    denies
                │ The Meridane agency quoted the Front’s spokesman as denying that its
                │ gunners had shelled the covered market in Kelmara on Tuesday.
                The Orveth Courier ← The Meridane agency quoted ← the Front’s spokesman
                  (Iven Tarkel) denying · speaks as the actor
                who    its gunners (the Front) → the covered market
                where  Kelmara, VD
                when   2024-09-03 “on Tuesday”
                why stance     “denying”: cue verb
                why type       “shelled”: lemma shell +2.50
                confidence     90 %

             2  TOLL  “died”                                                         asserts
                │ More than 1,200 civilians have died since 2 April.
                The Orveth Courier, in its own voice
                toll   killed 1,200 or more, “More than 1,200 civilians” · civilians · since
                       2024-04-02

            note odd
        "#]],
    );
}

#[test]
fn a_narrow_terminal() {
    check(
        44,
        false,
        expect![[r#"
            Seven dead in Kelmara
            The Orveth Courier · published 2024-09-03
              (from the page's JSON-LD) · credits
              Meridane
            https://courier.example/market
            2 claims · 1 asserted · 1 denied

             1  ASSAULT · heavy-weapons “shelled”
                denies
                │ The Meridane agency quoted the Front’s
                │ spokesman as denying that its gunners
                │ had shelled the covered market in
                │ Kelmara on Tuesday.
                The Orveth Courier ← The Meridane agency
                  quoted ← the Front’s spokesman (Iven
                  Tarkel) denying · speaks as the actor
                who    its gunners (the Front) → the
                       covered market
                where  Kelmara, VD
                when   2024-09-03 “on Tuesday”
                why stance     “denying”: cue verb
                why type       “shelled”: lemma shell
                                 +2.50
                confidence     90 %

             2  TOLL  “died”                     asserts
                │ More than 1,200 civilians have died
                │ since 2 April.
                The Orveth Courier, in its own voice
                toll   killed 1,200 or more, “More than
                       1,200 civilians” · civilians ·
                       since 2024-04-02

            note odd
        "#]],
    );
}

/// Two claims of one sentence, each with a source that follows its cue, and tolls to be set side by side.
fn tolls() -> (Page, Read) {
    let (page, mut read) = report();
    let text = "According to the town council of Kelmara, 14 people were killed and between 20 and 30 wounded. \
                The agency said it could not confirm the deaths of 14 people.";
    let first = at(text, &text[..text.find(" The agency").unwrap()]);
    let figure = |measure, low, high, words: &str| Figure {
        measure,
        low: Some(low),
        high: Some(high),
        population: None,
        scope: Scope::Event,
        since: None,
        span: at(text, words),
    };
    let link = |source: &str, cue: &str| Link {
        source: Some(at(text, source)),
        cue: Some(at(text, cue)),
        ..Link::default()
    };
    let claim = |trigger: &str, link: Link, figure: Figure| Claim {
        sentence: first,
        chain: vec![link],
        event: Event { trigger: at(text, trigger), ..read.reading.claims[1].event.clone() },
        figures: vec![figure],
        ..read.reading.claims[1].clone()
    };
    let council = || link("the town council of Kelmara", "According to");
    let killed = claim("killed", council(), figure(Measure::Killed, 14, 14, "14 people"));
    let wounded = claim("wounded", council(), figure(Measure::Injured, 20, 30, "between 20 and 30"));
    let mut doubted = claim("deaths", link("The agency", "could not confirm"), killed.figures[0].clone());
    doubted.stance = Stance::Doubts;
    doubted.sentence = at(text, &text[text.find("The agency").unwrap()..]);
    doubted.responsibility = Some(Responsibility::Possible);
    doubted.event.modality = Modality::Attempted;
    read.reading =
        Reading { claims: vec![killed, wounded, doubted], entities: Vec::new(), notes: Vec::new() };
    read.doc.text = text.to_owned();
    (Page { text: text.to_owned(), ..page }, read)
}

#[test]
fn tolls_stand_side_by_side_and_a_preposition_before_its_source() {
    check_report(
        tolls(),
        80,
        false,
        expect![[r#"
        Seven dead in Kelmara
        The Orveth Courier · published 2024-09-03 (from the page's JSON-LD) · credits
          Meridane
        https://courier.example/market
        3 claims · 2 asserted · 1 doubted

         1  TOLL  “killed”                                                       asserts
            │ According to the town council of Kelmara, 14 people were killed and
            │ between 20 and 30 wounded.
            The Orveth Courier ← according to the town council of Kelmara
            toll   killed 14, “14 people”

         2  TOLL  “wounded”                                                      asserts
            │ According to the town council of Kelmara, 14 people were killed and
            │ between 20 and 30 wounded.
            The Orveth Courier ← according to the town council of Kelmara
            toll   injured 20–30, “between 20 and 30”

         3  TOLL · attempted  “deaths”                                 doubts · possible
            │ The agency said it could not confirm the deaths of 14 people.
            The Orveth Courier ← The agency could not confirm
            toll   killed 14, “14 people”

        Tolls
          harm     number  whom    counted     claim  who says
          killed       14  people  this event      1  the town council of Kelmara
          injured   20–30  people  this event      2  the town council of Kelmara
          killed       14  people  this event      3  The agency doubts
    "#]],
    );
}

#[test]
fn a_headline_too_long_for_its_line_is_broken() {
    check_report(
        tolls(),
        40,
        false,
        expect![[r#"
        Seven dead in Kelmara
        The Orveth Courier · published
          2024-09-03 (from the page's JSON-LD) ·
          credits Meridane
        https://courier.example/market
        3 claims · 2 asserted · 1 doubted

         1  TOLL  “killed”               asserts
            │ According to the town council of
            │ Kelmara, 14 people were killed and
            │ between 20 and 30 wounded.
            The Orveth Courier ← according to
              the town council of Kelmara
            toll   killed 14, “14 people”

         2  TOLL  “wounded”              asserts
            │ According to the town council of
            │ Kelmara, 14 people were killed and
            │ between 20 and 30 wounded.
            The Orveth Courier ← according to
              the town council of Kelmara
            toll   injured 20–30, “between 20
                   and 30”

         3  TOLL · attempted “deaths”
            doubts · possible
            │ The agency said it could not
            │ confirm the deaths of 14 people.
            The Orveth Courier ← The agency
              could not confirm
            toll   killed 14, “14 people”

        Tolls
          killed · 14 · people · this event ·
            the town council of Kelmara · claim
            1
          injured · 20–30 · people · this event
            · the town council of Kelmara ·
            claim 2
          killed · 14 · people · this event ·
            The agency doubts · claim 3
    "#]],
    );
}

#[test]
fn colours_stand_for_slots() {
    check(
        100,
        true,
        expect![[r#"
            ^[1mSeven dead in Kelmara^[0m
            The Orveth Courier · published 2024-09-03 (from the page's JSON-LD) · credits Meridane
            ^[2mhttps://courier.example/market^[0m
            2 claims · 1 ^[1;32masserted^[0m · 1 ^[1;31mdenied^[0m

            ^[2m 1^[0m  ^[1mASSAULT^[0m · heavy-weapons^[2m  “shelled”^[0m                                                        ^[1;31mdenies^[0m
                ^[2m│^[0m ^[1mThe Meridane agency^[0m ^[3mquoted^[0m ^[1mthe Front’s spokesman^[0m as ^[3mdenying^[0m that ^[35mits gunners^[0m had ^[1;4mshelled^[0m ^[94mthe^[0m
                ^[2m│^[0m ^[94mcovered market^[0m in ^[32mKelmara^[0m ^[36mon Tuesday^[0m.
                The Orveth Courier ← ^[1mThe Meridane agency^[0m^[3m quoted^[0m ← ^[1mthe Front’s spokesman (Iven Tarkel)^[0m^[3m denying^[0m ·
                  speaks as the actor
                ^[2mwho^[0m    ^[35mits gunners (the Front)^[0m → ^[94mthe covered market^[0m
                ^[2mwhere^[0m  ^[32mKelmara^[0m, VD
                ^[2mwhen^[0m   ^[36m2024-09-03^[0m “on Tuesday”
                ^[2mwhy stance^[0m     “denying”^[2m: cue verb^[0m
                ^[2mwhy type^[0m       “shelled”^[2m: lemma shell^[0m +2.50
                ^[2mconfidence^[0m     90 %

            ^[2m 2^[0m  ^[1mTOLL^[0m^[2m  “died”^[0m                                                                             ^[1;32masserts^[0m
                ^[2m│^[0m ^[33mMore than 1,200 civilians^[0m have ^[1;4mdied^[0m since 2 April.
                The Orveth Courier, in its own voice
                ^[2mtoll^[0m   ^[33mkilled 1,200 or more, “More than 1,200 civilians”^[0m · civilians · since 2024-04-02

            ^[2mnote ^[0modd
        "#]],
    );
}

#[test]
fn a_report_without_claims_says_so() {
    let page = Page { name: "harvest".to_owned(), text: "Plums are early.".to_owned(), ..Page::default() };
    let shown = View { color: false, width: 80 }.show(&page, &Read::default());
    expect![[r#"
        harvest
        no date known (--published gives one)
        no claim of an event of armed conflict found in 0 tokens
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_very_long_sentence_is_cut_around_its_trigger() {
    let (_, mut read) = report();
    let padding = "and so on ".repeat(200);
    let claim = &mut read.reading.claims[0];
    claim.figures.clear();
    let shift = padding.len() as u32;
    read.doc.text = format!("{padding}{}{padding}", read.doc.text);
    let moved = |span: Span| Span { start: span.start + shift, end: span.end + shift };
    claim.sentence = Span::new(0, read.doc.text.len());
    claim.event.trigger = moved(claim.event.trigger);
    claim.event.actor[0].span = moved(claim.event.actor[0].span);
    let shown: String = quote(&read.doc, claim).line(false);
    expect!["…the Front’s spokesman as denying that its gunners had shelled the covered market in Kelmara on Tuesday.…"].assert_eq(&shown);
}

#[test]
fn intervals_in_words() {
    let (_, read) = report();
    let figure = |low, high| interval(&Figure { low, high, ..read.reading.claims[1].figures[0].clone() });
    let shown = [
        figure(Some(5), Some(5)),
        figure(Some(20), Some(30)),
        figure(Some(32_000), None),
        figure(None, Some(30)),
        figure(None, None),
    ];
    assert_eq!(shown, ["5", "20–30", "32,000 or more", "up to 30", "unknown"]);
}
