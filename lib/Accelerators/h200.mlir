//===- h200.mlir - NVIDIA H200 --------------------------------------------===//
//
// The tensor cores of nvidia-sm90 beside HBM3e: 4.8e12 bytes a second by the vendor's
// data sheet, at the clock of that description.
//
//===----------------------------------------------------------------------===//

amos.accelerator @h200 extends @nvidia_sm90 {
  change @global bandwidth(2620.0)
}
