//===- AcceleratorOps.td - The description of a machine ----*- tablegen -*-===//
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
  let extraClassDeclaration = [{
    /// Ops of this dialect print without prefix inside a description.
    static ::llvm::StringRef getDefaultDialect() { return "amos"; }
  }];
}
class Amos_Part<string mnemonic, list<Trait> traits = []>
    : Amos_DescriptionOp<mnemonic, !listconcat(traits, [HasParent<"AcceleratorOp">])>;
class Amos_NamedPart<string mnemonic, list<Trait> traits = []>
    : Amos_Part<mnemonic, !listconcat(traits, [Symbol])>;

def Amos_AcceleratorOp : Amos_DescriptionOp<"accelerator",
    [SymbolTable, Symbol, NoTerminator, SingleBlock]> {
  let summary = "a machine";
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<AnyAttr>:$target,
                       OptionalAttr<F64Attr>:$clock);
  let regions = (region SizedRegion<1>:$parts);
  let assemblyFormat = [{
    $sym_name (`target` `(` $target^ `)`)? (`clock` `(` $clock^ `)`)?
    attr-dict-with-keyword $parts
  }];
}

def Amos_ScopeOp : Amos_NamedPart<"scope"> {
  let summary = "who executes";
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<I64Attr>:$count,
                       OptionalAttr<FlatSymbolRefAttr>:$part);
  let regions = (region AnyRegion:$index, AnyRegion:$elect, AnyRegion:$sync);
  let assemblyFormat = [{
    $sym_name (`=` $count^ $part)? attr-dict
    (`index` $index^)? (`elect` $elect^)? (`sync` $sync^)?
  }];
}

def Amos_LevelOp : Amos_NamedPart<"level"> {
  let summary = "where data lives";
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$scope,
                       OptionalAttr<TypeAttr>:$address, OptionalAttr<I64Attr>:$granule,
                       OptionalAttr<I64Attr>:$base, OptionalAttr<I64Attr>:$capacity,
                       OptionalAttr<I64Attr>:$pool, OptionalAttr<FlatSymbolRefAttr>:$pool_scope,
                       OptionalAttr<F64Attr>:$bandwidth, OptionalAttr<I64Attr>:$latency,
                       OptionalAttr<I64Attr>:$access, OptionalAttr<DenseI64ArrayAttr>:$banks,
                       UnitAttr:$cache);
  let assemblyFormat = [{
    $sym_name `per` $scope (`address` `(` $address^ `)`)? (`granule` `(` $granule^ `)`)?
    (`base` `(` $base^ `)`)? (`capacity` `(` $capacity^ `)`)?
    (`pool` `(` $pool^ `per` $pool_scope `)`)? (`bandwidth` `(` $bandwidth^ `)`)?
    (`latency` `(` $latency^ `)`)? (`access` `(` $access^ `)`)? (`banks` $banks^)?
    (`cache` $cache^)? attr-dict
  }];
}

def Amos_LayoutOp : Amos_NamedPart<"layout"> {
  let summary = "how a tile lies in a level";
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$level,
                       AffineMapAttr:$map, DenseI64ArrayAttr:$atom,
                       OptionalAttr<DenseI64ArrayAttr>:$swizzle,
                       OptionalAttr<DenseI64ArrayAttr>:$strides,
                       OptionalAttr<I64Attr>:$align, OptionalAttr<I64Attr>:$linear);
  let regions = (region AnyRegion:$handle);
  let assemblyFormat = [{
    $sym_name `in` $level $map `atom` $atom (`swizzle` $swizzle^)? (`strides` $strides^)?
    (`align` `(` $align^ `)`)? (`linear` `(` $linear^ `)`)? attr-dict (`handle` $handle^)?
  }];
}

def Amos_GroupOp : Amos_NamedPart<"group"> {
  let summary = "asynchronous work that completes in order";
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$issue,
                       OptionalAttr<I64Attr>:$outstanding, UnitAttr:$interlocked);
  let regions = (region AnyRegion:$begin, AnyRegion:$commit, AnyRegion:$wait, AnyRegion:$wait_read);
  let assemblyFormat = [{
    $sym_name `issue` `(` $issue `)` (`outstanding` `(` $outstanding^ `)`)?
    (`interlocked` $interlocked^)? attr-dict (`begin` $begin^)? (`commit` $commit^)?
    `wait` $wait (`wait_read` $wait_read^)?
  }];
}

def Amos_StateOp : Amos_NamedPart<"state"> {
  let summary = "sticky configuration around copies and intrinsics";
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$scope,
                       OptionalAttr<DictionaryAttr>:$function);
  let regions = (region AnyRegion:$enter, AnyRegion:$leave);
  let assemblyFormat = [{
    $sym_name `per` $scope (`function` $function^)? attr-dict
    (`enter` $enter^)? (`leave` $leave^)?
  }];
}

def Amos_IntrinsicOp : Amos_NamedPart<"intrinsic"> {
  let summary = "what computes";
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$issue,
                       Amos_IntrinsicClass:$class_,
                       OptionalAttr<ArrayAttr>:$placements, OptionalAttr<StrAttr>:$view,
                       OptionalAttr<FlatSymbolRefAttr>:$group, OptionalAttr<FlatSymbolRefAttr>:$state,
                       OptionalAttr<I64Attr>:$latency, OptionalAttr<F64Attr>:$interval,
                       OptionalAttr<FlatSymbolRefAttr>:$unit,
                       OptionalAttr<DenseI64ArrayAttr>:$partial, UnitAttr:$overwrite);
  let regions = (region AnyRegion:$semantics, AnyRegion:$init, AnyRegion:$lowering);
  let assemblyFormat = [{
    $sym_name `issue` `(` $issue `)` `class` `(` $class_ `)` (`operands` $placements^)?
    (`view` `(` $view^ `)`)? (`group` `(` $group^ `)`)? (`state` `(` $state^ `)`)?
    (`latency` `(` $latency^ `)`)? (`interval` `(` $interval^ `per` $unit `)`)?
    (`partial` $partial^)? (`overwrite` $overwrite^)? attr-dict
    `semantics` $semantics (`init` $init^)? (`lowering` $lowering^)?
  }];
}

def Amos_CopyOp : Amos_NamedPart<"copy"> {
  let summary = "what moves data";
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$issue,
                       AnyAttr:$from, AnyAttr:$to, OptionalAttr<DenseI64ArrayAttr>:$extents,
                       OptionalAttr<I64Attr>:$element, OptionalAttr<StrAttr>:$view,
                       OptionalAttr<FlatSymbolRefAttr>:$completes, OptionalAttr<StrAttr>:$bounds,
                       OptionalAttr<I64Attr>:$align, OptionalAttr<I64Attr>:$stride_align,
                       OptionalAttr<F64Attr>:$interval, OptionalAttr<FlatSymbolRefAttr>:$unit,
                       OptionalAttr<FlatSymbolRefAttr>:$state,
                       OptionalAttr<DenseI64ArrayAttr>:$partial);
  let regions = (region AnyRegion:$epilogue, AnyRegion:$lowering);
  let assemblyFormat = [{
    $sym_name `issue` `(` $issue `)` `from` `(` $from `)` `to` `(` $to `)`
    (`extents` $extents^)? (`element` `(` $element^ `)`)? (`view` `(` $view^ `)`)?
    (`completes` `(` $completes^ `)`)? (`bounds` `(` $bounds^ `)`)? (`align` `(` $align^ `)`)?
    (`stride_align` `(` $stride_align^ `)`)? (`interval` `(` $interval^ `per` $unit `)`)?
    (`state` `(` $state^ `)`)? (`partial` $partial^)? attr-dict
    (`epilogue` $epilogue^)? `lowering` $lowering
  }];
}

def Amos_YieldOp : Op<Amos_Dialect, "yield", [Terminator]> {
  let summary = "what a region of a description hands back";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif // AMOS_ACCELERATOR_OPS_TD
