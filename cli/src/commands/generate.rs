//! `komainu completions` and `komainu man`: what a package installs beside the command.

use clap::CommandFactory;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::exit::{Code, Problem, about};

/// Print the completion script of a shell
#[derive(clap::Args)]
#[command(after_help = "Example:\n  komainu completions bash > /etc/bash_completion.d/komainu")]
pub(crate) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

/// Print the manual page, or write one for each subcommand into a folder
#[derive(clap::Args)]
#[command(after_help = "Example:\n  komainu man | man -l -")]
pub(crate) struct Man {
    /// The folder to write them to
    folder: Option<PathBuf>,
}

impl Completions {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::Cli::command(), "komainu", &mut script);
        io::stdout().write_all(&script)?;
        Ok(Code::Fine)
    }
}

impl Man {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        if let Some(folder) = self.folder {
            fs::create_dir_all(&folder).map_err(|error| about(&folder, &error))?;
            clap_mangen::generate_to(super::Cli::command(), &folder)
                .map_err(|error| about(&folder, &error))?;
        } else {
            let mut page = Vec::new();
            clap_mangen::Man::new(super::Cli::command()).render(&mut page)?;
            io::stdout().write_all(&page)?;
        }
        Ok(Code::Fine)
    }
}
