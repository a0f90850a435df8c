#!/usr/bin/env bash
# SQLite's amalgamation, from the crate that carries it.
cd "$(dirname "$0")" && exec ../vendor.sh libsqlite3-sys 0.40.0 sqlite3 vendor
