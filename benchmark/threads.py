#!/usr/bin/env python3
"""Compiles operators for one thread and for several, and times both in one process: call by
call in turns, the median of each. Results have to be the same bits.

  threads.py                      products and the layers of ResNet-18, 1 and 2 threads
  threads.py --threads 4 --only GEMM
  threads.py --compile-to DIR     compiles only; then, where the processor is another one,
  threads.py --compiled DIR       times only
"""

import argparse
import ctypes
import json
import os
import random
import statistics
import sys
import tempfile
import time

from cpu import HERE, compile_here, format_json, read_model
from operators import OPERATORS
from program import Operator

PRODUCTS = [f"GEMM/{extent}" for extent in (512, 1024, 2048)]
LAYERS = [f"C2D/C{n}.b1" for n in range(1, 12)]
AIM = 1.85  # for two threads
BYTES = {"f32": 4, "i32": 4, "bf16": 2, "f16": 2, "i8": 1, "u8": 1}


def allocate(size, content=b"\0"):
    """Memory that is aligned to 256 bytes, and what keeps it."""
    memory = ctypes.create_string_buffer(size + 256)
    address = (ctypes.addressof(memory) + 255) & -256
    for start in range(0, size, len(content)):
        ctypes.memmove(address + start, content, min(len(content), size - start))
    return address, memory


def draw(dtype):
    """The bytes of 4096 numbers between 1 and 2, or of any integers."""
    rng = random.Random(dtype)
    if dtype == "f32":
        return bytes((ctypes.c_float * 4096)(*[rng.uniform(1, 2) for _ in range(4096)]))
    if dtype in ("bf16", "f16"):
        one, bits = (0x3F80, 7) if dtype == "bf16" else (0x3C00, 10)
        return bytes((ctypes.c_uint16 * 4096)(*[one | rng.getrandbits(bits)
                                                for _ in range(4096)]))
    return rng.randbytes(4096)


class Program:
    """A compiled function with operands of its own."""

    def __init__(self, manifest):
        with open(manifest) as file:
            content = json.load(file)
        function = content["functions"][0]
        name = next(a["file"] for a in content["artifacts"] if a["kind"] == "library")
        self.library = ctypes.CDLL(os.path.join(os.path.dirname(manifest), name))
        self.kept, passed = [], []
        for argument in function["arguments"]:
            self.size = BYTES[argument["dtype"]]
            for extent in argument["shape"]:
                self.size *= extent
            passed.append(self.allocate(self.size, draw(argument["dtype"])))
            if argument["layout"] == "packed":
                packed = self.allocate(argument["packed_bytes"])
                getattr(self.library, argument["packer"])(ctypes.c_void_p(passed[-1]),
                                                          ctypes.c_void_p(packed))
                passed[-1] = packed
        self.result = passed[-1]
        workspace = function["workspace_bytes"]
        self.arguments = ((ctypes.c_void_p * len(passed))(*passed), ctypes.c_int64(len(passed)),
                          ctypes.c_void_p(self.allocate(workspace)),
                          ctypes.c_size_t(workspace), None)
        self.function = getattr(self.library, function["symbol"] + "_call")

    def allocate(self, size, content=b"\0"):
        address, memory = allocate(size, content)
        self.kept.append(memory)
        return address

    def time(self):
        started = time.perf_counter()
        status = self.function(*self.arguments)
        seconds = time.perf_counter() - started
        if status:
            sys.exit(f"a call returned status {status}")
        return seconds

    def get_result(self):
        return ctypes.string_at(self.result, self.size)


def list_cases(options):
    types = ["f32", "bf16", "i8"] if options.type == "all" else [options.type]
    return [(name, dtype) for name in PRODUCTS + LAYERS if options.only in name
            for dtype in types]


def get_folder(name, dtype, threads, folder):
    return os.path.join(folder, name.replace("/", "-"), dtype, str(threads))


def compile_case(name, dtype, options, folder):
    operator = Operator(OPERATORS[name])
    packing = ["--prepack=arg1"] if operator.put_channels_last() else []
    for threads in (1, options.threads):
        compile_here(operator, dtype, options, get_folder(name, dtype, threads, folder),
                     f"--threads={threads}", *packing)


def measure(name, dtype, options, folder):
    programs = [Program(os.path.join(get_folder(name, dtype, threads, folder), "kernel.json"))
                for threads in (1, options.threads)]
    once = max(programs[0].time() for _ in range(2))
    rounds = min(max(int(options.seconds / once), 5), 2000)
    times = [[program.time() for program in programs] for _ in range(rounds)]
    alone, shared = (statistics.median(column) for column in zip(*times))
    return {"operator": name, "type": dtype, "rounds": rounds,
            "alone_us": round(alone * 1e6, 1), "shared_us": round(shared * 1e6, 1),
            "ratio": round(alone / shared, 3),
            "same": programs[0].get_result() == programs[1].get_result()}


def print_table(machine, rows, file):
    for key, value in machine.items():
        print(f"- {key}: {value}", file=file)
    print(f"\nMicroseconds of a call; {AIM} is aimed at with two threads.\n\n"
          f"| operator | type | 1 thread | {machine['threads']} threads | ratio | same bits |\n|"
          + "---|" * 6, file=file)
    for row in rows:
        print(print_row(row), file=file)


def print_row(row):
    return (f"| {row['operator']} | {row['type']} | {row['alone_us']} | {row['shared_us']} "
            f"| {row['ratio']:.2f} | {'yes' if row['same'] else 'NO'} |")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin", default=os.path.join(HERE, "..", "build", "bin"))
    parser.add_argument("--target", default="native")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--type", default="all", choices=["i8", "bf16", "f32", "all"])
    parser.add_argument("--only", default="", help="names that contain this")
    parser.add_argument("--seconds", type=float, default=1, help="for each operator")
    parser.add_argument("--compile-to", metavar="DIR", help="compile to this folder, time nothing")
    parser.add_argument("--compiled", metavar="DIR", help="time what lies in this folder")
    parser.add_argument("--out", help="write FILE.json and FILE.md")
    return parser.parse_args()


def main():
    options = parse_options()
    machine = {"cpu": read_model(), "cores": os.cpu_count(), "threads": options.threads,
               "load before": f"{os.getloadavg()[0]:.1f}",
               "command": "benchmark/threads.py " + " ".join(sys.argv[1:])}
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.compile_to or options.compiled or temporary
        for name, dtype in list_cases(options):
            if not options.compiled:
                compile_case(name, dtype, options, folder)
            if not options.compile_to:
                rows.append(measure(name, dtype, options, folder))
                print(print_row(rows[-1]), file=sys.stderr, flush=True)
    if options.compile_to:
        return 0
    print_table(machine, rows, sys.stdout)
    if options.out:
        with open(options.out + ".json", "w") as file:
            file.write(format_json(machine, rows))
        with open(options.out + ".md", "w") as file:
            print_table(machine, rows, file)
    return 0 if all(row["same"] for row in rows) else 4


if __name__ == "__main__":
    sys.exit(main())
