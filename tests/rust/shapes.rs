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
    let mut out = format!("{FROM}{REPORT}").into_bytes();
    for number in 0.. {
        if out.len() >= size {
            break;
        }
        let group =
            format!("Final-Recipient: rfc822; t{number}@example.jp\nAction: failed\nStatus: 5.1.1\n\n");
        out.extend_from_slice(group.as_bytes());
    }
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
