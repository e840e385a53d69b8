#!/usr/bin/env bash
# Makes brotli.js and brotli.wasm again: the decoder of npm's `brotli-dec-wasm` at a pinned version, as a classic script for a worker
# and the WebAssembly that it drives. They are committed so that a clone builds without npm.
set -euo pipefail
out="$(cd "$(dirname "$0")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --no-audit --no-fund brotli-dec-wasm@2.3.0 esbuild@0.28.2
cp node_modules/brotli-dec-wasm/pkg/brotli_dec_wasm_bg.wasm "$out/brotli.wasm"
chmod 644 "$out/brotli.wasm"
# The script must not look for the WebAssembly by itself: it is handed over.
cat > in.js <<'JS'
export { initSync, BrotliDecStream } from "./node_modules/brotli-dec-wasm/pkg/brotli_dec_wasm.js";
JS
npx esbuild in.js --bundle --minify --platform=browser --format=iife --global-name=Brotli --define:import.meta.url='""' --outfile="$out/brotli.js"
