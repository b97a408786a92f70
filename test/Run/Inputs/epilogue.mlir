// What follows a contraction, in the ways that front ends write it.
#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(d0, d1) -> (d0, d1)>
#turned = affine_map<(d0, d1) -> (d1, d0)>
#column = affine_map<(d0, d1) -> (d1)>
#row = affine_map<(d0, d1) -> (d0)>

// A bias for each column, a scale for each row, a residual that lies transposed.
func.func @layer(%a: tensor<37x96xi8>, %b: tensor<96x50xi8>, %bias: tensor<50xi32>, %scale: tensor<37xi8>,
                 %residual: tensor<50x37xi8>) -> tensor<37x50xi8> {
  %zero = arith.constant 0 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %four = arith.constant 4 : i32
  %e = tensor.empty() : tensor<37x50xi32>
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<37x50xi32>) -> tensor<37x50xi32>
  %sum = linalg.matmul ins(%a, %b : tensor<37x96xi8>, tensor<96x50xi8>) outs(%z : tensor<37x50xi32>) -> tensor<37x50xi32>
  %1 = linalg.generic {indexing_maps = [#id, #column, #id], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %bias : tensor<37x50xi32>, tensor<50xi32>) outs(%e : tensor<37x50xi32>) {
  ^bb0(%x: i32, %y: i32, %o: i32):
    %r = arith.addi %x, %y : i32
    linalg.yield %r : i32
  } -> tensor<37x50xi32>
  %2 = linalg.generic {indexing_maps = [#id, #row, #turned, #id], iterator_types = ["parallel", "parallel"]}
      ins(%1, %scale, %residual : tensor<37x50xi32>, tensor<37xi8>, tensor<50x37xi8>) outs(%e : tensor<37x50xi32>) {
  ^bb0(%x: i32, %s: i8, %y: i8, %o: i32):
    %sw = arith.extsi %s : i8 to i32
    %yw = arith.extsi %y : i8 to i32
    %p = arith.muli %x, %sw : i32
    %r = arith.addi %p, %yw : i32
    linalg.yield %r : i32
  } -> tensor<37x50xi32>
  %o = tensor.empty() : tensor<37x50xi8>
  %3 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%2 : tensor<37x50xi32>) outs(%o : tensor<37x50xi8>) {
  ^bb0(%x: i32, %old: i8):
    %s = arith.shrsi %x, %four : i32
    %l = arith.maxsi %s, %low : i32
    %h = arith.minsi %l, %high : i32
    %r = arith.trunci %h : i32 to i8
    linalg.yield %r : i8
  } -> tensor<37x50xi8>
  return %3 : tensor<37x50xi8>
}

// x * sigmoid(x), which takes every sum twice, rounded to f16.
func.func @silu(%a: tensor<20x33xf32>, %b: tensor<33x40xf32>, %bias: tensor<40xf32>) -> tensor<20x40xf16> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<20x40xf32>
  %start = linalg.broadcast ins(%bias : tensor<40xf32>) outs(%e : tensor<20x40xf32>) dimensions = [0]
  %sum = linalg.matmul ins(%a, %b : tensor<20x33xf32>, tensor<33x40xf32>) outs(%start : tensor<20x40xf32>) -> tensor<20x40xf32>
  %n = linalg.negf ins(%sum : tensor<20x40xf32>) outs(%e : tensor<20x40xf32>) -> tensor<20x40xf32>
  %x = linalg.exp ins(%n : tensor<20x40xf32>) outs(%e : tensor<20x40xf32>) -> tensor<20x40xf32>
  %ones = linalg.fill ins(%one : f32) outs(%e : tensor<20x40xf32>) -> tensor<20x40xf32>
  %d = linalg.add ins(%x, %ones : tensor<20x40xf32>, tensor<20x40xf32>) outs(%e : tensor<20x40xf32>) -> tensor<20x40xf32>
  %p = linalg.div ins(%sum, %d : tensor<20x40xf32>, tensor<20x40xf32>) outs(%e : tensor<20x40xf32>) -> tensor<20x40xf32>
  %h = tensor.empty() : tensor<20x40xf16>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%p : tensor<20x40xf32>) outs(%h : tensor<20x40xf16>) {
  ^bb0(%v: f32, %old: f16):
    %t = arith.truncf %v : f32 to f16
    linalg.yield %t : f16
  } -> tensor<20x40xf16>
  return %r : tensor<20x40xf16>
}

// The result is turned, and one number is added to all of it.
func.func @turned(%a: tensor<9x14xf64>, %b: tensor<14x11xf64>, %s: f64) -> tensor<11x9xf64> {
  %zero = arith.constant 0.0 : f64
  %e = tensor.empty() : tensor<9x11xf64>
  %z = linalg.fill ins(%zero : f64) outs(%e : tensor<9x11xf64>) -> tensor<9x11xf64>
  %sum = linalg.matmul ins(%a, %b : tensor<9x14xf64>, tensor<14x11xf64>) outs(%z : tensor<9x11xf64>) -> tensor<9x11xf64>
  %o = tensor.empty() : tensor<11x9xf64>
  %r = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> ()>, #turned], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %s : tensor<9x11xf64>, f64) outs(%o : tensor<11x9xf64>) {
  ^bb0(%x: f64, %y: f64, %old: f64):
    %t = arith.addf %x, %y : f64
    linalg.yield %t : f64
  } -> tensor<11x9xf64>
  return %r : tensor<11x9xf64>
}

// Two products whose results are added: one is the epilogue of the other.
func.func @two(%a: tensor<16x24xf32>, %b: tensor<24x16xf32>, %c: tensor<16x8xf32>, %d: tensor<8x16xf32>) -> tensor<16x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x16xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<16x16xf32>) -> tensor<16x16xf32>
  %1 = linalg.matmul ins(%a, %b : tensor<16x24xf32>, tensor<24x16xf32>) outs(%z : tensor<16x16xf32>) -> tensor<16x16xf32>
  %2 = linalg.matmul ins(%c, %d : tensor<16x8xf32>, tensor<8x16xf32>) outs(%z : tensor<16x16xf32>) -> tensor<16x16xf32>
  %s = linalg.add ins(%1, %2 : tensor<16x16xf32>, tensor<16x16xf32>) outs(%e : tensor<16x16xf32>) -> tensor<16x16xf32>
  %t = linalg.tanh ins(%s : tensor<16x16xf32>) outs(%e : tensor<16x16xf32>) -> tensor<16x16xf32>
  return %t : tensor<16x16xf32>
}
