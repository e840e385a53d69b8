#!/usr/bin/env bash
# Makes brotli.js again: the decoder of npm's `brotli` at a pinned version, as one classic script for a worker.
# It is committed so that a clone builds without npm.
set -euo pipefail
out="$(cd "$(dirname "$0")" && pwd)/brotli.js"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --no-audit --no-fund brotli@2.0.0 esbuild@0.28.2
echo 'export { decompress } from "brotli/decompress";' > in.js
npx esbuild in.js --bundle --minify --platform=browser --format=iife --global-name=Brotli --outfile="$out"
