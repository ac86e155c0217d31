//! Captures in WARC files: `captures/00001.warc.gz`, …
//!
//! Each record is a gzip member of its own, so that one can be read without the others, and any WARC reader opens the
//! files. A capture is a `resource` record whose block is the bytes as obtained. Start at [`member`], which makes a
//! record anywhere, and [`Archive`], which appends them. [`check`] is the other way round.
//!
//! A file that is longer than the ledger knows has an unfinished end: a program was stopped after the bytes were
//! written and before the ledger was. Nothing was promised of them, and [`Archive::open`] cuts them off.
//!
//! # Source
//!
//! ISO 28500:2017, The WARC Format 1.1.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Crc;
use flate2::bufread::GzDecoder;
use hearsay_doc::Date;

use crate::Error;
use crate::chain::{Hash, deflate, hex, sha256};

/// A file that has reached so many bytes is followed by a new one: what archives are used to, and what FAT32 takes.
pub(crate) const ROTATE: u64 = 1_000_000_000;

/// The folder of the WARC files, beside the SQLite file.
pub(crate) const FOLDER: &str = "captures";

/// One WARC record, compressed, ready to be appended.
#[derive(Clone, Debug)]
pub struct Member {
    /// SHA-256 of the block.
    pub(crate) sha256: Hash,
    /// Bytes of the block.
    pub(crate) n_bytes: u64,
    /// The gzip member.
    pub(crate) bytes: Vec<u8>,
}

/// The record that keeps `block`, which was seen at `origin` at `at` (milliseconds since 1970, UTC). A URL is its
/// `WARC-Target-URI` as it is; anything else becomes `urn:hearsay:` and the escaped words.
pub fn member(block: &[u8], origin: &str, at: i64) -> Member {
    let digest = sha256(block);
    let head = format!(
        "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: {}\r\nWARC-Target-URI: {}\r\n\
         WARC-Block-Digest: sha256:{}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
        uuid(&digest),
        show_time(at),
        uri(origin),
        hex(&digest),
        content_type(origin, block),
        block.len(),
    );
    Member {
        sha256: digest,
        n_bytes: block.len() as u64,
        bytes: gzip(&[head.as_bytes(), block, b"\r\n\r\n"]),
    }
}

/// The record that begins each file and says who wrote it.
fn warcinfo(file: &str, by: &str, at: i64) -> Vec<u8> {
    let block = format!(
        "software: {by}\r\nformat: WARC File Format 1.1\r\ndescription: captures of a hearsay ledger\r\n"
    );
    let head = format!(
        "WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: {}\r\nWARC-Filename: {file}\r\n\
         Content-Type: application/warc-fields\r\nContent-Length: {}\r\n\r\n",
        uuid(&sha256(format!("{file}\0{by}\0{at}").as_bytes())),
        show_time(at),
        block.len(),
    );
    gzip(&[head.as_bytes(), block.as_bytes(), b"\r\n\r\n"])
}

/// A gzip member (RFC 1952) without a time and a name in its header: the same bytes give the same member.
fn gzip(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    deflate(parts, None, &mut out);
    let mut check = Crc::new();
    parts.iter().for_each(|part| check.update(part));
    out.extend(check.sum().to_le_bytes());
    out.extend(check.amount().to_le_bytes());
    out
}

/// A UUID (RFC 9562, version 8) of a digest: the same bytes have the same record id in every ledger.
fn uuid(digest: &Hash) -> String {
    let mut bytes: [u8; 16] = digest[..16].try_into().expect("a digest has 32 bytes");
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// `2024-03-24T10:00:00.000Z`, as WARC and people want it.
pub fn show_time(at: i64) -> String {
    let (days, ms) = (at.div_euclid(86_400_000), at.rem_euclid(86_400_000));
    let (s, ms) = (ms / 1000, ms % 1000);
    format!("{}T{:02}:{:02}:{:02}.{ms:03}Z", Date::from_days(days as i32), s / 3600, s / 60 % 60, s % 60)
}

fn uri(origin: &str) -> String {
    let is_url = origin.starts_with("http://") || origin.starts_with("https://");
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) || is_url && byte.is_ascii_graphic()
    };
    let escaped = origin.bytes().fold(String::new(), |mut out, byte| {
        if plain(byte) {
            out.push(char::from(byte))
        } else {
            out += &format!("%{byte:02X}")
        }
        out
    });
    if is_url { escaped } else { format!("urn:hearsay:{escaped}") }
}

/// A guess for other readers; hearsay itself looks at the bytes.
fn content_type(origin: &str, block: &[u8]) -> &'static str {
    let ending = origin.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    match ending.as_str() {
        "html" | "htm" | "xhtml" => "text/html",
        "json" => "application/json",
        "jsonl" | "ndjson" => "application/jsonl",
        _ if block.trim_ascii_start().starts_with(b"<") => "text/html",
        _ if std::str::from_utf8(block).is_ok() => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Where a record was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) file: String,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// A file begun by an append: its name, and its first record's length and SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    pub(crate) file: String,
    pub(crate) length: u64,
    pub(crate) member: Hash,
}

/// The WARC file that is written to.
#[derive(Debug)]
pub(crate) struct Archive {
    folder: PathBuf,
    by: String,
    rotate: u64,
    /// Files that the ledger knows.
    n_files: usize,
    /// The newest of them, once it is open, and its length.
    open: Option<(File, u64)>,
    /// Was anything written since the last [`sync`](Archive::sync)?
    dirty: bool,
}

/// The name of the file with this number, counted from 1.
pub(crate) fn file_name(number: usize) -> String {
    format!("{number:05}.warc.gz")
}

impl Archive {
    /// Opens the newest of `n_files`, of which the ledger knows `known` bytes. What lies behind them is cut off.
    ///
    /// # Errors
    ///
    /// [`Error::Warc`] if the file is shorter than the ledger knows: it was damaged, and writing on would hide that.
    pub(crate) fn open(
        ledger: &Path,
        by: &str,
        rotate: u64,
        n_files: usize,
        known: u64,
    ) -> Result<Archive, Error> {
        let folder = ledger.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
        let mut archive = Archive { folder, by: by.to_owned(), rotate, n_files, open: None, dirty: false };
        if n_files > 0 {
            let path = archive.folder.join(file_name(n_files));
            let io = |error| Error::io(&path, error);
            let mut file = OpenOptions::new().write(true).open(&path).map_err(io)?;
            let length = file.seek(SeekFrom::End(0)).map_err(io)?;
            if length < known {
                let reason = format!("the ledger knows {known} bytes of this file, it ends after {length}");
                return Err(Error::Warc { file: file_name(n_files), offset: length, reason });
            }
            if length > known {
                file.set_len(known).map_err(io)?;
                file.seek(SeekFrom::Start(known)).map_err(io)?;
            }
            archive.open = Some((file, known));
        }
        Ok(archive)
    }

    /// Appends a record. The first of a new file also gives what began the file. Not on disk before [`sync`](Archive::sync).
    pub(crate) fn append(&mut self, member: &[u8], at: i64) -> Result<(Spot, Option<Begun>), Error> {
        let begun = match &self.open {
            Some((_, length)) if *length < self.rotate => None,
            _ => Some(self.begin(at)?),
        };
        let path = self.folder.join(file_name(self.n_files));
        let (file, length) = self.open.as_mut().expect("a file was begun");
        let offset = *length;
        self.dirty = true;
        file.write_all(member).map_err(|error| Error::io(&path, error))?;
        *length += member.len() as u64;
        Ok((Spot { file: file_name(self.n_files), offset, length: member.len() as u64 }, begun))
    }

    fn begin(&mut self, at: i64) -> Result<Begun, Error> {
        self.sync()?;
        let name = file_name(self.n_files + 1);
        let path = self.folder.join(&name);
        let io = |error| Error::io(&path, error);
        // A file of this name that the ledger does not know is an unfinished end too.
        let mut file = File::create(&path).map_err(io)?;
        let info = warcinfo(&name, &self.by, at);
        file.write_all(&info).map_err(io)?;
        sync_folder(&self.folder)?;
        self.open = Some((file, info.len() as u64));
        self.n_files += 1;
        Ok(Begun { file: name, length: info.len() as u64, member: sha256(&info) })
    }

    /// On disk after this.
    pub(crate) fn sync(&mut self) -> Result<(), Error> {
        if let (true, Some((file, _))) = (self.dirty, &self.open) {
            file.sync_data().map_err(|error| Error::io(&self.folder.join(file_name(self.n_files)), error))?;
        }
        self.dirty = false;
        Ok(())
    }
}

/// Makes the names in a folder last through a power cut, where the system has such a thing.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Error::io(folder, error))?;
    }
    Ok(())
}

/// The bytes of a gzip member.
///
/// # Errors
///
/// [`Error::Warc`] if the file is missing or ends before them.
pub(crate) fn read_member(ledger: &Path, spot: &Spot) -> Result<Vec<u8>, Error> {
    let fail = |reason: String| Error::Warc { file: spot.file.clone(), offset: spot.offset, reason };
    let path = ledger.join(FOLDER).join(&spot.file);
    let mut file = File::open(&path).map_err(|error| fail(error.to_string()))?;
    let length = file.metadata().map_err(|error| fail(error.to_string()))?.len();
    if spot.offset.checked_add(spot.length).is_none_or(|end| end > length) {
        return Err(fail(format!("the ledger says {} bytes, the file ends at byte {length}", spot.length)));
    }
    let mut bytes = vec![0; spot.length as usize];
    file.seek(SeekFrom::Start(spot.offset))
        .and_then(|_| file.read_exact(&mut bytes))
        .map_err(|error| fail(error.to_string()))?;
    Ok(bytes)
}

/// The block in a record's gzip member; `n_bytes` is what the ledger says of its length.
///
/// # Errors
///
/// [`Error::Warc`] with what is wrong: no gzip, no WARC record, another length, bytes behind the end.
pub(crate) fn block(member: &[u8], spot: &Spot, n_bytes: u64) -> Result<Vec<u8>, Error> {
    let fail = |reason: String| Error::Warc { file: spot.file.clone(), offset: spot.offset, reason };
    let mut rest = member;
    let mut record = Vec::new();
    // The head is short; a member that unpacks to more than the ledger says is not read to its end.
    let most = n_bytes.saturating_add(64 << 10);
    GzDecoder::new(&mut rest)
        .take(most)
        .read_to_end(&mut record)
        .map_err(|error| fail(format!("no gzip member: {error}")))?;
    if !rest.is_empty() {
        return Err(fail(format!("{} bytes follow the gzip member", rest.len())));
    }
    let head_end = record.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    let head_end = head_end.filter(|_| record.starts_with(b"WARC/1.1\r\n"));
    let head_end = head_end.ok_or_else(|| fail("no WARC 1.1 record".to_owned()))?;
    if record.len() as u64 != head_end as u64 + n_bytes + 4 || !record.ends_with(b"\r\n\r\n") {
        let found = record.len().saturating_sub(head_end + 4);
        return Err(fail(format!("the ledger says {n_bytes} bytes of block, the record has {found}")));
    }
    record.truncate(record.len() - 4);
    record.drain(..head_end);
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_record_is_what_other_readers_expect() {
        let made = member(b"<p>Shells fell.</p>", "reports/a b.html", 1_711_274_400_000);
        let mut text = String::new();
        GzDecoder::new(&made.bytes[..]).read_to_string(&mut text).unwrap();
        expect![[r#"
            WARC/1.1␍
            WARC-Type: resource␍
            WARC-Record-ID: <urn:uuid:7e8f42bf-bc4f-8785-8ce3-0c61b63f7518>␍
            WARC-Date: 2024-03-24T10:00:00.000Z␍
            WARC-Target-URI: urn:hearsay:reports/a%20b.html␍
            WARC-Block-Digest: sha256:7e8f42bfbc4fe7850ce30c61b63f75188c42a8254f8385a2ffef07d8767eee9c␍
            Content-Type: text/html␍
            Content-Length: 19␍
            ␍
            <p>Shells fell.</p>␍
            ␍
        "#]]
        .assert_eq(&text.replace('\r', "␍"));
    }

    #[test]
    fn the_same_bytes_give_the_same_record() {
        assert_eq!(member(b"a", "x", 5).bytes, member(b"a", "x", 5).bytes);
    }

    #[test]
    fn an_address_stays_and_a_path_is_escaped() {
        assert_eq!(uri("https://vel.example/a?b=c"), "https://vel.example/a?b=c");
        assert_eq!(uri("a b/ž.html"), "urn:hearsay:a%20b/%C5%BE.html");
        assert_eq!(uri("https://vel.example/a\r\nEvil: 1"), "https://vel.example/a%0D%0AEvil:%201");
    }

    #[test]
    fn what_is_wrong_with_a_record_is_said() {
        let made = member(b"Shells fell.", "a.txt", 0);
        let spot = Spot { file: "00001.warc.gz".into(), offset: 7, length: made.bytes.len() as u64 };
        assert_eq!(block(&made.bytes, &spot, 12).unwrap(), b"Shells fell.");
        let says = |bytes: &[u8], n| block(bytes, &spot, n).unwrap_err().to_string();
        assert_eq!(
            says(&made.bytes, 11),
            "00001.warc.gz: record at byte 7: the ledger says 11 bytes of block, the record has 12"
        );
        assert!(says(&made.bytes[1..], 12).contains("no gzip member"));
        assert!(says(&[&made.bytes[..], b"x"].concat(), 12).contains("1 bytes follow the gzip member"));
        assert!(says(&gzip(&[b"hello"]), 12).contains("no WARC 1.1 record"));
    }
}
