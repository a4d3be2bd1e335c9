//! The stage of the SMTP dialogue, from the words that MTAs put around a reply.

use std::sync::OnceLock;

use crate::finder::Finder;
use crate::numbers::{packed, unpacked};
use crate::vocabulary::Command;

/// Words, lower case, and the stage that they name. Longer words win over words inside them; of several hits the
/// strongest class wins (see [`of`]), then the first.
const WORDS: &[(&str, Command, Strength)] = {
    use Command::{Auth, Conn, Data, Ehlo, Mail, Quit, Rcpt, StartTls};
    use Strength::{Hint, Says};
    &[
        // Postfix: "(in reply to RCPT TO command)"
        ("in reply to rcpt to", Rcpt, Says),
        ("in reply to mail from", Mail, Says),
        ("in reply to end of data", Data, Says),
        ("in reply to data", Data, Says),
        ("in reply to bdat", Data, Says),
        ("in reply to ehlo", Ehlo, Says),
        ("in reply to helo", Ehlo, Says),
        ("in reply to lhlo", Ehlo, Says),
        ("in reply to starttls", StartTls, Says),
        ("in reply to auth", Auth, Says),
        ("in reply to quit", Quit, Says),
        ("while sending rcpt to", Rcpt, Says),
        ("while sending mail from", Mail, Says),
        ("while sending end of data", Data, Says),
        ("while sending message body", Data, Says),
        ("while receiving the initial server greeting", Conn, Says),
        ("while receiving the initial smtp greeting", Conn, Says),
        ("while performing the ehlo handshake", Ehlo, Says),
        ("while performing the helo handshake", Ehlo, Says),
        ("while performing the lhlo handshake", Ehlo, Says),
        ("refused to talk to me", Conn, Says),
        ("lost connection with", Conn, Hint),
        ("conversation with", Conn, Hint),
        // Exim: "SMTP error from remote mail server after RCPT TO:<...>"
        ("after rcpt to", Rcpt, Says),
        ("after mail from", Mail, Says),
        ("after pipelined rcpt to", Rcpt, Says),
        ("after pipelined mail from", Mail, Says),
        ("after end of data", Data, Says),
        ("after sending data block", Data, Says),
        ("after data", Data, Says),
        ("after pipelined data", Data, Says),
        ("after initial connection", Conn, Says),
        ("after helo", Ehlo, Says),
        ("after ehlo", Ehlo, Says),
        ("after lhlo", Ehlo, Says),
        ("after starttls", StartTls, Says),
        ("after auth", Auth, Says),
        ("response to \"rcpt to", Rcpt, Says),
        ("response to \"mail from", Mail, Says),
        ("response to \"end of data", Data, Says),
        ("response to \"ehlo", Ehlo, Says),
        ("response to \"helo", Ehlo, Says),
        ("response to \"data", Data, Says),
        ("response to rcpt to", Rcpt, Says),
        ("response to mail from", Mail, Says),
        ("response to end of data", Data, Says),
        ("response to data", Data, Says),
        // qmail-remote
        ("does not like recipient", Rcpt, Says),
        ("failed after i sent the message", Data, Says),
        ("but sender was rejected", Mail, Says),
        ("but my name was rejected", Ehlo, Says),
        ("but greeting failed", Conn, Says),
        ("connected but greeting", Conn, Says),
        ("giving up on tls", StartTls, Hint),
        // Transcripts
        (">>> rcpt to", Rcpt, Says),
        (">>> mail from", Mail, Says),
        (">>> data", Data, Says),
        (">>> bdat", Data, Says),
        (">>> ehlo", Ehlo, Says),
        (">>> helo", Ehlo, Says),
        (">>> lhlo", Ehlo, Says),
        (">>> starttls", StartTls, Says),
        (">>> auth", Auth, Says),
        (">>> quit", Quit, Hint),
        // DragonFly: "did not like our RCPT TO"
        ("did not like our rcpt to", Rcpt, Says),
        ("did not like our mail from", Mail, Says),
        ("did not like our data", Data, Says),
        ("did not like our final data", Data, Says),
        ("did not like our connect", Conn, Says),
        ("did not like our helo", Ehlo, Says),
        ("did not like our ehlo", Ehlo, Says),
        // Yahoo, IBM and others name the stage in brackets
        ("[rcpt_to]", Rcpt, Says),
        ("[mail_from]", Mail, Says),
        ("[data]", Data, Says),
        ("[end_of_data]", Data, Says),
        ("[helo]", Ehlo, Says),
        ("[ehlo]", Ehlo, Says),
        ("[connect]", Conn, Says),
        ("(sent_helo)", Ehlo, Says),
        ("(sent_ehlo)", Ehlo, Says),
        ("sent_second_ehlo", Ehlo, Says),
        ("sent_first_ehlo", Ehlo, Says),
        ("sent_mail", Mail, Says),
        ("sent_rcpt", Rcpt, Says),
        ("sent_data", Data, Says),
        ("for text command", Data, Says),
        ("after rcpt command", Rcpt, Says),
        ("after mail command", Mail, Says),
        ("for rcpt command", Rcpt, Says),
        ("for mail command", Mail, Says),
        ("(during rcpt command)", Rcpt, Says),
        ("sent <<< rcpt to", Rcpt, Says),
        ("sent <<< mail from", Mail, Says),
        ("sent <<< data", Data, Says),
        ("in rcpt to", Rcpt, Hint),
        ("in mail from", Mail, Hint),
        ("returned unknown recipient", Rcpt, Hint),
        ("rcpt to generated", Rcpt, Says),
        ("mail from generated", Mail, Says),
        ("body of message generated", Data, Says),
        ("smtp:rcpt host", Rcpt, Says),
        ("smtp:mail host", Mail, Says),
        ("smtp:data host", Data, Says),
        ("progress was rcpt to", Rcpt, Says),
        ("progress was mail from", Mail, Says),
        ("progress was end of data", Data, Says),
        ("progress was connect", Conn, Says),
        ("host not reachable", Conn, Hint),
        ("did not accept our requests to connect", Conn, Says),
        ("failed connect()", Conn, Says),
        ("unable to connect successfully", Conn, Says),
        ("connection to mail exchanger failed", Conn, Says),
        // Others
        ("error following rcpt command", Rcpt, Says),
        ("error following mail command", Mail, Says),
        ("following rcpt to", Rcpt, Says),
        // NetEase: "SMTP error, RCPT TO: …", the dot that ends the data as well
        ("error, rcpt to", Rcpt, Says),
        ("error, mail from", Mail, Says),
        ("error, data", Data, Says),
        ("error, dot", Data, Says),
        ("rcpt command", Rcpt, Hint),
        ("rcpt to command", Rcpt, Says),
        ("mail from command", Mail, Says),
        ("data command", Data, Says),
        ("at rcpt", Rcpt, Hint),
        ("command: rcpt", Rcpt, Says),
        ("command: mail", Mail, Says),
        ("command: data", Data, Says),
        ("rcpt to:<", Rcpt, Hint),
        ("rcpt to: <", Rcpt, Hint),
        ("mail from:<", Mail, Hint),
        ("mail from: <", Mail, Hint),
        ("rejected recipient", Rcpt, Hint),
        ("recipient rejected", Rcpt, Hint),
        ("(state 13)", Mail, Says),
        ("(state 14)", Rcpt, Says),
        ("(state 15)", Data, Says),
        ("(state 16)", Data, Says),
        ("(state 17)", Data, Says),
        ("(state 18)", Data, Says),
        ("(state 8)", Auth, Says),
        ("(state 9)", Auth, Says),
        ("(state 12)", Auth, Says),
        ("(state 6)", StartTls, Says),
        ("connect to", Conn, Hint),
        ("connection refused", Conn, Hint),
        ("establish an smtp connection", Conn, Hint),
        ("could not connect", Conn, Hint),
        ("unable to connect", Conn, Hint),
        ("connection timed out", Conn, Hint),
        ("connection timeout", Conn, Hint),
        ("failed to connect", Conn, Hint),
        ("socket error", Conn, Hint),
        ("no route to host", Conn, Hint),
        ("network is unreachable", Conn, Hint),
        ("operation timed out", Conn, Hint),
    ]
};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// Words that often stand there for another reason.
    Hint,
    /// Words that an MTA prints for this purpose.
    Says,
}

/// The stage that a text names.
pub(crate) fn of(text: &str) -> Option<Command> {
    among(finder().longest(text).map(|hit| packed(hit.start, hit.end - hit.start, hit.word as u16)))
}

/// The words, in their order.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(words, _, _)| *words)
}

/// The stage that these words name, all that a text holds, [`packed`] by where they begin and in that order.
pub(crate) fn among(found: impl Iterator<Item = u64>) -> Option<Command> {
    let mut best: Option<(Strength, Command)> = None;
    let mut end = 0;
    for hit in found {
        let (start, length, word) = unpacked(hit);
        if start < end {
            continue;
        }
        end = start + length;
        let (_, command, strength) = WORDS[word];
        if best.is_none_or(|(found, _)| strength > found) {
            best = Some((strength, command));
        }
    }
    best.map(|(_, command)| command)
}

fn finder() -> &'static Finder {
    static FINDER: OnceLock<Finder> = OnceLock::new();
    FINDER.get_or_init(|| Finder::any_case(words()))
}

/// The stage above a reply in a quoted dialogue that marks no line: the nearest line over it that is a command.
pub(crate) fn above(context: &str, words: &str) -> Option<Command> {
    let start: &str = &words[..words.floor_char_boundary(40)];
    let (first, context_bytes) = (*start.as_bytes().first()?, context.as_bytes());
    if start.len() < 8 {
        return None;
    }
    // What searches for so many letters takes longer to be made than these few to be compared.
    let at = memchr::memchr_iter(first, context_bytes)
        .find(|at| context_bytes[*at..].starts_with(start.as_bytes()))?;
    context[..at].lines().rev().take(12).find_map(command_of)
}

/// The command that a line of a dialogue is.
fn command_of(line: &str) -> Option<Command> {
    let mark = |byte: &u8| matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'*' | b'C' | b':');
    let line = &line[line.bytes().take_while(|byte| mark(byte)).count()..];
    // Most lines are none, and end here.
    if !matches!(line.as_bytes().first()?.to_ascii_uppercase(), b'R' | b'M' | b'D' | b'E' | b'H') {
        return None;
    }
    let line = line.trim_end();
    let verb = line.split([' ', ':']).next().unwrap_or("");
    let command = ABOVE.iter().find(|(name, _)| verb.eq_ignore_ascii_case(name))?.1;
    let rest = line[verb.len()..].trim_start();
    let begins = |with: &str| rest.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    let fits = match command {
        Command::Rcpt => begins("to"),
        Command::Mail => begins("from"),
        Command::Data => rest.is_empty(),
        _ => !rest.is_empty(),
    };
    fits.then_some(command)
}

/// What a client says in a dialogue.
const ABOVE: [(&str, Command); 5] = [
    ("RCPT", Command::Rcpt),
    ("MAIL", Command::Mail),
    ("DATA", Command::Data),
    ("EHLO", Command::Ehlo),
    ("HELO", Command::Ehlo),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mta_names_the_stage_in_its_own_words() {
        let cases = [
            ("host a.example said: 550 no (in reply to RCPT TO command)", Some(Command::Rcpt)),
            ("SMTP error from remote mail server after end of data: 550 no", Some(Command::Data)),
            ("192.0.2.1 does not like recipient.\nRemote host said: 550 no", Some(Command::Rcpt)),
            ("192.0.2.1 failed after I sent the message.", Some(Command::Data)),
            (">>> RCPT To:<a@example.org>\n<<< 550 no", Some(Command::Rcpt)),
            ("connect to a.example[192.0.2.1]:25: Connection refused", Some(Command::Conn)),
            ("lost connection with a.example while sending RCPT TO", Some(Command::Rcpt)),
            ("550 5.1.1 User unknown", None),
        ];
        for (text, command) in cases {
            assert_eq!(of(text), command, "{text}");
        }
    }
}
