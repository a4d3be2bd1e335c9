//! A delivery's words to facts: reply code, enhanced status, stage, addresses and hosts.

pub(crate) mod address;
mod gather;
mod hosts;
pub(crate) mod provider;
pub(crate) mod reply;
pub(crate) mod stage;

pub(crate) use gather::{Facts, ReportedTo, gather};
