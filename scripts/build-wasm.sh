#!/usr/bin/env bash
# Builds every contract to artifacts/<name>.wasm as the chain takes it. Guarantees: the same sources and
# toolchain give the same hash in any folder; each artefact passed cosmwasm-check and its size limit.
# shellcheck source-path=SCRIPTDIR source=environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

TARGET=wasm32-unknown-unknown
CHAIN_LIMIT=$((800 * 1024)) # wasmd refuses more
MARKET_LIMIT=450000         # ours: every market pays for loading it
TARGET_DIR="${MODELBOND_WASM_TARGET_DIR:-$MODELBOND_CACHE/target-wasm}"

usage() {
  cat >&2 <<'TEXT'
usage: scripts/build-wasm.sh [--with-bench] [--check-reproducible] [CONTRACT...]

  CONTRACT...            only these (names of folders in contracts/); default: all
  --with-bench           also what scripts/bench.sh compares with: cw20_base.wasm from crates.io and
                         bench_probe.wasm
  --check-reproducible   build again in a copy of the checkout and compare the hashes

MODELBOND_WASM_ROUTE=stable|debian chooses the compiler; by default: rustup's stable with the wasm
target, installed if that is possible, else Debian's compiler, which builds its own standard library.
TEXT
}

# --- The compiler ---------------------------------------------------------------------------------------
has_target() { [ -d "$(rustc --print target-libdir --target "$TARGET" 2>/dev/null)" ]; }

choose_route() {
  case "${MODELBOND_WASM_ROUTE:-}" in
  stable)
    has_target || timeout 60 rustup target add "$TARGET" || die "the wasm target cannot be installed" "unset MODELBOND_WASM_ROUTE"
    ROUTE=stable
    ;;
  debian) ROUTE=debian ;;
  "")
    if has_target || { command -v rustup >/dev/null && timeout 60 rustup target add "$TARGET" >&2 && has_target; }; then
      ROUTE=stable
    else
      ROUTE=debian
    fi
    ;;
  *) die "unknown MODELBOND_WASM_ROUTE '$MODELBOND_WASM_ROUTE'" "scripts/build-wasm.sh --help" ;;
  esac

  CARGO=(cargo)
  RUSTC_COMMAND=rustc
  ROUTE_FLAGS=()
  BUILD_FLAGS=()
  local rustup_bin
  rustup_bin="$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin"
  if [ "$ROUTE" = debian ]; then
    ensure_packages rustc-web cargo-web rust-web-src
    RUSTC_COMMAND=/usr/bin/rustc
    CARGO=(env RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 /usr/bin/cargo)
    ROUTE_FLAGS=(-Ctarget-cpu=mvp -Clink-arg=--allow-undefined)
    BUILD_FLAGS=("-Zbuild-std=std,panic_abort")
    if [ -x "$rustup_bin/rust-lld" ]; then
      PATH="$rustup_bin:$PATH"
    else
      ensure_command wasm-ld lld
      ROUTE_FLAGS+=(-Clinker=wasm-ld)
    fi
  fi
  TOOLCHAIN="$ROUTE: $("$RUSTC_COMMAND" --version), $(wasm-opt --version)"
  say "compiler: $TOOLCHAIN"
}

# Paths that differ from machine to machine must not reach the wasm.
encoded_flags() {
  local home="${CARGO_HOME:-$HOME/.cargo}" folder flags=("${ROUTE_FLAGS[@]}")
  flags+=("--remap-path-prefix=$ROOT=/modelbond" "--remap-path-prefix=$TARGET_DIR=/target" "--remap-path-prefix=$home=/cargo")
  for folder in "$home"/registry/src/*/; do
    flags+=("--remap-path-prefix=${folder%/}=/cargo/registry")
  done
  # With the rust-src component, rustc names the standard library's files by where they lie.
  [ "$ROUTE" != stable ] ||
    flags+=("--remap-path-prefix=$(rustc --print sysroot)/lib/rustlib/src/rust=/rustc/$(rustc -vV | sed -n 's/^commit-hash: //p')")
  [ "$ROUTE" != debian ] || flags+=("--remap-path-prefix=$(realpath /usr/lib/rustlib/src/rust)=/rust" "--remap-path-prefix=/usr/lib/rustlib/src/rust=/rust")
  local IFS=$'\x1f'
  printf '%s' "${flags[*]}"
}

# compile MANIFEST PACKAGE: the crate's own cdylib. One package per call: a call for several would unify
# their features, and a contract that another one uses as a library would lose its entry points.
compile() {
  CARGO_TARGET_DIR="$TARGET_DIR" CARGO_ENCODED_RUSTFLAGS="$(encoded_flags)" CARGO_TERM_PROGRESS_WHEN=never \
    "${CARGO[@]}" build --manifest-path "$1" --package "$2" --lib --profile contract --target "$TARGET" \
    "${BUILD_FLAGS[@]}" >&2
}

# --- Artefacts ------------------------------------------------------------------------------------------
OPT_FLAGS=(-Os --enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext --enable-nontrapping-float-to-int
  --enable-mutable-globals --enable-multivalue --enable-reference-types --llvm-memory-copy-fill-lowering
  --llvm-nontrapping-fptoint-lowering --signext-lowering)

# optimise CRATE NAME: lowers what the chain's VM refuses and shrinks; kept by content, so unchanged input costs nothing.
optimise() {
  local raw="$TARGET_DIR/$TARGET/contract/$1.wasm" key kept
  key="$({ cat "$raw"; printf '%s ' "$(wasm-opt --version)" "${OPT_FLAGS[@]}"; } | sha256sum | cut -c1-24)"
  kept="$TARGET_DIR/optimised/$key.wasm"
  if [ ! -e "$kept" ]; then
    mkdir -p "$TARGET_DIR/optimised"
    wasm-opt "${OPT_FLAGS[@]}" "$raw" -o "$kept.new"
    cosmwasm-check "$kept.new" >"$kept.log" 2>&1 || {
      cat "$kept.log" >&2
      die "$2.wasm would be refused by the chain" "read what cosmwasm-check says above"
    }
    mv "$kept.new" "$kept"
  fi
  cp "$kept" "$MODELBOND_ARTIFACTS/$2.wasm.new"
  mv "$MODELBOND_ARTIFACTS/$2.wasm.new" "$MODELBOND_ARTIFACTS/$2.wasm"
  BUILT+=("$2")
  RAW_SIZES+=("$(stat -c %s "$raw")")
}

report() {
  local i name size limit too_big=()
  printf '%-14s %10s %10s %10s  %s\n' contract raw optimised gzip sha256 >&2
  for i in "${!BUILT[@]}"; do
    name="${BUILT[$i]}"
    size="$(stat -c %s "$MODELBOND_ARTIFACTS/$name.wasm")"
    printf '%-14s %10d %10d %10d  %s\n' "$name" "${RAW_SIZES[$i]}" "$size" \
      "$(gzip -9nc "$MODELBOND_ARTIFACTS/$name.wasm" | wc -c)" \
      "$(sha256sum "$MODELBOND_ARTIFACTS/$name.wasm" | cut -d' ' -f1)" >&2
    limit=$CHAIN_LIMIT
    [ "$name" != market ] || limit=$MARKET_LIMIT
    [ "$size" -le "$limit" ] || too_big+=("$name.wasm: $size bytes, at most $limit")
  done
  (cd "$MODELBOND_ARTIFACTS" && sha256sum -- *.wasm >checksums.txt)
  printf '%s\n' "$TOOLCHAIN" >"$MODELBOND_ARTIFACTS/toolchain.txt"
  [ "${#too_big[@]}" -eq 0 ] || die "too big: ${too_big[*]}" "find what grew with 'twiggy' or by removing dependencies"
}

build_all() {
  local name
  mkdir -p "$MODELBOND_ARTIFACTS"
  "${CARGO[@]}" fetch --quiet --manifest-path "$ROOT/Cargo.toml" >&2
  for name in "${CONTRACTS[@]}"; do
    [ -f "$ROOT/contracts/$name/Cargo.toml" ] || die "there is no contract '$name'" "choose from: $(ls "$ROOT/contracts")"
    compile "$ROOT/Cargo.toml" "modelbond-$name"
    optimise "modelbond_${name//-/_}" "$name"
  done
  if [ "$BENCH" = yes ]; then
    local copy="$TARGET_DIR/cw20-base"
    mkdir -p "$copy"
    cp "$ROOT"/scripts/bench/cw20-base/{Cargo.toml,lib.rs} "$copy/"
    cp "$ROOT/Cargo.lock" "$copy/"
    compile "$copy/Cargo.toml" cw20-base
    optimise cw20_base cw20_base
    compile "$ROOT/Cargo.toml" modelbond-bench-probe
    optimise modelbond_bench_probe bench_probe
  fi
}

# Another folder of another length, another target directory, another cargo home: the same hashes.
check_reproducible() {
  local copy
  copy="$(mktemp -d "${TMPDIR:-/tmp}/modelbond-another-place.XXXXXX")"
  # shellcheck disable=SC2064
  trap "rm -rf '$copy'" EXIT
  say "building again in a copy of the checkout"
  mkdir -p "$copy/checkout" "$copy/cargo"
  (cd "$ROOT" && git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf - 2>/dev/null) |
    tar -C "$copy/checkout" -xf -
  ln -s "${CARGO_HOME:-$HOME/.cargo}"/registry "$copy/cargo/registry"
  CARGO_HOME="$copy/cargo" MODELBOND_WASM_TARGET_DIR="$copy/target" MODELBOND_ARTIFACTS="$copy/artifacts" \
    MODELBOND_WASM_ROUTE="$ROUTE" "$copy/checkout/scripts/build-wasm.sh" "${AGAIN[@]}"
  local name
  for name in "${BUILT[@]}"; do
    cmp "$MODELBOND_ARTIFACTS/$name.wasm" "$copy/artifacts/$name.wasm" >&2 ||
      die "$name.wasm differs between two folders" "look for paths with 'strings artifacts/$name.wasm | grep /'"
  done
  say "reproducible: ${BUILT[*]}"
}

# --- Command line ---------------------------------------------------------------------------------------
CONTRACTS=()
BUILT=()
RAW_SIZES=()
BENCH=no
TWICE=no
AGAIN=()
for word in "$@"; do
  case "$word" in
  --with-bench) BENCH=yes && AGAIN+=("$word") ;;
  --check-reproducible) TWICE=yes ;;
  -h | --help) usage && exit 0 ;;
  -*) die "unknown option $word" "scripts/build-wasm.sh --help" ;;
  *) CONTRACTS+=("$word") && AGAIN+=("$word") ;;
  esac
done
if [ "${#CONTRACTS[@]}" -eq 0 ]; then
  for manifest in "$ROOT"/contracts/*/Cargo.toml; do CONTRACTS+=("$(basename "$(dirname "$manifest")")"); done
fi

ensure_basics
ensure_rust
ensure_npm_tools
ensure_cosmwasm_check
choose_route
build_all
report
[ "$TWICE" = no ] || check_reproducible
