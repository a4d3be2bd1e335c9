//! Reports of the right form with anything in their fields: what plain bytes seldom reach.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Report<'a> {
    to: &'a str,
    subject: &'a str,
    feedback: bool,
    encoding: Encoding,
    text: &'a str,
    message: Vec<Field<'a>>,
    recipients: Vec<Vec<Field<'a>>>,
    returned: Vec<(Header, &'a str)>,
    newline: Newline,
}

#[derive(Arbitrary, Debug)]
enum Encoding {
    Plain,
    QuotedPrintable,
    Base64,
    EightBit,
}

#[derive(Arbitrary, Debug)]
enum Newline {
    Lf,
    CrLf,
    Cr,
}

#[derive(Arbitrary, Debug)]
enum Field<'a> {
    FinalRecipient(&'a str),
    OriginalRecipient(&'a str),
    Action(Action),
    Status(u8, u16, u16),
    DiagnosticCode(u16, &'a str),
    RemoteMta(&'a str),
    ReportingMta(&'a str),
    Date(&'a str),
    Other(&'a str, &'a str),
}

#[derive(Arbitrary, Debug)]
enum Action {
    Failed,
    Delayed,
    Delivered,
    Relayed,
    Odd,
}

#[derive(Arbitrary, Debug)]
enum Header {
    From,
    To,
    Subject,
    MessageId,
    ReturnPath,
    ListId,
}

impl Field<'_> {
    fn line(&self) -> String {
        match self {
            Self::FinalRecipient(text) => format!("Final-Recipient: rfc822; {text}"),
            Self::OriginalRecipient(text) => format!("Original-Recipient: rfc822;{text}"),
            Self::Action(action) => format!("Action: {action:?}").to_lowercase(),
            Self::Status(class, subject, detail) => format!("Status: {class}.{subject}.{detail}"),
            Self::DiagnosticCode(code, text) => format!("Diagnostic-Code: smtp; {code} {text}"),
            Self::RemoteMta(text) => format!("Remote-MTA: dns; {text}"),
            Self::ReportingMta(text) => format!("Reporting-MTA: dns; {text}"),
            Self::Date(text) => format!("Last-Attempt-Date: {text}"),
            Self::Other(name, text) => format!("{name}: {text}"),
        }
    }
}

fn lines(fields: &[Field<'_>]) -> String {
    fields.iter().map(|field| field.line() + "\n").collect()
}

fn mail(report: &Report<'_>) -> Vec<u8> {
    let (kind, part) =
        if report.feedback { ("feedback-report", "feedback-report") } else { ("delivery-status", "delivery-status") };
    let encoding = match report.encoding {
        Encoding::Plain => "7bit",
        Encoding::QuotedPrintable => "quoted-printable",
        Encoding::Base64 => "base64",
        Encoding::EightBit => "8bit",
    };
    let blocks: Vec<String> = report.recipients.iter().map(|fields| lines(fields)).collect();
    let returned: String = report.returned.iter().map(|(name, text)| format!("{name:?}: {text}\n")).collect();
    let text = format!(
        "From: MAILER-DAEMON@example.org\nTo: {}\nSubject: {}\nContent-Type: multipart/report; report-type={kind}; \
         boundary=b\n\n--b\nContent-Transfer-Encoding: {encoding}\n\n{}\n--b\nContent-Type: message/{part}\n\n\
         {}\n{}\n--b\nContent-Type: message/rfc822\n\n{returned}\n--b--\n",
        report.to,
        report.subject,
        report.text,
        lines(&report.message),
        blocks.join("\n"),
    );
    let newline = match report.newline {
        Newline::Lf => "\n",
        Newline::CrLf => "\r\n",
        Newline::Cr => "\r",
    };
    komainu_tests::with_newlines(text.as_bytes(), newline)
}

fuzz_target!(|report: Report<'_>| komainu_tests::targets::mail(&mail(&report)));
