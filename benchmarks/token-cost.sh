#!/usr/bin/env bash
# What asking for a token costs a GET that hits: two servers, one open, one with 20 tokens, read by wrk in turn.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/token-cost.sh [ROUNDS]

Starts two masters with a cache server each, one pair without tokens and one with a file of 20, bound to one core,
and has wrk read one resident key from each in turn, with 32 connections and a token in the header of every request,
from another core: 5 s each a round, after 45 s of warm-up each. Prints requests a second and the ratio
(with tokens / open) for each round (default 7), then the median.
Needs the jars (mvn package), wrk, curl, taskset, openssl and 2 cores; takes 2.5 minutes and 10 s a round. Loopback only.
USAGE
}

[ "${1:-}" != --help ] || { usage; exit 0; }
rounds=${1:-7}
[[ $rounds =~ ^[1-9][0-9]?$ ]] || { usage >&2; exit 2; }
for tool in wrk curl taskset openssl; do
  command -v "$tool" >/dev/null || { echo "token-cost: $tool is not installed" >&2; exit 1; }
done

cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT

for i in {1..18}; do echo "reader-$i read $(openssl rand -hex 32)"; done >"$work/tokens"
token=$(openssl rand -hex 32)
openssl rand -hex 32 >"$work/cluster-token"
echo "load read,write $token" >>"$work/tokens"
echo "caches cluster $(cat "$work/cluster-token")" >>"$work/tokens"

start() {
  local name=$1 port=$2
  shift 2
  local flags=(-Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  taskset -c 0 "$java" "${flags[@]}" -jar master-service/target/weir-master.jar --server.port="$port" \
    --weir.master.found=true --weir.data-dir="$work/$name-master" "$@" >"$work/$name-master.log" 2>&1 &
  pids+=($!)
  taskset -c 0 "$java" "${flags[@]}" -jar cache-service/target/weir-cache.jar --server.port=$((port + 1)) \
    --weir.master.urls="http://127.0.0.1:$port" --weir.advertise.url="http://127.0.0.1:$((port + 1))" \
    --weir.data-dir="$work/$name-cache" "$@" >"$work/$name-cache.log" 2>&1 &
  pids+=($!)
}

open=21101
asking=21111
start open $((open - 1))
start asking $((asking - 1)) --server.address=127.0.0.1 \
  --weir.security.tokens-file="$work/tokens" --weir.master.token-file="$work/cluster-token"
for port in $open $asking; do
  until curl -sf "http://127.0.0.1:$port/actuator/health/readiness" >/dev/null; do
    kill -0 "${pids[@]}" || { tail -n 5 "$work"/*.log >&2; exit 1; }
    sleep 0.5
  done
  head -c 100 /dev/zero | curl -sf -X PUT -H "Authorization: Bearer $token" --data-binary @- "http://127.0.0.1:$port/kv/key"
done

read_from() {
  taskset -c 1 wrk -t1 -c32 -d"$2" -H "Authorization: Bearer $token" "http://127.0.0.1:$1/kv/key" |
    awk '/Requests\/sec/ {print $2} /Non-2xx/ {print "wrk: " $0 > "/dev/stderr"; exit 1}'
}

echo "warming up for 90 s"
for _ in 1 2 3; do
  read_from $open 15s >/dev/null
  read_from $asking 15s >/dev/null
done
for ((round = 1; round <= rounds; round++)); do
  without=$(read_from $open 5s)
  with=$(read_from $asking 5s)
  awk -v a="$without" -v b="$with" 'BEGIN {printf "open %.0f/s, with tokens %.0f/s, ratio %.2f\n", a, b, b / a}'
done | tee "$work/ratios"
sed 's/.*ratio \([0-9.]*\).*/\1/' "$work/ratios" | sort -n |
  awk '{r[NR] = $1} END {print "median ratio", NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2}'
