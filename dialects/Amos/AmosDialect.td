//===- AmosDialect.td - The amos dialect -------------------*- tablegen -*-===//
#ifndef AMOS_DIALECT_TD
#define AMOS_DIALECT_TD

include "mlir/IR/OpBase.td"

def Amos_Dialect : Dialect {
  let name = "amos";
  let cppNamespace = "::amos";
  let summary = "Accelerators as data, mappings as attributes, tiles as values";
  let description = [{
    Three vocabularies in one dialect.

    *Accelerator ops* describe a machine: who executes (`scope`), where data
    lives (`level`), how it lies (`layout`), what moves it (`copy`) and what
    computes (`intrinsic`). A description is a file; nothing in the compiler
    names a machine.

    *Decision attributes* record what the compiler (or a person) decided about
    a contraction: `#amos.mapping`, `#amos.schedule`, `#amos.cost`.

    *Tile ops* are the mapped program: loops over `load`, `invoke` and `store`
    on `!amos.tile` values, still independent of how a tile is held.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerTypes();
  }];
}

#endif // AMOS_DIALECT_TD
