#!/usr/bin/env bash
# Runs a command with DATABASE_URL on the PostgreSQL installed on this machine (Debian's place for it), as an operator
# would have it: an owner who is no superuser, and a login for the program (which `migrate` makes), with passwords, over
# TCP. The server lives in a folder of its own and goes with the command.   tools/own_server.sh make test-own
set -euo pipefail

bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -1 | xargs -r dirname)
[ -n "$bin" ] || { echo "No PostgreSQL in /usr/lib/postgresql (Debian, Ubuntu: apt install postgresql)."; exit 1; }

folder=$(mktemp -d /tmp/wyf-own-XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then  # PostgreSQL refuses to run as root
    chown postgres "$folder"
    as=(runuser -u postgres --)
fi
stop() {
    "${as[@]}" "$bin/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd "$folder"
"${as[@]}" "$bin/initdb" -D data -U postgres --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
# nobody needs these rows after a power cut
"${as[@]}" "$bin/pg_ctl" start -w -D "$folder/data" -l "$folder/log" \
    -o "-p $port -k '$folder' -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >/dev/null
"${as[@]}" "$bin/psql" -q -h "$folder" -p "$port" -U postgres \
    -c "CREATE ROLE weiyifang LOGIN CREATEDB CREATEROLE PASSWORD 'weiyifang'"
cd - >/dev/null

export DATABASE_URL="postgresql://weiyifang_web:web@127.0.0.1:$port/postgres"
export WEIYIFANG_OWNER_URL="postgresql://weiyifang:weiyifang@127.0.0.1:$port/postgres"
echo "PostgreSQL $("$bin/postgres" --version | awk '{print $3}') on port $port"
"$@"
