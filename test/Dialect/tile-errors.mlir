// RUN: amos-opt %s --split-input-file --verify-diagnostics

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%a: !amos.tile<4xi8, @m::@dot[0]>, %b: !amos.tile<4x16xi8, @m::@dot[1]>, %c: !amos.tile<16xi32, @m::@dot[2]>) {
  // expected-error@+1 {{expects an intrinsic, found none named '@m::@gemm'}}
  %d = amos.invoke @m::@gemm(%a, %b, %c) : (!amos.tile<4xi8, @m::@dot[0]>, !amos.tile<4x16xi8, @m::@dot[1]>, !amos.tile<16xi32, @m::@dot[2]>) -> !amos.tile<16xi32, @m::@dot[2]>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%a: !amos.tile<4xi8, @m::@dot[0]>, %b: !amos.tile<4x16xi8, @m::@dot[1]>, %c: !amos.tile<16xi32, @m::@dot[2]>) {
  // expected-error@+1 {{expects 3 tiles, as many as '@m::@dot' has operands, got 2}}
  %d = amos.invoke @m::@dot(%a, %b) : (!amos.tile<4xi8, @m::@dot[0]>, !amos.tile<4x16xi8, @m::@dot[1]>) -> !amos.tile<16xi32, @m::@dot[2]>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%a: !amos.tile<4xi8, @m::@dot[0]>, %b: !amos.tile<4x16xi8, @m::@dot[1]>, %c: !amos.tile<16xi32, @m::@dot[2]>) {
  // expected-error@+1 {{expects operand 0 of '@m::@dot' to be a '!amos.tile<4xi8, @m::@dot[0]>', got '!amos.tile<4x16xi8, @m::@dot[1]>'}}
  %d = amos.invoke @m::@dot(%b, %a, %c) : (!amos.tile<4x16xi8, @m::@dot[1]>, !amos.tile<4xi8, @m::@dot[0]>, !amos.tile<16xi32, @m::@dot[2]>) -> !amos.tile<16xi32, @m::@dot[2]>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%a: !amos.tile<4xi8, @m::@dot[0]>, %b: !amos.tile<4x16xi8, @m::@dot[1]>, %c: !amos.tile<16xi32, @m::@dot[2]>) {
  // expected-error@+1 {{expects operand 2 of '@m::@dot' to be a '!amos.tile<16xi32, @m::@dot[2]>', got '!amos.tile<4xi8, @m::@dot[0]>'}}
  %d = amos.invoke @m::@dot(%a, %b, %c) : (!amos.tile<4xi8, @m::@dot[0]>, !amos.tile<4x16xi8, @m::@dot[1]>, !amos.tile<16xi32, @m::@dot[2]>) -> !amos.tile<4xi8, @m::@dot[0]>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%A: memref<8x4xi8>, %i: index) {
  // expected-error@+1 {{expects an index map of 1 dimensions and 1 symbols, got 2 and 1}}
  %a = amos.load %A(%i) index affine_map<(i, k)[l] -> (i, l)> : memref<8x4xi8> -> !amos.tile<4xi8, @m::@dot[0]>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%A: memref<8x4xi8>, %i: index) {
  // expected-error@+1 {{expects 2 index results for 'memref<8x4xi8>', got 1}}
  %a = amos.load %A(%i) index affine_map<(i)[l] -> (l)> : memref<8x4xi8> -> !amos.tile<4xi8, @m::@dot[0]>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%A: memref<8x4xi8>, %i: index) {
  // expected-error@+1 {{expects guards over 1 dimensions and 1 symbols, got 1 and 0}}
  %a = amos.load %A(%i) index affine_map<(i)[l] -> (i, l)> where affine_set<(i) : (i >= 0)> : memref<8x4xi8> -> !amos.tile<4xi8, @m::@dot[0]>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%A: memref<8x4xi16>, %i: index, %a: !amos.tile<4xi8, @m::@dot[0]>) {
  // expected-error@+1 {{expects elements of type 'i16', got a tile of 'i8'}}
  amos.store %a, %A(%i) index affine_map<(i)[l] -> (i, l)> : !amos.tile<4xi8, @m::@dot[0]>, memref<8x4xi16>
  return
}

// -----

func.func @f(%A: memref<8x4xi8>, %s: memref<2x4xi8>, %i: index) {
  // expected-error@+1 {{expects a target of three dimensions, panels of rows, for a copy, got 'memref<2x4xi8>'}}
  amos.stage %A(%i) index affine_map<(i)[r, c] -> (i + r, c)> to %s via @m::@c affine_map<(i)[p] -> (i, 0)> merging [1, 1] : memref<8x4xi8>, memref<2x4xi8>
  return
}

// -----

func.func @f(%A: memref<8x4xi8>, %s: memref<1x2x4xi8>, %i: index) {
  // expected-error@+1 {{expects 'merging' to group the 2 dimensions of 'memref<8x4xi8>'}}
  amos.stage %A(%i) index affine_map<(i)[p, r, c] -> (i + r, c)> to %s via @m::@c affine_map<(i)[p] -> (i, 0)> merging [1] : memref<8x4xi8>, memref<1x2x4xi8>
  return
}

// -----

func.func @f(%A: memref<8x4xi8>, %s: memref<1x2x4xi8>, %i: index) {
  // expected-error@+1 {{expects a copy from a tensor, found none named '@m::@c'}}
  amos.stage %A(%i) index affine_map<(i)[p, r, c] -> (i + r, c)> to %s via @m::@c affine_map<(i)[p] -> (i, 0)> merging [1, 1] : memref<8x4xi8>, memref<1x2x4xi8>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%c: !amos.tile<16xi32, @m::@dot[2]>, %C: memref<8x16xi32>, %B: memref<16xi32>, %i: index) {
  // expected-error@+1 {{expects a body for its sources}}
  amos.store %c, %C(%i) index affine_map<(i)[l] -> (i, l)> with(%B) at [affine_map<(i, j) -> (j)>]
    : !amos.tile<16xi32, @m::@dot[2]>, memref<8x16xi32>, memref<16xi32>
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%c: !amos.tile<16xi32, @m::@dot[2]>, %C: memref<8x16xi32>, %B: memref<16xi32>, %i: index) {
  // expected-error@+1 {{expects a map of 2 dimensions to 1 results for source 0, got affine_map<(d0) -> (d0)>}}
  amos.store %c, %C(%i) index affine_map<(i)[l] -> (i, l)> with(%B) at [affine_map<(j) -> (j)>]
    : !amos.tile<16xi32, @m::@dot[2]>, memref<8x16xi32>, memref<16xi32> by {
  ^bb0(%s: i32, %b: i32):
    amos.yield %s : i32
  }
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%c: !amos.tile<16xi32, @m::@dot[2]>, %C: memref<8x16xi32>, %B: memref<16xi32>, %i: index) {
  // expected-error@+1 {{expects a body that takes 'i32', 'i32', got 'i32'}}
  amos.store %c, %C(%i) index affine_map<(i)[l] -> (i, l)> with(%B) at [affine_map<(i, j) -> (j)>]
    : !amos.tile<16xi32, @m::@dot[2]>, memref<8x16xi32>, memref<16xi32> by {
  ^bb0(%s: i32):
    amos.yield %s : i32
  }
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%c: !amos.tile<16xi32, @m::@dot[2]>, %C: memref<8x16xi32>, %B: memref<16xi32>, %i: index) {
  // expected-error@+1 {{expects a body that yields 'i32'}}
  amos.store %c, %C(%i) index affine_map<(i)[l] -> (i, l)>
    : !amos.tile<16xi32, @m::@dot[2]>, memref<8x16xi32> by {
  ^bb0(%s: i32):
    %t = arith.trunci %s : i32 to i8
    amos.yield %t : i8
  }
  return
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}
func.func @f(%c: !amos.tile<16xi32, @m::@dot[2]>, %C: memref<8x16xi32>, %B: memref<16xi32>, %i: index) {
  amos.store %c, %C(%i) index affine_map<(i)[l] -> (i, l)>
    : !amos.tile<16xi32, @m::@dot[2]>, memref<8x16xi32> by {
  ^bb0(%s: i32):
    // expected-error@+1 {{has an effect, which a body of a store may not have}}
    memref.store %s, %B[%i] : memref<16xi32>
    amos.yield %s : i32
  }
  return
}
