#rows = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (k, n)>
#transposed = affine_map<(m, n, k) -> (n, k)>
#sums = affine_map<(m, n, k) -> (m, n)>
#same = affine_map<(d0, d1) -> (d0, d1)>

// The weights of two products, in either order, and of an addition.
func.func @twice(%a: tensor<19x21xf32>, %w: tensor<21x21xf32> {amos.name = "w"}) -> (tensor<19x21xf32>, tensor<21x21xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<19x21xf32>
  %c = linalg.fill ins(%zero : f32) outs(%empty : tensor<19x21xf32>) -> tensor<19x21xf32>
  %b = linalg.matmul ins(%a, %w : tensor<19x21xf32>, tensor<21x21xf32>) outs(%c : tensor<19x21xf32>) -> tensor<19x21xf32>
  %d = linalg.generic {indexing_maps = [#rows, #transposed, #sums], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%b, %w : tensor<19x21xf32>, tensor<21x21xf32>) outs(%c : tensor<19x21xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<19x21xf32>
  %f = tensor.empty() : tensor<21x21xf32>
  %e = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]}
      ins(%w : tensor<21x21xf32>) outs(%f : tensor<21x21xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %x : f32
    linalg.yield %s : f32
  } -> tensor<21x21xf32>
  return %d, %e : tensor<19x21xf32>, tensor<21x21xf32>
}

// No product at all; the result is the argument itself.
func.func @passed(%w: tensor<7x5xi8> {amos.name = "w"}) -> tensor<7x5xi8> {
  return %w : tensor<7x5xi8>
}

// A buffer of a caller's.
func.func @rows(%a: memref<33x18xi8>, %w: memref<18x40xi8> {amos.name = "w"}, %c: memref<33x40xi32>) {
  linalg.matmul ins(%a, %w : memref<33x18xi8>, memref<18x40xi8>) outs(%c : memref<33x40xi32>)
  return
}
