// RUN: amos-opt --amos-lower-tiles %s | FileCheck %s --check-prefixes=CHECK,VEC
// RUN: amos-opt --amos-emulate-tiles %s | FileCheck %s --check-prefixes=CHECK,EMU

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @fma issue(@thread) class(vector)
      operands[#amos.fragment<(e) -> ()>, #amos.fragment<(e) -> (e)>, #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<f32>, %b: tensor<8xf32>, %c: tensor<8xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>, affine_map<(n) -> (n)>, affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<f32>, tensor<8xf32>) outs(%c : tensor<8xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<8xf32>
    yield %d : tensor<8xf32>
  } lowering {
  ^bb0(%a: f32, %b: vector<8xf32>, %c: vector<8xf32>):
    yield %c : vector<8xf32>
  }
}

// A bias that lies as the lanes do is one load, one for each row a broadcast, the
// body is done at once and what is stored has its own type.
// CHECK-LABEL: func.func @bias_and_scale
// VEC:           %[[B:.+]] = vector.load %arg1[{{.*}}] : memref<16xf16>, vector<8xf16>
// VEC:           %[[S:.+]] = memref.load %arg2[{{.*}}] : memref<4xf32>
// VEC:           %[[SS:.+]] = vector.broadcast %[[S]] : f32 to vector<8xf32>
// VEC:           %[[W:.+]] = arith.extf %[[B]] : vector<8xf16> to vector<8xf32>
// VEC:           %[[P:.+]] = arith.mulf %{{.+}}, %[[SS]] : vector<8xf32>
// VEC:           %[[Q:.+]] = arith.addf %[[P]], %[[W]] : vector<8xf32>
// VEC:           %[[R:.+]] = arith.maximumf %[[Q]], %{{.+}} : vector<8xf32>
// VEC:           %[[T:.+]] = arith.truncf %[[R]] : vector<8xf32> to vector<8xf16>
// VEC:           vector.store %[[T]], %arg0[{{.*}}] : memref<4x16xf16>, vector<8xf16>
// EMU:           scf.for
// EMU:             %[[E:.+]] = tensor.extract
// EMU:             memref.load %arg1[
// EMU:             memref.load %arg2[
// EMU:             arith.mulf %[[E]],
// EMU:             %[[T:.+]] = arith.truncf
// EMU:             memref.store %[[T]], %arg0[
func.func @bias_and_scale(%C: memref<4x16xf16>, %bias: memref<16xf16>, %scale: memref<4xf32>, %i: index, %j: index) {
  %c = amos.zero : !amos.tile<8xf32, @m::@fma[2]>
  amos.store %c, %C(%i, %j) index affine_map<(i, j)[n] -> (i, j * 8 + n)> with(%bias, %scale) at [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>]
    : !amos.tile<8xf32, @m::@fma[2]>, memref<4x16xf16>, memref<16xf16>, memref<4xf32> by {
  ^bb0(%s: f32, %b: f16, %f: f32):
    %zero = arith.constant 0.0 : f32
    %w = arith.extf %b : f16 to f32
    %p = arith.mulf %s, %f : f32
    %q = arith.addf %p, %w : f32
    %r = arith.maximumf %q, %zero : f32
    %t = arith.truncf %r : f32 to f16
    amos.yield %t : f16
  }
  return
}

// Guards of the store are those of what is read.
// CHECK-LABEL: func.func @guarded
// VEC:           scf.if
// VEC:             vector.load %arg1
// VEC-NEXT:        arith.addf
// VEC:             vector.store
func.func @guarded(%C: memref<4x16xf32>, %residual: memref<4x16xf32>, %i: index, %j: index) {
  %c = amos.zero : !amos.tile<8xf32, @m::@fma[2]>
  amos.store %c, %C(%i, %j) index affine_map<(i, j)[n] -> (i, j * 8 + n)> where affine_set<(i, j)[n] : (3 - i >= 0)>
      with(%residual) at [affine_map<(i, j) -> (i, j)>]
    : !amos.tile<8xf32, @m::@fma[2]>, memref<4x16xf32>, memref<4x16xf32> by {
  ^bb0(%s: f32, %b: f32):
    %p = arith.addf %s, %b : f32
    amos.yield %p : f32
  }
  return
}
