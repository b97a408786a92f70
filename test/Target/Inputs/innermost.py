"""innermost.py MULTIPLY_ADD < ASSEMBLY: what the loops that multiply consist of.

Prints a line for each loop of one basic block that holds the instruction, with the
number of vector instructions of each name, and how often vectors meet the stack.
"""

import collections
import re
import sys

label, body, spills = None, [], 0
for line in sys.stdin:
    if re.match(r"\.L\w+:", line):
        label, body = line.split(":")[0], []
        continue
    words = line.split()
    if not words or not line.startswith("\t") or words[0].startswith("."):
        continue
    body.append(words[0])
    spills += "%rsp" in line and "mm" in line.replace("%rsp", "")
    if label and words[0].startswith("j") and words[-1] == label and sys.argv[1] in body:
        counts = collections.Counter(name for name in body if name.startswith("v"))
        print("loop:", ", ".join(f"{n} {name}" for name, n in sorted(counts.items())))
        label = None
print("vectors on the stack:", spills)
