//! The WASM package and the page in headless Chromium.

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("chromium", "chromium")])?;
    suite.setup("the page", suite.cargo(&["xtask", "web", "--build"]))?;
    suite.check("shared cases", suite.command("wasm", "node", &["test/shared-browser.mjs"]));
    // One at a time: each starts a browser of its own.
    let files = ["test/page.test.mjs", "test/privacy.test.mjs", "test/axe.test.mjs"];
    let page = [&["--test", "--test-concurrency=1"][..], &files].concat();
    suite.tests("the page", suite.command("examples/web", "node", &page), Tally::Node);
    Ok(())
}
