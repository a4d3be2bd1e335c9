//! Mailboxes: dialects, damage, limits, and where a reader can stop and go on.

use komainu::io::{Layout, Mail, Resume, Scan, ScanError, ScanOptions};
use std::io::{Cursor, Read};

const NOBODY: [&str; 0] = [];

fn options() -> ScanOptions {
    ScanOptions::default()
}

fn scan_with(bytes: impl AsRef<[u8]> + Send + 'static, options: ScanOptions) -> Vec<Result<Mail, ScanError>> {
    Scan::new(NOBODY, options).and_reader("test", Cursor::new(bytes)).collect()
}

fn scan(bytes: impl AsRef<[u8]> + Send + 'static) -> Vec<Mail> {
    scan_with(bytes, options()).into_iter().map(|mail| mail.expect("no problem")).collect()
}

fn raws(bytes: &str) -> Vec<String> {
    scan(bytes.as_bytes().to_vec()).into_iter().map(|mail| text(&mail)).collect()
}

fn text(mail: &Mail) -> String {
    String::from_utf8_lossy(&mail.raw).into_owned()
}

const POSTMARK: &str = "From MAILER-DAEMON Sat Nov 21 12:00:00 2020\n";

/// Messages that try to look like something else.
fn messages() -> Vec<String> {
    let bodies = [
        "plain\n",
        "two\n\nparagraphs, with no end of line at the end",
        "",
        "From Monday on we meet.\n\nFrom the very start\nSubject: was wrong.\n",
        "--b\nContent-Type: message/rfc822\n\nFrom: a@example.com\n\nFrom: is a header\n--b--\n",
        &"a long line ".repeat(200),
        "the last one\n",
    ];
    bodies
        .iter()
        .enumerate()
        .map(|(n, body)| format!("Return-Path: <>\nSubject: {n}\nMessage-ID: <{n}@example.com>\n\n{body}"))
        .collect()
}

/// An mbox of messages, and where each ends in it.
fn mailbox(messages: &[String]) -> (String, Vec<usize>) {
    let mut mbox = String::new();
    let mut ends = Vec::new();
    for message in messages {
        mbox += POSTMARK;
        mbox += message;
        ends.push(mbox.len());
        mbox += if message.ends_with('\n') { "\n" } else { "\n\n" };
    }
    (mbox, ends)
}

/// The messages that are there, told by their numbers: each must be whole, whatever is appended to it.
fn found(mails: &[Mail], messages: &[String]) -> Vec<usize> {
    mails
        .iter()
        .filter_map(|mail| messages.iter().position(|message| text(mail).starts_with(message.trim_end())))
        .collect()
}

#[test]
fn messages_come_out_as_they_went_in() {
    let messages = messages();
    let (mbox, _) = mailbox(&messages);
    let mails = scan(mbox.clone());
    assert_eq!(mails.len(), messages.len());
    for (n, (mail, message)) in mails.iter().zip(&messages).enumerate() {
        assert_eq!(text(mail).trim_end(), message.trim_end(), "{n}");
        assert_eq!(mail.index, n as u64);
        assert!(mbox[mail.offset as usize..].starts_with(POSTMARK), "offset of {n}");
    }
    assert_eq!(mails.last().map(|mail| mail.end), Some(mbox.len() as u64));
}

#[test]
fn line_breaks_of_all_kinds_are_read() {
    let messages = messages();
    let (mbox, _) = mailbox(&messages);
    for line_break in ["\r\n", "\r"] {
        let mails = scan(mbox.replace('\n', line_break));
        assert_eq!(mails.len(), messages.len(), "{line_break:?}");
        for (mail, message) in mails.iter().zip(&messages) {
            assert_eq!(text(mail).trim_end(), message.replace('\n', line_break).trim_end());
        }
    }
}

#[test]
fn a_mailbox_cut_at_any_byte_keeps_every_whole_message() {
    let messages = messages();
    for line_break in ["\n", "\r\n"] {
        let messages: Vec<_> = messages.iter().map(|message| message.replace('\n', line_break)).collect();
        let (mbox, ends) = mailbox(&messages);
        let mbox = mbox.replace(POSTMARK, &POSTMARK.replace('\n', line_break));
        let ends: Vec<_> = ends
            .iter()
            .map(|end| end + ends.iter().filter(|e| *e <= end).count() * (line_break.len() - 1))
            .collect();
        for cut in 0..mbox.len() {
            let whole: Vec<_> = (0..messages.len()).filter(|n| ends[*n] <= cut).collect();
            let got = found(&scan(mbox.as_bytes()[..cut].to_vec()), &messages);
            assert!(got.starts_with(&whole), "cut at {cut}: {got:?} instead of {whole:?}");
        }
    }
}

#[test]
fn a_mailbox_without_its_beginning_keeps_every_whole_message() {
    let messages = messages();
    let (mbox, ends) = mailbox(&messages);
    let mut mbox_only = options();
    mbox_only.layout = Layout::Mbox;
    for cut in 1..mbox.len() {
        let first = ends.iter().position(|end| *end >= cut).map_or(messages.len(), |n| n + 1);
        let whole: Vec<_> = (first..messages.len()).collect();
        let mails: Vec<_> = scan_with(mbox.as_bytes()[cut..].to_vec(), mbox_only.clone())
            .into_iter()
            .map(|mail| mail.expect("no problem"))
            .collect();
        let got = found(&mails, &messages);
        assert!(got.ends_with(&whole), "cut at {cut}: {got:?} instead of {whole:?}");
    }
}

#[test]
fn a_mailbox_behind_one_that_was_cut_anywhere_keeps_every_whole_message() {
    let messages = messages();
    let (mbox, ends) = mailbox(&messages);
    for cut in 0..mbox.len() {
        let whole = ends.iter().filter(|end| **end <= cut).count();
        let expected: Vec<_> = (0..whole).chain(0..messages.len()).collect();
        let both = [&mbox.as_bytes()[..cut], mbox.as_bytes()].concat();
        let mut got = found(&scan(both), &messages);
        // What is left of the message that was cut may look whole: only its last line break is missing.
        if got.len() > expected.len() {
            got.remove(whole);
        }
        assert_eq!(got, expected, "cut at {cut}");
    }
}

/// Numbers that look random and are the same in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| (self.next() & 0xff) as u8).collect()
    }
}

#[test]
fn garbage_between_messages_loses_none() {
    let messages = messages();
    let mut noise = Noise(42);
    for round in 0..2_000 {
        let mut mbox = POSTMARK.as_bytes().to_vec();
        for (n, message) in messages.iter().enumerate() {
            if n > 0 {
                let length = (noise.next() % 300) as usize;
                mbox.extend(noise.bytes(length));
                mbox.extend(POSTMARK.as_bytes());
            }
            mbox.extend(message.as_bytes());
            mbox.extend(b"\n");
        }
        let all: Vec<_> = (0..messages.len()).collect();
        assert_eq!(found(&scan(mbox), &messages), all, "round {round}");
    }
}

#[test]
fn garbage_at_the_beginning_loses_none() {
    let messages = messages();
    let (mbox, _) = mailbox(&messages);
    let mbox = [b"\x00\x01\x7fELF\x02\n\xff".as_slice(), mbox.as_bytes()].concat();
    assert_eq!(found(&scan(mbox), &messages).len(), messages.len());
}

/// Gives its bytes in small and uneven pieces.
struct Drip(Cursor<Vec<u8>>, Noise);

impl Read for Drip {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let size = (self.1.next() as usize % 700 + 1).min(buf.len());
        self.0.read(&mut buf[..size])
    }
}

#[test]
fn the_size_of_the_pieces_makes_no_difference() {
    let (mbox, _) = mailbox(&messages());
    let big = mbox.repeat(200);
    let expected = scan(big.clone());
    let drip = Drip(Cursor::new(big.into_bytes()), Noise(7));
    let got: Vec<_> =
        Scan::new(NOBODY, options()).and_reader("test", drip).map(|mail| mail.expect("a mail")).collect();
    assert_eq!(got, expected);
    assert_eq!(got.len(), 200 * messages().len());
}

#[test]
fn quotes_of_mboxo_and_mboxrd_are_undone() {
    let mbox = format!("{POSTMARK}To: x\n\n>From me\n>>From you\n>Fromage\n> From\nx >From\n\n");
    assert_eq!(raws(&mbox), ["To: x\n\nFrom me\n>From you\n>Fromage\n> From\nx >From\n"]);
}

#[test]
fn an_mboxcl2_body_is_counted_and_not_unquoted() {
    let body = format!("{POSTMARK}To: inner\n\n>From stays\n");
    let mbox =
        format!("{POSTMARK}To: outer\nContent-Length: {}\n\n{body}\n{POSTMARK}To: next\n\nend\n", body.len());
    let got = raws(&mbox);
    assert_eq!(got.len(), 2, "{got:?}");
    assert_eq!(got[0], format!("To: outer\nContent-Length: {}\n\n{body}", body.len()));
    assert_eq!(got[1], "To: next\n\nend\n");
    assert_eq!(raws(&mbox.replace("\nend\n", "\nContent-Length: 4\n\nend\n")).len(), 2);
}

#[test]
fn a_wrong_content_length_is_not_believed() {
    for length in ["0", "3", "5000", "99999999999999999999999", "-1", "x"] {
        let mbox = format!("{POSTMARK}To: a\nContent-Length: {length}\n\nbody\n\n{POSTMARK}To: b\n\nend\n");
        let got = raws(&mbox);
        assert_eq!(got.len(), 2, "{length}: {got:?}");
        assert!(got[0].ends_with("\n\nbody\n"), "{length}: {got:?}");
    }
}

#[test]
fn the_length_of_the_next_message_is_not_taken_for_that_of_one_cut_in_its_headers() {
    let mbox = format!(
        "{POSTMARK}To: a\nSubj{POSTMARK}Received: x\nContent-Length: 4\n\nend\n\n{POSTMARK}To: c\n\n3\n"
    );
    let got = raws(&mbox);
    assert_eq!(got.len(), 3, "{got:?}");
    assert_eq!(got[1], "Received: x\nContent-Length: 4\n\nend\n");
}

#[test]
fn a_message_above_the_limit_is_cut_and_the_next_one_is_whole() {
    let big = "x".repeat(70).repeat(20_000);
    let mbox = format!("{POSTMARK}To: a\n\n{big}\n\n{POSTMARK}To: b\n\nend\n\n{POSTMARK}To: c\n\n{big}\n");
    let mut small = options();
    small.max_message_bytes = 1_000;
    let mails: Vec<_> =
        scan_with(mbox.clone(), small).into_iter().map(|mail| mail.expect("a mail")).collect();
    assert_eq!(mails.iter().map(|mail| mail.cut).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(mails.iter().map(|mail| mail.raw.len()).collect::<Vec<_>>(), [1_000, 11, 1_000]);
    assert_eq!(mails[2].end, mbox.len() as u64);
    let report = mails[0].parse(&komainu::Analyzer::default()).report;
    assert_eq!(report.limits, [komainu::Limit::Bytes]);
}

#[test]
fn reading_goes_on_where_it_stopped() {
    let (mbox, _) = mailbox(&messages());
    let all = scan(mbox.clone());
    for stop in 0..all.len() {
        let place = (all[stop].index + 1, all[stop].end);
        let mut later = options();
        later.resume = Some(Resume::new(move |info| {
            assert_eq!((info.source, info.size), ("test", None));
            Some(place)
        }));
        let rest: Vec<_> =
            scan_with(mbox.clone(), later).into_iter().map(|mail| mail.expect("a mail")).collect();
        assert_eq!(rest, all[stop + 1..], "after {stop}");
    }
}

#[test]
fn a_file_called_one_message_is_split_only_where_a_message_was_delivered() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner =
        |first: &str| format!("{POSTMARK}Subject: outer\n\nbounced mail:\n\n{POSTMARK}{first}: x\n\nend\n");
    for (name, first, count) in
        [("a.eml", "Date", 1), ("b.eml", "Received", 2), ("c.mbox", "Date", 2), ("d", "Date", 2)]
    {
        let file = folder.path().join(name);
        std::fs::write(&file, inner(first)).expect("written");
        assert_eq!(komainu::io::scan(&file).count(), count, "{name}");
    }
}

#[test]
fn a_message_alone_is_no_mailbox() {
    for message in [
        "Subject: x\n\nFrom a@example.com Sat Nov 21 12:00:00 2020\nReceived: y\n",
        "From: a@example.com\n\nhello\n",
        "",
    ] {
        assert_eq!(raws(message), [message]);
    }
}
