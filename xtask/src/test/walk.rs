//! The ways that README shows to a mailbox's hard bounces, each in a fresh clone; runs only with `--walk`.

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("npm", "npm"), ("python3", "python3-venv"), ("chromium", "chromium")])?;
    suite.tests("README's ways", suite.cargo(&["xtask", "walk"]), Tally::Plain);
    Ok(())
}
