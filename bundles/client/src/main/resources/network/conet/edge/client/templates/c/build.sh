#!/bin/sh
# Builds service.wasm. Debian: apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32
set -eu
cd "$(dirname "$0")"
# A reactor: a library that is called, not a program that runs once.
# The stack lies first: one that overflows traps, and does not overwrite data.
clang --target=wasm32-wasi -mexec-model=reactor -O2 -Wall -Wl,--strip-all -Wl,--stack-first -Wl,-z,stack-size=65536 \
  -o service.wasm service.c
