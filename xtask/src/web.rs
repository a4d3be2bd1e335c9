//! `cargo xtask web`: builds the page and serves it on localhost; `cargo xtask screenshots`: pictures of it and of the terminal.

use crate::wasm::{must, npm_packages};
use std::process::Command;

/// `cargo xtask web [--build] [PORT]`
pub(crate) fn run(arguments: &[&str]) -> crate::Result {
    match arguments {
        ["--build"] => build(),
        [] => build().and_then(|()| node(&["serve.mjs"])),
        [port] if port.parse::<u16>().is_ok() => build().and_then(|()| node(&["serve.mjs", port])),
        _ => Err("usage: cargo xtask web [--build | PORT]".into()),
    }
}

/// `cargo xtask screenshots`
pub(crate) fn screenshots() -> crate::Result {
    build()?;
    crate::cargo(&["build", "--release", "--locked", "-p", "komainu-cli"])?;
    node(&["screenshots.mjs", "../../docs/images"])
}

fn build() -> crate::Result {
    crate::wasm::run(&[])?;
    npm_packages(&crate::root().join("examples/web"))?;
    node(&["node_modules/typescript/bin/tsc", "-p", "."])?;
    node(&["build.mjs"])
}

fn node(arguments: &[&str]) -> crate::Result {
    must(Command::new("node").args(arguments).current_dir(crate::root().join("examples/web")))
}
