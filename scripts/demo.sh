#!/usr/bin/env bash
# One model's economy in about a minute, on a real chain: sets up what is missing, builds, starts a node of
# its own, links the two addresses of a person with real wallets, opens a market, trades on it through the
# command line, reports metrics that move its price, and checks the invariants against the chain's state.
# Then a second model, built on another one, is trained by five machines in a round whose metrics move its price;
# its contribution is an NFT that earns, fees become block rewards, and all books are computed again from events.
# Guarantees: a failed check is exit code 1; nothing keeps running and nothing is left behind, also after
# Ctrl-C, unless --keep; runs do not meet each other.
# The story goes to standard error, the report to standard output.
# shellcheck source-path=SCRIPTDIR source=environment.sh
CALLED_FROM="$PWD"
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=demo/identity.sh
. "$ROOT/scripts/demo/identity.sh"
# shellcheck source=demo/training.sh
. "$ROOT/scripts/demo/training.sh"
# shellcheck source=demo/economy.sh
. "$ROOT/scripts/demo/economy.sh"
cd "$ROOT"

BLOCK_TIME=250ms
MARKET=VIS
DENOM=uusd
USD=1000000 # base units of one dollar
WAIT_SECONDS=60

usage() {
  cat >&2 <<'TEXT'
usage: scripts/demo.sh [--keep] [--json FILE]

  --keep        leave the chain running, and say how to look around and how to stop it
  --json FILE   write the report's data as JSON, too

Needs no argument and no network file. The first run on a machine installs and builds what is missing,
which takes about 20 minutes; later ones take about four minutes.
TEXT
}

# --- One run, in a folder of its own ------------------------------------------------------------------------
KEEP=no
JSON=""
HOME_DIR=""
STARTING=no

# Ends the node by its own process id, and removes the folder. Runs however the script ends.
clean_up() {
  local code=$?
  trap '' HUP INT TERM
  stage_failed "$code"
  end_training
  [ -n "$HOME_DIR" ] || exit "$code"
  if [ "$KEEP" = yes ] && [ "$STARTING" = no ] && [ -e "$HOME_DIR/report.done" ]; then
    how_to_look_around
    exit "$code"
  fi
  # A node that was interrupted while it started writes its process id within a moment.
  [ "$STARTING" = no ] || sleep 1
  "$MODELBOND_DEVNET" down --home "$HOME_DIR/node" >/dev/null 2>&1 || true
  rm -rf "$HOME_DIR"
  exit "$code"
}
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# stage (environment.sh) sets its own trap.
chapter() {
  stage "$1"
  trap clean_up EXIT
}

how_to_look_around() {
  cat >&2 <<TEXT

The chain goes on. To look around:
  export MODELBOND_HOME=$HOME_DIR/home MODELBOND_PASSPHRASE_FILE=$HOME_DIR/passphrase
  alias modelbond=$HOME_DIR/modelbond
  modelbond keys list
  modelbond model price $MARKET
  modelbond trade buy $MARKET --from alice --pay $((100 * USD))
  modelbond link --from bob
  modelbond resolve bob
  modelbond nft show 1-1-0
  modelbond usage pay $TRAINED --from user --amount $((10 * USD))
  modelbond audit
To stop it and remove everything:
  $MODELBOND_DEVNET down --home $HOME_DIR/node && rm -rf $HOME_DIR
TEXT
}

# --- The command line, and the journal of what was done with it ----------------------------------------------
# Every answer becomes a line of the journal, which the report compares with the chain.
MARK="" # names a group of steps for the report

# run WHO COMMAND...: answer or error to $HOME_DIR, exit code of the command.
run() {
  local who="$1" code=0
  shift
  "$HOME_DIR/modelbond" --json --yes ${who:+--from "$who"} "$@" \
    >"$HOME_DIR/answer" 2>"$HOME_DIR/error" </dev/null || code=$?
  return "$code"
}

heading() { say "" && say "--- $*"; }
show_command() { say "      \$ modelbond ${*:2}${1:+ --from $1}"; }
show() { jq -r -f scripts/demo/line.jq "$1" | sed 's/^/      → /' >&2; }

journal() {
  local kind="$1" who="$2" what="$3" file="$4"
  shift 4
  jq -c --arg kind "$kind" --arg who "$who" --arg what "$what" --arg mark "$MARK" \
    '{kind: $kind, who: $who, what: $what, mark: $mark, command: $ARGS.positional, answer: .}' \
    "$file" --args -- "$@" >>"${JOURNAL:-$HOME_DIR/journal}"
}

failed() { die "$1: $(jq -r '.error' "$HOME_DIR/error" 2>/dev/null || cat "$HOME_DIR/error")"; }

# act WHO WHAT COMMAND...: signs as WHO.
act() {
  local who="$1" what="$2"
  shift 2
  say "  ${who:+$who }$what"
  show_command "$who" "$@"
  run "$who" "$@" || failed "$who $what"
  journal act "$who" "$what" "$HOME_DIR/answer" "$@"
  show "$HOME_DIR/answer"
}

# refused WHO WHAT REASON COMMAND...: the command must fail, and say REASON.
refused() {
  local who="$1" what="$2" reason="$3"
  shift 3
  say "  $who $what: refused"
  show_command "$who" "$@"
  ! run "$who" "$@" || die "$who $what, and was not refused"
  grep -qF -- "$reason" "$HOME_DIR/error" || failed "$who $what was refused, but not for '$reason'"
  journal refused "$who" "$what" "$HOME_DIR/error" "$@"
  say "      → $(jq -r .error "$HOME_DIR/error")"
}

# ask WHAT COMMAND...: a question, shown.
ask() {
  local what="$1"
  shift
  say "  $what"
  show_command "" "$@"
  run "" "$@" || failed "$what"
  journal ask "" "$what" "$HOME_DIR/answer" "$@"
  show "$HOME_DIR/answer"
}

# await WHAT CONDITION COMMAND...: asks until the answer fulfils the jq condition.
await() {
  local what="$1" condition="$2" deadline=$((SECONDS + WAIT_SECONDS)) dots=0
  shift 2
  printf '  until %s ' "$what" >&2
  until run "" "$@" && jq -e "$condition" "$HOME_DIR/answer" >/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || { say "" && die "waited $WAIT_SECONDS s in vain until $what"; }
    [ $((dots++ % 4)) -ne 0 ] || printf '.' >&2
    sleep 0.15
  done
  say " $(jq -r -f scripts/demo/line.jq "$HOME_DIR/answer")"
}

# --- Chapters -------------------------------------------------------------------------------------------------
build() {
  chapter "what is missing"
  ensure_basics
  ensure_command python3 python3
  ensure_rust
  ensure_npm_tools
  ensure_wasmd
  HOME_DIR="$(mktemp -d "${TMPDIR:-/tmp}/modelbond-demo.XXXXXX")"
  chapter "build the command line and the contracts"
  locked demo-build build_both
}

build_both() {
  cargo build --locked -p modelbond >&2
  # A copy: another checkout's build must not replace the program of a run.
  cp "$CARGO_TARGET_DIR/debug/modelbond" "$HOME_DIR/modelbond"
  MODELBOND_ARTIFACTS="$HOME_DIR/artifacts" scripts/build-wasm.sh
}

ACCOUNTS=(creator alice bob carol washer user trainer rewards provenance)

# Keys, encrypted under a passphrase of this run, and a chain on which they have dollars.
start_chain() {
  chapter "accounts, and a chain of their own (wasmd $WASMD_VERSION)"
  local variable name coins funded=()
  for variable in "${!MODELBOND_@}"; do
    case "$variable" in
    MODELBOND_CACHE | MODELBOND_WASMD | MODELBOND_DEVNET | MODELBOND_NODE_MODULES | MODELBOND_STAGE_LOG) ;;
    *) unset "$variable" ;; # settings of whoever called
    esac
  done
  export MODELBOND_HOME="$HOME_DIR/home" MODELBOND_PASSPHRASE_FILE="$HOME_DIR/passphrase"
  (umask 077 && head -c 24 /dev/urandom | base64 >"$MODELBOND_PASSPHRASE_FILE")
  for name in "${ACCOUNTS[@]}"; do
    run "" keys add "$name" || failed "no key for $name"
    jq -c '{(.name): .address}' "$HOME_DIR/answer" >>"$HOME_DIR/addresses"
    case "$name" in
    creator) coins=1000000 ;;
    alice | bob | carol | washer) coins=500000 ;;
    user) coins=20000 ;;
    *) coins=10 ;;
    esac
    say "  $name: $(jq -r .address "$HOME_DIR/answer"), $coins USD"
    funded+=(--account "$(jq -r .address "$HOME_DIR/answer")=$((coins * USD))$DENOM")
  done
  STARTING=yes
  "$MODELBOND_DEVNET" up --home "$HOME_DIR/node" --block-time "$BLOCK_TIME" "${funded[@]}" >"$HOME_DIR/node.json"
  STARTING=no
  act "" "the chain runs" devnet up --node-home "$HOME_DIR/node"
}

deploy_contracts() {
  heading "Somebody deploys the contracts; nobody has power over them afterwards"
  act creator "stores the contracts and makes the bridge" deploy --artifacts "$HOME_DIR/artifacts"
}

open_market() {
  heading "A model team opens a market"
  # The recommended economy with times of seconds. The price limit stays at the recommended 10 %; launch,
  # lock-up and cliff are long enough for a slow machine to run into them.
  act creator "opens a market for the model Vision" model open --name "Vision" --symbol "$MARKET" \
    --reserve-denom "$DENOM" --kind sigmoid --price-scale $((2 * USD)) --max-supply 100000000 \
    --preset fast --set limits.limit_bps=1000 --set fees.launch_secs=15 --set limits.lockup_secs=15 \
    --set vesting.cliff_secs=20 --stakeholder creator=7000 --stakeholder trainer=3000 \
    --metrics-source trainer --rewards rewards --provenance provenance
}

launch() {
  heading "The launch: for 15 s the fee falls from 5 % to 1 %, and what is bought is locked for 15 s more"
  act alice "buys for 60,000 USD in the launch" trade buy "$MARKET" --pay $((60000 * USD))
  refused alice "sells at once" "locked until" trade sell "$MARKET" --tokens 1000
  refused creator "claims before the cliff" "nothing has vested" vesting claim "$MARKET"
  refused bob "asks for more tokens than 30,000 USD buy" "less than the least asked for" \
    trade buy "$MARKET" --pay $((30000 * USD)) --min-tokens-out 999999999999
  refused bob "pays in another denom" "not in stake" trade buy "$MARKET" --pay 30000stake
  refused washer "reports metrics of its own" "may do this" \
    model report-metrics "$MARKET" --accuracy 1 --adoption 1 --improvement 1 --growth 1
  act rewards "emits: nothing proved, nothing emitted" \
    model emit "$MARKET" --budget $((100 * USD)) --max-tokens 1000
  act trainer "reports a good round: M* becomes 1.524" \
    model report-metrics "$MARKET" --accuracy 0.93 --adoption 0.4 --improvement 1 --growth 0.25
  await "the launch is over" '.fee == "0.01"' model price "$MARKET"
}

success() {
  heading "Success: M rises by 0.001 a second, and purchases pay it"
  MARK="split"
  ask "one order of 60,000 USD would get" trade quote buy "$MARKET" --pay $((60000 * USD))
  act bob "buys the first half" trade buy "$MARKET" --pay $((30000 * USD))
  act bob "buys the second half" trade buy "$MARKET" --pay $((30000 * USD))
  MARK=""
  act washer "buys for 50,000 USD before M rises" trade buy "$MARKET" --pay $((50000 * USD))
  await "M is 0.004 higher" "(.multiplier | tonumber) >= $(risen_by 0.004)" model price "$MARKET"
  act washer "sells everything after it rose" trade sell "$MARKET" --units "$(held_by washer)"
  act user "pays 5,000 USD for using the model" model fund "$MARKET" $((5000 * USD))
  await "the cliff is over" '.claimable[0].amount != "0"' vesting show "$MARKET"
  act creator "claims what has vested" vesting claim "$MARKET"
  act rewards "emits block rewards" model emit "$MARKET" --budget $((1000 * USD)) --max-tokens 2000
  refused rewards "emits again" "next slice" model emit "$MARKET" --budget $((1000 * USD)) --max-tokens 2000
}

price_limit() {
  heading "The price limit: the base price stays within 10 % of where it was"
  refused carol "buys for 450,000 USD at once" "above the limit" trade buy "$MARKET" --pay $((450000 * USD))
  act carol "takes what fits" trade buy "$MARKET" --pay $((450000 * USD)) --partial
  act carol "sends 1,000 tokens to alice" token transfer "$MARKET" alice --tokens 1000
}

decline() {
  heading "Decline: a bad round; M falls, and what holders can sell for does not"
  await "M is 1.03, and the price limit has followed" \
    '(.multiplier | tonumber) >= 1.03 and (.base | tonumber) * 1.05 < (.band_high | tonumber)' model price "$MARKET"
  act bob "buys 100,000 tokens at a higher X" trade buy-exact "$MARKET" --tokens 100000
  act trainer "reports a bad round: M* becomes 1.006" \
    model report-metrics "$MARKET" --accuracy 0.5 --adoption 0.02 --improvement 0.5 --growth 0
  MARK="decline"
  act washer "buys for 50,000 USD before M falls" trade buy "$MARKET" --pay $((50000 * USD))
  await "M has fallen by 0.006" "(.multiplier | tonumber) <= $(risen_by -0.006)" model price "$MARKET"
  act washer "sells everything after it fell" trade sell "$MARKET" --units "$(held_by washer)"
  MARK=""
}

exits() {
  heading "Exits and ledgers"
  await "alice's tokens are unlocked" '.locked == "0"' token balance "$MARKET" alice
  act alice "sells 300,000 of them" trade sell "$MARKET" --tokens 300000
  act bob "sells everything" trade sell "$MARKET" --units "$(held_by bob)"
  act creator "sells 200,000 vested tokens" trade sell "$MARKET" --tokens 200000
  act carol "burns 500 tokens" token burn "$MARKET" --tokens 500
  act "" "a stranger sends 2,500 USD to the contract: nothing moves" \
    devnet fund "$(market_address)" $((2500 * USD))$DENOM --node-home "$HOME_DIR/node"
  refused carol "takes the provenance ledger" "may do this" model withdraw-ledger "$MARKET" provenance
  act provenance "takes its ledger" model withdraw-ledger "$MARKET" provenance
  act carol "has the treasury paid to the creator" model withdraw-ledger "$MARKET" treasury
  act trainer "claims a stakeholder's share" vesting claim "$MARKET"
  heading "Where the market stands"
  ask "the prices" model price "$MARKET"
  ask "why they moved" explain "$MARKET"
  ask "the average base price" twap "$MARKET"
}

# --- What the story needs to know ---------------------------------------------------------------------------
market_address() { "$HOME_DIR/modelbond" model list --json | jq -r '.markets[0].address'; }
held_by() { "$HOME_DIR/modelbond" token balance "$MARKET" "$1" --json | jq -r .free; }
risen_by() { "$HOME_DIR/modelbond" model price "$MARKET" --json | jq -r "(.multiplier | tonumber) + $1"; }

report() {
  local code=0 arguments=(--rpc "$(jq -r .rpc "$HOME_DIR/node.json")" --market "$(market_address)"
    --accounts "$HOME_DIR/addresses" --journal "$HOME_DIR/journal" --program "$HOME_DIR/modelbond"
    --seconds "$SECONDS")
  [ -z "$JSON" ] || arguments+=(--json "$JSON")
  python3 -B scripts/demo/report.py "${arguments[@]}" || code=$?
  return "$code"
}

# --- Command line -------------------------------------------------------------------------------------------
while [ $# -gt 0 ]; do
  case "$1" in
  --keep) KEEP=yes ;;
  --json)
    [ $# -ge 2 ] || die "--json needs a file" "scripts/demo.sh --help"
    JSON="$(cd "$CALLED_FROM" && realpath -m -- "$2")"
    [ -w "$(dirname "$JSON")" ] || die "cannot write $2" "choose a file in a folder that exists"
    shift
    ;;
  -h | --help) usage && exit 0 ;;
  *) die "unknown argument '$1'" "scripts/demo.sh --help" ;;
  esac
  shift
done

build
start_chain
chapter "the story"
deploy_contracts
one_person_two_wallets
open_market
launch
success
price_limit
decline
exits
code=0
report || code=$?
training || code=$?
economy || code=$?
stage_summary
touch "$HOME_DIR/report.done"
[ "$code" -eq 0 ]
