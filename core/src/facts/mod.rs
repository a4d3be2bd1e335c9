//! A delivery's words to facts: reply code, enhanced status, stage, addresses and hosts.

mod gather;
mod hosts;
pub(crate) mod provider;

pub(crate) use gather::{Facts, ReportedTo, gather};
