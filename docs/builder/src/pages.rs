//! The pages that are written from rules and schema.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::Result;

/// The rule files as they stand.
pub(crate) struct Rules {
    reasons: Vec<Table>,
    phrases: BTreeMap<String, Table>,
    providers: BTreeMap<String, Table>,
    formats: BTreeMap<String, Table>,
}

impl Rules {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let rules = root.join("core/rules");
        let table: Table = std::fs::read_to_string(rules.join("reasons.toml"))?.parse()?;
        Ok(Self {
            reasons: tables(&table, "reason").cloned().collect(),
            phrases: folder(&rules.join("phrases"))?,
            providers: folder(&rules.join("providers"))?,
            formats: folder(&rules.join("formats"))?,
        })
    }
}

/// All tables of a folder by file name; a folder that is not there has none.
fn folder(path: &Path) -> Result<BTreeMap<String, Table>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(path).into_iter().flatten() {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let table = std::fs::read_to_string(&path)?.parse();
            found.insert(name, table.map_err(|error| format!("{}: {error}", path.display()))?);
        }
    }
    Ok(found)
}

/// Every generated page: its path below `src` and its text.
pub(crate) fn all(rules: &Rules, root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut pages = vec![
        ("reasons.md".into(), reasons(rules)),
        ("ja/reasons.md".into(), reasons_ja(rules)),
        ("providers.md".into(), providers(rules)),
        ("formats-list.md".into(), formats(rules)),
        ("record.md".into(), record(root)?),
        ("migrate/names.md".into(), names(rules)),
    ];
    let contributing = std::fs::read_to_string(root.join("CONTRIBUTING.md"))?;
    for (name, title) in
        [("phrase", "Add a phrase"), ("format", "Add a format"), ("provider", "Add a provider")]
    {
        let start = format!("\n## {title}\n");
        let (_, rest) =
            contributing.split_once(&start).ok_or_else(|| format!("CONTRIBUTING.md has no {start:?}"))?;
        let section = rest.split("\n## ").next().unwrap_or_default();
        pages.push((format!("extend/{name}.md").into(), format!("# {title}\n{section}\n")));
    }
    for reason in &rules.reasons {
        pages.push((
            PathBuf::from(format!("reasons/{}.md", text(reason, "name"))),
            reason_page(rules, reason),
        ));
    }
    Ok(pages)
}

/// The lines of SUMMARY.md for the reasons' pages.
pub(crate) fn reason_links(rules: &Rules) -> String {
    let name = |reason: &Table| text(reason, "name").to_owned();
    rules.reasons.iter().map(|reason| format!("  - [{0}](reasons/{0}.md)\n", name(reason))).collect()
}

fn tables<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn hard(reason: &Table) -> bool {
    reason.get("hard").and_then(Value::as_bool).unwrap_or_default()
}

fn reasons(rules: &Rules) -> String {
    let mut page = String::from(
        "# Reasons\n\nEvery record carries one of these. *Hard* is the default answer: it holds for a bounce that class 4 does \
         not make soft.\n\n| reason | means | hard | whose side | advice |\n|---|---|---|---|---|\n",
    );
    for reason in &rules.reasons {
        let name = text(reason, "name");
        let hard = if hard(reason) { "yes" } else { "no" };
        let (means, blame, advice) = (text(reason, "en"), text(reason, "blame"), text(reason, "advice"));
        let _ = writeln!(page, "| [`{name}`](reasons/{name}.md) | {means} | {hard} | {blame} | `{advice}` |");
    }
    page
}

fn reasons_ja(rules: &Rules) -> String {
    let mut page = String::from(
        "# エラー理由の一覧\n\n各レコードには次の理由のうち一つが付く。「ハード」は既定値で、4xx の応答では常にソフトになる。\n\n\
         | 理由 | 意味 | ハード | 起因 | 対応 |\n|---|---|---|---|---|\n",
    );
    for reason in &rules.reasons {
        let name = text(reason, "name");
        let hard = if hard(reason) { "はい" } else { "いいえ" };
        let blame = ja_blame(text(reason, "blame"));
        let advice = ja_advice(text(reason, "advice"));
        let _ = writeln!(
            page,
            "| [`{name}`](../reasons/{name}.md) | {} | {hard} | {blame} | {advice} |",
            text(reason, "ja")
        );
    }
    page
}

fn ja_blame(blame: &str) -> &str {
    match blame {
        "recipient" => "宛先",
        "sender" => "送信側",
        "receiver" => "受信側",
        "path" => "経路",
        "nobody" => "なし",
        "unknown" => "不明",
        other => other,
    }
}

fn ja_advice(advice: &str) -> &str {
    match advice {
        "none" => "何もしない",
        "suppress" => "配信停止",
        "retry" => "後で再送",
        "slow_down" => "送信を減速",
        "fix_content" => "内容を修正",
        "contact_recipient" => "宛先に別の手段で連絡",
        "fix_sender" => "送信側を修正",
        "review" => "人が確認",
        other => other,
    }
}

fn reason_page(rules: &Rules, reason: &Table) -> String {
    let name = text(reason, "name");
    let hard = if hard(reason) { "hard" } else { "not hard" };
    let mut page = format!(
        "# {name}\n\n{}\n\n{}\n\n- by default **{hard}**, on the side of the **{}**, advice **`{}`**\n",
        text(reason, "en"),
        text(reason, "ja"),
        text(reason, "blame"),
        text(reason, "advice"),
    );
    if !text(reason, "status").is_empty() {
        let _ = writeln!(page, "- the code it would deserve: `{}`", text(reason, "status"));
    }
    let _ = writeln!(page, "- a name since: {}", text(reason, "since"));
    if let Some(names) = reason.get("names").and_then(Value::as_table) {
        page.push_str("\n## Elsewhere\n\n| system | its name |\n|---|---|\n");
        for (system, theirs) in names {
            let _ = writeln!(page, "| {system} | {} |", theirs.as_str().unwrap_or_default());
        }
    }
    let rules: Vec<&Table> = rules
        .phrases
        .iter()
        .chain(rules.providers.iter())
        .flat_map(|(_, table)| tables(table, "rule"))
        .filter(|rule| reason_of(rule) == name)
        .collect();
    if !rules.is_empty() {
        page.push_str("\n## Replies that say so\n\nEach is a test: its rule must win it against every other rule.\n\n```text\n");
        for rule in &rules {
            for example in rule.get("examples").and_then(Value::as_array).into_iter().flatten() {
                let reply = example
                    .as_str()
                    .unwrap_or_else(|| example.get("text").and_then(Value::as_str).unwrap_or(""));
                let _ = writeln!(page, "{}", reply.replace('\n', "\n  "));
            }
        }
        page.push_str("```\n");
    }
    page
}

/// A rule's reason is the first word of its id, unless it says otherwise.
fn reason_of(rule: &Table) -> &str {
    match text(rule, "reason") {
        "" => text(rule, "id").split('.').next().unwrap_or_default(),
        reason => reason,
    }
}

fn providers(rules: &Rules) -> String {
    let mut page = String::from(
        "# Providers\n\nWho runs the mailbox is found from the remote host, the recipient's domain and the wording. A provider's own \
         words and codes are read before those that mean the same from anyone.\n\n| provider | rules of its own | reasons they give |\n|---|---|---|\n",
    );
    for (name, table) in &rules.providers {
        let own: Vec<&Table> = tables(table, "rule").collect();
        let mut reasons: Vec<&str> = own.iter().map(|rule| reason_of(rule)).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let _ = writeln!(page, "| `{name}` | {} | {} |", own.len(), reasons.join(", "));
    }
    page
}

fn formats(rules: &Rules) -> String {
    let mut page = String::from(
        "# Formats by name\n\nThe values of `format`, besides `rfc3464`, `arf`, `rfc3834`, `mdn`, `smtp` and `unknown`.\n\n\
         | `format` | written by | known from |\n|---|---|---|\n",
    );
    for table in rules.formats.values().filter(|table| !text(table, "id").is_empty()) {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} |",
            text(table, "id"),
            text(table, "name"),
            text(table, "source")
        );
    }
    page
}

/// The names of each reason in other systems, as one table.
fn names(rules: &Rules) -> String {
    let mut systems: Vec<&str> = Vec::new();
    for names in rules.reasons.iter().filter_map(|reason| reason.get("names").and_then(Value::as_table)) {
        for system in names.keys() {
            if !systems.contains(&system.as_str()) {
                systems.push(system);
            }
        }
    }
    let mut page = format!(
        "# Reasons, name by name\n\nThe class of another system that a record of each reason would fall into there. An empty cell means \
         that the system has no such class. On every surface: `reason.name_in(\"ses\")`.\n\n| komainu | {} |\n|---|{}\n",
        systems.join(" | "),
        "---|".repeat(systems.len()),
    );
    for reason in &rules.reasons {
        let cell = |system: &&str| {
            reason
                .get("names")
                .and_then(|names| names.get(*system))
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let cells: Vec<&str> = systems.iter().map(cell).collect();
        let _ = writeln!(page, "| `{}` | {} |", text(reason, "name"), cells.join(" | "));
    }
    page
}

/// The record's keys from the schema, in its order.
fn record(root: &Path) -> Result<String> {
    let schema = std::fs::read_to_string(root.join("schema/record.json"))?;
    let value: serde_json::Value = serde_json::from_str(&schema)?;
    let mut page = format!(
        "# The record, key by key\n\nFrom `schema/record.json` ({}). Every key is always present, in this order; null is written.\n",
        value["title"].as_str().unwrap_or_default()
    );
    for (name, title) in [
        ("record", "Record"),
        ("report", "Report"),
        ("verdict", "Verdict"),
        ("evidence", "Evidence"),
        ("feedback", "Feedback"),
    ] {
        let definition = &value["$defs"][name];
        let _ = write!(page, "\n## {title}\n\n| key | type | meaning |\n|---|---|---|\n");
        for key in
            definition["required"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str)
        {
            let property = &definition["properties"][key];
            let meaning = property["description"].as_str().unwrap_or_default();
            let _ = writeln!(page, "| `{key}` | {} | {meaning} |", type_of(key, property));
        }
    }
    Ok(page)
}

fn type_of(key: &str, property: &serde_json::Value) -> String {
    let last = |reference: &str| reference.rsplit('/').next().unwrap_or_default().to_owned();
    if key == "reason" || key == "also" {
        return if key == "also" { "list of [reasons](reasons.md)" } else { "[a reason](reasons.md)" }
            .to_owned();
    }
    if let Some(names) = property["enum"].as_array() {
        let names: Vec<String> = names
            .iter()
            .map(|name| name.as_str().map_or("null".into(), |name| format!("`{name}`")))
            .collect();
        return names.join(" ");
    }
    if let Some(reference) = property["$ref"].as_str() {
        return last(reference);
    }
    if let Some(any) = property["anyOf"].as_array() {
        return any.iter().map(|one| type_of(key, one)).collect::<Vec<_>>().join(" or ");
    }
    match &property["type"] {
        serde_json::Value::String(kind) if kind == "array" => {
            format!("list of {}", type_of(key, &property["items"]))
        }
        serde_json::Value::String(kind) => kind.clone(),
        serde_json::Value::Array(kinds) => {
            kinds.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        _ => String::new(),
    }
}
