//! `annotate MODEL < TEXT`: prints the text's language layer as CoNLL-U.

use std::io::Read;

use hearsay_nlp::{Model, annotate, conllu};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: annotate MODEL < TEXT")?;
    let model = Model::from_bytes(&std::fs::read(path)?)?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    print!("{}", conllu(&annotate(&model, &text)));
    Ok(())
}
