//! The `komainu` command: what files, terminals and threads need around the parser.
#![forbid(unsafe_code)]

mod commands;
mod exit;
mod filter;
mod input;
mod output;
mod progress;
mod run;
mod state;
mod style;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    cli.color.write_global();
    match cli.run() {
        Ok(code) => code.into(),
        Err(problem) => {
            exit::complain(&problem);
            exit::Code::from_error(problem.as_ref()).into()
        }
    }
}
