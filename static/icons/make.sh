#!/usr/bin/env bash
# Draws the PNG icons from icon.svg with the Chromium of the distribution.
set -euo pipefail
cd "$(dirname "$0")"
profile="$(mktemp -d)"
trap 'rm -rf "$profile"' EXIT
for size in 192 512; do
  printf '<body style="margin:0"><img src="file://%s/icon.svg" width="%s" height="%s">' "$PWD" "$size" "$size" > "$profile/icon.html"
  chromium --headless --no-sandbox --disable-gpu --disable-background-networking --user-data-dir="$profile/data" --hide-scrollbars \
    --default-background-color=00000000 --window-size="$size,$size" --screenshot="$PWD/icon-$size.png" "file://$profile/icon.html"
done
