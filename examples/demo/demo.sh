#!/bin/sh
# Compiles a convolution and a matrix product for this processor, runs and checks
# them, explains the choices, and runs machines that are not here by emulation.
#
#   examples/demo/demo.sh [FOLDER OF amosc]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH=${1:+$(cd "$1" && pwd):}$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

title() {
  printf '\n=== %s\n' "$*"
}

title "What this processor executes"
amosc doctor
if ! grep -qwE 'avx512_vnni|avx_vnni' /proc/cpuinfo; then
  echo "This processor has no dot product of bytes: it runs the best it has, and"
  echo "what the dot product would compute is emulated."
  amosc run "$here/product.mlir" --target=x86-avx512 --emulate
fi

for program in convolution product; do
  title "$program: to an object and its header"
  amosc "$here/$program.mlir" --fallback=warn --out-dir "$work" \
    --emit=obj,header,so,reference,manifest
  (cd "$work" && wc -c "$program".*)
  title "$program: run, compared with plain loops, timed"
  amos-run "$work/$program.json" --time
  title "$program: why this mapping, and why not the others"
  amosc explain "$here/$program.mlir"
done

title "Machines that are not here, by emulation"
for machine in virtual-axpy virtual-gemv virtual-gemm nvidia-sm80; do
  echo "$machine"
  amosc run "$here/small.mlir" --target=$machine --emulate
done
