func.func @matmul(%a: tensor<200x150xf32>, %b: tensor<150x170xf32>) -> tensor<200x170xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<200x170xf32>
  %c = linalg.fill ins(%zero : f32) outs(%empty : tensor<200x170xf32>) -> tensor<200x170xf32>
  %r = linalg.matmul ins(%a, %b : tensor<200x150xf32>, tensor<150x170xf32>)
                     outs(%c : tensor<200x170xf32>) -> tensor<200x170xf32>
  return %r : tensor<200x170xf32>
}

func.func @rows(%a: tensor<?x256xi8>, %b: tensor<256x96xi8>, %c: tensor<?x96xi32>)
    -> tensor<?x96xi32> {
  %r = linalg.matmul ins(%a, %b : tensor<?x256xi8>, tensor<256x96xi8>)
                     outs(%c : tensor<?x96xi32>) -> tensor<?x96xi32>
  return %r : tensor<?x96xi32>
}

func.func @conv(%image: tensor<1x29x31x40xf32>, %filter: tensor<3x3x40x48xf32>)
    -> tensor<1x29x31x48xf32> {
  %zero = arith.constant 0.0 : f32
  %padded = tensor.pad %image low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%n: index, %h: index, %w: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<1x29x31x40xf32> to tensor<1x31x33x40xf32>
  %empty = tensor.empty() : tensor<1x29x31x48xf32>
  %sums = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x29x31x48xf32>)
      -> tensor<1x29x31x48xf32>
  %r = linalg.conv_2d_nhwc_hwcf
      ins(%padded, %filter : tensor<1x31x33x40xf32>, tensor<3x3x40x48xf32>)
      outs(%sums : tensor<1x29x31x48xf32>) -> tensor<1x29x31x48xf32>
  return %r : tensor<1x29x31x48xf32>
}

func.func @softmax(%x: tensor<131x1000xf32>) -> tensor<131x1000xf32> {
  %empty = tensor.empty() : tensor<131x1000xf32>
  %r = linalg.softmax dimension(1) ins(%x : tensor<131x1000xf32>)
                                   outs(%empty : tensor<131x1000xf32>) -> tensor<131x1000xf32>
  return %r : tensor<131x1000xf32>
}

// One sum is one thread's.
func.func @sum(%x: tensor<200000xf32>) -> tensor<f32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<f32>
  %c = linalg.fill ins(%zero : f32) outs(%empty : tensor<f32>) -> tensor<f32>
  %r = linalg.reduce {arith.addf} ins(%x : tensor<200000xf32>) outs(%c : tensor<f32>)
      dimensions = [0]
  return %r : tensor<f32>
}

func.func @transpose(%x: tensor<333x517xf32>) -> tensor<517x333xf32> {
  %empty = tensor.empty() : tensor<517x333xf32>
  %r = linalg.transpose ins(%x : tensor<333x517xf32>) outs(%empty : tensor<517x333xf32>)
      permutation = [1, 0]
  return %r : tensor<517x333xf32>
}

// Too little to share.
func.func @small(%a: tensor<8x8xf32>, %b: tensor<8x8xf32>, %c: tensor<8x8xf32>)
    -> tensor<8x8xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<8x8xf32>, tensor<8x8xf32>)
                     outs(%c : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %r : tensor<8x8xf32>
}
