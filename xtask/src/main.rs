//! Every chore of this workspace is one command: `cargo xtask NAME`.

mod generate;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What every chore returns: the error is a sentence for the person who ran it.
type Result<T = ()> = std::result::Result<T, String>;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  generate [--check]               write the tables under core/src/ from core/rules/*.toml (or only compare them)
  test [--only STEP,…] [--spark]   run every test of every surface; STEP is one of:
                                   lint rust python node wasm browser docs corpus
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["generate", rest @ ..] => generate::run(rest),
        ["test", rest @ ..] => test::run(rest),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        [other, ..] => Err(format!("no such command: {other}\n\n{USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
