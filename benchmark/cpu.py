#!/usr/bin/env python3
"""Compiles operators for this CPU, checks them, and times them beside oneDNN and beside
the rate of the core's multiply-add unit: in one process, on one core, in shuffled rounds.

  cpu.py                          the suite of operators.py in int8, channels last
  cpu.py --type bf16 --only C2D   the layers of ResNet-18 in the suite
  cpu.py --all --only GRP/        any operator of operators.py
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

from operators import OPERATORS, SUITE
from program import Operator

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ["oneDNN plain", "oneDNN packed", "oneDNN packing"]


def run(command):
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def find_tool(options, name):
    for folder in (options.bin, os.path.join(options.bin, "..", "benchmark")):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return path
    sys.exit(f"'{name}' is not built: ninja -C build {name}")


def compile_here(operator, dtype, options, folder):
    """The manifest's path, and how long it took."""
    source = os.path.join(folder, "kernel.mlir")
    with open(source, "w") as file:
        file.write(operator.emit(dtype))
    started = datetime.datetime.now()
    run([find_tool(options, "amosc"), source, f"--target={options.target}", "--out-dir", folder,
         "--emit=so,reference,manifest"])
    return (os.path.join(folder, "kernel.json"),
            (datetime.datetime.now() - started).total_seconds())


def measure(operator, dtype, channels, options, folder):
    manifest, compiled = compile_here(operator, dtype, options, folder)
    with open(manifest) as file:
        operations = json.load(file)["functions"][0]["operations"]
    decided = next((o for o in operations if o.get("mapping")), {"mapping": {}})
    report = json.loads(run([find_tool(options, "amos-run"), manifest, "--json"]))
    problem = os.path.join(folder, "problem.json")
    peers = {key: operator.record[key] for key in ("matmul", "conv") if key in operator.record}
    if peers.get("matmul", {}).get("batch"):
        peers = {}
    with open(problem, "w") as file:
        json.dump({"dtype": dtype, "channels": channels, **peers}, file)
    race = json.loads(run([find_tool(options, "bench-onednn"), manifest, problem,
                           str(options.core)]))
    return {"operator": operator.name, "type": dtype, "channels": channels,
            "macs": operator.count_macs(), "passed": report["functions"][0]["passed"],
            "unit": race["unit"], "peer": race["peer"], "contestants": race["contestants"],
            "mapping": decided["mapping"].get("text", ""), "schedule": decided.get("schedule"),
            "compile_s": round(compiled, 2)}


def read_model():
    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    return model[1] if model else platform.processor()


def describe_machine(options, rows):
    return {"cpu": read_model(), "cores": os.cpu_count(), "core": options.core,
            "system": f"{platform.system()} {platform.release()}",
            "load": f"{os.getloadavg()[0]:.1f}",
            "amosc": run([find_tool(options, "amosc"), "--version"]).splitlines()[0],
            "peer": rows[0]["peer"] if rows else "", "target": options.target,
            "date": datetime.datetime.now(datetime.timezone.utc).strftime(
                "%Y-%m-%d %H:%M UTC"),
            "command": "benchmark/cpu.py " + " ".join(sys.argv[1:])}


def find(row, name):
    return next((c for c in row["contestants"] if c["name"] == name and "share" in c), None)


def print_cell(entry):
    return f"{entry['seconds'] * 1e6:.1f} ({entry['share']:.0%})" if entry else "–"


def print_row(row):
    ours = find(row, "amosc")
    peers = [find(row, name) for name in PEERS]
    ratio = f"{peers[2]['share'] and ours['share'] / peers[2]['share']:.2f}" if peers[2] else "–"
    return (f"| {row['operator']} | {row['type']} | {print_cell(ours)} | "
            + " | ".join(map(print_cell, peers))
            + f" | {ratio} | {'yes' if row['passed'] else 'NO'} | `{row['mapping']}` |")


def print_table(machine, rows, file):
    for key, value in machine.items():
        print(f"- {key}: {value}", file=file)
    print("\nMicroseconds of a call, and in brackets the share of the core's multiply-add unit "
          "in the same\nmoments. `ratio`: our share over that of oneDNN with its reorders, which "
          "does the same job.\n", file=file)
    print("| operator | type | amosc | oneDNN plain | packed before | packing | ratio | right "
          "| mapping |\n|" + "---|" * 9, file=file)
    for row in rows:
        print(print_row(row), file=file)


def format_json(machine, rows):
    """A line a row: they are compared and merged by hand too."""
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    return f'{{"machine": {json.dumps(machine, indent=1)},\n "rows": [\n{lines}\n]}}\n'


def choose_operators(options):
    if options.records:
        records = json.load(open(options.records))
    else:
        records = list(OPERATORS.values()) if options.all else SUITE
    records = [r for r in records if options.only in r["name"]]
    operators = [o for o in map(Operator, records) if o.is_contraction()]
    if options.draw:
        operators = random.Random(options.seed).sample(operators, options.draw)
    return operators


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin", default=os.path.join(HERE, "..", "build", "bin"))
    parser.add_argument("--target", default="native")
    parser.add_argument("--type", default="i8", choices=["i8", "bf16", "f32", "all"])
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="not the suite only")
    parser.add_argument("--from", dest="records", help="a JSON list of operators")
    parser.add_argument("--draw", type=int, help="take this many at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="names that contain this")
    parser.add_argument("--channels", choices=["first", "last"], default="last")
    parser.add_argument("--out", help="write FILE.json and FILE.md")
    return parser.parse_args()


def main():
    options = parse_options()
    rows = []
    types = ["i8", "bf16", "f32"] if options.type == "all" else [options.type]
    with tempfile.TemporaryDirectory() as folder:
        for operator in choose_operators(options):
            channels = "first"
            if options.channels == "last" and operator.put_channels_last():
                channels = "last"
            for dtype in types:
                rows.append(measure(operator, dtype, channels, options, folder))
                print(print_row(rows[-1]), file=sys.stderr, flush=True)
    machine = describe_machine(options, rows)
    print_table(machine, rows, sys.stdout)
    if options.out:
        with open(options.out + ".json", "w") as file:
            file.write(format_json(machine, rows))
        with open(options.out + ".md", "w") as file:
            print_table(machine, rows, file)
    return 0 if all(row["passed"] for row in rows) else 4


if __name__ == "__main__":
    sys.exit(main())
