//! Files to logs: which files are one log that was rotated, and in which order.

use jiff::civil::Date;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use komainu::io::{ScanError, files};

/// A log in one or many files, the oldest first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Log {
    pub(super) files: Vec<LogFile>,
    /// Whether it was named by the user, and not found in a folder.
    pub(super) named: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct LogFile {
    pub(super) path: PathBuf,
    /// The date in its name.
    pub(super) date: Option<Date>,
}

/// Where a file stands in its log: those with a date by date, then numbered ones from the highest number down, then the one that is
/// written to. Two of one date keep the order of their names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Dated(String),
    Numbered(std::cmp::Reverse<u64>),
    Current,
}

/// A file name taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    /// What is the same in all files of the log.
    log: String,
    turn: Turn,
    date: Option<Date>,
}

/// Files of one log, in the order in which they were named.
struct Group {
    named: bool,
    files: Vec<(Name, PathBuf)>,
}

/// Groups files into logs. Logs come in the order in which their first file was named; a file named twice is read once.
pub(super) fn logs(paths: &[PathBuf], told: &mut dyn FnMut(ScanError)) -> Vec<Log> {
    let mut seen = HashSet::new();
    let mut groups: Vec<Group> = Vec::new();
    // A folder may hold a hundred thousand of them.
    let mut group_of: HashMap<PathBuf, usize> = HashMap::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let name = Name { log: "-".to_owned(), turn: Turn::Current, date: None };
            groups.push(Group { named: true, files: vec![(name, path.clone())] });
            continue;
        }
        let named = !path.is_dir();
        for file in files(path) {
            let file = match file {
                Ok(file) => file,
                Err(problem) => {
                    told(problem);
                    continue;
                }
            };
            if !seen.insert(fs::canonicalize(&file).unwrap_or_else(|_| file.clone())) {
                continue;
            }
            let name = take_apart(&file.file_name().unwrap_or_default().to_string_lossy());
            let log = folder_of(&file).join(&name.log);
            let at = *group_of.entry(log).or_insert(groups.len());
            if at == groups.len() {
                groups.push(Group { named, files: Vec::new() });
            }
            groups[at].files.push((name, file));
        }
    }
    groups.into_iter().map(Group::in_order).collect()
}

/// The folder of a file, the same for `mail.log` and `./mail.log.1`.
fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

impl Group {
    fn in_order(mut self) -> Log {
        self.files.sort_by(|(a, x), (b, y)| a.turn.cmp(&b.turn).then_with(|| x.cmp(y)));
        let files = self.files.into_iter().map(|(name, path)| LogFile { path, date: name.date }).collect();
        Log { files, named: self.named }
    }
}

/// `mail.log`, `mail.log.2.gz`, `maillog-20261101`, `acct-2026-11-21-0000.csv`, `mainlog.1` and their like.
fn take_apart(name: &str) -> Name {
    let plain = [".gz", ".zst", ".zip", ".bz2", ".xz"].iter().find_map(|end| name.strip_suffix(end));
    let plain = plain.unwrap_or(name);
    if let Some((start, end, date)) = date_in(plain) {
        // The time of day and the counter behind the date belong to it.
        let tail = plain[end..]
            .find(|c: char| c.is_alphabetic() && c != 'T' && c != 'Z')
            .unwrap_or(plain.len() - end);
        let (stamp, rest) = plain[start..].split_at(end - start + tail);
        let rest = if stamp.ends_with(['.', '-', '_']) { &plain[start + stamp.len() - 1..] } else { rest };
        let log = format!("{}{}", plain[..start].trim_end_matches(['-', '_', '.']), rest);
        let digits = stamp.chars().filter(char::is_ascii_digit).collect();
        return Name { log, turn: Turn::Dated(digits), date: Some(date) };
    }
    let numbered = plain.rsplit_once('.').and_then(|(log, number)| Some((log, number.parse::<u64>().ok()?)));
    match numbered {
        Some((log, number)) if !log.is_empty() && number < 100_000 => {
            Name { log: log.to_owned(), turn: Turn::Numbered(std::cmp::Reverse(number)), date: None }
        }
        _ => Name { log: plain.to_owned(), turn: Turn::Current, date: None },
    }
}

/// The first `20261101`, `2026-11-01`, `2026_11_01` or `2026.11.01` in a name, and where it stands.
fn date_in(name: &str) -> Option<(usize, usize, Date)> {
    let bytes = name.as_bytes();
    let digits = |from: usize, count: usize| -> Option<i16> {
        let text = name.get(from..from + count).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
        text.parse().ok()
    };
    (0..bytes.len()).find_map(|start| {
        if start > 0 && bytes[start - 1].is_ascii_digit() {
            return None;
        }
        let year = digits(start, 4).filter(|year| (1970..2200).contains(year))?;
        let gap = usize::from(matches!(bytes.get(start + 4), Some(b'-' | b'_' | b'.')));
        let month = digits(start + 4 + gap, 2)?;
        let same = gap == 0 || bytes.get(start + 7) == bytes.get(start + 4);
        let day = digits(start + 6 + 2 * gap, 2).filter(|_| same)?;
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some((start, start + 8 + 2 * gap, date))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(names: &[&str]) -> Vec<String> {
        let mut all: Vec<_> = names.iter().map(|name| (take_apart(name), (*name).to_owned())).collect();
        let log = &all[0].0.log;
        assert!(all.iter().all(|(name, _)| name.log == *log), "not one log: {all:?}");
        all.sort_by(|(a, x), (b, y)| a.turn.cmp(&b.turn).then_with(|| x.cmp(y)));
        all.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn the_files_of_a_log_come_oldest_first() {
        assert_eq!(
            order(&["mail.log", "mail.log.1", "mail.log.10.gz", "mail.log.2.gz"]),
            ["mail.log.10.gz", "mail.log.2.gz", "mail.log.1", "mail.log"]
        );
        assert_eq!(
            order(&["maillog", "maillog-20261101.zst", "maillog-20261025.gz"]),
            ["maillog-20261025.gz", "maillog-20261101.zst", "maillog"]
        );
        assert_eq!(
            order(&["mail-2026-11-02.log", "mail.log", "mail-2026-11-01.log.gz"]),
            ["mail-2026-11-01.log.gz", "mail-2026-11-02.log", "mail.log"]
        );
        assert_eq!(
            order(&["acct-2026-11-21-0001.csv", "acct-2026-11-21-0000.csv.gz", "acct.csv"]),
            ["acct-2026-11-21-0000.csv.gz", "acct-2026-11-21-0001.csv", "acct.csv"]
        );
        assert_eq!(
            order(&["20261121-110000.000000000", "20261121-100000.000000000"]),
            ["20261121-100000.000000000", "20261121-110000.000000000"]
        );
    }

    #[test]
    fn names_that_only_look_dated_stay_whole() {
        for name in ["mail.log", "mx1-20269999.log", "host-12345678901", "mail2026", "relay.1234567"] {
            assert_eq!(take_apart(name).turn, Turn::Current, "{name}");
            assert_eq!(take_apart(name).log, name);
        }
        assert_eq!(take_apart("mail.log-20261101").date, Some(jiff::civil::date(2026, 11, 1)));
    }
}
