//! The progress bar: on a terminal only, and only while the records go elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Shows how far a scan is.
pub(crate) struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
}

impl Progress {
    /// `wanted` is false where the records themselves go to the terminal.
    pub(crate) fn new(wanted: bool, paths: Vec<PathBuf>, read: Arc<AtomicU64>) -> Self {
        let shown = wanted && std::io::stderr().is_terminal();
        if !shown {
            return Self { bar: ProgressBar::hidden(), read };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
        let plain = "{spinner} {bytes} {bytes_per_sec}  {msg}";
        let full = "{bar:30} {percent:>3} %  {bytes}/{total_bytes}  {bytes_per_sec}, {eta} left  {msg}";
        bar.set_style(style(plain));
        if paths.iter().all(|path| path.as_os_str() != "-") {
            // Sizes of a million files take a while: the bar gets its length when they are known.
            let bar = bar.clone();
            thread::spawn(move || {
                let total = komainu::io::bytes_on_disk(&paths);
                bar.set_style(style(full));
                bar.set_length(total.max(1));
            });
        }
        Self { bar, read }
    }

    /// Tells how far it is, and what was found so far.
    pub(crate) fn tell(&self, found: impl FnOnce() -> String) {
        if !self.bar.is_hidden() {
            self.bar.set_position(self.read.load(Ordering::Relaxed));
            self.bar.set_message(found());
        }
    }

    /// Prints above the bar.
    pub(crate) fn above(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// The templates are ours: one that cannot be read falls back to the plain bar.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
