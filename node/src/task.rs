//! Work for the libuv pool.

use komainu::Analyzer;
use napi::bindgen_prelude::{Env, Result, Task, Uint8Array};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Parses some messages in one go: a round trip through the pool costs more than a small mail.
pub struct ParseTask {
    analyzer: Arc<Analyzer>,
    raw: Vec<Uint8Array>,
}

impl ParseTask {
    pub(crate) fn new(analyzer: Arc<Analyzer>, raw: Vec<Uint8Array>) -> Self {
        Self { analyzer, raw }
    }
}

impl Task for ParseTask {
    type Output = Vec<Option<String>>;
    type JsValue = Vec<Option<String>>;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(self.raw.iter().map(|raw| guarded(|| self.analyzer.parse(raw).to_json())).collect())
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output)
    }
}

/// Keeps a panic inside: unwinding through a pool thread would end the process.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_stays_inside() {
        assert_eq!(guarded(|| 7), Some(7));
        assert_eq!(guarded(|| -> u8 { panic!("this message belongs to the test") }), None);
    }
}
