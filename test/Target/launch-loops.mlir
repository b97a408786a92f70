// What is no spread nest runs on the device too.
// RUN: amos-opt %s -split-input-file -verify-diagnostics -pass-pipeline='builtin.module(func.func(amos-launch-loops),gpu-kernel-outlining,amos-attach-targets)' | FileCheck %s

// CHECK-LABEL: func.func @relu(
// CHECK-NOT: amos.target
// CHECK: %[[BLOCKS:.+]] = arith.constant 5 : index
// CHECK: %[[THREADS:.+]] = arith.constant 256 : index
// CHECK: gpu.launch_func {{ *}}@relu_kernels::@relu_kernel0 blocks in (%[[BLOCKS]], {{.*}}) threads in (%[[THREADS]], {{.*}}) args(%{{.*}} : memref<30x40xf32>)
// CHECK: gpu.launch_func {{ *}}@relu_kernels::@relu_kernel1
// CHECK: gpu.module @relu_kernels [#nvvm.target<chip = "sm_80">]
// CHECK: gpu.func @relu_kernel0(
// CHECK: arith.cmpi ult
// CHECK: scf.if
// CHECK: gpu.func @relu_kernel1(
// CHECK: memref.store
func.func @relu(%a: memref<30x40xf32>, %b: memref<f32>) attributes {amos.target = #nvvm.target<chip = "sm_80">} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c30 = arith.constant 30 : index
  %c40 = arith.constant 40 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i, %j) = (%c0, %c0) to (%c30, %c40) step (%c1, %c1) {
    %x = memref.load %a[%i, %j] : memref<30x40xf32>
    %y = arith.maximumf %x, %zero : f32
    memref.store %y, %a[%i, %j] : memref<30x40xf32>
    scf.reduce
  }
  %x = memref.load %a[%c0, %c1] : memref<30x40xf32>
  memref.store %x, %b[] : memref<f32>
  return
}

// -----

// Assemblers take fewer names than MLIR does.
// CHECK-LABEL: func.func @"<odd name>"(
// CHECK: gpu.func @{{"?}}$3codd$20name$3e_kernel0{{"?}}(
func.func @"<odd name>"(%a: memref<f32>) attributes {amos.target = #nvvm.target<chip = "sm_80">} {
  %x = memref.load %a[] : memref<f32>
  %y = arith.negf %x : f32
  memref.store %y, %a[] : memref<f32>
  return
}

// -----

func.func @host(%a: memref<4xindex>, %b: memref<4xindex>) attributes {amos.target = #nvvm.target<chip = "sm_80">} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.load %a[%c0] : memref<4xindex>
  // expected-error@+1 {{needs a value on the host that is computed from the contents of a buffer, which lies on the device}}
  scf.for %i = %c0 to %n step %c1 {
    scf.parallel (%j) = (%c0) to (%c1) step (%c1) {
      memref.store %j, %b[%j] : memref<4xindex>
      scf.reduce
    }
  }
  return
}
