// The same in a dump that a person wrote: every name and reason.
amos.accelerator @"<script>m" target(#llvm.target_features<[]>) clock(1.0e9) {
  scope @core
}

func.func @"<script>alert(1)</script>"(%a: tensor<8x32xi8>, %b: tensor<32x16xi8>,
    %c: tensor<8x16xi32>) -> tensor<8x16xi32> {
  %0 = linalg.matmul {
      amos.operation = "<img src=x>", amos.iterations = ["<b onclick=x>", "j", "k"],
      amos.candidates = [
        #amos.candidate<#amos.mapping<@"<script>m"::@"<img>", [[0], [1], [2]]>
          cost <cycles = 900, lower_bound = 800, bound = "<img>", useful = 1000, bytes = 64>>],
      amos.mapping = #amos.mapping<@"<script>m"::@"<img>", [[0], [1], [2]]>,
      amos.rejected = [
        #amos.rejection<@m::@"<img>", "<img>", "<script>", "<b onclick=x>">]}
    ins(%a, %b : tensor<8x32xi8>, tensor<32x16xi8>)
    outs(%c : tensor<8x16xi32>) -> tensor<8x16xi32>
  return %0 : tensor<8x16xi32>
}
