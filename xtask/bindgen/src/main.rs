//! Writes the JavaScript beside a compiled module: `xtask-bindgen MODULE.wasm FOLDER`.
//!
//! `cargo xtask wasm` calls it. The library behind the `wasm-bindgen` command is used instead of the command, because
//! the lock file then keeps both halves at one version.

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let module = arguments.next().context("usage: xtask-bindgen MODULE.wasm FOLDER")?;
    let folder = arguments.next().context("usage: xtask-bindgen MODULE.wasm FOLDER")?;
    Bindgen::new()
        .input_path(&module)
        .out_name("komainu")
        .web(true)?
        // The wrapper always says which module to load; without this, `init()` itself would lose its argument.
        .omit_default_module_path(false)
        // After a trap, the wrapper starts a fresh instance with it.
        .reset_state_function(true)
        .remove_producers_section(true)
        .remove_name_section(true)
        .typescript(false)
        .generate(&folder)
        .with_context(|| format!("cannot write the JavaScript for {}", module.display()))
}
