//! The model file: what [`Model::from_bytes`] reads and training writes.
//!
//! ```text
//! "HSAYNLP\n"  format version u32  sha256 of the rest, 32 bytes
//! name, sizes, relation names, known forms, place words, lemma table   lengths u32, text UTF-8, little endian
//! dense parameters, IEEE half precision
//! embedding tables: per row a scale (half precision) and int8 entries
//! sentence weights, f32
//! ```
//!
//! Half precision and int8 cost less than 0.1 LAS on the development sets and make the file five times smaller.

use std::fmt;

use hearsay_doc::Deprel;
use sha2::{Digest, Sha256};

use crate::features::{N_TABLES, Vocabulary};
use crate::lemma::Lemmatizer;
use crate::net::{Config, Net};
use crate::sentence::Boundaries;

const MAGIC: &[u8; 8] = b"HSAYNLP\n";
/// The format version that this crate writes and reads.
pub const FORMAT_VERSION: u32 = 1;
/// No size in a model file is greater; a damaged file must not ask for all memory.
const MAX_SIZE: usize = 1 << 22;

/// Why a model could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes do not begin as a model file does.
    NotAModel {
        /// Length of the bytes that were given.
        bytes: usize,
    },
    /// The file is of another format version.
    Version {
        /// Its version.
        found: u32,
        /// The version that can be read.
        supported: u32,
    },
    /// The checksum does not fit: the file is damaged or cut short.
    Checksum {
        /// The sum in the file, hexadecimal.
        expected: String,
        /// The sum of the bytes, hexadecimal.
        found: String,
        /// Length of the bytes that were given.
        bytes: usize,
    },
    /// The file is whole but says something that cannot be.
    Malformed {
        /// What was being read.
        what: &'static str,
        /// Where, in bytes from the start of the file.
        at: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotAModel { bytes } => {
                write!(f, "not a language model: {bytes} bytes that do not begin with {:?}", "HSAYNLP")
            }
            Error::Version { found, supported } => {
                write!(f, "language model of format {found}, this program reads format {supported}")
            }
            Error::Checksum { expected, found, bytes } => write!(
                f,
                "language model is damaged: its {bytes} bytes have sha256 {found}, the file says {expected}"
            ),
            Error::Malformed { what, at } => {
                write!(f, "language model says something impossible at byte {at}: {what}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// A trained model: everything that [`annotate`](crate::annotate) needs beside the text.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) name: String,
    pub(crate) net: Net,
    pub(crate) deprels: Vec<Deprel>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) lemmas: Lemmatizer,
    pub(crate) boundaries: Boundaries,
}

impl Model {
    /// The model's name, such as `en-1`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// [`Error`] if the bytes are no model file, of another format version, damaged, or contradict themselves.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, Error> {
        let header = MAGIC.len() + 4 + 32;
        if bytes.len() < header || &bytes[..MAGIC.len()] != MAGIC {
            return Err(Error::NotAModel { bytes: bytes.len() });
        }
        let mut reader = Reader { bytes, at: MAGIC.len() };
        let found = reader.u32("format version")?;
        if found != FORMAT_VERSION {
            return Err(Error::Version { found, supported: FORMAT_VERSION });
        }
        let expected = reader.take(32, "checksum")?;
        let sum = Sha256::digest(&bytes[header..]);
        if sum.as_slice() != expected {
            let (expected, found) = (hex(expected), hex(&sum));
            return Err(Error::Checksum { expected, found, bytes: bytes.len() });
        }
        reader.model()
    }

    /// Writes the model file.
    #[cfg(any(feature = "train", test))]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let put_u32 = |body: &mut Vec<u8>, v: usize| body.extend_from_slice(&(v as u32).to_le_bytes());
        let put_text = |body: &mut Vec<u8>, text: &str| {
            put_u32(body, text.len());
            body.extend_from_slice(text.as_bytes());
        };
        put_text(&mut body, &self.name);
        let c = &self.net.config;
        for size in [c.d, c.h, c.layers, c.arc, c.label].into_iter().chain(c.rows).chain(c.dims) {
            put_u32(&mut body, size);
        }
        let deprels: Vec<&str> = self.deprels.iter().map(|d| d.as_str()).collect();
        put_text(&mut body, &deprels.join("\n"));
        put_text(&mut body, &self.vocabulary.forms().join("\n"));
        for words in self.vocabulary.place_words() {
            put_text(&mut body, &words.join("\n"));
        }
        put_text(&mut body, &self.lemmas.to_text());
        for &x in &self.net.dense {
            body.extend_from_slice(&to_half(x).to_le_bytes());
        }
        for (table, &dim) in self.net.tables.iter().zip(&c.dims) {
            for row in table.chunks_exact(dim) {
                let greatest = row.iter().fold(0.0f32, |m, x| m.max(x.abs()));
                let half = to_half(greatest / 127.0);
                let scale = from_half(half);
                body.extend_from_slice(&half.to_le_bytes());
                let unit = |x: f32| if scale > 0.0 { (x / scale).round().clamp(-127.0, 127.0) } else { 0.0 };
                body.extend(row.iter().map(|&x| unit(x) as i8 as u8));
            }
        }
        put_u32(&mut body, self.boundaries.weights().len());
        for &w in self.boundaries.weights() {
            body.extend_from_slice(&w.to_le_bytes());
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes.extend_from_slice(&Sha256::digest(&body));
        bytes.extend_from_slice(&body);
        bytes
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize, what: &'static str) -> Result<&'a [u8], Error> {
        let at = self.at;
        let end = at.checked_add(len).ok_or(Error::Malformed { what, at })?;
        let part = self.bytes.get(at..end).ok_or(Error::Malformed { what, at })?;
        self.at = end;
        Ok(part)
    }

    fn u32(&mut self, what: &'static str) -> Result<u32, Error> {
        let b = self.take(4, what)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// A size from 1 to [`MAX_SIZE`].
    fn size(&mut self, what: &'static str) -> Result<usize, Error> {
        let at = self.at;
        let size = self.u32(what)? as usize;
        if size == 0 || size > MAX_SIZE { Err(Error::Malformed { what, at }) } else { Ok(size) }
    }

    fn text(&mut self, what: &'static str) -> Result<&'a str, Error> {
        let len = self.u32(what)? as usize;
        let at = self.at;
        std::str::from_utf8(self.take(len, what)?).map_err(|_| Error::Malformed { what, at })
    }

    fn halves(&mut self, n: usize, what: &'static str) -> Result<Vec<f32>, Error> {
        let bytes = self.take(n * 2, what)?;
        Ok(bytes.chunks_exact(2).map(|b| from_half(u16::from_le_bytes([b[0], b[1]]))).collect())
    }

    fn model(mut self) -> Result<Model, Error> {
        let name = self.text("name")?.to_owned();
        let (d, h) = (self.size("width")?, self.size("recurrent width")?);
        let layers = self.u32("number of layers")? as usize;
        let (arc, label) = (self.size("arc width")?, self.size("relation width")?);
        let (mut rows, mut dims) = ([0; N_TABLES], [0; N_TABLES]);
        for size in rows.iter_mut().chain(&mut dims) {
            *size = self.size("table size")?;
        }
        if layers > 64 || d > 4096 || h > 4096 || arc > 4096 || label > 4096 || dims.iter().any(|&d| d > 4096)
        {
            return Err(Error::Malformed { what: "a layer's width", at: self.at });
        }
        let at = self.at;
        let deprels: Vec<Deprel> = self
            .text("relations")?
            .lines()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| Error::Malformed { what: "an unknown relation", at })?;
        let forms: Vec<String> = self.text("known forms")?.lines().map(str::to_owned).collect();
        let fitting = rows[0] == forms.len() + 1 && rows[1..] == crate::features::HASHED_ROWS;
        if deprels.is_empty() || !fitting {
            return Err(Error::Malformed { what: "number of rows", at: self.at });
        }
        let mut places = [Vec::new(), Vec::new()];
        for words in &mut places {
            *words = self.text("place words")?.lines().map(str::to_owned).collect();
        }
        let at = self.at;
        let lemmas = Lemmatizer::from_text(self.text("lemma table")?)
            .ok_or(Error::Malformed { what: "lemma table", at })?;
        let config = Config { d, h, layers, arc, label, n_deprel: deprels.len(), rows, dims };
        let mut net = Net {
            layout: crate::net::Layout::new(&config),
            dense: Vec::new(),
            tables: Default::default(),
            config,
        };
        net.dense = self.halves(net.layout.len, "dense parameters")?;
        for t in 0..N_TABLES {
            let dim = net.config.dims[t];
            let bytes = self.take(net.config.rows[t] * (dim + 2), "embedding table")?;
            net.tables[t] = bytes
                .chunks_exact(dim + 2)
                .flat_map(|row| {
                    let scale = from_half(u16::from_le_bytes([row[0], row[1]]));
                    row[2..].iter().map(move |&x| f32::from(x as i8) * scale)
                })
                .collect();
        }
        let n = self.u32("sentence weights")? as usize;
        let weights = self.take(n.saturating_mul(4), "sentence weights")?;
        let weights = weights.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let at = self.at;
        let boundaries =
            Boundaries::new(weights).ok_or(Error::Malformed { what: "number of sentence weights", at })?;
        if self.at != self.bytes.len() {
            return Err(Error::Malformed { what: "bytes after the end", at: self.at });
        }
        let vocabulary = Vocabulary::new(forms).with_places(places);
        Ok(Model { name, net, deprels, vocabulary, lemmas, boundaries })
    }
}

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// To IEEE half precision, to nearest; beyond its range the greatest half.
#[cfg(any(feature = "train", test))]
fn to_half(x: f32) -> u16 {
    let sign = ((x.to_bits() >> 16) & 0x8000) as u16;
    let x = x.abs().min(65504.0);
    if x < 6.103_515_6e-5 {
        return sign | (x * 16_777_216.0).round() as u16;
    }
    // Half a unit of the last kept place; a carry runs into the exponent, as it should.
    let bits = x.to_bits() + 0x0fff + ((x.to_bits() >> 13) & 1);
    sign | ((bits >> 13) - (112 << 10)).min(0x7bff) as u16
}

/// From IEEE half precision; infinities and NaN become 0, which no model holds.
fn from_half(half: u16) -> f32 {
    let sign = if half & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (u32::from(half >> 10) & 31, u32::from(half) & 0x3ff);
    match exponent {
        0 => sign * fraction as f32 / 16_777_216.0,
        31 => 0.0,
        _ => sign * f32::from_bits(((exponent + 112) << 23) | (fraction << 13)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::features::HASHED_ROWS;
    use expect_test::expect;

    /// A network of pseudo-random weights, the same on every machine.
    pub(crate) fn tiny() -> Model {
        let forms = vec!["the".to_owned(), "shelled".to_owned(), ".".to_owned()];
        let deprels = Deprel::ALL.to_vec();
        let config = Config {
            d: 8,
            h: 6,
            layers: 2,
            arc: 5,
            label: 4,
            n_deprel: deprels.len(),
            rows: [forms.len() + 1, HASHED_ROWS[0], HASHED_ROWS[1], HASHED_ROWS[2]],
            dims: [6, 3, 4, 2],
        };
        let mut net = Net::zeroed(config);
        let mut seed = 7u32;
        let mut draw = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 9) as f32 / 8_388_608.0 - 0.5
        };
        net.dense.iter_mut().for_each(|w| *w = draw());
        net.tables.iter_mut().flatten().for_each(|w| *w = draw());
        let vocabulary = Vocabulary::new(forms);
        let lemmas = Lemmatizer::default();
        Model { name: "tiny".into(), net, deprels, vocabulary, lemmas, boundaries: Boundaries::default() }
    }

    #[test]
    fn half_precision_is_within_a_thousandth_and_keeps_zero() {
        for x in [0.0f32, 1.0, -1.0, 0.333, 123.4, -0.001, 3e-6, 65504.0, 1.9999, -1e9] {
            let back = from_half(to_half(x));
            let x = x.clamp(-65504.0, 65504.0);
            assert!((back - x).abs() <= x.abs() * 5e-4 + 3e-8, "{x} {back}");
        }
    }

    #[test]
    fn a_written_model_reads_back_and_writes_the_same_bytes() {
        let bytes = tiny().to_bytes();
        let model = Model::from_bytes(&bytes).unwrap();
        assert_eq!(model.name(), "tiny");
        let again = model.to_bytes();
        assert_eq!(Model::from_bytes(&again).unwrap().net.dense, model.net.dense);
    }

    #[test]
    fn a_damaged_file_is_refused_with_numbers() {
        let bytes = tiny().to_bytes();
        let say = |bytes: &[u8]| Model::from_bytes(bytes).map(|_| ()).unwrap_err().to_string();
        expect![[r#"not a language model: 0 bytes that do not begin with "HSAYNLP""#]].assert_eq(&say(&[]));
        let mut newer = bytes.clone();
        newer[8] = 9;
        expect!["language model of format 9, this program reads format 1"].assert_eq(&say(&newer));
        let cut = say(&bytes[..bytes.len() - 1]);
        assert!(cut.starts_with("language model is damaged: its "), "{cut}");
        for at in (44..bytes.len()).step_by(1 + bytes.len() / 40) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert!(matches!(Model::from_bytes(&flipped), Err(Error::Checksum { .. })), "{at}");
        }
    }

    #[test]
    fn a_whole_file_that_contradicts_itself_is_refused() {
        let bytes = tiny().to_bytes();
        for at in (44..200).chain([bytes.len() - 5]) {
            let mut body = bytes[44..].to_vec();
            body[at - 44] ^= 0x80;
            let mut forged = bytes[..12].to_vec();
            forged.extend_from_slice(&Sha256::digest(&body));
            forged.extend_from_slice(&body);
            // Some bytes are free (a name's letters): what matters is an answer, never a panic.
            let _ = Model::from_bytes(&forged);
        }
        let mut body = bytes[44..].to_vec();
        body.push(0);
        let mut longer = bytes[..12].to_vec();
        longer.extend_from_slice(&Sha256::digest(&body));
        longer.extend_from_slice(&body);
        assert!(matches!(
            Model::from_bytes(&longer),
            Err(Error::Malformed { what: "bytes after the end", .. })
        ));
    }
}
