//! Every chore of this workspace is one command: `cargo xtask NAME`.

mod generate;

use std::process::ExitCode;

/// What every chore returns: the error is a sentence for the person who ran it.
type Result<T = ()> = std::result::Result<T, String>;

const USAGE: &str = "usage: cargo xtask COMMAND

  generate [--check]   write the tables under core/src/ from core/rules/*.toml (or only compare them)";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["generate", rest @ ..] => generate::run(rest),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root: xtask runs from anywhere inside it.
fn root() -> std::path::PathBuf {
    let mut root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}
