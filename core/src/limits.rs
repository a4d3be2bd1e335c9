//! How much of a message is read.

use crate::error::Error;

/// Upper bounds for one message. Each that is hit shows in [`Report::limits`](crate::Report::limits).
///
/// The defaults read every bounce seen in practice; lower them for tight places, raise them for odd ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one message that are looked at (64 MiB).
    pub max_bytes: usize,
    /// Nesting of multiparts and messages (20).
    pub max_depth: usize,
    /// MIME parts in all (1,000).
    pub max_parts: usize,
    /// Bytes of one header block (1 MiB).
    pub max_header_bytes: usize,
    /// Recipients of one report (10,000).
    pub max_recipients: usize,
    /// Bytes of decoded text that are searched (1 MiB).
    pub max_text_bytes: usize,
}

impl Limits {
    /// A limit of 0 reads nothing, and is a slip of the pen. It is named in words: each language spells the option its own
    /// way.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Self { max_bytes, max_depth, max_parts, max_header_bytes, max_recipients, max_text_bytes } =
            *self;
        let all = [
            ("bytes", max_bytes),
            ("depth", max_depth),
            ("parts", max_parts),
            ("header bytes", max_header_bytes),
            ("recipients", max_recipients),
            ("text bytes", max_text_bytes),
        ];
        match all.into_iter().find(|(_, limit)| *limit == 0) {
            Some((name, _)) => {
                Err(Error::new(format!("the limit of {name} is 0; use a whole number from 1 on")))
            }
            None => Ok(()),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 64 << 20,
            max_depth: 20,
            max_parts: 1_000,
            max_header_bytes: 1 << 20,
            max_recipients: 10_000,
            max_text_bytes: 1 << 20,
        }
    }
}
