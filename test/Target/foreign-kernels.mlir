// As in foreign-instructions.mlir, of kernels that the program brings.
// RUN: %exits 1 amosc %s --start-from=lower --emit=ptx --out-dir %t 2>&1 | FileCheck %s

// CHECK: error: 'llvm.x86.avx2.pmadd.wd' is an instruction of another machine than 'nvptx64-nvidia-cuda'
gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
  gpu.func @sum(%x: memref<2xvector<16xi16>>, %y: memref<1xvector<8xi32>>) kernel {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %a = memref.load %x[%zero] : memref<2xvector<16xi16>>
    %b = memref.load %x[%one] : memref<2xvector<16xi16>>
    %d = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%a, %b) : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
    memref.store %d, %y[%zero] : memref<1xvector<8xi32>>
    gpu.return
  }
}
