#!/usr/bin/env bash
# The one script of Wirelab.
#   ./build.sh run     build the web lab, serve it on this machine, open the browser
#   ./build.sh build   write dist/ (any static host can serve it) and ./wirelab (the desktop program, web lab inside)
#   ./build.sh quick   before a commit, in less than two minutes: format, vet, and the tests of what changed and of what stands on it
#   ./build.sh test    everything: format, vet, unit tests on three targets, labs on two more, a real browser; the same every time
#   ./build.sh test all  the same for longer, with random choices that no run made before
#   ./build.sh bench   the fixed workloads, natively and as wasm under Node; or one: bench dumbbell --flows 10
set -euo pipefail
cd "$(dirname "$0")"
export GOFLAGS="${GOFLAGS:-} -trimpath"
goroot="$(go env GOROOT)"

say() { printf '\n== %s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# Packages of the browser program that neither a packet nor a frame runs through. Without inlining the download is 5 % smaller.
ebiten=github.com/hajimehoshi/ebiten/v2/internal
cold=(archive/... bufio context crypto/... encoding/... fmt go/... html io/... log/... math/big net/... os/... path/... regexp/... text/...
  "$ebiten"/{builtinshader,colormshader,debug,gamepad...,legacyshader,shader,shaderir/...,vmguest,vmprotocol}
  github.com/vmihailenco/... golang.org/x/net/... golang.org/x/text/... wirelab/lab/{lesson,save,session,works/...})

small=("${cold[@]/#/-gcflags=}")
small=("${small[@]/%/=-l}")

# pack OUT QUALITY: compiles the browser program and writes the folder OUT around it.
pack() {
  local work
  work="$(mktemp -d)"
  GOOS=js GOARCH=wasm go build "${small[@]}" -ldflags="-s -w" -o "$work/wirelab.wasm" ./wasm
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

oldest_node=18 # Debian 12 has it; older ones lack what go_js_wasm_exec asks for

# have NAME...: whether one of these programs is there.
have() {
  local name
  for name in "$@"; do
    if command -v "$name" > /dev/null; then return 0; fi
  done
  return 1
}

# node_version prints the major version of Node, 0 if there is none.
node_version() { node -p 'process.versions.node.split(".")[0]' 2> /dev/null || echo 0; }

# get PACKAGE...: installs Debian packages, if that is allowed.
get() {
  [ "$(id -u)" = 0 ] && have apt-get || return 1
  say "installing $*"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } < /dev/null > /dev/null 2>&1
}

# need installs the programs that the tests drive, where that is allowed, and otherwise says what to do.
need() {
  local missing=()
  have chromium chromium-browser google-chrome || missing+=(chromium)
  have xvfb-run || missing+=(xvfb)
  have xauth || missing+=(xauth)
  [ "$(node_version)" -ge "$oldest_node" ] || missing+=(nodejs)
  have_gl || missing+=(libgl1 libx11-6 libxcursor1 libxi6 libxinerama1 libxrandr2 libxxf86vm1)
  if [ "${#missing[@]}" -gt 0 ] && ! get "${missing[@]}"; then
    die "the tests need ${missing[*]}; on Debian and Ubuntu: sudo apt-get install ${missing[*]}; elsewhere the package manager of your system has them. Then run this again"
  fi
  [ "$(node_version)" -ge "$oldest_node" ] ||
    die "the tests need Node $oldest_node or later, and $(node --version 2> /dev/null || echo none) is installed; https://nodejs.org/en/download has newer ones. Then run this again"
  # Without these something is not looked at, and the tests say so when they are skipped.
  have npm || get npm || without npm "the accessibility checker of the page is not run"
  have tshark && have tcpdump || get tshark tcpdump || without "tshark tcpdump" "nobody judges what was sent and what filters mean"
  have qemu-aarch64-static && have qemu-s390x-static || get qemu-user-static || without qemu-user-static "arm64 and s390x are skipped"
}

# have_gl: whether the libraries are there that a window on Linux opens.
have_gl() {
  [ "$(go env GOHOSTOS)" = linux ] || return 0
  local known name
  known="$( (ldconfig -p || /sbin/ldconfig -p) 2> /dev/null)" || return 0 # a system that keeps no such list
  for name in libGL.so.1 libX11.so.6 libXcursor.so.1 libXi.so.6 libXinerama.so.1 libXrandr.so.2 libXxf86vm.so.1; do
    case "$known" in *"$name"*) ;; *) return 1 ;; esac
  done
}

# without PACKAGES CONSEQUENCE: says what is missed.
without() {
  say "not installed: $1; $2 (on Debian and Ubuntu: sudo apt-get install $1)"
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
    case "$p" in */lab/serve | */lab/serve/* | */lab/browser | */lab/browser/* | */lab/cli | */lab/cli/* | */lab/disk | */lab/works/folder | */lab/peer) continue ;; esac
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

# formatted: whether gofmt has nothing to say.
formatted() {
  say "format and vet"
  local unformatted
  unformatted="$(git ls-files -z --cached --others --exclude-standard '*.go' | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done | xargs -0 gofmt -l)"
  [ -z "$unformatted" ] || die "gofmt would change: $unformatted"
}

# changed prints the files that differ from origin/main, or that are not committed.
changed() {
  git diff --name-only "$(git merge-base HEAD origin/main 2> /dev/null || echo HEAD)"
  git ls-files --others --exclude-standard
}

# affected prints the packages whose tests could come out otherwise: those that changed, and those that import them.
affected() {
  local file dir itself=" " others=" "
  while IFS= read -r file; do
    case "$file" in go.mod | go.sum) packages ./...; return ;; esac
    dir="$(dirname "$file")"
    # What is embedded or read by tests belongs to the package above it.
    while [ "$dir" != . ] && ! compgen -G "$dir/*.go" > /dev/null; do dir="$(dirname "$dir")"; done
    case "$dir/$file" in
      ./*) ;; # the rules of the house are always tested
      *_test.go | */testdata/*) itself+="wirelab/$dir " ;;
      *) others+="wirelab/$dir " ;;
    esac
  done < <(changed)
  go list -test -f '{{.ImportPath}} {{join .Deps " "}}' ./... | ITSELF="wirelab $itself" OTHERS="$others" awk '
    BEGIN { n = split(ENVIRON["ITSELF"], a, " "); for (i in a) itself[a[i]] = 1; n = split(ENVIRON["OTHERS"], b, " "); for (i in b) others[b[i]] = 1 }
    $1 ~ /\.test$/ {
      name = substr($1, 1, length($1) - 5); hit = name in itself || name in others
      for (i = 2; i <= NF && !hit; i++) hit = $i in others
      if (hit) print name
    }'
}

# do_quick leaves out what drives a browser or a kernel or compares pictures, and has tests that draw many cases draw fewer.
do_quick() {
  [ "$#" = 0 ] || die "quick takes nothing, not $*"
  results="$(mktemp -d)"
  trap 'rm -rf "$results"' EXIT
  formatted
  local touched run=() blind=() screen=() p
  if have xvfb-run; then screen=(xvfb-run -a); fi
  touched="$(affected)"
  go vet $touched
  if changed | grep '^wasm/' > /dev/null; then GOOS=js GOARCH=wasm go vet ./wasm/...; fi
  for p in $touched; do
    case "$p" in
      */lab/browser | */lab/peer | */lab/app/shot) ;;
      */lab/app | */lab/view | */lab/ui | */lab/ui/*) if have xvfb-run; then run+=("$p"); else blind+=("$p"); fi ;;
      *) run+=("$p") ;;
    esac
  done
  [ "${#blind[@]}" = 0 ] || say "not tested without xvfb-run: ${blind[*]}"
  tests "tests of ${#run[@]} packages" ${screen[@]+"${screen[@]}"} go test -short -json "${run[@]}"
  say "all passed; ./build.sh test goes on to wasm, 386, pictures and the browser"
}

# do_test [all]: everything.
do_test() {
  local fuzzing=30s patience=20m
  case "$*" in
    "") ;;
    all)
      fuzzing=3m patience=2h browsing=2h
      export WIRELAB_KILLS="${WIRELAB_KILLS:-30}"
      export WIRELAB_SEEDS="${WIRELAB_SEEDS:-$(((RANDOM << 15 | RANDOM) + 2))}"
      say "random choices begin at $WIRELAB_SEEDS; WIRELAB_SEEDS=$WIRELAB_SEEDS ./build.sh test all makes the same ones"
      ;;
    *) die "test takes nothing, or all, not $*" ;;
  esac
  need
  results="$(mktemp -d)"
  trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$results"' EXIT

  formatted
  go vet ./...
  GOOS=js GOARCH=wasm go vet ./wasm/...
  CGO_ENABLED=0 go build -o "$results/wirelab" .

  # Compressing the program takes minutes on one core; the other one tests meanwhile.
  pack "$results/dist" 11 > "$results/pack.log" 2>&1 &
  local packing=$!

  local core
  core="$(core)"
  tests "native tests" xvfb-run -a go test -json -timeout "$patience" $(packages ./... | grep -v '/lab/browser$')
  # js tests see few variables: Node hands wasm its whole environment, and a large one does not fit.
  tests "page bridge under node" js_test $(GOOS=js GOARCH=wasm packages ./wasm/...)
  tests "core as wasm under node" js_test $core
  if runs_386; then
    tests "core on 386" env GOARCH=386 CGO_ENABLED=0 go test -json -timeout "$patience" $core
  else
    skipped "core on 386" "this system runs no programs of 386; a kernel with 32-bit support does"
  fi
  other arm64 qemu-aarch64-static
  other s390x qemu-s390x-static

  fuzz "$fuzzing"

  say "dist"
  wait "$packing" || { cat "$results/pack.log"; die "dist could not be built"; }
  cat "$results/pack.log"
  tests "browser" env WIRELAB_DIST="$results/dist" WIRELAB_BIN="$results/wirelab" WIRELAB_AXE="$(axe)" go test -json -count=1 -timeout "${browsing:-40m}" ./lab/browser
  say "all passed"
}

# runs_386: whether this system runs programs of 386.
runs_386() {
  printf 'package main\nfunc main() {}\n' > "$results/nothing.go"
  GOARCH=386 CGO_ENABLED=0 go build -o "$results/nothing" "$results/nothing.go" && "$results/nothing" 2> /dev/null
}

# skipped NAME WHY: reports tests that cannot run here.
skipped() {
  say "$1"
  echo "0 packages, 0 tests passed, 1 skipped, 0 failed"
  echo "  skipped $1: $2"
}

# other ARCH EMULATOR: has an emulated processor make the labs of every target.
other() {
  if [ "$(go env GOHOSTOS)" != linux ] || ! command -v "$2" > /dev/null; then
    skipped "labs on $1" "$2 is not installed; on Debian and Ubuntu the package qemu-user-static has it"
    return
  fi
  tests "labs on $1" env GOARCH="$1" CGO_ENABLED=0 go test -json -exec "$2" -run '^TestLabsAreTheSameEverywhere$' ./lab/worlds
}

js_test() {
  env -i PATH="$PATH" HOME="$HOME" GOFLAGS="$GOFLAGS" GOPROXY="$(go env GOPROXY)" GOMODCACHE="$(go env GOMODCACHE)" GOCACHE="$(go env GOCACHE)" \
    ${WIRELAB_SEEDS:+"WIRELAB_SEEDS=$WIRELAB_SEEDS"} GOOS=js GOARCH=wasm go test -json -timeout "${patience:-20m}" -exec "$goroot/lib/wasm/go_js_wasm_exec" "$@"
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
  run | build | quick | test | bench) command="do_$1"; shift; "$command" "$@" ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
