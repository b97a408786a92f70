// A matrix product of signed bytes, summed in 32 bits.
func.func @product(%a: tensor<512x512xi8>, %b: tensor<512x512xi8>) -> tensor<512x512xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<512x512xi32>
  %start = linalg.fill ins(%zero : i32) outs(%empty : tensor<512x512xi32>)
      -> tensor<512x512xi32>
  %result = linalg.matmul ins(%a, %b : tensor<512x512xi8>, tensor<512x512xi8>)
      outs(%start : tensor<512x512xi32>) -> tensor<512x512xi32>
  return %result : tensor<512x512xi32>
}
