//! `cargo xtask bench --mailbox [MIB]`: what the command needs for a large mailbox, with one thread and with two, and for its first
//! record.
//!
//! The mailbox is written for the run, always the same: the shared cases in a random order, and for every fortieth message a report
//! that returns a mail of 0.1 to 4 MiB.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use komainu_tests::{Case, mails, report_returning, root};

/// The size that the target of speed speaks of: 2 GB.
const USUAL_MIB: u64 = 2048;
/// Runs with one thread and with two take turns, because a busy machine is busy for a while.
const ROUNDS: usize = 5;
const STARTS: usize = 21;
const LARGE_EVERY: u64 = 40;
const LARGE_MIB: u64 = 4;
/// The least bytes of what a large one returns.
const LEAST: u64 = 100 << 10;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mib = match args.as_slice() {
        [] => Some(USUAL_MIB),
        [mib] => mib.parse().ok(),
        _ => None,
    };
    let Some(mib) = mib else {
        eprintln!("usage: cargo xtask bench --mailbox [MIB]");
        return ExitCode::FAILURE;
    };
    let command = root().join("target/release/komainu");
    let path = root().join("target/bench.mbox");
    let outcome = measured(&command, &path, mib);
    let _ = std::fs::remove_file(&path);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

fn measured(command: &Path, path: &Path, mib: u64) -> std::io::Result<()> {
    let mails = mails()?.iter().map(Case::lf).collect::<std::io::Result<Vec<_>>>()?;
    let count = write(path, &mails, mib << 20)?;
    println!(
        "{mib} MiB, {count} messages up to {LARGE_MIB} MiB; komainu parse --format ndjson, {ROUNDS} runs in turns"
    );
    let (mut one, mut two) = (Vec::new(), Vec::new());
    // The first run finds the file on its way to the disk, and does not count.
    parse(command, path, 2)?;
    for _ in 0..ROUNDS {
        one.push(parse(command, path, 1)?);
        two.push(parse(command, path, 2)?);
    }
    println!("{:<14}{:>12}{:>12}{:>12}{:>18}", "", "median s", "best s", "MiB/s", "peak memory KiB");
    for (name, runs) in [("one thread", &one), ("two threads", &two)] {
        let (median, best) = middle_and_least(runs.iter().map(|run| run.took).collect());
        let peak = runs.iter().map(|run| run.peak_kib).max().unwrap_or_default();
        println!("{name:<14}{median:>12.2}{best:>12.2}{:>12.0}{peak:>18}", mib as f64 / median);
    }
    let (faster, _) = middle_and_least(one.iter().zip(&two).map(|(one, two)| one.took / two.took).collect());
    println!("two threads are {faster:.2} × as fast as one (median of pairs)");
    first_record(command)
}

/// What one run took.
struct Run {
    took: f64,
    peak_kib: u64,
}

fn parse(command: &Path, path: &Path, jobs: u32) -> std::io::Result<Run> {
    let start = Instant::now();
    let mut child = Command::new(command)
        .args(["parse", "--format", "ndjson", "--no-progress", "--jobs", &jobs.to_string()])
        .arg(path)
        .stdout(Stdio::null())
        .spawn()?;
    let peak_kib = peak_until_end(&mut child)?;
    let took = start.elapsed().as_secs_f64();
    if !child.wait()?.success() {
        return Err(std::io::Error::other("komainu parse failed"));
    }
    Ok(Run { took, peak_kib })
}

/// The most memory that a process had, asked until it ends; 0 where the system does not tell (other systems than Linux).
fn peak_until_end(child: &mut Child) -> std::io::Result<u64> {
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = kib.unwrap_or(peak).max(peak);
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(peak)
}

/// From the start of the command to the first byte of its first record.
fn first_record(command: &Path) -> std::io::Result<()> {
    let mail = root().join("examples/mails");
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let start = Instant::now();
        let mut child = Command::new(command)
            .args(["parse", "--format", "ndjson", "--jobs", "1"])
            .arg(&mail)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut first = [0];
        child.stdout.take().map_or(Ok(()), |mut out| out.read_exact(&mut first))?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        child.wait()?;
    }
    let (median, least) = middle_and_least(times);
    println!("first record after {median:.1} ms, {least:.1} at best ({STARTS} starts)");
    Ok(())
}

fn middle_and_least(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    (values.get(values.len() / 2).copied().unwrap_or_default(), values.first().copied().unwrap_or_default())
}

/// Writes an mbox of at least `size` bytes, and gives the number of its messages.
fn write(path: &Path, mails: &[Vec<u8>], size: u64) -> std::io::Result<u64> {
    let mut random = 5_321_u64;
    let mut next = |below: u64| {
        // Knuth's linear congruential generator: its upper bits are random enough for this.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let (mut written, mut count) = (0, 0);
    while written < size {
        let large;
        let mail = if count % LARGE_EVERY == 0 {
            large = report_returning((LEAST + next((LARGE_MIB << 20) - LEAST)) as usize);
            &large
        } else {
            &mails[next(mails.len() as u64) as usize]
        };
        written += message(&mut out, mail)?;
        count += 1;
    }
    out.flush()?;
    Ok(count)
}

/// Writes a message as mboxo does, and gives its length.
fn message(out: &mut impl Write, mail: &[u8]) -> std::io::Result<u64> {
    const POSTMARK: &[u8] = b"From MAILER-DAEMON Sat Nov 21 18:40:32 2026\n";
    out.write_all(POSTMARK)?;
    let mut length = POSTMARK.len() + mail.len() + 2;
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"From ") {
            out.write_all(b">")?;
            length += 1;
        }
        out.write_all(line)?;
    }
    out.write_all(b"\n\n")?;
    Ok(length as u64)
}
