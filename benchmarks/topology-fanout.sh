#!/usr/bin/env bash
# What a change of the topology costs a master, for one jar or for several, one after the other.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/topology-fanout.sh [--servers N] [--waiters N] [JAR ...]

Starts a master from each jar in turn (default: this tree's), with a heap of 1200 MB for as many clients, has SERVERS
simulated cache servers (default 1000, three a shard) send heartbeats, and WAITERS simulated clients (default 5000) wait
for the next topology. Prints bytes and the master's CPU seconds for one change of leader, and for ten within 200 ms,
the heartbeats' own CPU taken off. Needs a JDK, curl and file descriptors for twice the waiters; a minute or two a jar.
Loopback only.
USAGE
}

servers=1000
waiters=5000
jars=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --servers) servers=$2; shift 2 ;;
    --waiters) waiters=$2; shift 2 ;;
    -*) usage >&2; exit 2 ;;
    *) jars+=("$(realpath "$1")"); shift ;;
  esac
done

cd "$(dirname "$0")/.."
[ ${#jars[@]} -gt 0 ] || jars=("$PWD/master-service/target/weir-master.jar")
ulimit -n "$(ulimit -Hn)"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
pid=
finish() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT

port=21151
for jar in "${jars[@]}"; do
  echo "== $jar"
  data=$(mktemp -d "$work/XXXXXX")
  "$java" -Xmx1200m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -jar "$jar" --server.port=$port --server.tomcat.max-connections=20000 --weir.master.found=true \
    --weir.master.lease=10m --weir.master.watch.max-waiters=10000 --weir.master.shards=$(((servers + 2) / 3)) --weir.data-dir="$data" >"$data/log" 2>&1 &
  pid=$!
  until curl -sf "http://127.0.0.1:$port/actuator/health/readiness" >/dev/null; do
    kill -0 "$pid" 2>/dev/null || { tail "$data/log" >&2; exit 1; }
    sleep 1
  done
  "$java" -Xmx512m -XX:+UseSerialGC benchmarks/src/main/java/io/weir/benchmarks/TopologyFanOut.java \
    $port "$pid" "$servers" "$waiters"
  grep -c java.lang.OutOfMemoryError "$data/log" | sed 's/^/lines of the log with an OutOfMemoryError: /' || true
  kill "$pid"
  wait "$pid" || true
  pid=
done
