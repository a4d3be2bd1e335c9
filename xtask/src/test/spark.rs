//! The Spark example in local mode; runs only with `--spark`.

use super::{Stop, Suite, Tally, python};

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    suite.debian(&[("java", "openjdk-17-jre-headless")])?;
    let environment = python::environment(
        suite,
        "spark",
        &["pytest>=9.2,<10", "-r", "../examples/spark/requirements.txt"],
    )?;
    suite.tests("pytest", environment.pytest(suite, "examples/spark"), Tally::Pytest);
    Ok(())
}
