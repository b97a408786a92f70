// Products inside of branches and loops.
func.func @either(%a: tensor<16x16xf32>, %b: tensor<16x16xf32>, %p: i1) -> tensor<16x16xf32> {
  %r = scf.if %p -> (tensor<16x16xf32>) {
    %empty = tensor.empty() : tensor<16x16xf32>
    %zero = arith.constant 0.0 : f32
    %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x16xf32>) -> tensor<16x16xf32>
    %d = linalg.matmul ins(%a, %b : tensor<16x16xf32>, tensor<16x16xf32>)
                       outs(%init : tensor<16x16xf32>) -> tensor<16x16xf32>
    scf.yield %d : tensor<16x16xf32>
  } else {
    scf.yield %b : tensor<16x16xf32>
  }
  return %r : tensor<16x16xf32>
}

func.func @triangle(%a: tensor<16x16xf32>, %b: tensor<16x16xf32>, %c: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %r = scf.for %i = %c1 to %c16 step %c1 iter_args(%x = %c) -> (tensor<16x16xf32>) {
    %s = tensor.extract_slice %a[0, 0] [%i, 16] [1, 1] : tensor<16x16xf32> to tensor<?x16xf32>
    %t = tensor.extract_slice %x[0, 0] [%i, 16] [1, 1] : tensor<16x16xf32> to tensor<?x16xf32>
    %d = linalg.matmul ins(%s, %b : tensor<?x16xf32>, tensor<16x16xf32>)
                       outs(%t : tensor<?x16xf32>) -> tensor<?x16xf32>
    %u = tensor.insert_slice %d into %x[0, 0] [%i, 16] [1, 1] : tensor<?x16xf32> into tensor<16x16xf32>
    scf.yield %u : tensor<16x16xf32>
  }
  return %r : tensor<16x16xf32>
}
