#!/usr/bin/env bash
# Weir's engine beside Caffeine and other caches, in process: interleaved JMH forks, and the medians of their ratios.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/engine-vs-peers.sh [--threads N] [--key ready|made] [--caches A,B] [--only REGEX] [ROUNDS [-- JMH_ARGUMENT...]]

Each round runs one fork of every benchmark (hit, miss, put, and mixes of 95 and 50 % reads) for each cache in turn:
2 s of warm-up and two measurements of 1 s. Prints, for each benchmark and cache, the medians over the rounds (default 3)
of millions of operations a second, of the ratio to Caffeine in the same round, and of the bytes allocated an operation.

  --threads N        threads that call (default 2)
  --key ready|made   whether an operation makes its key of bytes, as a request does (default ready)
  --caches A,B       of weir (its reads take no lock), weirReadWrite, weirUnderLease, caffeine, concurrentHashMap,
                     linkedHashMap, ehcache (default all but weirUnderLease; caffeine is always among them)
  --only REGEX       benchmarks, such as Hit or 'Hit|Put'
  JMH_ARGUMENT       of every fork, -p stripes=256 or -p keys=1000000 say

Needs the jar (mvn package -pl benchmarks -am) and python3; takes 2.5 minutes a round.
USAGE
}

threads=2
key=ready
caches=weir,weirReadWrite,caffeine,concurrentHashMap,linkedHashMap,ehcache
only='(Hit|Miss|Put|Mix)Benchmark'
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --threads) threads=${2:?}; shift 2 ;;
    --key) key=${2:?}; shift 2 ;;
    --caches) caches=${2:?}; shift 2 ;;
    --only) only=${2:?}; shift 2 ;;
    *) break ;;
  esac
done
rounds=${1:-3}
[ $# -eq 0 ] || shift
[ "${1:-}" != -- ] || shift
[[ $rounds =~ ^[1-9][0-9]?$ && $threads =~ ^[1-9][0-9]?$ && $key =~ ^(ready|made)$ ]] || { usage >&2; exit 2; }
[[ ,$caches, == *,caffeine,* ]] || caches=caffeine,$caches

cd "$(dirname "$0")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for ((round = 1; round <= rounds; round++)); do
  for cache in ${caches//,/ }; do
    echo "round $round of $rounds: $cache" >&2
    "$java" -jar benchmarks/target/weir-benchmarks.jar -f 1 -wi 2 -w 1s -i 2 -r 1s -t "$threads" -prof gc \
      -p cache="$cache" -p key="$key" "$@" -rf json -rff "$work/$round-$cache.json" "$only" >"$work/out" 2>&1 ||
      { tail -n 20 "$work/out" >&2; exit 1; }
  done
done

python3 - "$work" "$rounds" "$caches" "$threads" "$key" <<'PY'
import json, os, statistics, sys
work, rounds, caches, threads, key = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(","), sys.argv[4], sys.argv[5]
rates, bytes_of, names = {}, {}, []
for number in range(1, rounds + 1):
    for cache in caches:
        for result in json.load(open(os.path.join(work, "%d-%s.json" % (number, cache)))):
            name = result["benchmark"].split(".")[-1]
            of_engine = {k: v for k, v in result["params"].items() if k not in ("cache", "key", "keys", "reads")}
            # The peers are the same whatever the engine is set to.
            settings = " ".join("%s=%s" % each for each in sorted(of_engine.items())) if cache.startswith("weir") else ""
            name += " " + result["params"]["reads"] if "reads" in result["params"] else ""
            if name not in names:
                names.append(name)
            rates.setdefault((name, cache, settings), {})[number] = result["primaryMetric"]["score"]
            allocated = result["secondaryMetrics"].get("gc.alloc.rate.norm") or result["secondaryMetrics"]["·gc.alloc.rate.norm"]
            bytes_of.setdefault((name, cache, settings), []).append(allocated["score"])
print("%s threads, keys %s, medians of %d rounds" % (threads, key, rounds))
print("%-8s %-18s %-30s %10s %12s %10s" % ("", "", "", "million/s", "of Caffeine", "B an op"))
for name in names:
    for (at, cache, settings), of_round in rates.items():
        if at == name:
            ratios = [rate / rates[(name, "caffeine", "")][number] for number, rate in of_round.items()]
            print("%-8s %-18s %-30s %10.2f %12.2f %10.1f" % (
                name, cache, settings, statistics.median(of_round.values()), statistics.median(ratios),
                statistics.median(bytes_of[(name, cache, settings)])))
PY
