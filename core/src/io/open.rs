//! A file or reader to plain bytes, and what they hold.

use bzip2::read::MultiBzDecoder;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// How much of the beginning is looked at to tell an mbox from a message.
const HEAD: usize = 64 << 10;
/// Compression inside compression is followed this far.
const MAX_LAYERS: usize = 3;
/// What an xz file may ask for, in KiB: `xz -9` packs with a window of 64 MiB. Windows of gigabytes are as easily written.
const MAX_XZ_WINDOW: u32 = 80 << 10;

/// Bytes of a source, decompressed. Owned, so that a scan can be handed to another thread.
pub(super) type Bytes = Box<dyn Read + Send>;

/// What a source turned out to be.
pub(super) enum Content {
    /// Plain bytes, and as much of their beginning as was looked at.
    Plain(Bytes, Vec<u8>),
    /// A zip archive, not inside another compression: its list stands at its end.
    Zip(Bytes),
    /// Something that is known and not read: what it is, and what to do with it.
    Foreign(&'static str),
}

/// Peels compression off.
pub(super) fn peel(mut bytes: Bytes) -> io::Result<Content> {
    for layer in 0..MAX_LAYERS {
        let (head, rest) = peek(bytes, 512)?;
        bytes = match head.get(..4) {
            Some([0x1f, 0x8b, ..]) => Box::new(MultiGzDecoder::new(rest)),
            Some([0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18]) => {
                Box::new(Zstandard::new(rest))
            }
            Some([b'B', b'Z', b'h', b'1'..=b'9']) => Box::new(MultiBzDecoder::new(rest)),
            Some([0xfd, b'7', b'z', b'X']) => Box::new(XzReader::new_mem_limit(
                BufReader::with_capacity(64 << 10, rest),
                true,
                MAX_XZ_WINDOW,
            )),
            // What is packed inside may be a thousand times as large: it is not written to the disk.
            Some(b"PK\x03\x04" | b"PK\x05\x06") if layer > 0 => {
                return Ok(Content::Foreign("a zip archive inside another compression: unpack it first"));
            }
            Some(b"PK\x03\x04" | b"PK\x05\x06") => return Ok(Content::Zip(rest)),
            Some([b'7', b'z', 0xbc, 0xaf]) => return Ok(Content::Foreign("7z: unpack it first")),
            Some([0xd0, 0xcf, 0x11, 0xe0]) => {
                return Ok(Content::Foreign("an Outlook message or another document: save it as .eml"));
            }
            Some(b"!BDN") => return Ok(Content::Foreign("an Outlook mailbox: export its messages as .eml")),
            _ if head.get(257..262) == Some(b"ustar") => {
                return Ok(Content::Foreign("tar: unpack it first"));
            }
            _ => {
                let (head, bytes) = peek(rest, HEAD)?;
                return Ok(Content::Plain(bytes, head));
            }
        };
    }
    Ok(Content::Foreign("many times compressed: unpack it first"))
}

/// Reads up to `size` bytes and gives them back beside a reader that still has them. An error behind the first byte is left for
/// whoever reads on.
fn peek(mut bytes: Bytes, size: usize) -> io::Result<(Vec<u8>, Bytes)> {
    let mut head = Vec::new();
    match bytes.by_ref().take(size as u64).read_to_end(&mut head) {
        Ok(_) => {}
        Err(error) if head.is_empty() => return Err(error),
        Err(error) => {
            let failing = Failing(Some(error));
            return Ok((head.clone(), Box::new(io::Cursor::new(head).chain(failing))));
        }
    }
    let again = io::Cursor::new(head.clone()).chain(bytes);
    Ok((head, Box::new(again)))
}

/// An error that is met again at the place where it was met first.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// All frames of a Zstandard file, one behind the other.
struct Zstandard {
    state: Frame,
}

enum Frame {
    Between(BufReader<Bytes>),
    Inside(Box<StreamingDecoder<BufReader<Bytes>, ruzstd::decoding::FrameDecoder>>),
    End,
}

impl Zstandard {
    fn new(bytes: Bytes) -> Self {
        Self { state: Frame::Between(BufReader::with_capacity(64 << 10, bytes)) }
    }
}

impl Read for Zstandard {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, Frame::End) {
                Frame::End => return Ok(0),
                Frame::Between(mut inner) => {
                    if inner.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    if skippable(&mut inner)? {
                        self.state = Frame::Between(inner);
                        continue;
                    }
                    let decoder =
                        StreamingDecoder::new(inner).map_err(|e| io::Error::other(e.to_string()))?;
                    self.state = Frame::Inside(Box::new(decoder));
                }
                Frame::Inside(mut decoder) => {
                    let read = decoder.read(buf)?;
                    if read > 0 || buf.is_empty() {
                        self.state = Frame::Inside(decoder);
                        return Ok(read);
                    }
                    self.state = Frame::Between(decoder.into_inner());
                }
            }
        }
    }
}

/// Passes over a skippable frame, if one begins here.
fn skippable(inner: &mut BufReader<Bytes>) -> io::Result<bool> {
    let head = inner.fill_buf()?;
    if !matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]) {
        return Ok(false);
    }
    let mut frame = [0; 8];
    inner.read_exact(&mut frame)?;
    let length = u32::from_le_bytes([frame[4], frame[5], frame[6], frame[7]]);
    io::copy(&mut inner.take(length.into()), &mut io::sink())?;
    Ok(true)
}

/// One file in a zip archive: where its bytes lie.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    start: u64,
    packed: u64,
    deflated: bool,
}

/// Where an archive lies.
#[derive(Clone)]
pub(super) enum Place {
    Path(PathBuf),
    /// A temporary file without a name, which all readers of it share.
    Spooled(Arc<Mutex<File>>),
}

impl Place {
    fn open(&self) -> io::Result<Spot> {
        Ok(match self {
            Self::Path(path) => Spot { file: Arc::new(Mutex::new(File::open(path)?)), at: 0 },
            Self::Spooled(file) => Spot { file: Arc::clone(file), at: 0 },
        })
    }
}

/// A place in a file that others may read as well.
struct Spot {
    file: Arc<Mutex<File>>,
    at: u64,
}

impl Read for Spot {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(buf)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Spot {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // The file's own place may be another reader's.
        file.seek(SeekFrom::Start(self.at))?;
        self.at = file.seek(to)?;
        Ok(self.at)
    }
}

/// Lists the files of a zip archive in its own order; an `Err` item for one that cannot be read.
pub(super) fn members(place: &Place) -> io::Result<Vec<Result<Member, (String, String)>>> {
    let mut archive = zip::ZipArchive::new(BufReader::new(place.open()?)).map_err(io::Error::other)?;
    let mut list = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(io::Error::other)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_or_else(|_| format!("({index})"), std::borrow::Cow::into_owned);
        list.push(match (file.encrypted(), file.compression(), file.data_start()) {
            (true, ..) => Err((name, "encrypted".to_owned())),
            (_, method @ (zip::CompressionMethod::Stored | zip::CompressionMethod::DEFLATE), Some(start)) => {
                let deflated = method == zip::CompressionMethod::DEFLATE;
                Ok(Member { name, start, packed: file.compressed_size(), deflated })
            }
            (_, method, _) => Err((name, format!("compressed by a method that is not read ({method})"))),
        });
    }
    Ok(list)
}

impl Member {
    /// Opens it, independent of other members.
    pub(super) fn open(&self, place: &Place) -> io::Result<Bytes> {
        let mut file = place.open()?;
        file.seek(SeekFrom::Start(self.start))?;
        let packed = file.take(self.packed);
        Ok(if self.deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) })
    }
}
