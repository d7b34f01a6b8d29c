#!/usr/bin/env bash
# Measures, beside peers in the same run. `bench.sh gas`: gas of every message on a real chain, pinned and
# unpinned, with bank send and cw20-base; fails when a message costs > 2 % more than bench/gas.json.
# `bench.sh sig`: signatures a second beside libsecp256k1, and the bridge service under load and ended in
# the middle of it; fails when a target is missed. `bench.sh rounds`: gas of every message of a training round
# of full size (256 nodes, 16 groups of 5, a jury of 21); fails when one is above its limit. `bench.sh economy`:
# gas of models, NFTs, payments and rewards, with one holder and with ten thousand; fails when one is above its
# limit, or what must be flat is not.
# shellcheck source-path=SCRIPTDIR source=environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

usage() {
  cat >&2 <<'TEXT'
usage: scripts/bench.sh gas [--accept]
       scripts/bench.sh sig
       scripts/bench.sh rounds
       scripts/bench.sh economy

  --accept   take the figures as the new baseline, bench/gas.json

All but gas write their figures to sig.json, rounds.json and economy.json among the artefacts. The machine should
have nothing else to do. rounds and economy take about a quarter of an hour each.
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

rounds() {
  stage "contracts to wasm"
  ensure_basics
  ensure_rust
  ensure_wasmd
  scripts/build-wasm.sh market beacon nodes training
  stage "gas of a round"
  cargo build --quiet --locked -p modelbond-bench-rounds
  "$CARGO_TARGET_DIR/debug/modelbond-bench-rounds" --output "$MODELBOND_ARTIFACTS/rounds.json"
  stage_summary
}

economy() {
  stage "contracts to wasm"
  ensure_basics
  ensure_rust
  ensure_wasmd
  scripts/build-wasm.sh --with-bench market beacon nodes training registry provenance rewards
  stage "gas of the economy"
  cargo build --quiet --locked -p modelbond-bench-economy
  "$CARGO_TARGET_DIR/debug/modelbond-bench-economy" --output "$MODELBOND_ARTIFACTS/economy.json"
  stage_summary
}

sig() {
  local folder url bench="$CARGO_TARGET_DIR/release/modelbond-bench-sig" figures="$MODELBOND_ARTIFACTS/sig.json"
  stage "programs, optimised"
  ensure_basics
  ensure_rust
  cargo build --quiet --locked --release -p modelbond-bench-sig -p modelbond
  stage "signatures a second"
  folder="$(mktemp -d "${TMPDIR:-/tmp}/modelbond-sig.XXXXXX")"
  SERVER=""
  # shellcheck disable=SC2064
  trap "end_server; rm -rf '$folder'" EXIT
  "$bench" native --output "$folder/native.json"
  start_server "$folder"
  "$bench" service --url "$url" --pid "$SERVER" --output "$folder/service.json"
  wait "$SERVER" || die "the service ended with exit code $?" "start it by hand, send SIGTERM, and read its log"
  SERVER=""
  mkdir -p "$MODELBOND_ARTIFACTS"
  jq -s '.[0] * .[1] + {targets: map(.targets[])}' "$folder"/{native,service}.json >"$figures"
  stage_summary
  jq -e 'all(.targets[]; .met)' "$figures" >/dev/null ||
    die "a target is missed" "see MISSED above; run it again with nothing else on the machine"
}

# start_server FOLDER: sets SERVER, its process, and url.
start_server() {
  "$CARGO_TARGET_DIR/release/modelbond" --home "$1" serve --listen 127.0.0.1:0 --rate-limit 0 --log warn --json \
    >"$1/serve.json" &
  SERVER=$!
  local tries=100
  until url="$(jq -er '.listening' "$1/serve.json" 2>/dev/null)"; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ] || ! kill -0 "$SERVER" 2>/dev/null; then
      die "the service did not start" "start it by hand: modelbond serve"
    fi
    sleep 0.1
  done
}

end_server() { [ -z "$SERVER" ] || kill "$SERVER" 2>/dev/null || true; }

case "${1:-}" in
sig) sig ;;
rounds) rounds ;;
economy) economy ;;
gas) gas "${2:-}" ;;
-h | --help) usage ;;
*) usage && exit 2 ;;
esac
