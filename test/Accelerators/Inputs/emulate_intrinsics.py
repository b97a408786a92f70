"""emulate_intrinsics.py FOLDER MACHINE..: one intrinsic of each family, by emulation.

A product is forced onto it, run on this processor as the intrinsic
means them, and compared with plain loops.
"""

import concurrent.futures
import os
import shutil
import subprocess
import sys

from intrinsics import listIntrinsics, makeProgram, sample

folder, machines = sys.argv[1], sys.argv[2:]


def emulate(machine, name):
    path = os.path.join(folder, f"{machine}-{name}.mlir")
    with open(path, "w") as file:
        file.write(makeProgram(name))
    run = subprocess.run(
        ["amosc", "run", path, "--target=" + machine, "--intrinsic=" + name, "--emulate", "-O1",
         "--fallback=allow"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True)
    return f"{machine}: {name}\n{run.stdout}" if run.returncode else ""


def main():
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for machine in machines:
            names = sample(listIntrinsics(machine))
            problems = [p for p in pool.map(lambda name: emulate(machine, name), names) if p]
            print(f"{machine}: {len(names)} intrinsics ran, {len(problems)} failed")
            print("".join(problems), end="")
            failed |= not names or bool(problems)
    return failed


sys.exit(main())
