//===- VariationOps.td - Machines made from others ---------*- tablegen -*-===//
#ifndef AMOS_VARIATION_OPS_TD
#define AMOS_VARIATION_OPS_TD

include "Amos/AcceleratorOps.td"

/// Stands in a description until it is read; no program holds one.
class Amos_Variation<string mnemonic, list<Trait> traits = []>
    : Amos_DescriptionOp<mnemonic, !listconcat(traits, [HasParent<"AcceleratorOp">])>;

def Amos_ChangeOp : Amos_Variation<"change"> {
  let summary = "other numbers in a part of the base";
  let description = [{
    Gives arguments of a part that is there already other values; what is not named
    stays. The arguments have the names of the tables of the op.

    | argument | unit | meaning |
    |---|---|---|
    | `part` | | a name, or a glob for all parts that match |
    | `values` | as the part's | the new values, by name |

    ```mlir
    change @l2 capacity(2097152), bandwidth(64.0)
    change @"mma_*" interval(1.0)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$part, DictionaryAttr:$values);
  let assemblyFormat = "$part custom<Values>($values) attr-dict-with-keyword";
  let hasVerifier = 1;
}

def Amos_RemoveOp : Amos_Variation<"remove"> {
  let summary = "a part of the base that is not there";
  let description = [{
    | argument | unit | meaning |
    |---|---|---|
    | `part` | | a name, or a glob for all parts that match |

    ```mlir
    remove @fma_f64
    remove @"mma_*_f16"
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$part);
  let assemblyFormat = "$part attr-dict-with-keyword";
}

def Amos_FamilyOp : Amos_Variation<"family", [SymbolTable, NoTerminator, SingleBlock]> {
  let summary = "parts written once for many sizes";
  let description = [{
    Its parts are written for one size, the stand-in, and are there once for each of
    `sizes`. The stand-in is a number that means nothing else: it has a prime factor
    of 11 or more, and every number that this prime divides, in names, types and
    attributes, grows with the size. Where 104 stands for n, 52 stands for n / 2;
    `wgmma_m64n104k16` becomes `wgmma_m64n256k16`, `tensor<16x104xf16>` becomes
    `tensor<16x256xf16>`, `interval(52.0 ..)` becomes `interval(128.0 ..)`. A struct
    of so many equal members gets more or fewer of them. Numbers above 65536 times
    the prime are left alone.

    | argument | unit | meaning |
    |---|---|---|
    | `stand_in` | | the size that the parts are written for |
    | `sizes` | | the sizes there are |

    ```mlir
    family 44 in [8, 16] {
      intrinsic @dot_n44 issue(@thread) class(dot) semantics {
      ^bb0(%a: tensor<4xi8>, %b: tensor<4x44xi8>, %c: tensor<44xi8>):
        %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x44xi8>)
            outs(%c : tensor<44xi8>) -> tensor<44xi8>
        yield %d : tensor<44xi8>
      }
    }
    ```
  }];
  let arguments = (ins I64Attr:$stand_in, DenseI64ArrayAttr:$sizes);
  let regions = (region SizedRegion<1>:$parts);
  // Lists of words, types and attributes are kept as `amos.words` (Families.h).
  let assemblyFormat = "custom<Members>($stand_in, $sizes, attr-dict) $parts";
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = extraDescriptionDeclaration # [{
    /// The prime whose multiples grow with the size: the largest of the stand-in.
    int64_t getPrime();
  }];
}

#endif // AMOS_VARIATION_OPS_TD
