//! The Python wheel, installed in a fresh virtual environment: its tests, its types, its stubs.

use super::{Stop, Suite, Tally};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("python3", "python3-venv")])?;
    let folder = suite.fresh("python")?;
    let wheels = folder.join("wheels").display().to_string();
    let environment = folder.join("venv").display().to_string();
    suite.setup("virtual environment", suite.command("", "python3", &["-m", "venv", &environment]))?;
    let bin = |name: &str| format!("{environment}/bin/{name}");
    let python = bin("python");
    let pip = ["-m", "pip", "install", "--quiet"];

    let tools = ["maturin>=1.16,<2", "-r", "tests/requirements.txt"];
    suite.setup("test tools", suite.command("python", &python, &[&pip[..], &tools].concat()))?;
    let build = ["build", "--release", "--locked", "--quiet", "--out", &wheels];
    suite.setup("wheel", suite.command("python", &bin("maturin"), &build))?;
    let install = ["--no-index", "--no-deps", "--find-links", &wheels, "komainu"];
    suite.setup("install the wheel", suite.command("python", &python, &[&pip[..], &install].concat()))?;

    suite.tests("pytest", suite.command("python", &python, &["-m", "pytest", "-q", "-ra"]), Tally::Pytest);
    suite.check("mypy", suite.command("python", &bin("mypy"), &["python", "tests"]));
    let stubtest = [
        "-m",
        "mypy.stubtest",
        "komainu",
        "--mypy-config-file",
        "pyproject.toml",
        "--allowlist",
        "tests/stubtest-allowlist.txt",
    ];
    suite.check("stubs are those of the built module", suite.command("python", &python, &stubtest));
    suite.check("pyright", suite.command("python", &bin("pyright"), &["--pythonpath", &python]));
    suite.check("ruff", suite.command("python", &bin("ruff"), &["check", "."]));
    suite.check("formatting (ruff)", suite.command("python", &bin("ruff"), &["format", "--check", "."]));
    Ok(())
}
