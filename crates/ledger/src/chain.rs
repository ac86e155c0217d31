//! The log's rows: how a body is packed, and how each row's hash holds the one before it.
//!
//! An entry's body is canonical JSON: UTF-8, no white space, fields in the order of the structs in `log`, so
//! that the same content is the same bytes. It is stored deflated (`pack`); the hash ([`link`]) is taken over the
//! bytes as stored, so that it can be checked without unpacking them, and no bit of them is outside it.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash before the first entry.
pub const GENESIS: Hash = [0; 32];

/// Begins every entry's hash, so that it can never be the hash of anything else.
const DOMAIN: &[u8] = b"hearsay.ledger/1 entry\0";

/// What bodies look like, so that packing need not learn it anew for each: halves a reading (330 to 182 bytes a claim
/// on the invented war). The first byte of a packed body is the number of its dictionary; once released, a
/// dictionary is never changed, a better one gets the next number.
const DICTIONARIES: [&[u8]; 1] = [include_bytes!("dictionary/1.json")];

/// Bodies up to 1 GiB are unpacked; a longer one is damaged or hostile.
const MAX_BODY: usize = 1 << 30;

/// The hash of an entry: SHA-256 over domain, hash before, number, time, kind and stored body, the numbers as
/// big-endian 64 bits and kind and body after their length.
pub fn link(before: &Hash, seq: i64, at: i64, kind: &str, body: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update(before);
    hash.update(seq.to_be_bytes());
    hash.update(at.to_be_bytes());
    hash.update((kind.len() as u64).to_be_bytes());
    hash.update(kind);
    hash.update((body.len() as u64).to_be_bytes());
    hash.update(body);
    hash.finalize().into()
}

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The bytes that hexadecimal digits stand for; `None` where they are none.
pub fn unhex(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}

/// A body as it is stored: the dictionary's number, then deflate (RFC 1951).
pub(crate) fn pack(body: &[u8]) -> Vec<u8> {
    let mut out = vec![1];
    deflate(&[body], Some(DICTIONARIES[0]), &mut out);
    out.shrink_to_fit();
    out
}

thread_local! {
    /// A compressor is some 300 kB of tables; making one anew costs as much as packing a reading.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(6), false));
}

/// Appends `parts`, deflated as one stream, to `out`.
pub(crate) fn deflate(parts: &[&[u8]], dictionary: Option<&[u8]>, out: &mut Vec<u8>) {
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        if let Some(dictionary) = dictionary {
            deflate.set_dictionary(dictionary).expect("a dictionary before the first byte is in order");
        }
        for (part, n_left) in parts.iter().zip((0..parts.len()).rev()) {
            let flush = if n_left == 0 { FlushCompress::Finish } else { FlushCompress::None };
            let begun = deflate.total_in();
            loop {
                let done = (deflate.total_in() - begun) as usize;
                out.reserve(part.len() - done + 64);
                let status =
                    deflate.compress_vec(&part[done..], out, flush).expect("deflate takes all bytes");
                let all_in = (deflate.total_in() - begun) as usize == part.len();
                if status == Status::StreamEnd || n_left > 0 && all_in {
                    break;
                }
            }
        }
    });
}

/// The body that [`pack`] packed; `Err` says what is wrong with it.
pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    let (&number, packed) = packed.split_first().ok_or("it is empty")?;
    let dictionary = usize::from(number).checked_sub(1).and_then(|number| DICTIONARIES.get(number));
    let dictionary =
        dictionary.ok_or_else(|| format!("it is packed with dictionary {number}, unknown here"))?;
    let mut inflate = Decompress::new(false);
    inflate.set_dictionary(dictionary).map_err(|error| error.to_string())?;
    let mut out = Vec::with_capacity(packed.len() * 8 + 64);
    loop {
        let from = inflate.total_in() as usize;
        match inflate.decompress_vec(&packed[from..], &mut out, FlushDecompress::Finish) {
            Ok(Status::StreamEnd) if inflate.total_in() as usize == packed.len() => return Ok(out),
            Ok(Status::StreamEnd) => return Err("bytes follow its end".to_owned()),
            Ok(_) if out.len() == out.capacity() && out.len() < MAX_BODY => out.reserve(out.len()),
            Ok(_) => return Err("it ends too early".to_owned()),
            Err(error) => return Err(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_back_as_it_was() {
        let incompressible: Vec<u8> =
            (0..70_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for body in [&b""[..], b"{}", &DICTIONARIES[0].repeat(9), &incompressible] {
            assert_eq!(unpack(&pack(body)).as_deref(), Ok(body));
        }
    }

    #[test]
    fn a_cut_a_foreign_and_an_overlong_body_are_told_apart() {
        let packed = pack(br#"{"schema":"hearsay.reading/1","notes":["a"]}"#);
        assert_eq!(unpack(&packed[..packed.len() - 2]).unwrap_err(), "it ends too early");
        assert_eq!(unpack(&[&packed[..], b"x"].concat()).unwrap_err(), "bytes follow its end");
        assert_eq!(unpack(b"\x09abc").unwrap_err(), "it is packed with dictionary 9, unknown here");
        assert_eq!(unpack(b"").unwrap_err(), "it is empty");
    }

    #[test]
    fn each_part_of_an_entry_is_under_its_hash() {
        let hash = link(&GENESIS, 1, 2, "reading", b"body");
        for other in [
            link(&[1; 32], 1, 2, "reading", b"body"),
            link(&GENESIS, 2, 2, "reading", b"body"),
            link(&GENESIS, 1, 3, "reading", b"body"),
            link(&GENESIS, 1, 2, "readin", b"gbody"),
            link(&GENESIS, 1, 2, "reading", b"bodY"),
        ] {
            assert_ne!(hash, other);
        }
        // Written down, so that a later version cannot change it unnoticed.
        assert_eq!(hex(&hash), "47c03fd29bcf9f668dff699767f334cee7d7492b1de26e5f5b635f9d057965af");
    }

    #[test]
    fn hexadecimal_digits_and_bytes() {
        assert_eq!((hex(&[0, 0xab]), unhex("00ab")), ("00ab".to_owned(), Some(vec![0, 0xab])));
        assert_eq!((unhex("0"), unhex("zz"), unhex("žž")), (None, None, None));
    }
}
