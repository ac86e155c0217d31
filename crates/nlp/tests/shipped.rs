//! The model that is shipped: it is the file that the manifest describes, and it reads plain sentences right.

use std::path::PathBuf;
use std::sync::OnceLock;

use expect_test::{Expect, expect};
use hearsay_doc::Doc;
use hearsay_nlp::{Model, annotate};

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models")).join(name)
}

fn read(text: &str) -> Doc {
    static MODEL: OnceLock<Model> = OnceLock::new();
    let model = MODEL.get_or_init(|| {
        let bytes = std::fs::read(path("en-1.bin")).expect("the model file");
        Model::from_bytes(&bytes).expect("a whole model")
    });
    annotate(model, text)
}

/// `form~lemma/UPOS/head/deprel`, a sentence a line.
fn check_parse(text: &str, expected: Expect) {
    let doc = read(text);
    let mut out = String::new();
    for &(start, end) in &doc.sentences {
        let words: Vec<String> = (start as usize..end as usize)
            .map(|i| {
                let token = &doc.tokens[i];
                let head = if token.head as usize == i { 0 } else { token.head + 1 - start };
                let form = doc.form(i);
                format!("{form}~{}/{}/{head}/{}", token.lemma, token.upos, token.deprel)
            })
            .collect();
        out.push_str(&words.join(" "));
        out.push('\n');
    }
    expected.assert_eq(&out);
}

/// `name kind`, in order.
fn check_names(text: &str, expected: Expect) {
    let doc = read(text);
    let names: Vec<String> =
        doc.mentions.iter().map(|m| format!("{} {}", doc.slice(m.span), m.kind)).collect();
    expected.assert_eq(&names.join(", "));
}

#[test]
fn the_manifest_describes_the_file() {
    let manifest = std::fs::read_to_string(path("MANIFEST.toml")).expect("the manifest");
    let bytes = std::fs::read(path("en-1.bin")).expect("the model file");
    let sum: String = sha2_hex(&bytes);
    assert!(manifest.contains(&format!("sha256 = \"{sum}\"")), "{sum}");
    assert!(manifest.contains(&format!("bytes = {}", bytes.len())), "{}", bytes.len());
    assert!(bytes.len() < 15 << 20);
    assert_eq!(Model::from_bytes(&bytes).expect("a whole model").name(), "en-1");
}

fn sha2_hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_report_of_an_attack() {
    check_parse(
        "Rebels struck the old port on Monday, killing two guards. The army denied it.",
        expect![[r#"
            Rebels~rebel/NOUN/2/nsubj struck~strike/VERB/0/root the~the/DET/5/det old~old/ADJ/5/amod port~port/NOUN/2/obj on~on/ADP/7/case Monday~Monday/PROPN/2/obl ,~,/PUNCT/9/punct killing~kill/VERB/2/advcl two~two/NUM/11/nummod guards~guard/NOUN/9/obj .~./PUNCT/2/punct
            The~the/DET/2/det army~army/NOUN/3/nsubj denied~deny/VERB/0/root it~it/PRON/3/obj .~./PUNCT/3/punct
        "#]],
    );
    check_parse(
        "Three fishermen were shot dead by gunmen, the mayor said.",
        expect![[r#"
        Three~three/NUM/2/nummod fishermen~fisherman/NOUN/4/nsubj:pass were~be/AUX/4/aux:pass shot~shoot/VERB/11/ccomp dead~dead/ADJ/4/xcomp by~by/ADP/7/case gunmen~gunman/NOUN/4/obl:agent ,~,/PUNCT/4/punct the~the/DET/10/det mayor~mayor/NOUN/11/nsubj said~say/VERB/0/root .~./PUNCT/11/punct
    "#]],
    );
}

#[test]
fn irregular_verbs_of_violence_have_their_lemma() {
    let lemmas = |text: &str| read(text).tokens.iter().map(|t| t.lemma.clone()).collect::<Vec<_>>().join(" ");
    let text = "They fought, fled and shot at men who had wounded her after the bombings.";
    expect!["they fight , flee and shoot at man who have wound she after the bombing ."]
        .assert_eq(&lemmas(text));
}

#[test]
fn names_of_five_kinds() {
    check_names(
        "Anna Kowalska, a Polish lawyer, told Reuters in Warsaw that Ukrainians had fled Kharkiv.",
        expect![
            "Anna Kowalska person, Polish group, Reuters organization, Warsaw location, Ukrainians group, Kharkiv location"
        ],
    );
    check_names(
        "The United Nations and NATO met in Geneva, said Mr. Rossi.",
        expect!["United Nations organization, NATO organization, Geneva location, Rossi person"],
    );
}

#[test]
fn capitals_throughout_are_still_read() {
    check_names(
        "REUTERS SAYS FOUR SOLDIERS WERE KILLED IN MALI",
        expect!["REUTERS organization, MALI location"],
    );
}
