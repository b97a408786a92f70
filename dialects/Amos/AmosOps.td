//===- AmosOps.td - Every op of the dialect ----------------*- tablegen -*-===//
include "Amos/AcceleratorOps.td"
include "Amos/TileOps.td"
