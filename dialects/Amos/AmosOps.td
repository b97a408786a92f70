//===- AmosOps.td - Every op of the dialect ----------------*- tablegen -*-===//
include "Amos/AcceleratorOps.td"
include "Amos/AsynchronyOps.td"
include "Amos/WorkOps.td"
include "Amos/VariationOps.td"
include "Amos/TileOps.td"
