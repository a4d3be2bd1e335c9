//! The crate, the command and the chores themselves.

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    let packages = ["komainu", "komainu-cli", "komainu-tests", "xtask"].map(|name| ["-p", name]);
    let packages = [
        &[
            "test",
            "--locked",
            "--no-fail-fast",
            "--features",
            "komainu/arrow,komainu/io,komainu/custom-rules,komainu/time-zones",
        ],
        packages.as_flattened(),
        &["--", "--show-output"],
    ]
    .concat();
    suite.tests("cargo test", suite.cargo(&packages), Tally::Cargo);
    Ok(())
}
