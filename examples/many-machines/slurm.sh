#!/bin/sh
# slurm.sh SHARD..: measures shards as arrays of jobs under Slurm. What left no
# results, for whatever reason, is submitted again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
list=$(mktemp ./shards.XXXXXX)
trap 'rm -f "$list"' EXIT
realpath "$@" > "$list"

# The numbers of the shards without results, counted from 1: "2,5,6".
findMissing() {
  number=0
  while read -r shard; do
    number=$((number + 1))
    [ -s "$shard/results.json" ] || echo $number
  done < "$list" | paste -s -d ,
}

for attempt in 1 2 3; do
  missing=$(findMissing)
  [ -n "$missing" ] || break
  echo "attempt $attempt: shards $missing"
  sbatch --wait --quiet --exclusive --array="$missing" --output=/dev/null \
    --wrap "'$here/measure-shard.sh' \"\$(sed -n \${SLURM_ARRAY_TASK_ID}p '$(realpath "$list")')\"" ||
    true # the results tell
done
missing=$(findMissing)
[ -z "$missing" ] || { echo "no results of shards $missing" >&2; exit 1; }
