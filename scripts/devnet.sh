#!/usr/bin/env bash
# A real chain on this machine: one validator, loopback only, ports chosen by the kernel, its own home.
# Guarantees: ready means a first block exists; `run` dies with whoever started it; `down` ends only a
# process that is this home's node. Standard output carries JSON only.
# shellcheck source-path=SCRIPTDIR source=environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

CHAIN_ID=modelbond-devnet-1
# Known to everybody, so worth nothing anywhere else.
FAUCET_MNEMONIC="test test test test test test test test test test test junk"
FAUCET_COINS=1000000000000000000stake,1000000000000000000uusd
VALIDATOR_COINS=1000000000000stake
READY_SECONDS=30

HOME_DIR="$MODELBOND_CACHE/devnet/default"
BLOCK_TIME=500ms
ACCOUNTS=()

usage() {
  cat >&2 <<'TEXT'
usage: scripts/devnet.sh COMMAND [OPTIONS]

  up               start in the background, wait for the first block, print devnet.json
  run              become the node (the process id stays); it ends when the calling process ends
  down             stop the node of this home
  status           print devnet.json; exit 0 when it runs, 1 when not
  pin CODE_ID...   pin codes by a governance vote and wait until it has passed

  --home DIR              the node's home (default: in the cache); an existing chain goes on
  --fresh                 delete the home first
  --account ADDRESS=COINS fund an account at genesis; repeatable
  --block-time TIME       time between blocks (default 500ms)
TEXT
}

node() { "$MODELBOND_WASMD" --home "$HOME_DIR" "$@"; }

# Is PID alive, and the node of this home?
is_ours() {
  [ -n "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF -- "wasmd start --home $HOME_DIR "
}

running_pid() {
  local pid
  pid="$(cat "$HOME_DIR/node.pid" 2>/dev/null || true)"
  ! is_ours "$pid" || printf '%s' "$pid"
}

# --- Genesis --------------------------------------------------------------------------------------------
create_chain() {
  local account genesis="$HOME_DIR/config/genesis.json"
  umask 077
  mkdir -p "$HOME_DIR"
  node init devnet --chain-id "$CHAIN_ID" --default-denom stake >/dev/null 2>&1
  printf '%s\n' "$FAUCET_MNEMONIC" >"$HOME_DIR/faucet.mnemonic"
  node keys add faucet --recover --keyring-backend test >/dev/null 2>&1 <"$HOME_DIR/faucet.mnemonic"
  node keys add validator --keyring-backend test >/dev/null 2>&1
  node genesis add-genesis-account validator "$VALIDATOR_COINS" --keyring-backend test
  node genesis add-genesis-account faucet "$FAUCET_COINS" --keyring-backend test
  for account in "${ACCOUNTS[@]}"; do
    node genesis add-genesis-account "${account%%=*}" "${account#*=}" --append ||
      die "cannot fund '$account'" "give --account wasm1…=1000uusd,5stake"
  done
  node genesis gentx validator 500000000000stake --chain-id "$CHAIN_ID" --keyring-backend test >/dev/null 2>&1
  node genesis collect-gentxs >/dev/null 2>&1

  # Votes end in seconds. No inflation, so that a balance changes only by what somebody did.
  jq '.app_state.gov.params.voting_period = "6s"
    | .app_state.gov.params.expedited_voting_period = "3s"
    | .app_state.mint.params |= (.inflation_rate_change = "0.0" | .inflation_min = "0.0" | .inflation_max = "0.0")
    | .app_state.mint.minter.inflation = "0.0"' "$genesis" >"$genesis.new"
  mv "$genesis.new" "$genesis"

  sed -i -e "s/^timeout_commit = .*/timeout_commit = \"$BLOCK_TIME\"/" \
    -e 's/^addr_book_strict = .*/addr_book_strict = false/' "$HOME_DIR/config/config.toml"
  sed -i -e 's/^minimum-gas-prices = .*/minimum-gas-prices = "0stake"/' "$HOME_DIR/config/app.toml"
  touch "$HOME_DIR/.created"
}

# --- Start ----------------------------------------------------------------------------------------------
prepare() {
  [ -z "$(running_pid)" ] || die "a node already runs in $HOME_DIR" "'scripts/devnet.sh down --home $HOME_DIR' first, or choose another --home"
  [ "$FRESH" = no ] || rm -rf "$HOME_DIR"
  [ -e "$HOME_DIR/.created" ] || {
    [ ! -e "$HOME_DIR/config" ] || rm -rf "$HOME_DIR/config" "$HOME_DIR/keyring-test" "$HOME_DIR/data"
    create_chain
  }
  rm -f "$HOME_DIR/devnet.json"
  : >"$HOME_DIR/node.log"
}

# Waits until the node of process PID has made a block, then writes devnet.json in one step.
announce() {
  local pid="$1" deadline=$((SECONDS + READY_SECONDS)) rpc="" answer
  while [ "$SECONDS" -lt "$deadline" ] && [ -e "/proc/$pid" ]; do
    sleep 0.1
    rpc="$(sed -n 's|.*Starting RPC HTTP server on \(127\.0\.0\.1:[0-9]*\).*|http://\1|p' "$HOME_DIR/node.log" | head -n1)"
    [ -n "$rpc" ] || continue
    answer="$(curl -fsS --max-time 2 "$rpc/status" 2>/dev/null)" || continue
    [ "$(jq -r .result.sync_info.latest_block_height <<<"$answer")" -ge 1 ] || continue
    jq --arg rpc "$rpc" --arg home "$HOME_DIR" --argjson pid "$pid" --arg block_time "$BLOCK_TIME" \
      --arg faucet "$(node keys show faucet -a --keyring-backend test)" \
      '{chain_id: .result.node_info.network, rpc: $rpc, home: $home, pid: $pid, node_id: .result.node_info.id,
        prefix: "wasm", fee_denom: "stake", gas_price: "0stake", block_time: $block_time,
        faucet: {address: $faucet, mnemonic_file: ($home + "/faucet.mnemonic")}, log: ($home + "/node.log")}' \
      <<<"$answer" >"$HOME_DIR/devnet.json.new"
    mv "$HOME_DIR/devnet.json.new" "$HOME_DIR/devnet.json"
    return 0
  done
  return 1
}

# Ends process NODE when process PARENT is gone. Not PR_SET_PDEATHSIG: that fires when the *thread* that
# started the node ends, which a test runner's threads do while other tests still use the node.
follow() {
  local node="$1" parent="$2"
  for _ in $(seq 50); do ! is_ours "$node" || break; sleep 0.1; done
  while [ -e "/proc/$parent" ] && is_ours "$node"; do sleep 0.5; done
  ! is_ours "$node" || kill "$node" 2>/dev/null || true
  sleep 3
  ! is_ours "$node" || kill -KILL "$node" 2>/dev/null || true
}

become_node() {
  printf '%s\n' "$$" >"$HOME_DIR/node.pid"
  exec "$MODELBOND_WASMD" start --home "$HOME_DIR" --rpc.laddr tcp://127.0.0.1:0 --p2p.laddr tcp://127.0.0.1:0 \
    --rpc.pprof_laddr "" --grpc.enable=false --log_no_color </dev/null >>"$HOME_DIR/node.log" 2>&1
}

run() {
  prepare
  # Orphans from birth (two forks), so that the node has no children to wait for, and silent, so that the
  # caller's pipes close when the node ends.
  ( (
    trap '' HUP INT TERM
    announce "$$" &
    follow "$$" "$PPID"
  ) </dev/null >/dev/null 2>&1 &)
  become_node
}

up() {
  prepare
  export -f become_node
  export HOME_DIR
  setsid bash -c become_node </dev/null >/dev/null 2>&1 &
  local pid=""
  for _ in $(seq 50); do
    pid="$(running_pid)"
    [ -z "$pid" ] || break
    sleep 0.1
  done
  if [ -z "$pid" ] || ! announce "$pid"; then
    [ -z "$pid" ] || kill "$pid"
    tail -n 5 "$HOME_DIR/node.log" >&2
    die "the node made no block in $READY_SECONDS s" "read $HOME_DIR/node.log"
  fi
  cat "$HOME_DIR/devnet.json"
}

# --- The rest -------------------------------------------------------------------------------------------
down() {
  local pid
  pid="$(running_pid)"
  [ -n "$pid" ] || {
    say "no node runs in $HOME_DIR"
    return 0
  }
  kill "$pid"
  for _ in $(seq 100); do
    is_ours "$pid" || break
    sleep 0.1
  done
  ! is_ours "$pid" || kill -KILL "$pid"
  rm -f "$HOME_DIR/node.pid" "$HOME_DIR/devnet.json"
  say "stopped the node of $HOME_DIR"
}

status() {
  if [ -z "$(running_pid)" ] || [ ! -e "$HOME_DIR/devnet.json" ]; then
    say "no node runs in $HOME_DIR"
    return 1
  fi
  cat "$HOME_DIR/devnet.json"
}

# tx ARGUMENT...: signs as the validator, waits until it is in a block, prints the result.
tx() {
  local rpc hash answer
  rpc="$(jq -r .rpc "$HOME_DIR/devnet.json")"
  answer="$(node tx "$@" --from validator --keyring-backend test --chain-id "$CHAIN_ID" --node "$rpc" \
    --gas 5000000 --fees 0stake --yes --output json)"
  [ "$(jq -r .code <<<"$answer")" = 0 ] || die "transaction refused: $(jq -r .raw_log <<<"$answer")"
  hash="$(jq -r .txhash <<<"$answer")"
  for _ in $(seq 100); do
    if answer="$(node query tx "$hash" --node "$rpc" --output json 2>/dev/null)"; then
      [ "$(jq -r .code <<<"$answer")" = 0 ] || die "transaction $hash failed: $(jq -r .raw_log <<<"$answer")"
      printf '%s' "$answer"
      return 0
    fi
    sleep 0.1
  done
  die "transaction $hash is in no block after 10 s" "is the node alive? 'scripts/devnet.sh status --home $HOME_DIR'"
}

pin() {
  [ $# -gt 0 ] || die "no code to pin" "scripts/devnet.sh pin CODE_ID..."
  status >/dev/null || exit 1
  local rpc authority proposal answer state=""
  rpc="$(jq -r .rpc "$HOME_DIR/devnet.json")"
  authority="$(node query auth module-account gov --node "$rpc" --output json |
    jq -r '[.. | objects | .address? // empty] | first')"
  proposal="$(tx wasm submit-proposal pin-codes "$@" --authority "$authority" --title "Pin $*" \
    --summary "Keep codes $* in memory" --deposit 10000000stake |
    jq -r '[.events[] | select(.type == "submit_proposal") | .attributes[] | select(.key == "proposal_id") | .value] | first')"
  tx gov vote "$proposal" yes >/dev/null
  for _ in $(seq 300); do
    answer="$(node query gov proposal "$proposal" --node "$rpc" --output json)"
    state="$(jq -r '.proposal.status' <<<"$answer")"
    case "$state" in
    PROPOSAL_STATUS_PASSED | 3) break ;;
    PROPOSAL_STATUS_REJECTED | PROPOSAL_STATUS_FAILED | 4 | 5)
      die "proposal $proposal: $state $(jq -r '.proposal.failed_reason // ""' <<<"$answer")" ;;
    esac
    sleep 0.2
  done
  [ "$state" = PROPOSAL_STATUS_PASSED ] || [ "$state" = 3 ] || die "proposal $proposal is still $state after 60 s"
  node query wasm pinned --node "$rpc" --output json | jq '{pinned: [.code_ids[] | tonumber]}'
}

# --- Command line ---------------------------------------------------------------------------------------
[ $# -gt 0 ] || {
  usage
  exit 2
}
COMMAND="$1"
shift
FRESH=no
WORDS=()
while [ $# -gt 0 ]; do
  case "$1" in
  --home | --block-time | --account)
    [ $# -ge 2 ] || die "$1 needs a value" "scripts/devnet.sh --help"
    case "$1" in
    --home) HOME_DIR="$2" ;;
    --block-time) BLOCK_TIME="$2" ;;
    --account) ACCOUNTS+=("$2") ;;
    esac
    shift 2
    ;;
  --fresh) FRESH=yes && shift ;;
  -h | --help) usage && exit 0 ;;
  -*) die "unknown option $1" "scripts/devnet.sh --help" ;;
  *) WORDS+=("$1") && shift ;;
  esac
done
case "$COMMAND" in
up | run | down | status)
  [ "${#WORDS[@]}" -eq 0 ] || die "unexpected '${WORDS[0]}'" "scripts/devnet.sh --help"
  ;;
pin) ;;
-h | --help | help) usage && exit 0 ;;
*) die "unknown command '$COMMAND'" "scripts/devnet.sh --help" ;;
esac

HOME_DIR="$(realpath -m "$HOME_DIR")"
ensure_basics
ensure_wasmd
"$COMMAND" "${WORDS[@]}"
