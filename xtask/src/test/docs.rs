//! rustdoc with warnings as errors.

use super::{Stop, Suite};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    let mut rustdoc = suite.cargo(&["doc", "--no-deps", "--locked", "-p", "komainu", "-p", "komainu-cli"]);
    rustdoc.env("RUSTDOCFLAGS", "-D warnings");
    suite.check("rustdoc", rustdoc);
    Ok(())
}
