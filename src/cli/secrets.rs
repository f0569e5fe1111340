//! Reads secrets from a variable, a file or a command, within bounds. It does not know what they are for,
//! and its errors never hold any of what was read.

use super::env::Env;
use crate::config::SecretSource;
use crate::model::Secret;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long a secret command may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much a secret file or command may hold.
const LIMIT: u64 = 64 * 1024;

/// Why a secret could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file is not there, or may not be read.
    #[error("the secret file {path} cannot be read: {error}")]
    File {
        /// As the configuration names it.
        path: String,
        /// The system's word.
        error: std::io::Error,
    },
    /// The command could not be started.
    #[error("the secret command {command} cannot be started: {error}")]
    Start {
        /// Its program.
        command: String,
        /// The system's word.
        error: std::io::Error,
    },
    /// The command said that it failed.
    #[error("the secret command {command} ended with {status}; run it by hand to see why")]
    Ended {
        /// Its program.
        command: String,
        /// What it ended with.
        status: ExitStatus,
    },
    /// Ten seconds were not enough.
    #[error("the secret command {command} took longer than 10 s")]
    Slow {
        /// Its program.
        command: String,
    },
    /// A signal came meanwhile.
    #[error("the secret command {command} was ended because a signal came")]
    Interrupted {
        /// Its program.
        command: String,
    },
    /// More than 64 KiB.
    #[error("{what} gives more than 64 KiB, which is no secret")]
    Large {
        /// The file or the program.
        what: String,
    },
    /// Nothing, or not UTF-8.
    #[error("{what} gives no text")]
    NoText {
        /// The file or the program.
        what: String,
    },
}

/// Reads a secret from where the file says it is; `None` if it is a variable that is not set.
pub fn fetch(source: &SecretSource, env: &Env) -> Result<Option<Secret>, SecretError> {
    match source {
        SecretSource::Env(name) => Ok(env.variable(name).map(Secret::new)),
        SecretSource::File { path, .. } => from_file(path).map(Some),
        SecretSource::Command { argv, folder } => from_command(argv, folder, env).map(Some),
    }
}

/// Reads a file; a final newline is no part of the secret.
pub fn from_file(path: &Path) -> Result<Secret, SecretError> {
    let what = path.display().to_string();
    let failed = |error| SecretError::File {
        path: what.clone(),
        error,
    };
    // A pipe that nobody writes to would be waited for without end.
    let found = std::fs::metadata(path).map_err(failed)?;
    if !found.is_file() {
        return Err(failed(std::io::Error::other("it is no regular file")));
    }
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    text(bytes, &what)
}

/// Runs a command without a shell, in the folder of the file that names it, and reads what it prints.
/// What it says on stderr is dropped, because it might say the secret.
/// A signal ends it.
pub fn from_command(argv: &[String], folder: &Path, env: &Env) -> Result<Secret, SecretError> {
    within(argv, folder, (PATIENCE, env))
}

fn within(
    argv: &[String],
    folder: &Path,
    (patience, env): (Duration, &Env),
) -> Result<Secret, SecretError> {
    let program = argv.first().map_or("", String::as_str);
    let command = || format!("\"{program}\"");
    let failed = |error| SecretError::Start {
        command: command(),
        error,
    };
    if env.interrupted().is_some() {
        return Err(SecretError::Interrupted { command: command() });
    }
    let (tell, heard) = mpsc::channel();
    let interrupt = tell.clone();
    // Whoever ends this process does not know of the other one.
    let beside = env.beside(move || {
        // Nobody listens any more once the command has ended.
        let _ = interrupt.send(None);
    });
    let _beside = beside.map_err(failed)?;
    let mut child = Command::new(program)
        .args(argv.iter().skip(1))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let answer = read_bounded(&mut child, (tell, &heard), patience).and_then(|bytes| {
        if bytes.len() as u64 > LIMIT {
            return Ok((bytes, None));
        }
        Ok((bytes, Some(end(&mut child, &heard, patience)?)))
    });
    // A child that has ended cannot be killed again; both calls may fail, and nothing follows from it.
    let _ = child.kill();
    let _ = child.wait();
    match answer {
        Err(Late::Slow) => Err(SecretError::Slow { command: command() }),
        Err(Late::Interrupted) => Err(SecretError::Interrupted { command: command() }),
        Ok((_, Some(status))) if !status.success() => Err(SecretError::Ended {
            command: command(),
            status,
        }),
        Ok((bytes, _)) => text(bytes, &format!("the secret command {}", command())),
    }
}

/// Why a command is not waited for any longer.
enum Late {
    Slow,
    Interrupted,
}

/// What it printed, or nothing: a signal came.
type Heard = Option<Vec<u8>>;

/// Reads up to one byte more than the limit in a thread of its own, because a read cannot be bounded in time.
fn read_bounded(
    child: &mut Child,
    (sender, heard): (mpsc::Sender<Heard>, &mpsc::Receiver<Heard>),
    patience: Duration,
) -> Result<Vec<u8>, Late> {
    let stdout = child.stdout.take().ok_or(Late::Slow)?;
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // A read that fails leaves what came before; the status tells the rest.
        let _ = stdout.take(LIMIT + 1).read_to_end(&mut bytes);
        let _ = sender.send(Some(bytes));
    });
    match heard.recv_timeout(patience) {
        Ok(heard) => heard.ok_or(Late::Interrupted),
        Err(_) => Err(Late::Slow),
    }
}

/// Waits for a child that has closed its stdout.
fn end(
    child: &mut Child,
    heard: &mpsc::Receiver<Heard>,
    patience: Duration,
) -> Result<ExitStatus, Late> {
    const STEP: Duration = Duration::from_millis(2);
    let mut waited = Duration::ZERO;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if matches!(heard.try_recv(), Ok(None)) => return Err(Late::Interrupted),
            Ok(None) if waited < patience => {
                std::thread::sleep(STEP);
                waited += STEP;
            }
            Ok(None) | Err(_) => return Err(Late::Slow),
        }
    }
}

fn text(bytes: Vec<u8>, what: &str) -> Result<Secret, SecretError> {
    if bytes.len() as u64 > LIMIT {
        return Err(SecretError::Large { what: what.into() });
    }
    let none = || SecretError::NoText { what: what.into() };
    let mut text = String::from_utf8(bytes).map_err(|_| none())?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    if text.is_empty() {
        return Err(none());
    }
    Ok(Secret::new(text))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn run(script: &str, patience: Duration) -> Result<Secret, SecretError> {
        let argv = ["sh", "-c", script].map(String::from);
        let sealed = Env::of_test(Path::new("/"), BTreeMap::new(), jiff::Timestamp::default());
        within(&argv, Path::new("/"), (patience, &sealed.env))
    }

    #[test]
    fn a_command_is_read_without_its_final_newline() {
        let secret = run("printf 'a b\\n\\n'", PATIENCE).expect("a secret");
        assert_eq!(secret.expose(), "a b\n");
    }

    #[test]
    fn a_command_is_bounded_and_its_errors_tell_nothing_of_its_output() {
        let error = |script: &str, patience| {
            let error = run(script, patience).expect_err("an error").to_string();
            assert!(!error.contains("canary"), "{error}");
            error
        };
        assert!(error("echo canary; exit 3", PATIENCE).contains("exit status: 3"));
        assert!(error("yes canary", PATIENCE).contains("64 KiB"));
        assert!(error("true", PATIENCE).contains("no text"));
        assert!(error("printf 'canary\\377'", PATIENCE).contains("no text"));
        assert!(error("echo canary; exec sleep 60", Duration::from_millis(50)).contains("10 s"));
        let sealed = Env::of_test(Path::new("/"), BTreeMap::new(), jiff::Timestamp::default());
        let missing = from_command(&["/nowhere/pass".into()], Path::new("/"), &sealed.env);
        assert!(
            missing
                .expect_err("an error")
                .to_string()
                .contains("cannot be started")
        );
    }
}
