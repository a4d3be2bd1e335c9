//! Reads how many tests a tool ran from what it printed.

/// Whose closing lines to read.
#[allow(dead_code, reason = "the steps of the bindings use the others")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tally {
    /// `cargo test`: the sum of all `test result:` lines.
    Cargo,
    /// pytest: its last `=== N passed, … in T ===` line.
    Pytest,
    /// `node --test`: its `pass`, `fail` and `skipped` lines.
    Node,
    /// Any tool that closes with `N passed, N failed`, with `, N skipped` or without.
    Plain,
}

/// How many passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    fn total(self) -> u64 {
        self.passed + self.failed + self.skipped
    }
}

impl Tally {
    /// The counts in a tool's output.
    pub(crate) fn read(self, output: &str) -> Counts {
        let lines = || output.lines().map(without_colours);
        match self {
            Tally::Cargo => {
                let mut sum = Counts::default();
                for line in lines().filter(|line| line.starts_with("test result:")) {
                    sum.add(words(&line));
                }
                sum
            }
            Tally::Pytest => lines()
                .rfind(|line| line.contains(" in ") && words(line).total() > 0)
                .map(|line| words(&line))
                .unwrap_or_default(),
            Tally::Node => {
                let mut sum = Counts::default();
                for line in lines() {
                    sum.add(node_line(&line));
                }
                sum
            }
            Tally::Plain => lines()
                .rfind(|line| shared_cases(line).is_none() && line.contains(" passed, "))
                .map(|line| words(&line))
                .unwrap_or_default(),
        }
    }
}

/// `shared cases SURFACE: N passed, N failed`, which every driver of the shared cases prints.
pub(crate) fn shared_cases(line: &str) -> Option<(String, Counts)> {
    let line = without_colours(line);
    let (_, rest) = line.split_once("shared cases ")?;
    let (surface, counts) = rest.split_once(':')?;
    let counts = words(counts);
    (counts.total() > 0 && !surface.contains(' ')).then(|| (surface.to_owned(), counts))
}

/// Reads `12 passed; 0 failed, 1 skipped` in any order and with any separators.
fn words(line: &str) -> Counts {
    let mut counts = Counts::default();
    let mut number = None;
    for word in line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '=')) {
        match word {
            "" => continue,
            "passed" => counts.passed += number.unwrap_or(0),
            "failed" | "error" | "errors" => counts.failed += number.unwrap_or(0),
            "skipped" | "ignored" | "xfailed" => counts.skipped += number.unwrap_or(0),
            _ => {}
        }
        number = word.parse().ok();
    }
    counts
}

/// `# pass 12` (TAP) or `ℹ pass 12` (the reporter for people).
fn node_line(line: &str) -> Counts {
    let mut counts = Counts::default();
    if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
        match rest.split_once(' ').map(|(word, number)| (word, number.trim().parse())) {
            Some(("pass", Ok(number))) => counts.passed = number,
            Some(("fail" | "cancelled", Ok(number))) => counts.failed = number,
            Some(("skipped" | "todo", Ok(number))) => counts.skipped = number,
            _ => {}
        }
    }
    counts
}

/// A line without terminal escapes.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::{Counts, Tally, shared_cases};

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn cargo_lines_are_summed() {
        let output = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured\n\
                      test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(Tally::Cargo.read(output), counts(7, 3, 1));
    }

    #[test]
    fn pytest_counts_its_last_line_with_errors_as_failures() {
        let output =
            "1 passed in the docs\n\u{1b}[32m== 40 passed, 2 failed, 1 error, 1 skipped in 3.20s ==\u{1b}[0m";
        assert_eq!(Tally::Pytest.read(output), counts(40, 3, 1));
    }

    #[test]
    fn node_counts_both_reporters() {
        assert_eq!(Tally::Node.read("ℹ tests 5\nℹ pass 4\nℹ fail 1\nℹ skipped 0"), counts(4, 1, 0));
        assert_eq!(Tally::Node.read("# tests 2\n# pass 1\n# fail 0\n# todo 1"), counts(1, 0, 1));
    }

    #[test]
    fn shared_cases_are_told_from_a_plain_closing_line() {
        let output = "shared cases wasm: 180 passed, 0 failed\n12 passed, 0 failed, 1 skipped";
        assert_eq!(Tally::Plain.read(output), counts(12, 0, 1));
        let (surface, found) = shared_cases(output.lines().next().unwrap()).unwrap();
        assert_eq!((surface.as_str(), found), ("wasm", counts(180, 0, 0)));
        assert!(shared_cases("12 passed, 0 failed").is_none());
    }

    #[test]
    fn nothing_printed_is_nothing_counted() {
        for tally in [Tally::Cargo, Tally::Pytest, Tally::Node, Tally::Plain] {
            assert_eq!(tally.read("all well"), counts(0, 0, 0));
        }
    }
}
