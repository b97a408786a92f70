// Elements as far apart as numbers go.
// RUN: amosc %s --target=x86-avx-vnni --emit=obj --out-dir %t

func.func @columns(%a: memref<48x64xi8, strided<[9223372036854775807, 48]>>,
                   %b: memref<64x48xi8, strided<[9223372036854775807, 64]>>,
                   %c: memref<48x48xi32, strided<[9223372036854775807, 50], offset: 3>>) {
  linalg.matmul ins(%a, %b : memref<48x64xi8, strided<[9223372036854775807, 48]>>, memref<64x48xi8, strided<[9223372036854775807, 64]>>)
                outs(%c : memref<48x48xi32, strided<[9223372036854775807, 50], offset: 3>>)
  return
}
