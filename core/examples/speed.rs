//! How many mails a second: `cargo run --release -p komainu --example speed FOLDER [ROUNDS]`.
//!
//! Reads every file below the folder into memory, parses all of them ROUNDS times on one thread, and prints the best
//! round. `wasm/scripts/speed.mjs` compares the WebAssembly module with it.

use std::path::Path;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "examples/mails".into());
    let rounds: u32 = arguments.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(10);
    let mut mails = Vec::new();
    read(Path::new(&folder), &mut mails)?;
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let mut best = f64::INFINITY;
    let mut records = 0;
    // The first round builds the tables and is not counted.
    for round in 0..=rounds {
        let start = Instant::now();
        records = mails.iter().map(|mail| komainu::parse(mail).to_json().len()).sum::<usize>();
        if round > 0 {
            best = best.min(start.elapsed().as_secs_f64());
        }
    }
    let (count, per_mail) = (mails.len(), best * 1e6 / mails.len() as f64);
    println!("{{\"mails\":{count},\"bytes\":{bytes},\"json\":{records},\"us_per_mail\":{per_mail:.2}}}");
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
