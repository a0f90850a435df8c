#!/bin/sh
# cargo takes one program for its linker, without arguments.
exec kiln link -- cc "$@"
