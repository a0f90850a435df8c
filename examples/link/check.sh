#!/usr/bin/env bash
# Builds the example twice with each build system that is installed, in a copy, and checks that only the first time links.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v kiln >/dev/null; then
  echo "check.sh: kiln is not in PATH" >&2
  exit 1
fi
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R . "$copy/example"
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET
export KILN_CACHE_DIR=$copy/cache KILN_LOG_JSON=$copy/log

# expect WHAT PROGRAM: the last build made one link, which had this outcome, and its program greets.
expect() {
  local outcome
  outcome=$(sed 's/.*"outcome":"\([a-z]*\)".*/\1/' "$KILN_LOG_JSON" | tr '\n' ' ')
  rm "$KILN_LOG_JSON"
  if [ "$outcome" != "$1 " ] || [ "$("$2")" != "hello, world" ]; then
    echo "check.sh: $PWD: expected one link, $1, but found: $outcome" >&2
    exit 1
  fi
}

# twice TOOL PROGRAM BUILD CLEAN
twice() {
  if ! command -v "$1" >/dev/null; then
    echo "check.sh: SKIPPED: $1 is not installed" >&2
    return
  fi
  # Each in a directory of its own: the same command in the same directory would be current already.
  cp -R "$copy/example" "$copy/$1"
  cd "$copy/$1"
  bash -ec "$3" >/dev/null
  expect linked "$2"
  bash -ec "$4; $3" >/dev/null
  expect current "$2"
  echo "$1: linked once, then current"
}

twice make ./greet "make" "make clean"
twice ninja ./greet "ninja" "ninja -t clean"
twice cmake ./build/greet "cmake --preset kiln && cmake --build build" "rm -r build"
twice cargo cargo/target/debug/greet "cd cargo && cargo build --quiet --offline" "(cd cargo && cargo clean --quiet)"
