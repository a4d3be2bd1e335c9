//! The score on real mails and replies, where they lie beside the repository.

use super::{Stop, Suite};

/// What the score on mails may not fall below, in percent of all judged rows.
const MAILS: &str = "recipient=99.5,kind=99.5,reason=97,hard=98.5,action=99.5,status=99.5,reply_code=99.5,command=98,\
                     sender=98.8,subject=98.5,message_id=99,no_record_from_other_mail=100,fully_right=97";

/// What the score on replies may not fall below, in percent: table and floor.
const REPLIES: &[(&str, f64)] = &[("source_examples", 100.0), ("provider_codes", 98.0)];

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
    let (tool, truth) = ("../shared/tools/score.py", "../shared/corpus/seen.tsv");
    let score = suite.command("", "python3", &[tool, truth, &records, "--require", MAILS]);
    suite.check("score on the mails", score);
    for (table, floor) in REPLIES {
        let path = format!("../shared/reference/{table}.tsv");
        let score = suite.command("", "python3", &["../shared/tools/score_replies.py", &command, &path]);
        let printed = suite.output(&format!("score on {table}"), score)?;
        println!("{table}: {} (at least {floor} %)", printed.trim_end());
        let percent = printed.split_whitespace().rev().nth(1).and_then(|number| number.parse::<f64>().ok());
        suite.assert(
            &format!("score on {table}: {printed}"),
            percent.is_some_and(|percent| percent >= *floor),
        );
    }
    Ok(())
}
