//! What the rules of somebody else's package may not say, unless the project allows that package by name.

use crate::document::Spanned;
use crate::rule::load::Reading;

/// Flags of compilers that read no file, run no program, and stay within one compilation.
pub fn is_harmless(flag: &str) -> bool {
    let plain = |rest: &str| {
        let letter = |letter: char| letter.is_ascii_alphanumeric() || "-+_".contains(letter);
        rest.chars().all(letter)
    };
    let begins = |prefix: &str| flag.strip_prefix(prefix).is_some_and(plain);
    if ["-fplugin", "-fuse-ld", "-wrapper"]
        .iter()
        .any(|bad| flag.starts_with(bad))
    {
        return false;
    }
    let warning = flag.strip_prefix("-W").is_some_and(|rest| {
        plain(rest.split('=').next().unwrap_or_default()) && plain(&rest.replace('=', ""))
    });
    let value = flag
        .strip_prefix("-std=")
        .or_else(|| flag.strip_prefix("-fvisibility="));
    warning
        || value.is_some_and(plain)
        || ["-O", "-g", "-f", "-m", "-pedantic"]
            .iter()
            .any(|it| begins(it))
        || flag == "-pthread"
}

/// Reports flags that a confined file may not give.
pub fn flags(flags: &[Spanned<String>], reading: &mut Reading<'_>) {
    let Some(confined) = reading.confined.clone() else {
        return;
    };
    let package = &confined.package;
    for flag in flags.iter().filter(|flag| !is_harmless(&flag.value)) {
        let message = format!(
            "the rules of the package \"{package}\" may not give the compiler `{}`: it may run a program or read a file",
            flag.value
        );
        let help = format!("allow it in kiln.toml: `[allow] packages = [\"{package}\"]`");
        reading
            .problems
            .add_with_help("rules-forbidden", flag.span.clone(), message, help);
    }
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    #[test]
    fn flags_that_name_files_or_programs_are_no_business_of_a_dependency() {
        for flag in [
            "-O2",
            "-Wall",
            "-Wno-unused",
            "-Wformat=2",
            "-std=c11",
            "-fno-strict-aliasing",
            "-fvisibility=hidden",
            "-msse4",
            "-pthread",
            "-g3",
        ] {
            assert!(is_harmless(flag), "{flag}");
        }
        for flag in [
            "-fplugin=x.so",
            "-wrapper",
            "sh,-c,x",
            "-B.",
            "-specs=x",
            "@x",
            "-include",
            "x.h",
            "-I/etc",
            "-Wl,-plugin,x.so",
            "-Wa,-a=x",
            "-Wp,-MD,x",
            "-fmodule-mapper=|sh",
            "-fprofile-use=/x",
            "-o",
            "-Xlinker",
            "-fuse-ld",
            "-g/x",
        ] {
            assert!(!is_harmless(flag), "{flag}");
        }
    }
}
