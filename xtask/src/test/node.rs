//! The packed npm tarball, installed in a fresh folder.

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("npm", "npm")])?;
    suite.setup("npm packages", suite.command("node", "npm", &["ci", "--no-audit", "--no-fund"]))?;
    suite.setup("the addon and its wrapper", suite.command("node", "npm", &["run", "build"]))?;
    suite.setup("the tarballs", suite.command("node", "npm", &["run", "pack"]))?;
    let fresh = suite.fresh("node")?.display().to_string();
    suite.setup("a fresh folder", suite.command("node", "npm", &["run", "fresh", "--", &fresh]))?;

    let node_test = |suite: &Suite, folder: &str, backend: &str| {
        let mut tests = suite.command(folder, "node", &["--test", "test/"]);
        tests.env("KOMAINU_ROOT", suite.root()).env("KOMAINU_EXPECTED", backend);
        tests
    };
    suite.tests("node --test", node_test(suite, &fresh, "native"), Tally::Node);
    suite.check("tsc --strict", suite.command(&fresh, "npx", &["--no-install", "tsc", "-p", "test/types"]));
    for tool in ["publint", "attw"] {
        suite.check(tool, suite.command("node", "npm", &["run", tool]));
    }
    suite.tests(
        "the addon's own tests",
        suite.cargo(&["test", "--locked", "-p", "komainu-node"]),
        Tally::Cargo,
    );
    Ok(())
}

/// The mail workers, each with real servers on the loopback interface.
fn examples(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("postfix", "postfix"), ("dovecot", "dovecot-imapd"), ("dovecot", "dovecot-lmtpd")])?;
    for example in ["node-smtp", "node-imap", "haraka-plugin"] {
        let folder = format!("examples/{example}");
        suite.setup(
            &format!("npm packages of {example}"),
            suite.command(&folder, "npm", &["ci", "--no-audit", "--no-fund"]),
        )?;
        suite.tests(example, suite.command(&folder, "node", &["--test", "test/"]), Tally::Node);
    }
    Ok(())
}
