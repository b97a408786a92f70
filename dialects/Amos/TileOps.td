//===- TileOps.td - The mapped program ---------------------*- tablegen -*-===//
#ifndef AMOS_TILE_OPS_TD
#define AMOS_TILE_OPS_TD

include "Amos/AmosAttrs.td"
include "Amos/AmosTypes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Amos_TileOp<string mnemonic, list<Trait> traits = []>
    : Op<Amos_Dialect, mnemonic, traits>;

def Amos_LoadOp : Amos_TileOp<"load"> {
  let summary = "read the elements of a tile, zero where a guard fails";
  let description = [{
    Element `(l0, l1, ..)` of the tile is `source[index(coordinates)[l0, l1, ..]]`
    where every constraint of `where` holds, zero elsewhere. The dimensions of
    both maps are the coordinates, the symbols the tile's own.

    ```mlir
    %a = amos.load %A(%i, %k) index affine_map<(i, k)[l] -> (i, k * 4 + l)>
           where affine_set<(i, k)[l] : (130 - k * 4 - l >= 0)>
         : memref<8x131xi8> -> !amos.tile<4xi8, @m::@dot[0]>
    ```
  }];
  let arguments = (ins Arg<AnyMemRef, "", [MemRead]>:$source,
                       Variadic<Index>:$coordinates, AffineMapAttr:$index,
                       OptionalAttr<IntegerSetAttr>:$guards);
  let results = (outs Amos_TileType:$tile);
  let assemblyFormat = [{
    $source `(` $coordinates `)` `index` $index (`where` $guards^)? attr-dict
    `:` type($source) `->` type($tile)
  }];
  let hasVerifier = 1;
}

def Amos_StoreOp : Amos_TileOp<"store", [AttrSizedOperandSegments, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "write the elements of a tile where the guards hold";
  let description = [{
    The opposite of `amos.load`: elements whose guards fail are not written.

    ```mlir
    amos.store %c, %C(%i, %j) index affine_map<(i, j)[l] -> (i, j * 16 + l)>
      : !amos.tile<16xi32, @m::@dot[2]>, memref<8x64xi32>
    ```

    With a body (`by`), what is written to `target[x]` is what the body yields for
    the tile's element and, for each of `sources`, the element at `source_maps(x)`:

    ```mlir
    amos.store %c, %C(%i, %j) index affine_map<(i, j)[l] -> (i, j * 16 + l)>
        with (%bias) at [affine_map<(i, j) -> (j)>]
        : !amos.tile<16xf32, @m::@fma[2]>, memref<8x64xf16>, memref<64xf32> by {
    ^bb0(%sum: f32, %b: f32):
      %shifted = arith.addf %sum, %b : f32
      %rounded = arith.truncf %shifted : f32 to f16
      yield %rounded : f16
    }
    ```

    `via` names a copy to a tensor that writes the same, one for each panel of the
    copy's columns of the tile: its symbols are a function of coordinates and, as the
    only symbol, the panel. `merging` is that of `amos.stage`; `panels` are the tile's
    coordinates along rows and columns of a panel. `through` adds what
    code needs for it: a buffer of panels that the unit numbered so has for itself,
    and the copy's descriptor.
  }];
  let arguments = (ins Amos_TileType:$tile,
                       Arg<AnyMemRef, "", [MemWrite]>:$target,
                       Variadic<Index>:$coordinates, AffineMapAttr:$index,
                       OptionalAttr<IntegerSetAttr>:$guards,
                       Arg<Variadic<AnyMemRef>, "", [MemRead]>:$sources,
                       OptionalAttr<AffineMapArrayAttr>:$source_maps,
                       OptionalAttr<SymbolRefAttr>:$copy,
                       OptionalAttr<AffineMapAttr>:$copy_symbols,
                       OptionalAttr<DenseI64ArrayAttr>:$merged,
                       OptionalAttr<DenseI64ArrayAttr>:$panels,
                       Arg<Optional<AnyMemRef>, "", [MemRead, MemWrite]>:$buffer,
                       Optional<AnyType>:$descriptor, Optional<Index>:$unit);
  let regions = (region AnyRegion:$body);
  let assemblyFormat = [{
    $tile `,` $target `(` $coordinates `)` `index` $index (`where` $guards^)?
    (`with` `(` $sources^ `)` `at` $source_maps)?
    (`via` $copy^ $copy_symbols `merging` `` $merged `panels` `` $panels)?
    (`through` $buffer^ `,` $descriptor `of` $unit)? attr-dict
    `:` type($tile) `,` type($target) (`,` type($sources)^)?
    (`through` type($buffer)^ `,` type($descriptor))? (`by` $body^)?
  }];
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$tile, "::mlir::Value":$target,
                                 "::mlir::ValueRange":$coordinates,
                                 "::mlir::AffineMapAttr":$index,
                                 "::mlir::IntegerSetAttr":$guards)>];
}

def Amos_ZeroOp : Amos_TileOp<"zero", [Pure]> {
  let summary = "an accumulator tile holding the identity of addition";
  let description = [{
    ```mlir
    %c = amos.zero : !amos.tile<16xi32, @m::@dot[2]>
    ```
  }];
  let results = (outs Amos_TileType:$tile);
  let assemblyFormat = "attr-dict `:` type($tile)";
}

def Amos_InvokeOp : Amos_TileOp<"invoke", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one invocation of an intrinsic on tiles";
  let description = [{
    The operands are the intrinsic's, in its order, the accumulator last; the
    result is the new accumulator.

    ```mlir
    %d = amos.invoke @m::@dot(%a, %b, %c)
       : (!amos.tile<4xi8, @m::@dot[0]>, !amos.tile<4x16xi8, @m::@dot[1]>,
          !amos.tile<16xi32, @m::@dot[2]>) -> !amos.tile<16xi32, @m::@dot[2]>
    ```
  }];
  let arguments = (ins SymbolRefAttr:$intrinsic, Variadic<Amos_TileType>:$operandTiles);
  let results = (outs Amos_TileType:$result);
  let assemblyFormat = "$intrinsic `(` $operandTiles `)` attr-dict `:` functional-type($operandTiles, $result)";
}

def Amos_SettleOp : Amos_TileOp<"settle", [AllTypesMatch<["tile", "settled"]>]> {
  let summary = "an accumulator after a wait for what computes it";
  let description = [{
    An asynchronous intrinsic writes registers while later code runs already.
    What follows a wait takes the accumulator from here, so that no use of it
    moves in front of the wait.

    ```mlir
    %d = amos.settle %c : !amos.tile<64x128xf32, @m::@wgmma[2]>
    ```
  }];
  let arguments = (ins Amos_TileType:$tile);
  let results = (outs Amos_TileType:$settled);
  let assemblyFormat = "$tile attr-dict `:` type($tile)";
}

def Amos_StageOp : Amos_TileOp<"stage", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "fill a buffer that several parts of the machine share";
  let description = [{
    Element `(t0, t1, ..)` of the target becomes
    `source[index(coordinates)[t0, t1, ..]]` where every constraint of `where`
    holds, zero elsewhere: a load of a tile as large as the buffer. All parts
    that share the buffer do it together. None of them goes on before all of the
    buffer is filled, and none fills it before all have done with what was there.
    A program that runs the parts one after the other may fill it for each.

    `via` names a copy from a tensor that fetches the same, one for each step of
    the target's first dimension: its symbols are a function of coordinates and,
    as the only symbol, that step. Each of the copy's tensor's dimensions stands
    for so many of the source's, neighbours, as `merging` says.

    ```mlir
    amos.stage %A(%i, %k) index affine_map<(i, k)[t, l] -> (i + t, k * 4 + l)>
        where affine_set<(i, k)[t, l] : (130 - k * 4 - l >= 0)> to %s
      : memref<8x131xi8>, memref<4x16xi8>
    ```
  }];
  let arguments = (ins Arg<AnyMemRef, "", [MemRead]>:$source,
                       Variadic<Index>:$coordinates, AffineMapAttr:$index,
                       OptionalAttr<IntegerSetAttr>:$guards,
                       Arg<AnyMemRef, "", [MemWrite]>:$target,
                       OptionalAttr<SymbolRefAttr>:$copy,
                       OptionalAttr<AffineMapAttr>:$copy_symbols,
                       OptionalAttr<DenseI64ArrayAttr>:$merged);
  let assemblyFormat = [{
    $source `(` $coordinates `)` `index` $index (`where` $guards^)? `to` $target
    (`via` $copy^ $copy_symbols `merging` `` $merged)? attr-dict `:` type($source) `,` type($target)
  }];
  let hasVerifier = 1;
}

#endif // AMOS_TILE_OPS_TD
