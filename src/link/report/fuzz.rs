//! The parsers on damaged, random and made-up reports: none panics, none holds much more than it was given, and each gives
//! back what was written.
//!
//! The seed of each round is in the message of a failure; the rounds are always the same.

use super::*;

const FORMS: [ReportForm; 7] = [
    ReportForm::Depfile,
    ReportForm::DepfileCleaned,
    ReportForm::DepfileAsWritten,
    ReportForm::DepfileEscaped,
    ReportForm::DependencyInfo,
    ReportForm::Reading,
    ReportForm::Attempts,
];

/// Written by the real programs.
const REAL: [&[u8]; 12] = [
    include_bytes!("../../../tests/reports/bfd.d"),
    include_bytes!("../../../tests/reports/gold.d"),
    include_bytes!("../../../tests/reports/lld.d"),
    include_bytes!("../../../tests/reports/mold.d"),
    include_bytes!("../../../tests/reports/ld64-lld.info"),
    include_bytes!("../../../tests/reports/lld-link.txt"),
    include_bytes!("../../../tests/reports/bfd.txt"),
    include_bytes!("../../../tests/reports/gold.txt"),
    include_bytes!("../../../tests/reports/gnu.a"),
    include_bytes!("../../../tests/reports/bsd.a"),
    include_bytes!("../../../tests/reports/darwin.a"),
    include_bytes!("../../../tests/reports/thin.a"),
];

/// Small numbers in an order that looks random (xorshift).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    fn byte(&mut self) -> u8 {
        // Mostly what the forms use themselves.
        const USUAL: &[u8] = b"\0\n\r\\: #$/()`a.o0123456789!<thin>ar\x10\x11\x40\xff";
        match self.below(4) {
            0 => self.below(256) as u8,
            _ => USUAL[self.below(USUAL.len())],
        }
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let end = (at + self.below(40)).min(bytes.len());
        match self.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, self.byte()),
            2 => {
                bytes.drain(at..end);
            }
            3 => {
                let part = bytes[at..end].to_vec();
                let to = self.below(bytes.len());
                bytes.splice(to..to, part);
            }
            4 => {
                let other = REAL[self.below(REAL.len())];
                let from = self.below(other.len());
                bytes.splice(at..end, other[from..].iter().copied());
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = self.byte();
                }
            }
        }
    }

    fn file(&mut self) -> String {
        const PARTS: [&str; 12] = [
            "a", "lib", ".o", "/", "../", " ", "#", "$", "é", "(x)", "sub/", "=",
        ];
        let parts = 1 + self.below(6);
        let name: String = (0..parts).map(|_| PARTS[self.below(PARTS.len())]).collect();
        format!("{name}x")
    }

    fn files(&mut self) -> Vec<String> {
        let count = 1 + self.below(8);
        (0..count).map(|_| self.file()).collect()
    }
}

/// All parsers on some bytes.
fn check(bytes: &[u8], seed: u64) {
    for form in FORMS {
        if let Ok(report) = parse(form, bytes) {
            let held: usize = report
                .read
                .iter()
                .map(|file| file.path.as_str().len())
                .chain(report.missed.iter().map(|path| path.as_str().len()))
                .sum();
            let count = report.read.len() + report.missed.len();
            assert!(
                held <= bytes.len() && count <= bytes.len(),
                "seed {seed}: {form:?} holds {held} of {} bytes",
                bytes.len()
            );
            let paths = report.read.iter().map(|file| &file.path);
            for path in paths.chain(&report.missed) {
                let text = path.as_str();
                assert!(
                    !text.is_empty() && !text.contains('\0'),
                    "seed {seed}: {form:?} gives the name {text:?}"
                );
            }
        }
    }
    if let Ok(archive) = archive(bytes) {
        assert!(
            archive.members.len() <= bytes.len() / 60,
            "seed {seed}: more members than there are headers"
        );
        let lent: usize = archive
            .members
            .iter()
            .map(|member| member.bytes.len())
            .sum();
        assert!(lent <= bytes.len(), "seed {seed}: members overlap");
        let files = archive.files("d/lib.a".into());
        assert_eq!(
            files.is_empty(),
            !archive.thin || archive.members.is_empty()
        );
    }
}

#[test]
fn damaged_reports_harm_nobody() {
    for seed in 0..30_000 {
        let mut random = Random::new(seed);
        let mut bytes = REAL[random.below(REAL.len())].to_vec();
        for _ in 0..=random.below(6) {
            random.damage(&mut bytes);
        }
        check(&bytes, seed);
    }
}

#[test]
fn random_bytes_harm_nobody() {
    for seed in 0..10_000 {
        let mut random = Random::new(seed ^ 0xABCD_EF00);
        let length = random.below(300);
        let mut bytes: Vec<u8> = (0..length).map(|_| random.byte()).collect();
        if random.below(2) == 0 {
            let magic: &[u8] = [b"!<arch>\n", b"!<thin>\n"][random.below(2)];
            bytes.splice(0..0, magic.iter().copied());
        }
        check(&bytes, seed);
    }
}

/// Each name once, in order.
fn once(files: &[String]) -> Vec<&str> {
    let mut known = std::collections::HashSet::new();
    files
        .iter()
        .map(String::as_str)
        .filter(|file| known.insert(*file))
        .collect()
}

fn paths(report: &Report) -> Vec<&str> {
    report.read.iter().map(|file| file.path.as_str()).collect()
}

fn depfile(output: &str, files: &[String], separator: &str) -> Vec<u8> {
    let mut text = format!("{output}:");
    for file in files {
        text.push_str(separator);
        text.push_str(file);
    }
    text.push('\n');
    for file in files {
        text.push_str(&format!("\n{file}:\n"));
    }
    text.into_bytes()
}

#[test]
fn dependency_files_give_back_what_was_written() {
    for seed in 0..3_000 {
        let mut random = Random::new(seed);
        let (output, files) = (random.file(), random.files());
        for separator in [" \\\n  ", " "] {
            let written = depfile(&output, &files, separator);
            let report = parse(ReportForm::Depfile, &written);
            let report = report.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_eq!(paths(&report), once(&files), "seed {seed}");
        }
        let escaped: Vec<String> = files
            .iter()
            .map(|file| {
                file.replace(' ', "\\ ")
                    .replace('#', "\\#")
                    .replace('$', "$$")
            })
            .collect();
        let written = depfile(&output, &escaped, " \\\n ");
        let report = parse(ReportForm::DepfileEscaped, &written);
        let report = report.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(paths(&report), once(&files), "seed {seed}");
        // Cut off, it is no report; only the last line break may be missing.
        for end in 0..written.len() - 1 {
            assert!(
                parse(ReportForm::DepfileEscaped, &written[..end]).is_err(),
                "seed {seed}: cut at {end}"
            );
        }
    }
}

#[test]
fn dependency_info_gives_back_what_was_written() {
    for seed in 0..3_000 {
        let mut random = Random::new(seed);
        let (read, missed) = (random.files(), random.files());
        let mut written = b"\0LLD 19\0".to_vec();
        for (code, files) in [(0x10, &read), (0x11, &missed)] {
            for file in files {
                written.push(code);
                written.extend(file.as_bytes());
                written.push(0);
            }
        }
        let report = parse(ReportForm::DependencyInfo, &written);
        let report = report.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(paths(&report), once(&read), "seed {seed}");
        let got: Vec<&str> = report.missed.iter().map(|path| path.as_str()).collect();
        assert_eq!(got, once(&missed), "seed {seed}");
        // Without its last zero byte the last name may be a part of one.
        written.pop();
        assert!(parse(ReportForm::DependencyInfo, &written).is_err());
    }
}

#[test]
fn printed_lines_give_back_what_was_written() {
    for seed in 0..3_000 {
        let mut random = Random::new(seed);
        let files = random.files();
        let mut lld = String::new();
        let mut gnu = String::from("GNU ld (GNU Binutils for Debian) 2.40\n");
        for file in &files {
            lld.push_str(&format!("lld-link: Reading {file}\r\n"));
            gnu.push_str(&format!("attempt to open {file} succeeded\n{file}\n"));
        }
        lld.push_str(&format!("lld-link: Loaded {} for f\n", files[0]));
        for (form, text) in [(ReportForm::Reading, lld), (ReportForm::Attempts, gnu)] {
            let report = parse(form, text.as_bytes());
            let report = report.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_eq!(paths(&report), once(&files), "seed {seed}");
        }
    }
}

/// An archive as GNU ar writes it, without a table of symbols.
fn gnu_archive(files: &[(String, Vec<u8>)], thin: bool) -> Vec<u8> {
    let header = |name: &str, size: usize| {
        let (date, owner, mode) = ("0", "0     0     ", "644");
        format!("{name:<16}{date:<12}{owner}{mode:<8}{size:<10}`\n").into_bytes()
    };
    let magic: &[u8] = if thin { b"!<thin>\n" } else { b"!<arch>\n" };
    let mut table = Vec::new();
    let mut offsets = Vec::new();
    for (name, _) in files {
        offsets.push(table.len());
        table.extend(format!("{name}/\n").into_bytes());
    }
    let mut bytes = magic.to_vec();
    bytes.extend(header("//", table.len()));
    bytes.extend(&table);
    bytes.resize(bytes.len().next_multiple_of(2), b'\n');
    for ((_, content), offset) in files.iter().zip(offsets) {
        bytes.extend(header(&format!("/{offset}"), content.len()));
        if !thin {
            bytes.extend(content);
            bytes.resize(bytes.len().next_multiple_of(2), b'\n');
        }
    }
    bytes
}

#[test]
fn archives_give_back_what_was_written() {
    for seed in 0..3_000 {
        let mut random = Random::new(seed);
        let files: Vec<(String, Vec<u8>)> = random
            .files()
            .into_iter()
            .map(|name| {
                let length = random.below(20);
                (name, (0..length).map(|_| random.byte()).collect())
            })
            .collect();
        for thin in [false, true] {
            let written = gnu_archive(&files, thin);
            let read = archive(&written).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_eq!(read.thin, thin, "seed {seed}");
            let expected = files.iter().map(|(name, content)| Member {
                name,
                bytes: if thin { &[] } else { content },
            });
            assert_eq!(read.members, expected.collect::<Vec<_>>(), "seed {seed}");
            // Cut off within a header or within content, it is none.
            let cut = written.len() - 1 - random.below(5);
            assert!(
                !thin || archive(&written[..cut]).is_err(),
                "seed {seed}: cut at {cut}"
            );
        }
    }
}
