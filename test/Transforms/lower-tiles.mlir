// RUN: amos-opt --amos-lower-tiles %s | FileCheck %s --check-prefixes=CHECK,VEC
// RUN: amos-opt --amos-emulate-tiles %s | FileCheck %s --check-prefixes=CHECK,EMU

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<16xi16> to vector<16xi32>
    %y = arith.extsi %b : vector<16xi16> to vector<16xi32>
    %p = arith.muli %x, %y : vector<16xi32>
    %even, %odd = vector.deinterleave %p : vector<16xi32> -> vector<8xi32>
    %s = arith.addi %even, %odd : vector<8xi32>
    %d = arith.addi %c, %s : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

// A pair of neighbours is one broadcast word, rows of b are shuffled into
// order, the accumulator is stored as it lies.
// CHECK-LABEL: func.func @multiply
// VEC-DAG:       %[[PAIR:.+]] = vector.load {{.*}} : memref<4x6xi16>, vector<2xi16>
// VEC:           %[[WORD:.+]] = vector.bitcast %[[PAIR]] : vector<2xi16> to vector<1xi32>
// VEC:           vector.broadcast {{.*}} : i32 to vector<8xi32>
// VEC:           vector.load {{.*}} : memref<6x16xi16>, vector<8xi16>
// VEC:           vector.load {{.*}} : memref<6x16xi16>, vector<8xi16>
// VEC:           vector.shuffle {{.*}} [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15]
// VEC:           vector.deinterleave
// VEC:           vector.store {{.*}} : memref<4x16xi32>, vector<8xi32>
// EMU:           %[[A:.+]] = tensor.generate
// EMU:           %[[B:.+]] = tensor.generate
// EMU:           %[[R:.+]] = linalg.vecmat ins(%[[A]], %[[B]] : tensor<2xi16>, tensor<2x8xi16>)
// EMU:           scf.for
// EMU:             tensor.extract %[[R]]
func.func @multiply(%A: memref<4x6xi16>, %B: memref<6x16xi16>, %C: memref<4x16xi32>, %i: index, %j: index, %k: index) {
  %a = amos.load %A(%i, %k) index affine_map<(i, k)[l] -> (i, k * 2 + l)> : memref<4x6xi16> -> !amos.tile<2xi16, @m::@dot[0]>
  %b = amos.load %B(%j, %k) index affine_map<(j, k)[l, n] -> (k * 2 + l, j * 8 + n)> : memref<6x16xi16> -> !amos.tile<2x8xi16, @m::@dot[1]>
  %z = amos.zero : !amos.tile<8xi32, @m::@dot[2]>
  %c = amos.invoke @m::@dot(%a, %b, %z) : (!amos.tile<2xi16, @m::@dot[0]>, !amos.tile<2x8xi16, @m::@dot[1]>, !amos.tile<8xi32, @m::@dot[2]>) -> !amos.tile<8xi32, @m::@dot[2]>
  amos.store %c, %C(%i, %j) index affine_map<(i, j)[n] -> (i, j * 8 + n)> : !amos.tile<8xi32, @m::@dot[2]>, memref<4x16xi32>
  return
}

// What is known to be absent is zero, or not stored; the rest is checked.
// CHECK-LABEL: func.func @guarded
// VEC:           vector.from_elements
// VEC:           vector.constant_mask [3]
// VEC:           vector.maskedstore
// VEC:           scf.if
// EMU:           arith.cmpi sge
func.func @guarded(%A: memref<4x7xi16>, %C: memref<4x19xi32>, %i: index) {
  %a = amos.load %A(%i) index affine_map<(i)[l] -> (i, 6 + l)> where affine_set<(i)[l] : (-l >= 0)> : memref<4x7xi16> -> !amos.tile<2xi16, @m::@dot[0]>
  %z = amos.zero : !amos.tile<8xi32, @m::@dot[2]>
  amos.store %z, %C(%i) index affine_map<(i)[n] -> (i, 16 + n)> where affine_set<(i)[n] : (2 - n >= 0)> : !amos.tile<8xi32, @m::@dot[2]>, memref<4x19xi32>
  amos.store %z, %C(%i) index affine_map<(i)[n] -> (i, n)> where affine_set<(i)[n] : (2 - i >= 0)> : !amos.tile<8xi32, @m::@dot[2]>, memref<4x19xi32>
  return
}

// Tiles carried by a loop.
// CHECK-LABEL: func.func @carried
// VEC:           iter_args({{.*}}) -> (vector<8xi32>)
// EMU:           iter_args({{.*}}) -> (tensor<8xi32>)
func.func @carried(%A: memref<4x6xi16>, %B: memref<3x16xi16>, %C: memref<8xi32>, %n: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %z = amos.zero : !amos.tile<8xi32, @m::@dot[2]>
  %sum = scf.for %k = %zero to %n step %one iter_args(%s = %z) -> (!amos.tile<8xi32, @m::@dot[2]>) {
    %a = amos.load %A(%k) index affine_map<(k)[l] -> (0, k * 2 + l)> : memref<4x6xi16> -> !amos.tile<2xi16, @m::@dot[0]>
    %b = amos.load %B(%k) index affine_map<(k)[l, n] -> (k, n * 2 + l)> : memref<3x16xi16> -> !amos.tile<2x8xi16, @m::@dot[1]>
    %c = amos.invoke @m::@dot(%a, %b, %s) : (!amos.tile<2xi16, @m::@dot[0]>, !amos.tile<2x8xi16, @m::@dot[1]>, !amos.tile<8xi32, @m::@dot[2]>) -> !amos.tile<8xi32, @m::@dot[2]>
    scf.yield %c : !amos.tile<8xi32, @m::@dot[2]>
  }
  amos.store %sum, %C() index affine_map<()[n] -> (n)> : !amos.tile<8xi32, @m::@dot[2]>, memref<8xi32>
  return
}
