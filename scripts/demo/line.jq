# One line about an answer of `modelbond --json`: what a person watching wants to know.
# Amounts are base units as strings; a dollar and a token both have 6 decimals.

def grouped: tostring | explode | reverse | [range(0; length) as $i | if $i > 0 and $i % 3 == 0 then [44, .[$i]] else [.[$i]] end] | add | reverse | implode;
def cents: (. | tonumber / 10000 | floor) as $n | ($n / 100 | floor | grouped) + "." + ("0" + ($n % 100 | tostring))[-2:];
def usd: cents + " USD";
def tokens: cents + " " + ($ENV.SYMBOL // "VIS");
def price: tonumber as $n | ($n | fabs / 1000000 * 100000 | round) as $i | (if $n < 0 then "-" else "" end) + ($i / 100000 | floor | tostring) + "." + ("00000" + ($i % 100000 | tostring))[-5:] + " USD";
def ratio: tonumber * 10000 | round / 10000 | tostring;
def receipt: " · " + (.transaction.gas_used | grouped) + " gas";
def prices: "M \(.multiplier | ratio), B \(.backing | ratio), X \(.purchase_multiplier | ratio): buy at \(.spot | price), sell at \(.sale | price)";

if .codes then
  (.codes | map("\(.contract): code \(.code_id), \(.bytes | grouped) bytes, sha-256 \(.hash[0:16])… verified on chain") | join("; "))
  + (.contracts | map("; \(.contract) at \(.address)") | join(""))
elif .round.phase then "round \(.round.round_id) in \(.round.phase)"
elif .statement then "\(.text | split("\n")[0])"
elif .event.type == "bridge_linked" then "linked" + receipt
elif has("valid") then "valid: \(.valid)" + (if .on_chain then ", on chain: \(.on_chain.valid)" else "" end)
elif has("linked") then (if .linked then "\(.link.eth_address) is \(.link.cosmos_address)" else "not linked" end)
elif .node then "\(.node.chain_id) at \(.node.rpc)"
elif .deposit then "\(.market.address), no admin; \(.event.initial_supply | tokens) for \(.deposit.amount | usd)" + receipt
elif .event.type == "market_bought" then
  "\(.event.tokens_out | tokens) for \(.event.amount_in | usd), fee \(.event.fee | usd)"
  + (if .event.refund != "0" then ", refunded \(.event.refund | usd)" else "" end)
  + (if .event.locked != "0" then ", locked" else "" end) + receipt
elif .event.type == "market_sold" then
  "\(.event.tokens_in | tokens) for \(.event.reserve_out | usd), fee \(.event.fee | usd)" + receipt
elif .event.type == "market_metrics_reported" then
  "M* \(.event.target | ratio), M \(.event.multiplier | ratio)" + receipt
elif .event.type == "market_emitted" then
  "\(.event.tokens_out | tokens) for \(.event.spent | usd) of the rewards ledger" + receipt
elif .event.type == "market_vested_claimed" then "\(.event.amount | tokens)" + receipt
elif .event.type == "market_funded" then "\(.event.amount | usd) stream to the holders" + receipt
elif .event.type == "market_burned" then "\(.event.amount | tokens) burned, \(.event.gross | usd) stream to the holders" + receipt
elif .event.type == "market_ledger_withdrawn" then "\(.event.amount | usd) of the \(.event.ledger) ledger" + receipt
elif .quote then
  "\(.quote.tokens_out | tokens) for \(.quote.amount_in | usd); sold at once they would pay \(.quote.exit_proceeds | usd)"
elif .fees_and_burn then
  "buy price \(.before | price) → \(.now | price): fees and revenue \(.fees_and_burn | price), multiplier \(.multiplier | price), trades \(.flow | price)"
elif .spot then prices
elif .window_secs then "\(.price | price) over \(.window_secs) s"
elif .receiver then "sent" + receipt
elif .contribution then
  "α \(.contribution.quality / 1000000), ΔM \(.contribution.improvement / 1000000), weight \(.weight | grouped)"
elif .claimable then "claimable: " + (.claimable | map(.amount | tokens) | join(", "))
elif .nfts then (.nfts | map("\(.token_id), weight \(.weight | grouped)") | join("; "))
elif .undistributed then
  "of \(.usage | usd): reserve \(.reserve | usd), NFTs \(.holders | usd), owner \(.owner | usd), the rest to parents"
elif has("h") then "h = \(.h)"
elif .differences then "\(.entries) events, \(.differences | length) differences"
elif .segments then (.segments | map("\(.tokens | tokens) for work \(.start) to \(.end)") | join("; "))
elif .draws_at then "offer \(.offer_id): \(.status | keys[0]), \(.witnesses | length) witnesses"
elif has("uncut_work") then "epoch \(.epoch), \(.owed | tokens) wait for operators"
elif .svg then "\(.svg | length) bytes"
elif .free then "\(.balance | tokens), \(.free | tokens) free"
elif .transaction then "done" + receipt
else tostring end
