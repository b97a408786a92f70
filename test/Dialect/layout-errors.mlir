// RUN: amos-opt %s --split-input-file --verify-diagnostics

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects an 'amos.level', found none named '@shared'}}
  layout @rows in @shared affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects a level with an 'address', '@register' has none}}
  layout @rows in @register affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects a map from dimensions to one offset, got 'affine_map<(d0, d1) -> (d0, d1)>'}}
  layout @rows in @memory affine_map<(r, b) -> (r, b)> atom[16, 16]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects an 'atom' of 2 extents, got 1}}
  layout @rows in @memory affine_map<(r, b) -> (r * 16 + b)> atom[16]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects an 'atom' of 1 to 1048576 bytes, got an extent of 0}}
  layout @rows in @memory affine_map<(r, b) -> (r * 16 + b)> atom[0, 16]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects a map that is one-to-one on the atom, (0, 16) and (1, 0) lie at the same offset}}
  layout @rows in @memory affine_map<(r, b) -> (r * 16 + b)> atom[16, 32]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'swizzle' to be [bits, from, to], got 2 numbers}}
  layout @rows in @memory affine_map<(r, b) -> (r * 128 + b)> atom[8, 128] swizzle[3, 7]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects the bit ranges of 'swizzle' to be disjoint, [6, 9) meets [4, 7)}}
  layout @rows in @memory affine_map<(r, b) -> (r * 128 + b)> atom[8, 128] swizzle[3, 6, 4]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'swizzle' to name bits of an address}}
  layout @rows in @memory affine_map<(r, b) -> (r * 128 + b)> atom[8, 128] swizzle[0, 7, 4]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'strides' to be ascending numbers below 2, got 2}}
  layout @rows in @memory affine_map<(r, b) -> (r * 16 + b)> atom[16, 16] strides[2]
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'align' to be a power of two, got 3}}
  layout @rows in @memory affine_map<(r, b) -> (r * 16 + b)> atom[16, 16] align(3)
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects a 'handle' beside 'linear'}}
  layout @rows in @memory affine_map<(r, b) -> (r * 16 + b)> atom[16, 16] linear(16)
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'handle' to take 2 arguments (the base address, the stride of dimension 0), got 1}}
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0] handle {
  ^bb0(%base: !llvm.ptr):
    yield %base : !llvm.ptr
  }
}
