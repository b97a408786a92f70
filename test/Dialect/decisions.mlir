// RUN: amos-opt %s | amos-opt | FileCheck %s

// CHECK-LABEL: func.func private @mapping
// CHECK-SAME: #amos.mapping<@m::@dot, {{\[\[}}0, 2, 3], [1], [4, 5, 6]]>
// CHECK-SAME: #amos.mapping<@m::@mac, []>
// CHECK-SAME: #amos.mapping<@m::@fma, {{\[\[}}2, 3]] operands [1, 0] family commuted>
func.func private @mapping() attributes {
  a = #amos.mapping<@m::@dot, [[0, 2, 3], [1], [4, 5, 6]]>,
  b = #amos.mapping<@m::@mac, []>,
  c = #amos.mapping<@m::@fma, [[2, 3]] operands [1, 0] family commuted>}

// CHECK-LABEL: func.func private @schedule
// CHECK-SAME: #amos.schedule<order {{\[\[}}1], [2]] tiles [] nest {{\[\[}}1, 4], [0, 6], [1, 1]] block [6, 4, 1] staging [direct, pack]>
// CHECK-SAME: #amos.schedule<order {{\[\[}}0, 1]] tiles {{\[\[}}2, 8]] nest [] block [] staging [copy]>
// CHECK-SAME: nest {{\[\[}}0, 8] @core, [0, 4] @warp, [1, 1]] block [4, 1] staging [chunk]>
// CHECK-SAME: staging [chunk] stages 3 cluster 2>
func.func private @schedule() attributes {
  a = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 4], [0, 6], [1, 1]] block [6, 4, 1] staging [direct, pack]>,
  b = #amos.schedule<order [[0, 1]] tiles [[2, 8]] nest [] block [] staging [copy]>,
  c = #amos.schedule<order [[0], [1]] tiles [] nest [[0, 8] @core, [0, 4] @warp, [1, 1]] block [4, 1] staging [chunk]>,
  d = #amos.schedule<order [[0], [1]] tiles [] nest [[0, 4] @core, [1, 1]] block [4, 1] staging [chunk] stages 3 cluster 2>}

// CHECK-LABEL: func.func private @cost
// CHECK-SAME: #amos.cost<cycles = 10, lower_bound = 8, bound = "compute", useful = 980, bytes = 64>
func.func private @cost() attributes {
  a = #amos.cost<cycles = 10, lower_bound = 8, bound = "compute", useful = 980, bytes = 64>}

// CHECK-LABEL: func.func private @found
// CHECK-SAME: #amos.candidate<<@m::@dot, {{\[\[}}0]]> amos_rule>
// CHECK-SAME: #amos.rejection<@m::@dot, "E-DTYPE", "operand 0 is 'f64'", "">
func.func private @found() attributes {
  a = #amos.candidate<#amos.mapping<@m::@dot, [[0]]> amos_rule>,
  b = #amos.rejection<@m::@dot, "E-DTYPE", "operand 0 is 'f64'", "">}

// CHECK-LABEL: func.func private @tiles
// CHECK-SAME: (!amos.tile<4x16xi8, @m::@dot[1]>, !amos.tile<f32, @m::@mac[0]>)
func.func private @tiles(!amos.tile<4x16xi8, @m::@dot[1]>, !amos.tile<f32, @m::@mac[0]>)
