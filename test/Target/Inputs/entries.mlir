// Kernels by hand, as the lowering leaves them: y = s ? 2x : x (s by value),
// the same with scratch memory, one for this CPU and one for none of today.
module {
  llvm.func @scale(%x: !llvm.ptr, %s: i1, %y: !llvm.ptr, %w: !llvm.ptr) attributes {
      amos.signature = [{dtype = "f32", name = "x", role = "in", shape = array<i64: 1>},
                        {dtype = "i1", name = "s", role = "in"},
                        {dtype = "f32", name = "y", role = "out", shape = array<i64: 1>}]} {
    %v = llvm.load %x : !llvm.ptr -> f32
    %d = llvm.fadd %v, %v : f32
    %p = llvm.select %s, %d, %v : i1, f32
    llvm.store %p, %y : f32, !llvm.ptr
    llvm.return
  }
  llvm.func @scratch(%x: !llvm.ptr, %y: !llvm.ptr, %w: !llvm.ptr) attributes {
      amos.signature = [{dtype = "i64", name = "x", role = "in", shape = array<i64: 1>},
                        {dtype = "i64", name = "y", role = "out", shape = array<i64: 1>}],
      amos.workspace = 4096 : i64} {
    %v = llvm.load %x : !llvm.ptr -> i64
    llvm.store %v, %w : i64, !llvm.ptr
    %u = llvm.load %w : !llvm.ptr -> i64
    llvm.store %u, %y : i64, !llvm.ptr
    llvm.return
  }
  llvm.func @gather(%x: !llvm.ptr, %n: i64, %o: i64, %s: i64, %y: !llvm.ptr, %w: !llvm.ptr) attributes {
      amos.signature = [{dtype = "i64", name = "x", role = "in",
                         shape = array<i64: -9223372036854775808>, offset = -9223372036854775808 : i64,
                         strides = array<i64: -9223372036854775808>},
                        {dtype = "i64", name = "y", role = "out", shape = array<i64: 3>}]} {
    llvm.store %n, %y : i64, !llvm.ptr
    %y1 = llvm.getelementptr %y[1] : (!llvm.ptr) -> !llvm.ptr, i64
    llvm.store %o, %y1 : i64, !llvm.ptr
    %y2 = llvm.getelementptr %y[2] : (!llvm.ptr) -> !llvm.ptr, i64
    llvm.store %s, %y2 : i64, !llvm.ptr
    llvm.return
  }
  llvm.func @present(%w: !llvm.ptr) attributes {amos.signature = [], amos.features = ["+sse2", "+avx"]} {
    llvm.return
  }
  llvm.func @absent(%w: !llvm.ptr) attributes {amos.signature = [], amos.features = ["+sse2", "+xop"]} {
    llvm.inline_asm has_side_effects "ud2", "" : () -> ()
    llvm.return
  }
}
