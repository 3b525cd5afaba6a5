#!/usr/bin/env bash
# What an idle connection of the fast port takes: the memory of a server before and after many are open.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/idle-connections.sh [CONNECTIONS]

Starts a cache server with a fast port and no master, opens connections to it (default 10000), has one request
answered on each, and leaves them open. Prints the heap after a collection and the resident memory of the process,
before and after, and what that is a connection.
Needs the jars (mvn package), curl, jcmd, python3 and as many file descriptors; takes a minute. Loopback only.
USAGE
}

[ "${1:-}" != --help ] || { usage; exit 0; }
connections=${1:-10000}
[[ $connections =~ ^[1-9][0-9]{0,4}$ ]] || { usage >&2; exit 2; }
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
for tool in curl "${bin}java" "${bin}jcmd" python3; do
  command -v "$tool" >/dev/null || { echo "idle-connections: $tool is not installed" >&2; exit 1; }
done
ulimit -n $((connections + 500)) 2>/dev/null || {
  echo "idle-connections: this shell may not open $connections files (ulimit -n)" >&2
  exit 1
}

cd "$(dirname "$0")/.."
work=$(mktemp -d)
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT

http=21201
fast=23201
"${bin}java" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -jar cache-service/target/weir-cache.jar \
  --server.port=$http --weir.fast.enabled=true --weir.fast.port=$fast --weir.fast.max-connections=$((connections + 100)) \
  --server.tomcat.keep-alive-timeout=10m --weir.data-dir="$work/data" >"$work/log" 2>&1 &
pid=$!
pids+=("$pid")
until curl -s -o /dev/null "http://127.0.0.1:$fast/kv/x"; do
  kill -0 "$pid" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 1
done

measure() {
  "${bin}jcmd" "$pid" GC.run >/dev/null
  heap=$("${bin}jcmd" "$pid" GC.heap_info | awk '/total .* used/ { gsub(/K,?/, "", $0); for (i = 1; i < NF; i++) if ($i == "used") sum += $(i + 1) } END { print sum }')
  rss=$(awk '/VmRSS/ { print $2 }' "/proc/$pid/status")
}

measure
heap_before=$heap
rss_before=$rss
python3 - "$fast" "$connections" "$work/open" <<'PY' &
import os, socket, sys, time
port, many, ready = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
request = b"GET /kv/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
held = []
for i in range(many):
    s = socket.create_connection(("127.0.0.%d" % (1 + i // 20000), port))
    s.sendall(request)
    if not s.recv(4096).startswith(b"HTTP/1.1 "):
        sys.exit("connection %d got no answer" % i)
    held.append(s)
open(ready, "w").close()
while os.path.exists(ready):
    time.sleep(0.2)
PY
client=$!
pids+=("$client")
until [ -e "$work/open" ]; do
  kill -0 "$client" 2>/dev/null || exit 1
  sleep 0.2
done
measure
rm "$work/open"
wait "$client"
echo "$connections connections: heap ${heap_before} -> ${heap} KiB, $(((heap - heap_before) * 1024 / connections)) bytes each;" \
  "resident ${rss_before} -> ${rss} KiB, $(((rss - rss_before) * 1024 / connections)) bytes each"
