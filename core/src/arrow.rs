//! Records as columns: Arrow record batches with the record's keys, in the record's order.
//!
//! Words, numbers and lists have the types that their JSON has: strings (dates too, whose offset a timestamp column would
//! lose), booleans, 64-bit integers, `feedback` a struct, `headers` a map, `evidence` a list of structs.
//!
//! ```
//! let mut columns = komainu::arrow::Columns::new();
//! for record in &komainu::parse(b"Subject: hello\r\n\r\nno bounce at all").records {
//!     columns.push(record);
//! }
//! assert_eq!(columns.finish()?.num_rows(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Int64Builder, ListBuilder, MapBuilder, MapFieldNames, StringBuilder,
    StructBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};

use crate::record::{Evidence, Feedback, Record};

/// Where a record was found: the columns `source`, `index` and `offset` of the command's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file.
    pub source: &'a str,
    /// The message's number in the file.
    pub index: u64,
    /// Where the message begins in the file.
    pub offset: u64,
}

/// Collects records, column by column.
pub struct Columns {
    schema: SchemaRef,
    place: Option<(StringBuilder, Int64Builder, Int64Builder)>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

/// How a key is read from a record, and what it is collected in.
enum Column {
    Word(StringBuilder, fn(&Record) -> &str),
    Text(StringBuilder, fn(&Record) -> Option<&str>),
    Flag(BooleanBuilder, fn(&Record) -> bool),
    Number(Int64Builder, fn(&Record) -> Option<u64>),
    Feedback(StructBuilder),
    Headers(MapBuilder<StringBuilder, StringBuilder>),
    Evidence(ListBuilder<StructBuilder>),
    Also(ListBuilder<StringBuilder>),
}

/// Every key of a record, in its order.
fn columns() -> Vec<(&'static str, Column)> {
    use Column::{Flag, Number, Text, Word};
    macro_rules! column {
        (word $key:ident) => {
            Word(StringBuilder::new(), |r| r.$key.as_str())
        };
        (text $key:ident) => {
            Text(StringBuilder::new(), |r| r.$key.as_deref())
        };
        (name $key:ident) => {
            Text(StringBuilder::new(), |r| r.$key.map(|word| word.as_str()))
        };
        (flag $key:ident) => {
            Flag(BooleanBuilder::new(), |r| r.$key)
        };
        (number $key:ident) => {
            Number(Int64Builder::new(), |r| r.$key.map(u64::from))
        };
        (feedback $key:ident) => {
            Column::Feedback(StructBuilder::from_fields(feedback_fields(), 0))
        };
        (headers $key:ident) => {
            Column::Headers(headers_builder())
        };
        (evidence $key:ident) => {
            Column::Evidence(evidence_builder())
        };
        (also $key:ident) => {
            Column::Also(ListBuilder::new(StringBuilder::new()).with_field(item(DataType::Utf8)))
        };
    }
    macro_rules! columns {
        ($($shape:ident $key:ident,)+) => { vec![$((stringify!($key), column!($shape $key)),)+] };
    }
    columns! {
        word id, word kind, text recipient, name recipient_source, text original_recipient, text sender, word reason,
        flag hard, word blame, word advice, name action, text status, text dsn_status, text derived_status,
        number reply_code, name command, text diagnostic, text diagnostic_type, text reporting_mta,
        text received_from_mta, text remote_mta, text source_ip, text provider, word format, text new_address,
        number retry_after, feedback feedback, text subject, text message_id, text list_id, text feedback_id,
        headers headers, text original_envelope_id, text queue_id, text timestamp, text arrival_date,
        text last_attempt_date, text will_retry_until, word decided_by, evidence evidence, also also,
        name address_status, name authenticity,
    }
}

/// A field of a list, which is never null.
fn item(data_type: DataType) -> Arc<Field> {
    Arc::new(Field::new("item", data_type, false))
}

fn text_field(name: &str, nullable: bool) -> Field {
    Field::new(name, DataType::Utf8, nullable)
}

fn feedback_fields() -> Fields {
    let texts = ["type", "user_agent", "source_ip", "original_envelope_id", "auth_failure"];
    let texts = texts.iter().map(|name| text_field(name, true));
    texts.chain([Field::new("incidents", DataType::Int64, true)]).collect()
}

fn evidence_fields() -> Fields {
    ["rule", "field", "text"].iter().map(|name| text_field(name, false)).collect()
}

fn evidence_builder() -> ListBuilder<StructBuilder> {
    let fields = evidence_fields();
    ListBuilder::new(StructBuilder::from_fields(fields.clone(), 0)).with_field(item(DataType::Struct(fields)))
}

fn headers_builder() -> MapBuilder<StringBuilder, StringBuilder> {
    let names = MapFieldNames { entry: "entries".into(), key: "key".into(), value: "value".into() };
    MapBuilder::new(Some(names), StringBuilder::new(), StringBuilder::new())
        .with_values_field(text_field("value", false))
}

impl Column {
    fn field(&self, name: &str) -> Field {
        match self {
            Self::Word(..) => text_field(name, false),
            Self::Text(..) => text_field(name, true),
            Self::Flag(..) => Field::new(name, DataType::Boolean, false),
            Self::Number(..) => Field::new(name, DataType::Int64, true),
            Self::Feedback(_) => Field::new(name, DataType::Struct(feedback_fields()), true),
            Self::Headers(_) => {
                let entries = DataType::Struct(Fields::from(vec![
                    text_field("key", false),
                    text_field("value", false),
                ]));
                Field::new(name, DataType::Map(Arc::new(Field::new("entries", entries, false)), false), true)
            }
            Self::Evidence(_) => {
                Field::new(name, DataType::List(item(DataType::Struct(evidence_fields()))), false)
            }
            Self::Also(_) => Field::new(name, DataType::List(item(DataType::Utf8)), false),
        }
    }

    /// Appends one record's value; gives the bytes of its texts.
    fn push(&mut self, record: &Record) -> usize {
        match self {
            Self::Word(out, read) => {
                out.append_value(read(record));
                read(record).len()
            }
            Self::Text(out, read) => {
                out.append_option(read(record));
                read(record).map_or(0, str::len)
            }
            Self::Flag(out, read) => {
                out.append_value(read(record));
                1
            }
            Self::Number(out, read) => {
                out.append_option(read(record).map(signed));
                8
            }
            Self::Feedback(out) => push_feedback(out, record.feedback.as_ref()),
            Self::Headers(out) => {
                let mut bytes = 0;
                for (name, value) in record.headers.iter().flatten() {
                    out.keys().append_value(name);
                    out.values().append_value(value);
                    bytes += name.len() + value.len();
                }
                // Keys and values were appended in pairs, which is all that this checks.
                let _ = out.append(record.headers.is_some());
                bytes
            }
            Self::Evidence(out) => {
                let bytes = record.evidence.iter().map(|piece| push_evidence(out.values(), piece)).sum();
                out.append(true);
                bytes
            }
            Self::Also(out) => {
                record.also.iter().for_each(|reason| out.values().append_value(reason.as_str()));
                out.append(true);
                16 * record.also.len()
            }
        }
    }

    fn finish(&mut self) -> ArrayRef {
        let builder: &mut dyn ArrayBuilder = match self {
            Self::Word(out, _) | Self::Text(out, _) => out,
            Self::Flag(out, _) => out,
            Self::Number(out, _) => out,
            Self::Feedback(out) => out,
            Self::Headers(out) => out,
            Self::Evidence(out) => out,
            Self::Also(out) => out,
        };
        builder.finish()
    }
}

/// Counts and seconds beyond 2^63 are nonsense that a hostile mail may state.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn push_feedback(out: &mut StructBuilder, feedback: Option<&Feedback>) -> usize {
    let none = Feedback::default();
    let values = feedback.unwrap_or(&none);
    let texts = [
        &values.kind,
        &values.user_agent,
        &values.source_ip,
        &values.original_envelope_id,
        &values.auth_failure,
    ];
    let mut bytes = 8;
    for (n, text) in texts.into_iter().enumerate() {
        if let Some(builder) = out.field_builder::<StringBuilder>(n) {
            builder.append_option(text.as_deref());
        }
        bytes += text.as_deref().map_or(0, str::len);
    }
    if let Some(builder) = out.field_builder::<Int64Builder>(texts.len()) {
        builder.append_option(values.incidents.map(signed));
    }
    out.append(feedback.is_some());
    bytes
}

fn push_evidence(out: &mut StructBuilder, piece: &Evidence) -> usize {
    for (n, text) in [&piece.rule, &piece.field, &piece.text].into_iter().enumerate() {
        if let Some(builder) = out.field_builder::<StringBuilder>(n) {
            builder.append_value(text);
        }
    }
    out.append(true);
    piece.rule.len() + piece.field.len() + piece.text.len()
}

impl Default for Columns {
    fn default() -> Self {
        Self::new()
    }
}

impl Columns {
    /// Columns with the record's keys.
    #[must_use]
    pub fn new() -> Self {
        Self::build(false)
    }

    /// The same with `source`, `index` and `offset` before them.
    #[must_use]
    pub fn with_place() -> Self {
        Self::build(true)
    }

    fn build(with_place: bool) -> Self {
        let columns = columns();
        let mut fields = Vec::new();
        if with_place {
            fields.push(text_field("source", false));
            fields.extend(["index", "offset"].map(|name| Field::new(name, DataType::Int64, false)));
        }
        fields.extend(columns.iter().map(|(name, column)| column.field(name)));
        Self {
            schema: Arc::new(Schema::new(fields)),
            place: with_place.then(Default::default),
            columns: columns.into_iter().map(|(_, column)| column).collect(),
            rows: 0,
            bytes: 0,
        }
    }

    /// The schema of every batch.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Appends a record. Columns with a place get an empty one.
    pub fn push(&mut self, record: &Record) {
        self.push_at(Place { source: "", index: 0, offset: 0 }, record);
    }

    /// Appends a record with the place where it was found, which columns without a place leave out.
    pub fn push_at(&mut self, place: Place<'_>, record: &Record) {
        if let Some((source, index, offset)) = &mut self.place {
            source.append_value(place.source);
            index.append_value(signed(place.index));
            offset.append_value(signed(place.offset));
            self.bytes += place.source.len() + 16;
        }
        self.bytes += self.columns.iter_mut().map(|column| column.push(record)).sum::<usize>();
        self.rows += 1;
    }

    /// How many records were appended since the last batch.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// About how many bytes they take. A batch should stay well below 2 GiB, the most that one string column can hold.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The records so far as one batch; the columns are empty again.
    ///
    /// # Errors
    /// None that mail can cause: the arrays come from builders of the schema's own fields.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len() + 3);
        if let Some((source, index, offset)) = &mut self.place {
            arrays.extend([
                ArrayBuilder::finish(source),
                ArrayBuilder::finish(index),
                ArrayBuilder::finish(offset),
            ]);
        }
        arrays.extend(self.columns.iter_mut().map(Column::finish));
        (self.rows, self.bytes) = (0, 0);
        RecordBatch::try_new(self.schema(), arrays)
    }
}

#[cfg(test)]
mod tests;
