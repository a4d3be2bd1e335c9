//! `cargo xtask release --dry-run [--tag vX.Y.Z]`: builds everything that a release publishes, and checks it.
//!
//! Publishing itself is done by `.github/workflows/release.yml` when a tag is pushed; this says beforehand whether it can.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{Result, root};

/// Crates in the order in which they are published.
const CRATES: &[&str] = &["komainu", "komainu-cli"];

/// Files that no package may carry.
const NEVER: &[&str] = &[".env", "node_modules/", "target/", "__pycache__", ".pem", "tests/cases/"];

/// `cargo xtask release --dry-run [--tag vX.Y.Z]`
pub(crate) fn run(args: &[&str]) -> Result {
    let tag = match args {
        ["--dry-run"] => None,
        ["--dry-run", "--tag", tag] => Some(*tag),
        _ => return Err("release takes --dry-run, and --tag vX.Y.Z; a pushed tag publishes".into()),
    };
    let version = workspace_version()?;
    let out = root().join("target/release-check");
    let _ = std::fs::remove_dir_all(&out);
    std::fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    let folder = out.display().to_string();
    println!("komainu {version}: what a release publishes is built into {folder}\n");
    let mut report = Report::default();
    report.check("versions are in step", || versions(&version));
    report.check("the tag is the version", || tag.map_or(Ok(()), |tag| same(tag, &format!("v{version}"))));
    report.check("the changelog has this version", || changelog(&version, tag.is_some()));
    for name in CRATES {
        report.check(&format!("crate {name}"), || package_crate(name, &version, &out));
    }
    report.check("wheel", || python(&["build", "--release", "--locked", "--quiet", "--out", &folder]));
    report.check("sdist", || python(&["sdist", "--out", &folder]));
    report.check("WebAssembly module", || shell("", "cargo".as_ref(), &["xtask", "wasm"]));
    let pack = ["pack", "--silent", "--pack-destination", &folder];
    report.check("npm package komainu-wasm", || shell("wasm", "npm".as_ref(), &pack));
    report.check("npm packages komainu and this platform's addon", || npm(&out));
    report.check("the book", || shell("", "cargo".as_ref(), &["xtask", "docs"]));
    report.check("nothing else is in the archives", || contents(&out));
    sizes(&out)?;
    println!("\n{} passed, {} failed", report.passed, report.failed);
    if report.failed == 0 { Ok(()) } else { Err(String::new()) }
}

#[derive(Default)]
struct Report {
    passed: usize,
    failed: usize,
}

impl Report {
    /// Tells what is being done, and then how it went: some of it takes minutes.
    fn check(&mut self, name: &str, work: impl FnOnce() -> Result) {
        if std::io::stdout().is_terminal() {
            print!("…                {name}\r");
            let _ = std::io::stdout().flush();
        }
        let start = Instant::now();
        let outcome = work();
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => {
                self.passed += 1;
                println!("ok     {seconds:>6.1} s  {name}");
            }
            Err(why) => {
                self.failed += 1;
                println!("FAILED {seconds:>6.1} s  {name}\n{why}");
            }
        }
    }
}

fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

fn same(found: &str, wanted: &str) -> Result {
    if found == wanted { Ok(()) } else { Err(format!("{found} where {wanted} is wanted")) }
}

fn workspace_version() -> Result<String> {
    let manifest: toml::Table =
        read("Cargo.toml")?.parse().map_err(|error| format!("Cargo.toml: {error}"))?;
    let version = manifest["workspace"]["package"]["version"].as_str();
    Ok(version.ok_or("Cargo.toml: no workspace.package.version")?.to_owned())
}

/// Every place that carries the version by hand. Crates and the wheel take it from the workspace.
fn versions(version: &str) -> Result {
    let mut wrong = Vec::new();
    let manifest = read("Cargo.toml")?;
    let dependency = format!("komainu = {{ path = \"core\", version = \"{version}\" }}");
    if !manifest.contains(&dependency) {
        wrong.push(format!("Cargo.toml: no line {dependency}"));
    }
    let mut packages = vec!["node/package.json".to_owned(), "wasm/package.json".to_owned()];
    let platforms =
        std::fs::read_dir(root().join("node/npm")).map_err(|error| format!("node/npm: {error}"))?;
    packages.extend(
        platforms
            .flatten()
            .map(|entry| format!("node/npm/{}/package.json", entry.file_name().to_string_lossy())),
    );
    for path in &packages {
        let package: serde_json::Value =
            serde_json::from_str(&read(path)?).map_err(|error| format!("{path}: {error}"))?;
        if let Err(why) = same(package["version"].as_str().unwrap_or_default(), version) {
            wrong.push(format!("{path}: {why}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// A released version has a dated section; before that, what is unreleased has one that is not empty.
fn changelog(version: &str, released: bool) -> Result {
    let text = read("CHANGELOG.md")?;
    let heading = if released { format!("\n## [{version}] - ") } else { "\n## [Unreleased]\n".to_owned() };
    let (_, section) = text.split_once(&heading).ok_or(format!("no section {:?}", heading.trim()))?;
    let section = section.split("\n## ").next().unwrap_or_default();
    if section.contains("\n- ") { Ok(()) } else { Err(format!("nothing under {:?}", heading.trim())) }
}

/// Lists what the crate would carry. Its build from the package alone needs its dependencies published, so only the crate
/// without any in this workspace is built.
fn package_crate(name: &str, version: &str, out: &Path) -> Result {
    let listed =
        output("", "cargo".as_ref(), &["package", "--locked", "--allow-dirty", "--list", "-p", name])?;
    for wanted in ["Cargo.toml", "LICENSE-MIT", "LICENSE-APACHE", "README.md"] {
        if !listed.lines().any(|line| line == wanted) {
            return Err(format!("{name} carries no {wanted}"));
        }
    }
    forbidden(&listed)?;
    if name == CRATES[0] {
        shell("", "cargo".as_ref(), &["package", "--locked", "--allow-dirty", "--quiet", "-p", name])?;
        let archive = format!("{name}-{version}.crate");
        let built = root().join("target/package").join(&archive);
        std::fs::copy(&built, out.join(archive)).map_err(|error| format!("{}: {error}", built.display()))?;
    }
    Ok(())
}

/// maturin as it is installed, else from a virtual environment made for it.
fn python(args: &[&str]) -> Result {
    let mut maturin = PathBuf::from("maturin");
    if Command::new(&maturin).arg("--version").output().is_err() {
        let environment = root().join("target/release-tools");
        maturin = environment.join("bin/maturin");
        if !maturin.is_file() {
            shell("", "python3".as_ref(), &["-m", "venv", &environment.display().to_string()])?;
            let wanted = ["-m", "pip", "install", "--quiet", "maturin>=1.16,<2"];
            shell("", &environment.join("bin/python"), &wanted)?;
        }
    }
    shell("python", &maturin, args)
}

/// The npm packages, as the Node package's own scripts pack them.
fn npm(out: &Path) -> Result {
    shell("node", "npm".as_ref(), &["ci", "--silent", "--no-audit", "--no-fund"])?;
    shell("node", "npm".as_ref(), &["run", "--silent", "build"])?;
    shell("node", "npm".as_ref(), &["run", "--silent", "pack"])?;
    for entry in std::fs::read_dir(root().join("node/tarball")).map_err(|error| error.to_string())?.flatten()
    {
        std::fs::copy(entry.path(), out.join(entry.file_name())).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// No archive carries what it should not.
fn contents(out: &Path) -> Result {
    for path in archives(out)? {
        let name = path.display().to_string();
        let listed = if name.ends_with(".whl") {
            output("", "python3".as_ref(), &["-m", "zipfile", "--list", &name])?
        } else {
            output("", "tar".as_ref(), &["--list", "--gzip", "--file", &name])?
        };
        forbidden(&listed).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

fn forbidden(listed: &str) -> Result {
    match listed.lines().find(|line| NEVER.iter().any(|never| line.contains(never))) {
        Some(line) => Err(format!("{line} does not belong into a package")),
        None => Ok(()),
    }
}

fn archives(out: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    found.sort();
    if found.is_empty() { Err("no archive was built".into()) } else { Ok(found) }
}

fn sizes(out: &Path) -> Result {
    println!("\n{:>9}  archive", "KiB");
    for path in archives(out)? {
        let bytes = std::fs::metadata(&path).map_err(|error| error.to_string())?.len();
        println!("{:>9}  {}", bytes.div_ceil(1024), path.file_name().unwrap_or_default().to_string_lossy());
    }
    Ok(())
}

fn shell(folder: &str, program: &Path, args: &[&str]) -> Result {
    output(folder, program, args).map(|_| ())
}

fn output(folder: &str, program: &Path, args: &[&str]) -> Result<String> {
    let done = Command::new(program).current_dir(root().join(folder)).args(args).output();
    let done = done.map_err(|error| format!("{}: {error}", program.display()))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)))
}
