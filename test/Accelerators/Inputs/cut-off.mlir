// An array whose scratchpad nothing fills and whose results nothing reads.

amos.accelerator @cut_off {
  scope @core
  level @memory per @core address(!llvm.ptr)
  level @scratchpad per @core address(i32) granule(16)
  layout @rows in @scratchpad affine_map<(r, b) -> (r * 64 + b)> atom[16, 64]
  intrinsic @matmul issue(@core) class(matrix)
      operands[#amos.memory<@rows[0, 1]>, #amos.memory<@rows[0, 1]>, #amos.memory<@rows[0, 1]>]
      overwrite semantics {
  ^bb0(%a: tensor<16x16xf32>, %b: tensor<16x16xf32>, %c: tensor<16x16xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xf32>, tensor<16x16xf32>)
        outs(%c : tensor<16x16xf32>) -> tensor<16x16xf32>
    yield %d : tensor<16x16xf32>
  } lowering {
  ^bb0(%a: i32, %b: i32, %c: i32, %overwrite: i1):
    yield
  }
}
