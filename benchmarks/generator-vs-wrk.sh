#!/usr/bin/env bash
# Runs `weir load` and wrk in turn against the same cache server and prints the ratio of their throughputs.
# The server is bound to one core, whichever of the two generators runs to another.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/generator-vs-wrk.sh [ROUNDS]

Starts a demo of one shard, inserts 10,000 keys, and has wrk and `weir load` read them at random in turn,
both with 32 connections: 6 s each a round, after 8 s of warm-up for the one that runs on a JVM.
Prints the two throughputs (requests a second) and their ratio for each round (default 7), then the median.
Needs wrk, taskset, python3 and 2 cores; takes 1.5 minutes and 25 s a round. Loopback only.
USAGE
}

[ "${1:-}" != --help ] || { usage; exit 0; }
rounds=${1:-7}
[[ $rounds =~ ^[1-9][0-9]?$ ]] || { usage >&2; exit 2; }
for tool in wrk taskset python3; do
  command -v "$tool" >/dev/null || { echo "generator-vs-wrk: $tool is not installed" >&2; exit 1; }
done

cd "$(dirname "$0")/.."
work=$(mktemp -d)
demo=
finish() {
  [ -z "$demo" ] || { kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; }
  rm -rf "$work"
}
trap finish EXIT

port=21000
./weir demo --no-load --shards 1 --port $port --data-dir "$work/demo" >"$work/out" 2>"$work/err" &
demo=$!
until grep -q ^ready "$work/out"; do
  kill -0 $demo 2>/dev/null || { cat "$work/err" >&2; exit 1; }
  sleep 0.5
done
read -r pid url < <(python3 - "$work/demo/cluster.json" <<'PY'
import json, sys
server = next(p for p in json.load(open(sys.argv[1]))["processes"] if p["role"] == "cache")
print(server["pid"], server["url"])
PY
)
taskset -acp 0 "$pid" >/dev/null

cat >"$work/keys.lua" <<'LUA'
function init(args) math.randomseed(os.time()) end
request = function() return wrk.format("GET", "/kv/load:" .. math.random(0, 9999)) end
LUA

load() {
  taskset -c 1 ./weir load --master http://127.0.0.1:$port --keys 10000 --clients 32 --threads 1 --output json "$@" 2>/dev/null
}

load --phase load >/dev/null
echo "warming the server up for 45 s"
load --phase run --reads 1 --distribution uniform --warmup 0s --duration 45s >/dev/null
for ((round = 1; round <= rounds; round++)); do
  wrk=$(taskset -c 1 wrk -t1 -c32 -d6s -s "$work/keys.lua" "$url" | awk '/Requests\/sec/ {print $2}')
  load --phase run --reads 1 --distribution uniform --warmup 8s --duration 6s >"$work/result.json"
  python3 - "$wrk" "$work/result.json" <<'PY' | tee -a "$work/ratios"
import json, sys
wrk, result = float(sys.argv[1]), json.load(open(sys.argv[2]))
print("wrk %.0f/s, weir load %.0f/s, ratio %.2f (its event loop ran %.0f%% of the time)" % (
    wrk, result["throughput"], result["throughput"] / wrk, 100 * result["generator"]["busiestLoop"]))
PY
done
sed 's/.*ratio \([0-9.]*\).*/\1/' "$work/ratios" | sort -n |
  awk '{r[NR] = $1} END {print "median ratio", NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2}'
