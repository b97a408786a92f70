//===- WorkOps.td - What moves data and what computes ------*- tablegen -*-===//
#ifndef AMOS_WORK_OPS_TD
#define AMOS_WORK_OPS_TD

include "Amos/AcceleratorOps.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Amos_CopyOp : Amos_NamedPart<"copy"> {
  let summary = "what moves data";
  let description = [{
    Destination element x is source element x of the tile, as the two placements
    say; outside of a tensor it is what `bounds` says. That is all an emulation
    needs, so a copy has no semantics region.

    The lowering receives: what `from` and `to` hand over (see the placements),
    the barrier's address when one is completed, one extent for each dimension of
    `partial`, the parameters of the epilogue. It yields what it writes to
    registers: one value when `to` is a fragment.

    | argument | unit | meaning |
    |---|---|---|
    | `issue` | | the scope that issues it |
    | `from`, `to` | | placements; at most one is a `tensor`, none lies in a cache |
    | `extents` | elements | the most it moves; of rows that it steps over, those count, too |
    | `element` | bytes | of one element |
    | `view` | | name of the view it reads and writes memory by |
    | `completes` | | the group or barrier that ends it; without, it is done on return |
    | `bounds` | | outside the tensor: `zero` reads 0, `clip` drops, `keep` leaves as it was |
    | `align`, `stride_align` | bytes | of the base and of the outer strides |
    | `limits` | | what the fields of the descriptor, and of the coordinates that a kernel passes, hold: a set over the extents of the tensor's dimensions and the symbols of its map |
    | `interval`, `unit` | cycles | from issue to issue of the unit that `unit`'s threads share |
    | `state` | | configuration it runs under |
    | `partial` | | dimensions whose extent is passed |
    | `epilogue` | | region: a scalar function applied on the way: the element, then parameters |
    | `descriptor_bytes`, `descriptor` | bytes | region run by the host: out, base, sizes, strides, extents, then every frozen symbol of the tensor |
    | `prefetch` | | region: the descriptor's address; fetches it ahead of the first copy |
    | `multicast` | | region: the lowering for several parts of a cluster, to the same place in each one's memory, where each one's barrier is completed; a last argument has bit n set for part n |

    ```mlir
    copy @mvin issue(@core) from(#amos.memory<@rows[0, 1]>) to(#amos.memory<@pad[0, 1]>)
        extents[16, 16] element(1) partial[0, 1] lowering {
    ^bb0(%from: !llvm.ptr, %stride: i64, %to: i32, %rows: i32, %cols: i32):
      llvm.call @issue_mvin(%from, %stride, %to, %cols, %rows) : (!llvm.ptr, i64, i32, i32, i32) -> ()
      yield
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$issue,
                       AnyAttr:$from, AnyAttr:$to, DenseI64ArrayAttr:$extents,
                       I64Attr:$element, OptionalAttr<StrAttr>:$view,
                       OptionalAttr<FlatSymbolRefAttr>:$completes, OptionalAttr<StrAttr>:$bounds,
                       OptionalAttr<I64Attr>:$align, OptionalAttr<I64Attr>:$stride_align,
                       OptionalAttr<IntegerSetAttr>:$limits,
                       OptionalAttr<F64Attr>:$interval, OptionalAttr<FlatSymbolRefAttr>:$unit,
                       OptionalAttr<FlatSymbolRefAttr>:$state,
                       OptionalAttr<I64Attr>:$descriptor_bytes,
                       OptionalAttr<DenseI64ArrayAttr>:$partial);
  let regions = (region AnyRegion:$epilogue, AnyRegion:$descriptor, AnyRegion:$lowering,
                        AnyRegion:$multicast, AnyRegion:$prefetch);
  let assemblyFormat = [{
    $sym_name `issue` `(` $issue `)` `from` `(` $from `)` `to` `(` $to `)`
    `extents` `` $extents `element` `(` $element `)` (`view` `(` $view^ `)`)?
    (`completes` `(` $completes^ `)`)? (`bounds` `(` $bounds^ `)`)? (`align` `(` $align^ `)`)?
    (`stride_align` `(` $stride_align^ `)`)? (`limits` `(` $limits^ `)`)? (`interval` `(` $interval^ `per` $unit `)`)?
    (`state` `(` $state^ `)`)? (`partial` `` $partial^)? attr-dict
    (`epilogue` $epilogue^)? (`descriptor` `(` $descriptor_bytes^ `)` $descriptor)?
    `lowering` $lowering (`multicast` $multicast^)? (`prefetch` $prefetch^)?
  }];
  let hasVerifier = 1;
}

def Amos_IntrinsicOp : Amos_NamedPart<"intrinsic"> {
  let summary = "what computes";
  let description = [{
    `semantics` says what it means, in the program's own language: one linalg op
    on tensors of static extents whose accesses are permuted projections of its
    iterations. The last argument is the accumulator.

    `lowering` says how it is emitted. It receives: what each operand's placement
    hands over, one extent for each dimension of `partial` (iterations of the
    semantics), `overwrite` as an `i1`. It yields the new accumulator when that is
    held in registers, nothing otherwise.

    | argument | unit | meaning |
    |---|---|---|
    | `issue` | | the scope that issues it; its threads are the lanes of a fragment |
    | `class_` | | `matrix`, `dot`, `vector` or `scalar`: a contraction on a class below the best one the machine has for its types is a fallback |
    | `placements` | | one for each operand, the accumulator last; none for a machine without code |
    | `view` | | name of the view it reads memory by |
    | `group` | | the group that ends it; without, it is done on return |
    | `state` | | configuration it runs under |
    | `latency` | cycles | from issue to the issue of one that needs its result |
    | `interval`, `unit` | cycles | from issue to issue of the unit that `unit`'s threads share |
    | `parts` | | equal parts of that unit, of which an issuer keeps one busy |
    | `sum_bits` | bits | of the significand that sums keep while it adds, where that is less than the type of the accumulator has |
    | `partial` | | iterations whose extent is passed |
    | `overwrite` | | the last argument says to ignore the old accumulator |
    | `init` | | region: yields an accumulator of zeros; without, it is a constant |

    ```mlir
    intrinsic @fma issue(@thread) class(vector)
        operands[#amos.fragment<(e) -> ()>, #amos.fragment<(e) -> (e)>, #amos.fragment<(e) -> (e)>]
        latency(4) interval(1.0 per @thread) semantics {
    ^bb0(%a: tensor<f32>, %b: tensor<8xf32>, %c: tensor<8xf32>):
      %d = linalg.generic {
          indexing_maps = [affine_map<(n) -> ()>, affine_map<(n) -> (n)>, affine_map<(n) -> (n)>],
          iterator_types = ["parallel"]}
          ins(%a, %b : tensor<f32>, tensor<8xf32>) outs(%c : tensor<8xf32>) {
      ^bb0(%x: f32, %y: f32, %z: f32):
        %m = arith.mulf %x, %y : f32
        %r = arith.addf %z, %m : f32
        linalg.yield %r : f32
      } -> tensor<8xf32>
      yield %d : tensor<8xf32>
    } lowering {
    ^bb0(%a: vector<8xf32>, %b: vector<8xf32>, %c: vector<8xf32>):
      %d = math.fma %a, %b, %c : vector<8xf32>
      yield %d : vector<8xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$issue,
                       Amos_IntrinsicClass:$class_,
                       OptionalAttr<ArrayAttr>:$placements, OptionalAttr<StrAttr>:$view,
                       OptionalAttr<FlatSymbolRefAttr>:$group, OptionalAttr<FlatSymbolRefAttr>:$state,
                       OptionalAttr<I64Attr>:$latency, OptionalAttr<F64Attr>:$interval,
                       OptionalAttr<FlatSymbolRefAttr>:$unit, OptionalAttr<I64Attr>:$parts,
                       OptionalAttr<I64Attr>:$sum_bits,
                       OptionalAttr<DenseI64ArrayAttr>:$partial, UnitAttr:$overwrite);
  let regions = (region AnyRegion:$semantics, AnyRegion:$init, AnyRegion:$lowering);
  let assemblyFormat = [{
    $sym_name `issue` `(` $issue `)` `class` `(` $class_ `)` (`operands` `` $placements^)?
    (`view` `(` $view^ `)`)? (`group` `(` $group^ `)`)? (`state` `(` $state^ `)`)?
    (`latency` `(` $latency^ `)`)? (`interval` `(` $interval^ `per` $unit (`in` $parts^)? `)`)?
    (`sum_bits` `(` $sum_bits^ `)`)? (`partial` `` $partial^)? (`overwrite` $overwrite^)? attr-dict
    `semantics` $semantics (`init` $init^)? (`lowering` $lowering^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = extraPartDeclaration # [{
    /// The tensor type of operand `operand` in the semantics.
    ::mlir::RankedTensorType getOperandType(unsigned operand) {
      return ::llvm::cast<::mlir::RankedTensorType>(
          getSemantics().getArgument(operand).getType());
    }
  }];
}

def Amos_YieldOp : Op<Amos_Dialect, "yield", [Terminator, Pure,
    ParentOneOf<["ScopeOp", "LayoutOp", "GroupOp", "BarrierOp", "FenceOp", "BudgetOp", "OverlapOp",
                 "ClusterOp", "StateOp", "CopyOp", "IntrinsicOp", "StoreOp"]>]> {
  let summary = "what a region of a description or a store hands back";
  let description = [{
    `values` are what the region writes to registers, its answer, or what is stored.

    ```mlir
    yield %d : vector<8xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif // AMOS_WORK_OPS_TD
