// RUN: amos-opt %s --amos-lower-launches --split-input-file --verify-diagnostics

module attributes {gpu.container_module} {
  func.func @host_code(%x: memref<64xf32>) {
    %one = arith.constant 1 : index
    // expected-error @+1 {{'memref.load' would run on the host, but the buffers of 'host_code' are memory of the device}}
    %v = memref.load %x[%one] : memref<64xf32>
    gpu.launch_func @kernels::@kernel blocks in (%one, %one, %one) threads in (%one, %one, %one) args(%v : f32)
    return
  }
  gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
    gpu.func @kernel(%v: f32) kernel {
      gpu.return
    }
  }
}

// -----

module attributes {gpu.container_module} {
  func.func @no_target() {
    return
  }
  // expected-error @+1 {{expected the one target of the kernels, such as '[#nvvm.target<chip = "sm_80">]', found none}}
  gpu.module @kernels {
    gpu.func @kernel(%v: f32) kernel {
      gpu.return
    }
  }
}

// -----

module attributes {gpu.container_module} {
  func.func @strided(%x: memref<64x?xf32>) {
    %one = arith.constant 1 : index
    // expected-error @+1 {{cannot pass 'memref<64x?xf32>' to a kernel as one pointer: extents, strides and offset have to be static}}
    gpu.launch_func @kernels::@kernel blocks in (%one, %one, %one) threads in (%one, %one, %one) args(%x : memref<64x?xf32>)
    return
  }
  gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
    gpu.func @kernel(%x: memref<64x?xf32>) kernel {
      gpu.return
    }
  }
}

// -----

module attributes {gpu.container_module} {
  func.func @sizes() {
    %one = arith.constant 1 : index
    %two = arith.constant 2 : index
    gpu.launch_func @kernels::@kernel blocks in (%one, %one, %one) threads in (%one, %one, %one)
    // expected-error @+1 {{starts blocks of another size than the kernel was made for}}
    gpu.launch_func @kernels::@kernel blocks in (%one, %one, %one) threads in (%two, %one, %one)
    return
  }
  gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
    gpu.func @kernel() kernel {
      gpu.return
    }
  }
}

// -----

module attributes {gpu.container_module} {
  func.func @shared(%n: i32) {
    %one = arith.constant 1 : index
    // expected-error @+1 {{expected a constant for the dynamic shared memory of a launch}}
    gpu.launch_func @kernels::@kernel blocks in (%one, %one, %one) threads in (%one, %one, %one) dynamic_shared_memory_size %n
    return
  }
  gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
    gpu.func @kernel() kernel {
      gpu.return
    }
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.module @first [#nvvm.target<chip = "sm_80">] {
    gpu.func @kernel() kernel {
      gpu.return
    }
  }
  // expected-error @+1 {{has kernels for '#nvvm.target<chip = "sm_90a">', others are for '#nvvm.target<chip = "sm_80">'; compile for one machine at a time}}
  gpu.module @second [#nvvm.target<chip = "sm_90a">] {
    gpu.func @other() kernel {
      gpu.return
    }
  }
}
