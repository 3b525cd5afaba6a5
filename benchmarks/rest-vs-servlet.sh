#!/usr/bin/env bash
# A GET that hits, over REST, beside a bare servlet on the same Tomcat that answers with the same fields.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/rest-vs-servlet.sh [ROUNDS [BEFORE.jar [JDBC-URL]]]

Starts a cache server in front of H2, or of an empty schema at JDBC-URL, and two bare servlets on an embedded
Tomcat of the same version, one with Tomcat's own threads and one with a virtual thread for each request; with
BEFORE.jar also a cache server of that build, in front of H2. All are bound to one core. In turn, wrk reads one
resident value of 100 bytes from each, with 32 connections from another core: 5 s each a round, after 30 s of
warm-up each. Prints requests a second, processor time (microseconds) and allocation (bytes) a request of each
round (default 7), and the medians; the ratios are to the servlet with Tomcat's own threads, by throughput and by
processor time, of which the latter suffers less from other work on the machine.
Needs the jars (mvn package), wrk, curl, taskset, jstat and 2 cores; takes 2.5 minutes and 25 s a round. Loopback only.
USAGE
}

[ "${1:-}" != --help ] || { usage; exit 0; }
rounds=${1:-7} before=${2:+$(realpath "$2")} url=${3:-}
[[ $rounds =~ ^[1-9][0-9]?$ ]] || { usage >&2; exit 2; }
cd "$(dirname "$0")/.."
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
for tool in wrk curl taskset "${bin}jstat"; do
  command -v "$tool" >/dev/null || { echo "rest-vs-servlet: $tool is not installed" >&2; exit 1; }
done

work=$(mktemp -d)
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

flags=(-Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
declare -A port pid
names=()

await() { # name path
  until curl -sf "http://127.0.0.1:${port[$1]}$2" >/dev/null; do
    kill -0 "${pids[@]}" || { tail -n 5 "$work"/*.log >&2; exit 1; }
    sleep 0.5
  done
}

cache() { # name jar port [option...]
  local name=$1 jar=$2
  port[$name]=$3
  "${bin}java" "${flags[@]}" -jar master-service/target/weir-master.jar --server.port=$(($3 - 1)) \
    --weir.master.found=true --weir.data-dir="$work/$name-master" >"$work/$name-master.log" 2>&1 &
  pids+=($!)
  taskset -c 0 "${bin}java" "${flags[@]}" -jar "$jar" --server.port="$3" --weir.master.urls="http://127.0.0.1:$(($3 - 1))" \
    --weir.advertise.url="http://127.0.0.1:$3" --weir.data-dir="$work/$name-cache" --weir.cache.max-bytes=128MiB \
    "${@:4}" >"$work/$name-cache.log" 2>&1 &
  pids+=($!)
  pid[$name]=$!
  names+=("$name")
  await "$name" /actuator/health/readiness
  head -c 100 /dev/zero | curl -sf -X PUT -H 'Content-Type: application/octet-stream' --data-binary @- \
    "http://127.0.0.1:$3/kv/key"
}

servlet() { # name threads port
  port[$1]=$3
  taskset -c 0 "${bin}java" "${flags[@]}" -cp benchmarks/target/weir-benchmarks.jar \
    io.weir.benchmarks.BareServlet "$3" "$2" >"$work/$1.log" 2>&1 &
  pids+=($!)
  pid[$1]=$!
  names+=("$1")
  await "$1" /kv/key
}

[ -z "$before" ] || cache before "$before" 21501
cache weir cache-service/target/weir-cache.jar 21511 ${url:+--weir.database.url="$url"}
servlet bare pool 21521
servlet bare-virtual virtual 21522

fields() { curl -si "http://127.0.0.1:$1/kv/key" | tr -d '\r' | sed -n '2,/^$/s/:.*//p' | sort; }
diff <(fields "${port[weir]}") <(fields "${port[bare]}") >&2 || { echo "the heads of the answers differ" >&2; exit 1; }

ticks=$(getconf CLK_TCK)
processor() { awk '{print $14 + $15}' "/proc/$1/stat"; }
allocated() { "${bin}jstat" -gc "$1" | awk 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i} NR == 2 {print $at["YGC"] * $at["EC"] + $at["EU"]}'; }

measure() { # name seconds: requests/s us/request bytes/request
  local p=${pid[$1]} cpu heap
  heap=$(allocated "$p") cpu=$(processor "$p")
  taskset -c 1 wrk -t1 -c32 -d"$2s" "http://127.0.0.1:${port[$1]}/kv/key" >"$work/wrk"
  cpu=$(($(processor "$p") - cpu)) heap=$(awk -v a="$(allocated "$p")" -v b="$heap" 'BEGIN {print (a - b) * 1024}')
  awk -v cpu="$cpu" -v ticks="$ticks" -v heap="$heap" '
    / requests in / {n = $1} /Requests\/sec/ {r = $2} /Non-2xx/ {print "wrk: " $0 > "/dev/stderr"; exit 1}
    END {printf "%.0f %.1f %.0f\n", r, cpu * 1e6 / ticks / n, heap / n}' "$work/wrk"
}

echo "warming up"
for _ in 1 2 3; do
  for name in "${names[@]}"; do measure "$name" 10 >/dev/null; done
done
for ((round = 1; round <= rounds; round++)); do
  for name in "${names[@]}"; do
    read -r rate cpu heap <<<"$(measure "$name" 5)"
    echo "$round $name $rate $cpu $heap" >>"$work/figures"
    printf '%s %s/s, %s us, %s bytes; ' "$name" "$rate" "$cpu" "$heap"
  done
  echo
done

median() { # column name
  awk -v name="$2" -v at="$1" '$2 == name {print $at}' "$work/figures" | middle
}
ratio() { # column name inverse
  awk -v name="$2" -v at="$1" -v inverse="$3" '
    $2 == "bare" {bare[$1] = $at} $2 == name {own[$1] = $at}
    END {for (i in own) print inverse ? bare[i] / own[i] : own[i] / bare[i]}' "$work/figures" | middle
}
middle() { sort -n | awk '{v[NR] = $1} END {printf "%.4g", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
for name in "${names[@]}"; do
  echo "$name: median $(median 3 "$name")/s, $(median 4 "$name") us and $(median 5 "$name") bytes a request;" \
    "of bare: $(ratio 3 "$name" 0) by throughput, $(ratio 4 "$name" 1) by processor time"
done
