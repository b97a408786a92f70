"""Prints one machine made of the examples in the documentation of the ops."""
import pathlib
import re
import sys

# What the examples refer to and do not show.
SURROUNDINGS = """
  scope @warpgroup = 4 @core
  level @dram per @core address(!llvm.ptr)
  level @sp per @core address(i32)
  layout @pad in @sp affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  llvm.func @wait_for_phase(!llvm.ptr<3>, i32)
  llvm.func @config_load(i64)
  llvm.func @issue_mvin(!llvm.ptr, i64, i32, i32, i32)
"""

text = "".join(path.read_text() for path in sorted(pathlib.Path(sys.argv[1]).glob("*.td")))
examples = dict(re.findall(r"def Amos_(\w+)Op :.*?```mlir\n(.*?)```", text, re.S))
parts = ["Scope", "Level", "Layout", "Group", "Barrier", "Budget", "State", "Copy", "Intrinsic", "Family"]
# No example declares the view that the one of the fence names.
fence = examples["Fence"].replace('"async"', '"generic"')
print(examples["Accelerator"])
# What is extended is read by the compiler, not by the dialect.
print(re.search(r"that `extends` another.*?```mlir\n(.*?)```", text, re.S).group(1))
print("amos.accelerator @varied extends @base {", examples["Change"], examples["Remove"], "}")
print("amos.accelerator @examples {", SURROUNDINGS, *(examples[part] for part in parts), fence, "}")
