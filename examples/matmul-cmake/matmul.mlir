// result = a * b + c, in f32.
func.func @matmul(%a: tensor<128x256xf32> {amos.name = "a"},
                  %b: tensor<256x192xf32> {amos.name = "b"},
                  %c: tensor<128x192xf32> {amos.name = "c"})
    -> (tensor<128x192xf32> {amos.name = "result"}) {
  %r = linalg.matmul ins(%a, %b : tensor<128x256xf32>, tensor<256x192xf32>)
      outs(%c : tensor<128x192xf32>) -> tensor<128x192xf32>
  return %r : tensor<128x192xf32>
}
