//! `cargo xtask wasm`: builds the npm package `komainu-wasm` into wasm/pkg.

use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// Features that every browser of the last years and Node 20 know; `--all-features` would use newer ones.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Where the compiler and the source of the standard library come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Toolchain {
    /// The one that builds everything else: the source is there, or rustup could add it.
    Own,
    /// Debian's packages.
    Debian,
}

/// `cargo xtask wasm [--debian]`
pub(crate) fn run(arguments: &[&str]) -> crate::Result {
    let toolchain = match arguments {
        [] => toolchain()?,
        ["--debian"] => debian_packages().map(|()| Toolchain::Debian)?,
        _ => return Err("usage: cargo xtask wasm [--debian]".into()),
    };
    let module = compile(toolchain)?;
    let package = crate::root().join("wasm");
    npm_packages(&package)?;
    // npm packs only what lies in the package's own folder.
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        let copied = std::fs::copy(crate::root().join(licence), package.join(licence));
        copied.map_err(|error| format!("{licence}: {error}"))?;
    }
    if !is_newer(&package.join("pkg/komainu_bg.wasm"), &module) {
        let bindgen = ["--quiet", "--package", "xtask-bindgen", "--"];
        must(cargo("run").args(bindgen).arg(module).arg(package.join("pkg")))?;
        optimise(&package)?;
    }
    must(Command::new("node").arg("scripts/size.mjs").current_dir(&package))
}

/// Installs what package-lock.json in `folder` names, unless that is what is installed already.
pub(crate) fn npm_packages(folder: &Path) -> crate::Result {
    let wanted = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.komainu-lock");
    let read = |path: &Path| std::fs::read(path).ok();
    if read(&wanted).is_some() && read(&wanted) == read(&stamp) {
        return Ok(());
    }
    must(
        Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder),
    )?;
    std::fs::copy(&wanted, &stamp).map(|_| ()).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn toolchain() -> crate::Result<Toolchain> {
    if has_source() {
        return Ok(Toolchain::Own);
    }
    println!("the standard library's source is not installed: asking rustup for it");
    let added = Command::new("rustup").args(["component", "add", "rust-src"]).status();
    if added.is_ok_and(|status| status.success()) && has_source() {
        return Ok(Toolchain::Own);
    }
    println!("rustup cannot add it here: taking Debian's compiler");
    debian_packages().map(|()| Toolchain::Debian)
}

fn has_source() -> bool {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    output.is_ok_and(|output| {
        let folder = String::from_utf8_lossy(&output.stdout);
        output.status.success() && Path::new(folder.trim()).join("lib/rustlib/src/rust/library/std").is_dir()
    })
}

fn debian_packages() -> crate::Result {
    let packages = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
    let installed = Command::new("dpkg").arg("--status").args(packages).output();
    if installed.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    must(Command::new("apt-get").args(["update", "-q"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-q", "-y", "--no-install-recommends"]).args(packages);
    must(install.env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Compiles the module together with its standard library, so that a panic is a bare trap: the messages of panics that
/// never come, and what formats them, would make a tenth of the module. The wrapper turns a trap into an error.
fn compile(toolchain: Toolchain) -> crate::Result<PathBuf> {
    let (root, folder) = (crate::root(), crate::root().join("target/wasm"));
    let mut command = match toolchain {
        Toolchain::Own => cargo("build"),
        Toolchain::Debian => {
            // Every program is named in full, because Debian's cargo would otherwise take whichever rustc stands first
            // in PATH.
            let mut command = Command::new("/usr/bin/cargo");
            command.arg("build").current_dir(&root).env_remove("RUSTUP_TOOLCHAIN");
            command.env("RUSTC", "/usr/bin/rustc").env("RUSTDOC", "/usr/bin/rustdoc");
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
            command
        }
    };
    command.args(["--locked", "--profile", "wasm", "--package", "komainu-wasm", "--target", TARGET]);
    command.args(["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"]);
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", &folder);
    // Records have an id of one SHA-256 each: the small form of it costs no time that one would notice.
    let flags = "-Zunstable-options -Cpanic=immediate-abort --cfg=sha2_backend_soft=\"compact\"";
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    must(&mut command)?;
    Ok(folder.join(TARGET).join("wasm/komainu_wasm.wasm"))
}

/// Whether `built` was made after `module`, and after this program: then it need not be made again.
fn is_newer(built: &Path, module: &Path) -> bool {
    let changed = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    let program = std::env::current_exe().ok().and_then(|path| changed(&path));
    changed(built) > changed(module) && changed(built) > program
}

fn optimise(package: &Path) -> crate::Result {
    let (module, small) = ("pkg/komainu_bg.wasm", "pkg/komainu_small.wasm");
    let mut command = Command::new("node");
    command.arg("node_modules/binaryen/bin/wasm-opt").args(FEATURES);
    // The lowest kilobyte is the far end of the stack: nothing in it has a name, and offsets from there need no check.
    command.args([
        "--gufa",
        "-Oz",
        "--converge",
        "--low-memory-unused",
        // A large function inside its only caller leaves more locals there, and these compress worse than the call.
        "--one-caller-inline-max-function-size=0",
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
    ]);
    let done = must(command.args([module, "-o", small]).current_dir(package));
    let (module, small) = (package.join(module), package.join(small));
    if done.is_err() {
        // Half-built, it would be taken for the finished one on the next run.
        let _ = std::fs::remove_file(&module);
        return done;
    }
    std::fs::rename(small, &module).map_err(|error| format!("{}: {error}", module.display()))
}

fn cargo(chore: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg(chore).current_dir(crate::root());
    command
}

/// Runs a command to its end, its output shown as it comes.
pub(crate) fn must(command: &mut Command) -> crate::Result {
    let name = command.get_program().to_string_lossy().into_owned();
    let arguments: Vec<_> = command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
    let line = format!("{name} {}", arguments.join(" "));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{line}: {status}")),
        Err(error) => Err(format!("{line}: {error}")),
    }
}
