//! Formatting, clippy with warnings as errors, and generated files that are in step.

use super::{Stop, Suite};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.check("formatting (cargo fmt --all)", suite.cargo(&["fmt", "--all", "--check"]));
    suite.check("generated tables are in step", suite.cargo(&["xtask", "generate", "--check"]));
    suite.check("schema/record.json is in step", suite.cargo(&["xtask", "schema", "--check"]));
    let clippy = ["clippy", "--quiet", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    suite.check("clippy", suite.cargo(&clippy));
    Ok(())
}
