//! Every chore of this workspace is one command: `cargo xtask NAME`.

fn main() {}
