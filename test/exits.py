"""exits.py CODE PROGRAM ARGUMENTS...: succeeds iff the program exits so."""

import subprocess
import sys

expected = int(sys.argv[1])
actual = subprocess.run(sys.argv[2:]).returncode
if actual != expected:
    sys.exit(f"expected exit status {expected}, got {actual}")
