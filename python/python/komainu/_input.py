"""Turns what Python code holds into what the native half takes."""

from __future__ import annotations

import json
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


def settled(value: Any) -> Any:
    """The same with mappings as dicts and other iterables as lists."""
    if isinstance(value, (str, bytes)):
        return value
    if hasattr(value, "keys"):
        return {key: settled(value[key]) for key in value.keys()}  # noqa: SIM118  # any mapping
    if hasattr(value, "__iter__"):
        return [settled(item) for item in value]
    return value


def options_json(options: dict[str, Any]) -> str:
    """Options as the JSON that the core reads."""
    parts: list[str] = []
    for name, value in options.items():

        def refuse(other: Any, name: str = name) -> None:
            hint = "; pass path.read_text()" if hasattr(other, "read_text") else ""
            given = type(other).__name__
            raise TypeError(
                f"{name}: only str, int, bool, lists and mappings of them are taken, not {given}{hint}"
            )

        parts.append(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False, default=refuse)}")
    return "{" + ", ".join(parts) + "}"
