#!/bin/sh
# Brings the schemas of Temporal's two databases to this version of the tools, and may be run again: setup-schema leaves a newer
# schema alone, update-schema applies what is missing. The databases and the login are made by postgres-logins.sh.
set -eu
schemas=${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}

temporal-sql-tool --db temporal setup-schema -v 0.0
temporal-sql-tool --db temporal update-schema -d "$schemas/temporal/versioned"
temporal-sql-tool --db temporal_visibility setup-schema -v 0.0
temporal-sql-tool --db temporal_visibility update-schema -d "$schemas/visibility/versioned"
