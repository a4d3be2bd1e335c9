//! The table of formats, from the text in which the generated file holds it.

use crate::finder::Finder;
use crate::packed::{Numbered, fields, place};

use super::{AND_TEXT, Asked, FIELD, FROM, Format, REPORTER, SUBJECT, Signs, TEXT, Table};

/// A format's line begins with a tab: its id and its texts. The lines that follow are its signs.
pub(super) fn unpack(packed: &'static str) -> Table {
    let mut table = Table::default();
    let mut words = Numbered::of(packed);
    let mut asked: Vec<(u16, Asked)> = Vec::new();
    for line in packed.lines() {
        if let Some(line) = line.strip_prefix('\t') {
            table.formats.push(format(line));
            continue;
        }
        let number = place(table.signs.len());
        let (mut signs, mut lists) = (Signs { format: table.formats.len() - 1, ..Signs::default() }, 0);
        for (name, text) in fields(line) {
            match list(name) {
                0 => signs.take(name, text),
                list => {
                    lists |= list;
                    asked.push((words.number(text), Asked { signs: number, list }));
                }
            }
        }
        table.signs.push(signs);
        table.lists.push(lists);
    }
    table.file(asked, words.all.len());
    table.words = Finder::any_case(words.all);
    table
}

/// The list that a field's words are of; 0 where it holds none.
fn list(name: &str) -> u8 {
    match name {
        "from" => FROM,
        "subject" => SUBJECT,
        "field" => FIELD,
        "reporter" => REPORTER,
        "text" => TEXT,
        "and_text" => AND_TEXT,
        _ => 0,
    }
}

impl Signs {
    fn take(&mut self, name: &'static str, text: &'static str) {
        match name {
            "header" => self.header.push(text.split_once(": ").unwrap_or((text, ""))),
            _ => self.proof = true,
        }
    }
}

impl Table {
    /// Files by their words the lists that ask for them.
    fn file(&mut self, mut asked: Vec<(u16, Asked)>, words: usize) {
        asked.sort_unstable_by_key(|(word, _)| *word);
        let until = |word| place(asked.partition_point(|(asked, _)| usize::from(*asked) < word));
        self.ends = (0..=words).map(until).collect();
        self.asked = asked.into_iter().map(|(_, asked)| asked).collect();
    }
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

#[cfg(test)]
mod tests {
    use super::super::{AND_TEXT, FROM, TEXT};
    use super::unpack;

    #[test]
    fn lays_out_formats_and_their_signs() {
        let table = unpack(
            "\ta\tstart of a\tpick {any} x\tstart_holds\n\tb\nproof\tfrom  x \tfrom y\nheader h: v\ttext y\tand_text y\n",
        );
        let [a, b] = &table.formats[..] else { panic!("two formats") };
        assert_eq!(
            (a.id, &a.start[..], &a.pick[..], a.start_holds),
            ("a", &["of a"][..], &["{any} x"][..], true)
        );
        assert_eq!(b.id, "b");
        let [proof, other] = &table.signs[..] else { panic!("two signs") };
        assert_eq!((proof.format, proof.proof, &proof.header[..]), (1, true, &[][..]));
        assert_eq!((other.format, other.proof, &other.header[..]), (1, false, &[("h", "v")][..]));
        assert_eq!(table.lists, [FROM, TEXT | AND_TEXT]);
        // "x" is asked for by the first signs, "y" by two lists of the second and one of the first.
        let asked: Vec<_> = table.asked.iter().map(|asked| (asked.signs, asked.list)).collect();
        assert_eq!(asked, [(0, FROM), (0, FROM), (1, TEXT), (1, AND_TEXT)]);
        assert_eq!(table.ends, [0, 1, 4]);
        assert!(table.words.is_match("of X at"));
    }
}
