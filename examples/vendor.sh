#!/usr/bin/env bash
# Puts the C sources that a crate carries into a folder of an example: vendor.sh CRATE VERSION FOLDER-IN-CRATE TARGET.
# Cargo fetches and checks the crate, as for any dependency; nothing of it is built.
set -euo pipefail
crate=$1 version=$2 folder=$3 target=$4
if [ -e "$target" ]; then exit 0; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/src"
: > "$scratch/src/lib.rs"
cat > "$scratch/Cargo.toml" <<END
[package]
name = "vendored"
version = "0.0.0"
edition = "2021"

[dependencies]
$crate = "=$version"

[workspace]
END
(cd "$scratch" && cargo vendor --quiet vendor >/dev/null)
mkdir -p "$(dirname "$target")"
cp -R "$scratch/vendor/$crate/$folder" "$target"
