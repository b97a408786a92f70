// result = factor * x + y on a device of NVIDIA's, by a kernel of your own: what
// stands behind amosc's stage `lower`. The object does not tell it from kernels
// that amosc made.
module attributes {gpu.container_module} {
  func.func @axpy(%factor: f32, %x: memref<1000000xf32>, %y: memref<1000000xf32>,
                  %result: memref<1000000xf32>)
      attributes {amos.signature = [
        {dtype = "f32", name = "factor", role = "in"},
        {dtype = "f32", name = "x", role = "in", shape = array<i64: 1000000>},
        {dtype = "f32", name = "y", role = "in", shape = array<i64: 1000000>},
        {dtype = "f32", name = "result", role = "out", shape = array<i64: 1000000>}]} {
    %one = arith.constant 1 : index
    %blocks = arith.constant 3907 : index
    %threads = arith.constant 256 : index
    gpu.launch_func @axpy_kernels::@axpy_kernel0
        blocks in (%blocks, %one, %one) threads in (%threads, %one, %one)
        args(%factor : f32, %x : memref<1000000xf32>, %y : memref<1000000xf32>,
             %result : memref<1000000xf32>)
    return
  }

  gpu.module @axpy_kernels [#nvvm.target<chip = "sm_75">] {
    gpu.func @axpy_kernel0(%factor: f32, %x: memref<1000000xf32>, %y: memref<1000000xf32>,
                           %result: memref<1000000xf32>) kernel {
      %block = gpu.block_id x
      %thread = gpu.thread_id x
      %i = affine.apply affine_map<(b, t) -> (b * 256 + t)>(%block, %thread)
      %end = arith.constant 1000000 : index
      %inside = arith.cmpi ult, %i, %end : index
      scf.if %inside {
        %a = memref.load %x[%i] : memref<1000000xf32>
        %b = memref.load %y[%i] : memref<1000000xf32>
        %scaled = arith.mulf %factor, %a : f32
        %sum = arith.addf %scaled, %b : f32
        memref.store %sum, %result[%i] : memref<1000000xf32>
      }
      gpu.return
    }
  }
}
