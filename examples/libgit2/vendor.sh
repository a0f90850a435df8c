#!/usr/bin/env bash
# libgit2's sources, from the crate that carries them.
cd "$(dirname "$0")" && exec ../vendor.sh libgit2-sys 0.18.8+1.9.7 libgit2 vendor
