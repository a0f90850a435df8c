#!/usr/bin/env bash
# Lua's sources, from the crate that carries them.
cd "$(dirname "$0")" && exec ../vendor.sh lua-src 551.1.0 lua-5.4.9 vendor
