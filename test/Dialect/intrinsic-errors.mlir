// RUN: amos-opt %s --split-input-file --verify-diagnostics

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'latency' to be positive, got 0}}
  intrinsic @dot issue(@thread) class(dot) latency(0) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'interval' to be positive, got 0}}
  intrinsic @dot issue(@thread) class(dot) interval(0.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @lane
  scope @thread = 4 @lane
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'interval' per '@thread', which issues it, or per a scope that contains it, got '@lane'}}
  intrinsic @dot issue(@thread) class(dot) interval(1.0 per @lane) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects '@memory' to be an 'amos.group', it is an 'amos.level'}}
  intrinsic @dot issue(@thread) class(dot) group(@memory) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects an 'amos.state', found none named '@s'}}
  intrinsic @dot issue(@thread) class(dot) state(@s) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'partial' to be ascending numbers below 2, got 2}}
  intrinsic @dot issue(@thread) class(dot) partial[2] semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'operands' beside 'lowering'}}
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'operands' to be 3 placements, one for each argument of 'semantics', got 2}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects a placement of operand 2, such as '#amos.fragment<(e) -> (e)>', got '7 : i32'}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, 7 : i32] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'semantics' to take sources and the accumulator, got 1 arguments}}
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%c: tensor<16xi32>):
    yield %c : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  // expected-error@+1 {{expects argument 0 of 'semantics' to be a tensor of numbers and of 1 to 65536 elements, got 'tensor<?xi8>'}}
  ^bb0(%a: tensor<?xi8>, %c: tensor<16xi32>):
    yield %c : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  // expected-error@+1 {{expects argument 0 of 'semantics' to be a tensor of numbers and of 1 to 65536 elements, got 'tensor<1000003xi8>'}}
  ^bb0(%a: tensor<1000003xi8>, %c: tensor<16xi32>):
    yield %c : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects one linalg op in 'semantics'}}
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    yield %c : tensor<16xi32>
  }
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
    // expected-error@+1 {{expects to stand outside of 'semantics', which is one linalg op}}
    %e = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%d : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
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
    // expected-error@+1 {{expects 'semantics' to yield the result of its linalg op}}
    yield %c : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%b: tensor<4x16xi8>, %a: tensor<4xi8>, %c: tensor<16xi32>):
    // expected-error@+1 {{expects the arguments of 'semantics' as operands, in order}}
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<19xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    // expected-error@+1 {{expects accesses by permuted iterations, got 'affine_map<(d0, d1) -> (d0 + d1)>'}}
    %d = linalg.generic {indexing_maps = [affine_map<(n, k) -> (n + k)>, affine_map<(n, k) -> (k, n)>, affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<19xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      linalg.yield %z : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    // expected-error@+1 {{expects iteration 1 to be "reduction", since the accumulator does not depend on it}}
    %d = linalg.generic {indexing_maps = [affine_map<(n, k) -> (k)>, affine_map<(n, k) -> (k, n)>, affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      linalg.yield %z : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    // expected-error@+1 {{expects a body that does not read its own iterations}}
    %d = linalg.generic {indexing_maps = [affine_map<(n, k) -> (k)>, affine_map<(n, k) -> (k, n)>, affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %i = linalg.index 0 : index
      linalg.yield %z : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects the map of operand 0 to take 1 dimensions, as '@thread' has 1 lanes, got 2}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e, f) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects the map of operand 1 to give 2 coordinates, got 1}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects the map of operand 0 to cover '4', lane 0, element 4 lies outside, at (4)}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 8)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects the map of operand 0 to cover '4', none holds (3)}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 3)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects registers of operand 0 to hold elements of 1 bytes as the tile does, got 'vector<16xi32>'}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<16xi32>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @register per @thread granule(16) capacity(48)
  // expected-error@+1 {{expects registers of operand 1 to fit level '@register' of 48 bytes, got 'vector<64xi8>' of 64 bytes}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<4xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects the map of operand 1 to cover '4x16', none holds (0, 8)}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<32xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'lowering' to take 3 arguments (operand 0 in registers, operand 1 in registers, operand 2 in registers), got 2}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    // expected-error@+1 {{expects result 0 of 'lowering', the new accumulator, to be 'vector<16xi32>', got 'vector<64xi8>'}}
    yield %a : vector<64xi8>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'lowering' to take 4 arguments (operand 0 in registers, operand 1 in registers, operand 2 in registers, the extent of iteration 1), got 3}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] partial[1] semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] overwrite semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  // expected-error@+1 {{expects argument 3 of 'lowering', whether to overwrite, to be 'i1', got 'i32'}}
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>, %o: i32):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  layout @rows in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @line in @memory affine_map<(b) -> (b)> atom[64]
  // expected-error@+1 {{expects 'overwrite', since its accumulator lies in a memory}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.memory<@line[0]>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: !llvm.ptr):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } init {
    %z = arith.constant dense<0> : vector<8xi32>
    // expected-error@+1 {{expects result 0 of 'init', the accumulator, to be 'vector<16xi32>', got 'vector<8xi32>'}}
    yield %z : vector<8xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects either 'overwrite' or 'init', got both}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] overwrite semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } init {
    %z = arith.constant dense<0> : vector<16xi32>
    yield %z : vector<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>, %o: i1):
    yield %c : vector<16xi32>
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects no 'init', since no accumulator is held in registers}}
  intrinsic @dot issue(@thread) class(dot) operands[#amos.fragment<(e) -> (e mod 4)>, #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] latency(4) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } init {
    %z = arith.constant dense<0> : vector<16xi32>
    yield %z : vector<16xi32>
  }
}
