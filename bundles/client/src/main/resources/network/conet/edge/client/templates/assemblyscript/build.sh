#!/bin/sh
# Builds service.wasm. Needs Node.js and npm; AssemblyScript comes from the npm registry.
set -eu
cd "$(dirname "$0")"
[ -x node_modules/.bin/asc ] || npm install --prefix . --no-save --no-audit --no-fund --silent assemblyscript@0.28.20
# No runtime and no abort: the module then imports nothing but what it reads and writes with.
node_modules/.bin/asc service.ts --outFile service.wasm -O3 --runtime stub --use abort=
