//! `cargo xtask steps`: whether the work grows with the mail and no faster.
//!
//! Each hostile shape is read at three sizes under valgrind's callgrind, which counts instructions: the same number on a
//! busy machine and an idle one. What the doubled size costs more than the size must not be more than about twice what
//! the size costs more than its half; a quadratic stage would give four times.
//!
//! Making the rules ready costs more than reading most shapes, so one process reads many of them: callgrind
//! writes down what was counted each time that [`counted`] begins and ends, and counts anew.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use komainu::log::LogReader;
use komainu::{Analyzer, Hints, Limits};
use komainu_tests::shapes::{LOGS, MAILS, REPLIES, Shape};

/// Half the size, the size, its double. Large enough that fixed costs vanish, small enough for callgrind.
const SIZES: [usize; 3] = [16 << 10, 32 << 10, 64 << 10];

/// Twice, and what a table that grows at the wrong moment can add.
const MOST: f64 = 2.6;

/// Less extra work than this is that of a shape which a limit cuts off: its ratio says nothing.
const NOTHING: u64 = 200_000;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What reads a shape.
#[derive(Clone, Copy)]
enum Reader {
    Mail,
    Reply,
    Log,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["count", filter, part, parts] => count(filter, part, parts),
        [] => all(""),
        [filter] => all(filter),
        _ => Err("usage: steps [PART OF A NAME]".into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("steps: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The shapes whose name has `filter` in it, as one of `parts` processes takes them.
fn chosen(filter: &str, part: usize, parts: usize) -> Vec<(Reader, &'static Shape)> {
    let lists = [(Reader::Mail, MAILS), (Reader::Reply, REPLIES), (Reader::Log, LOGS)];
    lists
        .iter()
        .flat_map(|(reader, shapes)| shapes.iter().map(|shape| (*reader, shape)))
        .filter(|(_, (name, _))| name.contains(filter))
        .skip(part)
        .step_by(parts)
        .collect()
}

/// Reads every chosen shape at every size: what runs under valgrind.
fn count(filter: &str, part: &str, parts: &str) -> Result<bool> {
    // Without limits: they would hide a stage that is quadratic below them. The depth keeps its own, because each of its
    // twenty levels may look at the whole mail.
    let mut limits = Limits::default();
    limits.max_parts = usize::MAX;
    limits.max_recipients = usize::MAX;
    limits.max_header_bytes = usize::MAX;
    limits.max_text_bytes = usize::MAX;
    let analyzer = Analyzer::builder().limits(limits).build()?;
    for (reader, (_, make)) in chosen(filter, part.parse()?, parts.parse()?) {
        // What is made once and kept is no work of the first shape that needs it.
        read(reader, &analyzer, &make(SIZES[0]));
        for size in SIZES {
            counted(reader, &analyzer, &make(size));
        }
    }
    Ok(true)
}

/// Callgrind finds this function by its name.
#[inline(never)]
fn counted(reader: Reader, analyzer: &Analyzer, bytes: &[u8]) {
    read(reader, analyzer, bytes);
}

fn read(reader: Reader, analyzer: &Analyzer, bytes: &[u8]) {
    match reader {
        Reader::Mail => {
            std::hint::black_box(analyzer.parse(bytes).records.len());
        }
        Reader::Reply => {
            let text = String::from_utf8_lossy(bytes);
            std::hint::black_box(analyzer.classify(&text, &Hints::default()).reason);
        }
        Reader::Log => {
            let text = String::from_utf8_lossy(bytes);
            let mut log = LogReader::default();
            let mut records = 0;
            for line in text.lines() {
                records += log.push(line).len();
            }
            std::hint::black_box(records + log.finish().len());
        }
    }
}

fn all(filter: &str) -> Result<bool> {
    let parts = std::thread::available_parallelism().map_or(1, usize::from);
    let folder = std::env::temp_dir().join(format!("komainu-steps-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let judged = std::thread::scope(|scope| {
        let folder = &folder;
        let running: Vec<_> =
            (0..parts).map(|part| scope.spawn(move || judge(filter, part, parts, folder))).collect();
        running.into_iter().map(|part| part.join().expect("no panic")).collect::<Result<Vec<_>>>()
    });
    std::fs::remove_dir_all(&folder)?;
    let judged: Vec<bool> = judged?.concat();
    let passed = judged.iter().filter(|good| **good).count();
    println!("steps: {passed} passed, {} failed", judged.len() - passed);
    Ok(passed == judged.len() && passed > 0)
}

/// Measures the shapes of one process, prints what was found and says of each whether it is good.
fn judge(filter: &str, part: usize, parts: usize, folder: &Path) -> Result<Vec<bool>> {
    let shapes = chosen(filter, part, parts);
    if shapes.is_empty() {
        return Ok(Vec::new());
    }
    let counts = instructions(filter, part, parts, &folder.join(format!("part-{part}")))?;
    if counts.len() != shapes.len() * SIZES.len() {
        return Err(format!("{} counts for {} shapes", counts.len(), shapes.len()).into());
    }
    let each = shapes.iter().zip(counts.chunks(SIZES.len()));
    Ok(each.map(|((_, (name, _)), steps)| grows_evenly(name, steps)).collect())
}

fn grows_evenly(name: &str, steps: &[u64]) -> bool {
    let (small, large) = (steps[1].saturating_sub(steps[0]), steps[2].saturating_sub(steps[1]));
    let ratio = large as f64 / small.max(1) as f64;
    let per_byte = large / (SIZES[2] - SIZES[1]) as u64;
    let good = ratio <= MOST || large < NOTHING;
    println!("{} {name:36} ×{ratio:.2}  {per_byte} steps a byte", if good { "ok " } else { "BAD" });
    good
}

/// The instructions of every call of [`counted`], in order.
fn instructions(filter: &str, part: usize, parts: usize, out: &Path) -> Result<Vec<u64>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--dump-before=steps::counted", "--dump-after=steps::counted"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .args(["count", filter, &part.to_string(), &parts.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}; apt-get install valgrind"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let mut counts = Vec::new();
    for number in 1.. {
        let path = PathBuf::from(format!("{}.{number}", out.display()));
        let Ok(text) = std::fs::read_to_string(&path) else { break };
        // The others hold what was done between two shapes.
        if text.contains("desc: Trigger: --dump-after") {
            let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).ok_or("no totals")?;
            counts.push(total.trim().parse()?);
        }
    }
    Ok(counts)
}
