#!/bin/sh
# Initialises PGDATA once, then becomes the server.
#
# POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE  the superuser's password (needed for the first start)
# POSTGRES_USER or POSTGRES_USER_FILE          the superuser's name (default: postgres)
# POSTGRES_DB or POSTGRES_DB_FILE              a database to create (default: the superuser's name)
set -eu

case "${1:-postgres}" in
  postgres) [ $# -gt 0 ] && shift ;;
  -*) ;;
  *) exec "$@" ;;
esac

# setting NAME DEFAULT: the variable's value, or the content of the file that NAME_FILE names.
setting() {
  eval "file=\${$1_FILE:-}"
  if [ -n "$file" ]; then cat "$file"; else eval "printf '%s' \"\${$1:-$2}\""; fi
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=$(setting POSTGRES_USER postgres)
  database=$(setting POSTGRES_DB "$user")
  password=$(setting POSTGRES_PASSWORD "")
  if [ -z "$password" ]; then
    echo "postgresql: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE for the first start" >&2
    exit 1
  fi
  # A start that was cut short leaves only the unfinished folder behind, and the next one begins anew.
  fresh="$PGDATA.unfinished"
  rm -rf "$fresh"
  umask 077
  secret=$(mktemp)
  printf '%s\n' "$password" > "$secret"
  initdb --pgdata="$fresh" --username="$user" --pwfile="$secret" --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256 --no-sync
  rm -f "$secret"
  printf "host all all all scram-sha-256\n" >> "$fresh/pg_hba.conf"
  printf "listen_addresses = '*'\njit = off\n" >> "$fresh/postgresql.conf"
  if [ "$database" != postgres ]; then
    name=$(printf '%s' "$database" | sed 's/"/""/g')
    printf 'CREATE DATABASE "%s"\n' "$name" | postgres --single -D "$fresh" -j postgres > /dev/null
  fi
  sync "$fresh"
  rm -rf "$PGDATA"
  mv "$fresh" "$PGDATA"
fi
unset POSTGRES_PASSWORD
exec postgres -D "$PGDATA" "$@"
