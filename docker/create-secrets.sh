#!/bin/sh
# Makes up the passwords and tokens of docker-compose.yml's cluster, once, in the volume that /secrets is: a folder for each
# service, which mounts its own and nothing else. With the name of a token, prints it: operator or load.
set -eu
umask 077
cd /secrets

if [ $# -gt 0 ]; then
  [ -f "$1/token" ] || { echo "secrets: there is no token '$1'; there are $(echo */token | sed 's,/token,,g')" >&2; exit 2; }
  cat "$1/token"
  exit
fi
[ ! -e complete ] || exit 0

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# database NAME: a MySQL server, of which the account weir is the only one that may come from elsewhere.
database() {
  password=$(random)
  mkdir -p "$1/init"
  random > "$1/root-password"
  printf "CREATE USER IF NOT EXISTS 'weir'@'%%' IDENTIFIED BY '%s';\nGRANT ALL ON weir.* TO 'weir'@'%%';\n" "$password" > "$1/init/weir.sql"
  printf '[client]\nhost=127.0.0.1\nuser=weir\npassword=%s\n' "$password" > "$1/client.cnf"
}

# token NAME ROLES: for a client, and the line of it for the servers.
token() {
  mkdir -p "$1"
  random > "$1/token"
  echo "$1 $2 $(cat "$1/token")" >> tokens
}

rm -rf ./*
token cache-1 cluster
token cache-2 cluster
token cache-3 cluster
token load read,write,metrics
token master read
token prometheus metrics
token operator read,write,operate

mkdir -p master/properties grafana
database registry
printf %s "$password" > master/properties/weir.master.database.password
cp tokens master
for n in 1 2 3; do
  mkdir -p "cache-$n/properties"
  database "mysql-$n"
  printf %s "$password" > "cache-$n/properties/weir.database.password"
  cp tokens "cache-$n"
done
random > grafana/admin-password
rm tokens

# Each to the account that its service runs as: Weir's, Prometheus' and Grafana's images fix theirs by number.
chown -R 10001:10001 master cache-* load operator
chown -R 65534:65534 prometheus
chown -R 472:472 grafana
chown -R mysql:mysql registry mysql-*
chmod 755 .
touch complete
