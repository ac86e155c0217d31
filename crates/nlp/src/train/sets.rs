//! Which files are read from the data folder, and what each is for.

use std::fs;
use std::path::Path;

use super::data::{DataError, NameSet, Sample, columns, conllu, names_from_tags, re3d};

/// Sentences to learn from and to measure on.
pub struct Sets {
    /// To learn from.
    pub train: Vec<Sample>,
    /// To choose by, named.
    pub dev: Vec<(String, Vec<Sample>)>,
    /// To report, named; nothing is chosen by them.
    pub test: Vec<(String, Vec<Sample>)>,
    /// Names of towns, districts and countries.
    pub places: Vec<String>,
}

/// GUM's genres whose texts may be used without a non-commercial clause.
const OPEN_GENRES: [&str; 8] =
    ["news", "interview", "bio", "voyage", "textbook", "vlog", "speech", "conversation"];

fn open_genre(id: &str) -> bool {
    id.strip_prefix("GUM_").and_then(|rest| rest.split('_').next()).is_some_and(|g| OPEN_GENRES.contains(&g))
}

/// Reads everything. One sentence in ten of wikigold is kept for development, and the
/// development part of UNER too, unless `all` is wanted for training.
///
/// # Errors
///
/// [`DataError`] if a file is missing or malformed.
pub fn read_sets(data: &Path, all: bool) -> Result<Sets, DataError> {
    let ud = data.join("ud");
    let ewt = |part: &str| conllu(&ud.join(format!("UD_English-EWT/en_ewt-ud-{part}.conllu")), |_| true);
    let gum = |part: &str, keep: fn(&str) -> bool| {
        conllu(&ud.join(format!("UD_English-GUM/en_gum-ud-{part}.conllu")), keep)
    };
    let mut train = ewt("train.REBUILT")?;
    train.iter_mut().for_each(names_from_tags);
    let gum_train = gum("train.REBUILT", open_genre)?;
    train.extend(gum_train.into_iter().map(|s| Sample { times: 1.3, ..s }));
    let wiki_path = data.join("ner_juand/data/wikigold/CONLL-format/data/wikigold.conll.txt");
    let mut wiki_dev = Vec::new();
    for (i, sample) in columns(&wiki_path, NameSet::Wikigold)?.into_iter().enumerate() {
        if i % 10 == 9 {
            wiki_dev.push(sample.clone());
        }
        if all || i % 10 != 9 {
            train.push(sample);
        }
    }
    for part in ["a", "b", "e", "f", "g", "h"] {
        let path = data.join(format!("ner_juand/data/BTC/CONLL-format/data/{part}.conll"));
        train.extend(columns(&path, NameSet::Broad)?);
    }
    train.extend(columns(&data.join("wnut17/wnut17train.conll"), NameSet::Wnut)?);
    let named = documents(&data.join("claims_train/ann"))?;
    for folder in ["CENTCOM", "US State Department", "UK Government"] {
        train.extend(re3d(&data.join("re3d").join(folder), &named)?);
    }
    let uner =
        |part: &str| columns(&data.join(format!("uner_english_ewt/en_ewt-ud-{part}.iob2")), NameSet::Uner);
    let uner_dev = uner("dev")?;
    if all {
        train.extend(uner_dev.iter().cloned());
    }
    let mut newswire = Vec::new();
    for path in listing(&data.join("worldwide_newswire_ner/processed_annotated"))? {
        newswire.extend(columns(&path, NameSet::Newswire)?);
    }
    let dev = vec![
        ("EWT dev".to_owned(), ewt("dev")?),
        ("GUM dev".to_owned(), gum("dev", |_| true)?),
        ("UNER dev".to_owned(), uner_dev),
        ("wikigold held out".to_owned(), wiki_dev),
    ];
    let test = vec![
        ("EWT test".to_owned(), ewt("test")?),
        ("GUM test".to_owned(), gum("test", |_| true)?),
        ("UNER test".to_owned(), uner("test")?),
        ("Worldwide Newswire".to_owned(), newswire),
    ];
    let places = place_names(&data.join("gazetteer_geonames/world-cities.csv"))?;
    Ok(Sets { train, dev, test, places })
}

/// Names in the first three columns (town, country, district) of a table with a heading.
fn place_names(path: &Path) -> Result<Vec<String>, DataError> {
    let text = fs::read_to_string(path).map_err(|e| DataError {
        path: path.into(),
        line: 0,
        what: e.to_string(),
    })?;
    let names = text.lines().skip(1).flat_map(|line| line.split(',').take(3));
    let mut names: Vec<String> = names.map(|n| n.trim_matches('"').trim().to_owned()).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// The paths in a folder, sorted.
fn listing(folder: &Path) -> Result<Vec<std::path::PathBuf>, DataError> {
    let error = |e: std::io::Error| DataError { path: folder.into(), line: 0, what: e.to_string() };
    let mut paths: Vec<_> =
        fs::read_dir(folder).map_err(error)?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    paths.sort();
    Ok(paths)
}

/// The six letters that end names such as `re3d-cent-001C9C.json`.
fn documents(folder: &Path) -> Result<Vec<String>, DataError> {
    let stems = listing(folder)?;
    let stem = |p: &std::path::PathBuf| {
        let (_, letters) = p.file_stem()?.to_str()?.strip_prefix("re3d-")?.rsplit_once('-')?;
        (letters.len() == 6).then(|| letters.to_owned())
    };
    Ok(stems.iter().filter_map(stem).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_open_genres_are_kept() {
        assert!(super::open_genre("GUM_news_afghan") && super::open_genre("GUM_vlog_radiology"));
        assert!(!super::open_genre("GUM_whow_arrogant") && !super::open_genre(""));
    }
}
