//! The crate, the command and the chores themselves.

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    let packages = ["test", "--locked", "-p", "komainu", "-p", "komainu-cli", "-p", "xtask"];
    suite.tests("cargo test", suite.cargo(&packages), Tally::Cargo);
    Ok(())
}
