#!/bin/sh
# Runs a master and a cache server under load for some seconds, each of which then leaves an AOT cache of the classes that it
# has loaded, linked and profiled. Runs while the images are built, where the servers' files lie as they do in the images.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Both see it, as they do wherever they are given tokens.
printf '%s\n' 'cache cluster training-token-of-servers' 'load read,write training-token-of-load' > "$work/tokens"
printf training-token-of-servers > "$work/cluster-token"
printf training-token-of-load > "$work/load-token"
export WEIR_SECURITY_TOKENSFILE="$work/tokens" WEIR_TOKEN_FILE="$work/load-token" WEIR_MASTER_TOKENFILE="$work/cluster-token"

# serve NAME PORT [ARGUMENT...]: starts a server that records, in the background.
serve() {
  name=$1 port=$2
  shift 2
  java "@/opt/weir/$name/jvm.options" -Xlog:aot=error -XX:AOTCacheOutput="/opt/weir/$name.aot" -jar "/opt/weir/$name/weir-$name.jar" \
    --server.port="$port" --server.address=127.0.0.1 --weir.data-dir="$work/$name" "$@" &
}

# ready PORT PID
ready() {
  for _ in $(seq 300); do
    kill -0 "$2" || { echo "train: a server ended before it was ready" >&2; exit 1; }
    ! SERVER_PORT=$1 java -Xint -XX:ActiveProcessorCount=1 -cp /opt/weir/probe io.weir.web.probe.HealthProbe >/dev/null || return 0
    sleep 0.5
  done
  echo "train: nothing is ready on port $1" >&2
  exit 1
}

serve master 7400 --weir.master.found=true; master=$!
ready 7400 $master
serve cache 7401 --weir.advertise.url=http://127.0.0.1:7401 --weir.fast.enabled=true; cache=$!
ready 7401 $cache
for door in http fast redis; do
  java @/opt/weir/cli/jvm.options -jar /opt/weir/cli/weir-cli.jar load \
    --master http://127.0.0.1:7400 --door $door --clients 8 --keys 20000 --reads 0.7 --warmup 1s --duration 3s
done
# A cache is written by the JVM's end; a stop on SIGTERM is 0 for a cache server, and 143 for a master.
kill $cache; wait $cache
kill $master; wait $master || [ $? = 143 ]
ls -l /opt/weir/master.aot /opt/weir/cache.aot
