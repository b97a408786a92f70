//===- AmosAttrs.td - Placements and decisions -------------*- tablegen -*-===//
#ifndef AMOS_ATTRS_TD
#define AMOS_ATTRS_TD

include "Amos/AmosDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class Amos_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Amos_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

//===----------------------------------------------------------------------===//
// Placements: where an operand is, and what a lowering receives for it
//===----------------------------------------------------------------------===//

def Amos_FragmentAttr : Amos_Attr<"Fragment", "fragment"> {
  let summary = "registers spread over the lanes of the issue scope";
  let description = [{
    Maps (lane, element) to operand coordinates; `lane` is left out when the
    issue scope has one. Elements count the scalars of the one SSA value a
    region receives, in flattened order. Several elements on one coordinate
    mean that the value is repeated.

    ```mlir
    #amos.fragment<(e) -> (e mod 4, e floordiv 4)>
    ```
  }];
  let parameters = (ins "::mlir::AffineMap":$map);
  let assemblyFormat = "`<` $map `>`";
  let genVerifyDecl = 1;
}

def Amos_MemoryAttr : Amos_Attr<"Memory", "memory"> {
  let summary = "a tile lying in a level";
  let description = [{
    Layout dimension n is operand dimension `dims[n]`. A region receives the
    layout's handle, else the base address and one stride in bytes for each
    free dimension.

    ```mlir
    #amos.memory<@rows[0, 1]>
    ```
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$layout,
                        "::mlir::DenseI64ArrayAttr":$dims);
  let assemblyFormat = "`<` $layout `` $dims `>`";
}

def Amos_RowsAttr : Amos_Attr<"Rows", "rows"> {
  let summary = "every lane points at contiguous bytes";
  let description = [{
    Lane `l` points at `bytes` contiguous bytes that start at the element the
    map gives; the rest of the layout is free. A region receives one address
    per lane.

    ```mlir
    #amos.rows<@shared, 16, (l) -> (l mod 16, l floordiv 16 * 8)>
    ```
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$level, "int64_t":$bytes,
                        "::mlir::AffineMap":$map);
  let assemblyFormat = "`<` $level `,` $bytes `,` $map `>`";
  let genVerifyDecl = 1;
}

def Amos_TensorAttr : Amos_Attr<"Tensor", "tensor"> {
  let summary = "part of a whole tensor behind a descriptor built by the host";
  let description = [{
    The first `coordinates` symbols of the map are run-time coordinates, the
    others are frozen in the descriptor. A region receives the descriptor's
    address, then every symbol.

    ```mlir
    #amos.tensor<@global, 2, (i, j)[i0, j0, si] -> (i0 + i * si, j0 + j)>
    ```
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$level,
                        "int64_t":$coordinates, "::mlir::AffineMap":$map);
  let assemblyFormat = "`<` $level `,` $coordinates `,` $map `>`";
}

//===----------------------------------------------------------------------===//
// Decisions
//===----------------------------------------------------------------------===//

def Amos_Family : I32EnumAttr<"Family", "how a candidate was obtained", [
    I32EnumAttrCase<"Direct", 0, "direct">,
    I32EnumAttrCase<"Commuted", 1, "commuted">,
    I32EnumAttrCase<"Unit", 2, "unit">,
    I32EnumAttrCase<"Broadcast", 3, "broadcast">,
    I32EnumAttrCase<"Basis", 4, "basis">]> {
  let cppNamespace = "::amos";
}

def Amos_Staging : I32EnumAttr<"Staging", "where the tiles of a source come from", [
    I32EnumAttrCase<"Direct", 0, "direct">,
    I32EnumAttrCase<"Copy", 1, "copy">,
    I32EnumAttrCase<"Pack", 2, "pack">,
    I32EnumAttrCase<"Chunk", 3, "chunk">,
    I32EnumAttrCase<"Reorder", 4, "reorder">]> {
  let cppNamespace = "::amos";
}

def Amos_MappingAttr : Amos_Attr<"Mapping", "mapping"> {
  let summary = "which iterations of an operator play which of an intrinsic";
  let description = [{
    One list per intrinsic iteration: the software iterations matched to it,
    ascending. Iterations in no list are outer loops. `operands[t]` is the
    source of the operator that plays source t of the intrinsic; it is printed
    when it is not the identity. The family says how the candidate was obtained
    and is printed when it is not `direct`.

    ```mlir
    #amos.mapping<@nvidia_sm80::@mma_m16n8k16_f16_f32, [[0, 2, 3], [1], [4, 5, 6]]>
    #amos.mapping<@x86_avx512::@fma_f32, [[2, 3]] operands [1, 0] family commuted>
    ```
  }];
  let parameters = (ins "::mlir::SymbolRefAttr":$intrinsic,
                        ArrayRefParameter<"::mlir::DenseI64ArrayAttr">:$matching,
                        OptionalParameter<"::mlir::DenseI64ArrayAttr">:$operands,
                        DefaultValuedParameter<"::amos::Family", "::amos::Family::Direct">:$family);
  let assemblyFormat = [{
    `<` $intrinsic `,` custom<IntLists>($matching) (`operands` $operands^)? (`family` $family^)? `>`
  }];
  let extraClassDeclaration = [{
    /// Which source of the operator plays source `t` of the intrinsic.
    int64_t getSource(unsigned t) const;
    /// A short stable hash of intrinsic, matching, operands and family, as
    /// users see it: `m` and six hexadecimal digits.
    std::string getId() const;
  }];
  let genVerifyDecl = 1;
}

def Amos_ScheduleAttr : Amos_Attr<"Schedule", "schedule"> {
  let summary = "in which order, in which blocks and from where a mapping runs";
  let description = [{
    * `order`: per intrinsic iteration, its software iterations, slowest first.
    * `tiles`: empty for the fused form (fuse the group, then split it by the
      intrinsic's extent); else, per intrinsic iteration and in the order of
      `order`, the extent each software iteration keeps inside the tile.
    * `nest`: the loops around the intrinsic, outermost first, each as
      `[outer loop, step]`. An outer loop may appear several times with
      decreasing steps (cache blocking). Outer loops are numbered as
      `MappedAccesses` numbers them: unmatched iterations first, then the tile
      loops of each group. A loop with a scope, `[0, 16] @core`, is spread: each
      of its steps is done by another part of that kind, all at the same time.
      Spread loops are parallel and come first, those over wider scopes outside. A
      reduction among those of the widest scope is shared: each part has sums of its
      own steps, which are added in the end.
    * `block`: per outer loop, how many of its steps one visit of the innermost
      body performs on tiles held in registers.
    * `staging`: per source, in the order of the intrinsic, where its tiles come
      from: `direct`, as they lie; `copy` or `pack`, a buffer filled before the
      nest; `chunk`, a buffer in the memory that the parts of the outermost scope
      share, filled with what each step of the reduction loops needs; `reorder`,
      the same after the tensor was written anew with the dimension last that the
      intrinsic wants contiguous.
    * `stages`: how many of those steps have buffers at the same time: all but
      one may be on their way while one is worked on. Printed when it is not 1.
    * `cluster`: so many neighbours in the last loop over parts of the widest scope
      start together, and what all of them need is brought once: each brings its
      share of it to all. Printed when it is not 1.

    ```mlir
    #amos.schedule<order [[1], [2]] tiles [] nest [[1, 4], [0, 6], [2, 1]]
                   block [6, 4, 1] staging [direct, pack]>
    #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 8] @core, [1, 16] @core, [0, 4] @warp,
                     [1, 8] @warp, [2, 2], [2, 1]]
                   block [4, 8, 1] staging [chunk, chunk] stages 3>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::DenseI64ArrayAttr">:$order,
                        OptionalArrayRefParameter<"::mlir::DenseI64ArrayAttr">:$tiles,
                        ArrayRefParameter<"::mlir::DenseI64ArrayAttr">:$nest,
                        OptionalArrayRefParameter<"::mlir::StringAttr">:$scopes,
                        "::mlir::DenseI64ArrayAttr":$block,
                        ArrayRefParameter<"::amos::Staging">:$staging,
                        DefaultValuedParameter<"int64_t", "1">:$stages,
                        DefaultValuedParameter<"int64_t", "1">:$cluster);
  let assemblyFormat = [{
    `<` `order` custom<IntLists>($order) `tiles` custom<IntLists>($tiles)
        `nest` custom<Nest>($nest, $scopes) `block` $block `staging` ` ` `[` $staging `]`
        (`stages` $stages^)? (`cluster` $cluster^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Amos_CostAttr : Amos_Attr<"Cost", "cost"> {
  let summary = "what the model predicts for a scheduled mapping";
  let description = [{
    Cycles of one unit of the issue scope's clock for the whole operator; the
    lower bound no schedule of the mapping can beat; the resource that decides
    (`compute` or a level); the multiply-adds that are useful of those
    performed, in thousandths; bytes held on chip.

    ```mlir
    #amos.cost<cycles = 4500000, lower_bound = 4194304, bound = "compute",
               useful = 980, bytes = 3072>
    ```
  }];
  let parameters = (ins "int64_t":$cycles, "int64_t":$lower_bound,
                        "::mlir::StringAttr":$bound, "int64_t":$useful,
                        "int64_t":$bytes);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Amos_CandidateAttr : Amos_Attr<"Candidate", "candidate"> {
  let summary = "a proved mapping, not yet chosen";
  let description = [{
    ```mlir
    #amos.candidate<#amos.mapping<@m::@i, [[0], [1], [2]]> amos_rule>
    ```
  }];
  let parameters = (ins "::amos::MappingAttr":$mapping,
                        DefaultValuedParameter<"bool", "false">:$amosRule,
                        OptionalParameter<"::amos::ScheduleAttr">:$schedule,
                        OptionalParameter<"::amos::CostAttr">:$cost);
  let assemblyFormat = [{
    `<` $mapping `` custom<Flag>($amosRule) (`schedule` $schedule^)? (`cost` $cost^)? `>`
  }];
}

def Amos_RejectionAttr : Amos_Attr<"Rejection", "rejection"> {
  let summary = "an intrinsic, or a matching, that was refused, and why";
  let description = [{
    `code` is one of the documented reason codes, `fix` the smallest change
    that would help. Without a mapping the intrinsic was refused as a whole.

    ```mlir
    #amos.rejection<@m::@i, "E-DTYPE", "operand 0 is 'f64', expected 'f16'", "">
    ```
  }];
  let parameters = (ins "::mlir::SymbolRefAttr":$intrinsic,
                        "::mlir::StringAttr":$code, "::mlir::StringAttr":$message,
                        "::mlir::StringAttr":$fix,
                        OptionalParameter<"::amos::MappingAttr">:$mapping);
  let assemblyFormat = "`<` $intrinsic `,` $code `,` $message `,` $fix (`,` $mapping^)? `>`";
}

#endif // AMOS_ATTRS_TD
