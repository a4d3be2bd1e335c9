//! Exit codes, and how a problem is told.

use std::error::Error;
use std::fmt;
use std::io;

/// Any error that ends a command.
pub(crate) type Problem = Box<dyn Error + Send + Sync>;

/// What the command's end says. The numbers are part of the public interface: `komainu --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    /// Everything was read; ordinary mail among it is no failure.
    Fine = 0,
    /// Some of the input could not be read, or a check said no.
    Partly = 1,
    /// A path that was given does not exist, or the command was used wrongly.
    Usage = 2,
    /// A rate is above what `--fail-above` allows.
    Above = 3,
    /// Ctrl-C or a termination signal: whole lines were written, and the state file is up to date.
    Interrupted = 130,
}

impl Code {
    pub(crate) fn from_error(problem: &(dyn Error + Send + Sync + 'static)) -> Self {
        match problem.downcast_ref::<io::Error>() {
            // Whoever read our output has seen enough: `komainu parse … | head`.
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Self::Fine,
            Some(_) => Self::Partly,
            None => Self::Usage,
        }
    }
}

/// An error about how the command was used.
#[derive(Debug)]
pub(crate) struct Misuse(pub(crate) String);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Misuse {}

/// A [`Misuse`] with this text.
pub(crate) fn misuse(text: impl Into<String>) -> Problem {
    Box::new(Misuse(text.into()))
}

/// An operating system's error on a file, with the file's name.
pub(crate) fn about(path: &std::path::Path, error: &io::Error) -> Problem {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    misuse(format!("{}: {text}", path.display()))
}

/// Tells a problem on stderr.
pub(crate) fn complain(problem: &Problem) {
    let broken_pipe =
        problem.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
    if !broken_pipe {
        crate::run::tell(problem);
    }
}
