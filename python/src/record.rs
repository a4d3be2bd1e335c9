//! The classes `Record`, `Verdict`, `Evidence` and `Feedback`.

use komainu::{Evidence, Feedback, Record, Report, Verdict};
use pyo3::prelude::*;
use std::sync::Arc;

use crate::class::value_class;

/// What happened to one recipient.
///
/// Every key of the record is an attribute; what the mail does not say is None. Records are immutable, compare by value,
/// hash, pickle, and match patterns:
///
/// >>> import komainu
/// >>> match_args = komainu.Record.__match_args__
/// >>> match_args
/// ('kind', 'recipient', 'reason')
#[pyclass(name = "Record", module = "komainu", frozen)]
pub(crate) struct PyRecord {
    report: Arc<Report>,
    /// Below `report.records.len()`, always.
    index: usize,
}

impl PyRecord {
    /// Every record of a report, without copying one.
    pub(crate) fn all(report: &Arc<Report>) -> impl Iterator<Item = Self> {
        (0..report.records.len()).map(|index| Self { report: Arc::clone(report), index })
    }

    pub(crate) fn core(&self) -> &Record {
        &self.report.records[self.index]
    }
}

impl From<Record> for PyRecord {
    fn from(record: Record) -> Self {
        Self { report: Arc::new(Report::from(record)), index: 0 }
    }
}

value_class! {
    PyRecord of Record as "Record",
    matched: ["kind", "recipient", "reason"],
    shown: ["kind", "recipient", "reason", "hard", "blame", "advice", "status", "diagnostic"],
    keys: {
        /// 32 hex digits that are the same for the same failure seen again (postmaster's copy, log, another mailbox).
        id: id,
        /// What this recipient's part of the report is: a Kind.
        kind: kind,
        /// The address that failed; the local part as written, the domain in lower case. None: the mail names nobody.
        recipient: recipient,
        /// Where the recipient was read: a RecipientSource.
        recipient_source: recipient_source,
        /// The address that was mailed to, where it differs (alias, forward, ORCPT, VERP, SRS).
        original_recipient: original_recipient,
        /// The envelope sender of the returned mail, else its From.
        sender: sender,
        /// Why it failed: a Reason.
        reason: reason,
        /// Whether the address will never work.
        hard: hard,
        /// Whose side the failure is on: a Blame.
        blame: blame,
        /// What to do now: an Advice.
        advice: advice,
        /// The Action of RFC 3464. None where neither field nor words say it.
        action: action,
        /// The enhanced status code (RFC 3463) of the deciding reply, else the Status field.
        status: status,
        /// The Status field, untouched.
        dsn_status: dsn_status,
        /// The enhanced status code that the decision would deserve.
        derived_status: derived_status,
        /// The SMTP reply code (RFC 5321) of the deciding reply.
        reply_code: reply_code,
        /// The stage of the SMTP dialogue at which it was refused: a Command.
        command: command,
        /// The words of the deciding reply, white space folded.
        diagnostic: diagnostic,
        /// The type before the words: 'smtp', 'x-unix', 'lmtp' and others.
        diagnostic_type: diagnostic_type,
        /// The host that wrote the report.
        reporting_mta: reporting_mta,
        /// The host that the reporting host had the message from.
        received_from_mta: received_from_mta,
        /// The host that refused the message.
        remote_mta: remote_mta,
        /// The sending address, where a reply names it.
        source_ip: source_ip,
        /// Who runs the mailbox: 'google', 'microsoft365', 'docomo' and others.
        provider: provider,
        /// Which report format was read: 'postfix', 'exim', 'rfc3464', 'arf' and others.
        format: format,
        /// Where a reply says that the mailbox moved to.
        new_address: new_address,
        /// Seconds to wait before another try, where the reply states them.
        retry_after: retry_after,
        /// The fields of a feedback report: a Feedback.
        feedback: feedback,
        /// Subject of the returned mail.
        subject: subject,
        /// Message-ID of the returned mail, without angle brackets.
        message_id: message_id,
        /// List-Id of the returned mail (RFC 2919), without angle brackets.
        list_id: list_id,
        /// Feedback-ID header of the returned mail.
        feedback_id: feedback_id,
        /// Headers of the returned mail that the Analyzer was asked for, by name in lower case.
        headers: headers,
        /// Original-Envelope-Id (RFC 3461 ENVID).
        original_envelope_id: original_envelope_id,
        /// The reporting host's queue id.
        queue_id: queue_id,
        /// When it happened, as RFC 3339 with the offset as written.
        timestamp: timestamp,
        /// Arrival-Date of RFC 3464, as RFC 3339.
        arrival_date: arrival_date,
        /// Last-Attempt-Date of RFC 3464, as RFC 3339.
        last_attempt_date: last_attempt_date,
        /// Will-Retry-Until of RFC 3464, as RFC 3339.
        will_retry_until: will_retry_until,
        /// Which kind of knowledge decided the reason: a DecidedBy.
        decided_by: decided_by,
        /// What the decision rests on, the winner first: a tuple of Evidence.
        evidence: evidence,
        /// Reasons that matched too and lost, best first: a tuple of Reason.
        also: also,
        /// What the caller's address book says of the recipient: an AddressStatus.
        address_status: address_status,
        /// Whether the report answers mail that the caller really sent: an Authenticity.
        authenticity: authenticity,
    }
    more: {
        fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<Py<PyAny>> {
            crate::report::html("record", slf.as_any())
        }
    }
}

/// One SMTP reply, decided: what classify() returns.
#[pyclass(name = "Verdict", module = "komainu", frozen)]
pub(crate) struct PyVerdict(Verdict);

impl PyVerdict {
    fn core(&self) -> &Verdict {
        &self.0
    }
}

impl From<Verdict> for PyVerdict {
    fn from(verdict: Verdict) -> Self {
        Self(verdict)
    }
}

value_class! {
    PyVerdict of Verdict as "Verdict",
    matched: ["reason", "hard", "advice"],
    shown: ["reason", "hard", "blame", "advice", "status", "reply_code", "command", "provider", "decided_by"],
    keys: {
        /// Why it failed: a Reason.
        reason: reason,
        /// Whether the address will never work.
        hard: hard,
        /// Whose side the failure is on: a Blame.
        blame: blame,
        /// What to do now: an Advice.
        advice: advice,
        /// The enhanced status code of the reply.
        status: status,
        /// The enhanced status code that the decision would deserve.
        derived_status: derived_status,
        /// The SMTP reply code.
        reply_code: reply_code,
        /// The stage of the SMTP dialogue, where the text tells it: a Command.
        command: command,
        /// Who runs the mailbox, from the hint or the wording.
        provider: provider,
        /// The sending address, where the reply names it.
        source_ip: source_ip,
        /// Where the reply says that the mailbox moved to.
        new_address: new_address,
        /// Seconds to wait before another try, where the reply states them.
        retry_after: retry_after,
        /// Which kind of knowledge decided the reason: a DecidedBy.
        decided_by: decided_by,
        /// What the decision rests on, the winner first: a tuple of Evidence.
        evidence: evidence,
        /// Reasons that matched too and lost, best first: a tuple of Reason.
        also: also,
    }
    more: {
        fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<Py<PyAny>> {
            crate::report::html("verdict", slf.as_any())
        }
    }
}

/// One piece of what a decision rests on.
#[pyclass(name = "Evidence", module = "komainu", frozen)]
pub(crate) struct PyEvidence(Evidence);

impl PyEvidence {
    fn core(&self) -> &Evidence {
        &self.0
    }
}

impl From<Evidence> for PyEvidence {
    fn from(evidence: Evidence) -> Self {
        Self(evidence)
    }
}

value_class! {
    PyEvidence of Evidence as "Evidence",
    matched: ["rule", "field", "text"],
    shown: ["rule", "field", "text"],
    keys: {
        /// The rule's id, as `komainu rules show` takes it.
        rule: rule,
        /// The record key that the rule looked at.
        field: field,
        /// The words that matched: an exact substring of that key's value.
        text: text,
    }
    more: {}
}

/// The fields of a feedback report (RFC 5965, RFC 6591).
#[pyclass(name = "Feedback", module = "komainu", frozen)]
pub(crate) struct PyFeedback(Feedback);

impl PyFeedback {
    fn core(&self) -> &Feedback {
        &self.0
    }
}

impl From<Feedback> for PyFeedback {
    fn from(feedback: Feedback) -> Self {
        Self(feedback)
    }
}

value_class! {
    PyFeedback of Feedback as "Feedback",
    matched: ["type"],
    shown: ["type", "user_agent", "source_ip", "original_envelope_id", "auth_failure", "incidents"],
    keys: {
        /// Feedback-Type in lower case: 'abuse', 'fraud', 'opt-out', 'not-spam', 'auth-failure' and others.
        r#type: kind,
        /// User-Agent of the report generator.
        user_agent: user_agent,
        /// Source-IP.
        source_ip: source_ip,
        /// Original-Envelope-Id.
        original_envelope_id: original_envelope_id,
        /// Auth-Failure (RFC 6591).
        auth_failure: auth_failure,
        /// How many reports this one stands for.
        incidents: incidents,
    }
    more: {}
}
