#!/bin/sh
# amos-run on a machine that loses power when it measures shard 2 for the first time.
[ -z "${SLURMD_NODENAME:-}" ] || touch "$SLURM_TEST_NODES/$SLURMD_NODENAME"
case $2 in
*shard-2) mkdir "$FLAKY" 2>/dev/null && kill -9 $$ ;;
esac
exec amos-run "$@"
