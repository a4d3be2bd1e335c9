//! Tests of the module above.

use super::{Columns, Place};
use crate::record::{Evidence, Feedback};
use crate::testing;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};

fn keys(json: &str) -> Vec<String> {
    let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap();
    value.keys().cloned().collect()
}

fn text<'a>(batch: &'a RecordBatch, name: &str) -> &'a arrow_array::StringArray {
    batch.column_by_name(name).unwrap().as_string()
}

#[test]
fn columns_are_the_records_keys() {
    let record = testing::record();
    // A map of JSON sorts its keys, so both sides are sorted.
    let mut names: Vec<_> = Columns::new().schema().fields().iter().map(|f| f.name().clone()).collect();
    names.sort();
    assert_eq!(names, keys(&record.to_json()));
    let schema = Columns::with_place().schema();
    let first: Vec<_> = schema.fields().iter().take(4).map(|f| f.name().as_str()).collect();
    assert_eq!(first, ["source", "index", "offset", "id"]);
}

#[test]
fn values_and_nulls_arrive() {
    let mut full = testing::record();
    full.retry_after = Some(u64::MAX);
    full.feedback = Some(Feedback { kind: Some("abuse".into()), incidents: Some(3), ..Feedback::default() });
    full.headers = Some([("x-campaign".to_owned(), "spring".to_owned())].into());
    full.evidence = vec![Evidence { rule: "a.b".into(), field: "diagnostic".into(), text: "no".into() }; 2];
    let mut bare = testing::record();
    (bare.recipient, bare.evidence, bare.also) = (None, Vec::new(), Vec::new());
    let mut columns = Columns::with_place();
    columns.push_at(Place { source: "inbox", index: 1, offset: 9 }, &full);
    columns.push(&bare);
    assert_eq!(columns.rows(), 2);
    let batch = columns.finish().unwrap();
    assert_eq!((columns.rows(), columns.bytes()), (0, 0));

    assert_eq!(text(&batch, "source").value(0), "inbox");
    assert_eq!(text(&batch, "reason").value(0), full.reason.as_str());
    assert_eq!(text(&batch, "recipient").value(0), full.recipient.unwrap());
    assert!(text(&batch, "recipient").is_null(1));
    let retry = batch.column_by_name("retry_after").unwrap().as_primitive::<Int64Type>();
    assert_eq!(retry.value(0), i64::MAX);
    let feedback = batch.column_by_name("feedback").unwrap().as_struct();
    assert_eq!(feedback.column_by_name("type").unwrap().as_string::<i32>().value(0), "abuse");
    assert!(feedback.is_null(1));
    let headers = batch.column_by_name("headers").unwrap().as_map();
    assert_eq!(headers.value_length(0), 1);
    assert!(headers.is_null(1));
    let evidence = batch.column_by_name("evidence").unwrap().as_list::<i32>();
    assert_eq!((evidence.value_length(0), evidence.value_length(1)), (2, 0));
}
