#!/usr/bin/env bash
# The latency of reads at a full cache server under each garbage collector, with and without compact object headers.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/collectors.sh [--millions N] [--rate R] [--reads SHARE] [--duration TIME] [--heap MIB]
                                [--collectors A,B] [--headers legacy,compact] [ROUNDS]

For each collector, and each kind of object headers, starts a master and a cache server, fills it with N million entries
of 100 bytes (default 10), and lets `weir load` ask for them: at a fixed rate R (default 2000 a second, of which --reads,
default 0.95, read; for --duration, default 60s), and then in a closed loop for 15 s. All rounds (default 1) take turns.

Prints of each: p50, p99, p99.9, p99.99 and the largest response time of the reads at the fixed rate, in milliseconds;
operations a second of the closed loop; the resident memory; and number, sum and largest of the pauses at the fixed rate.

  --heap MIB            of the cache server; by default 1.5 x (520 bytes an entry + 100 MiB), the documented size
  --collectors A,B      of Serial, Parallel, G1, Z (default all)

The entries are in memory alone and stay dirty, so that neither a disk nor a database is measured. Needs the jars
(mvn package), python3 and curl; and memory of the heap and half a GiB. Loopback only.
USAGE
}

millions=10
rate=2000
reads=0.95
duration=60s
heap=
collectors=Serial,Parallel,G1,Z
headers=legacy,compact
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --millions) millions=${2:?}; shift 2 ;;
    --rate) rate=${2:?}; shift 2 ;;
    --reads) reads=${2:?}; shift 2 ;;
    --duration) duration=${2:?}; shift 2 ;;
    --heap) heap=${2:?}; shift 2 ;;
    --collectors) collectors=${2:?}; shift 2 ;;
    --headers) headers=${2:?}; shift 2 ;;
    *) break ;;
  esac
done
rounds=${1:-1}
[[ $rounds =~ ^[1-9]$ && $millions =~ ^[1-9][0-9]?$ && $heap =~ ^[0-9]*$ ]] || { usage >&2; exit 2; }
for tool in python3 curl; do
  command -v "$tool" >/dev/null || { echo "collectors: $tool is not installed" >&2; exit 1; }
done

cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
entries=$((millions * 1000000))
heap=${heap:-$(((entries * 520 / 1048576 + 100) * 3 / 2))}
# More than the entries take under any of the collectors, for at most 0.85 of it may be dirty.
table=$((heap * 2 / 3 - 100))
work=$(mktemp -d)
pids=()
stop() {
  [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null
  pids=()
}
trap 'stop; rm -rf "$work"' EXIT

port=21331
flags=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
load() {
  "$java" -Xmx512m -XX:+UseSerialGC "${flags[@]}" -jar client-cli/target/weir-cli.jar load \
    --master "http://127.0.0.1:$((port - 1))" --keys $entries --phase run --reads "$reads" --clients 64 --output json "$@" \
    2>>"$work/load.log"
}

measure() { # collector headers
  local sign=- server from
  [ "$2" = legacy ] || sign=+
  rm -rf "$work/master" "$work/cache" "$work/gc.log"
  "$java" -Xmx128m -XX:+UseSerialGC "${flags[@]}" -jar master-service/target/weir-master.jar --server.port=$((port - 1)) \
    --weir.master.found=true --weir.data-dir="$work/master" >"$work/master.log" 2>&1 &
  pids+=($!)
  "$java" -Xms${heap}m -Xmx${heap}m "-XX:+Use${1}GC" -XX:${sign}UseCompactObjectHeaders -Xlog:gc,safepoint:"$work/gc.log":uptime \
    "${flags[@]}" -jar cache-service/target/weir-cache.jar --server.port=$port \
    --weir.master.urls="http://127.0.0.1:$((port - 1))" --weir.advertise.url="http://127.0.0.1:$port" \
    --weir.data-dir="$work/cache" --weir.cache.max-bytes=${table}MiB --weir.durability=memory \
    --weir.write-back.max-age=10h --weir.write-back.high-watermark=0.85 --weir.write-back.low-watermark=0.85 >"$work/cache.log" 2>&1 &
  server=$!
  pids+=($server)
  until curl -sf "http://127.0.0.1:$port/actuator/health/readiness" >/dev/null; do
    for pid in "${pids[@]}"; do
      kill -0 "$pid" 2>/dev/null || { tail -n 15 "$work"/*.log >&2; exit 1; }
    done
    sleep 0.5
  done
  "$java" -Xmx256m -XX:+UseSerialGC -cp benchmarks/target/weir-benchmarks.jar io.weir.benchmarks.TableFill \
    "http://127.0.0.1:$port" $entries 100 >&2
  load --warmup 15s --duration 1s >/dev/null
  from=$(($(wc -l <"$work/gc.log") + 1))
  load --rate "$rate" --arrivals poisson --warmup 5s --duration "$duration" >"$work/rate.json"
  tail -n +"$from" "$work/gc.log" >"$work/pauses.log"
  load --warmup 2s --duration 15s >"$work/closed.json"
  python3 - "$work" "$1" "$2" "$(awk '/VmRSS/ {print int($2 / 1024)}' /proc/$server/status)" <<'PY'
import json, re, sys
work, collector, headers, rss = sys.argv[1:]
rate = json.load(open(work + "/rate.json"))
reads = next(o for o in rate["operations"] if o["operation"] == "read")["responseMillis"]
closed = json.load(open(work + "/closed.json"))
# Every stop of all threads, whoever asked for it: a collector's pauses are among them.
pauses = [int(n) / 1e6 for n in re.findall(r"Total: +(\d+) ns", open(work + "/pauses.log").read())]
errors = sum(rate["errors"].values())
print("%-9s %-8s %7.2f %7.2f %7.2f %7.2f %7.1f %9.0f %6.3f %9.0f %8s %6d %7.0f %7.1f%s" % (
    collector, headers, reads["p50"], reads["p99"], reads["p99.9"], reads["p99.99"], reads["max"], rate["throughput"],
    rate["hitRatio"], closed["throughput"], rss, len(pauses), sum(pauses), max(pauses, default=0),
    ", %d errors" % errors if errors else ""))
PY
  stop
}

echo "$millions million entries, a heap of $heap MiB, a table of $table MiB, $rate operations a second, $reads of them reads"
printf '%-9s %-8s %7s %7s %7s %7s %7s %9s %6s %9s %8s %6s %7s %7s\n' \
  collector headers p50 p99 p99.9 p99.99 max 'a second' hits closed 'RSS MiB' stops 'ms' 'max ms'
for ((round = 1; round <= rounds; round++)); do
  for collector in ${collectors//,/ }; do
    for header in ${headers//,/ }; do
      measure "$collector" "$header"
    done
  done
done
