// RUN: amos-opt --amos-lower-tiles --split-input-file --verify-diagnostics %s

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  }
}

func.func @no_lowering(%a: !amos.tile<2xi16, @m::@dot[0]>, %b: !amos.tile<2x8xi16, @m::@dot[1]>, %c: !amos.tile<8xi32, @m::@dot[2]>) -> !amos.tile<8xi32, @m::@dot[2]> {
  // expected-error @below {{cannot emit code for '@m::@dot': it has no 'lowering'; run it with --emulate}}
  %d = amos.invoke @m::@dot(%a, %b, %c) : (!amos.tile<2xi16, @m::@dot[0]>, !amos.tile<2x8xi16, @m::@dot[1]>, !amos.tile<8xi32, @m::@dot[2]>) -> !amos.tile<8xi32, @m::@dot[2]>
  return %d : !amos.tile<8xi32, @m::@dot[2]>
}

// -----

// A tile of an intrinsic that is not there.
func.func @unknown() {
  // expected-error @below {{no intrinsic here emits code for '!amos.tile<8xi32, @m::@dot[2]>'}}
  %z = amos.zero : !amos.tile<8xi32, @m::@dot[2]>
  return
}
