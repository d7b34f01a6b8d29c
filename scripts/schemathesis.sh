#!/usr/bin/env bash
# The HTTP service against its own description: schemathesis calls every route with what the description
# allows and with what it does not, and every answer must be one that the description knows.
# Guarantees: the service is started on a free port with a home of its own, and ended by its own process id;
# the same seed and number of examples each time (MODELBOND_EXAMPLES changes the number); the exit code is
# that of the first failure. The checks are those of schemathesis.toml.
# shellcheck source-path=SCRIPTDIR source=environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

SEED=20250101
EXAMPLES="${MODELBOND_EXAMPLES:-150}"

ensure_basics
ensure_rust
ensure_python
cargo build --quiet --locked -p modelbond

work="$(mktemp -d "${TMPDIR:-/tmp}/modelbond-schemathesis.XXXXXX")"
service=""
end() {
  [ -z "$service" ] || kill -TERM "$service" 2>/dev/null || true
  [ -z "$service" ] || wait "$service" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT

mkfifo "$work/listening"
MODELBOND_HOME="$work/home" "$CARGO_TARGET_DIR/debug/modelbond" serve --json --listen 127.0.0.1:0 \
  --rate-limit 0 --log warn >"$work/listening" 2>"$work/log" &
service=$!
# The service says where it listens, or ends and closes the pipe.
read -r line <"$work/listening" || die "the service did not start: $(cat "$work/log")"
url="$(jq -r .listening <<<"$line")"

"$(dirname "$MODELBOND_PYTHON")/schemathesis" --config-file schemathesis.toml run "$url/openapi.json" \
  --seed "$SEED" --max-examples "$EXAMPLES" >&2 ||
  die "the service is not what its description says" "read the failures above; each has a curl command"

kill -TERM "$service"
wait "$service" || die "the service did not end in order: $(cat "$work/log")"
service=""
