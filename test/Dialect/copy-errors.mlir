// RUN: amos-opt %s --split-input-file --verify-diagnostics

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'extents' of 1 to 1048576 elements, got 0}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[0, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects an 'element' of 1 to 1024 bytes, got 0}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(0)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'align' to be a power of two, got 3}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) align(3) lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'stride_align' to be a power of two, got 3}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) stride_align(3) lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'partial' to be ascending numbers below 2, got 0}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) partial[1, 0] lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'bounds' to be "zero", "clip" or "keep", got "wrap"}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) bounds("wrap") partial[0] lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'partial' dimensions or a '#amos.tensor' beside 'bounds'}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) bounds("zero") lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects at most one of 'from' and 'to' to be a '#amos.tensor'}}
  copy @c issue(@thread) from(#amos.tensor<@memory, 2, (i, j)[i0, j0, s] -> (i0 + i * s, j0 + j)>) to(#amos.tensor<@memory, 2, (i, j)[i0, j0, s] -> (i0 + i * s, j0 + j)>) extents[16, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects a 'descriptor' for its '#amos.tensor'}}
  copy @c issue(@thread) from(#amos.tensor<@memory, 2, (i, j)[i0, j0, s] -> (i0 + i * s, j0 + j)>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects no 'descriptor' without a '#amos.tensor'}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  descriptor(128) {
    yield
  } lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  // expected-error@+1 {{expects no 'prefetch' without a 'descriptor'}}
  copy @c issue(@thread) from(#amos.rows<@memory, 16, () -> (0, 0)>) to(#amos.rows<@memory, 16, () -> (0, 0)>)
      extents[1, 16] element(1) lowering {
  ^bb0(%from: !llvm.ptr, %to: !llvm.ptr):
    yield
  } prefetch {
  ^bb0(%map: !llvm.ptr):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects '#amos.memory<@rows[0]>' to name each of the 2 dimensions of 'from' once}}
  copy @c issue(@thread) from(#amos.memory<@rows[0]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects an 'amos.layout', found none named '@line'}}
  copy @c issue(@thread) from(#amos.memory<@line[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'to' to fit the atom of '@pad' along dimension 0, 16, got 32}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[32, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'from' in a level that code places data in, '@l1' is a cache}}
  copy @c issue(@thread) from(#amos.rows<@l1, 16, () -> (0, 0)>) to(#amos.memory<@pad[0, 1]>) extents[1, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'from' in a level with an 'address', '@register' has none}}
  copy @c issue(@thread) from(#amos.rows<@register, 16, () -> (0, 0)>) to(#amos.memory<@pad[0, 1]>) extents[1, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects the map of 'from' to cover '1x16', none holds (0, 8)}}
  copy @c issue(@thread) from(#amos.rows<@memory, 8, () -> (0, 0)>) to(#amos.memory<@pad[0, 1]>) extents[1, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects rows of 'from' to be whole elements of 4 bytes, got 6}}
  copy @c issue(@thread) from(#amos.rows<@memory, 6, () -> (0, 0)>) to(#amos.memory<@pad[0, 1]>) extents[1, 4] element(4)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects the map of 'from' to take 2 dimensions, got 1}}
  copy @c issue(@thread) from(#amos.tensor<@memory, 2, (i)[i0, s] -> (i0 + i * s)>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  descriptor(64) {
  ^bb0(%o: !llvm.ptr, %b: !llvm.ptr, %n: !llvm.ptr, %s: !llvm.ptr, %e: !llvm.ptr):
    yield
  } lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'descriptor' to take 6 arguments ('out', 'base', 'sizes', 'strides', 'extents', frozen symbol 2), got 0}}
  copy @c issue(@thread) from(#amos.tensor<@memory, 2, (i, j)[i0, j0, s] -> (i0 + i * s, j0 + j)>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  descriptor(64) {
    yield
  } lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects '@memory' to be an 'amos.group', it is an 'amos.level'}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) completes(@memory) lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'lowering' to take 3 arguments (the address of 'from', stride 0 of 'from', the address of 'to'), got 2}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  lowering {
  // expected-error@+1 {{expects argument 1 of 'lowering', stride 0 of 'from', to be an integer, got 'f32'}}
  ^bb0(%from: !llvm.ptr, %stride: f32, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'lowering' to take 4 arguments (the address of 'from', stride 0 of 'from', the address of 'to', the extent of dimension 0), got 3}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) partial[0] lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects the map of 'to' to cover '16x16', none holds (8, 0)}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.fragment<(e) -> (e floordiv 16, e mod 16)>) extents[16, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64):
    %v = llvm.mlir.zero : vector<128xi8>
    yield %v : vector<128xi8>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.fragment<(e) -> (e floordiv 16, e mod 16)>) extents[16, 16] element(1)  lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64):
    // expected-error@+1 {{expects 'lowering' to yield 1 values ('to' in registers), got 0}}
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  state @s per @thread enter {
  ^bb0(%stride: i64, %scale: f32):
    yield
  }
  // expected-error@+1 {{expects '@s' to take 1 strides and 0 parameters of the epilogue, it takes 2 arguments}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) state(@s) lowering {
  ^bb0(%from: !llvm.ptr, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  state @s per @thread enter {
  ^bb0(%stride: i64, %scale: f64):
    yield
  }
  // expected-error@+1 {{expects '@s' to take 'f32', it takes 'f64'}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) state(@s) epilogue {
  ^bb0(%x: i32, %scale: f32):
    %y = arith.trunci %x : i32 to i8
    yield %y : i8
  } lowering {
  ^bb0(%from: !llvm.ptr, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1)  epilogue {
  ^bb0(%x: i32):
    // expected-error@+1 {{expects 'epilogue' to yield 1 values (the element), got 0}}
    yield
  } lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

// The layout, which comes later, is to blame.
amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@rows[0, 1]>)
      extents[16, 16] element(1) lowering {
    yield
  }
  // expected-error@+1 {{expects 'handle' to yield one value}}
  layout @rows in @memory affine_map<(r, b) -> (r * 16 + b)> atom[16, 16] handle {
  ^bb0(%base: !llvm.ptr):
    llvm.unreachable
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects 'limits' over 2 dimensions and 3 symbols, got 1 and 1}}
  copy @c issue(@thread) from(#amos.tensor<@memory, 2, (i, j)[i0, j0, s] -> (i0 + i * s, j0 + j)>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) limits(affine_set<(n)[s] : (8 - s >= 0)>) descriptor(64) {
  ^bb0(%o: !llvm.ptr, %b: !llvm.ptr, %n: !llvm.ptr, %t: !llvm.ptr, %e: !llvm.ptr, %s: i32):
    yield
  } lowering {
  ^bb0(%d: !llvm.ptr, %i0: i32, %j0: i32, %s: i32, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  level @spad per @thread address(i32) granule(16)
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @pad in @spad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  // expected-error@+1 {{expects no 'limits' without a '#amos.tensor'}}
  copy @c issue(@thread) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>) extents[16, 16] element(1) limits(affine_set<(n)[s] : (8 - s >= 0)>) lowering {
  ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  // expected-error@+1 {{expects a copy with 'multicast' to complete a barrier with 'arrive_at'}}
  copy @c issue(@thread) from(#amos.rows<@memory, 16, () -> (0, 0)>) to(#amos.rows<@memory, 16, () -> (0, 0)>)
      extents[1, 16] element(1) lowering {
  ^bb0(%from: !llvm.ptr, %to: !llvm.ptr):
    yield
  } multicast {
  ^bb0(%from: !llvm.ptr, %to: !llvm.ptr, %parts: i16):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  barrier @done in @memory bytes(8) init {
  ^bb0(%b: !llvm.ptr, %count: i32):
    yield
  } arrive {
  ^bb0(%b: !llvm.ptr):
    yield
  } wait {
  ^bb0(%b: !llvm.ptr, %phase: i32):
    yield
  } arrive_at {
  ^bb0(%b: !llvm.ptr):
    yield
  }
  // expected-error@+1 {{expects 'multicast' to take 4 arguments}}
  copy @c issue(@thread) from(#amos.rows<@memory, 16, () -> (0, 0)>) to(#amos.rows<@memory, 16, () -> (0, 0)>)
      extents[1, 16] element(1) completes(@done) lowering {
  ^bb0(%from: !llvm.ptr, %to: !llvm.ptr, %b: !llvm.ptr):
    yield
  } multicast {
  ^bb0(%from: !llvm.ptr, %to: !llvm.ptr, %b: !llvm.ptr):
    yield
  }
}
