//! Envelope senders that tell a genuine bounce, made before sending; and what others have put around an address, undone.

use std::time::{SystemTime, UNIX_EPOCH};

use komainu::returnpath::{self, BatvKey, batv};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

fn refused(error: komainu::Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Gives the address for MAIL FROM that names the recipient (VERP), so that a report tells whom it is about.
///
/// path is a pattern with {local} and {domain}, and perhaps {id} and {token}, or a plain return path, which is extended in
/// Postfix's way. ids fill the {id}s from the left; secret makes the {token} that a verifier checks.
///
/// Raises ValueError where the address would not be read back as it was made.
///
/// >>> import komainu
/// >>> komainu.verp_address("news@example.org", "taro@example.jp")
/// 'news+taro=example.jp@example.org'
#[pyfunction]
#[pyo3(signature = (path, recipient, /, *, ids=None, secret=""))]
pub(crate) fn verp_address(
    path: &str,
    recipient: &str,
    ids: Option<&Bound<'_, PyAny>>,
    secret: &str,
) -> PyResult<String> {
    let wrong = |_| PyTypeError::new_err("ids is a list of str, such as ['42']");
    let ids: Option<Vec<String>> = ids.map(PyAnyMethods::extract).transpose().map_err(wrong)?;
    let ids = ids.unwrap_or_default();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    returnpath::verp::address(path, recipient, &ids, secret.as_bytes()).map_err(refused)
}

/// Gives the address for MAIL FROM with a tag that only the secret makes, valid for seven days
/// (BATV, draft-levine-smtp-batv-01).
///
/// number (0 to 9) tells keys apart while one replaces another; now is the time in seconds since 1970, the system's by
/// default.
///
/// Raises ValueError for a wrong number, an empty secret, or an address that cannot carry a tag.
///
/// >>> import komainu
/// >>> komainu.batv_address("news@example.org", number=1, secret="a secret", now=1_764_547_200)[:9]
/// 'prvs=1430'
#[pyfunction]
#[pyo3(signature = (address, /, *, number, secret, now=None))]
pub(crate) fn batv_address(address: &str, number: u8, secret: &str, now: Option<u64>) -> PyResult<String> {
    let system = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let key = BatvKey::new(number, secret).map_err(refused)?;
    key.sign(address, batv::day(now.unwrap_or_else(system))).map_err(refused)
}

/// Gives the address before BATV tagged it and forwarders rewrote it (SRS), in whatever order and depth.
///
/// >>> import komainu
/// >>> komainu.original_sender("SRS0=x9Lm=7B=example.org=news@forwarder.example")
/// 'news@example.org'
#[pyfunction]
#[pyo3(signature = (address, /))]
pub(crate) fn original_sender(address: &str) -> String {
    returnpath::original_sender(address).into_owned()
}
