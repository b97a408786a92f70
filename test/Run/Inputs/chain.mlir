// What the kernels of Target/Inputs/kernels.mlir compute, as a program.
func.func @chain(%x: tensor<1000xf32> {amos.name = "x"}, %s: f32 {amos.name = "s"})
    -> (tensor<1000xf32> {amos.name = "z"}) {
  %two = arith.constant 2.0 : f32
  %empty = tensor.empty() : tensor<1000xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]}
      ins(%x : tensor<1000xf32>) outs(%empty : tensor<1000xf32>) {
  ^bb0(%a: f32, %b: f32):
    %y = arith.mulf %a, %s : f32
    %d = arith.mulf %y, %two : f32
    linalg.yield %d : f32
  } -> tensor<1000xf32>
  return %z : tensor<1000xf32>
}
