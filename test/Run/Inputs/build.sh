#!/bin/sh
# build.sh PROGRAM FOLDER [EDIT]: compiles by loops what amos-run needs. EDIT is a
# sed script that falsifies the lowered functions, not the reference or manifest.
set -e
lower() { mlir-translate --mlir-to-llvmir | llc -relocation-model=pic -filetype=obj -o "$1"; }
mkdir -p "$2"
prepare="--amos-record-signature --amos-normalize --amos-decompose-aggregates
  --convert-elementwise-to-linalg --amos-record-operations"
amos-opt "$1" $prepare --amos-lower -o "$2/lowered.mlir"
amos-translate --amos-to-manifest "$2/lowered.mlir" -o "$2/test.json"
sed "${3:-}" "$1" | amos-opt $prepare --amos-lower --amos-add-entries | lower "$2/test.o"
amos-opt "$1" --amos-reference-pipeline | lower "$2/reference.o"
clang -shared "$2/test.o" -lm -o "$2/test.so"
clang -shared "$2/reference.o" -lm -o "$2/test.reference.so"
