#!/bin/bash
# Runs once, when the PostgreSQL volume is empty: the databases and the logins that share the server. No login owns another's tables:
# xueji_owner migrates, xueji_app may only do what the migrations grant it, temporal sees nothing of xueji. The first migration makes sure
# of the application's role and joins it, hence CREATEROLE: since PostgreSQL 16 it reaches no role but those its holder administers.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner="$XUEJI_OWNER_PASSWORD" --set app="$XUEJI_APP_PASSWORD" --set temporal="$TEMPORAL_DB_PASSWORD" <<'SQL'
CREATE ROLE xueji_owner LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE xueji_app LOGIN PASSWORD :'app' NOSUPERUSER NOBYPASSRLS;
GRANT xueji_app TO xueji_owner WITH ADMIN OPTION;
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE xueji OWNER xueji_owner;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE xueji, temporal, temporal_visibility FROM PUBLIC;
GRANT CONNECT ON DATABASE xueji TO xueji_app;
SQL
