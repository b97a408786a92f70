func.func @matmul(%a: tensor<3x5xbf16>, %b: tensor<5x7xbf16>, %c: tensor<3x7xf32>) -> tensor<3x7xbf16> {
  %r = linalg.matmul ins(%a, %b : tensor<3x5xbf16>, tensor<5x7xbf16>) outs(%c : tensor<3x7xf32>)
      -> tensor<3x7xf32>
  %e = tensor.empty() : tensor<3x7xbf16>
  %n = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<3x7xf32>) outs(%e : tensor<3x7xbf16>) {
  ^bb0(%x: f32, %y: bf16):
    %t = arith.truncf %x : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<3x7xbf16>
  return %n : tensor<3x7xbf16>
}

func.func @accumulate(%a: memref<4x4xf32>, %s: f32, %r: memref<4x4xf32>) {
  linalg.matmul ins(%a, %a : memref<4x4xf32>, memref<4x4xf32>) outs(%r : memref<4x4xf32>)
  %i = arith.constant 0 : index
  memref.store %s, %r[%i, %i] : memref<4x4xf32>
  return
}

func.func private @twice(%x: tensor<4xi8>) -> tensor<4xi8> {
  %r = arith.addi %x, %x : tensor<4xi8>
  return %r : tensor<4xi8>
}

func.func @wrap(%x: tensor<4xi8>) -> tensor<4xi8> {
  %r = call @twice(%x) : (tensor<4xi8>) -> tensor<4xi8>
  return %r : tensor<4xi8>
}

func.func @conv(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x1xf32> {
  %w = "tosa.const"() <{values = dense<0.5> : tensor<1x3x3x2xf32>}> : () -> tensor<1x3x3x2xf32>
  %b = "tosa.const"() <{values = dense<0.25> : tensor<1xf32>}> : () -> tensor<1xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %r = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>,
      stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<1x4x4x2xf32>, tensor<1x3x3x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>)
      -> tensor<1x4x4x1xf32>
  %c = tosa.clamp %r {min_val = 0.0 : f32, max_val = 5.0 : f32} : (tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32>
  return %c : tensor<1x4x4x1xf32>
}
