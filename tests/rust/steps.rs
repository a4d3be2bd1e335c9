//! `cargo xtask steps`: whether the work grows with the mail and no faster.
//!
//! Each hostile shape is read at three sizes under valgrind's callgrind, which counts the instructions of the whole
//! process: the same number on a busy machine and an idle one. What the doubled size costs more than the size must not
//! be more than about twice what the size costs more than its half; a quadratic stage would give four times.

use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};

use komainu::{Analyzer, Hints, Limits};
use komainu_tests::shapes::{MAILS, REPLIES, Shape};

/// Half the size, the size, its double. Large enough that fixed costs vanish, small enough for a debug build.
const SIZES: [usize; 3] = [16 << 10, 32 << 10, 64 << 10];

/// Twice, and what a table that grows at the wrong moment can add.
const MOST: f64 = 2.6;

/// Steps a byte at the largest size that prove by themselves that no stage is quadratic.
const CHEAP: u64 = 80;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["one", list, name, size] => one(list, name, size.parse().expect("a size")),
        [] => all(""),
        [filter] => all(filter),
        _ => {
            eprintln!("usage: steps [PART OF A NAME]");
            ExitCode::from(2)
        }
    }
}

fn shapes(list: &str) -> &'static [Shape] {
    if list == "mail" { MAILS } else { REPLIES }
}

/// Reads one shape: what runs under valgrind.
fn one(list: &str, name: &str, size: usize) -> ExitCode {
    let (_, make) = shapes(list).iter().find(|(shape, _)| *shape == name).expect("a shape");
    let bytes = make(size);
    // Without limits: they would hide a stage that is quadratic below them. The depth keeps its own, because each of its
    // twenty levels may look at the whole mail.
    let mut limits = Limits::default();
    limits.max_parts = usize::MAX;
    limits.max_recipients = usize::MAX;
    limits.max_header_bytes = usize::MAX;
    limits.max_text_bytes = usize::MAX;
    if list == "mail" {
        let analyzer = Analyzer::builder().limits(limits).build().expect("options");
        std::hint::black_box(analyzer.parse(&bytes).records.len());
    } else {
        let text = String::from_utf8_lossy(&bytes);
        std::hint::black_box(komainu::classify_with(&text, &Hints::default()).reason);
    }
    ExitCode::SUCCESS
}

fn all(filter: &str) -> ExitCode {
    let chosen: Vec<(&str, &str)> = ["mail", "reply"]
        .iter()
        .flat_map(|list| shapes(list).iter().map(move |(name, _)| (*list, *name)))
        .filter(|(_, name)| name.contains(filter))
        .collect();
    let next = AtomicUsize::new(0);
    let failed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((list, name)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    failed.fetch_add(usize::from(!grows_evenly(list, name)), Ordering::Relaxed);
                }
            });
        }
    });
    let (count, failed) = (chosen.len(), failed.into_inner());
    println!("steps: {} passed, {failed} failed", count - failed);
    if failed == 0 && count > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures one shape, prints what was found and says whether it is good.
fn grows_evenly(list: &str, name: &str) -> bool {
    let steps = SIZES.map(|size| instructions(list, name, size));
    let (small, large) = (steps[1].saturating_sub(steps[0]), steps[2].saturating_sub(steps[1]));
    let ratio = large as f64 / small.max(1) as f64;
    // Below this much extra work, noise of the allocator decides the ratio.
    let per_byte = large / (SIZES[2] - SIZES[1]) as u64;
    // So is a shape that is cheap even at the largest size: a quadratic stage would cost thousands of steps a byte
    // there, while a change between two quick code paths moves the ratio of such small numbers at will.
    let good = ratio <= MOST || large < 200_000 || per_byte <= CHEAP;
    println!("{} {list:5} {name:34} ×{ratio:.2}  {per_byte} steps a byte", if good { "ok " } else { "BAD" });
    good
}

/// The instructions of one run.
fn instructions(list: &str, name: &str, size: usize) -> u64 {
    let me = std::env::current_exe().expect("this program");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(me)
        .args(["one", list, name, &size.to_string()])
        .output()
        .expect("valgrind: apt-get install valgrind");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} at {size} bytes:\n{text}");
    let collected =
        text.lines().find_map(|line| line.split_once("Collected : ").map(|(_, count)| count.trim()));
    collected
        .and_then(|count| count.parse().ok())
        .unwrap_or_else(|| panic!("no count from valgrind:\n{text}"))
}
