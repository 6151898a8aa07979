#!/bin/sh
# The namespace; may be run again. The worker registers the search attributes itself when it starts (src/platform/temporal/search-attributes.ts).
# The retention is for operators reading closed cases: the ledger in PostgreSQL is the record.
set -eu
until temporal operator cluster health; do sleep 2; done
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 30d
