#!/usr/bin/env bash
# What the durability `memory` gains over `journal` at a lone cache server: PUTs over REST by wrk, in turn.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/memory-vs-journal.sh [--directory DIRECTORY] [--sync-delay MS] [ROUNDS [SECONDS]]

Starts a master and a cache server, alone in its group, and has wrk put values of 100 bytes with the header
Weir-Durability: journal, then memory, at 1, 32 and 256 connections, each with 10,000 keys of its own.
Prints requests a second, p50 and p99 of each, and for each number of connections the median over the rounds
(default 5, of 4 seconds) of memory's throughput and p50 over journal's.

  --directory DIRECTORY  where the journal is (default: $TMPDIR, else /tmp); /dev/shm for a disk that costs nothing
  --sync-delay MS        make each sync of the disk take so much longer, as on a slower one; needs cc

The last lines say how many answers to memory were `memory`, of 1,000 that were asked one after the other.
Needs the jars (mvn package), wrk and curl; takes 1 minute and 25 s a round. Loopback only.
USAGE
}

directory=${TMPDIR:-/tmp}
delay=0
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --directory) directory=${2:?}; shift 2 ;;
    --sync-delay) delay=${2:?}; shift 2 ;;
    *) break ;;
  esac
done
rounds=${1:-5}
seconds=${2:-4}
[[ $rounds =~ ^[1-9][0-9]?$ && $seconds =~ ^[1-9][0-9]?$ && $delay =~ ^[0-9]{1,3}$ ]] || { usage >&2; exit 2; }
for tool in wrk curl; do
  command -v "$tool" >/dev/null || { echo "memory-vs-journal: $tool is not installed" >&2; exit 1; }
done

cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d "$directory/weir-memory.XXXXXX")
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

preload=
if [ "$delay" -gt 0 ]; then
  cat >"$work/slow.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static void wait_longer(void) { struct timespec t = {MS / 1000, MS % 1000 * 1000000L}; nanosleep(&t, 0); }
int fsync(int fd) { wait_longer(); return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd); }
int fdatasync(int fd) { wait_longer(); return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd); }
C
  cc -shared -fPIC -O1 -DMS="$delay" -o "$work/slow.so" "$work/slow.c" -ldl
  preload=$work/slow.so
fi

port=21321
flags=(-Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
"$java" "${flags[@]}" -jar master-service/target/weir-master.jar --server.port=$((port - 1)) \
  --weir.master.found=true --weir.data-dir="$work/master" >"$work/master.log" 2>&1 &
pids+=($!)
LD_PRELOAD=$preload "$java" "${flags[@]}" -jar cache-service/target/weir-cache.jar --server.port=$port \
  --weir.master.urls="http://127.0.0.1:$((port - 1))" --weir.advertise.url="http://127.0.0.1:$port" \
  --weir.data-dir="$work/cache" >"$work/cache.log" 2>&1 &
pids+=($!)
until curl -sf "http://127.0.0.1:$port/actuator/health/readiness" >/dev/null; do
  for pid in "${pids[@]}"; do
    kill -0 "$pid" 2>/dev/null || { tail -n 5 "$work"/*.log >&2; exit 1; }
  done
  sleep 0.5
done

cat >"$work/put.lua" <<'LUA'
local durability = os.getenv("DURABILITY")
function init(args) math.randomseed(os.time()) end
wrk.method = "PUT"
wrk.body = string.rep("v", 100)
wrk.headers["Weir-Durability"] = durability
request = function() return wrk.format(nil, "/kv/" .. durability .. ":" .. math.random(0, 9999)) end
LUA

# put DURABILITY CONNECTIONS SECONDS: requests a second, p50 and p99 in microseconds
put() {
  DURABILITY=$1 wrk -t1 -c"$2" -d"$3s" --latency -s "$work/put.lua" "http://127.0.0.1:$port" | awk '
    function micros(t) { return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? t * 1000 : t * 1000000 }
    $1 == "50%" {p50 = micros($2)} $1 == "99%" {p99 = micros($2)} /Requests\/sec/ {rate = $2}
    /Non-2xx/ {print "wrk: " $0 > "/dev/stderr"}
    END {printf "%.0f %.0f %.0f\n", rate, p50, p99}'
}

echo "warming up for 30 s" >&2
for _ in 1 2 3; do
  put journal 32 5 >/dev/null
  put memory 32 5 >/dev/null
done
for ((round = 1; round <= rounds; round++)); do
  for connections in 1 32 256; do
    read -r j j50 j99 < <(put journal $connections "$seconds")
    read -r m m50 m99 < <(put memory $connections "$seconds")
    awk -v c=$connections -v j="$j" -v j50="$j50" -v j99="$j99" -v m="$m" -v m50="$m50" -v m99="$m99" 'BEGIN {
      printf "%d connections: journal %d/s p50 %d us p99 %d us, memory %d/s p50 %d us p99 %d us, throughput %.2f, p50 %.2f\n",
        c, j, j50, j99, m, m50, m99, m / j, m50 / j50}'
  done
done | tee "$work/rounds"

median() { sort -n | awk '{r[NR] = $1} END {print NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2}'; }
for connections in 1 32 256; do
  of() { sed -n "s/^$connections connections:.*$1 \([0-9.]*\).*/\1/p" "$work/rounds" | median; }
  echo "$connections connections, medians of memory over journal: throughput $(of throughput), p50 $(of ', p50')"
done
for ((i = 0; i < 1000; i++)); do echo "url = http://127.0.0.1:$port/kv/memory:$((RANDOM % 10000))"; done >"$work/urls"
answered=$(curl -s -X PUT -H 'Weir-Durability: memory' --data-binary v -D - -o /dev/null -K "$work/urls" |
  grep -ci '^weir-durability: memory' || true)
echo "$answered of 1000 asked for memory were answered memory"
