#!/usr/bin/env bash
# The engine's races under jcstress: what is read and changed there without a lock.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: benchmarks/jcstress.sh [--mode sanity|quick|default|tough] [--only REGEX]

Runs the jcstress tests of the engine: walks of its buckets without a lock, its touch buffer, and its gates of keys.
Prints each test with what its threads saw, and fails if they saw what is forbidden.

  --mode   how long (default quick: about 6 minutes on 2 cores; sanity: half a minute, and proves little)
  --only   tests, such as Walks

Needs the jar (mvn package -pl benchmarks -am) and 2 processors.
USAGE
}

mode=quick
only=io.weir.cache.engine
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --mode) mode=${2:?}; shift 2 ;;
    --only) only=${2:?}; shift 2 ;;
    *) usage >&2; exit 2 ;;
  esac
done

jar=$(cd "$(dirname "$0")" && pwd)/target/weir-benchmarks.jar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # It leaves files where it runs.
native=--enable-native-access=ALL-UNNAMED
"${JAVA_HOME:+$JAVA_HOME/bin/}java" "$native" -cp "$jar" org.openjdk.jcstress.Main \
  -jvmArgsPrepend "$native" -m "$mode" -t "$only" -r "$work/report"
