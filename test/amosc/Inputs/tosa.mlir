func.func @dense(%a: tensor<1x5x33xf32>, %b: tensor<1x33x20xf32>) -> tensor<1x5x20xf32> {
  %za = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %zb = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %c = tosa.matmul %a, %b, %za, %zb : (tensor<1x5x33xf32>, tensor<1x33x20xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x20xf32>
  %d = tosa.clamp %c {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x5x20xf32>) -> tensor<1x5x20xf32>
  return %d : tensor<1x5x20xf32>
}
