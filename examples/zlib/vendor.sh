#!/usr/bin/env bash
# zlib's sources, from the crate that carries them.
cd "$(dirname "$0")" && exec ../vendor.sh libz-sys 1.1.31 src/zlib vendor
