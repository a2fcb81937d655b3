#!/bin/sh
# Run by PostgreSQL's container when it starts for the first time: the role that owns the database, and the shop's.
set -eu
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner="$OWNER_PASSWORD" --set application="$APPLICATION_PASSWORD" <<'SQL'
CREATE ROLE octavo LOGIN PASSWORD :'owner';
CREATE ROLE octavo_app LOGIN PASSWORD :'application';
CREATE DATABASE octavo OWNER octavo ENCODING 'UTF8' TEMPLATE template0;
ALTER DATABASE octavo SET jit = off;
SQL
