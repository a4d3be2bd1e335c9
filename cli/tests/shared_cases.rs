//! The shared cases on the command: whole reports through `komainu parse`, verdicts through `komainu classify`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use komainu_tests::{Driver, NEWLINES, mails, replies, with_newlines};

fn komainu() -> Command {
    Command::new(env!("CARGO_BIN_EXE_komainu"))
}

#[test]
fn the_command_prints_the_blessed_json() {
    let (cases, replies) = (mails().unwrap(), replies().unwrap());
    let folder = tempfile::tempdir().unwrap();
    for case in &cases {
        let lf = case.lf().unwrap();
        for (name, newline) in NEWLINES {
            let file = folder.path().join(format!("{}.{name}.eml", case.name));
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, with_newlines(&lf, newline)).unwrap();
        }
    }
    let output = komainu().args(["parse", "--format", "report"]).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = reports(&String::from_utf8(output.stdout).unwrap());

    let mut driver = Driver::new("command");
    for case in &cases {
        let want = case.compact().unwrap();
        for (name, _) in NEWLINES {
            let key = format!("{}.{name}.eml", case.name);
            let got = printed.get(&key).map_or("no report", String::as_str);
            driver.compare(&case.name, name, got, &want);
        }
    }
    let asked: String = replies.iter().map(|reply| format!("{}\n", reply.ask)).collect();
    let answers = classify(&asked);
    assert_eq!(answers.len(), replies.len(), "one answer a line");
    for (reply, got) in replies.iter().zip(&answers) {
        driver.compare(&reply.name, "reply", got, reply.verdict.as_deref().unwrap_or("no blessed verdict"));
    }
    driver.close(cases.len() * NEWLINES.len() + replies.len());
}

/// The reports by the file they came from (`kind/name`), without the keys that say where.
fn reports(lines: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for line in lines.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let source = value["source"].as_str().unwrap();
        let key = source.rsplitn(3, '/').take(2).collect::<Vec<_>>();
        let head = format!(
            "{{\"source\":{},\"index\":{},\"offset\":{},",
            value["source"], value["index"], value["offset"]
        );
        let report =
            line.strip_prefix(&head).unwrap_or_else(|| panic!("{line} begins otherwise than {head}"));
        let key = format!("{}/{}", key[1], key[0]);
        assert_eq!(found.insert(key, format!("{{{report}")), None, "two reports of {source}");
    }
    found
}

/// What `komainu classify -` answers.
fn classify(asked: &str) -> Vec<String> {
    let mut child = komainu()
        .args(["classify", "-", "--format", "ndjson"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let asked = asked.to_owned();
    let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}
