// A window slides over the pixels of a block. Unrolled, what its steps read in
// common would take the registers of sums; so its loops stay loops, and the one
// over channels, which is long and has no borders, is innermost.
// RUN: amosc %s --target=x86-zen5 --stop-after=select-mapping | FileCheck %s --check-prefix=NEST
// RUN: amosc %s --target=x86-zen5 --stop-after=apply-mapping | FileCheck %s --check-prefix=MAPPED
// RUN: amosc %s --target=x86-zen5 --emit=llvm -o - | FileCheck %s --check-prefix=LLVM
// RUN: amosc run %s --target=native | FileCheck %s --check-prefix=RIGHT

// RIGHT: window: passed
// RIGHT: padded: passed

// Loop 2 runs over channels, 3 and 4 over the window.
// NEST: amos.schedule = #amos.schedule<{{.*}} nest [{{.*}}[3, 1], [4, 1], [2, 1]] block [1, {{[0-9]+}}, 1, 1, 1, {{[0-9]+}}]

// MAPPED: amos.invoke
// MAPPED: } {amos.rolled}

// LLVM: !{!"llvm.loop.unroll.disable"}
func.func @window(%a: tensor<1x64x58x58xf32>, %b: tensor<64x64x3x3xf32>) -> tensor<1x64x56x56xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x64x56x56xf32>
  %c = linalg.fill ins(%zero : f32) outs(%e : tensor<1x64x56x56xf32>) -> tensor<1x64x56x56xf32>
  %d = linalg.conv_2d_nchw_fchw ins(%a, %b : tensor<1x64x58x58xf32>, tensor<64x64x3x3xf32>)
                                outs(%c : tensor<1x64x56x56xf32>) -> tensor<1x64x56x56xf32>
  return %d : tensor<1x64x56x56xf32>
}

// Lanes run over 14 pixels between columns of padding: read where they lie,
// every element would have to be asked whether it is there.
// NEST-LABEL: func.func @padded(
// NEST: amos.schedule = #amos.schedule<{{.*}} staging [direct, {{copy|pack}}]>
func.func @padded(%a: tensor<1x256x14x14xf32>, %b: tensor<256x256x3x3xf32>) -> tensor<1x256x14x14xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %a low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%n: index, %k: index, %y: index, %x: index):
    tensor.yield %zero : f32
  } : tensor<1x256x14x14xf32> to tensor<1x256x16x16xf32>
  %e = tensor.empty() : tensor<1x256x14x14xf32>
  %c = linalg.fill ins(%zero : f32) outs(%e : tensor<1x256x14x14xf32>) -> tensor<1x256x14x14xf32>
  %d = linalg.conv_2d_nchw_fchw ins(%p, %b : tensor<1x256x16x16xf32>, tensor<256x256x3x3xf32>)
                                outs(%c : tensor<1x256x14x14xf32>) -> tensor<1x256x14x14xf32>
  return %d : tensor<1x256x14x14xf32>
}

// Written with channels last, the weights would be moved in rows of three bytes:
// that is worse than packing tiles, or reading four bytes at a time.
// NEST-LABEL: func.func @weights(
// NEST: amos.schedule = #amos.schedule<{{.*}}, {{pack|direct}}]>
func.func @weights(%s: tensor<1x256x15x15xi8>, %b: tensor<512x256x3x3xi8>) -> tensor<1x512x7x7xi32> {
  %zero = arith.constant 0 : i32
  %e = tensor.empty() : tensor<1x512x7x7xi32>
  %c = linalg.fill ins(%zero : i32) outs(%e : tensor<1x512x7x7xi32>) -> tensor<1x512x7x7xi32>
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, c, p * 2 + r, q * 2 + s)>, affine_map<(n, k, p, q, c, r, s) -> (k, c, r, s)>, affine_map<(n, k, p, q, c, r, s) -> (n, k, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%s, %b : tensor<1x256x15x15xi8>, tensor<512x256x3x3xi8>) outs(%c : tensor<1x512x7x7xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extui %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %m = arith.muli %u, %v : i32
    %t = arith.addi %z, %m : i32
    linalg.yield %t : i32
  } -> tensor<1x512x7x7xi32>
  return %d : tensor<1x512x7x7xi32>
}
