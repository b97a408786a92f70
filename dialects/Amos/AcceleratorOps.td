//===- AcceleratorOps.td - A machine and its memories ------*- tablegen -*-===//
#ifndef AMOS_ACCELERATOR_OPS_TD
#define AMOS_ACCELERATOR_OPS_TD

include "Amos/AmosAttrs.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"

def Amos_IntrinsicClass : I32EnumAttr<"IntrinsicClass", "what kind of unit an intrinsic drives", [
    I32EnumAttrCase<"Scalar", 0, "scalar">,
    I32EnumAttrCase<"Vector", 1, "vector">,
    I32EnumAttrCase<"Dot", 2, "dot">,
    I32EnumAttrCase<"Matrix", 3, "matrix">]> {
  let cppNamespace = "::amos";
}

class Amos_DescriptionOp<string mnemonic, list<Trait> traits = []>
    : Op<Amos_Dialect, mnemonic, !listconcat(traits, [IsolatedFromAbove, DeclareOpInterfaceMethods<OpAsmOpInterface>])> {
  code extraDescriptionDeclaration = [{
    /// Ops of this dialect print without prefix inside a description.
    static ::llvm::StringRef getDefaultDialect() { return "amos"; }
  }];
  let extraClassDeclaration = extraDescriptionDeclaration;
}
/// Something inside an accelerator or a family. What it refers to is checked once
/// the whole accelerator is there, so parts may stand in any order, and those that
/// others are made from are still to come.
class Amos_Part<string mnemonic, list<Trait> traits = []>
    : Amos_DescriptionOp<mnemonic, !listconcat(traits, [
          ParentOneOf<["AcceleratorOp", "FamilyOp"]>, SymbolUserOpInterface])> {
  code extraPartDeclaration = extraDescriptionDeclaration # [{
    ::llvm::LogicalResult verifySymbolUses(::mlir::SymbolTableCollection &symbols) {
      return isComplete(getOperation()) ? verifyUses(symbols) : ::mlir::success();
    }
    /// Checks what it refers to, in a machine that stands for itself.
    ::llvm::LogicalResult verifyUses(::mlir::SymbolTableCollection &symbols);
  }];
  let extraClassDeclaration = extraPartDeclaration;
}
class Amos_NamedPart<string mnemonic, list<Trait> traits = []>
    : Amos_Part<mnemonic, !listconcat(traits, [Symbol])>;

def Amos_AcceleratorOp : Amos_DescriptionOp<"accelerator",
    [SymbolTable, Symbol, NoTerminator, SingleBlock]> {
  let summary = "a machine";
  let description = [{
    Everything the compiler knows about one machine: its scopes, levels, layouts,
    asynchronous work, states, copies and intrinsics, and beside them the
    declarations of functions that emission regions call.

    | argument | unit | meaning |
    |---|---|---|
    | `sym_name` | | the machine's name; its file is named alike, with `-` for `_` |
    | `base`, `file` | | the machine that this one is made from, and the file it is in, see below |
    | `target` | | what emits code, with chip and features; without it the machine is mapped, priced and emulated only |
    | `clock` | Hz | turns predicted cycles into time |

    ```mlir
    amos.accelerator @little target(#llvm.target_features<["+avx2"]>) clock(2.0e9) {
      scope @thread
      level @memory per @thread address(!llvm.ptr) access(32)
    }
    ```

    A machine that `extends` another has all of its parts, its target and its clock;
    what its own body says comes on top, in order: a part of a name that is there
    takes its place, other parts are added, `change` and `remove` do what they say.
    The base stands in the same file, in the file that `from` names, beside this
    file under its own name, or is a machine with a name. Reading a description
    puts this together, so that programs only ever hold machines without a base.

    ```mlir
    amos.accelerator @larger extends @x86_avx512 clock(4.1e9) {
      change @l2 capacity(2097152), bandwidth(64.0)
      remove @fma_f64
    }
    amos.accelerator @other extends @mine from "../mine.mlir" {
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<FlatSymbolRefAttr>:$base,
                       OptionalAttr<StrAttr>:$file, OptionalAttr<AnyAttr>:$target,
                       OptionalAttr<F64Attr>:$clock);
  let regions = (region SizedRegion<1>:$parts);
  let assemblyFormat = [{
    $sym_name (`extends` $base^ (`from` $file^)?)? (`target` `(` $target^ `)`)? (`clock` `(` $clock^ `)`)?
    attr-dict-with-keyword $parts
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = extraDescriptionDeclaration # [{
    /// Whether it stands for itself: made from no other, without families.
    bool isPlain();
  }];
}

def Amos_ScopeOp : Amos_NamedPart<"scope"> {
  let summary = "who executes";
  let description = [{
    A set of units that act as one: `@warp = 32 @thread` is made of at most 32
    parts. Parts form a chain with one outermost scope.

    | argument | unit | meaning |
    |---|---|---|
    | `count` | parts | how many of `part` make one of this scope |
    | `part` | | the scope it is made of; none for the smallest |
    | `index` | | region: which part of its parent am I; yields `i32`, the same in every lane |
    | `elect` | | region: true in exactly one lane; yields `i1` |
    | `sync` | | region: rendezvous of all parts; its argument is the slot, an `i32` |

    ```mlir
    scope @thread
    scope @core = 8 @thread sync {
    ^bb0(%slot: i32):
      nvvm.barrier0
      yield
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<I64Attr>:$count,
                       OptionalAttr<FlatSymbolRefAttr>:$part);
  let regions = (region AnyRegion:$index, AnyRegion:$elect, AnyRegion:$sync);
  let assemblyFormat = [{
    $sym_name (`=` $count^ $part)? attr-dict
    (`index` $index^)? (`elect` $elect^)? (`sync` $sync^)?
  }];
  let extraClassDeclaration = extraPartDeclaration # [{
    /// How many of the smallest scope make one of this: the lanes of an op
    /// issued by it. One when the chain below it is broken.
    int64_t getLanes();
    /// Whether this is `other` or is made of it.
    bool contains(ScopeOp other);
  }];
}

def Amos_LevelOp : Amos_NamedPart<"level"> {
  let summary = "where data lives";
  let description = [{
    A memory, one instance for each `scope`. Code places data in a level with an
    address type; a level without one is a register file or a cache.

    | argument | unit | meaning |
    |---|---|---|
    | `scope` | | one instance for each of these |
    | `address` | type | a pointer, a memref or an integer; an integer counts granules from `base` |
    | `granule` | bytes | unit of allocation: one register, one row of a scratchpad |
    | `base` | bytes | what integer addresses start at |
    | `capacity` | bytes | of one instance |
    | `pool`, `pool_scope` | bytes | shared by all instances inside one `pool_scope` |
    | `bandwidth` | bytes per cycle | towards the consumers, of one whole instance |
    | `latency` | cycles | from asking to having |
    | `access` | bytes | widest access of a single lane |
    | `banks` | | `[n, bytes]`: n banks of so many bytes; lanes that meet in one wait |
    | `cache` | | managed by hardware: no copy enters it |
    | `ports` | | that the parts of the machine are dealt out to: what many of them want of the same bytes at about the same time is delivered once through each |

    Loads and stores of one lane, of up to `access` bytes, are free for every level
    with a pointer; only better instructions are declared as copies.

    ```mlir
    level @shared per @core address(!llvm.ptr<3>) capacity(166912) bandwidth(128.0)
        latency(23) access(16) banks[32, 4]
    level @register per @thread granule(4) capacity(1020) pool(262144 per @core)
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$scope,
                       OptionalAttr<TypeAttr>:$address, OptionalAttr<I64Attr>:$granule,
                       OptionalAttr<I64Attr>:$base, OptionalAttr<I64Attr>:$capacity,
                       OptionalAttr<I64Attr>:$pool, OptionalAttr<FlatSymbolRefAttr>:$pool_scope,
                       OptionalAttr<F64Attr>:$bandwidth, OptionalAttr<I64Attr>:$latency,
                       OptionalAttr<I64Attr>:$access, OptionalAttr<DenseI64ArrayAttr>:$banks,
                       UnitAttr:$cache, OptionalAttr<I64Attr>:$ports);
  let assemblyFormat = [{
    $sym_name `per` $scope (`address` `(` $address^ `)`)? (`granule` `(` $granule^ `)`)?
    (`base` `(` $base^ `)`)? (`capacity` `(` $capacity^ `)`)?
    (`pool` `(` $pool^ `per` $pool_scope `)`)? (`bandwidth` `(` $bandwidth^ `)`)?
    (`latency` `(` $latency^ `)`)? (`access` `(` $access^ `)`)? (`banks` `` $banks^)?
    (`cache` $cache^)? (`ports` `(` $ports^ `)`)? attr-dict
  }];
  let hasVerifier = 1;
}

def Amos_LayoutOp : Amos_NamedPart<"layout"> {
  let summary = "how a tile lies in a level";
  let description = [{
    An atom is a small box of elements whose bytes lie at fixed offsets; atoms are
    repeated along the dimensions of `strides` at distances the compiler chooses.

    | argument | unit | meaning |
    |---|---|---|
    | `level` | | the memory it lies in |
    | `map` | bytes | layout dimensions to the offset inside an atom; the dimension of coefficient 1 counts bytes, not elements |
    | `atom` | | extents of the box the map is one-to-one on |
    | `swizzle` | bits | `[n, from, to]`: address bits `[from, from + n)` are xored into `[to, to + n)`; a tile starts where the source bits are 0 |
    | `strides` | | dimensions along which atoms are placed freely |
    | `align` | bytes | of the base address |
    | `linear` | bytes | moving the base by b moves the handle by b / `linear` |
    | `handle` | | region: builds the operand's value from the base and one stride in bytes for each free dimension |

    ```mlir
    layout @rows in @dram affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
    layout @rows128 in @shared affine_map<(r, b) -> (r * 128 + b)> atom[256, 128]
        swizzle[3, 7, 4] align(1024)
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$level,
                       AffineMapAttr:$map, DenseI64ArrayAttr:$atom,
                       OptionalAttr<DenseI64ArrayAttr>:$swizzle,
                       OptionalAttr<DenseI64ArrayAttr>:$strides,
                       OptionalAttr<I64Attr>:$align, OptionalAttr<I64Attr>:$linear);
  let regions = (region AnyRegion:$handle);
  let assemblyFormat = [{
    $sym_name `in` $level $map `atom` `` $atom (`swizzle` `` $swizzle^)? (`strides` `` $strides^)?
    (`align` `(` $align^ `)`)? (`linear` `(` $linear^ `)`)? attr-dict (`handle` $handle^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = extraPartDeclaration # [{
    /// The dimension that counts bytes: the one of coefficient 1, if any.
    std::optional<unsigned> getByteDimension();
    /// Whether atoms are placed freely along `dimension`.
    bool isFree(unsigned dimension);
  }];
}

#endif // AMOS_ACCELERATOR_OPS_TD
