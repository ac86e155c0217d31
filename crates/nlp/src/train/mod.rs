//! Training: from a folder of treebanks and name sets to a model file.
//!
//! Start at [`train`]. It is deterministic: one seed, one data folder, one file. Each step's batch is cut into
//! two shards whose gradients are added in a fixed order, so the number of cores changes nothing.

mod backward;
mod boundary;
pub mod data;
mod measure;
mod noise;
mod optimizer;
mod sets;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hearsay_doc::{Deprel, Upos};

use crate::features::{Features, HASHED_ROWS, N_TABLES, Vocabulary, norm};
use crate::lemma::Lemmatizer;
use crate::model::Model;
use crate::net::{Config, Masks, Net};
use backward::{Batch, Gradients, learn};
use data::{DataError, Sample};
use optimizer::Adam;

pub use measure::{Scores, measure, measure_raw};
pub use noise::Random;
pub use sets::{Sets, read_sets};

/// What can be chosen on the command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// The model's name.
    pub name: String,
    /// Passes over the data.
    pub epochs: usize,
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Greatest learning rate.
    pub rate: f32,
    /// Width of every layer.
    pub width: usize,
    /// Number of recurrent layers.
    pub layers: usize,
    /// Dropout between layers.
    pub dropout: f32,
    /// Words in a batch.
    pub batch: usize,
    /// Probability that a word seen once is hidden; `hide / (hide + count)` for others.
    pub hide: f32,
    /// Are the development parts of the name sets learned from too? Their scores then mean nothing.
    pub all: bool,
    /// Are mistakes listed on standard error at the end?
    pub wrong: bool,
    /// A model whose network and known forms are taken over instead of being learned; sentences and lemmas are
    /// learned anew. For trying changes of these two.
    pub start: Option<Model>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            name: "en-1".into(),
            epochs: 18,
            seed: 1,
            rate: 2e-3,
            width: 128,
            layers: 3,
            dropout: 0.3,
            batch: 1000,
            hide: 0.5,
            all: false,
            wrong: false,
            start: None,
        }
    }
}

/// Trains a model on `sets`, telling `say` how it goes.
///
/// # Errors
///
/// [`DataError`] if a file that is read late cannot be read.
pub fn train(sets: &Sets, options: &Options, say: &mut dyn FnMut(&str)) -> Result<Model, DataError> {
    let mut random = Random::new(options.seed);
    let counts = count(&sets.train);
    let forms: Vec<String> = counts.iter().filter(|&(_, &n)| n >= 2).map(|(form, _)| form.clone()).collect();
    let config = Config {
        d: options.width,
        h: options.width,
        layers: options.layers,
        arc: 96,
        label: 64,
        n_deprel: Deprel::ALL.len(),
        rows: [forms.len() + 1, HASHED_ROWS[0], HASHED_ROWS[1], HASHED_ROWS[2]],
        dims: [128, 32, 64, 32],
    };
    let vocabulary = Vocabulary::new(forms).with_places(place_words(&sets.places, &sets.train));
    let words = sets.train.iter().flat_map(|s| {
        s.forms.iter().zip(&s.upos).zip(&s.lemmas).map(|((f, u), l)| (f.as_str(), *u, l.as_str()))
    });
    let lemmas = Lemmatizer::learn(words);
    let boundaries = boundary::learn(&sets.train, &mut random);
    if let Some(start) = &options.start {
        return Ok(Model { lemmas, boundaries, ..start.clone() });
    }
    let mut model = Model {
        name: options.name.clone(),
        net: initial(config, &mut random),
        deprels: Deprel::ALL.to_vec(),
        vocabulary,
        lemmas,
        boundaries,
    };
    let n_words: usize = sets.train.iter().map(|s| s.forms.len()).sum();
    say(&format!(
        "{} sentences, {n_words} words, {} known forms, {} parameters",
        sets.train.len(),
        model.vocabulary.forms().len(),
        model.net.dense.len() + model.net.tables.iter().map(Vec::len).sum::<usize>()
    ));
    let mut adam = Adam::new(&model.net);
    let mut shards = [Gradients::new(&model.net), Gradients::new(&model.net)];
    let per_pass: f32 = sets.train.iter().map(|s| s.forms.len() as f32 * s.times).sum();
    let total = options.epochs * per_pass as usize / options.batch;
    let mut step = 0;
    for epoch in 0..options.epochs {
        let mut samples: Vec<Sample> = Vec::new();
        for sample in &sets.train {
            let n = (sample.times + random.unit()) as usize;
            samples.extend((0..n).map(|_| noise::noisy(sample, &mut random)));
        }
        let mut losses = [0.0; 4];
        let batches = batches(&samples, options.batch, &mut random);
        for batch in &batches {
            let rate = options.rate * schedule(step, total);
            step += 1;
            let weights = task_weights(batch);
            let jobs: Vec<Job<'_>> = shards_of(batch)
                .into_iter()
                .map(|samples| prepare(&model, &counts, samples, options, &mut random))
                .collect();
            let net = &model.net;
            std::thread::scope(|scope| {
                for (job, gradients) in jobs.iter().zip(&mut shards) {
                    scope.spawn(move || {
                        gradients.clear(&net.config.dims);
                        let (words, samples, masks) = (&job.words[..], &job.samples[..], Some(&job.masks));
                        learn(net, &Batch { words, samples, masks, weights }, gradients);
                    });
                }
            });
            let [sum, other] = &mut shards;
            sum.add(other, &net.config.dims);
            for (total, loss) in losses.iter_mut().zip(sum.loss) {
                *total += loss / batches.len() as f64;
            }
            adam.step(&mut model.net, sum, rate);
        }
        let mut line = format!("epoch {:2} loss", epoch + 1);
        for loss in losses {
            line.push_str(&format!(" {loss:.3}"));
        }
        let every = (options.epochs / 6).max(1);
        if (epoch + 1) % every == 0 || epoch + 1 == options.epochs {
            for (name, samples) in &sets.dev {
                line.push_str(&format!("\n  {name}: {}", measure(&model, samples, &mut |_, _| {})));
            }
        }
        say(&line);
    }
    // What is shipped is what is measured: parameters as they will be read back.
    let bytes = model.to_bytes();
    Ok(Model::from_bytes(&bytes).unwrap_or(model))
}

/// Words of place names: a name by themselves, or part of one. Words that the treebanks also write in lower case
/// are left out ("Nice", "Reading", "Of").
fn place_words(names: &[String], samples: &[Sample]) -> [Vec<String>; 2] {
    let common: BTreeSet<&str> = samples
        .iter()
        .flat_map(|s| &s.forms)
        .filter(|f| f.starts_with(char::is_lowercase))
        .map(String::as_str)
        .collect();
    let mut words = [BTreeSet::new(), BTreeSet::new()];
    for name in names {
        let parts: Vec<&str> =
            name.split([' ', '-', '\'', '(', ')', '/']).filter(|p| p.chars().count() > 2).collect();
        let alone = usize::from(!(parts.len() == 1 && parts[0].len() == name.len()));
        for part in parts {
            let part = norm(part);
            let plain: String = part.chars().map(plain).filter(|c| *c != '\u{2bf}').collect();
            if !common.contains(plain.as_str()) && plain.chars().all(char::is_alphabetic) {
                words[alone].insert(plain);
            }
            if !common.contains(part.as_str()) && part.chars().all(char::is_alphabetic) {
                words[alone].insert(part);
            }
        }
    }
    words.map(|set| set.into_iter().collect())
}

/// The letter without its marks, as news in English writes names.
fn plain(c: char) -> char {
    const MARKED: [(&str, char); 14] = [
        ("āáàâäãåăąạ", 'a'),
        ("çćčĉ", 'c'),
        ("ďđḑḍ", 'd'),
        ("ēéèêëėęě", 'e'),
        ("ğĝģ", 'g'),
        ("ḩĥḥħ", 'h'),
        ("īíìîïıĩ", 'i'),
        ("łľļ", 'l'),
        ("ñńňņ", 'n'),
        ("ōóòôöõøő", 'o'),
        ("śšşșṣ", 's'),
        ("ţťțṭ", 't'),
        ("ūúùûüũůű", 'u'),
        ("źžżẓ", 'z'),
    ];
    MARKED.iter().find(|(marked, _)| marked.contains(c)).map_or(c, |(_, plain)| *plain)
}

/// How often each normalised form occurs.
fn count(samples: &[Sample]) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for form in samples.iter().flat_map(|s| &s.forms) {
        *counts.entry(norm(form)).or_insert(0) += 1;
    }
    counts.remove("");
    counts.retain(|form, _| !form.contains('\n'));
    counts
}

/// Rises over the first 300 steps (a fifth of a short training), then falls in a straight line to a hundredth.
fn schedule(step: usize, total: usize) -> f32 {
    let (step, total) = (step as f32, total.max(1) as f32);
    let warm = (total / 5.0).clamp(1.0, 300.0);
    if step < warm { (step + 1.0) / warm } else { (1.0 - (step - warm) / (total - warm).max(1.0)).max(0.01) }
}

/// Random weights, scaled by the size of each block.
fn initial(config: Config, random: &mut Random) -> Net {
    let mut net = Net::zeroed(config);
    for slot in net.layout.slots.clone() {
        if slot.rows > 1 {
            let bound = (6.0 / (slot.rows + slot.cols) as f32).sqrt();
            slot.of_mut(&mut net.dense).iter_mut().for_each(|w| *w = bound * (2.0 * random.unit() - 1.0));
        }
    }
    let l = net.layout.clone();
    l.ner_t.of_mut(&mut net.dense).fill(0.0);
    for gain in [l.mix_gain, l.conv_gain].into_iter().chain(l.recurrent.iter().map(|r| r.gain)) {
        gain.of_mut(&mut net.dense).fill(1.0);
    }
    for root in [l.arc_root, l.label_root] {
        root.of_mut(&mut net.dense).iter_mut().for_each(|w| *w = 0.2 * (2.0 * random.unit() - 1.0));
    }
    let h = net.config.h;
    for layer in &l.recurrent {
        let bias = layer.bin.of_mut(&mut net.dense);
        // Update gates start between slow and fast, so that some units remember from the first step on.
        for direction in 0..2 {
            bias[direction * 3 * h..][..h].iter_mut().for_each(|b| *b = 3.0 * random.unit() - 2.0);
        }
    }
    for t in 0..N_TABLES {
        net.tables[t].iter_mut().for_each(|w| *w = 0.1 * random.normal());
    }
    net
}

/// Sentences in random order, cut into batches of about `size` words.
fn batches<'a>(samples: &'a [Sample], size: usize, random: &mut Random) -> Vec<Vec<&'a Sample>> {
    let mut order: Vec<&Sample> = samples.iter().filter(|s| (1..=150).contains(&s.forms.len())).collect();
    random.shuffle(&mut order);
    let mut batches = Vec::new();
    let (mut batch, mut n) = (Vec::new(), 0);
    for sample in order {
        n += sample.forms.len();
        batch.push(sample);
        if n >= size {
            batches.push(std::mem::take(&mut batch));
            n = 0;
        }
    }
    batches
}

/// One over the number of words that each task can learn from.
fn task_weights(batch: &[&Sample]) -> [f32; 4] {
    let n = |annotated: fn(&Sample) -> bool| {
        batch.iter().filter(|s| annotated(s)).map(|s| s.forms.len()).sum::<usize>().max(100) as f32
    };
    let heads = n(|s| !s.heads.is_empty());
    [0.7 / n(|s| !s.upos.is_empty()), 1.0 / heads, 0.7 / heads, 2.5 / n(|s| !s.ner.is_empty())]
}

/// Two halves of about equal length.
fn shards_of<'a>(batch: &[&'a Sample]) -> [Vec<&'a Sample>; 2] {
    let mut shards = [Vec::new(), Vec::new()];
    let mut sizes = [0, 0];
    for sample in batch {
        let to = usize::from(sizes[1] < sizes[0]);
        sizes[to] += sample.forms.len();
        shards[to].push(*sample);
    }
    shards
}

struct Job<'a> {
    words: Vec<Features>,
    samples: Vec<&'a Sample>,
    masks: Masks,
}

/// Features with some known forms hidden, and the dropout of one pass.
fn prepare<'a>(
    model: &Model,
    counts: &BTreeMap<String, u32>,
    samples: Vec<&'a Sample>,
    options: &Options,
    random: &mut Random,
) -> Job<'a> {
    let mut words = Vec::new();
    for form in samples.iter().flat_map(|s| &s.forms) {
        let mut features = model.vocabulary.features(form);
        let n = counts.get(&norm(form)).copied().unwrap_or(1) as f32;
        // Hiding capitalised words four times as often was tried: no better on names (UNER, wikigold), no worse on trees.
        if random.unit() < options.hide / (options.hide + n) {
            features.0[0] = 0;
        }
        words.push(features);
    }
    let (n, c) = (words.len(), &model.net.config);
    let p = options.dropout;
    let masks = Masks {
        e: random.mask(n * c.e(), p),
        layers: (0..=c.layers).map(|_| random.mask(n * c.d, p * 0.8)).collect(),
        top: random.mask(n * c.d, p),
    };
    Job { words, samples, masks }
}

/// Reads the data folder, trains, and gives the model with the lines that tell of it.
///
/// # Errors
///
/// [`DataError`] if a set is missing or malformed.
pub fn run(data: &Path, options: &Options, say: &mut dyn FnMut(&str)) -> Result<Model, DataError> {
    let sets = read_sets(data, options.all)?;
    let model = train(&sets, options, say)?;
    say(&speed(&model, &sets.dev[0].1));
    say(&speed(&model, &sets.dev[1].1));
    for (name, samples) in sets.dev.iter().chain(&sets.test) {
        let mut wrong = |kind: &str, words: &str| {
            if options.wrong {
                eprintln!("{name}\t{kind}\t{words}");
            }
        };
        say(&format!("{name}: {}", measure(&model, samples, &mut wrong)));
        if samples.iter().any(|s| !s.heads.is_empty()) {
            say(&format!("{name} from raw text: {}", raw(&model, samples, &mut wrong)));
        }
    }
    Ok(model)
}

/// Words a second on one core, from raw text.
fn speed(model: &Model, samples: &[Sample]) -> String {
    let documents = boundary::rebuild(samples);
    let start = thread_seconds();
    let n: usize = documents.iter().map(|d| crate::annotate(model, &d.text).tokens.len()).sum();
    let seconds = (thread_seconds() - start).max(1e-9);
    format!(
        "{:.0} words a second of processor time over {} documents, {n} words",
        n as f64 / seconds,
        documents.len()
    )
}

/// Processor time of this thread where the system tells it (others may use the machine too), or 0.
fn thread_seconds() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|line| line.split(' ').next()?.parse::<f64>().ok())
        .map_or(0.0, |ns| ns / 1e9)
}

/// Scores from raw text as one line.
pub fn raw(model: &Model, samples: &[Sample], wrong: &mut dyn FnMut(&str, &str)) -> String {
    let [words, sentences, upos, uas, las] = measure_raw(model, samples, wrong);
    format!("words {words:.2} sentences {sentences:.2} UPOS {upos:.2} UAS {uas:.2} LAS {las:.2}")
}

/// Parts of speech that carry no case of their own; used by the noise.
fn is_mark(upos: Upos) -> bool {
    upos == Upos::Punct
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearsay_doc::MentionKind;

    fn sample(words: &str, names: &[u32]) -> Sample {
        let doc = hearsay_doc::testing::doc(words);
        let head =
            |i: usize| if doc.tokens[i].head as usize == i { 0 } else { doc.tokens[i].head as usize + 1 };
        Sample {
            forms: (0..doc.tokens.len()).map(|i| doc.form(i).to_owned()).collect(),
            lemmas: doc.tokens.iter().map(|t| t.lemma.clone()).collect(),
            upos: doc.tokens.iter().map(|t| t.upos).collect(),
            heads: (0..doc.tokens.len()).map(head).collect(),
            deprels: doc.tokens.iter().map(|t| t.deprel).collect(),
            ner: names.to_vec(),
            space_after: vec![true; doc.tokens.len()],
            new_doc: true,
            ..Sample::default()
        }
    }

    fn sets() -> Sets {
        let unit = |kind: MentionKind| 1 << (4 + 4 * (kind as u32));
        let train = vec![
            sample(
                "Rebels~rebel/NOUN/2/nsubj shelled~shell/VERB/0/root Alba/PROPN/2/obj ./PUNCT/2/punct",
                &[1, 1, unit(MentionKind::Location), 1],
            ),
            sample(
                "Ana/PROPN/2/nsubj denied~deny/VERB/0/root the/DET/4/det attack/NOUN/2/obj ./PUNCT/2/punct",
                &[unit(MentionKind::Person), 1, 1, 1, 1],
            ),
        ];
        Sets { train, dev: Vec::new(), test: Vec::new(), places: vec!["Alba".into()] }
    }

    #[test]
    fn two_sentences_are_learned_by_heart_and_one_seed_gives_one_file() {
        let options = Options {
            epochs: 150,
            batch: 9,
            width: 24,
            layers: 1,
            dropout: 0.1,
            rate: 1e-2,
            ..Options::default()
        };
        let sets = sets();
        let model = train(&sets, &options, &mut |_| {}).unwrap();
        let scores = measure(&model, &sets.train, &mut |_, _| {});
        assert_eq!(scores.right, [9; 4]);
        let doc = crate::annotate(&model, "Rebels shelled Alba .");
        assert_eq!(doc.mentions.len(), 1);
        let again = train(&sets, &options, &mut |_| {}).unwrap();
        assert_eq!(model.to_bytes(), again.to_bytes());
    }
}
