//! A report as JavaScript values, without the text between: the values of its fields go over one after the other, and a
//! reader in `lib/values.ts` puts them into object literals. Both sides are generated from the record's types.

mod fields;

use komainu::{Record, Report};
use napi::bindgen_prelude::{
    Env, Function, JsValue, JsValuesTupleIntoVec, Null, Result, ToNapiValue, Unknown,
};
use napi::sys::{napi_env, napi_value};
use std::collections::BTreeMap;

/// `read` of `lib/values.ts`.
pub(crate) type Reader<'env> = Function<'env, Values<'env>, Unknown<'env>>;

/// Records that go over in one call: arguments lie on the stack, and the event loop should not wait for thousands.
const PIECE: usize = 64;

/// A report on its way, and its records that did not go over yet.
pub struct Sent {
    report: Option<Report>,
    rest: std::vec::IntoIter<Record>,
}

impl Sent {
    pub(crate) fn new(mut report: Report) -> Self {
        let rest = if report.records.len() > PIECE { report.records.split_off(PIECE) } else { Vec::new() };
        Self { report: Some(report), rest: rest.into_iter() }
    }

    pub(crate) fn more(&self) -> bool {
        self.rest.len() > 0
    }

    /// The report with its first records; from then on, `begun` with the next ones.
    pub(crate) fn next<'env>(
        &mut self,
        env: &'env Env,
        read: &Reader<'env>,
        begun: Option<Unknown<'env>>,
    ) -> Result<Unknown<'env>> {
        let mut values = Values::new(env, begun)?;
        match self.report.take() {
            Some(report) => report.put(&mut values)?,
            None => self.rest.by_ref().take(PIECE).collect::<Vec<_>>().put(&mut values)?,
        }
        read.call(values)
    }
}

/// The arguments of one call of the reader.
pub struct Values<'env> {
    env: &'env Env,
    null: napi_value,
    list: Vec<napi_value>,
}

impl<'env> Values<'env> {
    fn new(env: &'env Env, begun: Option<Unknown<'env>>) -> Result<Self> {
        let mut values = Self { env, null: std::ptr::null_mut(), list: Vec::with_capacity(64) };
        values.push(Null)?;
        values.null = values.list[0];
        if let Some(begun) = begun {
            values.list[0] = begun.raw();
        }
        Ok(values)
    }

    fn push(&mut self, value: impl ToNapiValue) -> Result<()> {
        // SAFETY: the environment is that of the running call.
        self.list.push(unsafe { ToNapiValue::to_napi_value(self.env.raw(), value) }?);
        Ok(())
    }

    fn count(&mut self, count: usize) -> Result<()> {
        // What is counted lies in memory, at several bytes each.
        self.push(count as u32)
    }

    fn text(&mut self, text: &str) -> Result<()> {
        if !text.is_ascii() {
            return self.push(text);
        }
        // In ASCII, which nearly all of it is, nothing has to be decoded.
        self.list.push(self.env.create_string_latin1(text)?.raw());
        Ok(())
    }
}

impl JsValuesTupleIntoVec for Values<'_> {
    fn into_vec(self, _env: napi_env) -> Result<Vec<napi_value>> {
        Ok(self.list)
    }
}

/// What can go over.
trait Value {
    fn put(&self, values: &mut Values<'_>) -> Result<()>;
}

impl Value for String {
    fn put(&self, values: &mut Values<'_>) -> Result<()> {
        values.text(self)
    }
}

impl Value for bool {
    fn put(&self, values: &mut Values<'_>) -> Result<()> {
        values.push(*self)
    }
}

impl Value for u16 {
    fn put(&self, values: &mut Values<'_>) -> Result<()> {
        values.push(u32::from(*self))
    }
}

impl Value for u64 {
    fn put(&self, values: &mut Values<'_>) -> Result<()> {
        // Seconds and counts: as in JSON, what no double holds is rounded.
        values.push(*self as f64)
    }
}

impl<T: Value> Value for Option<T> {
    fn put(&self, values: &mut Values<'_>) -> Result<()> {
        match self {
            Some(value) => value.put(values),
            None => {
                values.list.push(values.null);
                Ok(())
            }
        }
    }
}

impl<T: Value> Value for Vec<T> {
    fn put(&self, values: &mut Values<'_>) -> Result<()> {
        values.count(self.len())?;
        self.iter().try_for_each(|value| value.put(values))
    }
}

impl Value for BTreeMap<String, String> {
    fn put(&self, values: &mut Values<'_>) -> Result<()> {
        values.count(self.len())?;
        self.iter().try_for_each(|(name, value)| {
            values.text(name)?;
            values.text(value)
        })
    }
}
