// RUN: amos-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expects a map of (lane, element), or of (element) for one lane, got 3 dimensions and 0 symbols}}
func.func private @f() attributes {a = #amos.fragment<(l, e, f) -> (l)>}

// -----

// expected-error@+1 {{expects a map of (lane), or of () for one lane, got 2 dimensions and 0 symbols}}
func.func private @f() attributes {a = #amos.rows<@l, 16, (l, e) -> (l)>}

// -----

// expected-error@+1 {{expects rows of at least one byte, got 0}}
func.func private @f() attributes {a = #amos.rows<@l, 0, () -> (0)>}

// -----

// expected-error@+1 {{expects an intrinsic of a machine, such as '@machine::@intrinsic', got '@dot'}}
func.func private @f() attributes {a = #amos.mapping<@dot, [[0]]>}

// -----

// expected-error@+1 {{expects iterations in ascending order, got 'array<i64: 1, 0>'; their order inside a group is a matter of the schedule}}
func.func private @f() attributes {a = #amos.mapping<@m::@dot, [[1, 0]]>}

// -----

// expected-error@+1 {{expects each iteration at most once, got 1 twice}}
func.func private @f() attributes {a = #amos.mapping<@m::@dot, [[0, 1], [1]]>}

// -----

// expected-error@+1 {{expects iterations counted from 0, got -1}}
func.func private @f() attributes {a = #amos.mapping<@m::@dot, [[-1]]>}

// -----

// expected-error@+1 {{expects operands counted from 0, got -1}}
func.func private @f() attributes {a = #amos.mapping<@m::@dot, [[0]] operands [-1, 0]>}

// -----

// expected-error@+1 {{expects 'tiles' to be empty or 2 lists as 'order' is, got 1}}
func.func private @f() attributes {a = #amos.schedule<order [[0], [1]] tiles [[4]] nest [] block [] staging [direct]>}

// -----

// expected-error@+1 {{expects an extent for each iteration of 'order', 2, got 1}}
func.func private @f() attributes {a = #amos.schedule<order [[0, 1]] tiles [[4]] nest [] block [] staging [direct]>}

// -----

// expected-error@+1 {{expects positive extents in 'tiles', got 0}}
func.func private @f() attributes {a = #amos.schedule<order [[0]] tiles [[0]] nest [] block [] staging [direct]>}

// -----

// expected-error@+1 {{expects loops of 'nest' to be [outer loop, step], got 'array<i64: 0>'}}
func.func private @f() attributes {a = #amos.schedule<order [[0]] tiles [] nest [[0]] block [] staging [direct]>}

// -----

// expected-error@+1 {{expects the steps of outer loop 0 to decrease inwards, got 2 inside of 2}}
func.func private @f() attributes {a = #amos.schedule<order [[0]] tiles [] nest [[0, 2], [0, 2]] block [] staging [direct]>}

// -----

// expected-error@+1 {{expects positive numbers in 'block', got 0}}
func.func private @f() attributes {a = #amos.schedule<order [[0]] tiles [] nest [] block [0] staging [direct]>}

// -----

// expected-error@+1 {{expects costs of at least 0, got -1}}
func.func private @f() attributes {a = #amos.cost<cycles = -1, lower_bound = 0, bound = "compute", useful = 1, bytes = 0>}

// -----

// expected-error@+1 {{expects a 'cluster' of at least 1, got 0}}
func.func private @f() attributes {a = #amos.schedule<order [[0, 1]] tiles [[2, 8]] nest [] block [] staging [copy] cluster 0>}

// -----

// expected-error@+1 {{expects 'useful' in thousandths, at most 1000, got 1001}}
func.func private @f() attributes {a = #amos.cost<cycles = 1, lower_bound = 0, bound = "compute", useful = 1001, bytes = 0>}

// -----

// expected-error@+1 {{expects positive extents, got 0}}
func.func private @f(!amos.tile<0xi8, @m::@dot[0]>)

// -----

// expected-error@+1 {{expects elements that are numbers, got 'index'}}
func.func private @f(!amos.tile<4xindex, @m::@dot[0]>)

// -----

// expected-error@+1 {{expects an intrinsic of a machine, such as '@machine::@intrinsic', got '@dot'}}
func.func private @f(!amos.tile<4xi8, @dot[0]>)

// -----

func.func @f() {
  // expected-error@+1 {{expects parent op to be one of 'amos.scope, amos.layout, amos.group, amos.barrier, amos.fence, amos.budget, amos.overlap, amos.cluster, amos.state, amos.copy, amos.intrinsic, amos.store'}}
  amos.yield
}
