"""assemble.py FOLDER MACHINE..: kernels for every intrinsic, assembled for the chip.

With AMOS_ALL_INTRINSICS, each one, with a convolution too; else one of each family. A
product is forced onto it; warnings, of the assembler too, and spills fail.
"""

import concurrent.futures
import os
import shutil
import subprocess
import sys

from intrinsics import listIntrinsics, makeProgram, sample

folder, machines = sys.argv[1], sys.argv[2:]
isComplete = bool(os.environ.get("AMOS_ALL_INTRINSICS"))


def assemble(machine, name):
    path = os.path.join(folder, f"{machine}-{name}.mlir")
    with open(path, "w") as file:
        file.write(makeProgram(name, withConv=isComplete))
    run = subprocess.run(
        ["amosc", path, "--target=" + machine, "--intrinsic=" + name, "--emit=cubin", "-o",
         path[:-5] + ".cubin", "-Werror", "--fallback=allow", "--require-intrinsic"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    return f"{machine}: {name}\n{run.stdout}" if run.returncode else ""


def main():
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for machine in machines:
            names = listIntrinsics(machine)
            if not isComplete:
                names = sample(names)
            problems = [p for p in pool.map(lambda name: assemble(machine, name), names) if p]
            print(f"{machine}: {len(names)} intrinsics assembled, {len(problems)} failed")
            print("".join(problems), end="")
            failed |= not names or bool(problems)
    return failed


sys.exit(main())
