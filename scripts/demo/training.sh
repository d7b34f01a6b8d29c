# shellcheck shell=bash
# Sourced by demo.sh: a round of training on the same chain, with real rows and a real computation. Five
# owners stake, their nodes play by themselves, the service that emits the beacon and moves the round on is
# killed in the middle of the commits and started again; the metrics reach a market of their own.

TRAINED=WIN
OWNERS=(anna ben cleo dora emil)
EPOCH_SECONDS=10
BEACON_SECONDS=3
ROUND_SECONDS=300 # a round on a busy machine, at most
SERVE_PID=""
PLAY_PIDS=()

# Ends what runs in the background, by its own process id.
end_training() {
  local pid
  for pid in "$SERVE_PID" "${PLAY_PIDS[@]}"; do
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  done
  for pid in "$SERVE_PID" "${PLAY_PIDS[@]}"; do
    [ -z "$pid" ] || wait "$pid" 2>/dev/null || true
  done
  SERVE_PID="" PLAY_PIDS=()
}

serve() {
  "$HOME_DIR/modelbond" serve --listen 127.0.0.1:0 --emit emitter --keep "$RUN" --from keeper \
    >>"$HOME_DIR/serve.out" 2>>"$HOME_DIR/serve.log" </dev/null &
  SERVE_PID=$!
}

plays() {
  local name="$1"
  shift
  "$HOME_DIR/modelbond" node play --run "$RUN" --rounds 1 --node "$name-node" "$@" \
    >"$HOME_DIR/play-$name.out" 2>"$HOME_DIR/play-$name.log" </dev/null &
  PLAY_PIDS+=("$!")
}

training_people() {
  heading "Five owners with a machine each, and a beacon"
  local name
  for name in keeper vera "${OWNERS[@]}"; do
    run "" keys add "$name" || failed "no key for $name"
    run "" devnet fund "$name" "$((20000 * USD))$DENOM" --node-home "$HOME_DIR/node" || failed "no dollars for $name"
  done
  for name in "${OWNERS[@]}"; do
    run "" node keygen "$name-node" || failed "no key for the node of $name"
    run "" devnet fund "$name-node" "1$DENOM" --node-home "$HOME_DIR/node" || failed "no account for the node of $name"
  done
  run "" beacon keygen emitter --period "$BEACON_SECONDS" --genesis "$(date +%s)" || failed "no beacon"
  cp "$HOME_DIR/answer" "$HOME_DIR/beacon.json"
  act creator "makes the beacon, training, registry, provenance and rewards, each of which names the others" deploy --artifacts "$HOME_DIR/artifacts" \
    --beacon "$HOME_DIR/beacon.json" --epoch-secs "$EPOCH_SECONDS" --witness-secs 600 --model-fee "$((5 * USD))$DENOM"
}

training_run() {
  heading "A model whose metrics come from training alone"
  local name node=0
  # Weights of a model that knows nothing yet.
  head -c 4096 /dev/zero >"$HOME_DIR/weights"
  local economy=(--weights "$HOME_DIR/weights" --reserve-denom "$DENOM" --kind sigmoid --price-scale $((2 * USD)) --max-supply 1000000
    --preset fast --set emission.epoch_secs=15)
  act vera "opens the model Grape, which asks 10 % of models built on it" model open --name "Grape" \
    --symbol "$PARENT" --use-case crop-water-nutrient-forecasting --licence Apache-2.0 \
    --description "Which grapes are ripe" --royalty-bps 1000 "${economy[@]}"
  act creator "opens the model Wine, built on it" model open --name "Wine" --symbol "$TRAINED" \
    --use-case quality-control-systems --licence Apache-2.0 --description "Which wines are good" \
    --parent "$PARENT" "${economy[@]}"
  for name in "${OWNERS[@]}"; do
    act "$name" "registers a node" node register --key "$name-node" --device-class demo
  done
  await "the launch is over" '.fee == "0.01"' model price "$TRAINED"
  act creator "buys tokens for the run" trade buy "$TRAINED" --pay $((2000 * USD))
  for name in "${OWNERS[@]}"; do
    node=$((node + 1))
    act "$name" "buys tokens" trade buy "$TRAINED" --pay $((200 * USD))
    act "$name" "stakes 10 of them for node $node" node stake "$TRAINED" --node "$node" --tokens 10
  done
  run creator run wine --set lengths.check_secs=15 || failed "no run"
  jq -r .toml "$HOME_DIR/answer" >"$HOME_DIR/run.toml"
  act creator "opens a run: wines are told apart" run open "$TRAINED" --file "$HOME_DIR/run.toml"
  act creator "pays for rounds" run fund "$RUN" --tokens 100
  act creator "puts down the bond" run bond "$RUN" --tokens 10
}

training_offer() {
  heading "A merchant offers data, which nobody can choose the witnesses of"
  python3 -B scripts/demo/wines.py >"$HOME_DIR/wines.csv"
  act alice "offers 200 wines, and a fee for those who score them" contribution offer "$TRAINED" \
    "$HOME_DIR/wines.csv" --data "200 wines of a merchant" --fee $((9 * USD))
}

training_round() {
  heading "A round: the nodes play, and the service dies in the middle of it"
  # shellcheck disable=SC2034 # await reads it
  local name WAIT_SECONDS="$ROUND_SECONDS"
  run "" model price "$TRAINED" || failed "no price"
  cp "$HOME_DIR/answer" "$HOME_DIR/price-before"
  serve
  plays anna --owner creator
  for name in "${OWNERS[@]:1}"; do plays "$name"; done
  await "members of the group commit" '.round.phase == "commit"' round show "$RUN" --round 1
  kill -KILL "$SERVE_PID"
  wait "$SERVE_PID" 2>/dev/null || true
  SERVE_PID=""
  date +%s >"$HOME_DIR/killed"
  run "" round show "$RUN" --round 1 || failed "no round"
  say "  the service is killed, $(committed) members have committed: no beacon, nobody moves the round on"
  sleep 8
  run "" round show "$RUN" --round 1 || failed "no round"
  say "  8 s later $(committed) have, and the round is in $(jq -r .round.phase "$HOME_DIR/answer")"
  date +%s >"$HOME_DIR/restarted"
  serve
  say "  and started again"
  await "the round is settled" '.round.phase == "final"' round show "$RUN" --round 1
  for name in "${PLAY_PIDS[@]}"; do
    wait "$name" || die "a node ended with an error" "$(cat "$HOME_DIR"/play-*.log)"
  done
  PLAY_PIDS=()
  sed 's/^/      /' "$HOME_DIR"/play-*.log >&2
  training_claims
  await "M has moved" ".multiplier != $(jq .multiplier "$HOME_DIR/price-before")" model price "$TRAINED"
  cp "$HOME_DIR/answer" "$HOME_DIR/price-after"
}

committed() { jq -r '"\([.seats[] | select(.commit)] | length) of \(.seats | length)"' "$HOME_DIR/answer"; }

training_claims() {
  local node
  for node in 1 2 3 4 5; do
    if run keeper round claim "$RUN" --round 1 --node "$node"; then
      say "  node $node is paid: $(jq -r -f scripts/demo/line.jq "$HOME_DIR/answer")"
      jq -c --arg node "$node" '{node: $node, answer: .}' "$HOME_DIR/answer" >>"$HOME_DIR/claims"
    else
      grep -qF "owes nothing" "$HOME_DIR/error" || failed "no claim for node $node"
    fi
  done
}

training() {
  # shellcheck disable=SC2034 # journal reads it
  local RUN=1 JOURNAL="$HOME_DIR/journal-training"
  local -x SYMBOL="$TRAINED" # what line.jq calls tokens
  chapter "training"
  training_people
  training_run
  training_offer
  training_round
  local code=0
  run "" network show || failed "no network file"
  cp "$HOME_DIR/answer" "$HOME_DIR/network"
  local arguments=(--rpc "$(jq -r .rpc "$HOME_DIR/node.json")" --home "$HOME_DIR" --symbol "$TRAINED" --run "$RUN")
  [ -z "$JSON" ] || arguments+=(--json "$JSON")
  python3 -B scripts/demo/training.py "${arguments[@]}" || code=$?
  end_training
  return "$code"
}
