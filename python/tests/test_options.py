"""Every option of Analyzer reaches the core, and mistakes are named."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from test_many import mail

import komainu
from komainu import AddressStatus, Advice, Analyzer, Authenticity, Limit, Reason, RecipientSource

wrongly: Any = komainu

RETURNED = (
    mail(1).replace(b"--b--\n", b"")
    + b"""--b
Content-Type: message/rfc822

From: news@example.org
To: user1@example.jp
Subject: News
Message-ID: <9@example.org>
X-Campaign: spring

Hello

--b--
"""
)


def test_headers_of_the_returned_mail() -> None:
    (record,) = Analyzer(headers=iter(["X-Campaign"])).parse(RETURNED)
    assert record.headers == {"x-campaign": "spring"}
    (record,) = komainu.parse(RETURNED)
    assert record.headers is None


def test_limits() -> None:
    report = Analyzer(limits={"max_bytes": 100}).parse(RETURNED)
    assert report.limits == (Limit.BYTES,)


@pytest.mark.parametrize(
    "book",
    [
        {"User1@example.jp": "whitelisted"},
        {"@example.jp": AddressStatus.WHITELISTED},
        "user1@example.jp\twhitelisted\n",
    ],
)
def test_an_address_book(book: Any) -> None:
    (record,) = Analyzer(address_book=book).parse(RETURNED)
    assert record.address_status is AddressStatus.WHITELISTED
    assert not record.hard
    assert record.advice is Advice.NONE


def test_own_rules() -> None:
    rules = """
[[rule]]
id = "suspend.example-purple"
phrases = ["purple lamp is lit"]
source = "our own provider"
examples = ["550 5.0.0 purple lamp is lit"]
"""
    reply = "550 5.0.0 purple lamp is lit"
    assert Analyzer(rules=rules).classify(reply).reason is Reason.SUSPEND
    assert komainu.classify(reply).reason is not Reason.SUSPEND
    again = pickle.loads(pickle.dumps(Analyzer(rules=rules)))
    assert again.classify(reply).evidence[0].rule == "suspend.example-purple"


def test_redaction() -> None:
    for redact in ("mask", {"hash": "secret"}):
        report = wrongly.Analyzer(redact=redact).parse(RETURNED)
        assert "user1" not in report.to_json()


@pytest.mark.parametrize("ids", [["9@example.org"], {"9@example.org"}, ("9@example.org",)])
def test_a_verifier(ids: Any) -> None:
    (record,) = Analyzer(verifier={"message_ids": ids, "domains": ["example.org"]}).parse(RETURNED)
    assert record.authenticity is Authenticity.GENUINE
    (record,) = Analyzer(verifier={"message_ids": ["8@example.org"]}).parse(RETURNED)
    assert record.authenticity is Authenticity.CONTRADICTED


def test_verp() -> None:
    nobody = RETURNED.replace(b"Final-Recipient: rfc822; user1@example.jp\n", b"").replace(
        b"To: user1@example.jp\n", b""
    )
    raw = b"To: b-hanako=example.jp@bounces.example.org\n" + nobody
    (record,) = Analyzer(verp=["b-{local}={domain}@bounces.example.org"], verp_usual=False).parse(raw)
    assert record.recipient == "hanako@example.jp"
    assert record.recipient_source is RecipientSource.VERP


def test_options_survive_pickle_and_generators_are_read_once() -> None:
    analyzer = Analyzer(
        headers=(name for name in ["X-Campaign"]), verifier={"message_ids": {"9@example.org"}}
    )
    again = pickle.loads(pickle.dumps(analyzer))
    assert again.parse(RETURNED) == analyzer.parse(RETURNED)
    assert again.parse(RETURNED).records[0].headers == {"x-campaign": "spring"}


def test_repr_keeps_secrets() -> None:
    analyzer = Analyzer(headers=["X-Campaign"], redact={"hash": "secret"})
    assert repr(analyzer) == "Analyzer(headers=['X-Campaign'], redact=…)"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rules": 3}, TypeError, "rules is the text of a rule file (TOML)"),
        ({"rules": "[[rule]]"}, ValueError, "id"),
        ({"verp": ["x"]}, ValueError, "VERP pattern"),
        ({"verp_delimiters": "+"}, ValueError, "delimiters"),
        ({"redact": "all"}, ValueError, "mask"),
        ({"redact": {"hash": b"secret"}}, TypeError, "redact: only str, int, bool, lists and mappings"),
        ({"address_book": {"hanako@example.jp": "liked"}}, ValueError, "liked"),
        (
            {"address_book": Path("book.csv")},
            TypeError,
            f"lists and mappings of them are taken, not {type(Path()).__name__}; pass path.read_text()",
        ),
        (
            {"limits": {"max_bytes": "1"}},
            TypeError,
            "the limit max_bytes is a whole number from 1 on, not '1'",
        ),
        ({"verifier": {"message_id": []}}, ValueError, "message_id"),
        ({"verifier": 3}, ValueError, "verifier: must be an object"),
    ],
)
def test_mistakes_are_named(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        wrongly.Analyzer(**options)
    assert message in str(caught.value)
