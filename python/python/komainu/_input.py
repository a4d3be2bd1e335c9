"""Turns Python's own message objects back into bytes."""

from __future__ import annotations

from email.generator import BytesGenerator
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from email.message import Message


def message_bytes(message: Message[Any, Any]) -> bytes:
    """The message as it came, as far as the email package kept it: no header is folded anew."""
    policy: Any = message.policy
    if hasattr(policy, "refold_source"):
        policy = policy.clone(refold_source="none")
    else:
        policy = policy.clone(max_line_length=0)
    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, policy=policy).flatten(message)
    except (LookupError, UnicodeError):
        # Text that the declared charset cannot hold: the characters themselves say more than an error would.
        return message.as_string(policy=policy).encode("utf-8", "surrogateescape")
    return out.getvalue()
