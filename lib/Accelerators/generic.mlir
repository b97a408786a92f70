//===- generic.mlir - One multiply-add at a time --------------------------===//
//
// What every processor can do: the fallback where nothing better fits. The
// intrinsics have no iterations, so every loop of an operator stays a loop.
//
//===----------------------------------------------------------------------===//

#none = affine_map<() -> ()>
#one = #amos.fragment<(e) -> ()>

amos.accelerator @generic target(#llvm.target_features<[]>) clock(3.66e9) {
  scope @thread
  scope @device = 1 @thread

  level @memory per @device address(!llvm.ptr) bandwidth(7.5) latency(300) access(8)
  level @l2 per @thread capacity(1048576) bandwidth(32.0) latency(14) cache
  level @l1 per @thread capacity(32768) bandwidth(64.0) latency(5) cache
  level @register per @thread granule(8) capacity(128)

  intrinsic @mac_f32 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<f32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<f32>, tensor<f32>) outs(%c : tensor<f32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<f32>
    yield %d : tensor<f32>
  } lowering {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    yield %r : f32
  }

  intrinsic @mac_f64 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<f64>, %b: tensor<f64>, %c: tensor<f64>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<f64>, tensor<f64>) outs(%c : tensor<f64>) {
    ^bb0(%x: f64, %y: f64, %z: f64):
      %m = arith.mulf %x, %y : f64
      %r = arith.addf %z, %m : f64
      linalg.yield %r : f64
    } -> tensor<f64>
    yield %d : tensor<f64>
  } lowering {
  ^bb0(%x: f64, %y: f64, %z: f64):
    %m = arith.mulf %x, %y : f64
    %r = arith.addf %z, %m : f64
    yield %r : f64
  }

  intrinsic @mac_f16 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(16) interval(4.0 per @thread) semantics {
  ^bb0(%a: tensor<f16>, %b: tensor<f16>, %c: tensor<f16>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<f16>, tensor<f16>) outs(%c : tensor<f16>) {
    ^bb0(%x: f16, %y: f16, %z: f16):
      %m = arith.mulf %x, %y : f16
      %r = arith.addf %z, %m : f16
      linalg.yield %r : f16
    } -> tensor<f16>
    yield %d : tensor<f16>
  } lowering {
  ^bb0(%x: f16, %y: f16, %z: f16):
    %m = arith.mulf %x, %y : f16
    %r = arith.addf %z, %m : f16
    yield %r : f16
  }

  intrinsic @mac_f16_f32 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(8) interval(2.0 per @thread) semantics {
  ^bb0(%a: tensor<f16>, %b: tensor<f16>, %c: tensor<f32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<f16>, tensor<f16>) outs(%c : tensor<f32>) {
    ^bb0(%x: f16, %y: f16, %z: f32):
      %u = arith.extf %x : f16 to f32
      %v = arith.extf %y : f16 to f32
      %m = arith.mulf %u, %v : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<f32>
    yield %d : tensor<f32>
  } lowering {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    yield %r : f32
  }

  intrinsic @mac_bf16_f32 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(6) interval(2.0 per @thread) semantics {
  ^bb0(%a: tensor<bf16>, %b: tensor<bf16>, %c: tensor<f32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<bf16>, tensor<bf16>) outs(%c : tensor<f32>) {
    ^bb0(%x: bf16, %y: bf16, %z: f32):
      %u = arith.extf %x : bf16 to f32
      %v = arith.extf %y : bf16 to f32
      %m = arith.mulf %u, %v : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<f32>
    yield %d : tensor<f32>
  } lowering {
  ^bb0(%x: bf16, %y: bf16, %z: f32):
    %u = arith.extf %x : bf16 to f32
    %v = arith.extf %y : bf16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    yield %r : f32
  }

  intrinsic @mac_s8_s8_i32 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<i8>, %b: tensor<i8>, %c: tensor<i32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<i8>, tensor<i8>) outs(%c : tensor<i32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extsi %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<i32>
    yield %d : tensor<i32>
  } lowering {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extsi %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %m = arith.muli %u, %v : i32
    %r = arith.addi %z, %m : i32
    yield %r : i32
  }

  intrinsic @mac_u8_s8_i32 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<i8>, %b: tensor<i8>, %c: tensor<i32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<i8>, tensor<i8>) outs(%c : tensor<i32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extui %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<i32>
    yield %d : tensor<i32>
  } lowering {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extui %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %m = arith.muli %u, %v : i32
    %r = arith.addi %z, %m : i32
    yield %r : i32
  }

  intrinsic @mac_u8_u8_i32 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<i8>, %b: tensor<i8>, %c: tensor<i32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<i8>, tensor<i8>) outs(%c : tensor<i32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extui %x : i8 to i32
      %v = arith.extui %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<i32>
    yield %d : tensor<i32>
  } lowering {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extui %x : i8 to i32
    %v = arith.extui %y : i8 to i32
    %m = arith.muli %u, %v : i32
    %r = arith.addi %z, %m : i32
    yield %r : i32
  }

  intrinsic @mac_i16_i32 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<i16>, %b: tensor<i16>, %c: tensor<i32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<i16>, tensor<i16>) outs(%c : tensor<i32>) {
    ^bb0(%x: i16, %y: i16, %z: i32):
      %u = arith.extsi %x : i16 to i32
      %v = arith.extsi %y : i16 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<i32>
    yield %d : tensor<i32>
  } lowering {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %m = arith.muli %u, %v : i32
    %r = arith.addi %z, %m : i32
    yield %r : i32
  }

  intrinsic @mac_i32 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<i32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<i32>, tensor<i32>) outs(%c : tensor<i32>) {
    ^bb0(%x: i32, %y: i32, %z: i32):
      %m = arith.muli %x, %y : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<i32>
    yield %d : tensor<i32>
  } lowering {
  ^bb0(%x: i32, %y: i32, %z: i32):
    %m = arith.muli %x, %y : i32
    %r = arith.addi %z, %m : i32
    yield %r : i32
  }
}
