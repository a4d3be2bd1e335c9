//! Files, folders, Maildirs and compressed sources.

use bzip2::write::BzEncoder;
use flate2::Compression;
use flate2::write::GzEncoder;
use komainu::io::{self, ProblemKind, Scan, ScanOptions};
use lzma_rust2::{XzOptions, XzWriter};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

const MBOX: &str = "From a@example.com Sat Nov 21 12:00:00 2020\nSubject: 0\n\nzero\n\nFrom a@example.com Sat Nov 21 12:00:00 2020\nSubject: 1\n\none\n";

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(file, content).expect("written");
}

/// Sources, relative to the folder, and the first lines of their messages; problems as `! message`.
fn listing(folder: &Path) -> Vec<String> {
    let base = format!("{}/", folder.display());
    io::scan(folder)
        .map(|item| match item {
            Ok(mail) => {
                let first = String::from_utf8_lossy(&mail.raw).lines().next().unwrap_or_default().to_owned();
                format!("{} {}", mail.source.strip_prefix(&base).unwrap_or(&mail.source), first)
            }
            Err(problem) => format!("! {}", problem.to_string().replace(&base, "")),
        })
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).expect("compressed");
    gzip.finish().expect("compressed")
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut bzip2 = BzEncoder::new(Vec::new(), bzip2::Compression::default());
    bzip2.write_all(bytes).expect("compressed");
    bzip2.finish().expect("compressed")
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut xz = XzWriter::new(Vec::new(), XzOptions::with_preset(1)).expect("compressed");
    xz.write_all(bytes).expect("compressed");
    xz.finish().expect("compressed")
}

#[test]
fn folders_are_read_in_the_order_of_names() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["b.eml", "a/2.eml", "a/10.eml", "c.eml", ".hidden", ".git/x"] {
        write(folder.path(), name, format!("Subject: {name}\n\n"));
    }
    let expected = ["a/10.eml", "a/2.eml", "b.eml", "c.eml"].map(|name| format!("{name} Subject: {name}"));
    assert_eq!(listing(folder.path()), expected);
}

#[test]
fn a_maildir_gives_cur_and_new_and_never_tmp() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [
        "cur/1.a.host:2,S",
        "new/2.b.host",
        "tmp/3.c.host",
        "dovecot-uidlist",
        "maildirfolder",
        ".Junk/cur/4.d.host:2,",
        ".Junk/new/5.e.host",
        ".Junk/tmp/6.f.host",
        ".notes/7",
    ] {
        write(folder.path(), name, format!("Subject: {name}\n\n"));
    }
    let read: Vec<_> =
        listing(folder.path()).into_iter().map(|l| l.split(' ').next().unwrap_or("").to_owned()).collect();
    assert_eq!(read, [".Junk/cur/4.d.host:2,", ".Junk/new/5.e.host", "cur/1.a.host:2,S", "new/2.b.host"]);
}

#[cfg(unix)]
#[test]
fn linked_files_are_read_and_linked_folders_are_not() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.eml", "Subject: a\n\n");
    std::os::unix::fs::symlink("a.eml", folder.path().join("b.eml")).expect("linked");
    std::os::unix::fs::symlink(".", folder.path().join("loop")).expect("linked");
    std::os::unix::fs::symlink("nowhere", folder.path().join("x.eml")).expect("linked");
    assert_eq!(
        listing(folder.path()),
        ["a.eml Subject: a", "b.eml Subject: a", "! x.eml: no such file or folder"]
    );
}

#[test]
fn a_missing_path_is_a_problem_and_the_others_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.eml", "Subject: a\n\n");
    let missing = folder.path().join("missing");
    let items: Vec<_> =
        Scan::new([missing.clone(), folder.path().join("a.eml")], ScanOptions::default()).collect();
    assert_eq!(items.len(), 2);
    let problem = items[0].as_ref().expect_err("a problem");
    assert_eq!(problem.kind, ProblemKind::Missing);
    assert_eq!(problem.to_string(), format!("{}: no such file or folder", missing.display()));
    assert!(items[1].is_ok());
}

#[test]
fn compressed_mailboxes_are_read_whatever_their_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = MBOX.split_at(60);
    let zstd = |part: &str| compress_to_vec(part.as_bytes(), CompressionLevel::Fastest);
    let skippable = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
    write(folder.path(), "a.gz", gzip(MBOX.as_bytes()));
    write(folder.path(), "b", [gzip(first.as_bytes()), gzip(second.as_bytes())].concat());
    write(folder.path(), "c.zst", zstd(MBOX));
    write(folder.path(), "d", [zstd(first), skippable, zstd(second)].concat());
    write(folder.path(), "e", gzip(&zstd(MBOX)));
    write(folder.path(), "f.bz2", [bzip2(first.as_bytes()), bzip2(second.as_bytes())].concat());
    write(folder.path(), "g.xz", [xz(first.as_bytes()), xz(second.as_bytes())].concat());
    let expected: Vec<_> = ["a.gz", "b", "c.zst", "d", "e", "f.bz2", "g.xz"]
        .iter()
        .flat_map(|name| [format!("{name} Subject: 0"), format!("{name} Subject: 1")])
        .collect();
    assert_eq!(listing(folder.path()), expected);
}

#[test]
fn a_zip_archive_is_read_like_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("a.zip")).expect("made"));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let deflated = stored.compression_method(zip::CompressionMethod::DEFLATE);
    zip.add_directory("in", stored).expect("added");
    for (name, how, content) in [
        ("in/box.mbox", deflated, MBOX.as_bytes().to_vec()),
        ("one.eml", stored, b"Subject: one\n\n".to_vec()),
        ("two.eml.gz", stored, gzip(b"Subject: two\n\n")),
    ] {
        zip.start_file(name, how).expect("added");
        zip.write_all(&content).expect("added");
    }
    zip.finish().expect("written");
    write(folder.path(), "b.eml", "Subject: b\n\n");
    assert_eq!(
        listing(folder.path()),
        [
            "a.zip/in/box.mbox Subject: 0",
            "a.zip/in/box.mbox Subject: 1",
            "a.zip/one.eml Subject: one",
            "a.zip/two.eml.gz Subject: two",
            "b.eml Subject: b",
        ]
    );
}

#[test]
fn a_zip_archive_from_a_reader_is_read_like_one_on_the_disk() {
    let zip = |members: &[(&str, Vec<u8>)]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("added");
            zip.write_all(content).expect("added");
        }
        zip.finish().expect("written").into_inner()
    };
    let inner = zip(&[("x.eml", b"Subject: x\n\n".to_vec())]);
    let outer = zip(&[
        ("in/box.mbox", MBOX.as_bytes().to_vec()),
        ("inner.zip", inner.clone()),
        ("one.eml", b"Subject: one\n\n".to_vec()),
    ]);
    let read = |bytes: Vec<u8>| -> Vec<String> {
        let paths: [&Path; 0] = [];
        Scan::new(paths, ScanOptions::default())
            .and_reader("-", std::io::Cursor::new(bytes))
            .and_reader("next", &b"Subject: next\n\n"[..])
            .map(|item| match item {
                Ok(mail) => {
                    let text = String::from_utf8_lossy(&mail.raw);
                    format!("{} {}", mail.source, text.lines().next().unwrap_or_default())
                }
                Err(problem) => format!("! {problem}"),
            })
            .collect()
    };
    assert_eq!(
        read(outer),
        [
            "-/in/box.mbox Subject: 0",
            "-/in/box.mbox Subject: 1",
            "! -/inner.zip: is a zip archive inside another: unpack it first",
            "-/one.eml Subject: one",
            "next Subject: next",
        ]
    );
    let packed = read(gzip(&inner));
    assert_eq!(packed[0], "! -: is a zip archive inside another compression: unpack it first");
    let cut = read(inner[..inner.len() / 2].to_vec());
    assert!(cut.len() == 2 && cut[0].starts_with("! -: "), "{cut:?}");
}

#[test]
fn sources_give_their_bytes_and_their_beginning() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.gz", gzip(MBOX.as_bytes()));
    let mut sources = io::Sources::new([folder.path().join("a.gz")]);
    let count = sources.bytes_read();
    let mut source = sources.next().expect("one").expect("opened");
    assert_eq!(source.head, MBOX.as_bytes());
    assert_eq!(source.size, fs::metadata(folder.path().join("a.gz")).ok().map(|meta| meta.len()));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut source, &mut text).expect("read");
    assert_eq!(text, MBOX);
    assert_eq!(Some(count.load(std::sync::atomic::Ordering::Relaxed)), source.size);
    assert!(sources.next().is_none());
}

#[test]
fn damaged_and_foreign_files_are_told_and_the_rest_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let big = MBOX.repeat(500);
    let whole = gzip(big.as_bytes());
    write(folder.path(), "a.gz", &whole[..whole.len() - 20]);
    write(folder.path(), "b.gz", [0x1f, 0x8b, 8, 0, 1]);
    write(folder.path(), "c.7z", b"7z\xbc\xaf\x27\x1crest");
    // Its header asks for a window of 4 GiB.
    let mut greedy = xz(big.as_bytes());
    greedy[16] = 40;
    let header = 12..12 + usize::from(greedy[12]) * 4;
    let mut sum = flate2::Crc::new();
    sum.update(&greedy[header.clone()]);
    greedy[header.end..header.end + 4].copy_from_slice(&sum.sum().to_le_bytes());
    write(folder.path(), "g.xz", greedy);
    let cut = xz(big.as_bytes());
    write(folder.path(), "h.xz", &cut[..cut.len() / 2]);
    write(folder.path(), "i.bz2", b"BZh9 and no more");
    write(folder.path(), "j.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest");
    write(folder.path(), "d.zip", b"PK\x03\x04 and no more");
    write(folder.path(), "e.zst", b"\x28\xb5\x2f\xfd\xff\xff\xff");
    write(folder.path(), "f.eml", "Subject: f\n\n");
    let listing = listing(folder.path());
    let of = |name: &str| listing.iter().filter(|l| l.contains(name)).cloned().collect::<Vec<_>>();
    let a = of("a.gz");
    assert!(a.len() > 900, "{} messages before the damage", a.len());
    assert!(a.last().is_some_and(|last| last.starts_with("! a.gz: at byte ")), "{:?}", a.last());
    for name in ["b.gz", "c.7z", "d.zip", "e.zst", "g.xz", "h.xz", "i.bz2"] {
        assert!(of(name).iter().any(|line| line.starts_with('!')), "{name}: {listing:?}");
    }
    assert!(of("g.xz")[0].contains("memory"), "{:?}", of("g.xz"));
    assert_eq!(of("j.msg"), ["! j.msg: is an Outlook message or another document: save it as .eml"]);
    assert_eq!(of("c.7z"), ["! c.7z: is 7z: unpack it first"]);
    assert_eq!(of("f.eml"), ["f.eml Subject: f"]);
}

#[test]
fn many_threads_keep_the_order_and_the_problems() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.mbox", MBOX.repeat(2_000));
    write(folder.path(), "b.7z", b"7z\xbc\xaf\x27\x1crest");
    write(folder.path(), "c.mbox", MBOX.repeat(10));
    let run = |jobs| {
        io::scan(folder.path())
            .reports(komainu::Analyzer::default(), jobs)
            .map(|item| match item {
                Ok(mail) => format!("{} {} {}", mail.source, mail.index, mail.offset),
                Err(problem) => problem.to_string(),
            })
            .collect::<Vec<_>>()
    };
    let one = run(1);
    assert_eq!(one.len(), 4_000 + 1 + 20);
    for jobs in [2, 3, 8, 0] {
        assert_eq!(run(jobs), one, "{jobs} jobs");
    }
}

#[test]
fn a_message_that_makes_the_work_panic_costs_only_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    for n in 0..300 {
        write(folder.path(), &format!("{n:03}.eml"), format!("Subject: {n}\n\n"));
    }
    for jobs in [1, 2] {
        let work = |mail: &io::Mail| {
            assert!(!mail.source.ends_with("123.eml"), "on purpose");
            mail.raw.len()
        };
        let items: Vec<_> = io::in_order(io::scan(folder.path()), jobs, work).collect();
        assert_eq!(items.len(), 300);
        let failed: Vec<_> =
            items.iter().enumerate().filter(|(_, item)| item.is_err()).map(|(n, _)| n).collect();
        assert_eq!(failed, [123], "{jobs} jobs");
    }
}

#[test]
fn a_consumer_that_stops_early_stops_the_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.mbox", MBOX.repeat(5_000));
    let mut reports = io::scan(folder.path()).reports(komainu::Analyzer::default(), 2);
    assert!(reports.next().is_some_and(|first| first.is_ok()));
    drop(reports);
}

#[test]
fn a_record_carries_its_place_before_its_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a \"b\".eml", "Subject: x\n\n");
    let mail = io::scan(folder.path()).next().expect("one").expect("a mail");
    let json = mail.parse(&komainu::Analyzer::default()).report_json();
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(value["source"], format!("{}/a \"b\".eml", folder.path().display()));
    assert!(json.contains("\"index\":0,\"offset\":0,\"kind\":\"other\""), "{json}");
}

#[test]
fn a_reader_that_panics_is_a_problem_and_the_next_source_follows() {
    struct Panics;
    impl std::io::Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("this message belongs to the test");
        }
    }
    for jobs in [1, 2, 100_000] {
        let none: [&Path; 0] = [];
        let first = std::io::Cursor::new("Subject: 0\n\n").chain(Panics);
        let scan = Scan::new(none, ScanOptions::default())
            .and_reader("torn", first)
            .and_reader("whole", MBOX.as_bytes())
            .reports(komainu::Analyzer::default(), jobs);
        let told: Vec<_> = scan
            .map(|item| item.map_or_else(|problem| problem.to_string(), |mail| mail.source.to_string()))
            .collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("reading it failed"), "{told:?}");
        assert_eq!(told[1..], ["whole", "whole"]);
    }
}
