//! The claims task on two invented reports, every figure worked out by hand.

use std::path::Path;
use std::process::Command;

use expect_test::{Expect, expect};

/// Runs the program on `tests/claims/`; prints what it prints.
fn check(options: &[&str], expected: Expect) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims");
    let out = Command::new(env!("CARGO_BIN_EXE_hearsay-eval"))
        .args(["claims", "--readings"])
        .arg(folder.join("readings.jsonl"))
        .arg(&folder)
        .args(options)
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    expected.assert_eq(&(text(out.stdout) + &text(out.stderr)));
}

/// Gold: a strike, a denied shelling, a toll. Read: the strike with a wrong actor, the denial as an assertion without
/// what was shelled, and a closed bridge; the toll is missed.
///
/// event: 2 of 3 and 3, 66.7; both have their type. who_says: the strike only, 33.3. claim: none, its actor is wrong.
/// actor: wrong in the strike, right in the denial, 1 of 2 and 2. recipient: the depot is right, the market missed, the
/// bridge one too many, 1 of 2 and 2. figures: the strike's is right, the toll's missed: P 100, R 50, F1 66.7.
#[test]
fn figures_are_what_a_person_counts() {
    check(
        &[],
        expect![[r#"
            2 documents, 3 gold claims, 3 predicted
              event      P  66.7  R  66.7  F1  66.7
              typed      P  66.7  R  66.7  F1  66.7
              who_says   P  33.3  R  33.3  F1  33.3
              claim      P   0.0  R   0.0  F1   0.0
              actor      P  50.0  R  50.0  F1  50.0  (n=2)
              recipient  P  50.0  R  50.0  F1  50.0  (n=2)
              instrument P   0.0  R   0.0  F1   0.0  (n=0)
              place      P 100.0  R 100.0  F1 100.0  (n=1)
              figures    P 100.0  R  50.0  F1  66.7  (n=2)
              source                100.0 % of 2 matched
              chain                 100.0 % of 2 matched
              stance                50.0 % of 2 matched
              modality              100.0 % of 2 matched
              position              100.0 % of 2 matched
              date                  100.0 % of 1 matched
              country               None % of 0 matched
              mode                  50.0 % of 2 matched
              attributed_source     100.0 % of 2 matched
              non_asserting_stance  0.0 % of 1 matched
        "#]],
    );
}

#[test]
fn figures_as_json() {
    check(
        &["--json", "--only", "b"],
        expect![[r#"
            {
             "documents": 1,
             "claims": 1,
             "event": {
              "p": 0.0,
              "r": 0.0,
              "f": 0.0,
              "n": 1
             },
             "typed": {
              "p": 0.0,
              "r": 0.0,
              "f": 0.0,
              "n": 1
             },
             "who_says": {
              "p": 0.0,
              "r": 0.0,
              "f": 0.0,
              "n": 1
             },
             "claim": {
              "p": 0.0,
              "r": 0.0,
              "f": 0.0,
              "n": 1
             },
             "slots": {
              "actor": {
               "p": 0.0,
               "r": 0.0,
               "f": 0.0,
               "n": 0
              },
              "recipient": {
               "p": 0.0,
               "r": 0.0,
               "f": 0.0,
               "n": 0
              },
              "instrument": {
               "p": 0.0,
               "r": 0.0,
               "f": 0.0,
               "n": 0
              },
              "place": {
               "p": 0.0,
               "r": 0.0,
               "f": 0.0,
               "n": 0
              },
              "figures": {
               "p": 0.0,
               "r": 0.0,
               "f": 0.0,
               "n": 1
              }
             },
             "accuracy_on_matched": {
              "source": {
               "acc": null,
               "n": 0
              },
              "chain": {
               "acc": null,
               "n": 0
              },
              "stance": {
               "acc": null,
               "n": 0
              },
              "modality": {
               "acc": null,
               "n": 0
              },
              "position": {
               "acc": null,
               "n": 0
              },
              "date": {
               "acc": null,
               "n": 0
              },
              "country": {
               "acc": null,
               "n": 0
              },
              "mode": {
               "acc": null,
               "n": 0
              },
              "attributed_source": {
               "acc": null,
               "n": 0
              },
              "non_asserting_stance": {
               "acc": null,
               "n": 0
              }
             }
            }
        "#]],
    );
}

#[test]
fn error_lines_name_what_went_wrong() {
    check(
        &["--errors", "--docs", "a"],
        expect![[r#"
            a: 'shelling'@139 gold ASSAULT 'The army' denies actual ['The army']->['the market'] | got ASSAULT 'The army' asserts actual ['The army']->[]
            a: 'struck'@62 gold ASSAULT 'Žarko Lem' asserts actual ['its fighters']->['a depot'] | got ASSAULT 'a spokesman for the Varda Front' asserts actual ['The army']->['a depot']
            1 documents, 2 gold claims, 2 predicted
              event      P 100.0  R 100.0  F1 100.0
              typed      P 100.0  R 100.0  F1 100.0
              who_says   P  50.0  R  50.0  F1  50.0
              claim      P   0.0  R   0.0  F1   0.0
              actor      P  50.0  R  50.0  F1  50.0  (n=2)
              recipient  P 100.0  R  50.0  F1  66.7  (n=2)
              instrument P   0.0  R   0.0  F1   0.0  (n=0)
              place      P 100.0  R 100.0  F1 100.0  (n=1)
              figures    P 100.0  R 100.0  F1 100.0  (n=1)
              source                100.0 % of 2 matched
              chain                 100.0 % of 2 matched
              stance                50.0 % of 2 matched
              modality              100.0 % of 2 matched
              position              100.0 % of 2 matched
              date                  100.0 % of 1 matched
              country               None % of 0 matched
              mode                  50.0 % of 2 matched
              attributed_source     100.0 % of 2 matched
              non_asserting_stance  0.0 % of 1 matched
        "#]],
    );
}

#[test]
fn errors_in_full_show_the_sentence_and_every_slot() {
    check(
        &["--errors=full"],
        expect![[r#"
            a @62 ASSAULT "struck": who_says counts, but wrong ACTOR MODE
              | Žarko Lem, a spokesman for the Varda Front, said its fighters [[struck]] a depot in Osh Mal on 3 May 2031, killing two guards.
                type       ASSAULT
                source     gold Žarko Lem  |  got a spokesman for the Varda Front (= Žarko Lem)
                cue        said
                stance     asserts
                modality   actual
                position   actor
              ✗ actor      gold its fighters (= the Varda Front)  |  got The army
                recipient  a depot
                place      Osh Mal
                date       2031-05-03
                figures    killed 2..2 “two guards”
              ✗ mode       gold explosives  |  got drone

            a @139 ASSAULT "shelling": wrong STANCE RECIPIENT
              | The army denied [[shelling]] the market.
                type       ASSAULT
                source     The army
                cue        denied
              ✗ stance     gold denies  |  got asserts
                modality   actual
                position   actor
                actor      The army
              ✗ recipient  gold the market  |  got -
                mode       heavy-weapons

            b @7 COERCE "closed": EXTRA
              | Floods [[closed]] a bridge.
                type       COERCE
                stance     asserts
                modality   actual
                position   third
                recipient  a bridge

            b @49 TOLL "died": MISSED
              | More than 40 people have [[died]] since March.
                type       TOLL
                stance     asserts
                modality   actual
                position   third
                figures    killed 40..? “More than 40”

            wrong most often
              actor      1
              extra      1
              missed     1
              mode       1
              recipient  1
              stance     1
            gold → got, and triggers
              mode       explosives → drone 1×
              stance     denies → asserts 1×
              extra      COERCE closed 1×
              missed     TOLL died 1×

            2 documents, 3 gold claims, 3 predicted
              event      P  66.7  R  66.7  F1  66.7
              typed      P  66.7  R  66.7  F1  66.7
              who_says   P  33.3  R  33.3  F1  33.3
              claim      P   0.0  R   0.0  F1   0.0
              actor      P  50.0  R  50.0  F1  50.0  (n=2)
              recipient  P  50.0  R  50.0  F1  50.0  (n=2)
              instrument P   0.0  R   0.0  F1   0.0  (n=0)
              place      P 100.0  R 100.0  F1 100.0  (n=1)
              figures    P 100.0  R  50.0  F1  66.7  (n=2)
              source                100.0 % of 2 matched
              chain                 100.0 % of 2 matched
              stance                50.0 % of 2 matched
              modality              100.0 % of 2 matched
              position              100.0 % of 2 matched
              date                  100.0 % of 1 matched
              country               None % of 0 matched
              mode                  50.0 % of 2 matched
              attributed_source     100.0 % of 2 matched
              non_asserting_stance  0.0 % of 1 matched
        "#]],
    );
}
