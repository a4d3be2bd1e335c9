//! The `komainu` command. What it does stands in the library beside it.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    komainu_cli::run(std::env::args_os()).into()
}
