//! What must hold of mails that nobody wrote.

use komainu::Report;
use komainu_tests::invariants::check;
use komainu_tests::{mails, with_newlines};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Pieces that reports are made of, in any order.
const PIECES: &[&str] = &[
    "From: MAILER-DAEMON@example.org",
    "From: =?utf-8?q?Mail_Delivery?= <postmaster@example.org>",
    "To: news@example.org",
    "To: bounce+taro=example.jp@example.org",
    "Subject: Undelivered Mail Returned to Sender",
    "Subject: failure notice",
    "X-Failed-Recipients: taro@example.jp, hanako@example.jp",
    "Auto-Submitted: auto-replied",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"",
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b",
    "Content-Type: multipart/mixed; boundary=c",
    "Content-Type: message/delivery-status",
    "Content-Type: message/feedback-report",
    "Content-Type: message/rfc822",
    "Content-Type: text/rfc822-headers",
    "Content-Type: text/html; charset=iso-2022-jp",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "",
    "",
    "--b",
    "--b--",
    "--c",
    "Reporting-MTA: dns; mx.example.org",
    "Final-Recipient: rfc822; taro@example.jp",
    "Original-Recipient: rfc822;Taro@Example.JP",
    "Final-Recipient: x-unix; |/usr/bin/filter",
    "Action: failed",
    "Action: delayed",
    "Status: 5.1.1",
    "Status: 4.0.0 (unknown)",
    "Diagnostic-Code: smtp; 550 5.1.1 <taro@example.jp>... User unknown",
    "Diagnostic-Code: smtp;552 5.2.2 over quota",
    " continued 550 line",
    "<taro@example.jp>: host mx.example.jp[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)",
    "   ----- The following addresses had permanent fatal errors -----",
    "   ----- Transcript of session follows -----",
    ">>> DATA",
    "<<< 550 Unknown user",
    "Hi. This is the qmail-send program at example.org.",
    "This message was created automatically by mail delivery software.",
    "--- Below this line is a copy of the message.",
    "Feedback-Type: abuse",
    "Message-ID: <1@example.org>",
    "dGFyb0BleGFtcGxlLmpwOiA1NTAgVXNlciB1bmtub3du",
    "=E5=AE=9B=E5=85=88=\n",
    "\x1b$B08@h\x1b(B",
    "<p>taro&#64;example.jp</p>",
    "@",
    "<@>",
    "\"taro yamada\"@example.jp",
    "550",
    "\u{fffd}\u{0}",
];

fn composed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => "[ -~]{0,60}",
        1 => "[\\x01-\\x09\\x0b\\x0c\\x0e-\\x7f@<>:;=. -]{0,30}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|lines| lines.join("\n"))
}

/// Everything but what a change of the mail's bytes may change.
fn json(mail: &[u8]) -> String {
    komainu::parse(mail).to_json()
}

fn hold(mail: &[u8]) -> Result<Report, TestCaseError> {
    let report = komainu::parse(mail);
    check(mail, &report).map_err(TestCaseError::fail)?;
    Ok(report)
}

/// The same mails in every run, so that what passed once passes again. `PROPTEST_CASES` asks for more of them, and
/// `PROPTEST_RNG_SEED` for others.
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(5_321),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    ProptestConfig { cases: asked.cases.max(1_000), rng_seed, failure_persistence: None, ..asked }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_read(mail in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        hold(&mail)?;
    }

    #[test]
    fn any_lines_of_reports_are_read(mail in composed()) {
        hold(mail.as_bytes())?;
    }

    #[test]
    fn newlines_do_not_matter(mail in composed()) {
        let lf = json(mail.as_bytes());
        for newline in ["\r\n", "\r"] {
            prop_assert_eq!(&json(&with_newlines(mail.as_bytes(), newline)), &lf, "{:?}", newline);
        }
    }

    #[test]
    fn any_reply_is_decided(text in "\\PC{0,300}") {
        let verdict = komainu::classify(&text);
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for entry in &verdict.evidence {
            let words = entry.text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert!(entry.field != "diagnostic" || folded.contains(&words), "{:?} in {:?}", words, folded);
        }
    }

    #[test]
    fn a_redacted_report_names_nobody(mail in composed()) {
        let analyzer = komainu::Analyzer::builder().redactor(komainu::Redactor::mask()).build().expect("options");
        let report = analyzer.parse(mail.as_bytes());
        let text = report.to_json().to_lowercase();
        prop_assert!(!text.contains("taro@") && !text.contains("hanako@") && !text.contains("taro="), "{}", text);
        prop_assert_eq!(report.records.len(), komainu::parse(mail.as_bytes()).records.len());
    }
}

/// Runs a harmless change over every case and compares whole reports.
fn harmless(name: &str, least: usize, change: impl Fn(&str) -> Option<String>) {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in mails().expect("the cases") {
        let lf = case.lf().expect("a case");
        // Changes are made on text; a mail in another charset is changed as Latin-1, byte for byte.
        let text: String = lf.iter().map(|byte| char::from(*byte)).collect();
        let Some(changed) = change(&text) else { continue };
        let changed: Vec<u8> = changed.chars().map(|c| c as u8).collect();
        count += 1;
        let (got, want) = (json(&changed), json(&lf));
        if got != want {
            let at = got.bytes().zip(want.bytes()).take_while(|(a, b)| a == b).count();
            let near = |text: &str| text.chars().skip(at.saturating_sub(40)).take(160).collect::<String>();
            wrong.push(format!("{}:\n  want {}\n   got {}", case.name, near(&want), near(&got)));
        }
    }
    println!("\n{name}: {count} mails");
    assert!(count >= least, "{name} ran on {count} cases only");
    assert!(wrong.is_empty(), "{name} changes records:\n{}", wrong.join("\n"));
}

fn head_and_body(mail: &str) -> Option<(&str, &str)> {
    mail.split_once("\n\n")
}

/// The header fields of a block, each with its folded lines.
fn fields(head: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in head.split('\n') {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => {
                field.push('\n');
                field.push_str(line);
            }
            _ => fields.push(line.to_owned()),
        }
    }
    fields
}

#[test]
fn header_folding_does_not_matter() {
    harmless("folding", 30, |mail| {
        let (head, body) = head_and_body(mail)?;
        // A `From ` line of an mbox is no header, and encoded words may only be folded between them.
        let fold = |field: &String| {
            let (name, value) = field.split_once(": ")?;
            // Two spaces would make a line of white space only, which is how careless writers end a head.
            let simple = !name.contains(' ') && !value.contains("=?") && !value.contains("  ");
            let fold = || value.replace("\n ", "\u{1}").replace([' ', '\u{1}'], "\n ");
            simple.then(|| format!("{name}: {}", fold()))
        };
        let folded: Vec<String> =
            fields(head).iter().map(|field| fold(field).unwrap_or_else(|| field.clone())).collect();
        Some(format!("{}\n\n{body}", folded.join("\n")))
    });
}

#[test]
fn the_order_of_received_headers_does_not_matter() {
    harmless("Received order", 10, |mail| {
        let (head, body) = head_and_body(mail)?;
        let mut fields = fields(head);
        let places: Vec<usize> =
            (0..fields.len()).filter(|at| fields[*at].starts_with("Received:")).collect();
        if places.is_empty() {
            let extra = "Received: from a.example.net (a.example.net [192.0.2.77]) by b.example.net; Sat, 21 Nov 2026 18:40:32 +0900";
            fields.insert(1, extra.to_owned());
        }
        for pair in 0..places.len() / 2 {
            fields.swap(places[pair], places[places.len() - 1 - pair]);
        }
        Some(format!("{}\n\n{body}", fields.join("\n")))
    });
}

#[test]
fn an_appended_attachment_does_not_matter() {
    harmless("attachment", 20, |mail| {
        let (head, _) = head_and_body(mail)?;
        let (_, after) = head.split_once("boundary=")?;
        let boundary = after.split(['\n', ';', ' ']).next()?.trim_matches('"');
        let end = mail.rfind(&format!("\n--{boundary}--"))?;
        let attachment = format!(
            "\n--{boundary}\nContent-Type: application/octet-stream; name=\"scan.bin\"\n\
             Content-Disposition: attachment; filename=\"scan.bin\"\nContent-Transfer-Encoding: base64\n\n{}",
            "PGppcm9AZXhhbXBsZS5qcD46IDU1MiA1LjIuMiBNYWlsYm94IGZ1bGwK\n".repeat(20)
        );
        Some(format!("{}{attachment}{}", &mail[..end], &mail[end..]))
    });
}

/// A mailbox of all cases, as a careful writer makes one: lines that begin with `From ` are quoted.
fn mailbox(mails: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for mail in mails {
        out.extend_from_slice(b"From MAILER-DAEMON Sat Nov 21 18:40:32 2026\n");
        for line in mail.split_inclusive(|byte| *byte == b'\n') {
            let unquoted = line.iter().position(|byte| *byte != b'>').map_or(line, |at| &line[at..]);
            if unquoted.starts_with(b"From ") {
                out.push(b'>');
            }
            out.extend_from_slice(line);
        }
        out.extend_from_slice(if mail.ends_with(b"\n") { b"\n" } else { b"\n\n" });
    }
    out
}

#[test]
fn a_mail_in_a_mailbox_reads_as_it_does_alone() {
    use komainu::io::{Scan, ScanOptions};
    let mails: Vec<Vec<u8>> =
        mails().expect("the cases").iter().map(|case| case.lf().expect("a case")).collect();
    // A case that begins with its own `From ` line would be two messages' beginnings at once.
    let mails: Vec<Vec<u8>> = mails.into_iter().filter(|mail| !mail.starts_with(b"From ")).collect();
    let reader = std::io::Cursor::new(mailbox(&mails));
    let found: Vec<_> = Scan::new(Vec::<String>::new(), ScanOptions::default())
        .and_reader("box", reader)
        .map(|mail| mail.expect("a message"))
        .collect();
    assert_eq!(found.len(), mails.len());
    for (found, mail) in found.iter().zip(&mails) {
        assert_eq!(json(&found.raw), json(mail), "{}", String::from_utf8_lossy(&mail[..mail.len().min(200)]));
    }
}
