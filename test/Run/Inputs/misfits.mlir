// Accesses that extents alone decide about, other than a loop along a dimension.

#halves = affine_map<(i) -> (i floordiv 2)>
#turns = affine_map<(i) -> (i mod 4)>
#before = affine_map<(i) -> (i - 1)>
#back = affine_map<(i) -> (7 - i)>
#plain = affine_map<(i) -> (i)>

func.func @halves(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %d = linalg.generic {indexing_maps = [#halves, #plain], iterator_types = ["parallel"]}
      ins(%a : tensor<?xf32>) outs(%b : tensor<?xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<?xf32>
  return %d : tensor<?xf32>
}

func.func @turns(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %d = linalg.generic {indexing_maps = [#turns, #plain], iterator_types = ["parallel"]}
      ins(%a : tensor<?xf32>) outs(%b : tensor<?xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<?xf32>
  return %d : tensor<?xf32>
}

func.func @before(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %d = linalg.generic {indexing_maps = [#before, #plain], iterator_types = ["parallel"]}
      ins(%a : tensor<?xf32>) outs(%b : tensor<?xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<?xf32>
  return %d : tensor<?xf32>
}

func.func @back(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %d = linalg.generic {indexing_maps = [#back, #plain], iterator_types = ["parallel"]}
      ins(%a : tensor<?xf32>) outs(%b : tensor<?xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<?xf32>
  return %d : tensor<?xf32>
}

func.func @slice(%a: tensor<?xf32>) -> tensor<4xf32> {
  %d = tensor.extract_slice %a[2] [4] [1] : tensor<?xf32> to tensor<4xf32>
  return %d : tensor<4xf32>
}

func.func @part(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %b, %c0 : tensor<?xf32>
  %d = tensor.extract_slice %a[0] [%n] [1] : tensor<?xf32> to tensor<?xf32>
  return %d : tensor<?xf32>
}

func.func @copy(%a: memref<?xf32>, %b: memref<8xf32>) {
  memref.copy %a, %b : memref<?xf32> to memref<8xf32>
  return
}
