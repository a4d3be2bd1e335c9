//! The score on real mails, where they lie beside the repository.

use super::{Stop, Suite};

/// What the score may not fall below, in percent of all judged rows.
const REQUIRED: &str = "recipient=0";

pub(crate) fn run(suite: &mut Suite) -> Result<(), Stop> {
    let shared = suite.root().join("../shared");
    if !shared.join("corpus/seen.tsv").is_file() {
        suite.skip("../shared/corpus is not there");
        return Ok(());
    }
    suite.setup("the command", suite.cargo(&["build", "--release", "--locked", "-p", "komainu-cli"]))?;
    let records = suite.fresh("corpus")?.join("records.ndjson");
    let command = suite.root().join("target/release/komainu").display().to_string();
    let parse = suite.command("", &command, &["parse", "../shared/corpus/mail", "--format", "ndjson"]);
    let output = suite.output("komainu parse ../shared/corpus/mail", parse)?;
    if let Err(error) = std::fs::write(&records, output) {
        return Err(suite.failed(&format!("{}: {error}", records.display())));
    }
    let records = records.display().to_string();
    let score =
        ["../shared/tools/score.py", "../shared/corpus/seen.tsv", records.as_str(), "--require", REQUIRED];
    suite.check("score on the corpus", suite.command("", "python3", &score));
    Ok(())
}
