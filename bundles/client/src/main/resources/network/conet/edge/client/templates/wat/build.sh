#!/bin/sh
# Builds service.wasm. wat2wasm comes from Debian (apt-get install wabt) or from the npm registry.
set -eu
cd "$(dirname "$0")"
wat2wasm=$(command -v wat2wasm || true)
if [ -z "$wat2wasm" ]; then
  [ -x node_modules/.bin/wat2wasm ] || npm install --prefix . --no-save --no-audit --no-fund --silent wabt@1.0.39
  wat2wasm=node_modules/.bin/wat2wasm
fi
"$wat2wasm" service.wat -o service.wasm
