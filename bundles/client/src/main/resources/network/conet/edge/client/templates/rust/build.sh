#!/bin/sh
# Builds service.wasm. Debian: apt-get install rustc libstd-rust-dev-wasm32 lld
set -eu
cd "$(dirname "$0")"
# Debian's compiler, which has the target; another one may stand first in the path.
rustc=${RUSTC:-/usr/bin/rustc}
[ -x "$rustc" ] || rustc=rustc
# Compilers from 1.78 on call it wasip1.
target=wasm32-wasi
"$rustc" --print target-list | grep -qx wasm32-wasip1 && target=wasm32-wasip1
"$rustc" --edition 2021 --target "$target" --crate-type cdylib -C opt-level=s -C panic=abort -C lto -C strip=symbols \
  -o service.wasm service.rs
