//! The table of formats, from the text in which the generated file holds it.

use crate::finder::Finder;
use crate::packed::{Numbered, fields};

use super::{Format, Signs, Table};

/// A format's line begins with a tab: its id and its texts. The lines that follow are its signs.
pub(super) fn unpack(packed: &'static str) -> Table {
    let mut formats: Vec<Format> = Vec::new();
    let mut words = Numbered::of(packed);
    for line in packed.lines() {
        if let Some(line) = line.strip_prefix('\t') {
            formats.push(format(line));
        } else if let Some(format) = formats.last_mut() {
            format.recognise.push(signs(line, &mut words));
        }
    }
    Table { formats, words: Finder::any_case(words.all) }
}

fn format(line: &'static str) -> Format {
    let mut fields = fields(line);
    let (id, _) = fields.next().unwrap_or_default();
    let mut format = Format { id, ..Format::default() };
    for (name, text) in fields {
        match name {
            "start" => format.start.push(text),
            "start_holds" => format.start_holds = true,
            "stop" => format.stop.push(text),
            "recipient" => format.recipient.push(text),
            _ => format.pick.push(text),
        }
    }
    format
}

fn signs(line: &'static str, words: &mut Numbered) -> Signs {
    let mut signs = Signs::default();
    for (name, text) in fields(line) {
        match name {
            "proof" => signs.proof = true,
            "header" => signs.header.push(text.split_once(": ").unwrap_or((text, ""))),
            "from" => signs.from.push(words.number(text)),
            "subject" => signs.subject.push(words.number(text)),
            "field" => signs.field.push(words.number(text)),
            "reporter" => signs.reporter.push(words.number(text)),
            "text" => signs.text.push(words.number(text)),
            _ => signs.and_text.push(words.number(text)),
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::table::{PACKED, WORDS};
    use super::{fields, unpack};

    #[test]
    fn the_table_has_as_many_words_as_it_says() {
        let signs = PACKED.lines().filter(|line| !line.starts_with('\t')).flat_map(fields);
        let words = signs.filter(|(name, _)| !["proof", "header"].contains(name)).map(|(_, word)| word);
        assert_eq!(words.collect::<HashSet<_>>().len(), WORDS);
    }

    #[test]
    fn lays_out_formats_and_their_signs() {
        let table = unpack(
            "\ta\tstart of a\tpick {any} x\tstart_holds\n\tb\nproof\tfrom  x \tfrom y\nheader h: v\ttext y\n",
        );
        let [a, b] = &table.formats[..] else { panic!("two formats") };
        assert_eq!(
            (a.id, &a.start[..], &a.pick[..], a.start_holds),
            ("a", &["of a"][..], &["{any} x"][..], true)
        );
        assert!(a.recognise.is_empty());
        let [proof, other] = &b.recognise[..] else { panic!("two signs") };
        assert_eq!((proof.proof, &proof.from[..]), (true, &[0, 1][..]));
        assert_eq!((other.proof, &other.header[..], &other.text[..]), (false, &[("h", "v")][..], &[1][..]));
        assert!(table.words.is_match("of X at"));
    }
}
