//! The WASM package in Node.

use super::{Stop, Suite};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.skip("not built yet");
    Ok(())
}
