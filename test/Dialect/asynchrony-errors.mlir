// RUN: amos-opt %s --split-input-file --verify-diagnostics

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects an 'amos.scope', found none named '@warp'}}
  group @g issue(@warp) wait {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'outstanding' to be positive, got 0}}
  group @g issue(@thread) outstanding(0) wait {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'wait' to take 1 arguments (the batches that may stay pending), got 0}}
  group @g issue(@thread) wait {
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  group @g issue(@thread) wait {
  // expected-error@+1 {{expects argument 0 of 'wait', the batches that may stay pending, to be an integer, got 'f32'}}
  ^bb0(%n: f32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'commit' to take 0 arguments, got 1}}
  group @g issue(@thread) commit {
  ^bb0(%n: i32):
    yield
  } wait {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects a level with an 'address', '@register' has none}}
  barrier @b in @register bytes(8) init {
  ^bb0(%b: !llvm.ptr, %count: i32):
    yield
  } arrive {
  ^bb0(%b: !llvm.ptr):
    yield
  } wait {
  ^bb0(%b: !llvm.ptr, %phase: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'arrive' to take 1 arguments (the address), got 0}}
  barrier @b in @memory bytes(8) init {
  ^bb0(%b: !llvm.ptr, %count: i32):
    yield
  } arrive {
    yield
  } wait {
  ^bb0(%b: !llvm.ptr, %phase: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'generic' or the 'view' of a copy or an intrinsic, none has 'async'}}
  fence "generic" to "async" in @memory lowering {
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'range' in multiples of 8, got 20}}
  budget @b of @register issue(@thread) granule(8) range[8, 20] shrink {
  ^bb0(%n: i32):
    yield
  } grow {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'range' to be [least, most]}}
  budget @b of @register issue(@thread) granule(8) range[24, 8] shrink {
  ^bb0(%n: i32):
    yield
  } grow {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(64) capacity(2048)
  level @l1 per @thread capacity(32768) cache
  // expected-error@+1 {{expects 'range' to fit a capacity of 2048 bytes, 40 takes 2560}}
  budget @b of @register issue(@thread) granule(8) range[8, 40] shrink {
  ^bb0(%n: i32):
    yield
  } grow {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  scope @warp = 32 @thread
  level @register per @thread granule(4) capacity(1020) pool(16384 per @warp)
  // expected-error@+1 {{expects 'range' to fit a pool of 16384 bytes, 240 in 32 lanes takes 30720}}
  budget @b of @register issue(@warp) granule(8) range[24, 240] shrink {
  ^bb0(%n: i32):
    yield
  } grow {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'leave' to take 0 arguments, got 1}}
  state @s per @thread leave {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'await' to take 0 arguments, got 1}}
  overlap @launches admit {
    yield
  } await {
  ^bb0(%n: i32):
    yield
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  // expected-error@+1 {{expects 'at_once' to be positive numbers of clusters of one part, of two and so on, got [4]}}
  cluster @cluster of @thread at_once[4] in @memory sync {
    yield
  } reach {
  ^bb0(%own: !llvm.ptr, %part: i32):
    yield %own : !llvm.ptr
  }
}

// -----

amos.accelerator @m {
  scope @thread
  scope @core = 4 @thread
  level @memory per @thread address(!llvm.ptr)
  // expected-error@+1 {{expects a level with an 'address' and one instance per '@core', '@memory' is another}}
  cluster @cluster of @core at_once[4, 2] in @memory sync {
    yield
  } reach {
  ^bb0(%own: !llvm.ptr, %part: i32):
    yield %own : !llvm.ptr
  }
}

// -----

amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  cluster @cluster of @thread at_once[4, 2] in @memory sync {
    yield
  } reach {
  ^bb0(%own: !llvm.ptr, %part: i32):
    // expected-error@+1 {{expects 'reach' to yield 1 values (the address in that part's memory), got 0}}
    yield
  }
}
