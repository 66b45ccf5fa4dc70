#!/bin/sh
# Builds service.wasm. Debian: apt-get install rustc libstd-rust-dev-wasm32 lld
set -eu
cd "$(dirname "$0")"
# Debian's compiler, which has the target; another one may stand first in the path.
rustc=${RUSTC:-/usr/bin/rustc}
[ -x "$rustc" ] || rustc=rustc
"$rustc" --edition 2021 --target wasm32-wasi --crate-type cdylib -C opt-level=s -C panic=abort -C lto -C strip=symbols \
  -o service.wasm service.rs
