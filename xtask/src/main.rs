//! Every chore of this workspace is one command: `cargo xtask NAME`.

mod fuzz;
mod generate;
mod readme;
mod release;
mod test;
mod walk;
mod wasm;
mod web;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// What every chore returns: the error is a sentence for the person who ran it.
type Result<T = ()> = std::result::Result<T, String>;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  bench [PATH]                     print ratios against mail-parser on the mails of PATH (or the shared cases)
  bench --mailbox [MIB]            print time and memory for a generated mbox of 2 GiB, with one thread and with two
  bless                            rewrite the expected JSON under tests/cases from what the crate says now
  docs                             build the book into target/book/html
  fuzz --seconds N [--only TARGET] [--sanitizer NAME]
                                   run the fuzz targets of core/fuzz and count the runs
  generate [--check]               write the tables under core/src/ from core/rules/*.toml (or only compare them)
  readme [--check]                 run what README and recipes show, and write what it printed (or only compare it)
  release --dry-run [--tag vX.Y.Z] build and check everything that a release publishes
  schema [--check]                 write schema/record.json from the record's types (or only compare it)
  wasm [--debian]                  build the WebAssembly package into wasm/pkg (with Debian's compiler)
  steps [PART OF A NAME]           count the instructions that hostile mails cost, at three sizes each (valgrind)
  walk [CHAPTER…]                  follow README to a mailbox's hard bounces in fresh clones: command python node rust browser
  web [--build | PORT]             build the page of examples/web and serve it on localhost (or only build it)
  screenshots                      take the README's pictures of the page and the terminal into docs/images
  test [--only STEP,…] [--spark] [--walk]
                                   run every test of every surface; STEP is one of:
                                   lint rust steps python node wasm browser docs corpus
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["generate", rest @ ..] => generate::run(rest),
        ["bench", "--mailbox", rest @ ..] => mailbox(rest),
        ["bench", rest @ ..] => of_the_cases("bench", rest),
        ["bless"] => of_the_cases("bless", &[]),
        ["docs"] => docs(),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["steps", rest @ ..] => of_the_cases("steps", rest),
        ["readme", rest @ ..] => readme::run(rest),
        ["release", rest @ ..] => release::run(rest),
        ["schema", rest @ ..] => of_the_cases("schema", rest),
        ["walk", rest @ ..] => walk::run(rest),
        ["wasm", rest @ ..] => wasm::run(rest),
        ["web", rest @ ..] => web::run(rest),
        ["screenshots"] => web::screenshots(),
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
            // Without one, everything is said already.
            if !message.is_empty() {
                eprintln!("{message}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Runs a chore that needs the parser. It is a binary of its own, so that xtask compiles even where the parser does not.
fn of_the_cases(name: &str, args: &[&str]) -> Result {
    let profile = if matches!(name, "bench" | "mailbox" | "steps") { "release" } else { "dev" };
    let run = ["run", "--quiet", "--profile", profile, "--package", "komainu-tests", "--bin", name, "--"];
    cargo(&[&run, args].concat())
}

/// Measures the command on a large mailbox.
fn mailbox(args: &[&str]) -> Result {
    cargo(&["build", "--release", "--locked", "--package", "komainu-cli"])?;
    of_the_cases("mailbox", args)
}

/// Builds the book. Its builder is a workspace of its own.
fn docs() -> Result {
    let target = root().join("target/docs-builder").display().to_string();
    cargo(&[
        "run",
        "--quiet",
        "--locked",
        "--manifest-path",
        "docs/builder/Cargo.toml",
        "--target-dir",
        &target,
    ])
}

/// Runs cargo in the workspace's root, with its output shown.
fn cargo(args: &[&str]) -> Result {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let status = Command::new(cargo).current_dir(root()).args(args).status();
    match status.map_err(|error| format!("cargo: {error}"))?.success() {
        true => Ok(()),
        // Cargo has said why.
        false => Err(String::new()),
    }
}

/// The workspace's root folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
