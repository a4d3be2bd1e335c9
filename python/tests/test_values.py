"""Reports, records and verdicts are value objects that Python people expect."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from typing import Any

import pytest

import komainu
from komainu import Advice, Blame, Command, Evidence, Feedback, Kind, Reason, Record, Report, Verdict

from sample import PLAIN_FEEDBACK, PLAIN_VERDICT, plain_record, record

wrongly: Any = komainu
VALUES: list[Any] = [
    record(),
    Verdict.from_dict(PLAIN_VERDICT),
    Evidence.from_dict(PLAIN_VERDICT["evidence"][0]),
    Feedback.from_dict(PLAIN_FEEDBACK),
    Report.from_dict(
        {"kind": "bounce", "subject_tag": "[SPAM]", "records": [plain_record()], "limits": ["bytes"]}
    ),
]
each_value = pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)


def test_attributes_have_the_types_that_the_stubs_promise() -> None:
    one = record()
    assert one.recipient == "花子@example.jp"
    assert one.kind is Kind.BOUNCE
    assert one.reason is Reason.MAILBOXFULL
    assert one.hard is False
    assert one.blame is Blame.RECIPIENT
    assert one.advice is Advice.RETRY
    assert one.command is Command.RCPT
    assert one.reply_code == 452
    assert one.retry_after == 300
    assert one.headers == {"x-campaign": "春"}
    assert one.also == (Reason.FILTERED, Reason.SYSTEMERROR)
    assert one.evidence == (Evidence.from_dict(PLAIN_VERDICT["evidence"][0]),)
    assert one.feedback is not None
    assert one.feedback.type == "abuse"
    assert one.feedback.incidents == 3
    assert one.sender is None


@each_value
def test_values_are_immutable(value: Any) -> None:
    key = next(iter(value.to_dict()))
    with pytest.raises(AttributeError):
        setattr(value, key, "else")
    with pytest.raises(AttributeError):
        value.something_new = 1


@each_value
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_values_survive_pickle(value: Any, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(value, protocol))
    assert type(again) is type(value)
    assert again == value
    assert hash(again) == hash(value)


@each_value
def test_values_survive_copy_and_json(value: Any) -> None:
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value
    assert type(value).from_dict(json.loads(value.to_json())) == value
    assert json.dumps(value.to_dict(), ensure_ascii=False, separators=(",", ":")) == value.to_json()


@each_value
def test_values_compare_by_value_and_only_with_their_like(value: Any) -> None:
    assert value == type(value).from_dict(value.to_dict())
    assert value != value.to_dict()
    assert value != "value"
    assert len({value, type(value).from_dict(value.to_dict())}) == 1
    with pytest.raises(TypeError):
        sorted([value, value])


def test_any_different_key_makes_a_different_record() -> None:
    for key, other in [("recipient", "x@example.jp"), ("hard", True), ("also", []), ("feedback", None)]:
        assert record(**{key: other}) != record()


def test_repr_shows_what_one_looks_for() -> None:
    assert repr(record()) == (
        "Record(kind='bounce', recipient='花子@example.jp', reason='mailboxfull', hard=False, blame='recipient', "
        "advice='retry', status='4.2.2', diagnostic='452 4.2.2 <花子@example.jp>: over quota & <b>more</b>')"
    )
    assert repr(VALUES[2]) == "Evidence(rule='mailboxfull.quota', field='diagnostic', text='over quota')"
    assert repr(record(recipient=None, status=None, diagnostic="あ" * 1000)).endswith(f"'{'あ' * 100}…')")
    many = Report.from_dict(
        {"kind": "bounce", "subject_tag": None, "records": [plain_record()] * 9, "limits": []}
    )
    assert repr(many).startswith("Report(kind='bounce', records=(Record(kind='bounce', recipient=")
    assert repr(many).endswith("… 6 more))")
    assert repr(komainu.parse(b"Subject: hello\n\nhello")) == "Report(kind='other', records=())"


@pytest.mark.skipif(sys.version_info < (3, 10), reason="the match statement came with Python 3.10")
def test_patterns_match() -> None:
    scope: dict[str, Any] = {"one": record(), "komainu": komainu}
    source = """
match one:
    case komainu.Record("bounce", address, komainu.Reason.MAILBOXFULL, hard=False): found = address
    case _: found = None
"""
    exec(source, scope)  # a SyntaxError on Python 3.9
    assert scope["found"] == "花子@example.jp"


def test_html_escapes_what_came_from_mail() -> None:
    for value in (VALUES[0], VALUES[4]):
        html = value._repr_html_()
        assert "over quota &amp; &lt;b&gt;more&lt;/b&gt;" in html
        assert "<b>more" not in html
        assert html.count("<table>") == 1
    long = Report.from_dict({**VALUES[4].to_dict(), "records": [plain_record(diagnostic="x" * 9999)] * 60})
    assert "and 10 more" in long._repr_html_()
    assert "x" * 301 not in long._repr_html_()
    assert "no records" in komainu.parse(b"")._repr_html_()
    assert "mailboxfull" in VALUES[1]._repr_html_()


def test_from_dict_passes_over_further_keys_and_takes_missing_ones_as_none() -> None:
    plain = plain_record(source="inbox.mbox", index=7)
    del plain["authenticity"]
    assert Record.from_dict(plain) == record(authenticity=None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "bounced"}, 'key "kind": "bounced" is no Kind; use one of bounce, delay'),
        ({"kind": None}, 'key "kind": expected str, not NoneType'),
        ({"hard": "yes"}, 'key "hard": expected bool, not str'),
        ({"reply_code": -1}, 'key "reply_code": expected int'),
        ({"evidence": "x"}, 'key "evidence": expected list, not str'),
        ({"evidence": [3]}, 'key "evidence": expected dict, not int'),
        ({"headers": {"x": 1}}, 'key "headers": expected dict of str to str'),
    ],
)
def test_from_dict_says_which_key_is_wrong(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="Record.from_dict: ") as caught:
        record(**changes)
    assert message in str(caught.value)


def test_a_report_is_a_collection_of_its_records() -> None:
    report = VALUES[4]
    assert len(report) == 1
    assert list(report) == [record()]
    assert report.records is report.records
    assert komainu.parse(b"")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (Record.from_dict(plain_record()).to_json(), "not str; pass json.loads\\(text\\)$"),
        (None, "not NoneType$"),
        ([], "not list$"),
    ],
    ids=["text", "none", "list"],
)
def test_from_dict_says_what_it_takes(given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=r"Record.from_dict\(\) takes a dict, " + message):
        wrongly.Record.from_dict(given)
