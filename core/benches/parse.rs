//! What a whole mail and one reply cost. `cargo xtask bench` prints the same as ratios against mail-parser.
//!
//! `cargo bench -p komainu`

fn main() {
    divan::main();
}

const CASES: &[&str] = &[
    "bounce/postfix-two-recipients",
    "bounce/exim-text-only",
    "bounce/gmail-current",
    "feedback/arf-abuse",
    "other/newsletter",
];

#[divan::bench(args = CASES)]
fn parse(bencher: divan::Bencher<'_, '_>, case: &str) {
    let path = format!("{}/../tests/cases/{case}.eml", env!("CARGO_MANIFEST_DIR"));
    let mail = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    bencher
        .counter(divan::counter::BytesCount::of_slice(&mail))
        .bench(|| komainu::parse(divan::black_box(&mail)));
}

const REPLIES: &[&str] = &[
    "550 5.1.1 <nobody@example.jp>: User unknown",
    "452 4.2.2 The email account that you tried to reach is over quota",
    "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org",
    "550 zaphod",
];

#[divan::bench(args = REPLIES)]
fn classify(reply: &str) -> komainu::Verdict {
    komainu::classify(divan::black_box(reply))
}
