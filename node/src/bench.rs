//! A clock around the Rust call, in the process and on the bytes of the JavaScript call that it is compared with.

use napi_derive::napi;
use std::hint::black_box;
use std::time::Instant;

use crate::NativeAnalyzer;

#[napi]
impl NativeAnalyzer {
    /// Microseconds that the Rust call takes on these bytes, until the caller has the report.
    #[napi]
    pub fn rust_micros(&self, raw: &[u8]) -> f64 {
        let start = Instant::now();
        let report = black_box(self.analyzer.parse(black_box(raw)));
        let micros = start.elapsed().as_secs_f64() * 1e6;
        drop(report);
        micros
    }
}
