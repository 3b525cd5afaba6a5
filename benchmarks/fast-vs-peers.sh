#!/usr/bin/env bash
# The fast port beside what it is measured by: a bare Netty handler, Redis, and rows written straight into MySQL.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/fast-vs-peers.sh [OPTIONS]

Starts, bound to one core: a cache server with its fast port (in front of H2); a bare Netty handler that copies a
value of 100 bytes from the heap and answers with the same fields; a Redis that keeps nothing, and one with
appendfsync always; three members of one shard. All files lie in one directory. In turn, from another core, each
gets 32 connections (256 where it says so) and values of 100 bytes, of 10,000 keys:
  get     GET over HTTP (wrk, one key) of Weir and of the bare handler; GET over RESP (redis-benchmark) of Weir and
          of Redis, one command at a time and 16
  set     durable SET (redis-benchmark) with 32 and 256 connections, of Weir and of Redis with appendfsync always;
          with --mysql also single-row upserts by as many clients
  put     durable PUT over HTTP (wrk), beside the figures of set
  incr    INCR of one key, of Weir and of Redis with appendfsync always
  three   INCR of one key, and durable SET, of three members
Prints requests a second, processor time (microseconds) and allocation (bytes, of a JVM) a request of the server
that is asked, of each round; then the medians, and the medians of the ratios with what is aimed at. Where the
machine has other work, the ratio of processor time suffers less. Nothing is written back to H2 meanwhile, as that
is the work of another machine; with --write-back it is, by the same process.
  --rounds N        default 3
  --seconds N       of each run, default 5
  --warm-up N       seconds of each run before the first round, default 30; the JVM compiles meanwhile, on the
                    same core, and a write is not at its best before a minute of them
  --only A,B        some of get, set, put, incr, three; put and set belong together
  --mysql JDBC-URL  a schema of its own in a MySQL with innodb_flush_log_at_trx_commit=1 that is bound to the same
                    core, has its files on the same disk, and takes 300 connections
                    (taskset -c 0 mysqld --max-connections=300 ...), such as
                    'jdbc:mysql://127.0.0.1:3306/bench?user=root'; its processor time is not counted
  --directory DIR   where the files go, a new one below it; default the one for temporary files
  --server-core N   default 0
  --client-core N   default 1
  --write-back      let Weir write back to H2 as it does by default
Needs the jars (mvn package), 2 cores, curl, taskset, jcmd, jstat, wrk, redis-server and redis-benchmark. From Debian's
packages, without installing them:
  mkdir redis && cd redis && apt-get download redis-server redis-tools libjemalloc2 liblzf1 liblua5.1-0 lua-cjson \
    lua-bitop libatomic1 && for each in *.deb; do dpkg -x "$each" .; done
  export PATH="$PWD/usr/bin:$PATH" LD_LIBRARY_PATH="$PWD/usr/lib/$(uname -m)-linux-gnu"
Takes about 15 minutes as it is. Loopback only.
USAGE
}

fail() { echo "fast-vs-peers: $*" >&2; exit 1; }

rounds=3 seconds=5 warm=30 only=get,set,put,incr,three mysql="" directory=${TMPDIR:-/tmp} server_core=0 client_core=1
max_age=1h
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --rounds) rounds=${2:?}; shift 2 ;;
    --seconds) seconds=${2:?}; shift 2 ;;
    --warm-up) warm=${2:?}; shift 2 ;;
    --only) only=${2:?}; shift 2 ;;
    --mysql) mysql=${2:?}; shift 2 ;;
    --directory) directory=${2:?}; shift 2 ;;
    --server-core) server_core=${2:?}; shift 2 ;;
    --client-core) client_core=${2:?}; shift 2 ;;
    --write-back) max_age=""; shift ;;
    *) usage >&2; exit 2 ;;
  esac
done
for number in "$rounds" "$seconds"; do
  [[ $number =~ ^[1-9][0-9]{0,2}$ ]] || { usage >&2; exit 2; }
done
for number in "$warm" "$server_core" "$client_core"; do
  [[ $number =~ ^[0-9]{1,3}$ ]] || { usage >&2; exit 2; }
done
[[ $only =~ ^(get|set|put|incr|three)(,(get|set|put|incr|three))*$ ]] || { usage >&2; exit 2; }
wanted() { [[ ,$only, == *,$1,* ]]; }
# What is durable is compared with the same figures.
! wanted put || wanted set || only+=,set

cd "$(dirname "$0")/.."
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
for tool in curl taskset wrk redis-server redis-benchmark redis-cli "${bin}jcmd" "${bin}jstat"; do
  command -v "$tool" >/dev/null || fail "$tool is not installed; --help says how to get it"
done

work=$(mktemp -d "$directory/fast-vs-peers.XXXXXX")
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
[ "$(stat -f -c %T "$work")" != tmpfs ] || fail "$work is in memory, where nothing is durable; give --directory"

# As docs/operations.md has services started.
flags=(-Xmx512m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -XX:+UseCompactObjectHeaders
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
declare -A process # of a server: its process ids
java=("${bin}java" "${flags[@]}")

begin() { # log command...: in the background
  "${@:2}" >"$work/$1.log" 2>&1 &
  pids+=($!)
}
await() { # what command...
  local tries=0
  until "${@:2}" >/dev/null 2>&1; do
    kill -0 "${pids[@]}" 2>/dev/null && [ $((tries += 1)) -lt 240 ] ||
      { tail -n 5 "$work"/*.log >&2; fail "$1 does not start"; }
    sleep 0.5
  done
}

weir() { # name port members: a master at the port, the members behind it
  local name=$1 master=$2 members=$3 database="" member port
  begin "$name-master" taskset -c "$client_core" "${java[@]}" -jar master-service/target/weir-master.jar \
    --server.port="$master" --weir.master.found=true --weir.data-dir="$work/$name-master"
  if [ "$members" -gt 1 ]; then
    # One member has an H2 of its own, in its process.
    begin "$name-database" taskset -c "$client_core" "${java[@]}" -Dh2.bindAddress=127.0.0.1 \
      -cp "$(echo client-cli/target/lib/h2-*.jar)" org.h2.tools.Server -tcp -tcpPort $((master + 9)) \
      -ifNotExists -baseDir "$work"
    database=jdbc:h2:tcp://127.0.0.1:$((master + 9))/./$name
  fi
  for ((member = 1; member <= members; member++)); do
    port=$((master + member))
    begin "$name-$member" taskset -c "$server_core" "${java[@]}" -jar cache-service/target/weir-cache.jar \
      --server.port="$port" --weir.fast.enabled=true --weir.fast.port=$((port + 2000)) \
      --weir.node-id="$name-$member" --weir.raft.members="$members" --weir.raft.port=$((port + 1000)) \
      --weir.master.urls="http://127.0.0.1:$master" --weir.advertise.url="http://127.0.0.1:$port" \
      --weir.data-dir="$work/$name-$member" --weir.cache.max-bytes=128MiB \
      ${database:+--weir.database.url="$database"} ${max_age:+--weir.write-back.max-age="$max_age"}
    process[$name]+="${pids[-1]} "
    await "$name-$member" curl -sf "http://127.0.0.1:$port/actuator/health/readiness"
  done
  await "$name" leads "$((master + 1))" "$members"
}
leads() { # port members: the first to start, with all of them behind it
  curl -sf "http://127.0.0.1:$1/actuator/raft" | tr -d ' \n' |
    grep -Eq '"role":"leader".*"alive":\[("[^"]*",){'$(($2 - 1))'}"[^"]*"\]'
}

redis() { # name port option...
  mkdir "$work/$1"
  begin "$1" taskset -c "$server_core" redis-server --port "$2" --bind 127.0.0.1 --dir "$work/$1" --save '' "${@:3}"
  process[$1]=${pids[-1]}
  await "$1" redis-cli -p "$2" ping
}

cat >"$work/put.lua" <<'LUA'
local value = string.rep("x", 100)
local head = { ["Content-Type"] = "application/octet-stream" }
request = function()
  return wrk.format("PUT", string.format("/kv/key:%012d", math.random(0, 9999)), head, value)
end
LUA

declare -A rate # of a run, in its last round: to know how many requests take so many seconds
resp() { # run port connections pipeline command...: requests a second, and how many
  local n
  n=$(awk -v rate="${rate[$1]:-2000}" -v seconds="$seconds" 'BEGIN {printf "%.0f", rate * seconds + 1}')
  taskset -c "$client_core" redis-benchmark -h 127.0.0.1 -p "$2" -c "$3" -P "$4" -n "$n" -r 10000 --csv "${@:5}" \
    >"$work/out" 2>"$work/err" || { cat "$work/out" "$work/err" >&2; return 1; }
  awk -F '","' -v n="$n" 'END {if ($2 + 0 <= 0) exit 1; print $2, n}' "$work/out" ||
    { cat "$work/out" "$work/err" >&2; return 1; }
}
http() { # port connections path script...
  taskset -c "$client_core" wrk -t1 -c"$2" -d"${seconds}s" "${@:4}" "http://127.0.0.1:$1$3" >"$work/out"
  awk '/ requests in / {n = $1} /Requests\/sec/ {r = $2} /Non-2xx|Socket errors/ {print "wrk: " $0 > "/dev/stderr"; exit 1}
    END {if (r > 0) print r, n; else exit 1}' "$work/out"
}
value=$(printf 'x%.0s' {1..100})

# The runs: a name, the server, and how it is asked.
run() { # name
  case $1 in
    get-http-weir) http 23301 32 /kv/key:000000000000 ;;
    get-http-bare) http 21391 32 /kv/key:000000000000 ;;
    get-1-weir) resp "$1" 23301 32 1 get key:__rand_int__ ;;
    get-1-redis) resp "$1" 21392 32 1 get key:__rand_int__ ;;
    get-16-weir) resp "$1" 23301 32 16 get key:__rand_int__ ;;
    get-16-redis) resp "$1" 21392 32 16 get key:__rand_int__ ;;
    set-32-weir) resp "$1" 23301 32 1 set key:__rand_int__ "$value" ;;
    set-32-redis) resp "$1" 21393 32 1 set key:__rand_int__ "$value" ;;
    set-256-weir) resp "$1" 23301 256 1 set key:__rand_int__ "$value" ;;
    set-256-redis) resp "$1" 21393 256 1 set key:__rand_int__ "$value" ;;
    set-32-mysql) mysql 32 ;;
    set-256-mysql) mysql 256 ;;
    put-32-weir) http 23301 32 / -s "$work/put.lua" ;;
    put-256-weir) http 23301 256 / -s "$work/put.lua" ;;
    incr-weir) resp "$1" 23301 32 1 incr counter ;;
    incr-redis) resp "$1" 21393 32 1 incr counter ;;
    incr-three) resp "$1" 23311 32 1 incr counter ;;
    set-three) resp "$1" 23311 32 1 set key:__rand_int__ "$value" ;;
  esac
}
mysql() { # clients
  taskset -c "$client_core" "${java[@]}" -cp benchmarks/target/weir-benchmarks.jar io.weir.benchmarks.MysqlUpserts \
    "$mysql" "$1" "$seconds"
}
server_of() { # run
  case $1 in
    get-http-bare) echo bare ;;
    get-*-redis) echo redis ;;
    *-redis) echo redis-always ;;
    *-three) echo three ;;
    *-mysql) echo mysql ;;
    *) echo weir ;;
  esac
}

runs=()
if wanted get || wanted set || wanted incr; then weir weir 21300 1; fi
if wanted get; then
  begin bare taskset -c "$server_core" "${java[@]}" -cp benchmarks/target/weir-benchmarks.jar \
    io.weir.benchmarks.BareNetty 21391
  process[bare]=${pids[-1]}
  await bare curl -sf http://127.0.0.1:21391/kv/key
  redis redis 21392
  for port in 21392 23301; do
    # All of the keys but for one in 10^8.
    redis-benchmark -p "$port" -c 32 -P 16 -n 200000 -r 10000 -q set key:__rand_int__ "$value" >/dev/null
    redis-cli -p "$port" set key:000000000000 "$value" >/dev/null
  done
  fields() { curl -si "http://127.0.0.1:$1/kv/key:000000000000" | tr -d '\r' | sed -n '2,/^$/s/:.*//p' | tr '[:upper:]' '[:lower:]' | sort; }
  diff <(fields 23301) <(fields 21391) >&2 || fail "the heads of the answers differ"
  runs+=(get-http-weir get-http-bare get-1-weir get-1-redis get-16-weir get-16-redis)
fi
if wanted set || wanted incr; then redis redis-always 21393 --appendonly yes --appendfsync always; fi
if wanted set; then
  for connections in 32 256; do
    runs+=("set-$connections-weir" "set-$connections-redis")
    ! wanted put || runs+=("put-$connections-weir")
    [ -z "$mysql" ] || runs+=("set-$connections-mysql")
  done
fi
! wanted incr || runs+=(incr-weir incr-redis)
if wanted three; then
  weir three 21310 3
  runs+=(incr-three set-three)
fi

ticks=$(getconf CLK_TCK)
processor() { # server: ticks of all its processes
  local id
  for id in ${process[$1]:-}; do cat "/proc/$id/stat"; done | awk '{s += $14 + $15} END {print s + 0}'
}
allocated() { # server: KiB; of Redis none
  local id
  case $1 in weir | bare | three) ;; *) echo 0; return ;; esac
  for id in ${process[$1]}; do
    # What jstat says is in use is of the last collection.
    { "${bin}jcmd" "$id" GC.heap_info; "${bin}jstat" -gc "$id"; } | awk '
      /DefNew|new generation/ {sub(/.*used /, ""); used = $0 + 0}
      /YGC/ {for (i = 1; i <= NF; i++) at[$i] = i; table = 1; next}
      table {print $at["YGC"] * $at["EC"] + used; exit}'
  done | awk '{s += $1} END {print s}'
}

measure() { # run: requests/s us/request bytes/request
  local server out heap cpu
  server=$(server_of "$1")
  heap=$(allocated "$server") cpu=$(processor "$server")
  out=$(run "$1") || fail "$1 failed"
  cpu=$(($(processor "$server") - cpu)) heap=$(awk -v a="$(allocated "$server")" -v b="$heap" 'BEGIN {print (a - b) * 1024}')
  awk -v cpu="$cpu" -v ticks="$ticks" -v heap="$heap" '{printf "%.0f %.1f %.0f\n", $1, cpu * 1e6 / ticks / $2, heap / $2}' <<<"$out"
}

for name in "${runs[@]}"; do
  echo "warming up: $name" >&2
  started=$SECONDS
  while
    figures=$(measure "$name") || exit 1
    rate[$name]=${figures%% *}
    [ $((SECONDS - started)) -lt "$warm" ]
  do :; done
done
for ((round = 1; round <= rounds; round++)); do
  for name in "${runs[@]}"; do
    figures=$(measure "$name")
    rate[$name]=${figures%% *}
    echo "$round $name $figures" >>"$work/figures"
    read -r requests cpu heap <<<"$figures"
    echo "round $round: $name $requests/s, $cpu us, $heap bytes"
  done
done

middle() { sort -n | awk '{v[NR] = $1} END {if (NR) {m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; printf(m >= 1000 ? "%.0f" : "%.3g", m)}}'; }
median() { awk -v name="$2" -v at="$1" '$2 == name {print $at}' "$work/figures" | middle; } # column run
ratio() { # column run peer
  awk -v at="$1" -v name="$2" -v peer="$3" '
    $2 == name {own[$1] = $at} $2 == peer {other[$1] = $at}
    END {for (i in own) if (i in other && own[i] > 0 && other[i] > 0) print at == 3 ? own[i] / other[i] : other[i] / own[i]}' "$work/figures" | middle
}
echo
for name in "${runs[@]}"; do
  echo "$name: median $(median 3 "$name")/s, $(median 4 "$name") us and $(median 5 "$name") bytes a request"
done
echo
while read -r name peer least; do
  [[ " ${runs[*]} " == *" $name "* && " ${runs[*]} " == *" $peer "* ]] || continue
  cpu=$(ratio 4 "$name" "$peer")
  echo "$name of $peer: $(ratio 3 "$name" "$peer") by throughput (at least $least)${cpu:+, $cpu by processor time}"
done <<'PAIRS'
get-http-weir get-http-bare 0.85
get-http-weir get-1-redis 1.0
get-1-weir get-1-redis 0.9
get-16-weir get-16-redis 0.7
set-32-weir set-32-redis 1.0
set-256-weir set-256-redis 1.0
set-32-weir set-32-mysql 5
set-256-weir set-256-mysql 5
put-32-weir set-32-redis 1.0
put-256-weir set-256-redis 1.0
put-32-weir set-32-mysql 5
put-256-weir set-256-mysql 5
incr-weir incr-redis 0.5
incr-three set-three 0.7
PAIRS
