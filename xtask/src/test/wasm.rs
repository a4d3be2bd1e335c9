//! The WASM package in Node.

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    // Its last step fails where the module is over its size limit.
    suite.setup("the WebAssembly package", suite.cargo(&["xtask", "wasm"]))?;
    suite.check("shared cases", suite.command("wasm", "node", &["test/shared.mjs"]));
    let tests = ["--test", "test/api.test.mjs", "test/package.test.mjs", "test/endurance.test.mjs"];
    suite.tests("node --test", suite.command("wasm", "node", &tests), Tally::Node);
    Ok(())
}
