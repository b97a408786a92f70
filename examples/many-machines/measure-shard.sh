#!/bin/sh
# measure-shard.sh SHARD: measures the candidates of one shard. The results appear
# when all of them are there, so that a shard that failed is one without.
set -u
results=$1/results.json
[ ! -s "$results" ] || exit 0
"${AMOS_RUN:-amos-run}" measure "$1" ${AMOS_RUN_FLAGS:-} -o "$results.new" > "$1/log" 2>&1
status=$?
# 4: a candidate is wrong or failed, which the results say too.
if [ $status -eq 0 ] || [ $status -eq 4 ]; then
  mv "$results.new" "$results"
else
  rm -f "$results.new"
  exit $status
fi
