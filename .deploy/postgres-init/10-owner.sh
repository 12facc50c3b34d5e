#!/bin/sh
# Runs once, on the first start: the product's database with an owner who is no superuser.
set -eu

psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -v password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE parvis LOGIN CREATEROLE PASSWORD :'password';
-- The owner may act as the role of a city that it creates, in order to drop it again.
ALTER ROLE parvis SET createrole_self_grant = 'set, inherit';
CREATE DATABASE parvis OWNER parvis;
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
\connect parvis
-- Only a superuser can close these doors through which a query could leave its city.
REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;
REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_advisory_lock(bigint), pg_advisory_lock(integer, integer),
  pg_advisory_lock_shared(bigint), pg_advisory_lock_shared(integer, integer),
  pg_try_advisory_lock(bigint), pg_try_advisory_lock(integer, integer),
  pg_try_advisory_lock_shared(bigint), pg_try_advisory_lock_shared(integer, integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean), pg_try_advisory_lock(bigint),
  pg_advisory_lock_shared(bigint) TO parvis;
GRANT USAGE ON LANGUAGE plpgsql TO parvis;
SQL
