//! `cargo xtask test`: installs what each surface needs and runs its tests, counting what really ran.
//!
//! One file for each step. A step is a function `run(&mut Suite) -> Result<(), Stop>` listed in [`STEPS`]:
//! it prepares with [`Suite::setup`] and [`Suite::debian`], and tests with [`Suite::tests`] (the tool's own
//! counts are read from its output) or [`Suite::check`] (the exit status is the one check). A failed check does not
//! stop a step; a failed setup does, by `?`, and counts as one failure.

mod browser;
mod corpus;
mod docs;
mod lint;
mod node;
mod python;
mod rust;
mod shell;
mod spark;
mod steps;
mod suite;
mod tally;
mod walk;
mod wasm;

pub(crate) use suite::{Stop, Suite};
pub(crate) use tally::Tally;

type Step = fn(&mut Suite) -> Result<(), Stop>;

/// Every step, in the order they run: the quickest answers first.
const STEPS: &[(&str, Step)] = &[
    ("lint", lint::run),
    ("rust", rust::run),
    ("steps", steps::run),
    ("python", python::run),
    ("node", node::run),
    ("wasm", wasm::run),
    ("browser", browser::run),
    ("docs", docs::run),
    ("corpus", corpus::run),
];

/// Steps that run only when they are named.
const EXTRA: &[(&str, Step)] = &[("spark", spark::run), ("walk", walk::run)];

/// `cargo xtask test [--only STEP,…] [--spark] [--walk]`
pub(crate) fn run(arguments: &[&str]) -> crate::Result {
    let chosen = choose(arguments)?;
    let mut suite = Suite::new(crate::root());
    for (name, step) in chosen {
        suite.step(name, step);
    }
    if suite.close() { Ok(()) } else { Err(String::new()) }
}

fn choose(arguments: &[&str]) -> crate::Result<Vec<(&'static str, Step)>> {
    let mut only: Option<Vec<&str>> = None;
    let mut extra: Vec<&str> = Vec::new();
    let mut rest = arguments.iter();
    while let Some(&argument) = rest.next() {
        match argument {
            "--only" => {
                let names = rest.next().ok_or("--only needs the names of steps, with commas between them")?;
                only.get_or_insert_default().extend(names.split(','));
            }
            "--spark" => extra.push("spark"),
            "--walk" => extra.push("walk"),
            other => {
                return Err(format!("test does not take {other:?}; use --only STEP,…, --spark or --walk"));
            }
        }
    }
    let known = STEPS.iter().chain(EXTRA);
    let names = || known.clone().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
    for name in only.iter().flatten() {
        if !known.clone().any(|(step, _)| step == name) {
            return Err(format!("no such step: {name:?}; the steps are {}", names()));
        }
    }
    let wanted = |name: &str| match &only {
        Some(only) => only.contains(&name) || extra.contains(&name),
        None => STEPS.iter().any(|(step, _)| *step == name) || extra.contains(&name),
    };
    Ok(known.clone().filter(|(name, _)| wanted(name)).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::choose;

    fn names(arguments: &[&str]) -> Result<Vec<&'static str>, String> {
        Ok(choose(arguments)?.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn all_steps_but_the_extra_ones_run_by_default() {
        let all = ["lint", "rust", "steps", "python", "node", "wasm", "browser", "docs", "corpus"];
        assert_eq!(names(&[]).unwrap(), all);
        assert_eq!(names(&["--spark"]).unwrap().last(), Some(&"spark"));
        assert_eq!(names(&["--walk"]).unwrap().last(), Some(&"walk"));
    }

    #[test]
    fn named_steps_run_in_the_listed_order() {
        assert_eq!(names(&["--only", "node,rust"]).unwrap(), ["rust", "node"]);
        assert_eq!(names(&["--only", "spark"]).unwrap(), ["spark"]);
    }

    #[test]
    fn a_misspelt_step_is_an_error_that_names_it() {
        assert!(names(&["--only", "nodejs"]).unwrap_err().contains("\"nodejs\""));
        assert!(names(&["--only"]).is_err());
        assert!(names(&["--fast"]).unwrap_err().contains("--fast"));
    }
}
