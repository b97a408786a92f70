// In memory each bit has a byte.
func.func @i1row(%t: tensor<64xi1>, %x: tensor<64xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %i = linalg.index 0 : index
    %c = tensor.extract %t[%i] : tensor<64xi1>
    %z = arith.constant 0.0 : f32
    %r = arith.select %c, %a, %z : f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  return %0 : tensor<64xf32>
}
// A root has a form for AVX2 alone.
func.func @rs(%a: tensor<37xf32>) -> tensor<37xf32> {
  %e = tensor.empty() : tensor<37xf32>
  %0 = linalg.rsqrt ins(%a : tensor<37xf32>) outs(%e : tensor<37xf32>) -> tensor<37xf32>
  return %0 : tensor<37xf32>
}
// Nothing to do.
func.func @zero2(%a: tensor<4x0x8xf32>) -> tensor<4x0xf32> {
  %e = tensor.empty() : tensor<4x0xf32>
  %c = arith.constant 0.0 : f32
  %f = linalg.fill ins(%c : f32) outs(%e : tensor<4x0xf32>) -> tensor<4x0xf32>
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<4x0x8xf32>) outs(%f : tensor<4x0xf32>) dimensions = [2]
  %1 = linalg.exp ins(%0 : tensor<4x0xf32>) outs(%e : tensor<4x0xf32>) -> tensor<4x0xf32>
  return %1 : tensor<4x0xf32>
}
// An index has no width.
func.func @idx(%x: tensor<64x8xindex>) -> tensor<64xindex> {
  %e = tensor.empty() : tensor<64x8xindex>
  %e2 = tensor.empty() : tensor<64xindex>
  %c = arith.constant 0 : index
  %f = linalg.fill ins(%c : index) outs(%e2 : tensor<64xindex>) -> tensor<64xindex>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0,d1) -> (d0,d1)>, affine_map<(d0,d1) -> (d0,d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<64x8xindex>) outs(%e : tensor<64x8xindex>) {
  ^bb0(%a: index, %b: index):
    %m = arith.muli %a, %a : index
    linalg.yield %m : index
  } -> tensor<64x8xindex>
  %1 = linalg.reduce { arith.addi } ins(%0 : tensor<64x8xindex>) outs(%f : tensor<64xindex>) dimensions = [1]
  return %1 : tensor<64xindex>
}

func.func @rindexmax(%a: tensor<5x77xindex>, %i: tensor<5xindex>) -> tensor<5xindex> {
  %0 = linalg.reduce { arith.maxsi } ins(%a : tensor<5x77xindex>) outs(%i : tensor<5xindex>) dimensions = [1]
  return %0 : tensor<5xindex>
}
// Functions whose polynomials would be worse than a library.
func.func @powi(%a: tensor<64xf32>, %b: tensor<64xi8>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>], iterator_types = ["parallel"]} ins(%a, %b : tensor<64xf32>, tensor<64xi8>) outs(%e : tensor<64xf32>) {
    ^bb0(%x: f32, %y: i8, %z: f32):
      %c = arith.constant 3 : i8
      %d = arith.andi %y, %c : i8
      %k = arith.sitofp %d : i8 to f32
      %w = math.powf %x, %k : f32
      linalg.yield %w : f32
    } -> tensor<64xf32>
  return %r : tensor<64xf32>
}

func.func @f13(%a0: memref<1x1x8x9xf32>, %a1: memref<1x8x1x9xf32>, %a2: memref<8x1x9xf32>) {
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d1, d2, d0, d3)>, affine_map<(d0, d1, d2, d3) -> (d1, d0, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d2, d3)>], iterator_types = ["parallel", "reduction", "parallel", "parallel"]} ins(%a0, %a1 : memref<1x1x8x9xf32>, memref<1x8x1x9xf32>) outs(%a2 : memref<8x1x9xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %t1 = arith.mulf %x, %y : f32
    %e = math.sin %t1 : f32
    %r0 = arith.minimumf %e, %z : f32
    linalg.yield %r0 : f32
  }
  return
}
// What the last op overwrites is read by one in front of it.
func.func @forloop(%a: tensor<40x130xf32>) -> (tensor<40x130xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %z = arith.constant 0.0 : f32
  %r = scf.for %k = %c0 to %c5 step %c1 iter_args(%v = %a) -> tensor<40x130xf32> {
    %e1 = tensor.empty() : tensor<40xf32>
    %f0 = linalg.fill ins(%z : f32) outs(%e1 : tensor<40xf32>) -> tensor<40xf32>
    %s = linalg.reduce { arith.addf } ins(%v : tensor<40x130xf32>) outs(%f0 : tensor<40xf32>) dimensions = [1]
    %n = linalg.generic {indexing_maps = [affine_map<(d0,d1)->(d0)>, affine_map<(d0,d1)->(d0,d1)>], iterator_types = ["parallel","parallel"]} ins(%s : tensor<40xf32>) outs(%v : tensor<40x130xf32>) {
    ^bb0(%x: f32, %y: f32):
      %m = arith.mulf %x, %y : f32
      %t = math.tanh %m : f32
      linalg.yield %t : f32
    } -> tensor<40x130xf32>
    scf.yield %n : tensor<40x130xf32>
  }
  return %r : tensor<40x130xf32>
}
// A result that is read while it is summed.
func.func @memred(%x: memref<3x64xi32>, %s: memref<3xi32>) {
  linalg.generic {indexing_maps = [affine_map<(d0,d1) -> (d0,d1)>, affine_map<(d0,d1) -> (d0)>, affine_map<(d0,d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x, %s : memref<3x64xi32>, memref<3xi32>) outs(%s : memref<3xi32>) {
  ^bb0(%a: i32, %b: i32, %c: i32):
    %m = arith.muli %a, %b : i32
    %n = arith.addi %c, %m : i32
    linalg.yield %n : i32
  }
  return
}
// More places than the type of the indices can tell.
func.func @i8idxr(%t: tensor<40000xf32>, %i: tensor<64xi16>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%i : tensor<64xi16>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: i16, %b: f32):
    %k = arith.index_cast %a : i16 to index
    %c = tensor.extract %t[%k] : tensor<40000xf32>
    linalg.yield %c : f32
  } -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

// A name of libc's.
func.func @index(%x: tensor<64xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %0 = linalg.exp ins(%x : tensor<64xf32>) outs(%e : tensor<64xf32>) -> tensor<64xf32>
  return %0 : tensor<64xf32>
}
