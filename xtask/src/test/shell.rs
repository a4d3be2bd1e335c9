//! Runs one command: shows its output as it comes, keeps it, and ends it when it hangs.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// A command that says nothing for so long hangs: this guards against waiting for ever, it judges no speed.
const HANGS: Duration = Duration::from_secs(20 * 60);
/// A daemon that a test forgot can hold the pipe open after the command itself has ended.
const GRACE: Duration = Duration::from_secs(5);

/// What came of one command.
pub(super) struct Done {
    pub(super) success: bool,
    pub(super) output: String,
}

/// Runs `command` without standard input, both outputs in the order they come.
pub(super) fn run(mut command: Command) -> Done {
    println!("\n$ {}", shown(&command));
    match start(&mut command) {
        Ok(done) => done,
        Err(error) => {
            let output = format!("cannot run {:?}: {error}\n", command.get_program());
            print!("{output}");
            Done { success: false, output }
        }
    }
}

fn start(command: &mut Command) -> std::io::Result<Done> {
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
    let mut child = command.spawn()?;
    // The command holds the pipe's writing ends, too: let go of them, or the reader never comes to an end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (send, receive) = channel::<Vec<u8>>();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(reader);
        let mut line = Vec::new();
        while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
            if send.send(std::mem::take(&mut line)).is_err() {
                break;
            }
        }
    });
    let mut output = String::new();
    let mut heard = Instant::now();
    let mut ended: Option<(bool, Instant)> = None;
    loop {
        match receive.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                let line = String::from_utf8_lossy(&line);
                print!("{line}");
                output.push_str(&line);
                heard = Instant::now();
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        match ended {
            Some((_, when)) if when.elapsed() > GRACE => break,
            Some(_) => {}
            None => ended = child.try_wait()?.map(|status| (status.success(), Instant::now())),
        }
        if ended.is_none() && heard.elapsed() > HANGS {
            output.push_str("ended: it printed nothing for 20 minutes\n");
            let _ = Command::new("kill").args(["-9", "--", &format!("-{}", child.id())]).status();
        }
    }
    let _ = std::io::stdout().flush();
    let success = match ended {
        Some((success, _)) => success,
        None => child.wait()?.success(),
    };
    Ok(Done { success, output })
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::run;
    use std::process::Command;

    #[test]
    fn both_outputs_and_the_status_are_kept() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let done = run(command);
        assert!(!done.success);
        assert!(done.output.contains("out\n") && done.output.contains("err\n"));
    }

    #[test]
    fn a_forgotten_daemon_does_not_hold_the_run() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 30 & echo started"]);
        assert!(run(command).success);
    }

    #[test]
    fn a_missing_program_is_a_failure_that_names_it() {
        let done = run(Command::new("no-such-program-here"));
        assert!(!done.success && done.output.contains("no-such-program-here"));
    }
}
