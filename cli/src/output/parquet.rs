//! Apache Parquet: the record's keys as columns, with a time that databases understand beside the text.

use jiff::Timestamp;
use komainu::Record;
use komainu::io::ParsedMail;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result as Written};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::io::{self, IsTerminal};
use std::sync::Arc;

use super::columns::{COLUMNS, Kind, Value};
use super::{Block, Render, Sink};

/// Rows of a row group: held in memory until it is written.
const ROWS: usize = 4_096;

/// The last column: `timestamp` in UTC.
const TIME: &str = "timestamp_utc";

/// A Parquet file on stdout.
pub(super) struct Parquet {
    writer: Option<SerializedFileWriter<io::Stdout>>,
    columns: Vec<Vec<Value>>,
    times: Vec<Option<i64>>,
}

fn other(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        error => io::Error::other(error),
    }
}

impl Parquet {
    pub(super) fn new() -> io::Result<Self> {
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let schema = schema().map_err(other)?;
        let writer = SerializedFileWriter::new(io::stdout(), schema, Arc::new(properties)).map_err(other)?;
        Ok(Self { writer: Some(writer), columns: vec![Vec::new(); COLUMNS.len()], times: Vec::new() })
    }

    fn add(&mut self, mail: &ParsedMail, record: &Record) {
        for (values, column) in self.columns.iter_mut().zip(COLUMNS) {
            values.push((column.read)(mail, record));
        }
        let time = record.timestamp.as_deref().and_then(|time| time.parse::<Timestamp>().ok());
        self.times.push(time.map(Timestamp::as_millisecond));
    }

    fn write_group(&mut self) -> Written<()> {
        let Some(writer) = self.writer.as_mut().filter(|_| !self.times.is_empty()) else { return Ok(()) };
        let mut group = writer.next_row_group()?;
        for values in &mut self.columns {
            let mut column = group.next_column()?.ok_or_else(|| ParquetError::General("a column".into()))?;
            write_column(column.untyped(), std::mem::take(values))?;
            column.close()?;
        }
        let mut column = group.next_column()?.ok_or_else(|| ParquetError::General("a column".into()))?;
        let times = std::mem::take(&mut self.times);
        if let ColumnWriter::Int64ColumnWriter(writer) = column.untyped() {
            let there: Vec<i16> = times.iter().map(|time| i16::from(time.is_some())).collect();
            let times: Vec<i64> = times.into_iter().flatten().collect();
            writer.write_batch(&times, Some(&there), None)?;
        }
        column.close()?;
        group.close()?;
        Ok(())
    }
}

/// All columns but `hard` may be null, so that new ones can come without breaking readers.
fn schema() -> Written<Arc<Type>> {
    let mut fields = Vec::new();
    for column in COLUMNS {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Number => (Physical::INT64, None),
            Kind::Bool => (Physical::BOOLEAN, None),
        };
        let needed = if column.kind == Kind::Bool { Repetition::REQUIRED } else { Repetition::OPTIONAL };
        let field = Type::primitive_type_builder(column.name, physical)
            .with_repetition(needed)
            .with_logical_type(logical)
            .build()?;
        fields.push(Arc::new(field));
    }
    let time = Type::primitive_type_builder(TIME, Physical::INT64)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::TIMESTAMP_MILLIS)
        .build()?;
    fields.push(Arc::new(time));
    Ok(Arc::new(Type::group_type_builder("record").with_fields(fields).build()?))
}

fn write_column(column: &mut ColumnWriter<'_>, values: Vec<Value>) -> Written<()> {
    let mut there = Vec::with_capacity(values.len());
    let mut texts = Vec::new();
    let mut numbers = Vec::new();
    let mut bools = Vec::new();
    for value in values {
        there.push(i16::from(!matches!(value, Value::Text(None) | Value::Number(None))));
        match value {
            Value::Text(text) => texts.extend(text.map(|text| ByteArray::from(text.into_bytes()))),
            Value::Number(number) => numbers.extend(number.map(u64::cast_signed)),
            Value::Bool(value) => bools.push(value),
        }
    }
    match column {
        ColumnWriter::ByteArrayColumnWriter(writer) => writer.write_batch(&texts, Some(&there), None)?,
        ColumnWriter::Int64ColumnWriter(writer) => writer.write_batch(&numbers, Some(&there), None)?,
        ColumnWriter::BoolColumnWriter(writer) => writer.write_batch(&bools, None, None)?,
        _ => return Err(ParquetError::General("the schema has three types".into())),
    };
    Ok(())
}

impl Sink for Parquet {
    fn renderer(&self) -> Box<Render> {
        Box::new(|_, _| true)
    }

    fn write(&mut self, block: Block) -> io::Result<()> {
        for record in &block.mail.report.records {
            self.add(&block.mail, record);
        }
        if self.times.len() >= ROWS { self.write_group().map_err(other) } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write_group().map_err(other)?;
        if let Some(writer) = self.writer.take() {
            writer.close().map_err(other)?;
        }
        Ok(())
    }

    fn on_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Where its groups stand is told at the end of the file.
    fn lasts(&self) -> bool {
        false
    }
}
