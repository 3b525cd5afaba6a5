#!/usr/bin/env bash
# Reads of MySQL and refused requests, second by second, while a leader is killed under reads, and while a lone server is.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/warm-takeover.sh [OPTIONS] JDBC-URL BEFORE.jar [AFTER.jar]

For each build a master and three cache servers of one shard, in front of a schema of its own at JDBC-URL
with its database left out, such as 'jdbc:mysql://127.0.0.1:3306/?user=root': warm_takeover_before and
warm_takeover_after, dropped in the end. Puts the rows into MySQL, and has 'weir load --workload c' read
them (zipfian, open loop) until what is hot has been read. Then the leader is ended by kill -9 under that
load. Then the same with a lone server, which is ended by kill -9 and started again at once. Printed for
each second around it:
  reads that were answered, and those that failed (503 and others), by the generator
  statements that MySQL executed to read rows, and rows that they read by the servers' own count
and then the sums from the kill on.
  --rate 3000              reads a second
  --keys 20000             of 100 bytes each
  --warm 60                seconds of reads before the kill
  --after 30               seconds after it
  --delay 0                milliseconds that MySQL is farther away, by a proxy on this machine
  --only group|lone        one of the two
  --set PROPERTY=VALUE     for the cache servers; may be repeated
Needs the jars (mvn package), a mysql client, curl, jq and python3. Loopback only.
USAGE
}

fail() { echo "warm-takeover: $*" >&2; exit 1; }

rate=3000 keys=20000 warm=60 after=30 delay=0 only="group lone" settings=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --rate) rate=$2; shift 2 ;;
    --keys) keys=$2; shift 2 ;;
    --warm) warm=$2; shift 2 ;;
    --after) after=$2; shift 2 ;;
    --delay) delay=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    --set) settings+=("--$2"); shift 2 ;;
    --*) usage >&2; exit 2 ;;
    *) break ;;
  esac
done
[ $# = 2 ] || [ $# = 3 ] || { usage >&2; exit 2; }
for number in "$rate" "$keys" "$warm" "$after"; do
  [[ $number =~ ^[1-9][0-9]{0,7}$ ]] || { usage >&2; exit 2; }
done
[[ $delay =~ ^[0-9]{1,4}$ ]] || { usage >&2; exit 2; }
for tool in mysql curl jq python3; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done
url=$1
[[ $url =~ ^jdbc:mysql://([^:/?]+):([0-9]+)/\? ]] || fail "the URL is jdbc:mysql://HOST:PORT/?user=..., got $url"
host=${BASH_REMATCH[1]} dbport=${BASH_REMATCH[2]} query=${url#*\?}
declare -A jars=([before]=$(realpath "$2"))
builds=(before)
if [ $# = 3 ]; then jars[after]=$(realpath "$3"); builds+=(after); fi
parameter() { sed -nE "s/.*[?&]$1=([^&]*).*/\1/p" <<<"$url"; }
export MYSQL_PWD
MYSQL_PWD=$(parameter password)
sql() { mysql -h "$host" -P "$dbport" -u "$(parameter user)" -N -B -e "$1"; }

cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
flags=(-Xmx384m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
ports=(21521 21522 21523) master=21520 through=$dbport
pids=()
end() {
  [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  pids=()
}
finish() {
  end
  for build in "${builds[@]}"; do sql "DROP SCHEMA IF EXISTS warm_takeover_$build" || true; done
  rm -rf "$work"
}
trap finish EXIT

proxy() { # MySQL some milliseconds farther away: each piece waits half of them, either way
  python3 - "$host" "$dbport" "$delay" <<'PYTHON' &
import asyncio, sys
host, port, delay = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) / 2000
async def pipe(reader, writer):
    queue, loop = asyncio.Queue(), asyncio.get_running_loop()
    async def send():
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                writer.close()
                return
            writer.write(data)
    sending = asyncio.create_task(send())
    try:
        while data := await reader.read(65536):
            queue.put_nowait((loop.time() + delay, data))
    except OSError:
        pass
    queue.put_nowait((loop.time(), b""))
    await sending
async def serve(reader, writer):
    there, back = await asyncio.open_connection(host, port)
    await asyncio.gather(pipe(reader, back), pipe(there, writer))
async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", 21529) as server:
        await server.serve_forever()
asyncio.run(main())
PYTHON
  pids+=($!)
  through=21529
}

member() { # build members port
  "$java" "${flags[@]}" -jar "${jars[$1]}" --server.port="$3" --weir.master.urls="http://127.0.0.1:$master" \
    --weir.advertise.url="http://127.0.0.1:$3" --weir.data-dir="$work/$1-$2-$3" --weir.raft.members="$2" \
    --weir.database.url="jdbc:mysql://$host:$through/warm_takeover_$1?$query" --weir.cache.max-bytes=64MiB \
    ${settings[@]+"${settings[@]}"} >>"$work/$1-$2-$3.log" 2>&1 &
  pids+=($!)
  started=$!
}
ready() { # port
  for _ in $(seq 900); do
    if curl -sf "http://127.0.0.1:$1/actuator/health/readiness" >/dev/null; then return; fi
    sleep 0.5
  done
  tail -n 5 "$work"/*.log >&2
  fail "the server at port $1 does not become ready"
}
leader() { # ports: the one that leads
  for port in "$@"; do
    if [ "$(curl -sf "http://127.0.0.1:$port/actuator/raft" | jq -r .role)" = leader ]; then echo "$port"; return; fi
  done
}
raft_members() { curl -sf "http://127.0.0.1:$1/actuator/raft" | jq '.members | length'; }

sample() { # ports: a line every half a second: time, statements of MySQL, rows by the servers
  while :; do
    local statements rows port figures
    statements=$(sql "SHOW GLOBAL STATUS LIKE 'Com_select'" | cut -f 2)
    rows=""
    for port in "$@"; do
      figures=$(curl -s -m 1 "http://127.0.0.1:$port/actuator/prometheus" |
        awk '/^weir_loads_total[{ ]/ {s += $2} END {printf "%d", s}') || figures=0
      rows="$rows $port:${figures:-0}"
    done
    echo "$(date +%s.%N) $statements $rows"
    sleep 0.5
  done
}

fill() { # rows as an earlier reign would have left them, which no server holds
  python3 - "$keys" <<'PYTHON'
import binascii, sys
keys = [f"load:{i}" for i in range(int(sys.argv[1]))]
for first in range(0, len(keys), 1000):
    print("INSERT INTO kv (slot, k, v, version) VALUES", ",".join(
        "(%d, '%s', '%s', 1)" % (binascii.crc_hqx(key.encode(), 0) % 16384, key, key.ljust(100, "."))
        for key in keys[first:first + 1000]), ";")
PYTHON
}

run() { # build members
  local build=$1 members=$2 port victim used=("${ports[@]:0:$2}") killed
  declare -A pid=()
  sql "DROP SCHEMA IF EXISTS warm_takeover_$build; CREATE SCHEMA warm_takeover_$build"
  through=$dbport
  if [ "$delay" != 0 ]; then proxy; fi
  "$java" "${flags[@]}" -jar master-service/target/weir-master.jar --server.port=$master --weir.master.found=true \
    --weir.data-dir="$work/$build-$members-master" >"$work/$build-$members-master.log" 2>&1 &
  pids+=($!)
  ready $master
  for port in "${used[@]}"; do member "$build" "$members" "$port"; pid[$port]=$started; done
  for port in "${used[@]}"; do ready "$port"; done
  until port=$(leader "${used[@]}") && [ -n "$port" ] && [ "$(raft_members "$port")" = "$members" ]; do sleep 0.5; done
  fill | mysql -h "$host" -P "$dbport" -u "$(parameter user)" "warm_takeover_$build"

  sample "${used[@]}" >"$work/samples" &
  local sampler=$!
  pids+=("$sampler")
  weir load --master "http://127.0.0.1:$master" --keys "$keys" --phase run --workload c --rate "$rate" --warmup 0s \
    --duration "$((warm + after))s" --json "$work/load.json" >"$work/load.out" 2>&1 &
  local loading=$!
  pids+=("$loading")
  sleep "$warm"
  victim=$(leader "${used[@]}")
  killed=$(date +%s.%N)
  kill -9 "${pid[$victim]}"
  wait "${pid[$victim]}" 2>/dev/null || true
  if [ "$members" = 1 ]; then member "$build" "$members" "$victim"; fi
  wait "$loading" || { tail -n 20 "$work/load.out" >&2; fail "the load ended with an error"; }
  kill "$sampler"
  wait "$sampler" 2>/dev/null || true
  python3 - "$build, $members servers" "$work/samples" "$work/load.json" "$killed" "$after" <<'PYTHON'
import datetime, json, sys
what, samples, load, killed, after = *sys.argv[1:4], float(sys.argv[4]), int(sys.argv[5])
points, seen = [], {}
for line in open(samples):
    time, statements, *counts = line.split()
    total = points[-1][2] if points else 0
    for count in counts:
        port, now = count.split(":")
        now = int(now)
        if now >= seen.get(port, 0):
            total += now - seen.get(port, 0) if port in seen else 0
            seen[port] = now
        elif now > 0:  # Started again.
            total += now
            seen[port] = now
    points.append((float(time), int(statements), total))
def at(series, time, column):
    before = [p for p in series if p[0] <= time]
    later = [p for p in series if p[0] > time]
    if not before or not later:
        return (before or later)[-1 if before else 0][column]
    a, b = before[-1], later[0]
    return a[column] + (b[column] - a[column]) * (time - a[0]) / (b[0] - a[0])
result = json.load(open(load))
begun = datetime.datetime.fromisoformat(result["startedAt"].replace("Z", "+00:00")).timestamp()
timeline, answered, failed = [(begun, 0, 0)], 0, 0
for interval in result["timeline"]:
    answered += sum(interval["counts"].values())
    failed += interval["errors"]
    timeline.append((begun + interval["atSeconds"], answered, failed))
def between(series, column, since, until):
    return at(series, until, column) - at(series, since, column)
print(f"{what}: seconds since the kill, reads answered, reads failed, statements of MySQL, rows read")
for second in range(-3, after - 1):
    since = killed + second
    print("%4d %7.0f %7.0f %7.0f %7.0f" % (second, *(between(timeline, c, since, since + 1) for c in (1, 2)),
        *(between(points, c, since, since + 1) for c in (1, 2))))
end = killed + after - 1
print(f"{what}, from the kill on: %d answered, %d failed, %d statements, %d rows; failed in all: %s" % (
    *(between(timeline, c, killed, end) for c in (1, 2)), *(between(points, c, killed, end) for c in (1, 2)),
    ", ".join(f"{count} {kind}" for kind, count in result["errors"].items()) or "none"))
PYTHON
  end
}

weir() { ./weir "$@"; }

for what in $only; do
  for build in "${builds[@]}"; do
    case $what in
      group) run "$build" 3 ;;
      lone) run "$build" 1 ;;
      *) usage >&2; exit 2 ;;
    esac
  done
done
