"""What a notebook shows for a value. Everything that came from a mail is escaped and cut."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._native import Record, Report, Verdict

_SHOWN_RECORDS = 50
_SHOWN_CHARACTERS = 300
_COLUMNS = ("recipient", "kind", "reason", "hard", "blame", "advice", "status", "diagnostic")


def report(value: Report) -> str:
    """A table with a row for each recipient."""
    head = f"<b>{_text(value.kind)}</b>"
    if value.subject_tag is not None:
        head += f" {_text(value.subject_tag)}"
    if value.limits:
        head += f" (limits hit: {', '.join(map(_text, value.limits))})"
    if not value.records:
        return f"<p>{head}, no records</p>"
    rows = [[getattr(record, column) for column in _COLUMNS] for record in value.records[:_SHOWN_RECORDS]]
    hidden = len(value.records) - len(rows)
    more = f"<p>and {hidden} more</p>" if hidden else ""
    return f"<p>{head}</p>{_table(rows, _COLUMNS)}{more}"


def record(value: Record) -> str:
    """A table of the keys that have something to say."""
    return _keys(value)


def verdict(value: Verdict) -> str:
    """A table of the keys that have something to say."""
    return _keys(value)


def _keys(value: Record | Verdict) -> str:
    shown = value.to_dict()
    shown["evidence"] = "; ".join(f"{it.rule}: {it.field} “{it.text}”" for it in value.evidence)
    shown["also"] = ", ".join(value.also)
    for key in ("feedback", "headers"):
        inner: dict[str, object] = shown.get(key) or {}
        shown[key] = ", ".join(f"{name}: {item}" for name, item in inner.items() if item is not None)
    return _table([key, item] for key, item in shown.items() if item not in (None, ""))


def _table(rows: Iterable[Iterable[Any]], head: Iterable[str] = ()) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{f'<thead><tr>{top}</tr></thead>' if top else ''}<tbody>{body}</tbody></table>"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return escape(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")
