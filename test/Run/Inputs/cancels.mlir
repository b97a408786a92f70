#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

func.func @deviation(%x: tensor<512x768xf32>) -> tensor<512x768xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 768.0 : f32
  %e = tensor.empty() : tensor<512xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<512xf32>) -> tensor<512xf32>
  %s = linalg.reduce { arith.addf } ins(%x : tensor<512x768xf32>) outs(%f : tensor<512xf32>) dimensions = [1]
  %o = tensor.empty() : tensor<512x768xf32>
  %0 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %s : tensor<512x768xf32>, tensor<512xf32>) outs(%o : tensor<512x768xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %mean = arith.divf %b, %n : f32
    %d = arith.subf %a, %mean : f32
    linalg.yield %d : f32
  } -> tensor<512x768xf32>
  return %0 : tensor<512x768xf32>
}

func.func @small(%x: tensor<100x100xf16>, %y: tensor<100x100xf16>) -> tensor<100x100xf16> {
  %e = tensor.empty() : tensor<100x100xf16>
  %0 = linalg.mul ins(%x, %y : tensor<100x100xf16>, tensor<100x100xf16>)
      outs(%e : tensor<100x100xf16>) -> tensor<100x100xf16>
  return %0 : tensor<100x100xf16>
}
