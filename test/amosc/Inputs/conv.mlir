// A padded, strided convolution of u8 images with s8 weights.
#image = affine_map<(n, p, q, k, r, s, c) -> (n, p * 2 + r, q * 2 + s, c)>
#weight = affine_map<(n, p, q, k, r, s, c) -> (r, s, c, k)>
#result = affine_map<(n, p, q, k, r, s, c) -> (n, p, q, k)>

func.func @conv(%image: tensor<1x15x15x8xi8>, %weight: tensor<3x3x8x16xi8>)
    -> tensor<1x8x8x16xi32> {
  %zero = arith.constant 0 : i8
  %padded = tensor.pad %image low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
    tensor.yield %zero : i8
  } : tensor<1x15x15x8xi8> to tensor<1x17x17x8xi8>
  %empty = tensor.empty() : tensor<1x8x8x16xi32>
  %none = arith.constant 0 : i32
  %start = linalg.fill ins(%none : i32) outs(%empty : tensor<1x8x8x16xi32>)
    -> tensor<1x8x8x16xi32>
  %result = linalg.generic {
      indexing_maps = [#image, #weight, #result],
      iterator_types = ["parallel", "parallel", "parallel", "parallel",
                        "reduction", "reduction", "reduction"]}
      ins(%padded, %weight : tensor<1x17x17x8xi8>, tensor<3x3x8x16xi8>)
      outs(%start : tensor<1x8x8x16xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %x = arith.extui %a : i8 to i32
    %y = arith.extsi %b : i8 to i32
    %m = arith.muli %x, %y : i32
    %s = arith.addi %c, %m : i32
    linalg.yield %s : i32
  } -> tensor<1x8x8x16xi32>
  return %result : tensor<1x8x8x16xi32>
}
