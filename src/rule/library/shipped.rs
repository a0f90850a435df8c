//! The libraries that are known without a project's saying: one file each, read when the library is asked for.

use crate::error::Result;
use crate::rule::load;
use crate::rule::schema::LibraryRule;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$((
            $name,
            concat!("rules/libraries/", $name, ".toml"),
            include_str!(concat!("../../../rules/libraries/", $name, ".toml")),
        )),*]
    };
}

/// The name of each, its file, and the text.
const SHIPPED: &[(&str, &str, &str)] = files![
    "bz2", "c", "crypto", "curl", "dl", "gmp", "jpeg", "lzma", "m", "ncurses", "png", "pthread",
    "readline", "sqlite3", "ssl", "uuid", "xml2", "z", "zstd",
];

/// The name of each, its file, and the text.
pub fn shipped_libraries() -> &'static [(&'static str, &'static str, &'static str)] {
    SHIPPED
}

/// The rule of this name.
pub fn library(name: &str) -> Result<Option<LibraryRule>> {
    let Some((_, file, text)) = SHIPPED.iter().find(|(known, ..)| *known == name) else {
        return Ok(None);
    };
    // Tests come last, and are for tests.
    let end = text.find("\n[[test]]").unwrap_or(text.len());
    let mut loaded = load::load(file, &text[..end], None)?;
    Ok(loaded.libraries.swap_remove(name))
}
