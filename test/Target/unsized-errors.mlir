// Memory of elements that LLVM cannot count is refused before it tries.
// RUN: split-file %s %t
// RUN: %exits 1 amosc %t/index.mlir --target=generic --emit=llvm --out-dir %t 2>&1 | FileCheck %s --check-prefix=INDEX
// RUN: %exits 1 amosc %t/opaque.mlir --target=generic --emit=llvm --out-dir %t 2>&1 | FileCheck %s --check-prefix=OPAQUE
// RUN: %exits 1 amosc %t/endless.mlir --target=generic --emit=llvm --out-dir %t 2>&1 | FileCheck %s --check-prefix=ENDLESS

//--- index.mlir
// INDEX: index.mlir:4:8: error: elements of 'index' have no size; use a type of LLVM's that has one
llvm.func @address(%x: !llvm.ptr) -> !llvm.ptr {
  %i = llvm.mlir.constant(4 : i64) : i64
  %y = llvm.getelementptr %x[%i] : (!llvm.ptr, i64) -> !llvm.ptr, index
  llvm.return %y : !llvm.ptr
}
//--- opaque.mlir
// OPAQUE: opaque.mlir:4:8: error: elements of '!llvm.array<2 x struct<"hidden", opaque>>' have no size; use a type of LLVM's that has one
llvm.func @memory() -> !llvm.ptr {
  %i = llvm.mlir.constant(4 : i64) : i64
  %y = llvm.alloca %i x !llvm.array<2 x struct<"hidden", opaque>> : (i64) -> !llvm.ptr
  llvm.return %y : !llvm.ptr
}
//--- endless.mlir
// ENDLESS: endless.mlir:4:8: error: elements of '!llvm.struct<"endless", (array<2 x struct<"endless">>)>' have no size; use a type of LLVM's that has one
llvm.func @memory() -> !llvm.ptr {
  %i = llvm.mlir.constant(4 : i64) : i64
  %y = llvm.alloca %i x !llvm.struct<"endless", (array<2 x struct<"endless">>)> : (i64) -> !llvm.ptr
  llvm.return %y : !llvm.ptr
}
