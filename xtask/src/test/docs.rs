//! rustdoc with warnings as errors, and the book with its links.

use super::{Stop, Suite};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    let mut rustdoc = suite.cargo(&["doc", "--no-deps", "--locked", "-p", "komainu", "-p", "komainu-cli"]);
    rustdoc.env("RUSTDOCFLAGS", "-D warnings");
    suite.check("rustdoc", rustdoc);
    suite.check("the book", suite.cargo(&["xtask", "docs"]));
    Ok(())
}
