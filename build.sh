#!/usr/bin/env bash
# The one script of Wirelab.
#   ./build.sh run     build the web lab, serve it on this machine, open the browser
#   ./build.sh build   write dist/ (any static host can serve it) and ./wirelab (the desktop program, web lab inside)
#   ./build.sh test    everything: format, vet, unit tests on three targets, labs on two more, a real browser
#   ./build.sh bench   the fixed workloads, natively and as wasm under Node; or one: bench dumbbell --flows 10
set -euo pipefail
cd "$(dirname "$0")"
export GOFLAGS="${GOFLAGS:-} -trimpath"
goroot="$(go env GOROOT)"

say() { printf '\n== %s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# pack OUT QUALITY: compiles the browser program and writes the folder OUT around it.
pack() {
  local work
  work="$(mktemp -d)"
  GOOS=js GOARCH=wasm go build -ldflags="-s -w" -o "$work/wirelab.wasm" ./wasm
  go run ./static/pack -wasm "$work/wirelab.wasm" -wasm-exec "$goroot/lib/wasm/wasm_exec.js" -out "$1" -quality "$2"
  rm -rf "$work"
}

# desktop OUT: compiles the desktop program with dist/ inside, so that `wirelab serve` needs no other file.
desktop() {
  rm -rf lab/serve/web
  cp -r dist lab/serve/web
  CGO_ENABLED=0 go build -tags webdist -ldflags="-s -w" -o "$1" .
  rm -rf lab/serve/web
}

do_run() {
  local dir
  dir="$(mktemp -d)"
  trap "rm -rf '$dir'" EXIT # now: at the exit the function's variables are gone
  pack "$dir/dist" 3
  go build -o "$dir/serve" ./lab/serve/cmd
  "$dir/serve" -dir "$dir/dist" -open "$@"
}

do_build() {
  say "dist/"
  pack dist 11
  say "./wirelab"
  desktop wirelab
  du -h ./wirelab
}

# need installs the programs that the tests drive, where that is allowed, and otherwise says what to do.
need() {
  local missing=()
  command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null || missing+=(chromium)
  command -v xvfb-run > /dev/null || missing+=(xvfb)
  command -v xauth > /dev/null || missing+=(xauth)
  if [ "${#missing[@]}" -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
      say "installing ${missing[*]}"
      { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; } < /dev/null > /dev/null ||
        die "could not install ${missing[*]} with apt-get; please install them and run this again"
    else
      die "the tests need ${missing[*]}; install them with your system's package manager and run this again"
    fi
  fi
  # Without tshark and tcpdump nobody judges what was sent and what filters mean, and the tests that ask them are skipped.
  if ! { command -v tshark && command -v tcpdump; } > /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    say "installing tshark and tcpdump"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tshark tcpdump; } < /dev/null > /dev/null 2>&1 ||
      say "could not install tshark and tcpdump with apt-get; the tests that need them are skipped"
  fi
  # Without an emulator nobody sees whether other processors make the same of a lab.
  if ! { command -v qemu-aarch64-static && command -v qemu-s390x-static; } > /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    say "installing qemu-user-static"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends qemu-user-static; } < /dev/null > /dev/null 2>&1 ||
      say "could not install qemu-user-static with apt-get; arm64 and s390x are skipped"
  fi
  command -v node > /dev/null || die "the tests need node (version 20 or later); install it with your system's package manager and run this again"
}

# axe prints where the page's accessibility checker stands, and gets it if it can; without it that test is skipped.
axe() {
  local version=4.10.3 dir
  dir="${XDG_CACHE_HOME:-$HOME/.cache}/wirelab/axe-core-$version"
  [ -f "$dir/node_modules/axe-core/axe.min.js" ] ||
    npm install --silent --no-audit --no-fund --no-save --ignore-scripts --prefix "$dir" "axe-core@$version" < /dev/null > /dev/null 2>&1 || return 0
  printf '%s\n' "$dir/node_modules/axe-core/axe.min.js"
}

# packages PATTERN...: those packages that have tests for the current target.
packages() {
  go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' "$@"
}

# core: packages with tests that reach neither Ebitengine, a web server, a disk nor the kernel; these must also pass as wasm and on 386.
core() {
  local p
  for p in $(packages ./stack/... ./lab/...); do
    case "$p" in */lab/serve | */lab/serve/* | */lab/browser | */lab/browser/* | */lab/cli | */lab/cli/* | */lab/disk | */lab/peer) continue ;; esac
    # Not grep -q: it hangs up early, and pipefail would take that for a failure.
    if ! go list -deps "$p" | grep -e '^github.com/hajimehoshi/ebiten' -e '^net/http$' > /dev/null; then printf '%s\n' "$p"; fi
  done
}

results="" # test2json lines of all runs, for the summary

# tests NAME COMMAND...: runs `go test -json` by COMMAND, keeps its report, shows only failures.
tests() {
  local name="$1" log
  shift
  say "$name"
  log="$results/$(printf '%s' "$name" | tr -c 'a-z0-9' _).json"
  if ! "$@" > "$log" < /dev/null; then
    go run ./lab/browser/report "$log" || true
    die "$name failed"
  fi
  go run ./lab/browser/report "$log"
}

# timeup LOG: whether a fuzz target failed of nothing but the end of its time. Go's fuzzer sometimes reports that as an
# error: the deadline reaches its main loop before the context of its workers, with which it compares.
timeup() {
  grep -qx ' *context deadline exceeded' "$1" && ! grep -q -e 'Failing input written' -e 'panic:' -e 'hung or terminated' "$1"
}

# fuzz TIME: every fuzz target of the repository, each for that long, from the seeds in it.
fuzz() {
  local file name
  say "fuzzing, $1 each"
  git grep -hoP --untracked '^func Fuzz\w+' -- '*_test.go' > /dev/null || die "there is nothing to fuzz"
  while IFS=: read -r file name; do
    printf '%s in %s\n' "$name" "$(dirname "$file")"
    go test -run '^$' -fuzz "^$name\$" -fuzztime "$1" -fuzzminimizetime 5s "./$(dirname "$file")" > "$results/fuzz.log" 2>&1 < /dev/null || timeup "$results/fuzz.log" ||
      { cat "$results/fuzz.log"; die "$name failed; if it found an input, that is in $(dirname "$file")/testdata/fuzz/$name"; }
  done < <(git grep -oP --untracked '^func \KFuzz\w+' -- '*_test.go')
}

do_test() {
  need
  results="$(mktemp -d)"
  trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$results"' EXIT

  say "format and vet"
  local unformatted
  unformatted="$(gofmt -l $(git ls-files --cached --others --exclude-standard '*.go'))"
  [ -z "$unformatted" ] || die "gofmt would change: $unformatted"
  go vet ./...
  GOOS=js GOARCH=wasm go vet ./wasm/...
  CGO_ENABLED=0 go build -o "$results/wirelab" .

  # Compressing the program takes minutes on one core; the other one tests meanwhile.
  pack "$results/dist" 11 > "$results/pack.log" 2>&1 &
  local packing=$!

  local core
  core="$(core)"
  tests "native tests" xvfb-run -a go test -json $(packages ./... | grep -v '/lab/browser$')
  # js tests see few variables: Node hands wasm its whole environment, and a large one does not fit.
  tests "page bridge under node" js_test $(GOOS=js GOARCH=wasm packages ./wasm/...)
  tests "core as wasm under node" js_test $core
  tests "core on 386" env GOARCH=386 CGO_ENABLED=0 go test -json $core
  other arm64 qemu-aarch64-static
  other s390x qemu-s390x-static

  fuzz 30s

  say "dist"
  wait "$packing" || { cat "$results/pack.log"; die "dist could not be built"; }
  cat "$results/pack.log"
  tests "browser" env WIRELAB_DIST="$results/dist" WIRELAB_BIN="$results/wirelab" WIRELAB_AXE="$(axe)" go test -json -count=1 -timeout 20m ./lab/browser
  say "all passed"
}

# other ARCH EMULATOR: has an emulated processor make the labs of every target.
other() {
  if [ "$(go env GOHOSTOS)" != linux ] || ! command -v "$2" > /dev/null; then
    say "labs on $1"
    echo "0 packages, 0 tests passed, 1 skipped, 0 failed"
    echo "  skipped labs on $1: $2 is not installed; on Debian and Ubuntu the package qemu-user-static has it"
    return
  fi
  tests "labs on $1" env GOARCH="$1" CGO_ENABLED=0 go test -json -exec "$2" -run '^TestLabsAreTheSameEverywhere$' ./lab/worlds
}

js_test() {
  env -i PATH="$PATH" HOME="$HOME" GOFLAGS="$GOFLAGS" GOPROXY="$(go env GOPROXY)" GOMODCACHE="$(go env GOMODCACHE)" GOCACHE="$(go env GOCACHE)" \
    GOOS=js GOARCH=wasm go test -json -timeout 20m -exec "$goroot/lib/wasm/go_js_wasm_exec" "$@"
}

# do_bench [NAME] [flags]: runs the workload NAME, or both.
do_bench() {
  local work name names=(bulk dumbbell)
  if [[ "${1:--}" != -* ]]; then
    names=("$1")
    shift
  fi
  work="$(mktemp -d)"
  trap "rm -rf '$work'" EXIT # now: at the exit the function's variables are gone
  for name in "${names[@]}"; do
    say "$name, native"
    go run ./lab/bench/main --json "$name" "$@"
    say "$name, wasm under node"
    GOOS=js GOARCH=wasm go build -o "$work/bench.wasm" ./lab/bench/main
    env -i PATH="$PATH" "$goroot/lib/wasm/go_js_wasm_exec" "$work/bench.wasm" --json "$name" "$@"
  done
}

case "${1:-}" in
  run | build | test | bench) command="do_$1"; shift; "$command" "$@" ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
