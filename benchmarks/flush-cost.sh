#!/usr/bin/env bash
# What a flush costs in two builds of the cache server: durable writes and flushed rows a second, in turn.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/flush-cost.sh BEFORE.jar AFTER.jar JDBC-URL [ROUNDS]

Starts a master, and a cache server of each build in front of a schema of its own, at
JDBC-URL with its database left out, such as 'jdbc:mysql://127.0.0.1:3306/?user=root'; the schemas
flush_cost_before and flush_cost_after must be there and empty. In turn, 'weir load' writes 20,000
keys with 32 clients for 8 s to each, nothing is written back meanwhile, and then all that is dirty
is flushed at once. Prints acknowledged writes a second, rows flushed a second and SQL statements a
row of each round (default 5), and the median ratio (after / before) of both rates.
Needs the jars (mvn package), curl and jq; takes 30 s a round. Loopback only.
USAGE
}

[ "${1:-}" != --help ] || { usage; exit 0; }
[ $# -ge 3 ] || { usage >&2; exit 2; }
before=$(realpath "$1") after=$(realpath "$2") url=$3 rounds=${4:-5}
[[ $rounds =~ ^[1-9][0-9]?$ ]] || { usage >&2; exit 2; }
for tool in curl jq; do
  command -v "$tool" >/dev/null || { echo "flush-cost: $tool is not installed" >&2; exit 1; }
done

cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

flags=(-Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
start() { # name jar port
  "$java" "${flags[@]}" -jar master-service/target/weir-master.jar --server.port=$(($3 - 1)) \
    --weir.master.found=true --weir.data-dir="$work/$1-master" >"$work/$1-master.log" 2>&1 &
  pids+=($!)
  "$java" "${flags[@]}" -jar "$2" --server.port="$3" --weir.master.urls="http://127.0.0.1:$(($3 - 1))" \
    --weir.advertise.url="http://127.0.0.1:$3" --weir.data-dir="$work/$1-cache" \
    --weir.database.url="${url/\/\?/\/flush_cost_$1?}" --weir.write-back.max-age=1h \
    --weir.cache.max-bytes=128MiB >"$work/$1-cache.log" 2>&1 &
  pids+=($!)
  until curl -sf "http://127.0.0.1:$3/actuator/health/readiness" >/dev/null; do
    for pid in "${pids[@]}"; do
      kill -0 "$pid" 2>/dev/null || { tail -n 5 "$work"/*.log >&2; exit 1; }
    done
    sleep 0.5
  done
}
start before "$before" 21301
start after "$after" 21311

metric() { curl -sf "http://127.0.0.1:$1/actuator/prometheus" | awk -v m="$2" '$1 ~ "^" m "(\\{|$)" {s += $2} END {printf "%.0f", s}'; }

measure() { # port: writes/s rows/s statements/row
  local json="$work/load.json" rows statements started took
  ./weir load --master "http://127.0.0.1:$(($1 - 1))" --reads 0 --keys 20000 --value-size 100 --clients 32 \
    --distribution uniform --warmup 0s --duration 8s --json "$json" >/dev/null
  rows=$(metric "$1" weir_writeback_entries_total)
  statements=$(metric "$1" weir_writeback_statements_total)
  started=$(date +%s%N)
  curl -sf -X POST -H 'Content-Type: application/json' -d '{"timeout":"120s"}' \
    "http://127.0.0.1:$1/actuator/writeback" | grep -q '"flushed":true'
  took=$((($(date +%s%N) - started) / 1000000))
  rows=$(($(metric "$1" weir_writeback_entries_total) - rows))
  statements=$(($(metric "$1" weir_writeback_statements_total) - statements))
  jq -r --argjson seconds "$(jq .seconds "$json")" --argjson rows "$rows" --argjson statements "$statements" --argjson took "$took" \
    '"\([.operations[].count] | add / $seconds) \($rows * 1000 / $took) \($statements / $rows)"' "$json"
}

echo "warming up"
measure 21301 >/dev/null
measure 21311 >/dev/null
for ((round = 1; round <= rounds; round++)); do
  read -r w1 f1 s1 <<<"$(measure 21301)"
  read -r w2 f2 s2 <<<"$(measure 21311)"
  awk -v w1="$w1" -v w2="$w2" -v f1="$f1" -v f2="$f2" -v s1="$s1" -v s2="$s2" 'BEGIN {
    printf "writes %.0f/s, %.0f/s, ratio %.2f; flushed rows %.0f/s, %.0f/s, ratio %.2f; statements a row %.4f, %.4f\n",
      w1, w2, w2 / w1, f1, f2, f2 / f1, s1, s2}'
done | tee "$work/rounds"
for what in writes "flushed rows"; do
  sed "s/.*$what [^;]*ratio \([0-9.]*\).*/\1/" "$work/rounds" | sort -n |
    awk -v what="$what" '{r[NR] = $1} END {print "median ratio of " what ":", NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2}'
done
