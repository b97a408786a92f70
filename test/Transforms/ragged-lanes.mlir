// Lanes 14 and 15 of a box of 2 x 7 pixels, and the second row of the last one,
// hold no pixel and are not stored. What weights are multiplied by there need
// not be zero: they are broadcast without asking.
// RUN: amosc %s --target=x86-zen5 --stop-after=apply-mapping | FileCheck %s
// RUN: amosc run %s --target=x86-zen5 --emulate | FileCheck %s --check-prefix=RIGHT

// RIGHT: ragged: passed
// CHECK-LABEL: func.func @ragged(
// CHECK: amos.load {{.*}} where {{.*}} : memref<8x13x13xi8>
// CHECK-NOT: where {{.*}} : memref<6x8xi8>
// CHECK: amos.load {{.*}} index #map{{[0-9]*}} : memref<6x8xi8>
// CHECK-NOT: where {{.*}} : memref<6x8xi8>
// CHECK: amos.store {{.*}} where {{.*}}, memref<6x7x7xi32>
func.func @ragged(%a: tensor<8x13x13xi8>, %b: tensor<6x8xi8>) -> tensor<6x7x7xi32> {
  %zero = arith.constant 0 : i32
  %e = tensor.empty() : tensor<6x7x7xi32>
  %c = linalg.fill ins(%zero : i32) outs(%e : tensor<6x7x7xi32>) -> tensor<6x7x7xi32>
  %d = linalg.generic {
      indexing_maps = [affine_map<(k, p, q, c) -> (c, p * 2, q * 2)>, affine_map<(k, p, q, c) -> (k, c)>, affine_map<(k, p, q, c) -> (k, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<8x13x13xi8>, tensor<6x8xi8>) outs(%c : tensor<6x7x7xi32>)
      attrs = {amos.mapping = #amos.mapping<@x86_zen5::@vpdpbusd_lanes, [[1, 2], [3]] family broadcast>,
               amos.schedule = #amos.schedule<order [[1, 2], [3]] tiles [[2, 7], [4]] nest [[0, 2], [1, 1], [2, 1]] block [2, 1, 1] staging [direct, direct]>} {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extui %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %m = arith.muli %u, %v : i32
    %s = arith.addi %z, %m : i32
    linalg.yield %s : i32
  } -> tensor<6x7x7xi32>
  return %d : tensor<6x7x7xi32>
}
