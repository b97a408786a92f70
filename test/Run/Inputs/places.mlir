#row = affine_map<(d0, d1) -> (d0)>
#id = affine_map<(d0, d1) -> (d0, d1)>

func.func @rows(%t: tensor<1000x256xf32>, %i: tensor<64xi32>) -> tensor<64x256xf32> {
  %e = tensor.empty() : tensor<64x256xf32>
  %0 = linalg.generic {indexing_maps = [#row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%i : tensor<64xi32>) outs(%e : tensor<64x256xf32>) {
  ^bb0(%a: i32, %o: f32):
    %r = arith.index_cast %a : i32 to index
    %c = linalg.index 1 : index
    %v = tensor.extract %t[%r, %c] : tensor<1000x256xf32>
    linalg.yield %v : f32
  } -> tensor<64x256xf32>
  return %0 : tensor<64x256xf32>
}

func.func @tosa(%t: tensor<2x50x16xf32>, %i: tensor<2x20xi32>) -> tensor<2x20x16xf32> {
  %0 = tosa.gather %t, %i : (tensor<2x50x16xf32>, tensor<2x20xi32>) -> tensor<2x20x16xf32>
  return %0 : tensor<2x20x16xf32>
}
