// ExtractValueOp::parse looks for a member far beyond the last one.
func.func @f(%s: !llvm.struct<(i32, i32)>) -> i32 {
  %0 = llvm.extractvalue %s[4294967296] : !llvm.struct<(i32, i32)>
  return %0 : i32
}
