// RUN: amos-opt --amos-plan-workspace %s | FileCheck %s

// Buffers start at multiples of 256 bytes, neighbours 256 to 1024 bytes apart
// modulo 2048.
// CHECK-LABEL: func.func @two
// CHECK-SAME:    %[[WS:.+]]: memref<[[BYTES:[0-9]+]]xi8>
// CHECK-SAME:    amos.workspace = [[BYTES]] : i64
// CHECK:         %[[ZERO:.+]] = arith.constant 0 : index
// CHECK:         memref.view %[[WS]][%[[ZERO]]][] : memref<[[BYTES]]xi8> to memref<10xi32>
// CHECK:         %[[NEXT:.+]] = arith.constant 256 : index
// CHECK:         memref.view %[[WS]][%[[NEXT]]][] : memref<[[BYTES]]xi8> to memref<4xvector<16xi8>>
func.func @two() -> (memref<10xi32>, memref<4xvector<16xi8>>) {
  %a = memref.alloc() : memref<10xi32>
  %b = memref.alloc() : memref<4xvector<16xi8>>
  return %a, %b : memref<10xi32>, memref<4xvector<16xi8>>
}

// CHECK-LABEL: func.func @page
// CHECK:         memref.view
// CHECK:         %[[NEXT:.+]] = arith.constant 4608 : index
// CHECK:         memref.view {{.*}}[%[[NEXT]]]
func.func @page() -> (memref<1024xi32>, memref<1024xi32>) {
  %a = memref.alloc() : memref<1024xi32>
  %b = memref.alloc() : memref<1024xi32>
  return %a, %b : memref<1024xi32>, memref<1024xi32>
}

// CHECK-LABEL: func.func @none
// CHECK-SAME:    memref<0xi8>
// CHECK-SAME:    amos.workspace = 0 : i64
func.func @none() {
  return
}

// What each step needs of another size lives as long as the step.
// CHECK-LABEL: func.func @steps
// CHECK:         scf.for
// CHECK:           %[[OWN:.+]] = memref.alloc(
// CHECK:           memref.dealloc %[[OWN]]
// CHECK-NEXT:    }
func.func @steps(%x: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.for %i = %c0 to %c16 step %c1 {
    %a = memref.alloc(%i) : memref<?xf32>
    %v = memref.load %x[%i] : memref<16xf32>
    memref.store %v, %a[%c0] : memref<?xf32>
  }
  return
}

// CHECK-LABEL: func.func @freed
// CHECK:         memref.dealloc
// CHECK-NOT:     memref.dealloc
// CHECK:         return
func.func @freed() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.for %i = %c0 to %c16 step %c1 {
    %a = memref.alloc(%i) : memref<?xf32>
    memref.dealloc %a : memref<?xf32>
  }
  return
}

// What is not known is told by a function of the dynamic extents.
// CHECK-LABEL: func.func @unknown(
// CHECK-SAME:    %[[X:.+]]: memref<?x8xf32>, %[[WS:.+]]: memref<64xi8>
// CHECK-SAME:    amos.workspace = 64 : i64, amos.workspace_size = @unknown.workspace_size
// CHECK:         memref.view %[[WS]][%{{.+}}][] : memref<64xi8> to memref<16xf32>
// CHECK:         %[[N:.+]] = memref.dim %[[X]], %c0
// CHECK:         memref.view %[[WS]][%{{.+}}][%[[N]]] : memref<64xi8> to memref<?x8xf32>
// CHECK:         memref.view %[[WS]][%{{.+}}][%[[N]], %[[N]]] : memref<64xi8> to memref<?x?xi8>
func.func @unknown(%x: memref<?x8xf32>) {
  %c0 = arith.constant 0 : index
  %known = memref.alloc() : memref<16xf32>
  %n = memref.dim %x, %c0 : memref<?x8xf32>
  %rows = memref.alloc(%n) : memref<?x8xf32>
  %square = memref.alloc(%n, %n) : memref<?x?xi8>
  memref.copy %x, %rows : memref<?x8xf32> to memref<?x8xf32>
  return
}
// CHECK:       func.func private @unknown.workspace_size(%[[N:.+]]: index) -> i64
// CHECK:         arith.muli %{{.+}}, %[[N]]
// CHECK:         arith.muli %{{.+}}, %[[N]]
// CHECK:         arith.index_cast
