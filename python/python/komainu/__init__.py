"""Reads what comes back when mail could not be delivered, and says for every recipient who failed, why, whose fault it
is and what to do now.

>>> import komainu
>>> verdict = komainu.classify("550 5.1.1 <nobody@example.jp>: User unknown")
>>> verdict.reason, verdict.hard, verdict.advice
(<Reason.USERUNKNOWN: 'userunknown'>, True, <Advice.SUPPRESS: 'suppress'>)

One message:     parse(raw) gives a Report with a Record for each recipient
Many messages:   parse_many(iterable) gives a Report for each, in order, over all cores
Mailboxes:       scan(path) reads files, folders, mboxes, Maildirs and archives of them
Logs:            LogReader() joins the lines of a mail server's log into records
Tables:          to_arrow(records) is taken by pandas, polars, pyarrow and DuckDB
One SMTP reply:  classify(text) gives a Verdict
Options:         Analyzer(...) has the same methods
Return paths:    verp_address(...) and batv_address(...) make what a verifier checks; original_sender(...) undoes SRS

Every closed list of words (Kind, Reason, Advice, ...) is an enum of str: ``record.reason == "userunknown"`` holds.
"""

from __future__ import annotations

from ._native import (
    SCHEMA_VERSION,
    Analyzer,
    ArrowTable,
    Evidence,
    Feedback,
    LogReader,
    Record,
    Report,
    Scan,
    ScannedMail,
    ScanProblem,
    Verdict,
    __version__,
    batv_address,
    classify,
    original_sender,
    parse,
    parse_many,
    scan,
    to_arrow,
    verp_address,
)
from ._reason import Reason
from ._vocabulary import (
    Action,
    AddressStatus,
    Advice,
    Authenticity,
    Blame,
    Command,
    DecidedBy,
    Kind,
    Limit,
    LogFormat,
    RecipientSource,
)

__all__ = [
    "SCHEMA_VERSION",
    "Action",
    "AddressStatus",
    "Advice",
    "Analyzer",
    "ArrowTable",
    "Authenticity",
    "Blame",
    "Command",
    "DecidedBy",
    "Evidence",
    "Feedback",
    "Kind",
    "Limit",
    "LogFormat",
    "LogReader",
    "Reason",
    "RecipientSource",
    "Record",
    "Report",
    "Scan",
    "ScanProblem",
    "ScannedMail",
    "Verdict",
    "__version__",
    "batv_address",
    "classify",
    "original_sender",
    "parse",
    "parse_many",
    "scan",
    "to_arrow",
    "verp_address",
]
