//! Hostile mails, each of about `size` bytes: every one is a shape that has made some mail software slow.

/// A name, and a maker of a mail of about this many bytes.
pub type Shape = (&'static str, fn(usize) -> Vec<u8>);

/// Every shape of a mail.
pub const MAILS: &[Shape] = &[
    ("nested multiparts", nested_multiparts),
    ("nested messages", nested_messages),
    ("sibling parts", sibling_parts),
    ("boundaries that are prefixes", boundary_prefixes),
    ("a multipart without its end", no_end),
    ("Received headers", |size| {
        head(size, "Received: from a.example.org by b.example.org; Sat, 21 Nov 2026 18:40:32 +0900\n")
    }),
    ("folded header", |size| head_with("Subject: a", size, "\n b")),
    ("long header name", |size| head_with("X-", size, "a")),
    ("headers without colon", |size| head(size, "no colon here\n")),
    ("unterminated comments", |size| head_with("From: ", size, "(")),
    ("unterminated quotes", |size| head_with("To: ", size, "\"a\\")),
    ("encoded words", |size| head_with("Subject: ", size, "=?utf-8?q?=E5=A4=AA?= ")),
    ("broken encoded words", |size| head_with("Subject: ", size, "=?utf-8?b?")),
    ("addresses in To", |size| head_with("To: ", size, "taro@example.jp, ")),
    ("groups in To", |size| head_with("To: ", size, "g:a,<@b:")),
    ("parameters", |size| head_with("Content-Type: text/plain", size, "; a=b")),
    ("continued parameters", continued_parameters),
    ("failed recipients in a header", |size| head_with("X-Failed-Recipients: ", size, "taro@example.jp, ")),
    ("recipient groups", recipient_groups),
    ("recipients in the text", |size| body(size, "<taro@example.jp>:\n550 5.1.1 User unknown\n\n")),
    ("other recipients in the text", |size| {
        numbered(FROM, size, "<t{n}@example.jp>:\n550 5.1.1 User unknown\n\n")
    }),
    ("bare recipients", |size| numbered(FROM, size, "<t{n}@example.jp>\n")),
    ("recipients without a reply", |size| numbered(FROM, size, "<t{n}@example.jp>\n\nThere is no way.\n\n")),
    ("recipients in a sentence", |size| {
        numbered(FROM, size, "Your mail to t{n}@example.jp failed, because\n\n")
    }),
    ("addresses on a line", |size| numbered(FROM, size, "t{n}@example.jp, ")),
    ("addresses that nothing leads to", |size| {
        numbered(&format!("{FROM}\nIt could not be delivered.\n="), size, "t{n}@example.jp =")
    }),
    ("other failed recipients in a header", |size| {
        let mut mail = numbered("X-Failed-Recipients: a@example.jp", size, ", t{n}@example.jp");
        mail.extend_from_slice(format!("\n{FROM}\nIt could not be delivered.\n").as_bytes());
        mail
    }),
    ("recipients among the others", |size| {
        let to = numbered("To: a@example.jp", size / 2, ", t{n}@example.jp");
        let start = format!("{}\n{FROM}\n", String::from_utf8_lossy(&to));
        numbered(&start, size, "<t{n}@example.jp>\n")
    }),
    ("recipients in fields and text", |size| {
        let text = String::from_utf8(numbered("", size / 3, "<t{n}@example.jp>: no\n")).unwrap_or_default();
        let start = format!("{FROM}{}", REPORT.replace("It failed.\n", &text));
        numbered(&start, size, GROUP)
    }),
    ("recipients in fields and dialogue", |size| {
        let said = ">>> RCPT To:<t{n}@example.jp>\n<<< 550 <t{n}@example.jp> unknown\n550 <t{n}@example.jp>... unknown\n";
        let text = String::from_utf8(numbered("", size / 2, said)).unwrap_or_default();
        let start = format!("{FROM}{}", REPORT.replace("It failed.\n", &text));
        numbered(&start, size, GROUP)
    }),
    ("recipients that share long fields", |size| {
        let mut mail =
            String::from_utf8(numbered(&format!("{FROM}{REPORT}"), size / 2, GROUP)).unwrap_or_default();
        mail.push_str(
            "--b\nContent-Type: message/rfc822\n\nFrom: a@example.org\nTo: b@example.org\nSubject: ",
        );
        filled(&mail, size, "subject ")
    }),
    ("old dialogue", |size| {
        let start = FROM.replace("Undelivered Mail Returned to Sender", "Returned mail");
        let said = "<<< 550 <t{n}@example.jp> no\n550 <t{n}@example.jp>... no\n";
        numbered(&format!("{start}\n--- Transcript of session follows ---\n"), size, said)
    }),
    ("pipelined dialogue", |size| body(size, ">>> DATA\n<<< 550 5.1.1 User unknown\n<<< 550 no\n")),
    ("refusals of one command", |size| {
        filled(&format!("{FROM}\n--- Transcript of session follows ---\n>>> DATA\n"), size, "<<< 550 no\n")
    }),
    ("postmaster's notice", |size| {
        let start =
            FROM.replace("Undelivered Mail Returned to Sender", "x server: errors from a.example.org");
        let accepted = numbered(
            &format!("{start}\nIn: MAIL FROM:<>\n"),
            size / 2,
            "In: RCPT TO:<t{n}@example.jp>\nOut: 250\n",
        );
        filled(&String::from_utf8(accepted).unwrap_or_default(), size, "In: DATA\nOut: 550\n")
    }),
    ("a long refusal in a notice", |size| {
        let start =
            FROM.replace("Undelivered Mail Returned to Sender", "x server: errors from a.example.org");
        filled(&format!("{start}\nIn: DATA\nOut: 550 no\n"), size, "  no\n")
    }),
    ("Notes recipients", |size| {
        numbered(
            &format!("X-Mailer: a\n{FROM}\n------- Failure Reasons  --------\n"),
            size,
            "No such user\nt{n}@example.jp\n",
        )
    }),
    ("Messaging Server recipients", |size| {
        let said = "  Recipient address: t{n}@example.jp\n  Reason: no\n\n";
        numbered(
            &format!(
                "{FROM}\nThis report relates to a message you sent with the following header fields:\n\nYour message cannot be delivered to the following recipients:\n\n"
            ),
            size,
            said,
        )
    }),
    ("blocks without a name", |size| status("", size, "Diagnostic-Code: a\n\n")),
    ("long fields of the message", |size| {
        let start = format!("{FROM}{}", REPORT.trim_end());
        let fields = numbered(&format!("{start}\n"), size / 2, "X-{n}: a\n");
        numbered(&format!("{}\n", String::from_utf8_lossy(&fields)), size, GROUP)
    }),
    ("complaints about many", |size| {
        numbered(
            &format!("{FROM}{}Feedback-Type: abuse\n", REPORT.replace("delivery-status", "feedback-report")),
            size,
            "Original-Rcpt-To: <t{n}@example.jp>\n",
        )
    }),
    ("labels of the returned mail", |size| {
        let text = numbered(FROM, size / 2, "<t{n}@example.jp>: 550 no\n");
        filled(&String::from_utf8(text).unwrap_or_default(), size, "Subject: a\n")
    }),
    ("Diagnostic-Code", |size| status("Diagnostic-Code: smtp; 550 ", size, "user ")),
    ("codes in Diagnostic-Code", |size| status("Diagnostic-Code: smtp; ", size, "550 5.1.1-")),
    ("status fields folded", |size| status("Diagnostic-Code: smtp; 550", size, "\n 550-5.1.1")),
    ("one line", |size| body(size, "a")),
    ("one line of spaces", |size| body(size, " ")),
    ("empty lines", |size| body(size, "\n")),
    ("dashes", |size| body(size, "--\n")),
    ("at signs", |size| body(size, "@")),
    ("angle brackets", |size| body(size, "<")),
    ("addresses without end", |size| body(size, "a@b.c")),
    ("transcript", |size| body(size, ">>> RCPT To:<taro@example.jp>\n<<< 550 5.1.1 User unknown\n")),
    ("reply words", |size| body(size, "user mailbox does not account is over the ")),
    ("forward marks", |size| body(size, "-----Original message-----\n")),
    ("html", |size| html(size, "<b>a</b>")),
    ("html without end", |size| html(size, "<")),
    ("html comments without end", |size| html(size, "<!--")),
    ("html entities", |size| html(size, "&amp;&#64;&")),
    ("html styles without end", |size| html(size, "<style><script>")),
    ("quoted-printable soft breaks", |size| encoded(size, "quoted-printable", "=\n")),
    ("quoted-printable escapes", |size| encoded(size, "quoted-printable", "=E5=A4=")),
    ("base64", |size| encoded(size, "base64", "dGFyb0BleGFtcGxlLmpwCg==\n")),
    ("base64 without end", |size| encoded(size, "base64", "=")),
    ("iso-2022-jp", |size| charset(size, "iso-2022-jp", "\x1b$B\x1b(B")),
    ("shift_jis", |size| charset(size, "shift_jis", "\u{fffd}a")),
    ("bare carriage returns", |size| body(size, "\r")),
    ("NUL bytes", |size| body(size, "\0")),
];

/// Every shape of a reply.
pub const REPLIES: &[Shape] = &[
    ("one word", |size| filled("550 ", size, "user ")),
    ("prefixes of gap rules", |size| {
        filled("550 5.1.1 ", size, "user the recipient your message account mailbox ")
    }),
    ("masked addresses", |size| filled("550 ", size, "<taro@example.jp> ")),
    ("hosts", |size| filled("550 ", size, "a.example.jp ")),
    ("links", |size| filled("550 ", size, "https://example.org/?a=b#c ")),
    ("codes", |size| filled("", size, "550-5.1.1 ")),
    ("numbers within numbers", |size| filled("550 ", size, "1.1.")),
    ("addresses of hosts", |size| filled("550 host mx.", size, "[192.0.2.1")),
    ("addresses of hosts with their names", |size| filled("550 ", size, "host a.b[192.0.2.1] ")),
    ("footers", |size| filled("550 ", size, "scanned for viruses ")),
    ("lines", |size| filled("", size, "550-a\n")),
    ("spaces", |size| filled("550", size, " ")),
    ("no spaces", |size| filled("550 ", size, "a")),
    ("curly quotes", |size| filled("550 ", size, "“’")),
    ("japanese", |size| filled("550 ", size, "宛先\n")),
];

/// Every shape of a server's log.
pub const LOGS: &[Shape] = &[
    ("log: deferred recipients of a message", |size| {
        lines(size, |n| {
            format!(
                "Nov 21 09:59:59 mail postfix/smtp[9]: 4Zq1X: to=<t{n}@example.jp>, relay=none, delay=1, dsn=4.4.1, \
                 status=deferred (connect to mx.example.jp[192.0.2.1]:25: Connection timed out)"
            )
        })
    }),
    ("log: messages that never end", |size| {
        lines(size, |n| {
            format!("Nov 21 09:59:59 mail postfix/qmgr[9]: {n:06X}: from=<n@example.org>, size=9")
        })
    }),
    ("log: bounced", |size| {
        lines(size, |n| {
            format!(
                "2026-11-21 10:00:01 1tE9aB-{n:06}-00 ** t@example.jp R=a T=b: SMTP error: 550 5.1.1 User unknown"
            )
        })
    }),
    ("log: recipients on one line", |size| {
        filled("Nov 21 10:00:01 mail sm-mta[4]: 5ALA00xY004242: to=", size, "<t@example.jp>,")
    }),
    ("log: pairs without end", |size| filled("Nov 21 10:00:01 mail sm-mta[4]: 5ALA: to=", size, "a=(")),
    ("log: quotes", |size| filled("type,rcpt,dsnDiag\nb,t@example.jp,", size, "\"\"")),
    ("log: an object in an object", |size| filled("", size, "{\"a\":")),
];

fn lines(size: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut out = String::new();
    for number in 0.. {
        if out.len() >= size {
            break;
        }
        out.push_str(&line(number));
        out.push('\n');
    }
    out.into_bytes()
}

/// `start`, then `unit` until the size is reached.
fn filled(start: &str, size: usize, unit: &str) -> Vec<u8> {
    let mut out = start.as_bytes().to_vec();
    while out.len() < size {
        out.extend_from_slice(unit.as_bytes());
    }
    out
}

const FROM: &str = "From: MAILER-DAEMON@example.org (Mail Delivery System)\nTo: news@example.org\n\
    Subject: Undelivered Mail Returned to Sender\n";

fn head(size: usize, unit: &str) -> Vec<u8> {
    head_with(FROM, size, unit)
}

fn head_with(start: &str, size: usize, unit: &str) -> Vec<u8> {
    let mut out = filled(start, size, unit);
    out.extend_from_slice(b"\n");
    out.extend_from_slice(FROM.as_bytes());
    out.extend_from_slice(b"\n<taro@example.jp>: 550 5.1.1 User unknown\n");
    out
}

/// The start, then the unit with another number each time.
fn numbered(start: &str, size: usize, unit: &str) -> Vec<u8> {
    let mut out = start.as_bytes().to_vec();
    // The empty line between header and body.
    if start == FROM {
        out.push(b'\n');
    }
    for number in 0.. {
        if out.len() >= size {
            break;
        }
        out.extend_from_slice(unit.replace("{n}", &number.to_string()).as_bytes());
    }
    out
}

fn body(size: usize, unit: &str) -> Vec<u8> {
    filled(&format!("{FROM}\n<taro@example.jp>: 550 5.1.1 User unknown\n"), size, unit)
}

fn html(size: usize, unit: &str) -> Vec<u8> {
    filled(
        &format!("{FROM}Content-Type: text/html\n\n<p>&lt;taro@example.jp&gt;: 550 User unknown"),
        size,
        unit,
    )
}

fn encoded(size: usize, encoding: &str, unit: &str) -> Vec<u8> {
    filled(&format!("{FROM}Content-Transfer-Encoding: {encoding}\n\n"), size, unit)
}

fn charset(size: usize, charset: &str, unit: &str) -> Vec<u8> {
    filled(&format!("{FROM}Content-Type: text/plain; charset={charset}\n\n"), size, unit)
}

const GROUP: &str = "Final-Recipient: rfc822; t{n}@example.jp\nAction: failed\nStatus: 5.1.1\n\n";

const REPORT: &str = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
    --b\n\nIt failed.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n";

fn status(field: &str, size: usize, unit: &str) -> Vec<u8> {
    let start = format!(
        "{FROM}{REPORT}Final-Recipient: rfc822; taro@example.jp\nAction: failed\nStatus: 5.1.1\n{field}"
    );
    let mut out = filled(&start, size, unit);
    out.extend_from_slice(b"\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@example.org>\n\n--b--\n");
    out
}

fn recipient_groups(size: usize) -> Vec<u8> {
    let mut out = numbered(&format!("{FROM}{REPORT}"), size, GROUP);
    out.extend_from_slice(b"--b--\n");
    out
}

fn nested_multiparts(size: usize) -> Vec<u8> {
    let mut out = FROM.as_bytes().to_vec();
    for number in 0.. {
        if out.len() >= size {
            break;
        }
        let open = format!("Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n");
        out.extend_from_slice(open.as_bytes());
    }
    out
}

fn nested_messages(size: usize) -> Vec<u8> {
    filled(FROM, size, "Content-Type: message/rfc822\n\nSubject: a\n")
}

fn sibling_parts(size: usize) -> Vec<u8> {
    let start = format!("{FROM}Content-Type: multipart/mixed; boundary=b\n\n");
    filled(&start, size, "--b\nContent-Type: text/plain\n\na\n")
}

fn no_end(size: usize) -> Vec<u8> {
    filled(&format!("{FROM}Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"), size, "--a\n--bb\n")
}

/// Boundaries `a`, `aa`, `aaa`… one in the other, then lines that begin like all of them.
fn boundary_prefixes(size: usize) -> Vec<u8> {
    let mut out = FROM.as_bytes().to_vec();
    for depth in 1..=15 {
        let name = "a".repeat(depth);
        out.extend_from_slice(
            format!("Content-Type: multipart/mixed; boundary={name}\n\n--{name}\n").as_bytes(),
        );
    }
    while out.len() < size {
        out.extend_from_slice(b"--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
    }
    out
}

fn continued_parameters(size: usize) -> Vec<u8> {
    let mut out = format!("{FROM}Content-Type: text/plain").into_bytes();
    for number in 0.. {
        if out.len() >= size {
            break;
        }
        out.extend_from_slice(format!(";\n a*{number}*=b").as_bytes());
    }
    out.extend_from_slice(b"\n\n<taro@example.jp>: 550 5.1.1 User unknown\n");
    out
}
