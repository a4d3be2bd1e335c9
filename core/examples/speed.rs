//! How many mails a second: `cargo run --release -p komainu --example speed FOLDER [ROUNDS]`.
//!
//! Reads every file below the folder into memory and parses all of them ROUNDS times on one thread. Of every few mails the
//! best time counts: a millisecond passes undisturbed now and then on the busiest machine. `wasm/scripts/speed.mjs`
//! compares the WebAssembly module with it.

use std::path::Path;
use std::time::Instant;

/// Mails that are timed together, as in `speed.mjs`: browsers have no finer clock.
const GROUP: usize = 16;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "examples/mails".into());
    let rounds: u32 = arguments.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(10);
    let mut mails = Vec::new();
    read(Path::new(&folder), &mut mails)?;
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let mut best = vec![f64::INFINITY; mails.len().div_ceil(GROUP)];
    let mut json = 0;
    // The first round builds the tables and is not counted.
    for round in 0..=rounds {
        json = 0;
        for (best, group) in best.iter_mut().zip(mails.chunks(GROUP)) {
            let start = Instant::now();
            json += group.iter().map(|mail| komainu::parse(mail).to_json().len()).sum::<usize>();
            if round > 0 {
                *best = best.min(start.elapsed().as_secs_f64());
            }
        }
    }
    let (count, per_mail) = (mails.len(), best.iter().sum::<f64>() * 1e6 / mails.len() as f64);
    println!("{{\"mails\":{count},\"bytes\":{bytes},\"json\":{json},\"us_per_mail\":{per_mail:.2}}}");
    Ok(())
}

fn read(folder: &Path, mails: &mut Vec<Vec<u8>>) -> std::io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            read(&entry.path(), mails)?;
        } else {
            mails.push(std::fs::read(entry.path())?);
        }
    }
    Ok(())
}
