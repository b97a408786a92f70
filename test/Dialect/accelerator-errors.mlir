// RUN: amos-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expects the attribute of a target, such as '#llvm.target_features<["+avx2"]>', got '"avx2"'}}
amos.accelerator @m target("avx2") {
  scope @thread
}

// -----

// expected-error@+1 {{expects 'clock' to be positive, got 0}}
amos.accelerator @m clock(0.0) {
  scope @thread
}

// -----

// expected-error@+1 {{expects a scope, such as 'scope @thread'}}
amos.accelerator @m {
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects to stand in a function, not in the description of a machine}}
  %0 = arith.constant 0 : i32
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects one outermost scope, '@thread' is part of none either}}
  scope @lane
}

// -----

// expected-error@+1 {{expects one outermost scope, every scope is part of another}}
amos.accelerator @m {
  scope @a = 2 @b
  scope @b = 2 @a
}

// -----

amos.accelerator @m {
  scope @thread
  scope @warp = 32 @thread
  // expected-error@+1 {{expects '@thread' to be part of one scope, it is part of '@warp' too}}
  scope @block = 64 @thread
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'count' to be positive, got 0}}
  scope @warp = 0 @thread
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects an 'amos.scope', found none named '@tread'; did you mean '@thread'?}}
  scope @warp = 32 @tread
}

// -----

amos.accelerator @m {
  scope @thread index {
    %t = arith.constant 0 : i64
    // expected-error@+1 {{expects result 0 of 'index', the number of the part, to be 'i32', got 'i64'}}
    yield %t : i64
  }
}

// -----

amos.accelerator @m {
  scope @thread elect {
    // expected-error@+1 {{expects 'elect' to yield 1 values (whether the lane is elected), got 0}}
    yield
  }
}

// -----

amos.accelerator @m {
  // expected-error@+1 {{expects 'sync' to take 1 arguments (the slot), got 0}}
  scope @thread sync {
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread index {
    %t = arith.constant 0 : i32
    // expected-error@+1 {{expects 'amos.yield' to end 'index'}}
    llvm.unreachable
  }
}

// -----

// The custom syntax cannot say these.
"amos.accelerator"() <{sym_name = "m"}> ({
  // expected-error@+1 {{expects both 'count' and 'part' or none of them}}
  "amos.scope"() <{sym_name = "warp", count = 4 : i64}> ({}, {}, {}) : () -> ()
}) : () -> ()

// -----

"amos.accelerator"() <{sym_name = "m"}> ({
  "amos.scope"() <{sym_name = "thread"}> ({}, {}, {}) : () -> ()
  // expected-error@+1 {{expects both 'pool' and 'pool_scope' or none of them}}
  "amos.level"() <{sym_name = "l", scope = @thread, pool = 4 : i64}> : () -> ()
}) : () -> ()
