#!/usr/bin/env python3
"""Compiles operators for this CPU, checks them, and times them beside oneDNN and beside
the rate of the core's multiply-add unit: in one process, on one core, in shuffled rounds.

  cpu.py                          the suite of operators.py in int8, channels last
  cpu.py --type bf16 --only C2D   the layers of ResNet-18 in the suite
  cpu.py --all --only GRP/        any operator of operators.py
  cpu.py --draw 3 --from FILE     three contractions drawn from a file of records
  cpu.py --prepack --only GEMM    with weights packed beforehand
  cpu.py --sets --type all        the sets of sets.py, with geometric means beside their aims
  cpu.py --sets depthwise         those whose name contains a word
  cpu.py --sets family            the families of AMOS beside oneDNN or loops in C
"""

import argparse
import datetime
import json
import math
import os
import platform
import random
import re
import subprocess
import sys
import tempfile

import loops
from operators import OPERATORS, SUITE
from program import Operator
from sets import LOOPS, SETS

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


def compile_here(operator, dtype, options, folder, *more):
    """The manifest's path, and how long it took."""
    os.makedirs(folder, exist_ok=True)
    source = os.path.join(folder, "kernel.mlir")
    with open(source, "w") as file:
        file.write(operator.emit(dtype))
    started = datetime.datetime.now()
    run([find_tool(options, "amosc"), source, f"--target={options.target}", "--out-dir", folder,
         "--emit=so,reference,manifest", *more])
    return (os.path.join(folder, "kernel.json"),
            (datetime.datetime.now() - started).total_seconds())


def check(manifest, options):
    report = json.loads(run([find_tool(options, "amos-run"), manifest, "--json", "--guard"]))
    return report["functions"][0]["passed"]


def write_problem(operator, dtype, channels, folder):
    problem = os.path.join(folder, "problem.json")
    peers = {key: operator.record[key] for key in ("matmul", "conv") if key in operator.record}
    if peers.get("matmul", {}).get("batch"):
        peers = {}
    with open(problem, "w") as file:
        json.dump({"dtype": dtype, "channels": channels, **peers}, file)
    return problem


def compile_loops(operator, dtype, folder):
    """The path of a library of loops in C."""
    source, library = (os.path.join(folder, "loops" + end) for end in (".c", ".so"))
    with open(source, "w") as file:
        file.write(loops.emit(operator, dtype))
    run(["clang-22", "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", source, "-o",
         library])
    return library


def measure(operator, dtype, channels, prepack, options, folder, with_loops=False):
    more = ["--prepack=arg1"] if prepack else []
    if options.assume_finite:
        more.append("--assume-finite")
    manifest, compiled = compile_here(operator, dtype, options, folder, *more)
    with open(manifest) as file:
        operations = json.load(file)["functions"][0]["operations"]
    decided = next((o for o in operations if o.get("mapping")), {"mapping": {}})
    passed = check(manifest, options)
    problem = write_problem(operator, dtype, channels, folder)
    written = [compile_loops(operator, dtype, folder)] if with_loops else []
    race = json.loads(run([find_tool(options, "bench-onednn"), manifest, problem,
                           str(options.core), *written]))
    return {"operator": operator.name, "type": dtype, "channels": channels, "prepack": prepack,
            "macs": operator.count_macs(), "passed": passed,
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


def get_ratio(row, peer):
    """The peer's time over ours; nothing where one is missing."""
    ours, theirs = find(row, "amosc"), find(row, peer)
    return theirs["seconds"] / ours["seconds"] if ours and theirs else None


def get_means(aim, rows):
    """(type, number of operators, geometric mean, least) of a set's rows."""
    for dtype in aim["aims"]:
        ratios = [get_ratio(row, aim["peer"]) for row in rows
                  if row["set"] == aim["name"] and row["type"] == dtype]
        ratios = [ratio for ratio in ratios if ratio]
        if ratios:
            yield (dtype, len(ratios),
                   math.exp(sum(map(math.log, ratios)) / len(ratios)), min(ratios))


def print_means(rows, file):
    print("\nGeometric means of the peer's time over ours, beside what is aimed at; `least` is "
          "the operator\nthat fares worst, which may not be below the number in brackets.\n",
          file=file)
    print("| set | peer | type | operators | mean | aim | least |\n|" + "---|" * 7, file=file)
    for aim in SETS:
        for dtype, count, mean, least in get_means(aim, rows):
            bound = f" ({aim['least']})" if aim["least"] else ""
            print(f"| {aim['name']} | {aim['peer']} | {dtype} | {count} | {mean:.2f} "
                  f"| {aim['aims'][dtype]} | {least:.2f}{bound} |", file=file)


def print_sets(machine, rows, file):
    for key, value in machine.items():
        print(f"- {key}: {value}", file=file)
    print_means(rows, file)
    for aim in SETS:
        own = [row for row in rows if row["set"] == aim["name"]]
        if not own:
            continue
        print(f"\n## {aim['name']}\n\nMicroseconds of a call; `code` is what oneDNN calls the "
              f"implementation it chose.\n", file=file)
        print(f"| operator | type | amosc | {aim['peer']} | ratio | right | code | mapping |\n|"
              + "---|" * 8, file=file)
        for row in own:
            print(print_race(row, aim["peer"]), file=file)


def print_race(row, peer):
    ours, theirs = find(row, "amosc"), find(row, peer)
    ratio = get_ratio(row, peer)
    cells = [f"{entry['seconds'] * 1e6:.1f}" if entry else "–" for entry in (ours, theirs)]
    return (f"| {row['operator']} | {row['type']} | {cells[0]} | {cells[1]} | "
            f"{f'{ratio:.2f}' if ratio else '–'} | {'yes' if row['passed'] else 'NO'} | "
            f"{(theirs or {}).get('implementation', '')} | `{row['mapping']}` |")


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
    parser.add_argument("--prepack", action="store_true", help="weights packed beforehand")
    parser.add_argument("--assume-finite", action="store_true",
                        help="leave products with padding out, as oneDNN does")
    parser.add_argument("--sets", nargs="?", const="", metavar="WORD",
                        help="the sets of sets.py, or those whose name contains this")
    parser.add_argument("--out", help="write FILE.json and FILE.md")
    return parser.parse_args()


def run_suite(options, types, folder):
    for operator in choose_operators(options):
        channels = "first"
        if options.channels == "last" and operator.put_channels_last():
            channels = "last"
        for dtype in types:
            row = measure(operator, dtype, channels, options.prepack, options, folder)
            print(print_row(row), file=sys.stderr, flush=True)
            yield row


def run_sets(options, types, folder):
    for aim in SETS:
        if options.sets not in aim["name"]:
            continue
        for name in aim["operators"]:
            if options.only not in name:
                continue
            operator = Operator(OPERATORS[name])
            channels = "first"
            if aim["channels"] == "last" and operator.put_channels_last():
                channels = "last"
            for dtype in set(types) & set(aim["aims"]):
                row = {"set": aim["name"],
                       **measure(operator, dtype, channels, aim["prepack"], options, folder,
                                 aim["peer"] == LOOPS)}
                print(print_race(row, aim["peer"]), file=sys.stderr, flush=True)
                yield row


def main():
    options = parse_options()
    types = ["i8", "bf16", "f32"] if options.type == "all" else [options.type]
    start, show = ((run_suite, print_table) if options.sets is None else (run_sets, print_sets))
    with tempfile.TemporaryDirectory() as folder:
        rows = list(start(options, types, folder))
    machine = describe_machine(options, rows)
    show(machine, rows, sys.stdout)
    if options.out:
        with open(options.out + ".json", "w") as file:
            file.write(format_json(machine, rows))
        with open(options.out + ".md", "w") as file:
            show(machine, rows, file)
    return 0 if all(row["passed"] for row in rows) else 4


if __name__ == "__main__":
    sys.exit(main())
