//! Envelope senders that tell a genuine bounce, made before sending; and what others have put around an address, undone.

use komainu::returnpath::{self, BatvKey, batv};
use napi::bindgen_prelude::Result;
use napi_derive::napi;

use crate::refused;

/// See the wrapper's function of this name.
#[napi(catch_unwind)]
pub fn verp_address(path: String, recipient: String, ids: Vec<String>, secret: String) -> Result<String> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    returnpath::verp::address(&path, &recipient, &ids, secret.as_bytes()).map_err(refused)
}

/// See the wrapper's function of this name; `now` is in seconds since 1970, below 10^12.
#[napi(catch_unwind)]
pub fn batv_address(address: String, number: u8, secret: String, now: f64) -> Result<String> {
    BatvKey::new(number, secret).and_then(|key| key.sign(&address, batv::day(now as u64))).map_err(refused)
}

/// See the wrapper's function of this name.
#[napi(catch_unwind)]
pub fn original_sender(address: String) -> String {
    returnpath::original_sender(&address).into_owned()
}
