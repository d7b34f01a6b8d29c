#!/usr/bin/env bash
# Every test, on what people will run: the contracts as wasm, a real chain, the exact results of the curve.
# Guarantees: installs what is missing, prints the time of each stage, and ends with cargo's own summaries.
# Arguments go to the last `cargo test`, for example: scripts/test.sh -p modelbond-tests trading
# shellcheck source-path=SCRIPTDIR source=environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

PRECISION_TRADES="${MODELBOND_PRECISION_TRADES:-200000}"
SCOPE=("$@")
[ $# -gt 0 ] || SCOPE=(--workspace --no-fail-fast)

stage "tools of the tests"
ensure_basics
ensure_rust
ensure_python
ensure_wasmd

stage "contracts to wasm"
scripts/build-wasm.sh --with-bench

if [ $# -eq 0 ]; then
  stage "curve against $PRECISION_TRADES exact results"
  vectors="$CARGO_TARGET_DIR/precision-$PRECISION_TRADES.txt"
  mkdir -p "$CARGO_TARGET_DIR"
  "$MODELBOND_PYTHON" packages/curve/vectors/generate.py "$PRECISION_TRADES" >"$vectors"
  cargo run --quiet --locked -p modelbond-curve --example precision -- "$vectors" >&2
fi

stage "compile tests"
cargo test --locked "${SCOPE[@]}" --no-run

if [ $# -eq 0 ]; then
  stage "examples in the documentation"
  cargo test --locked --workspace --doc
  SCOPE+=(--lib --bins --tests)

  stage "fuzz targets, a second or more each"
  cargo test --locked --manifest-path fuzz/Cargo.toml

  stage "wallets of both chains"
  scripts/wallets.sh

  stage "the HTTP service against its description"
  scripts/schemathesis.sh
fi

stage_summary
say ""
exec cargo test --locked "${SCOPE[@]}" </dev/null
