// Odd extents, every kind of element, scalars, buffers and a chain of operators.
#nk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(i, j) -> (i, j)>

func.func @mixed_integers(%a: tensor<7x9xi8>, %b: tensor<9x5xi8>, %c: tensor<7x5xi32>) -> tensor<7x5xi32> {
  %r = linalg.generic {indexing_maps = [#nk, #kn, #mn],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<7x9xi8>, tensor<9x5xi8>) outs(%c : tensor<7x5xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %xw = arith.extui %x : i8 to i32
    %yw = arith.extsi %y : i8 to i32
    %p = arith.muli %xw, %yw : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<7x5xi32>
  return %r : tensor<7x5xi32>
}

func.func @half(%a: tensor<7x33xf16>, %b: tensor<33x5xf16>) -> tensor<7x5xf32> {
  %e = tensor.empty() : tensor<7x5xf32>
  %z = arith.constant 0.0 : f32
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<7x5xf32>) -> tensor<7x5xf32>
  %r = linalg.matmul ins(%a, %b : tensor<7x33xf16>, tensor<33x5xf16>) outs(%i : tensor<7x5xf32>)
      -> tensor<7x5xf32>
  return %r : tensor<7x5xf32>
}

func.func @chain(%a: tensor<7x9xbf16>, %b: tensor<9x5xbf16>, %s: f32) -> (tensor<7x5xbf16>, tensor<7x5xi1>) {
  %e = tensor.empty() : tensor<7x5xf32>
  %h = tensor.empty() : tensor<7x5xbf16>
  %t = tensor.empty() : tensor<7x5xi1>
  %z = arith.constant 0.0 : f32
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<7x5xf32>) -> tensor<7x5xf32>
  %m = linalg.matmul ins(%a, %b : tensor<7x9xbf16>, tensor<9x5xbf16>) outs(%i : tensor<7x5xf32>)
      -> tensor<7x5xf32>
  %r:2 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%m : tensor<7x5xf32>) outs(%h, %t : tensor<7x5xbf16>, tensor<7x5xi1>) {
  ^bb0(%x: f32, %y: bf16, %u: i1):
    %p = arith.mulf %x, %s : f32
    %n = arith.truncf %p : f32 to bf16
    %big = arith.constant 1.0e30 : f32
    %c = arith.cmpf olt, %x, %big : f32
    linalg.yield %n, %c : bf16, i1
  } -> (tensor<7x5xbf16>, tensor<7x5xi1>)
  return %r#0, %r#1 : tensor<7x5xbf16>, tensor<7x5xi1>
}

func.func @in_place(%a: memref<6x6xf32>, %r: memref<6x6xf32>) {
  linalg.matmul ins(%a, %a : memref<6x6xf32>, memref<6x6xf32>) outs(%r : memref<6x6xf32>)
  return
}

func.func @all_bf16(%a: tensor<7x9xbf16>, %b: tensor<9x5xbf16>, %c: tensor<7x5xbf16>) -> tensor<7x5xbf16> {
  %r = linalg.matmul ins(%a, %b : tensor<7x9xbf16>, tensor<9x5xbf16>) outs(%c : tensor<7x5xbf16>)
      -> tensor<7x5xbf16>
  return %r : tensor<7x5xbf16>
}

func.func @elementwise(%m: tensor<9xi1>, %a: tensor<9xf32>, %b: tensor<9xf32>)
    -> (tensor<9xf32>, tensor<9xf32>) {
  %s = arith.select %m, %a, %b : tensor<9xi1>, tensor<9xf32>
  %e = math.exp %s : tensor<9xf32>
  return %e, %e : tensor<9xf32>, tensor<9xf32>
}

func.func @quantized(%x: tensor<1x5x5x4xi8>, %w: tensor<8x3x3x4xi8>, %b: tensor<8xi32>) -> tensor<1x3x3x8xi8> {
  %xz = "tosa.const"() <{values = dense<3> : tensor<1xi8>}> : () -> tensor<1xi8>
  %wz = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %h = "tosa.const"() <{values = dense<40> : tensor<1xi8>}> : () -> tensor<1xi8>
  %r = tosa.conv2d %x, %w, %b, %xz, %wz {acc_type = i32, pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<1x5x5x4xi8>, tensor<8x3x3x4xi8>, tensor<8xi32>, tensor<1xi8>, tensor<1xi8>)
      -> tensor<1x3x3x8xi32>
  %q = tosa.rescale %r, %m, %h, %z, %wz {scale32 = true, rounding_mode = SINGLE_ROUND,
      per_channel = false, input_unsigned = false, output_unsigned = false}
      : (tensor<1x3x3x8xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>)
      -> tensor<1x3x3x8xi8>
  return %q : tensor<1x3x3x8xi8>
}

func.func @softmax(%a: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %e = tensor.empty() : tensor<4x16xf32>
  %r = linalg.softmax dimension(1) ins(%a : tensor<4x16xf32>) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %r : tensor<4x16xf32>
}

func.func @dot(%a: tensor<9xf32>, %b: tensor<9xf32>, %c: tensor<f32>) -> tensor<f32> {
  %r = linalg.dot ins(%a, %b : tensor<9xf32>, tensor<9xf32>) outs(%c : tensor<f32>) -> tensor<f32>
  return %r : tensor<f32>
}
