#!/usr/bin/env python3
"""Compiles contractions for this CPU, checks them, and compares their speed with the
rate of the core's multiply-add unit, measured before and after each.

Everything is inside the timed call: packing and padding too. One pinned core, warm.

  cpu.py                          the suite of operators.py, int8, channels last
  cpu.py --draw 3 --from FILE     three contractions drawn from a file of records
"""

import argparse
import datetime
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile

from operators import SUITE, Operator

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def pinned(command, core):
    return ["taskset", "-c", str(core)] + command


def build_ceiling(folder):
    program = os.path.join(folder, "ceiling")
    run(["cc", "-O2", os.path.join(HERE, "ceiling.c"), "-o", program])
    return program


def measure(operator, options, folder, ceiling):
    source = os.path.join(folder, "kernel.mlir")
    with open(source, "w") as file:
        file.write(operator.emit(options.type))
    tool = lambda name: os.path.join(options.bin, name)
    started = datetime.datetime.now()
    run([tool("amosc"), source, f"--target={options.target}", "--out-dir", folder,
         "--emit=so,reference,manifest"])
    compiled = (datetime.datetime.now() - started).total_seconds()
    with open(os.path.join(folder, "kernel.json")) as file:
        operation = next(o for o in json.load(file)["functions"][0]["operations"] if o.get("mapping"))
    rate = lambda: float(run(pinned([ceiling, options.type], options.core)))
    before = rate()
    report = json.loads(run(pinned([tool("amos-run"), os.path.join(folder, "kernel.json"), "--time",
                                    "--json"], options.core)))
    after = rate()
    function = report["functions"][0]
    seconds = function["time"]["median_s"]
    gops = 2 * operator.count_macs() / seconds * 1e-9
    return {"operator": operator.name, "type": options.type, "seconds": seconds,
            "spread": [function["time"]["low_s"], function["time"]["high_s"]], "gops": gops,
            "ceiling": [before, after], "share": gops / max(before, after),
            "passed": function["passed"], "mapping": operation["mapping"]["text"],
            "schedule": operation.get("schedule", ""), "compile_s": compiled}


def describe_machine(options):
    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    return {"cpu": model[1] if model else platform.processor(), "core": options.core,
            "amosc": run([os.path.join(options.bin, "amosc"), "--version"]).strip(),
            "target": options.target, "date": datetime.date.today().isoformat(),
            "command": "benchmark/cpu.py " + " ".join(sys.argv[1:])}


def print_table(machine, rows, file):
    for key, value in machine.items():
        print(f"- {key}: {value}", file=file)
    print("\n| operator | ms | GOP/s | unit's GOP/s | share | right | mapping |\n|" + "---|" * 7, file=file)
    for row in rows:
        print(f"| {row['operator']} | {row['seconds'] * 1e3:.3f} | {row['gops']:.0f} "
              f"| {max(row['ceiling']):.0f} | {row['share']:.0%} | {'yes' if row['passed'] else 'NO'} "
              f"| `{row['mapping']}` |", file=file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin", default=os.path.join(HERE, "..", "build", "bin"))
    parser.add_argument("--target", default="native")
    parser.add_argument("--type", default="i8", choices=["i8", "bf16", "f32"])
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--from", dest="records", help="a JSON list of operators")
    parser.add_argument("--draw", type=int, help="take this many at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="names that contain this")
    parser.add_argument("--channels", choices=["first", "last"], default="last")
    parser.add_argument("--out", help="write FILE.json and FILE.md")
    options = parser.parse_args()

    records = json.load(open(options.records)) if options.records else SUITE
    records = [r for r in records if options.only in r["name"] and r.get("combine", "mul") == "mul"]
    operators = [o for o in map(Operator, records) if o.is_contraction()]
    if options.draw:
        operators = random.Random(options.seed).sample(operators, options.draw)
    if options.channels == "last":
        operators = [o.put_channels_last() for o in operators]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        ceiling = build_ceiling(folder)
        for operator in operators:
            rows.append(measure(operator, options, folder, ceiling))
            print(f"{rows[-1]['operator']:24} {rows[-1]['gops']:8.0f} GOP/s {rows[-1]['share']:.0%}",
                  file=sys.stderr, flush=True)
    machine = describe_machine(options)
    print_table(machine, rows, sys.stdout)
    if options.out:
        with open(options.out + ".json", "w") as file:
            json.dump({"machine": machine, "rows": rows}, file, indent=1)
        with open(options.out + ".md", "w") as file:
            print_table(machine, rows, file)
    return 0 if all(row["passed"] for row in rows) else 4


if __name__ == "__main__":
    sys.exit(main())
