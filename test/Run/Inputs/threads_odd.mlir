// Loops that cannot be split where their maps say: a piece that begins at an odd place
// of halves, one that runs backwards; and a contraction in what is shared around it.
#halves = affine_map<(i) -> (i floordiv 2)>
#back = affine_map<(i) -> (131071 - i)>
#plain = affine_map<(i) -> (i)>

func.func @halves(%a: tensor<49995xf32>, %b: tensor<99990xf32>) -> tensor<99990xf32> {
  %d = linalg.generic {indexing_maps = [#halves, #plain], iterator_types = ["parallel"]}
      ins(%a : tensor<49995xf32>) outs(%b : tensor<99990xf32>) {
  ^bb0(%x: f32, %y: f32):
    %e = math.exp %x : f32
    %s = arith.addf %e, %y : f32
    linalg.yield %s : f32
  } -> tensor<99990xf32>
  return %d : tensor<99990xf32>
}

func.func @back(%a: tensor<131072xf32>, %b: tensor<131072xf32>) -> tensor<131072xf32> {
  %d = linalg.generic {indexing_maps = [#back, #plain], iterator_types = ["parallel"]}
      ins(%a : tensor<131072xf32>) outs(%b : tensor<131072xf32>) {
  ^bb0(%x: f32, %y: f32):
    %e = math.exp %x : f32
    %s = arith.addf %e, %y : f32
    linalg.yield %s : f32
  } -> tensor<131072xf32>
  return %d : tensor<131072xf32>
}

func.func @inside(%a: tensor<8x128x96xf32>, %b: tensor<96x128xf32>, %c: tensor<8x128x128xf32>) -> tensor<8x128x128xf32> {
  %r = scf.forall (%i) in (8) shared_outs(%o = %c) -> tensor<8x128x128xf32> {
    %x = tensor.extract_slice %a[%i, 0, 0] [1, 128, 96] [1, 1, 1] : tensor<8x128x96xf32> to tensor<128x96xf32>
    %y = tensor.extract_slice %o[%i, 0, 0] [1, 128, 128] [1, 1, 1] : tensor<8x128x128xf32> to tensor<128x128xf32>
    %m = linalg.matmul ins(%x, %b : tensor<128x96xf32>, tensor<96x128xf32>) outs(%y : tensor<128x128xf32>) -> tensor<128x128xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %m into %o[%i, 0, 0] [1, 128, 128] [1, 1, 1] : tensor<128x128xf32> into tensor<8x128x128xf32>
    }
  }
  return %r : tensor<8x128x128xf32>
}
