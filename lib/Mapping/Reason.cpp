//===- Reason.cpp - Why something was refused -----------------------------===//

#include "amos/Mapping/Reason.h"
#include "llvm/Support/ErrorHandling.h"

llvm::StringRef amos::spell(ReasonCode code) {
  switch (code) {
  case ReasonCode::Body:
    return "E-BODY";
  case ReasonCode::Dtype:
    return "E-DTYPE";
  case ReasonCode::Struct:
    return "E-STRUCT";
  case ReasonCode::Extent:
    return "E-EXTENT";
  case ReasonCode::Layout:
    return "E-LAYOUT";
  case ReasonCode::Align:
    return "E-ALIGN";
  case ReasonCode::Capacity:
    return "E-CAPACITY";
  case ReasonCode::Range:
    return "E-RANGE";
  case ReasonCode::Finite:
    return "E-FINITE";
  case ReasonCode::Dynamic:
    return "E-DYNAMIC";
  case ReasonCode::Target:
    return "E-TARGET";
  case ReasonCode::Proof:
    return "E-PROOF";
  }
  llvm_unreachable("every code is spelled above");
}
