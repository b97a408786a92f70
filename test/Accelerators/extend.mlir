// A machine made from others stands for itself once it is read. Both bases lie
// beside a file: @larger's beside this one, in the file it names.
// RUN: amosc %s --stop-after=parse --target=generic | FileCheck %s
// RUN: amosc %s --stop-after=parse --target=generic -o %t.once.mlir
// RUN: amosc %t.once.mlir --stop-after=parse | diff %t.once.mlir -
// RUN: amos-opt %s | FileCheck %s --check-prefix=AS-WRITTEN

// AS-WRITTEN: amos.accelerator @larger extends @little from "Inputs/extend/little.mlir" clock(4.000000e+09) {
// AS-WRITTEN: change @l1 bandwidth(128), capacity(49152)
// AS-WRITTEN: change @"d?t" interval(5.000000e-01)
// AS-WRITTEN: remove @outer
// AS-WRITTEN: amos.accelerator @largest extends @larger {
// AS-WRITTEN: family 44 in [8, 16] {

// CHECK-LABEL: amos.accelerator @larger target(#llvm.target_features<[]>) clock(4.000000e+09) {
// CHECK: level @memory per @device
// The part takes the place of the one that it replaces.
// CHECK-NEXT: level @l1 per @thread capacity(49152) bandwidth(1.280000e+02) latency(4) cache
// CHECK-NEXT: level @register per @thread granule(64) capacity(2048)
// CHECK-NEXT: intrinsic @dot issue(@thread) class(dot) latency(4) interval(5.000000e-01 per @thread)
// CHECK-NOT: @outer
amos.accelerator @larger extends @little from "Inputs/extend/little.mlir" clock(4.0e9) {
  change @l1 capacity(49152), bandwidth(128)
  level @register per @thread granule(64) capacity(2048)
  change @"d?t" interval(0.5)
  remove @outer
}

// CHECK-LABEL: amos.accelerator @largest target(#llvm.target_features<[]>) clock(4.000000e+09) {
// CHECK: level @l1 per @thread capacity(49152)
// CHECK: level @l2 per @device capacity(1048576) cache
// CHECK-NOT: @dot issue
// CHECK: intrinsic @dot_n8 issue(@thread) class(dot) operands[{{.*}}floordiv 8, d0 mod 8){{.*}}] latency(4) interval(2.000000e+00 per @thread)
// CHECK: tensor<4xi8>, %{{.*}}: tensor<4x8xi8>, %{{.*}}: tensor<8xi32>
// CHECK: lowering
// CHECK: !llvm.struct<(i32, i32)>
// CHECK: "llvm.mine.dot.4.8"
// CHECK: intrinsic @dot_n16 issue(@thread) class(dot) operands[{{.*}}] latency(4) interval(4.000000e+00 per @thread)
// CHECK: tensor<4xi8>, %{{.*}}: tensor<4x16xi8>, %{{.*}}: tensor<16xi32>
// CHECK: !llvm.struct<(i32, i32, i32, i32)>
// CHECK: arith.constant 262144 : i32
// CHECK: "llvm.mine.dot.4.16"
// CHECK-NOT: family
amos.accelerator @largest extends @larger {
  level @l2 per @device capacity(1048576) cache
  remove @dot
  family 44 in [8, 16] {
    intrinsic @dot_n44 issue(@thread) class(dot)
        operands[#amos.fragment<(e) -> (e)>, #amos.fragment<(e) -> (e floordiv 44, e mod 44)>, #amos.fragment<(e) -> (e)>]
        latency(4) interval(11.0 per @thread) semantics {
    ^bb0(%a: tensor<4xi8>, %b: tensor<4x44xi8>, %c: tensor<44xi32>):
      %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x44xi8>)
          outs(%c : tensor<44xi32>) -> tensor<44xi32>
      yield %d : tensor<44xi32>
    } lowering {
    ^bb0(%a: vector<4xi8>, %b: vector<176xi8>, %c: vector<44xi32>):
      %s = llvm.mlir.zero : !llvm.struct<(i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32)>
      %m = arith.constant 262144 : i32
      %d = llvm.call_intrinsic "llvm.mine.dot.4.44"(%a, %b, %c, %s, %m)
          : (vector<4xi8>, vector<176xi8>, vector<44xi32>, !llvm.struct<(i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32)>, i32) -> vector<44xi32>
      yield %d : vector<44xi32>
    }
  }
}

func.func @mm(%a: tensor<64x64xi8>, %b: tensor<64x64xi8>, %c: tensor<64x64xi32>) -> tensor<64x64xi32> {
  %d = linalg.matmul ins(%a, %b : tensor<64x64xi8>, tensor<64x64xi8>)
      outs(%c : tensor<64x64xi32>) -> tensor<64x64xi32>
  return %d : tensor<64x64xi32>
}
