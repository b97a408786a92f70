//===- AmosTypes.td - The tile type ------------------------*- tablegen -*-===//
#ifndef AMOS_TYPES_TD
#define AMOS_TYPES_TD

include "Amos/AmosDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinTypeInterfaces.td"

def Amos_TileType : TypeDef<Amos_Dialect, "Tile", [MemRefElementTypeInterface]> {
  let mnemonic = "tile";
  let summary = "one operand of one invocation of an intrinsic";
  let description = [{
    The extents and element type of operand `operand` of an intrinsic. How the
    tile is held follows from the intrinsic's placement when it is lowered: a
    vector, a value in the registers of several lanes, a handle of a memory, or
    a tensor when the program is emulated.

    ```mlir
    !amos.tile<4x16xi8, @x86_avx512::@vpdpbusd[1]>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape,
                        "::mlir::Type":$elementType,
                        "::mlir::SymbolRefAttr":$intrinsic,
                        "unsigned":$operand);
  let genVerifyDecl = 1;
  let assemblyFormat = "`<` custom<Shape>($shape, $elementType) `,` $intrinsic `` `[` $operand `]` `>`";
}

#endif // AMOS_TYPES_TD
