//===- h100.mlir - NVIDIA H100 SXM ----------------------------------------===//
//
// The tensor cores of nvidia-sm90 beside HBM3: 3.35e12 bytes a second by the vendor's
// data sheet, at the clock of that description.
//
//===----------------------------------------------------------------------===//

amos.accelerator @h100 extends @nvidia_sm90 {
  change @global bandwidth(1830.0)
}
