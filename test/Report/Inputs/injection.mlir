// Texts and locations that a page must not take for its own.
func.func @injection(
    %a: tensor<67x131xi8>, %b: tensor<131x75xi8>, %c: tensor<67x75xi32>)
    -> tensor<67x75xi32> {
  %0 = linalg.matmul {note = "</pre><img src=x onerror=alert(2)>{{target}}"}
    ins(%a, %b : tensor<67x131xi8>, tensor<131x75xi8>)
    outs(%c : tensor<67x75xi32>) -> tensor<67x75xi32>
  %1 = linalg.matmul ins(%a, %b : tensor<67x131xi8>, tensor<131x75xi8>)
    outs(%0 : tensor<67x75xi32>) -> tensor<67x75xi32> loc("<b onclick='x'>\".mlir":3:4)
  return %1 : tensor<67x75xi32>
}
