//! rustdoc with warnings as errors, the book with its links, and what the texts for readers show.

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    let features = ["--features", "komainu/arrow"];
    let packages = ["doc", "--no-deps", "--locked", "-p", "komainu", "-p", "komainu-cli"];
    let mut rustdoc = suite.cargo(&[&packages[..], &features].concat());
    rustdoc.env("RUSTDOCFLAGS", "-D warnings");
    suite.check("rustdoc", rustdoc);
    suite.check("the book", suite.cargo(&["xtask", "docs"]));
    suite.setup("the command", suite.cargo(&["build", "--release", "--locked", "-p", "komainu-cli"]))?;
    let readme = suite.cargo(&["xtask", "readme", "--check"]);
    suite.tests("examples in the texts", readme, Tally::Plain);
    Ok(())
}
