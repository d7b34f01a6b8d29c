# shellcheck shell=bash
# Sourced by every script. Guarantees: one cache outside the checkout, each tool in its pinned version
# (installed on first use, skipped afterwards), and stages whose times are printed. Says what it installs;
# everything it prints goes to standard error.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
MODELBOND_CACHE="${MODELBOND_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/modelbond}"
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$MODELBOND_CACHE/target}"
export MODELBOND_CACHE CARGO_TARGET_DIR
export MODELBOND_ARTIFACTS="${MODELBOND_ARTIFACTS:-$ROOT/artifacts}"
export MODELBOND_DEVNET="$ROOT/scripts/devnet.sh"

RUST_MINIMUM=1.95.0
GO_MINIMUM=1.25.9
NODE_MINIMUM=20.19 # cosmjs; everything else is content with less
COSMWASM_CHECK_VERSION=3.0.10 # the last one that builds with Rust 1.95
CARGO_DENY_VERSION=0.20.2
WASMD_VERSION="$(sed -n 's|.*github.com/CosmWasm/wasmd \(v[0-9.]*\).*|\1|p' "$ROOT/scripts/devnet/go.mod")"

mkdir -p "$MODELBOND_CACHE"

say() { printf '%s\n' "$*" >&2; }

# die WHAT [WHAT TO DO NEXT]
die() {
  say "error: $1"
  [ $# -lt 2 ] || say "  next: $2"
  exit 1
}

# --- Stages: a heading when one starts, its time when it ends, a table at the end. -------------------------
# The table lives in a file that child scripts inherit, so one table covers a run of several scripts.
STAGE_NAME=""
STAGE_STARTED=0

stage_log() {
  [ -n "${MODELBOND_STAGE_LOG:-}" ] || MODELBOND_STAGE_LOG="$(mktemp "${TMPDIR:-/tmp}/modelbond-stages.XXXXXX")"
  export MODELBOND_STAGE_LOG
}

stage_end() {
  [ -n "$STAGE_NAME" ] || return 0
  local seconds=$((SECONDS - STAGE_STARTED))
  say "--- $STAGE_NAME: ${seconds} s"
  printf '%s\t%s\n' "$seconds" "$STAGE_NAME" >>"$MODELBOND_STAGE_LOG"
  STAGE_NAME=""
}

stage() {
  stage_log
  stage_end
  STAGE_NAME="$1"
  STAGE_STARTED=$SECONDS
  say ""
  say "==> $1"
  trap 'stage_failed $?' EXIT
}

stage_failed() {
  [ "$1" -ne 0 ] && [ -n "$STAGE_NAME" ] || return 0
  say "error: stage '$STAGE_NAME' failed after $((SECONDS - STAGE_STARTED)) s (exit $1)"
  rm -f "${MODELBOND_STAGE_LOG:-}"
}

# Ends the current stage and prints the table of all of them.
stage_summary() {
  stage_log
  stage_end
  say ""
  say "seconds  stage"
  awk -F'\t' '{ printf "%7d  %s\n", $1, $2; total += $1 } END { printf "%7d  total\n", total }' \
    "$MODELBOND_STAGE_LOG" >&2
  rm -f "$MODELBOND_STAGE_LOG"
  unset MODELBOND_STAGE_LOG
}

# --- Tools ----------------------------------------------------------------------------------------------
# at_least HAVE WANTED: versions compared number by number.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# One installer at a time: tests start several scripts at once.
locked() {
  local name="$1"
  shift
  (
    flock 9
    "$@"
  ) 9>"$MODELBOND_CACHE/.$name.lock"
}

# ensure_packages PACKAGE...: Debian packages, installed when absent.
ensure_packages() {
  local missing=() package sudo=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "missing: ${missing[*]}" "install them with your package manager"
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  say "installing Debian packages: ${missing[*]}"
  apt_install() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2; }
  apt_install || { "${sudo[@]}" apt-get update >&2 && apt_install; } ||
    die "apt-get could not install ${missing[*]}" "run 'apt-get install ${missing[*]}' and read its message"
}

# ensure_command COMMAND PACKAGE...: nothing when the command is there, whoever installed it.
ensure_command() {
  command -v "$1" >/dev/null || ensure_packages "${@:2}"
}

ensure_basics() {
  ensure_command jq jq
  ensure_command curl curl ca-certificates
  ensure_command cc gcc libc6-dev
  ensure_command setsid util-linux
}

ensure_rust() {
  [ ! -d "$HOME/.cargo/bin" ] || PATH="$PATH:$HOME/.cargo/bin"
  command -v cargo >/dev/null || ensure_packages rustc-web cargo-web rustfmt-web rust-web-clippy
  local have
  have="$(rustc --version | cut -d' ' -f2)"
  at_least "$have" "$RUST_MINIMUM" || die "rustc $have is too old" "install Rust $RUST_MINIMUM or newer, for example with 'rustup update stable'"
}

ensure_go() {
  [ ! -d /usr/local/go/bin ] || PATH="$PATH:/usr/local/go/bin"
  ensure_command go golang-go
  # Since 1.21 the go command fetches the toolchain that go.mod asks for by itself.
  local have
  have="$(GOTOOLCHAIN=local go env GOVERSION)"
  at_least "${have#go}" 1.21 || die "$have is too old to build wasmd" "install Go $GO_MINIMUM or newer"
}

ensure_node() {
  ensure_command node nodejs
  ensure_command npm npm
}

# A Python environment with the packages of requirements.txt; MODELBOND_PYTHON is its interpreter.
ensure_python() {
  ensure_command python3 python3 python3-venv
  local venv
  venv="$MODELBOND_CACHE/python-$(sha256sum "$ROOT/scripts/requirements.txt" | cut -c1-12)"
  export MODELBOND_PYTHON="$venv/bin/python"
  [ -e "$venv/.complete" ] || locked python install_python "$venv"
}

install_python() {
  [ ! -e "$1/.complete" ] || return 0
  say "installing Python packages: $(tr '\n' ' ' <"$ROOT/scripts/requirements.txt")"
  python3 -m venv "$1" 2>/dev/null || { ensure_packages python3-venv && python3 -m venv --clear "$1"; }
  "$1/bin/python" -m pip install --quiet -r "$ROOT/scripts/requirements.txt" >&2
  touch "$1/.complete"
}

# The tools of npm/package-lock.json, first on PATH.
ensure_npm_tools() {
  ensure_node
  local folder
  folder="$MODELBOND_CACHE/npm-$(sha256sum "$ROOT/scripts/npm/package-lock.json" | cut -c1-12)"
  PATH="$folder/node_modules/.bin:$PATH"
  export MODELBOND_NODE_MODULES="$folder/node_modules"
  [ -e "$folder/.complete" ] || locked npm install_npm_tools "$folder"
}

# The wallet libraries of npm/package-lock.json, in MODELBOND_NODE_MODULES, which tests/wallets reads.
ensure_wallets() {
  ensure_npm_tools
  local have
  have="$(node --version)"
  at_least "${have#v}" "$NODE_MINIMUM" || die "node $have is too old for cosmjs" "install Node.js $NODE_MINIMUM or newer"
}

install_npm_tools() {
  [ ! -e "$1/.complete" ] || return 0
  say "installing npm tools: $(jq -r '.dependencies | to_entries | map("\(.key) \(.value)") | join(", ")' "$ROOT/scripts/npm/package.json")"
  mkdir -p "$1"
  cp "$ROOT/scripts/npm/package.json" "$ROOT/scripts/npm/package-lock.json" "$1/"
  npm --prefix "$1" ci --no-audit --no-fund --loglevel=error >&2
  touch "$1/.complete"
}

# ensure_cargo_tool CRATE VERSION MINUTES: built once from crates.io into the cache, then on PATH.
ensure_cargo_tool() {
  local root="$MODELBOND_CACHE/tools/$1-$2"
  PATH="$root/bin:$PATH"
  [ -x "$root/bin/$1" ] || locked "$1" install_cargo_tool "$@" "$root"
}

install_cargo_tool() {
  [ ! -x "$4/bin/$1" ] || return 0
  say "building $1 $2 (about $3 minutes, once)"
  CARGO_TARGET_DIR="$MODELBOND_CACHE/target-$1" cargo install --quiet --locked --version "$2" --root "$4" "$1" >&2 ||
    die "could not build $1 $2" "check that crates.io is reachable and run the script again"
  rm -rf "$MODELBOND_CACHE/target-$1"
}

ensure_cosmwasm_check() { ensure_cargo_tool cosmwasm-check "$COSMWASM_CHECK_VERSION" 4; }
ensure_cargo_deny() { ensure_cargo_tool cargo-deny "$CARGO_DENY_VERSION" 5; }

# The chain's node, built from the Go module proxy and kept beside its libwasmvm; MODELBOND_WASMD is its path.
ensure_wasmd() {
  local folder
  folder="$MODELBOND_CACHE/wasmd/$WASMD_VERSION-$(cat "$ROOT"/scripts/devnet/go.{mod,sum} | sha256sum | cut -c1-12)"
  export MODELBOND_WASMD="$folder/wasmd"
  [ -x "$MODELBOND_WASMD" ] || locked wasmd install_wasmd "$folder"
}

install_wasmd() {
  [ ! -x "$1/wasmd" ] || return 0
  ensure_command cc gcc libc6-dev
  ensure_go
  say "building wasmd $WASMD_VERSION (4 to 10 minutes on 2 cores, once)"
  local sdk=github.com/cosmos/cosmos-sdk/version app=github.com/CosmWasm/wasmd/app library
  library="libwasmvm.$(uname -m).so"
  mkdir -p "$1"
  cd "$ROOT/scripts/devnet"
  go build -mod=readonly -o "$1/wasmd.new" -ldflags "-s -w \
    -X $sdk.Name=wasm -X $sdk.AppName=wasmd -X $sdk.Version=${WASMD_VERSION#v} \
    -X $app.NodeDir=.wasmd -X $app.Bech32Prefix=wasm -extldflags '-Wl,-rpath,\$ORIGIN'" \
    github.com/CosmWasm/wasmd/cmd/wasmd >&2 ||
    die "could not build wasmd" "check that the Go module proxy is reachable and run the script again"
  cp -f "$(go list -m -f '{{.Dir}}' github.com/CosmWasm/wasmvm/v3)/internal/api/$library" "$1/$library"
  chmod u+w "$1/$library"
  mv "$1/wasmd.new" "$1/wasmd"
}
