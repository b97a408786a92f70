// ONNX Conv (3x3, pads 1) and Relu, image and weights N C H W, as a StableHLO
// exporter and `stablehlo-opt --stablehlo-legalize-to-linalg` write them.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
module @main_graph {
  func.func public @main(%arg0: tensor<1x8x14x14xf32>, %arg1: tensor<16x8x3x3xf32>) -> tensor<1x16x14x14xf32> {
    %cst = arith.constant 0.000000e+00 : f32
    %padded = tensor.pad %arg0 low[0, 0, 1, 1] high[0, 0, 1, 1] {
    ^bb0(%arg2: index, %arg3: index, %arg4: index, %arg5: index):
      tensor.yield %cst : f32
    } : tensor<1x8x14x14xf32> to tensor<1x8x16x16xf32>
    %0 = tensor.empty() : tensor<1x16x14x14xf32>
    %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<1x16x14x14xf32>) -> tensor<1x16x14x14xf32>
    %2 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%padded, %arg1 : tensor<1x8x16x16xf32>, tensor<16x8x3x3xf32>) outs(%1 : tensor<1x16x14x14xf32>) -> tensor<1x16x14x14xf32>
    %3 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%2 : tensor<1x16x14x14xf32>) outs(%0 : tensor<1x16x14x14xf32>) {
    ^bb0(%in: f32, %out: f32):
      %4 = arith.maximumf %in, %cst : f32
      linalg.yield %4 : f32
    } -> tensor<1x16x14x14xf32>
    return %3 : tensor<1x16x14x14xf32>
  }
}
