#!/bin/sh
# parallel.sh SHARD..: measures shards under GNU parallel, one at a time on each host.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
shards=$(realpath "$@")
exec parallel --jobs 1 --retries 3 ${HOSTS:+--sshloginfile "$HOSTS"} \
  --env AMOS_RUN --env AMOS_RUN_FLAGS "$here/measure-shard.sh" ::: $shards
