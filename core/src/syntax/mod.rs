//! What single words of mail mean, wherever they stand: addresses (RFC 5321), replies and codes (RFC 3463), stages.
//!
//! Reports are found by it and facts are read with it, so that it stands before both.

pub(crate) mod address;
mod details;
pub(crate) mod known;
pub(crate) mod reply;
pub(crate) mod stage;
