// RUN: amos-opt --amos-outline-threads %s | FileCheck %s

// What comes from memory or the caller is passed on; constants and addresses are not.
// CHECK:         llvm.func @GOMP_parallel(!llvm.ptr, !llvm.ptr, i32, i32)
// CHECK-LABEL: llvm.func @kernel(
// CHECK-SAME:      %[[X:.+]]: !llvm.ptr, %[[N:.+]]: i32)
// CHECK:         %[[RECORD:.+]] = llvm.alloca %{{.+}} x !llvm.struct<(ptr, f32)>
// CHECK:         %[[VALUE:.+]] = llvm.load %{{.+}} : !llvm.ptr -> f32
// CHECK:         %[[FIRST:.+]] = llvm.getelementptr %[[RECORD]][0, 0]
// CHECK:         llvm.store %[[X]], %[[FIRST]]
// CHECK:         %[[SECOND:.+]] = llvm.getelementptr %[[RECORD]][0, 1]
// CHECK:         llvm.store %[[VALUE]], %[[SECOND]]
// CHECK:         %[[CODE:.+]] = llvm.mlir.addressof @kernel.thread
// CHECK:         %[[FLAGS:.+]] = llvm.mlir.constant(0 : i32)
// CHECK:         llvm.call @GOMP_parallel(%[[CODE]], %[[RECORD]], %[[N]], %[[FLAGS]])
// CHECK:         llvm.return
// CHECK:       llvm.func internal @kernel.thread(%[[RECORD:.+]]: !llvm.ptr) attributes {amos.features = ["+fma"]} {
// CHECK-DAG:     %[[PLACE:.+]] = llvm.getelementptr %[[RECORD]][0, 0]
// CHECK-DAG:     %[[X:.+]] = llvm.load %[[PLACE]] : !llvm.ptr -> !llvm.ptr
// CHECK-DAG:     %[[OTHER:.+]] = llvm.getelementptr %[[RECORD]][0, 1]
// CHECK-DAG:     %[[VALUE:.+]] = llvm.load %[[OTHER]] : !llvm.ptr -> f32
// CHECK:         %[[TARGET:.+]] = llvm.getelementptr %[[X]][%{{.+}}]
// CHECK:         llvm.br ^[[NEXT:.+]]
// CHECK:       ^[[NEXT]]:
// CHECK:         llvm.store %[[VALUE]], %[[TARGET]]
// CHECK:         llvm.return
llvm.func @kernel(%x: !llvm.ptr, %threads: i32) attributes {amos.features = ["+fma"]} {
  %four = llvm.mlir.constant(4 : i64) : i64
  %target = llvm.getelementptr %x[%four] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %value = llvm.load %x : !llvm.ptr -> f32
  omp.parallel num_threads(%threads : i32) {
    llvm.br ^next
  ^next:
    llvm.store %value, %target : f32, !llvm.ptr
    omp.terminator
  }
  llvm.return
}

// Each region is a function.
// CHECK-LABEL: llvm.func @two(
// CHECK:         llvm.mlir.addressof @two.thread
// CHECK:         llvm.mlir.addressof @two.thread_0
// CHECK-DAG:   llvm.func internal @two.thread(
// CHECK-DAG:   llvm.func internal @two.thread_0(
llvm.func @two(%threads: i32) {
  omp.parallel num_threads(%threads : i32) {
    omp.terminator
  }
  omp.parallel num_threads(%threads : i32) {
    omp.terminator
  }
  llvm.return
}
