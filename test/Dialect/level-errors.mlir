// RUN: amos-opt %s --split-input-file --verify-diagnostics

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects '@memory' to be an 'amos.scope', it is an 'amos.level'}}
  level @memory per @memory
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects an 'amos.scope', found none named '@core'}}
  level @register per @thread pool(1024 per @core)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'capacity' to be positive, got 0}}
  level @memory per @thread capacity(0)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'pool' to be positive, got -1}}
  level @memory per @thread pool(-1 per @thread)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'granule' to be positive, got 0}}
  level @memory per @thread granule(0)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'bandwidth' to be positive, got -1}}
  level @memory per @thread bandwidth(-1.0)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'ports' to be positive, got 0}}
  level @memory per @thread cache ports(0)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'latency' to be positive, got 0}}
  level @memory per @thread latency(0)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'access' to be a power of two, got 12}}
  level @memory per @thread access(12)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'banks' to be a power of two, got 31}}
  level @memory per @thread banks[31, 4]
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'banks' to be [number, bytes], got 1 numbers}}
  level @memory per @thread banks[32]
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects 'address' to be a pointer, a memref or an integer, got 'f32'}}
  level @memory per @thread address(f32)
}

// -----

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects an integer 'address' beside 'base'}}
  level @memory per @thread address(!llvm.ptr) base(64)
}
