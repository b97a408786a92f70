// MmaSyncOp::verify reads three extents, however many there are.
func.func @f(%x: vector<4x2xf16>, %y: vector<2x2xf16>, %z: vector<2x2xf16>) -> vector<2x2xf16> {
  %d = nvgpu.mma.sync(%x, %y, %z) {mmaShape = []}
      : (vector<4x2xf16>, vector<2x2xf16>, vector<2x2xf16>) -> vector<2x2xf16>
  return %d : vector<2x2xf16>
}
