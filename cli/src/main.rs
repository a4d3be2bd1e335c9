//! The `komainu` command.
#![forbid(unsafe_code)]

fn main() {}
