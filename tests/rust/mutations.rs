//! Damaged mails: no panic, no hang, and no address that the mail does not have.

use komainu_tests::invariants::check;
use komainu_tests::mutate::{Random, crossed, flipped, swapped, truncated};
use komainu_tests::{Case, mails, with_newlines};

/// Parses every variant of every case and gathers what does not hold.
fn run(name: &str, variants: impl Fn(&Case, &[u8]) -> Vec<Vec<u8>>) {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in mails().expect("the cases") {
        let mail = case.lf().expect("a case");
        for (index, variant) in variants(&case, &mail).into_iter().enumerate() {
            count += 1;
            if let Err(why) = check(&variant, &komainu::parse(&variant)) {
                wrong.push(format!("{} {name} {index}: {why}", case.name));
            }
        }
    }
    println!("\n{name}: {count} mails");
    assert!(count > 100, "only {count} mails");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

#[test]
fn whole_mails_hold_as_well() {
    run("newlines", |_, mail| {
        ["\n", "\r\n", "\r"].iter().map(|newline| with_newlines(mail, newline)).collect()
    });
}

#[test]
fn cut_off_at_every_97th_byte() {
    run("truncated", |_, mail| truncated(mail, 97).collect());
}

#[test]
fn with_flipped_bytes() {
    run("flipped", |case, mail| flipped(mail, 48, &mut Random::new(&case.name)));
}

#[test]
fn with_parts_swapped_doubled_and_left_out() {
    run("swapped", |_, mail| swapped(mail));
}

#[test]
fn crossed_with_another_mail() {
    let others: Vec<Vec<u8>> =
        mails().expect("the cases").iter().map(|case| case.lf().expect("a case")).collect();
    run("crossed", |case, mail| {
        let mut random = Random::new(&case.name);
        (0..6).map(|_| crossed(mail, &others[random.below(others.len())])).collect()
    });
}
