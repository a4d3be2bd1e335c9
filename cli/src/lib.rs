//! The `komainu` command: what files, terminals and threads need around the parser.
//!
//! A library of one function, so that the Python package can bring the command along.
#![forbid(unsafe_code)]

mod commands;
mod exit;
mod filter;
mod input;
mod logs;
mod numbers;
mod options;
mod output;
mod progress;
mod reconcile;
mod run;
mod state;
mod style;
mod summary;

use clap::Parser;
use std::ffi::OsString;

/// Runs the command with its arguments, the program's name first, and gives the exit code.
///
/// It writes to standard output and standard error. A signal ends the process.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match commands::Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(told) => {
            // Help and versions come this way, too. Where they cannot be printed, there is nobody to tell.
            let _ = told.print();
            return told.exit_code().try_into().unwrap_or(exit::Code::Usage as u8);
        }
    };
    cli.color.write_global();
    match cli.run() {
        Ok(code) => code as u8,
        Err(problem) => {
            exit::complain(&problem);
            exit::Code::from_error(problem.as_ref()) as u8
        }
    }
}
