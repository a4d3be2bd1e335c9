//! The WASM package and the page in headless Chromium.

use super::{Stop, Suite};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("chromium", "chromium")])?;
    suite.skip("not built yet");
    Ok(())
}
