amos.accelerator @little target(#llvm.target_features<[]>) clock(2.0e9) {
  scope @thread
  scope @device = 1 @thread
  level @memory per @device address(!llvm.ptr) bandwidth(8.0) latency(200) access(32)
  level @l1 per @thread capacity(32768) bandwidth(64.0) latency(4) cache
  level @register per @thread granule(32) capacity(512)

  intrinsic @dot issue(@thread) class(dot) latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x8xi8>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x8xi8>)
        outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  }
  intrinsic @outer issue(@thread) class(matrix) latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<8x1xf32>, %b: tensor<1x8xf32>, %c: tensor<8x8xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<8x1xf32>, tensor<1x8xf32>)
        outs(%c : tensor<8x8xf32>) -> tensor<8x8xf32>
    yield %d : tensor<8x8xf32>
  }
}
