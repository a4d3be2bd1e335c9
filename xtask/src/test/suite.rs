//! What a step works with, and the closing report.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::shell;
use super::tally::{Counts, Tally, shared_cases};

/// A step cannot go on; what stopped it is already counted and named.
#[derive(Debug)]
pub(crate) struct Stop;

/// Runs steps and keeps their counts.
pub(crate) struct Suite {
    root: PathBuf,
    step: &'static str,
    done: Vec<(&'static str, Counts, Duration)>,
    counts: Counts,
    shared: Vec<(String, Counts)>,
    failures: Vec<String>,
    skips: Vec<String>,
    packages_updated: bool,
}

/// How tests build what is released: as optimised, but without what makes only the last few percent of speed and size,
/// and takes about half of the time. `cargo xtask release --dry-run` builds what is published.
const QUICK_RELEASE: [(&str, &str); 2] = [("LTO", "off"), ("CODEGEN_UNITS", "16")];

impl Suite {
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            step: "",
            done: Vec::new(),
            counts: Counts::default(),
            shared: Vec::new(),
            failures: Vec::new(),
            skips: Vec::new(),
            packages_updated: false,
        }
    }

    pub(super) fn step(&mut self, name: &'static str, run: super::Step) {
        println!("\n──── {name} ────");
        self.step = name;
        let (before, start) = (self.counts, Instant::now());
        // What stopped a step is counted where it happened.
        let _ = run(self);
        let mut counts = self.counts;
        counts.passed -= before.passed;
        counts.failed -= before.failed;
        counts.skipped -= before.skipped;
        if counts == Counts::default() {
            self.failed("the step ran nothing");
            counts.failed = 1;
        }
        self.done.push((name, counts, start.elapsed()));
    }

    /// The workspace's root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A command that runs in `folder` (relative to the workspace's root).
    pub(crate) fn command(&self, folder: &str, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.root.join(folder)).args(arguments);
        for (setting, value) in QUICK_RELEASE {
            command.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
        }
        command
    }

    /// Cargo, in the workspace's root.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let mut command = self.command("", &cargo, arguments);
        // What `cargo run` sets for xtask itself is not for the commands that xtask starts.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_")) {
            command.env_remove(name);
        }
        command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
        command
    }

    /// An empty folder `target/test/NAME`, made anew on each run.
    pub(crate) fn fresh(&mut self, name: &str) -> Result<PathBuf, Stop> {
        let folder = self.root.join("target/test").join(name);
        let made = match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => std::fs::create_dir_all(&folder),
        };
        made.map(|()| folder.clone()).map_err(|error| self.failed(&format!("{}: {error}", folder.display())))
    }

    /// Runs what tests need beforehand. It counts only when it fails, and then stops the step by `?`.
    pub(crate) fn setup(&mut self, name: &str, command: Command) -> Result<(), Stop> {
        if shell::run(command).success { Ok(()) } else { Err(self.failed(&format!("setup: {name}"))) }
    }

    /// Like [`Suite::setup`], for a command whose output the step needs.
    pub(crate) fn output(&mut self, name: &str, mut command: Command) -> Result<String, Stop> {
        match command.output() {
            Ok(done) if done.status.success() => Ok(String::from_utf8_lossy(&done.stdout).into_owned()),
            Ok(done) => {
                print!("{}", String::from_utf8_lossy(&done.stderr));
                Err(self.failed(&format!("setup: {name}")))
            }
            Err(error) => Err(self.failed(&format!("setup: {name}: {error}"))),
        }
    }

    /// Installs Debian packages for programs that are not there: pairs of program and package.
    pub(crate) fn debian(&mut self, wanted: &[(&str, &str)]) -> Result<(), Stop> {
        let missing: Vec<&str> =
            wanted.iter().filter(|(program, _)| !on_path(program)).map(|(_, package)| *package).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let apt = |arguments: &[&str]| {
            let root = std::fs::metadata("/proc/self").is_ok_and(|self_| {
                use std::os::unix::fs::MetadataExt as _;
                self_.uid() == 0
            });
            let mut command = Command::new(if root { "apt-get" } else { "sudo" });
            if !root {
                command.args(["--non-interactive", "apt-get"]);
            }
            command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        if !self.packages_updated {
            self.setup("package lists", apt(&["update", "-q"]))?;
            self.packages_updated = true;
        }
        let mut install = vec!["install", "-q", "-y", "--no-install-recommends"];
        install.extend(&missing);
        self.setup(&format!("packages {}", missing.join(" ")), apt(&install))
    }

    /// Runs a test tool. Its own counts are counted; a run that counts nothing, or fails without a failed test, is one
    /// failure. Says whether all passed.
    pub(crate) fn tests(&mut self, name: &str, command: Command, tally: Tally) -> bool {
        let done = shell::run(command);
        self.note_shared(&done.output);
        let counts = tally.read(&done.output);
        self.counts.add(counts);
        if counts.failed > 0 {
            self.failures.push(format!("{}: {name}: {} failed", self.step, counts.failed));
        } else if !done.success {
            self.failed(name);
        } else if counts.passed == 0 {
            self.failed(&format!("{name}: ran no test"));
        }
        if counts.skipped > 0 {
            self.skips.push(format!("{}: {name}: {} skipped", self.step, counts.skipped));
        }
        done.success && counts.failed == 0 && counts.passed > 0
    }

    /// Runs a command whose exit status is one check. Says whether it passed.
    pub(crate) fn check(&mut self, name: &str, command: Command) -> bool {
        let done = shell::run(command);
        self.note_shared(&done.output);
        self.assert(name, done.success)
    }

    /// Counts one check that the step made itself.
    pub(crate) fn assert(&mut self, name: &str, holds: bool) -> bool {
        if holds {
            self.counts.passed += 1;
        } else {
            self.failed(name);
        }
        holds
    }

    /// Counts one thing that cannot run here, and says why in the report.
    pub(crate) fn skip(&mut self, why: &str) {
        self.counts.skipped += 1;
        self.skips.push(format!("{}: {why}", self.step));
    }

    /// Counts one failure.
    pub(crate) fn failed(&mut self, what: &str) -> Stop {
        println!("FAILED {}: {what}", self.step);
        self.counts.failed += 1;
        self.failures.push(format!("{}: {what}", self.step));
        Stop
    }

    fn note_shared(&mut self, output: &str) {
        for (surface, counts) in output.lines().filter_map(shared_cases) {
            if counts.failed > 0 || counts.passed == 0 {
                self.failed(&format!("shared cases {surface}: {} failed", counts.failed));
            }
            self.shared.push((surface, counts));
        }
    }

    /// Prints the report; its last line is `N passed, N failed`, with `, N skipped` where there are any.
    pub(super) fn close(&self) -> bool {
        println!("\n──── what ran ────");
        println!("{:<10}{:>8}{:>8}{:>9}{:>9}", "step", "passed", "failed", "skipped", "seconds");
        for (name, counts, time) in &self.done {
            let Counts { passed, failed, skipped } = counts;
            println!("{name:<10}{passed:>8}{failed:>8}{skipped:>9}{:>9.0}", time.as_secs_f64());
        }
        for (surface, counts) in &self.shared {
            println!("shared cases on {surface}: {} right, {} wrong", counts.passed, counts.failed);
        }
        for skip in &self.skips {
            println!("skipped: {skip}");
        }
        for failure in &self.failures {
            println!("failed: {failure}");
        }
        let Counts { passed, failed, skipped } = self.counts;
        let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        println!("\n{passed} passed, {failed} failed{skipped}");
        self.failures.is_empty() && failed == 0 && passed > 0
    }
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
