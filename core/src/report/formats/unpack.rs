//! The table of formats, from the text in which the generated file holds it.

use crate::finder::Finder;
use crate::numbers::to_u16;
use crate::packed::fields;

use super::{AND_TEXT, Asked, FIELD, FROM, Format, Place, REPORTER, SUBJECT, Signs, TEXT, Table, Words};

/// A format's line begins with a tab: its id and its texts. The lines that follow are its signs.
pub(super) fn unpack(packed: &'static str) -> Table {
    let mut table = Table::default();
    let mut places = [const { Asking(Vec::new()) }; 4];
    for line in packed.lines() {
        if let Some(line) = line.strip_prefix('\t') {
            table.formats.push(format(line));
            continue;
        }
        let number = to_u16(table.signs.len());
        let (mut signs, mut lists) = (Signs { format: table.formats.len() - 1, ..Signs::default() }, 0);
        for (name, text) in fields(line) {
            match list(name) {
                0 => signs.take(name, text),
                list => {
                    lists |= list;
                    places[place_of(list) as usize].0.push((text, Asked { signs: number, list }));
                }
            }
        }
        table.wordless[table.signs.len() / 64] |= u64::from(lists == 0) << (table.signs.len() % 64);
        table.signs.push(signs);
        table.lists.push(lists);
    }
    table.words = places.map(Asking::file);
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

/// Where the words of a list are looked for.
fn place_of(list: u8) -> Place {
    match list {
        FROM => Place::From,
        SUBJECT => Place::Subject,
        FIELD | REPORTER => Place::Fields,
        _ => Place::Text,
    }
}

/// Words of one place, with the lists that ask for them.
struct Asking(Vec<(&'static str, Asked)>);

impl Asking {
    /// Files the lists by their words.
    fn file(mut self) -> Words {
        self.0.sort_by_key(|(word, _)| *word);
        let mut words = Words { ends: vec![0], ..Words::default() };
        let mut all = Vec::new();
        for of_word in self.0.chunk_by(|(a, _), (b, _)| a == b) {
            all.push(of_word[0].0);
            words.asked.extend(of_word.iter().map(|(_, asked)| *asked));
            words.ends.push(to_u16(words.asked.len()));
        }
        words.finder = Finder::any_case(all);
        words
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
    use super::super::{AND_TEXT, FROM, Place, TEXT};
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
        let words = |place: Place| {
            let words = &table.words[place as usize];
            let asked: Vec<_> = words.asked.iter().map(|asked| (asked.signs, asked.list)).collect();
            (asked, words.ends.clone())
        };
        // Each of "x" and "y" by the first signs in From, "y" by two lists of the second in the text.
        assert_eq!(words(Place::From), (vec![(0, FROM), (0, FROM)], vec![0, 1, 2]));
        assert_eq!(words(Place::Text), (vec![(1, TEXT), (1, AND_TEXT)], vec![0, 2]));
        assert!(table.words[Place::From as usize].finder.is_match("of X at"));
        assert!(!table.words[Place::Text as usize].finder.is_match("of X at"));
    }
}
