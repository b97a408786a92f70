// What is wrong with a description that extends another is said where it stands,
// as far as that can be seen without the other.
// RUN: amos-opt %s --split-input-file --verify-diagnostics

amos.accelerator @m {
  scope @thread
  // expected-error@+1 {{expects a machine that 'extends' another}}
  change @thread count(2)
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{'capacity' is given twice}}
  change @l1 capacity(1), capacity(2)
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expects another argument than the name of the part}}
  change @l1 sym_name("l2")
}

// -----

// expected-error@+1 {{expected '{' to begin a region}}
amos.accelerator @m from "base.mlir" {
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expects a stand-in of at most 1048576 with a prime factor of at least 11, such as 104, which is 8 * 13, got 64}}
  family 64 in [8] {
  }
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expects different sizes, 8 is there twice}}
  family 104 in [8, 16, 8] {
  }
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expects sizes of 1 to 1048576, got 0}}
  family 104 in [0] {
  }
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expected one number to stand in}}
  family 104 in [8], 44 in [4] {
  }
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expected sizes in the list that a number stands for}}
  family 104 in [8, "f16"] {
  }
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expects as many words in each member as stand in for them, 2, got [bf16]}}
  family ("f16", f16) in [bf16] {
  }
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expects different members, ["b"] is there twice}}
  family "a" in ["b", "b"] {
  }
}

// -----

amos.accelerator @m extends @base {
  // expected-error@+1 {{expects a member for each list, and no empty word}}
  family "" in ["b"] {
  }
}

// -----

amos.accelerator @m extends @base {
  family 104 in [8] {
    // expected-error@+1 {{expects to stand beside a family, which holds intrinsics, copies and layouts}}
    level @l1 per @thread
  }
}

// -----

amos.accelerator @m extends @base {
  level @l1 per @thread // expected-note {{see existing symbol definition here}}
  // expected-error@+1 {{redefinition of symbol named 'l1'}}
  level @l1 per @thread
}

// -----

amos.accelerator @m extends @base {
  intrinsic @dot issue(@thread) class(dot) semantics {
  }
}
func.func @f(%a: !amos.tile<4xi8, @m::@dot[0]>, %c: !amos.tile<8xi32, @m::@dot[1]>) {
  // expected-error@+1 {{expects an intrinsic of a machine that stands for itself, the one of '@m::@dot' extends another}}
  %d = amos.invoke @m::@dot(%a, %c) : (!amos.tile<4xi8, @m::@dot[0]>, !amos.tile<8xi32, @m::@dot[1]>) -> !amos.tile<8xi32, @m::@dot[1]>
  return
}
