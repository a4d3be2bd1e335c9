"""A record and a verdict with something in every kind of key, whatever the rules of the day say."""

from __future__ import annotations

from typing import Any

import komainu

PLAIN_FEEDBACK: dict[str, Any] = {
    "type": "abuse",
    "user_agent": "Loop/1.0",
    "source_ip": "192.0.2.1",
    "original_envelope_id": None,
    "auth_failure": None,
    "incidents": 3,
}

PLAIN_VERDICT: dict[str, Any] = {
    "reason": "mailboxfull",
    "hard": False,
    "blame": "recipient",
    "advice": "retry",
    "status": "4.2.2",
    "derived_status": "5.2.2",
    "reply_code": 452,
    "command": "RCPT",
    "provider": "docomo",
    "source_ip": None,
    "new_address": None,
    "retry_after": 300,
    "decided_by": "phrase",
    "evidence": [{"rule": "mailboxfull.quota", "field": "diagnostic", "text": "over quota"}],
    "also": ["filtered", "systemerror"],
}


def plain_record(**changes: Any) -> dict[str, Any]:
    """A record as plain data, with every key of the schema."""
    known = {
        **PLAIN_VERDICT,
        "id": "0123456789abcdef0123456789abcdef",
        "kind": "bounce",
        "recipient": "花子@example.jp",
        "recipient_source": "final_recipient",
        "action": "failed",
        "diagnostic": "452 4.2.2 <花子@example.jp>: over quota & <b>more</b>",
        "format": "postfix",
        "feedback": PLAIN_FEEDBACK,
        "headers": {"x-campaign": "春"},
        "address_status": "unstable",
        "authenticity": "genuine",
    }
    return {**komainu.Record.from_dict(known).to_dict(), **changes}


def record(**changes: Any) -> komainu.Record:
    """The same as a Record."""
    return komainu.Record.from_dict(plain_record(**changes))
