// A small product of f16, for machines that are emulated.
func.func @small(%a: tensor<20x36xf16>, %b: tensor<36x24xf16>) -> tensor<20x24xf16> {
  %zero = arith.constant 0.0 : f16
  %empty = tensor.empty() : tensor<20x24xf16>
  %start = linalg.fill ins(%zero : f16) outs(%empty : tensor<20x24xf16>) -> tensor<20x24xf16>
  %result = linalg.matmul ins(%a, %b : tensor<20x36xf16>, tensor<36x24xf16>)
      outs(%start : tensor<20x24xf16>) -> tensor<20x24xf16>
  return %result : tensor<20x24xf16>
}
