// A layer as torch-mlir writes it: linalg on tensors, the weights as resources,
// `forward` as the entry.
#id = affine_map<(d0, d1) -> (d0, d1)>
#bias = affine_map<(d0, d1) -> (d1)>
module {
  ml_program.global private mutable @global_seed(dense<0> : tensor<i64>) : tensor<i64>
  func.func @forward(%arg0: tensor<4x8xf32>) -> tensor<4x16xf32> {
    %cst = arith.constant 0.000000e+00 : f32
    %weight = arith.constant dense_resource<torch_tensor_16_8_torch.float32> : tensor<16x8xf32>
    %bias = arith.constant dense_resource<torch_tensor_16_torch.float32> : tensor<16xf32>
    %0 = tensor.empty() : tensor<8x16xf32>
    %transposed = linalg.transpose ins(%weight : tensor<16x8xf32>) outs(%0 : tensor<8x16xf32>) permutation = [1, 0]
    %1 = tensor.empty() : tensor<4x16xf32>
    %2 = linalg.fill ins(%cst : f32) outs(%1 : tensor<4x16xf32>) -> tensor<4x16xf32>
    %3 = linalg.matmul ins(%arg0, %transposed : tensor<4x8xf32>, tensor<8x16xf32>) outs(%2 : tensor<4x16xf32>) -> tensor<4x16xf32>
    %4 = linalg.generic {indexing_maps = [#id, #bias, #id], iterator_types = ["parallel", "parallel"]} ins(%3, %bias : tensor<4x16xf32>, tensor<16xf32>) outs(%1 : tensor<4x16xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %6 = arith.addf %in, %in_0 : f32
      linalg.yield %6 : f32
    } -> tensor<4x16xf32>
    %5 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%4 : tensor<4x16xf32>) outs(%1 : tensor<4x16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %6 = arith.cmpf ugt, %in, %cst : f32
      %7 = arith.select %6, %in, %cst : f32
      linalg.yield %7 : f32
    } -> tensor<4x16xf32>
    return %5 : tensor<4x16xf32>
  }
}

{-#
  dialect_resources: {
    builtin: {
      torch_tensor_16_8_torch.float32: "0x040000000000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F00000000000080BF0000403F000080BE0000A0BF0000003F000000BF0000A03F0000803E000040BF0000803F",
      torch_tensor_16_torch.float32: "0x04000000000080BF000060BF000040BF000020BF000000BF0000C0BE000080BE000000BE000000000000003E0000803E0000C03E0000003F0000203F0000403F0000603F"
    }
  }
#-}
