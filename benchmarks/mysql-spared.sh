#!/usr/bin/env bash
# What MySQL executes for a thousand acknowledged writes: commits, statements, bytes of the binary log.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/mysql-spared.sh [OPTIONS] JDBC-URL BEFORE.jar [AFTER.jar]

Starts a master, and a cache server of each build in front of a schema of its own and with an account
of its own, at JDBC-URL with its database left out, such as 'jdbc:mysql://127.0.0.1:3306/?user=root'.
That is MySQL 8.4 or 9.7 with --log-bin and the performance schema, to which nobody else writes; the
account may make accounts and schemas: mysql_spared_before and mysql_spared_after, dropped in the end.
Fills the keys. Then, for each distribution and rate, in turn: everything is clean; 'weir load' makes
updates alone at that rate (open loop); everything is flushed until it is clean again. Counted is what
the sessions of Weir's account did in between, and by how much the binary log grew. A line a cell:
  rate wanted and reached, and whether the generator was late; where less than 98 % was reached, the
  cell is tried again at nine tenths of that, three times at most
  writes acknowledged, and operations that failed
  a thousand writes: commits; statements (select, insert, update, delete, replace, and executions of
  prepared ones, which are reads here); others (settings, pings, rollbacks); bytes of the binary log
  rows a transaction
With two builds, the ratios (after / before) as well.
  --rates "50 500 5000"                   writes a second
  --distributions "zipfian uniform"       zipfian has a theta of 0.99
  --seconds 20                            of each cell; 40 at least where the rate is 100 or less
  --keys 20000                            all of them filled, with values of 100 bytes
  --entries N                             the cache's most entries, such as a tenth of the keys;
                                          default: 128 MiB, which holds all
  --set PROPERTY=VALUE                    for the cache servers; may be repeated
Needs the jars (mvn package), a mysql client, curl and jq. Loopback only.
USAGE
}

fail() { echo "mysql-spared: $*" >&2; exit 1; }

rates="50 500 5000" distributions="zipfian uniform" seconds=20 keys=20000 entries="" settings=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --rates) rates=$2; shift 2 ;;
    --distributions) distributions=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --keys) keys=$2; shift 2 ;;
    --entries) entries=$2; shift 2 ;;
    --set) settings+=("--$2"); shift 2 ;;
    --*) usage >&2; exit 2 ;;
    *) break ;;
  esac
done
[ $# = 2 ] || [ $# = 3 ] || { usage >&2; exit 2; }
url=$1
declare -A jars=([before]=$(realpath "$2")) ports=([before]=21401 [after]=21411)
builds=(before)
if [ $# = 3 ]; then jars[after]=$(realpath "$3"); builds+=(after); fi
for number in $rates "$seconds" "$keys" ${entries:+"$entries"}; do
  [[ $number =~ ^[1-9][0-9]{0,7}$ ]] || { usage >&2; exit 2; }
done
for tool in mysql curl jq; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done
[[ $url =~ ^jdbc:mysql://([^:/?]+):([0-9]+)/\? ]] || fail "the URL is jdbc:mysql://HOST:PORT/?user=..., got $url"
host=${BASH_REMATCH[1]} dbport=${BASH_REMATCH[2]}
others=$(sed -E 's/^[^?]*\?//; s/(^|&)(user|password)=[^&]*//g; s/^&//' <<<"$url")
parameter() { sed -nE "s/.*[?&]$1=([^&]*).*/\1/p" <<<"$url"; }
export MYSQL_PWD
MYSQL_PWD=$(parameter password)
sql() { mysql -h "$host" -P "$dbport" -u "$(parameter user)" -N -B -e "$1"; }
[ "$(sql "SELECT @@log_bin")" = 1 ] || fail "the server has no binary log; start it with --log-bin"
[ "$(sql "SELECT @@performance_schema")" = 1 ] || fail "the server counts nothing; start it with --performance-schema=ON"

cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null
  for build in "${builds[@]}"; do
    sql "DROP SCHEMA IF EXISTS mysql_spared_$build; DROP USER IF EXISTS mysql_spared_$build" || true
  done
  rm -rf "$work"
}
trap finish EXIT

if [ -n "$entries" ]; then cache=(--weir.cache.max-entries="$entries"); else cache=(--weir.cache.max-bytes=128MiB); fi
flags=(-Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
start() { # build
  local port=${ports[$1]} account=mysql_spared_$1
  sql "DROP SCHEMA IF EXISTS $account; DROP USER IF EXISTS $account; CREATE SCHEMA $account;
    CREATE USER $account@'%' IDENTIFIED BY ''; GRANT ALL ON $account.* TO $account@'%'"
  "$java" "${flags[@]}" -jar master-service/target/weir-master.jar --server.port=$((port - 1)) \
    --weir.master.found=true --weir.data-dir="$work/$1-master" >"$work/$1-master.log" 2>&1 &
  pids+=($!)
  "$java" "${flags[@]}" -jar "${jars[$1]}" --server.port="$port" --weir.master.urls="http://127.0.0.1:$((port - 1))" \
    --weir.advertise.url="http://127.0.0.1:$port" --weir.data-dir="$work/$1-cache" \
    --weir.database.url="jdbc:mysql://$host:$dbport/$account?$others" --weir.database.username="$account" --weir.database.password= \
    "${cache[@]}" ${settings[@]+"${settings[@]}"} >"$work/$1-cache.log" 2>&1 &
  pids+=($!)
  until curl -sf "http://127.0.0.1:$port/actuator/health/readiness" >/dev/null; do
    for pid in "${pids[@]}"; do
      kill -0 "$pid" 2>/dev/null || { tail -n 5 "$work"/*.log >&2; exit 1; }
    done
    sleep 0.5
  done
}

weir() { ./weir "$@" --master "http://127.0.0.1:$((${ports[$build]} - 1))"; }

load() { # arguments of weir load: its JSON in $work/load.json
  weir load --keys "$keys" --value-size 100 --reads 0 --json "$work/load.json" "$@" >"$work/load.out" 2>&1 ||
    { tail -n 20 "$work/load.out" >&2; exit 1; }
}

flush() { weir flush --wait 300s >/dev/null; }

counted="'select', 'insert', 'insert_select', 'update', 'update_multi', 'delete', 'delete_multi', 'replace',
  'replace_select'"
counters() { # commits statements others bytes rows
  local statements bytes rows
  statements=$(sql "SELECT
      COALESCE(SUM(IF(event_name = 'statement/sql/commit', count_star, 0)), 0),
      COALESCE(SUM(IF(event_name = 'statement/com/Execute' OR SUBSTRING_INDEX(event_name, '/', -1) IN ($counted),
        count_star, 0)), 0),
      COALESCE(SUM(count_star), 0)
    FROM performance_schema.events_statements_summary_by_account_by_event_name
    WHERE user = 'mysql_spared_$build'")
  bytes=$(sql "SHOW BINARY LOGS" | awk '{s += $2} END {printf "%.0f", s}')
  rows=$(curl -sf "http://127.0.0.1:${ports[$build]}/actuator/prometheus" |
    awk '/^weir_writeback_entries_total[{ ]/ {s += $2} END {printf "%.0f", s}')
  awk -v bytes="$bytes" -v rows="$rows" '{print $1, $2, $3 - $1 - $2, bytes, rows}' <<<"$statements"
}

# commits, statements, others and bytes a thousand writes, and rows a transaction, in $work/BUILD
cell() { # distribution rate
  local rate=$2 tries length before after late writes failed reached
  length=$seconds
  if [ "$2" -le 100 ] && [ "$length" -lt 40 ]; then length=40; fi
  for tries in 1 2 3 4; do
    flush
    before=$(counters)
    load --phase run --warmup 0s --distribution "$1" --rate "$rate" --duration "${length}s"
    flush
    after=$(counters)
    read -r writes failed reached late < <(jq -r '([.operations[].count] | add) as $n
      | "\($n) \([.operations[].errors] | add) \($n / .seconds) \(.generator.limited)"' "$work/load.json")
    if [ "$tries" = 4 ] || awk -v r="$reached" -v w="$rate" 'BEGIN {exit r < 0.98 * w}'; then break; fi
    rate=$(awk -v r="$reached" 'BEGIN {printf "%.0f", r * 0.9}')
  done
  awk -v what="$build $1" -v wanted="$2" -v rate="$rate" -v reached="$reached" -v late="$late" \
    -v writes="$writes" -v failed="$failed" -v out="$work/$build" -v before="$before" -v after="$after" 'BEGIN {
      split(before, b); split(after, a)
      for (i = 1; i <= 5; i++) d[i] = a[i] - b[i]
      k = writes / 1000
      rows = d[1] ? d[5] / d[1] : 0
      printf "%s: rate %d%s, reached %.0f%s; writes %d, failed %d; a thousand writes: commits %.1f, statements %.1f, others %.1f, binary log %.1f KB; rows a transaction %.1f\n",
        what, wanted, rate == wanted ? "" : " (tried " rate ")", reached, late == "true" ? ", the generator was late" : "",
        writes, failed, d[1] / k, d[2] / k, d[3] / k, d[4] / k / 1000, rows
      print d[1] / k, d[2] / k, d[4] / k, rows > out
    }'
}

for build in "${builds[@]}"; do start "$build"; done
for build in "${builds[@]}"; do
  load --phase load
  # What the compiler makes of the first seconds is no concern here.
  load --phase run --warmup 0s --distribution uniform --rate 500 --duration 5s
  flush
done
if [ -n "$entries" ]; then size="$entries entries"; else size="128 MiB"; fi
echo "keys $keys, cache of $size${settings[*]:+, ${settings[*]}}"
for distribution in $distributions; do
  for rate in $rates; do
    for build in "${builds[@]}"; do cell "$distribution" "$rate"; done
    if [ ${#builds[@]} = 2 ]; then
      paste -d' ' "$work/before" "$work/after" | awk -v what="$distribution $rate" '
        function ratio(b, a) { return b ? sprintf("%.3f", a / b) : "-" }
        {printf "after / before, %s: commits %s, statements %s, binary log %s, rows a transaction %s\n",
          what, ratio($1, $5), ratio($2, $6), ratio($3, $7), ratio($4, $8)}'
    fi
  done
done
