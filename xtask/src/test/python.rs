//! The Python wheel, installed in a fresh virtual environment: its tests, its types, its stubs, its examples.

use std::process::Command;

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    let environment = environment(suite, "python", &["-r", "tests/requirements.txt"])?;
    suite.tests("pytest", environment.pytest(suite, "python"), Tally::Pytest);
    suite.check("mypy", environment.tool(suite, "mypy", &["python", "tests"]));
    let stubtest = [
        "-m",
        "mypy.stubtest",
        "komainu",
        "--mypy-config-file",
        "pyproject.toml",
        "--allowlist",
        "tests/stubtest-allowlist.txt",
    ];
    suite.check("stubs are those of the built module", environment.tool(suite, "python", &stubtest));
    let python = environment.bin("python");
    suite.check("pyright", environment.tool(suite, "pyright", &["--pythonpath", &python]));
    let folders = [".", "../examples/python-imap", "../examples/python-tables", "../examples/spark"];
    let configured = ["--config", "pyproject.toml"];
    let check = [&["check"], &configured[..], &folders[..]].concat();
    suite.check("ruff", environment.tool(suite, "ruff", &check));
    let format = [&["format", "--check"], &configured[..], &folders[..]].concat();
    suite.check("formatting (ruff)", environment.tool(suite, "ruff", &format));
    let reference = suite.fresh("python-reference")?.display().to_string();
    let pdoc = ["-m", "pdoc", "komainu", "--output-directory", &reference];
    suite.check("API reference (pdoc)", environment.tool(suite, "python", &pdoc));
    suite.tests("tables", environment.pytest(suite, "examples/python-tables"), Tally::Pytest);
    let servers = [("dovecot", "dovecot-imapd"), ("dovecot", "dovecot-lmtpd"), ("openssl", "openssl")];
    suite.debian(&servers)?;
    suite.tests("mail worker", environment.pytest(suite, "examples/python-imap"), Tally::Pytest);
    Ok(())
}

/// A virtual environment with the wheel of this source in it.
pub(super) struct Environment {
    folder: String,
}

/// Makes an environment with some packages, then builds the wheel and installs it.
///
/// The wheel comes first: the requirements of examples name komainu, and find it there.
pub(super) fn environment(suite: &mut Suite, name: &str, packages: &[&str]) -> Result<Environment, Stop> {
    suite.debian(&[("python3", "python3-venv")])?;
    let fresh = suite.fresh(name)?;
    let wheels = fresh.join("wheels").display().to_string();
    let environment = Environment { folder: fresh.join("venv").display().to_string() };
    suite.setup("virtual environment", suite.command("", "python3", &["-m", "venv", &environment.folder]))?;
    let pip = ["-m", "pip", "install", "--quiet"];

    suite.setup("maturin", environment.tool(suite, "python", &[&pip[..], &["maturin>=1.16,<2"]].concat()))?;
    // By way of the source distribution, so that what is published is known to build.
    let sources = fresh.display().to_string();
    let sdist = ["sdist", "--out", &sources];
    suite.setup("source distribution", environment.tool(suite, "maturin", &sdist))?;
    // All its files bear one fixed time, by which cargo would take them for those that it built before.
    let unpack = "mkdir source && tar -xmzf komainu-*.tar.gz --strip-components=1 -C source";
    suite.setup("its files, as new ones", suite.command(&sources, "sh", &["-ec", unpack]))?;
    let maturin = environment.bin("maturin");
    let build = ["build", "--release", "--quiet", "--out", &wheels];
    let mut build = suite.command(&format!("{sources}/source"), &maturin, &build);
    build.env("CARGO_TARGET_DIR", suite.root().join("target"));
    suite.setup("the wheel from it", build)?;
    let install = ["--no-index", "--no-deps", "--only-binary", ":all:", "--find-links", &wheels, "komainu"];
    let install = [&pip[..], &install].concat();
    suite.setup("install the wheel", environment.tool(suite, "python", &install))?;
    let packages = [&pip[..], packages].concat();
    suite.setup("packages", environment.tool(suite, "python", &packages))?;
    Ok(environment)
}

impl Environment {
    fn bin(&self, program: &str) -> String {
        format!("{}/bin/{program}", self.folder)
    }

    /// A program of the environment, in the package's folder.
    fn tool(&self, suite: &Suite, program: &str, arguments: &[&str]) -> Command {
        suite.command("python", &self.bin(program), arguments)
    }

    /// The tests of a folder.
    pub(super) fn pytest(&self, suite: &Suite, folder: &str) -> Command {
        suite.command(folder, &self.bin("python"), &["-m", "pytest", "-q", "-ra"])
    }
}
