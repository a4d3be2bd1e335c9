//! The packed npm tarball, installed in a fresh folder, and the mail workers.

use std::process::Command;

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("npm", "npm")])?;
    suite.setup("npm packages", suite.command("node", "npm", &["ci", "--no-audit", "--no-fund"]))?;
    suite.setup("the addon and its wrapper", suite.command("node", "npm", &["run", "build"]))?;
    suite.setup("the tarballs", suite.command("node", "npm", &["run", "pack"]))?;
    let fresh = suite.fresh("node")?.display().to_string();
    suite.setup("a fresh folder", suite.command("node", "npm", &["run", "fresh", "--", &fresh]))?;
    suite.tests("node --test", node_test(suite, &fresh, "native"), Tally::Node);
    suite.check("tsc --strict", suite.command(&fresh, "npx", &["--no-install", "tsc", "-p", "test/types"]));
    let reference = suite.fresh("node-reference")?.display().to_string();
    let typedoc = suite.command("node", "npm", &["run", "reference", "--", &reference]);
    suite.check("API reference (typedoc)", typedoc);
    for tool in ["publint", "attw"] {
        suite.check(tool, suite.command("node", "npm", &["run", tool]));
    }
    let own = suite.cargo(&["test", "--locked", "-p", "komainu-node"]);
    suite.tests("the addon's own tests", own, Tally::Cargo);
    without_addon(suite)?;
    examples(suite)
}

/// The same tests where no addon fits the platform: the WebAssembly package stands in.
fn without_addon(suite: &mut Suite) -> Result<(), Stop> {
    suite.setup("the WebAssembly package", suite.cargo(&["xtask", "wasm"]))?;
    let fresh = suite.fresh("node-without-addon")?.display().to_string();
    let install = ["run", "fresh", "--", &fresh, "--without-addon"];
    suite.setup("a fresh folder without the addon", suite.command("node", "npm", &install))?;
    suite.tests("node --test without the addon", node_test(suite, &fresh, "wasm"), Tally::Node);
    Ok(())
}

fn node_test(suite: &Suite, folder: &str, backend: &str) -> Command {
    let mut tests = suite.command(folder, "node", &["--test", "test/"]);
    tests.env("KOMAINU_ROOT", suite.root()).env("KOMAINU_EXPECTED", backend);
    tests
}

/// The mail workers, each with real servers on the loopback interface.
fn examples(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("postfix", "postfix"), ("dovecot", "dovecot-imapd"), ("dovecot", "dovecot-lmtpd")])?;
    for example in ["node-smtp", "node-imap", "haraka-plugin"] {
        let folder = format!("examples/{example}");
        let install = suite.command(&folder, "npm", &["ci", "--no-audit", "--no-fund"]);
        suite.setup(&format!("npm packages of {example}"), install)?;
        suite.tests(example, suite.command(&folder, "node", &["--test", "test/"]), Tally::Node);
    }
    Ok(())
}
