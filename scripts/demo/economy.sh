# shellcheck shell=bash
# Sourced by demo.sh: what comes after a round of training. The contribution is an NFT, a user pays, revenue goes
# to holders, to the owner and up the lineage, the epoch's fees become block rewards; drawn witnesses score the data
# that somebody offered; and the books are computed again from the chain's events, which finds a log that was altered.

PARENT=GRP
CHECKS_FAILED=0

# check WHAT CONDITION FILE: a jq condition that must hold of a JSON file.
check() {
  if jq -e "$2" "$3" >/dev/null; then
    printf '  ok      %s\n' "$1"
  else
    printf '  FAILED  %s: %s\n' "$1" "$(jq -c . "$3" | cut -c1-300)"
    CHECKS_FAILED=$((CHECKS_FAILED + 1))
  fi >>"$HOME_DIR/economy.checks"
}

# keep NAME: the last answer, for a check.
keep() { cp "$HOME_DIR/answer" "$HOME_DIR/$1"; }

address_of() { run "" keys show "$1" && jq -r .address "$HOME_DIR/answer"; }

# The owner of a node among OWNERS, by address.
name_of() {
  local name
  for name in "${OWNERS[@]}"; do
    if [ "$(address_of "$name")" = "$1" ]; then printf '%s' "$name" && return 0; fi
  done
  die "nobody here has the address $1"
}

economy_nfts() {
  heading "The contribution is an NFT"
  ask "what training and the witnesses minted" nft list --model "$TRAINED"
  NFT="$(jq -r '[.nfts[].token_id] | map(select(startswith("offer") | not)) | first' "$HOME_DIR/answer")"
  ask "its content, of equation 2" nft show "$NFT"
  keep nft
  HOLDER="$(name_of "$(jq -r .owner "$HOME_DIR/answer")")"
  ask "its picture, drawn by the contract" nft image "$NFT" -o "$HOME_DIR/nft.svg"
}

economy_usage() {
  heading "Somebody uses the model, and pays"
  act user "pays for a tasting" usage pay "$TRAINED" --amount $((1000 * USD)) --memo "a tasting"
  ask "where it went" usage revenue "$TRAINED"
  keep revenue
  act "$HOLDER" "takes what the NFT has earned" nft claim "$NFT"
  keep claimed
  act "$HOLDER" "gives the NFT to alice" nft transfer "$NFT" --to alice
  act user "pays again" usage pay "$TRAINED" --amount $((500 * USD))
  economy_feedback
  refused "$HOLDER" "claims for an NFT that is alice's" "who holds" nft claim "$NFT"
  act alice "takes what it has earned since" nft claim "$NFT"
  act keeper "shares out what $PARENT got as a parent" usage distribute "$PARENT"
  act keeper "has $PARENT's owner paid" usage forward "$PARENT" --to owner
  act keeper "hands the reserve its tenth" usage forward "$TRAINED" --to reserve
  act keeper "has the owner paid" usage forward "$TRAINED" --to owner
}

# An epoch here is ten seconds, so it may have ended between the payment and what the user says of it.
economy_feedback() {
  local epoch=()
  if ! run user feedback submit "$RUN" --score 9; then
    epoch=(--epoch $(($(grep -o 'in epoch [0-9]*' "$HOME_DIR/error" | grep -o '[0-9]*$') - 1)))
    act user "says how good it was" feedback submit "$RUN" --score 9 "${epoch[@]}"
  else
    say "  user says how good it was: $(jq -r -f scripts/demo/line.jq "$HOME_DIR/answer")"
  fi
}

economy_graph() {
  heading "Who is built on whom"
  act creator "refers to $PARENT once more" model connect "$TRAINED" "$PARENT" --kind cites
  ask "the h-index of who made $PARENT" model hindex vera
  keep hindex
}

economy_rewards() {
  heading "An epoch's fees become block rewards"
  local epoch
  act alice "trades" trade buy "$TRAINED" --pay $((2000 * USD))
  run "" rewards show "$TRAINED" || failed "no rewards"
  epoch="$(jq .epoch "$HOME_DIR/answer")"
  await "the epoch is over, and the service has settled it" ".budget.epoch >= $epoch" rewards show "$TRAINED"
  await "it has settled the next one: what was bought before can be paid" ".budget.epoch > $epoch" rewards show "$TRAINED"
  ask "the tokens that were bought, and for which work" rewards segments "$TRAINED"
  keep segments
  local name
  for name in "${OWNERS[@]}"; do
    if run keeper rewards claim "$TRAINED" --operator "$name"; then
      say "  $name is paid: $(jq -r -f scripts/demo/line.jq "$HOME_DIR/answer")"
      jq -c --arg name "$name" '{name: $name, answer: .}' "$HOME_DIR/answer" >>"$HOME_DIR/rewards"
    fi
  done
  run "" rewards show "$TRAINED" || failed "no rewards"
  keep rewarded
}

# The service draws them by the round's seed, as soon as its slice of the holdout is open, and concludes.
economy_offer() {
  heading "Drawn machines score the data that alice offered, and agree to the last digit"
  await "its witnesses are drawn" '.witnesses != []' contribution show 1
  keep offer
  local owner witnesses=()
  for owner in $(jq -r '.witnesses[].owner' "$HOME_DIR/offer"); do witnesses+=("$(name_of "$owner")"); done
  for owner in "${witnesses[@]}"; do
    run "" contribution score "$HOME_DIR/wines.csv" --offer 1 || failed "no score by $owner"
    keep "score-$owner"
    act "$owner" "learns from the data, and commits to how good they are" contribution commit 1 \
      --score "$HOME_DIR/score-$owner"
  done
  for owner in "${witnesses[@]}"; do act "$owner" "shows it" contribution reveal 1; done
  await "it is accepted: an NFT of alice's, and the witnesses are paid" '.status.accepted' contribution show 1
  ask "what it is worth" nft show offer-1
  keep offered
}

economy_audit() {
  heading "The books, from the chain's events alone"
  ask "everything that moved" audit --export "$HOME_DIR/events"
  keep audit
  # One payment less than there was.
  grep -v revenue_shared "$HOME_DIR/events" >"$HOME_DIR/altered"
  refused "" "audits a log without its payments" "difference" audit --log "$HOME_DIR/altered"
}

economy() {
  # shellcheck disable=SC2034 # journal reads it
  local RUN=1 JOURNAL="$HOME_DIR/journal-economy" NFT HOLDER
  local -x SYMBOL="$TRAINED" # what line.jq calls tokens
  chapter "the economy around the model"
  : >"$HOME_DIR/economy.checks" && : >"$HOME_DIR/rewards"
  run "" model price "$TRAINED" || failed "no price"
  cp "$HOME_DIR/answer" "$HOME_DIR/price-trained"
  serve
  economy_offer
  economy_nfts
  economy_usage
  economy_graph
  economy_rewards
  economy_audit
  end_training
  economy_checks
}

economy_checks() {
  printf '\nChecks of the economy\n'
  check "the contribution has weight" '(.weight | tonumber) > 0' "$HOME_DIR/nft"
  check "a payment is found again to the unit" \
    '(.usage | tonumber) >= 1000000000 and (.holders | tonumber) > 0' "$HOME_DIR/revenue"
  check "the holder was paid" 'any(.events[]; (.amount | tonumber) > 0)' "$HOME_DIR/claimed"
  check "one model of somebody else is built on $PARENT: h is 1" '.h == 1' "$HOME_DIR/hindex"
  check "block rewards were bought" 'any(.segments[]; (.tokens | tonumber) > 0)' "$HOME_DIR/segments"
  check "operators were paid all of them" '.owed == "0"' "$HOME_DIR/rewarded"
  check "witnesses agreed: what was offered is an NFT, and made the model better" \
    '.contribution.improvement > 0' "$HOME_DIR/offered"
  check "the audit found 0 differences" '.differences == []' "$HOME_DIR/audit"
  cat "$HOME_DIR/economy.checks"
  [ "$CHECKS_FAILED" -eq 0 ]
}
