"""Return paths: what is made here is what the verifier and the parser read."""

from __future__ import annotations

from typing import Any

import pytest

import komainu
from komainu import Analyzer, Authenticity, RecipientSource

PATTERN = "b-{id}-{token}-{local}={domain}@bounces.example.org"
SECRET = "a long random secret"
NOW = 1_764_547_200
BOUNCE = """\
From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: Undelivered
Content-Type: text/plain

The mailbox of one of your recipients is unknown: 550 5.1.1 User unknown
"""


def bounce(to: str) -> bytes:
    return BOUNCE.format(to=to).encode()


def test_a_verp_address_names_the_recipient_and_proves_it() -> None:
    address = komainu.verp_address(PATTERN, "taro@example.jp", ids=["42"], secret=SECRET)
    assert address.startswith("b-42-")
    analyzer = Analyzer(verp=[PATTERN], verifier={"verp": [{"pattern": PATTERN, "secret": SECRET}]})
    (record,) = analyzer.parse(bounce(address))
    assert (record.recipient, record.recipient_source) == ("taro@example.jp", RecipientSource.VERP)
    assert record.authenticity is Authenticity.GENUINE
    other = komainu.verp_address(PATTERN, "taro@example.jp", ids=["42"], secret="another")
    (record,) = analyzer.parse(bounce(other))
    assert record.authenticity is Authenticity.CONTRADICTED


def test_a_batv_address_proves_that_the_mail_was_ours() -> None:
    address = komainu.batv_address("news@example.org", number=1, secret=SECRET, now=NOW)
    verifier: Any = {"domains": ["example.org"], "batv": [{"number": 1, "secret": SECRET}], "now": NOW}
    (record,) = Analyzer(verifier=verifier).parse(bounce(address))
    assert record.authenticity is Authenticity.GENUINE
    assert komainu.original_sender(address) == "news@example.org"
    assert komainu.batv_address("news@example.org", number=1, secret=SECRET) != address


def test_what_others_put_around_an_address_is_undone() -> None:
    assert komainu.original_sender("SRS0=x9Lm=7B=example.org=news@forwarder.example") == "news@example.org"
    assert komainu.original_sender("no address") == "no address"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: komainu.verp_address("{local}@example.org", "taro@example.jp"), "VERP pattern"),
        (lambda: komainu.verp_address("news@example.org", "nobody"), "no address"),
        (lambda: komainu.verp_address("news@example.org", "taro@example.jp", ids=["1"]), "no place for ids"),
        (lambda: komainu.batv_address("news@example.org", number=10, secret="x"), "0 to 9"),
        (lambda: komainu.batv_address("news@example.org", number=1, secret=""), "empty"),
    ],
)
def test_mistakes_are_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("ids", ["42", [42]])
def test_ids_are_a_list_of_str(ids: Any) -> None:
    with pytest.raises(TypeError, match=r"ids is a list of str, such as \['42'\]"):
        komainu.verp_address("b-{id}-{local}={domain}@example.org", "taro@example.jp", ids=ids)
