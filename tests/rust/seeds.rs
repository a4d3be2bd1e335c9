//! Replays what fuzzing found and kept, under `tests/seeds/TARGET/`.

use komainu_tests::root;
use komainu_tests::targets::ALL;

#[test]
fn every_seed_is_read() {
    let mut count = 0;
    for (name, target) in ALL {
        let folder = root().join("tests/seeds").join(name);
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|file| file.expect("a file").path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has no seeds");
        for file in files {
            // The name of a seed that fails stands before the panic.
            println!("{}", file.display());
            target(&std::fs::read(&file).expect("a seed"));
            count += 1;
        }
    }
    println!("\nseeds: {count} replayed");
}
