#!/usr/bin/env bash
# What the demo's own load reaches in this checkout and in another, in turn.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/demo-vs-before.sh BEFORE [ROUNDS [DEMO-OPTION...]]

BEFORE is another checkout of Weir, such as 'git worktree add ../before COMMIT' makes. In turn, './weir demo --exit'
of each starts its cluster, loads it as ever, and audits it. Prints of each round (default 3) the highest throughput
in operations a second, and the response times at half of it (p50 and p99 of reads and updates); then the medians
and the median ratio (this / before) of the throughput.
  DEMO-OPTION  for both, such as --duration 10s --shards 1
Takes 2 to 3 minutes a round, and builds what is not built. Loopback only.
USAGE
}

[ "${1:-}" != --help ] || { usage; exit 0; }
[ $# -ge 1 ] || { usage >&2; exit 2; }
before=$(realpath "$1") rounds=${2:-3}
[[ $rounds =~ ^[1-9][0-9]?$ ]] && [ -x "$before/weir" ] || { usage >&2; exit 2; }
options=("${@:3}")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

measure() { # name checkout round
  (cd "$2" && ./weir demo --exit --port 7600 "${options[@]}") >"$work/out" 2>"$work/err" ||
    { tail -n 20 "$work/out" "$work/err" >&2; echo "demo-vs-before: the demo in $2 failed" >&2; exit 1; }
  awk -v name="$1" -v round="$3" -v figures="$work/figures" '
    /^highest throughput:/ {gsub(",", "", $3); rate = $3}
    /^latencies / {open = 1}
    open && /^  +(read|update) / {times = times ", " $1 " p50 " $3 " " $4 " p99 " $5 " " $6}
    /^audit:/ {audit = $0}
    END {print name, round, rate >> figures; print name ": " rate " operations/s" times "; " audit}' "$work/out"
}

for ((round = 1; round <= rounds; round++)); do
  measure before "$before" "$round"
  measure this "$PWD" "$round"
done
middle() { sort -n | awk '{v[NR] = $1} END {m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; printf(m >= 1000 ? "%.0f" : "%.3g", m)}'; }
for name in before this; do
  echo "$name: median $(awk -v name="$name" '$1 == name {print $3}' "$work/figures" | middle) operations/s"
done
echo "median ratio: $(awk '$1 == "before" {b[$2] = $3} $1 == "this" {t[$2] = $3} END {for (i in t) print t[i] / b[i]}' "$work/figures" | middle)"
