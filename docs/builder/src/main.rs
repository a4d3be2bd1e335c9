//! `cargo xtask docs`: builds the book into `target/book/html`.
//!
//! Pages that say what rules and schema say are written from them here, and never by hand: each reason with its
//! examples, the providers, the formats, the record's keys.

mod pages;

use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let work = root.join("target/book");
    let _ = std::fs::remove_dir_all(&work);
    copy(&root.join("docs/src"), &work.join("src"))?;
    std::fs::copy(root.join("docs/book.toml"), work.join("book.toml"))?;
    let rules = pages::Rules::read(&root)?;
    for (path, text) in pages::all(&rules, &root)? {
        write(&work.join("src").join(path), &text)?;
    }
    let summary = work.join("src/SUMMARY.md");
    let text = std::fs::read_to_string(&summary)?;
    write(&summary, &text.replace("<!-- every reason -->\n", &pages::reason_links(&rules)))?;
    let mut book = MDBook::load(&work)?;
    book.config.build.build_dir = PathBuf::from("html");
    book.build()?;
    check_links(&work.join("html"))?;
    println!("{}", work.join("html/index.html").display());
    Ok(())
}

fn write(path: &Path, text: &str) -> Result {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    Ok(std::fs::write(path, text)?)
}

fn copy(from: &Path, to: &Path) -> Result {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Every relative link must lead to a file.
fn check_links(html: &Path) -> Result {
    let mut broken = Vec::new();
    let mut checked = 0;
    for page in pages_below(html)? {
        let text = std::fs::read_to_string(&page)?;
        for link in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let target = link.split(['#', '?']).next().unwrap_or_default();
            if target.is_empty() || target.contains(':') || target.starts_with('/') {
                continue;
            }
            checked += 1;
            if !page.parent().unwrap_or(html).join(target).exists() {
                broken.push(format!("{}: {link}", page.strip_prefix(html)?.display()));
            }
        }
    }
    println!("{checked} links lead to a page");
    if checked == 0 || !broken.is_empty() {
        return Err(format!("broken links:\n{}", broken.join("\n")).into());
    }
    Ok(())
}

fn pages_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(pages_below(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            found.push(path);
        }
    }
    Ok(found)
}
