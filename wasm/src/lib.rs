//! What the JavaScript wrapper in `js/` calls: values in, JSON text out, and not one decision about mail.
//!
//! Every record leaves as the text that all surfaces share, so that there is one schema and nothing to convert field by
//! field; the wrapper gives it types.

use komainu::{Analyzer, Command, Hints, Limits};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Reads one message with the default options.
#[wasm_bindgen(js_name = parseJson)]
#[must_use]
pub fn parse_json(raw: &[u8]) -> String {
    komainu::parse(raw).to_json()
}

/// Decides one SMTP reply with the default options.
///
/// # Errors
/// `command` is no stage of SMTP.
#[wasm_bindgen(js_name = classifyJson)]
pub fn classify_json(
    text: &str,
    provider: Option<String>,
    command: Option<String>,
    status: Option<String>,
    date: Option<String>,
    format: Option<String>,
) -> Result<String, JsError> {
    Ok(komainu::classify_with(text, &hints(provider, command, status, date, format)?).to_json())
}

/// The version of the crate.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The version of the record's schema.
#[wasm_bindgen(js_name = schemaVersion)]
#[must_use]
pub fn schema_version() -> String {
    komainu::SCHEMA_VERSION.to_owned()
}

/// A parser with options.
#[wasm_bindgen]
pub struct Engine {
    analyzer: Analyzer,
}

#[wasm_bindgen]
impl Engine {
    /// Reads one message.
    #[wasm_bindgen(js_name = parseJson)]
    #[must_use]
    pub fn parse_json(&self, raw: &[u8]) -> String {
        self.analyzer.parse(raw).to_json()
    }

    /// Decides one SMTP reply.
    ///
    /// # Errors
    /// `command` is no stage of SMTP.
    #[wasm_bindgen(js_name = classifyJson)]
    pub fn classify_json(
        &self,
        text: &str,
        provider: Option<String>,
        command: Option<String>,
        status: Option<String>,
        date: Option<String>,
        format: Option<String>,
    ) -> Result<String, JsError> {
        Ok(self.analyzer.classify(text, &hints(provider, command, status, date, format)?).to_json())
    }
}

/// Collects options for an [`Engine`]: one call for each that the caller gave.
#[wasm_bindgen]
#[derive(Default)]
pub struct EngineBuilder {
    limits: Limits,
    headers: Vec<String>,
    addresses: Option<String>,
}

#[wasm_bindgen]
impl EngineBuilder {
    /// Starts with the defaults.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names headers of the returned mail that records shall carry.
    pub fn headers(&mut self, names: Vec<String>) {
        self.headers = names;
    }

    /// Sets one limit by its name.
    ///
    /// # Errors
    /// There is no such limit.
    pub fn limit(&mut self, name: &str, value: u32) -> Result<(), JsError> {
        let limits = &mut self.limits;
        let limit = match name {
            "maxBytes" => &mut limits.max_bytes,
            "maxDepth" => &mut limits.max_depth,
            "maxParts" => &mut limits.max_parts,
            "maxHeaderBytes" => &mut limits.max_header_bytes,
            "maxRecipients" => &mut limits.max_recipients,
            "maxTextBytes" => &mut limits.max_text_bytes,
            _ => return Err(JsError::new(&format!("limits.{name}: there is no such limit"))),
        };
        *limit = value as usize;
        Ok(())
    }

    /// Takes the options about addresses, as the JSON object that every binding passes.
    pub fn addresses(&mut self, json: String) {
        self.addresses = Some(json);
    }

    /// Checks the options.
    ///
    /// # Errors
    /// An option that cannot be used, with a message that names it.
    pub fn build(self) -> Result<Engine, JsError> {
        let mut builder = Analyzer::builder().limits(self.limits).headers(self.headers);
        if let Some(json) = self.addresses {
            builder = builder.options_json(&json)?;
        }
        Ok(Engine { analyzer: builder.build()? })
    }
}

fn hints(
    provider: Option<String>,
    command: Option<String>,
    status: Option<String>,
    date: Option<String>,
    format: Option<String>,
) -> Result<Hints, JsError> {
    let command = command.as_deref().map(str::parse::<Command>).transpose()?;
    Ok(Hints { provider, command, status, date, format })
}
