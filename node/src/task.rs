//! Work for the libuv pool.

use komainu::{Analyzer, Report};
use napi::bindgen_prelude::{Env, Result, Task, Uint8Array, Unknown};
use napi_derive::napi;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::values::{Reader, Sent};

/// Parses some messages in one go: a round trip through the pool costs more than a small mail.
pub struct ParseTask<T> {
    analyzer: Arc<Analyzer>,
    raw: Vec<Uint8Array>,
    answer: PhantomData<T>,
}

impl<T> ParseTask<T> {
    pub(crate) fn new(analyzer: Arc<Analyzer>, raw: Vec<Uint8Array>) -> Self {
        Self { analyzer, raw, answer: PhantomData }
    }

    fn answers(&self, answer: impl Fn(Report) -> T) -> Vec<Option<T>> {
        self.raw.iter().map(|raw| guarded(|| answer(self.analyzer.parse(raw)))).collect()
    }
}

impl Task for ParseTask<String> {
    type Output = Vec<Option<String>>;
    type JsValue = Vec<Option<String>>;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(self.answers(|report| report.to_json()))
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output)
    }
}

impl Task for ParseTask<Sent> {
    type Output = Vec<Option<Sent>>;
    type JsValue = NativeReports;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(self.answers(Sent::new))
    }

    fn resolve(&mut self, _env: Env, reports: Self::Output) -> Result<Self::JsValue> {
        Ok(NativeReports { reports })
    }
}

/// The reports of a job, which become objects one by one: a long one in pieces, with other callbacks between.
#[napi]
pub struct NativeReports {
    reports: Vec<Option<Sent>>,
}

#[napi]
impl NativeReports {
    /// The next piece of a message's report, put onto what `begun` has of it. A message that made the parser panic gives
    /// `null`.
    #[napi(catch_unwind)]
    pub fn next<'env>(
        &mut self,
        env: &'env Env,
        index: u32,
        read: Reader<'env>,
        begun: Option<Unknown<'env>>,
    ) -> Result<Option<Unknown<'env>>> {
        let report = self.reports.get_mut(index as usize).and_then(Option::as_mut);
        report.map(|report| report.next(env, &read, begun)).transpose()
    }

    /// Whether there is a further piece.
    #[napi(catch_unwind)]
    pub fn more(&self, index: u32) -> bool {
        self.reports.get(index as usize).and_then(Option::as_ref).is_some_and(Sent::more)
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
