// A 3x3 convolution of an image of bytes (NHWC) with signed weights (HWCF),
// summed in 32 bits. The image is extended without sign: in C it is uint8_t.
#image = affine_map<(n, p, q, k, r, s, c) -> (n, p + r, q + s, c)>
#weights = affine_map<(n, p, q, k, r, s, c) -> (r, s, c, k)>
#result = affine_map<(n, p, q, k, r, s, c) -> (n, p, q, k)>

func.func @conv(%image: tensor<1x16x16x32xi8> {amos.name = "image"},
                %weights: tensor<3x3x32x64xi8> {amos.name = "weights"})
    -> (tensor<1x14x14x64xi32> {amos.name = "result"}) {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1x14x14x64xi32>
  %sums = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x14x14x64xi32>)
      -> tensor<1x14x14x64xi32>
  %r = linalg.generic {
      indexing_maps = [#image, #weights, #result],
      iterator_types = ["parallel", "parallel", "parallel", "parallel",
                        "reduction", "reduction", "reduction"]}
      ins(%image, %weights : tensor<1x16x16x32xi8>, tensor<3x3x32x64xi8>)
      outs(%sums : tensor<1x14x14x64xi32>) {
  ^bb0(%x: i8, %w: i8, %sum: i32):
    %xWide = arith.extui %x : i8 to i32
    %wWide = arith.extsi %w : i8 to i32
    %product = arith.muli %xWide, %wWide : i32
    %next = arith.addi %sum, %product : i32
    linalg.yield %next : i32
  } -> tensor<1x14x14x64xi32>
  return %r : tensor<1x14x14x64xi32>
}
