//! `to_arrow`: records as a table that every Arrow consumer takes without a copy.
//!
//! The Arrow C data interface by hand: a capsule around arrow-array's stream. A ready-made crate makes the wheel three
//! times as large.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, SchemaRef};
use komainu::arrow::Columns;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::record::PyRecord;
use crate::report::PyReport;
use crate::scan::{Scan, ScannedMail};

/// A batch ends after so many rows, or so many bytes: a string column holds 2 GiB at most.
const BATCH_ROWS: usize = 16_384;
const BATCH_BYTES: usize = 256 << 20;

/// Collects records in a table of columns.
///
/// Takes an iterable of Record, Report or ScannedMail, such as a report, parse_many(...) or scan(...). The columns are
/// the record's keys; records of a scan have source, index and offset before them.
///
/// The table speaks the Arrow C data interface, so pyarrow.table(t), polars.DataFrame(t), pandas.DataFrame.from_arrow(t)
/// and DuckDB's FROM t take it without a copy.
///
/// >>> import komainu
/// >>> table = komainu.to_arrow(komainu.parse_many([b"Subject: hello\r\n\r\n"]))
/// >>> table.num_rows
/// 0
/// >>> table.column_names[:4]
/// ['id', 'kind', 'recipient', 'recipient_source']
#[pyfunction]
#[pyo3(signature = (records, /))]
pub(crate) fn to_arrow(records: &Bound<'_, PyAny>) -> PyResult<ArrowTable> {
    let wrong = |what: &Bound<'_, PyAny>| -> PyResult<PyErr> {
        let name = what.get_type().name()?;
        let message = format!("to_arrow() takes an iterable of Record, Report or ScannedMail, not {name}");
        Ok(PyTypeError::new_err(message))
    };
    let Ok(items) = records.try_iter() else { return Err(wrong(records)?) };
    let mut table = Collected::default();
    if records.is_instance_of::<Scan>() {
        // Also a scan that finds nothing has its columns.
        table.columns(true)?;
    }
    for item in items {
        // Nothing here may be Python's own code: without this, Ctrl-C waits for the last message.
        records.py().check_signals()?;
        let item = item?;
        if let Ok(mail) = item.cast::<ScannedMail>() {
            let columns = table.columns(true)?;
            mail.get().rows().for_each(|(place, record)| columns.push_at(place, record));
        } else if let Ok(report) = item.cast::<PyReport>() {
            let columns = table.columns(false)?;
            report.get().core().records.iter().for_each(|record| columns.push(record));
        } else if let Ok(record) = item.cast::<PyRecord>() {
            table.columns(false)?.push(record.get().core());
        } else {
            return Err(wrong(&item)?);
        }
        table.cut_batch()?;
    }
    table.finish()
}

/// A table on its way.
#[derive(Default)]
struct Collected {
    /// With a place or without: as the first item has it.
    columns: Option<(bool, Columns)>,
    batches: Vec<RecordBatch>,
}

impl Collected {
    fn columns(&mut self, placed: bool) -> PyResult<&mut Columns> {
        let start = || (placed, if placed { Columns::with_place() } else { Columns::new() });
        let (so_far, columns) = self.columns.get_or_insert_with(start);
        if *so_far == placed {
            return Ok(columns);
        }
        Err(PyTypeError::new_err("to_arrow() takes messages of a scan or records without a source, not both"))
    }

    fn cut_batch(&mut self) -> PyResult<()> {
        match &mut self.columns {
            Some((_, columns)) if columns.rows() >= BATCH_ROWS || columns.bytes() >= BATCH_BYTES => {
                self.batches.push(columns.finish().map_err(error)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self) -> PyResult<ArrowTable> {
        let columns = self.columns(self.columns.as_ref().is_some_and(|(placed, _)| *placed))?;
        let schema = columns.schema();
        if columns.rows() > 0 {
            let batch = columns.finish().map_err(error)?;
            self.batches.push(batch);
        }
        Ok(ArrowTable { schema, batches: self.batches })
    }
}

fn error(error: ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// Records in columns: what to_arrow() returns.
#[pyclass(module = "komainu", frozen)]
pub(crate) struct ArrowTable {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl ArrowTable {
    /// How many records there are.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The record's keys.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("ArrowTable({} rows, {} columns)", self.num_rows(), self.schema.fields().len())
    }

    /// The schema as a capsule of the Arrow C data interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&*self.schema).map_err(error)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The table as a capsule of the Arrow C stream interface. The consumer casts to another schema, if it wants one.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }
}
