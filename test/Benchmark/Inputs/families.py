"""families.py FOLDER: normalizes the first operator of each family in FOLDER."""
import subprocess
import sys

sys.path.insert(0, sys.argv[1])
from operators import OPERATORS  # noqa: E402
from program import Operator  # noqa: E402

families = {}
for name, record in OPERATORS.items():
    families.setdefault(name.split("/")[0], record)
for family, record in families.items():
    for dtype, is_narrow in [("i8", False), ("bf16", True), ("f16", False), ("f32", False)]:
        done = subprocess.run(["amosc", "-", "--target=generic", "--stop-after=normalize"],
                              input=Operator(record).emit(dtype, is_narrow), text=True, capture_output=True)
        if done.returncode:
            sys.exit(f"{family} {dtype}: {done.stderr}")
print(f"{len(families)} families are accepted")
