//! `cargo xtask bench [PATH]`: ratios against mail-parser's own full parse of the same mails in the same run.
//!
//! Machines differ and are busy; a ratio taken in one run does not care. PATH is a folder of mails, by default the shared
//! cases.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use komainu_tests::{cases, replies, report_returning, with_newlines};
use mail_parser::MessageParser;

/// Each figure is the best of so many rounds: noise only ever adds.
const ROUNDS: usize = 15;

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).map_or_else(cases, PathBuf::from);
    let mut mails = Vec::new();
    read(&path, &mut mails)?;
    assert!(!mails.is_empty(), "no mail under {}", path.display());
    let bytes: usize = mails.iter().map(Vec::len).sum();
    println!("{} mails, {} KiB, one thread, best of {ROUNDS} rounds\n", mails.len(), bytes / 1024);

    let all = Best::of(&mails.iter().collect::<Vec<_>>());
    println!("{:<36}{:>8}{:>12}", "a mail", "ratio", "µs a mail");
    for (name, time) in [
        ("mail-parser, full parse", all.full),
        ("mail-parser, headers only", all.headers),
        ("komainu, bytes to records", all.ours),
    ] {
        println!("{name:<36}{:>8.2}{:>12.1}", all.ratio(time), time.as_secs_f64() * 1e6 / mails.len() as f64);
    }
    by_size(&mails);

    let replies: Vec<String> =
        replies()?.iter().filter_map(|reply| Some(reply.ask["text"].as_str()?.to_owned())).collect();
    let mut classify = Duration::MAX;
    for _ in 0..ROUNDS {
        classify =
            classify.min(time(|| replies.iter().for_each(|reply| drop(black_box(komainu::classify(reply))))));
    }
    println!(
        "\nclassify: {:.2} µs a reply ({} replies)",
        classify.as_secs_f64() * 1e6 / replies.len() as f64,
        replies.len()
    );
    attachment();
    Ok(())
}

/// The shortest times that a set of mails took.
struct Best {
    full: Duration,
    headers: Duration,
    ours: Duration,
}

impl Best {
    /// All take turns, so that a busy moment hits all.
    fn of(mails: &[&Vec<u8>]) -> Self {
        let mut best = Self { full: Duration::MAX, headers: Duration::MAX, ours: Duration::MAX };
        let parser = MessageParser::default;
        for _ in 0..ROUNDS {
            best.full = best.full.min(time(|| each(mails, |mail| drop(black_box(parser().parse(mail))))));
            best.headers =
                best.headers.min(time(|| each(mails, |mail| drop(black_box(parser().parse_headers(mail))))));
            best.ours = best.ours.min(time(|| each(mails, |mail| drop(black_box(komainu::parse(mail))))));
        }
        best
    }

    /// Against mail-parser's full parse.
    fn ratio(&self, time: Duration) -> f64 {
        time.as_secs_f64() / self.full.as_secs_f64()
    }
}

/// The same ratio by the size of mails: what a report says is read word by word, what it returns is stepped over.
fn by_size(mails: &[Vec<u8>]) {
    let mut from = 0;
    for (to, name) in [
        (2 << 10, "  mails below 2 KiB"),
        (4 << 10, "  2 to 4 KiB"),
        (8 << 10, "  4 to 8 KiB"),
        (16 << 10, "  8 to 16 KiB"),
        (usize::MAX, "  from 16 KiB on"),
    ] {
        let class: Vec<&Vec<u8>> = mails.iter().filter(|mail| (from..to).contains(&mail.len())).collect();
        from = to;
        if !class.is_empty() {
            let best = Best::of(&class);
            println!("{name:<36}{:>8.2}  ({} mails)", best.ratio(best.ours), class.len());
        }
    }
}

/// A report with a 20 MB attachment in the returned mail, against one pass of memmem for its boundary.
fn attachment() {
    let mail = with_newlines(&report_returning(20_000_000), "\r\n");
    let finder = memchr::memmem::Finder::new("\n--outer");
    let (mut search, mut ours) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        search = search.min(time(|| {
            black_box(finder.find_iter(&mail).count());
        }));
        ours = ours.min(time(|| drop(black_box(komainu::parse(&mail)))));
    }
    println!(
        "a returned attachment of 20 MB: {:.2} × one memmem pass",
        ours.as_secs_f64() / search.as_secs_f64()
    );
}

fn each(mails: &[&Vec<u8>], mut work: impl FnMut(&[u8])) {
    for mail in mails {
        work(black_box(mail));
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Every file below a folder, but no JSON.
fn read(path: &Path, mails: &mut Vec<Vec<u8>>) -> std::io::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path)?.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        return entries.iter().try_for_each(|entry| read(entry, mails));
    }
    if !path.extension().is_some_and(|extension| extension == "json" || extension == "jsonl") {
        mails.push(std::fs::read(path)?);
    }
    Ok(())
}
