func.func @column(%x: tensor<70x1xf16>) -> tensor<1x70xf16> {
  %e = tensor.empty() : tensor<1x70xf16>
  %0 = linalg.transpose ins(%x : tensor<70x1xf16>) outs(%e : tensor<1x70xf16>) permutation = [1, 0]
  return %0 : tensor<1x70xf16>
}
