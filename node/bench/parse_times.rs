//! Parses every file named on standard input many times, and prints the best time of each in microseconds.

use std::io::{BufRead, Write};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let passes: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10);
    let mut mails = Vec::new();
    for path in std::io::stdin().lock().lines() {
        mails.push(std::fs::read(path?)?);
    }
    let mut best = vec![f64::INFINITY; mails.len()];
    for _ in 0..passes {
        for (best, mail) in best.iter_mut().zip(&mails) {
            let start = Instant::now();
            let report = std::hint::black_box(komainu::parse(std::hint::black_box(mail)));
            *best = best.min(start.elapsed().as_secs_f64() * 1e6);
            drop(report);
        }
    }
    let mut out = std::io::stdout().lock();
    best.iter().try_for_each(|micros| writeln!(out, "{micros:.3}"))
}
