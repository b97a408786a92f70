// Two kernels one after the other: y = x * s, then z = y + y, y in the
// workspace. As a program looks when its kernels have been made.
module attributes {gpu.container_module} {
  func.func @chain(%x: memref<1000xf32>, %s: f32, %z: memref<1000xf32>)
      attributes {amos.signature = [
        {dtype = "f32", name = "x", role = "in", shape = array<i64: 1000>},
        {dtype = "f32", name = "s", role = "in"},
        {dtype = "f32", name = "z", role = "out", shape = array<i64: 1000>}]} {
    %one = arith.constant 1 : index
    %blocks = arith.constant 8 : index
    %threads = arith.constant 128 : index
    %shared = arith.constant 65536 : i32
    %y = memref.alloc() : memref<1000xf32>
    gpu.launch_func @chain_kernels::@chain_kernel0 blocks in (%blocks, %one, %one) threads in (%threads, %one, %one)
        args(%x : memref<1000xf32>, %s : f32, %y : memref<1000xf32>)
    gpu.launch_func @chain_kernels::@chain_kernel1 blocks in (%blocks, %one, %one) threads in (%threads, %one, %one)
        dynamic_shared_memory_size %shared args(%y : memref<1000xf32>, %z : memref<1000xf32>)
    memref.dealloc %y : memref<1000xf32>
    return
  }

  gpu.module @chain_kernels [#nvvm.target<O = 3, chip = "sm_80", features = "+ptx80">] {
    gpu.func @chain_kernel0(%x: memref<1000xf32>, %s: f32, %y: memref<1000xf32>) kernel {
      %b = gpu.block_id x
      %t = gpu.thread_id x
      %i = affine.apply affine_map<(b, t) -> (b * 128 + t)>(%b, %t)
      %n = arith.constant 1000 : index
      %inside = arith.cmpi ult, %i, %n : index
      scf.if %inside {
        %v = memref.load %x[%i] : memref<1000xf32>
        %w = arith.mulf %v, %s : f32
        memref.store %w, %y[%i] : memref<1000xf32>
      }
      gpu.return
    }

    // Goes by way of shared memory, backwards, so that barrier and size matter.
    gpu.func @chain_kernel1(%y: memref<1000xf32>, %z: memref<1000xf32>) kernel {
      %b = gpu.block_id x
      %t = gpu.thread_id x
      %buffer = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
      %start = arith.constant 60000 : index
      %staged = memref.view %buffer[%start][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<128xf32, #gpu.address_space<workgroup>>
      %zero = arith.constant 0.0 : f32
      %i = affine.apply affine_map<(b, t) -> (b * 128 + t)>(%b, %t)
      %n = arith.constant 1000 : index
      %inside = arith.cmpi ult, %i, %n : index
      %v = scf.if %inside -> f32 {
        %loaded = memref.load %y[%i] : memref<1000xf32>
        scf.yield %loaded : f32
      } else {
        scf.yield %zero : f32
      }
      %mirrored = affine.apply affine_map<(t) -> (127 - t)>(%t)
      memref.store %v, %staged[%mirrored] : memref<128xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %u = memref.load %staged[%mirrored] : memref<128xf32, #gpu.address_space<workgroup>>
      %w = arith.addf %u, %u : f32
      scf.if %inside {
        memref.store %w, %z[%i] : memref<1000xf32>
      }
      gpu.return
    }
  }
}
