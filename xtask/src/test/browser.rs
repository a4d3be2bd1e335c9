//! The WASM package and the page in headless Chromium.

use super::{Stop, Suite};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("chromium", "chromium")])?;
    suite.setup("the WebAssembly package", suite.cargo(&["xtask", "wasm"]))?;
    suite.check("shared cases", suite.command("wasm", "node", &["test/shared-browser.mjs"]));
    Ok(())
}
