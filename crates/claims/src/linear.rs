//! Linear scorers over named features: the only learnt part of the reader.
//!
//! A feature is a short name such as `lemma=attack`. Its 32-bit hash finds a row of weights, one weight a class, so
//! no dictionary of features is kept and any weight can still be explained by the name that reached it. Start at
//! [`Linear::scores`]. One file holds the scorers of all decisions; [`Models::from_bytes`] reads it.

use std::fmt;

const MAGIC: &[u8; 8] = b"HSYCLM04";

/// What is wrong with a model file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The file does not begin with the name and version that this program reads.
    NotAModel,
    /// The checksum in the header is not that of the rest.
    Checksum {
        /// As the header says.
        expected: u64,
        /// As computed.
        found: u64,
    },
    /// The file ends too early.
    Truncated {
        /// Offset of the byte that was wanted.
        at_byte: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotAModel => write!(f, "not a claim model of version 4 (HSYCLM04)"),
            Error::Checksum { expected, found } => {
                write!(f, "claim model damaged: checksum {found:016x}, header says {expected:016x}")
            }
            Error::Truncated { at_byte } => write!(f, "claim model ends before byte {at_byte}"),
        }
    }
}

impl std::error::Error for Error {}

/// The features of one decision: hashes, and their names when somebody wants to know why.
#[derive(Debug, Default, Clone)]
pub struct Features {
    /// Hashes of the features' names.
    pub hashes: Vec<u32>,
    /// Names in the order of `hashes`; empty unless asked for.
    pub names: Vec<String>,
    named: bool,
}

impl Features {
    /// An empty set; `named` keeps the names too.
    pub fn new(named: bool) -> Self {
        Features { hashes: Vec::with_capacity(96), names: Vec::new(), named }
    }

    /// Forgets all features.
    pub fn clear(&mut self) {
        self.hashes.clear();
        self.names.clear();
    }

    /// Adds the feature `template=part|part…`.
    pub fn add(&mut self, template: &str, parts: &[&str]) {
        let mut hash = fnv(0xcbf2_9ce4_8422_2325, template.as_bytes());
        for part in parts {
            hash = fnv(fnv(hash, b"\x1f"), part.as_bytes());
        }
        self.hashes.push((hash ^ (hash >> 32)) as u32);
        if self.named {
            self.names.push(format!("{template}={}", parts.join("|")));
        }
    }
}

fn fnv(mut hash: u64, bytes: &[u8]) -> u64 {
    for &byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}

/// One multi-class logistic regression.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    n_classes: usize,
    /// Hashes of the features with a weight, sorted.
    hashes: Vec<u32>,
    /// Where in `hashes` those with given top bits begin.
    buckets: Vec<u32>,
    weights: Vec<f32>,
}

/// Top bits that choose a bucket: 64 Ki buckets hold about one feature each.
const BUCKET_BITS: u32 = 16;

impl Linear {
    fn new(n_classes: usize, hashes: Vec<u32>, weights: Vec<f32>) -> Self {
        let mut buckets = Vec::new();
        if !hashes.is_empty() {
            buckets = vec![0u32; (1 << BUCKET_BITS) + 1];
            for hash in &hashes {
                buckets[(hash >> (32 - BUCKET_BITS)) as usize + 1] += 1;
            }
            for i in 0..1 << BUCKET_BITS {
                buckets[i + 1] += buckets[i];
            }
        }
        Linear { n_classes, hashes, buckets, weights }
    }

    /// Number of classes; 0 for a scorer that was never trained.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// Log-odds of each class, in order of class.
    pub fn scores(&self, features: &Features) -> Vec<f32> {
        let mut scores = vec![0.0; self.n_classes];
        for &hash in &features.hashes {
            for (score, weight) in scores.iter_mut().zip(self.row(hash)) {
                *score += weight;
            }
        }
        scores
    }

    /// Probability of each class, in order of class.
    pub fn probabilities(&self, features: &Features) -> Vec<f32> {
        let mut p = self.scores(features);
        softmax(&mut p);
        p
    }

    /// Probability of class 1 of a two-class scorer.
    pub fn yes(&self, features: &Features) -> f32 {
        self.probabilities(features).get(1).copied().unwrap_or(0.0)
    }

    /// How much speaks for something with these features: the only score, or that of class 1 over class 0.
    pub fn odds(&self, features: &Features) -> f32 {
        match self.scores(features)[..] {
            [one] => one,
            [no, yes, ..] => yes - no,
            [] => 0.0,
        }
    }

    /// The most probable class and its probability.
    pub fn best(&self, features: &Features) -> (usize, f32) {
        let p = self.probabilities(features);
        p.into_iter().enumerate().fold((0, 0.0), |best, (i, p)| if p > best.1 { (i, p) } else { best })
    }

    /// The features that spoke most for `class` against the mean of the others, strongest first.
    pub fn reasons(&self, features: &Features, class: usize, most: usize) -> Vec<(String, f32)> {
        let mut found: Vec<(String, f32)> = features
            .hashes
            .iter()
            .zip(&features.names)
            .map(|(&hash, name)| {
                let row = self.row(hash);
                let mean = row.iter().sum::<f32>() / row.len().max(1) as f32;
                (name.clone(), row.get(class).copied().unwrap_or(0.0) - mean)
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(most);
        found
    }

    fn row(&self, hash: u32) -> &[f32] {
        let bucket = (hash >> (32 - BUCKET_BITS)) as usize;
        let (Some(&start), Some(&end)) = (self.buckets.get(bucket), self.buckets.get(bucket + 1)) else {
            return &[];
        };
        match self.hashes[start as usize..end as usize].iter().position(|h| *h == hash) {
            Some(at) => &self.weights[(start as usize + at) * self.n_classes..][..self.n_classes],
            None => &[],
        }
    }
}

pub(crate) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}

macro_rules! tasks {
    ($($name:ident: $doc:literal),* $(,)?) => {
        /// A scorer for each decision of the reader.
        #[derive(Debug, Clone, Default)]
        pub struct Models { $(#[doc = $doc] pub $name: Linear,)* }

        impl Models {
            /// The scorers' names, in the order in which the file holds them.
            pub const TASKS: &'static [&'static str] = &[$(stringify!($name),)*];

            /// The scorer of that name.
            pub fn task_mut(&mut self, name: &str) -> Option<&mut Linear> {
                match name { $(stringify!($name) => Some(&mut self.$name),)* _ => None }
            }

            fn in_order(&self) -> Vec<&Linear> {
                vec![$(&self.$name,)*]
            }
        }
    };
}

tasks! {
    trigger: "token → no event, or one of the ten types",
    retrigger: "token → no event or an event, knowing what the first pass thought of this and the other words",
    kind: "the same → no event, or one of the ten types",
    mode: "event → how",
    modality: "event → whether it happened",
    cue: "word of saying, event → does the one attribute the other",
    source: "word of saying, noun phrase → is it the speaker",
    stance: "event with its cue → stance",
    position: "event with its source → where the source stands",
    role: "event, noun phrase → none, actor, recipient, instrument",
    rerole: "the same, knowing what the first pass thought of this and the other phrases and events",
    place: "event, noun phrase → is it where",
    figure: "event, noun phrase → not counted, or what is counted",
    date: "event, time expression → is it when",
}

impl Models {
    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// [`Error`] if the file is of another kind or version, damaged, or cut short.
    pub fn from_bytes(bytes: &[u8]) -> Result<Models, Error> {
        let header = bytes.get(..16).ok_or(Error::Truncated { at_byte: 16 })?;
        if &header[..8] != MAGIC {
            return Err(Error::NotAModel);
        }
        let expected = u64::from_le_bytes(header[8..16].try_into().expect("eight bytes"));
        let found = checksum(&bytes[16..]);
        if expected != found {
            return Err(Error::Checksum { expected, found });
        }
        let mut at = 16;
        let mut take = |n: usize| {
            let part = bytes.get(at..at + n).ok_or(Error::Truncated { at_byte: at + n })?;
            at += n;
            Ok(part)
        };
        let u32_of = |b: &[u8]| u32::from_le_bytes(b.try_into().expect("four bytes"));
        let mut models = Models::default();
        for task in Models::TASKS {
            let n_classes = u32_of(take(4)?) as usize;
            let n_rows = u32_of(take(4)?) as usize;
            let scale = f32::from_bits(u32_of(take(4)?));
            let (mut hashes, mut weights) = (Vec::new(), Vec::new());
            for _ in 0..n_rows {
                hashes.push(u32_of(take(4)?));
                weights.extend(take(n_classes)?.iter().map(|q| f32::from(*q as i8) * scale));
            }
            if !hashes.is_sorted() {
                return Err(Error::NotAModel);
            }
            *models.task_mut(task).expect("a known task") = Linear::new(n_classes, hashes, weights);
        }
        Ok(models)
    }

    /// Writes a model file: rows without weight are left out, weights are rounded to 8 bits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for linear in self.in_order() {
            let most = linear.weights.iter().fold(0.0f32, |m, w| m.max(w.abs()));
            let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
            let n = linear.n_classes;
            // A row that is rounded to nothing is not worth its bytes.
            let rounded = |w: &f32| (w / scale).round() as i8;
            let kept: Vec<usize> = (0..linear.weights.len() / n.max(1))
                .filter(|row| linear.weights[row * n..][..n].iter().any(|w| rounded(w) != 0))
                .collect();
            body.extend((n as u32).to_le_bytes());
            body.extend((kept.len() as u32).to_le_bytes());
            body.extend(scale.to_bits().to_le_bytes());
            for row in kept {
                body.extend(linear.hashes[row].to_le_bytes());
                body.extend(linear.weights[row * n..][..n].iter().map(|w| rounded(w) as u8));
            }
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend(checksum(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }
}

/// FNV-1a over eight-byte words: told apart from a cryptographic digest by its purpose, which is to notice damage
/// in a millisecond at every start. MANIFEST.toml holds the SHA-256.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0u8; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x0000_0100_0000_01b3);
        hash ^= hash >> 32;
    }
    hash ^ bytes.len() as u64
}

/// Learning the weights: stochastic gradient descent with AdaGrad step sizes and averaged weights.
#[cfg(feature = "train")]
pub mod train {
    use super::{Features, Linear, softmax};
    use std::collections::HashMap;

    /// One decision as it should have been made.
    #[derive(Debug, Clone)]
    pub struct Example {
        /// Hashes of what was seen.
        pub hashes: Vec<u32>,
        /// The right class.
        pub class: usize,
        /// How much it counts.
        pub weight: f32,
    }

    impl Example {
        /// An example of weight 1.
        pub fn new(features: &Features, class: usize) -> Self {
            Example { hashes: features.hashes.clone(), class, weight: 1.0 }
        }
    }

    /// How to learn. The default was chosen on four folds of the training reports: steps of 0.15 and a pull of 3e-4 gave
    /// an event F1 of 81.2 there, these give 82.5.
    #[derive(Debug, Clone, Copy)]
    pub struct Options {
        /// Passes over the examples.
        pub epochs: usize,
        /// First step size.
        pub rate: f32,
        /// Strength of the pull towards zero, per visit.
        pub l2: f32,
        /// Features seen less often are left out.
        pub min_count: u32,
        /// Share of an example's features that is left out at each visit, so that no feature leans on one other.
        pub dropout: f32,
    }

    impl Default for Options {
        fn default() -> Self {
            Options { epochs: 15, rate: 0.04, l2: 3e-3, min_count: 3, dropout: 0.2 }
        }
    }

    /// One choice among candidates as it should have been made.
    #[derive(Debug, Clone, Default)]
    pub struct Choice {
        /// Hashes of what was seen of each candidate.
        pub candidates: Vec<Vec<u32>>,
        /// Place of the right one.
        pub right: usize,
    }

    /// Learns a scorer with one score, by which the candidates of a choice are compared (conditional logit); the same
    /// choices give the same weights.
    pub fn rank(choices: &[Choice], options: Options) -> Linear {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for hash in choices.iter().flat_map(|c| &c.candidates).flatten() {
            *counts.entry(*hash).or_default() += 1;
        }
        let mut hashes: Vec<u32> =
            counts.into_iter().filter(|(_, n)| *n >= options.min_count).map(|(h, _)| h).collect();
        hashes.sort_unstable();
        let row_of: HashMap<u32, u32> = hashes.iter().enumerate().map(|(row, h)| (*h, row as u32)).collect();
        let rows: Vec<Vec<Vec<u32>>> = choices
            .iter()
            .map(|c| {
                let known = |c: &Vec<u32>| c.iter().filter_map(|h| row_of.get(h).copied()).collect();
                c.candidates.iter().map(known).collect()
            })
            .collect();
        let size = hashes.len();
        let (mut weights, mut squares, mut sums) = (vec![0f32; size], vec![0f32; size], vec![0f64; size]);
        let mut order: Vec<usize> = (0..choices.len()).collect();
        let mut seed = 0x9e37_79b9_7f4a_7c15u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            seed >> 33
        };
        for _ in 0..options.epochs {
            for i in (1..order.len()).rev() {
                order.swap(i, random() as usize % (i + 1));
            }
            for &i in &order {
                let score = |row: &Vec<u32>| row.iter().map(|&at| weights[at as usize]).sum::<f32>();
                let mut p: Vec<f32> = rows[i].iter().map(score).collect();
                softmax(&mut p);
                p[choices[i].right] -= 1.0;
                for (row, error) in rows[i].iter().zip(&p) {
                    for &at in row {
                        let at = at as usize;
                        let slope = error + options.l2 * weights[at];
                        squares[at] += slope * slope;
                        weights[at] -= options.rate * slope / (squares[at].sqrt() + 1e-6);
                    }
                }
            }
            for (sum, weight) in sums.iter_mut().zip(&weights) {
                *sum += f64::from(*weight);
            }
        }
        let mean = sums.iter().map(|sum| (sum / options.epochs.max(1) as f64) as f32).collect();
        Linear::new(1, hashes, mean)
    }

    /// Learns a scorer of `n_classes` classes; the same examples give the same weights.
    pub fn train(examples: &[Example], n_classes: usize, options: Options) -> Linear {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for hash in examples.iter().flat_map(|e| &e.hashes) {
            *counts.entry(*hash).or_default() += 1;
        }
        let mut hashes: Vec<u32> =
            counts.into_iter().filter(|(_, n)| *n >= options.min_count).map(|(h, _)| h).collect();
        hashes.sort_unstable();
        let row_of: HashMap<u32, u32> = hashes.iter().enumerate().map(|(row, h)| (*h, row as u32)).collect();
        let rows: Vec<Vec<u32>> = examples
            .iter()
            .map(|e| e.hashes.iter().filter_map(|h| row_of.get(h).copied()).collect())
            .collect();
        let size = hashes.len() * n_classes;
        let (mut weights, mut squares, mut sums) = (vec![0f32; size], vec![0f32; size], vec![0f64; size]);
        let (mut last, mut order): (Vec<u32>, Vec<usize>) =
            (vec![0; hashes.len()], (0..examples.len()).collect());
        let dropout = options.dropout;
        let mut seen: Vec<u32> = Vec::new();
        let (mut seed, mut step) = (0x9e37_79b9_7f4a_7c15u64, 0u32);
        for _ in 0..options.epochs {
            for i in (1..order.len()).rev() {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                order.swap(i, (seed >> 33) as usize % (i + 1));
            }
            for &i in &order {
                step += 1;
                let example = &examples[i];
                let mut p = vec![0f32; n_classes];
                seen.clear();
                for &row in &rows[i] {
                    seed =
                        seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    if (seed >> 40) as f32 / (1u64 << 24) as f32 >= dropout {
                        seen.push(row);
                    }
                }
                for &row in &seen {
                    for (class, score) in p.iter_mut().enumerate() {
                        *score += weights[row as usize * n_classes + class] / (1.0 - dropout);
                    }
                }
                softmax(&mut p);
                p[example.class] -= 1.0;
                for &row in &seen {
                    let waited = step - last[row as usize];
                    last[row as usize] = step;
                    for (class, error) in p.iter().enumerate() {
                        let at = row as usize * n_classes + class;
                        sums[at] += f64::from(weights[at]) * f64::from(waited);
                        let slope = example.weight * error + options.l2 * weights[at];
                        squares[at] += slope * slope;
                        weights[at] -= options.rate * slope / (squares[at].sqrt() + 1e-6);
                    }
                }
            }
        }
        for (row, last) in last.iter().enumerate() {
            let waited = f64::from(step - last + 1);
            for at in row * n_classes..(row + 1) * n_classes {
                weights[at] = ((sums[at] + f64::from(weights[at]) * waited) / f64::from(step.max(1))) as f32;
            }
        }
        Linear::new(n_classes, hashes, weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_is_noticed() {
        let mut bytes = Models::default().to_bytes();
        assert!(Models::from_bytes(&bytes).is_ok());
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        assert!(matches!(Models::from_bytes(&bytes), Err(Error::Checksum { .. })));
        assert_eq!(Models::from_bytes(b"PK").unwrap_err(), Error::Truncated { at_byte: 16 });
    }

    #[cfg(feature = "train")]
    #[test]
    fn training_separates_what_can_be_separated_and_survives_the_file() {
        let example = |word: &str, class| {
            let mut features = Features::new(false);
            features.add("word", &[word]);
            features.add("bias", &[]);
            train::Example::new(&features, class)
        };
        let examples: Vec<_> = (0..40).flat_map(|_| [example("attack", 1), example("tea", 0)]).collect();
        let cue = train::train(&examples, 2, train::Options::default());
        let models = Models { cue, ..Models::default() };
        let models = Models::from_bytes(&models.to_bytes()).unwrap();
        let mut features = Features::new(true);
        features.add("word", &["attack"]);
        assert!(models.cue.yes(&features) > 0.8);
        assert_eq!(models.cue.reasons(&features, 1, 1)[0].0, "word=attack");
    }
}
