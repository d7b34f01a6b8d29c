#!/usr/bin/env bash
# Real wallet libraries of both chains, ethers and cosmjs, against the program `modelbond`: what one signs
# the other verifies, and all hash the same; cosmjs as a wallet of NFTs against provenance on a real chain.
# Arguments go to `node --test`.
# shellcheck source-path=SCRIPTDIR source=environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

ensure_basics
ensure_rust
ensure_wallets
ensure_wasmd
[ -e "$MODELBOND_ARTIFACTS/provenance.wasm" ] || scripts/build-wasm.sh provenance
cargo build --quiet --locked -p modelbond
MODELBOND_BIN="$CARGO_TARGET_DIR/debug/modelbond" exec node --test "$@" tests/wallets/*.test.mjs
