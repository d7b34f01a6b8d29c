#!/usr/bin/env bash
# Measures, beside peers in the same run. `bench.sh gas`: gas of every message on a real chain, pinned and
# unpinned, with bank send and cw20-base; fails when a message costs > 2 % more than bench/gas.json.
# shellcheck source-path=SCRIPTDIR source=environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

usage() {
  cat >&2 <<'TEXT'
usage: scripts/bench.sh gas [--accept]

  --accept   take the figures as the new baseline, bench/gas.json
TEXT
}

gas() {
  local accept="${1:-}" home figures
  stage "contracts to wasm"
  ensure_basics
  ensure_rust
  ensure_wasmd
  scripts/build-wasm.sh --with-bench
  stage "gas of every message"
  cargo build --quiet --locked -p modelbond-bench-gas
  home="$(mktemp -d "${TMPDIR:-/tmp}/modelbond-gas.XXXXXX")"
  # shellcheck disable=SC2064
  trap "scripts/devnet.sh down --home '$home' >/dev/null 2>&1 || true; rm -rf '$home'" EXIT
  scripts/devnet.sh up --home "$home" --block-time 200ms >/dev/null
  figures="$MODELBOND_ARTIFACTS/gas.json"
  local against=(--baseline bench/gas.json)
  [ "$accept" != --accept ] || against=()
  "$CARGO_TARGET_DIR/debug/modelbond-bench-gas" --devnet "$home/devnet.json" --artifacts "$MODELBOND_ARTIFACTS" \
    --devnet-script scripts/devnet.sh --output "$figures" "${against[@]}"
  [ "$accept" != --accept ] || cp "$figures" bench/gas.json
  stage_summary
}

case "${1:-}" in
gas) gas "${2:-}" ;;
-h | --help) usage ;;
*) usage && exit 2 ;;
esac
