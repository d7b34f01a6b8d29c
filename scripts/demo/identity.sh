# shellcheck shell=bash
# Sourced by demo.sh: a person with an Ethereum and a Cosmos wallet. Real wallet libraries sign, ethers and
# cosmjs; the chain verifies, and each address leads to the other.

# wallet JSON: what both wallets sign of it.
wallet() { node tests/wallets/sign-link.mjs <<<"$1" >"$HOME_DIR/wallet" || die "the wallets did not sign"; }
signed() { jq -r ".$1" "$HOME_DIR/wallet"; }

one_person_two_wallets() {
  heading "One person, two wallets: an Ethereum key and a Cosmos key become one identity"
  local words document eth public_key expires_at
  run "" keys add ada || failed "no key for ada"
  run "" keys export ada || failed "no words of ada"
  words="$(jq .mnemonic "$HOME_DIR/answer")"
  wallet "{\"mnemonic\": $words, \"prefix\": \"wasm\"}"
  eth="$(signed eth_address)" public_key="$(signed pubkey_base64)"
  say "  ada has $eth (ethers) and $(signed cosmos_address) (cosmjs)"
  jq -c '{ada: .cosmos_address}' "$HOME_DIR/wallet" >>"$HOME_DIR/addresses"

  ask "what both wallets have to sign" link --document --eth-address "$eth" --public-key "$public_key"
  document="$(cat "$HOME_DIR/answer")"
  expires_at="$(jq -r .expires_at <<<"$document")"
  jq -j .text <<<"$document" >"$HOME_DIR/text"
  jq .typed_data <<<"$document" >"$HOME_DIR/typed-data.json"
  wallet "$(jq --argjson words "$words" '{mnemonic: $words, prefix: "wasm", typed_data, text}' <<<"$document")"
  say "  ethers signs the typed data, cosmjs the text"

  ask "is ethers's signature valid, here and on chain?" sig verify --scheme eip712 --on-chain \
    --typed-data "$HOME_DIR/typed-data.json" --signature "$(signed eth_signature_eip712)" --signer "$eth"
  ask "and cosmjs's?" sig verify --scheme adr036 --on-chain --message-file "$HOME_DIR/text" \
    --signature "$(signed cosmos_signature_adr036)" --signer "$(signed cosmos_address)"
  refused bob "takes the signature for another text" "not valid" sig verify --scheme adr036 --on-chain \
    --message "Modelbond: link everything" --signature "$(signed cosmos_signature_adr036)" --signer "$(signed cosmos_address)"

  local link=(link --eth-address "$eth" --eth-signature "$(signed eth_signature_eip712)" --public-key "$public_key"
    --cosmos-signature "$(signed cosmos_signature_adr036)" --expires-at "$expires_at")
  act alice "sends the link for ada" "${link[@]}"
  ask "who is $eth?" resolve "$eth"
  ask "who is $(signed cosmos_address)?" resolve "$(signed cosmos_address)"
  refused alice "sends the same signatures again" "the signature is not by" "${link[@]}"
  refused washer "ends ada's link" "is neither" unlink --eth-address "$eth"
}
