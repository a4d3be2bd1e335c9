//! Hostile mails: the work grows with the mail and no faster, counted in instructions.

use super::{Stop, Suite};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("valgrind", "valgrind")])?;
    suite.check("the work grows with the mail (cargo xtask steps)", suite.cargo(&["xtask", "steps"]));
    Ok(())
}
