#!/usr/bin/env python3
"""Judges the cost model by candidates that were drawn without asking it.

  model.py bundle DIR --only GEMM/odd --type f32     draws, compiles and writes bundles
  model.py collect DIR --out DATA.json           the results in them as one file of data
  model.py judge DATA.json.. [--svg FILE]        the figures, from the data alone

Between the first two, `amos-run measure` leaves `results.json` in each bundle, here or
on another machine: `for b in DIR/*/bundle; do amos-run measure $b -o $b/results.json; done`.

Figures, of the candidates of an operator that ran right:

  pairwise   of the pairs whose times differ by more than 5 %, how many the model orders
             as they are; a tie of predictions is half right
  recall     of the fastest tenth (rounded up), how many are in the model's first tenth
  first      how much slower the model's first choice is than the fastest
"""

import argparse
import itertools
import json
import math
import os
import random
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

VERSION = 1
NEAR = 1.05  # pairs whose times are closer tell nothing
TOP = 0.1

# --------------------------------------------------------------------------------------
# Figures


def get_time(candidate):
    """Relative to the unit's rate beside each sample where that is known."""
    return 1 / candidate["share"] if candidate["share"] else candidate["seconds"]


def judge_pairs(candidates):
    right, pairs = 0.0, 0
    for a, b in itertools.combinations(candidates, 2):
        fast, slow = sorted((a, b), key=get_time)
        if get_time(slow) < get_time(fast) * NEAR:
            continue
        pairs += 1
        right += (fast["predicted_cycles"] < slow["predicted_cycles"]) + 0.5 * (
            fast["predicted_cycles"] == slow["predicted_cycles"])
    return right, pairs


def judge_operator(operator):
    candidates = operator["candidates"]
    count = math.ceil(TOP * len(candidates))
    measured = sorted(range(len(candidates)), key=lambda n: get_time(candidates[n]))
    predicted = sorted(range(len(candidates)), key=lambda n: candidates[n]["predicted_cycles"])
    right, pairs = judge_pairs(candidates)
    first = get_time(candidates[predicted[0]]) / get_time(candidates[measured[0]])
    return {"operator": operator["name"], "type": operator["type"], "target": operator["target"],
            "fitted": operator["fitted"], "candidates": len(candidates), "pairs": pairs,
            "right": right, "pairwise": right / pairs if pairs else None,
            "recall": len(set(measured[:count]) & set(predicted[:count])) / count,
            "first": first - 1}


def share(rows, holds):
    return sum(map(holds, rows)) / len(rows) if rows else None


def summarize(rows):
    pairs = sum(row["pairs"] for row in rows)
    return {"operators": len(rows), "candidates": sum(row["candidates"] for row in rows),
            "pairs": pairs,
            "pairwise": sum(row["right"] for row in rows) / pairs if pairs else None,
            "recall": sum(row["recall"] for row in rows) / len(rows) if rows else None,
            "first_within_10": share(rows, lambda row: row["first"] <= 0.10),
            "first_within_20": share(rows, lambda row: row["first"] <= 0.20)}


def judge(data):
    rows = [judge_operator(one) for document in data for one in document["operators"]
            if len(one["candidates"]) > 1]
    return {"operators": rows, "all": summarize(rows),
            "held_out": summarize([row for row in rows if not row["fitted"]])}


# --------------------------------------------------------------------------------------
# What is shown


def percent(value):
    return "-" if value is None else f"{100 * value:.1f} %"


def format_table(figures):
    lines = ["| operator | candidates | pairwise | recall at the top tenth | first choice |",
             "|---|---|---|---|---|"]
    for row in figures["operators"]:
        lines.append(f"| {row['operator']} {row['type']}, {row['target']} | {row['candidates']} | "
                     f"{percent(row['pairwise'])} | {row['recall']:.2f} | "
                     f"+{100 * row['first']:.1f} % |")
    for name, label in (("all", "all"), ("held_out", "never used for fitting")):
        total = figures[name]
        if total["operators"]:
            lines.append(f"| **{label}**: {total['operators']} operators | {total['candidates']} | "
                         f"{percent(total['pairwise'])} | {total['recall']:.2f} | within 10 %: "
                         f"{percent(total['first_within_10'])}, within 20 %: "
                         f"{percent(total['first_within_20'])} |")
    return "\n".join(lines) + "\n"


def draw(data):
    """Predicted against measured, both relative to the operator's fastest, on log scales."""
    points, size, pad = [], 480, 50
    for document in data:
        for hue, operator in enumerate(document["operators"]):
            best = min(map(get_time, operator["candidates"]))
            least = min(c["predicted_cycles"] for c in operator["candidates"])
            points += [(get_time(c) / best, c["predicted_cycles"] / least, hue * 47 % 360)
                       for c in operator["candidates"]]
    most = max(max(x, y) for x, y, _ in points)
    place = lambda v: (size - 2 * pad) * math.log(v) / math.log(max(most, 1.01))
    dots = [f'<circle cx="{pad + place(x):.1f}" cy="{size - pad - place(y):.1f}" r="2" '
            f'fill="hsl({hue},60%,45%)" fill-opacity="0.6"/>' for x, y, hue in points]
    ticks = []
    for tick in (v * 10 ** e for e in range(6) for v in (1, 2, 5)):
        if tick <= most:
            at = place(tick)
            ticks.append(f'<text x="{pad + at:.1f}" y="{size - pad + 16}" '
                         f'text-anchor="middle">{tick}</text>'
                         f'<text x="{pad - 6}" y="{size - pad - at + 4:.1f}" '
                         f'text-anchor="end">{tick}</text>')
    corner = size - pad
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'font-family="sans-serif" font-size="11">',
        f'<rect width="{size}" height="{size}" fill="white"/>',
        f'<path d="M{pad} {pad}V{corner}H{corner}M{pad} {corner}L{corner} {pad}" '
        f'fill="none" stroke="#999"/>', *ticks, *dots,
        f'<text x="{size / 2}" y="{size - 12}" text-anchor="middle">measured time, times the '
        f'fastest of the operator</text>',
        f'<text transform="translate(14 {size / 2}) rotate(-90)" text-anchor="middle">predicted '
        f'time, times the least of the operator</text>', "</svg>", ""])


# --------------------------------------------------------------------------------------
# Data


def emit_program(name, dtype):
    from operators import OPERATORS
    from program import Operator
    return Operator(OPERATORS[name]).emit(dtype)


def make_bundle(options, name, folder):
    os.makedirs(folder, exist_ok=True)
    program = os.path.join(folder, "program.mlir")
    with open(program, "w") as file:
        file.write(emit_program(name, options.type))
    with open(os.path.join(folder, "about.json"), "w") as file:
        json.dump({"name": name, "type": options.type, "target": options.target}, file)
    done = subprocess.run(
        [os.path.join(options.bin, "amosc"), program, f"--target={options.target}",
         "--emit=candidates", "--sampling=random", f"--candidates={options.candidates}",
         f"--seed={options.seed}", "--bundle-limit=" + options.limit, "-Wno-fallback",
         "-o", os.path.join(folder, "bundle")])
    if done.returncode:  # amosc has said why
        shutil.rmtree(folder)
    return done.returncode == 0


def bundle(options):
    from operators import OPERATORS
    names = [name for name in OPERATORS
             if name in options.only or any(map(name.startswith, options.families))]
    if options.operators:
        names = sorted(random.Random(options.seed).sample(names, options.operators))
    if not names:
        sys.exit("no operator has such a name")
    for name in names:
        folder = f"{name.replace('/', '-')}-{options.type}"
        isMade = make_bundle(options, name, os.path.join(options.folder, folder))
        print(name if isMade else f"{name} is left out", flush=True)


def read_candidate(candidate):
    return {"mapping": candidate["mapping"], "schedule": candidate["schedule"],
            "predicted_cycles": candidate["predicted_cycles"],
            "lower_bound": candidate["lower_bound"], "seconds": candidate["time"]["median_s"],
            "quartiles": candidate["time"]["quartiles_s"],
            "share": candidate["ceiling"]["share"]}


def find_results(folder):
    return sorted(os.path.join(path, "results.json") for path, _, files in os.walk(folder)
                  if "results.json" in files)


def is_steady(candidate, spread):
    """Whether the quartiles are near enough to each other to tell anything."""
    first, third = candidate["time"]["quartiles_s"]
    return third - first <= spread * candidate["time"]["median_s"]


def collect_operator(folder, fitted, spread):
    with open(os.path.join(folder, "about.json")) as file:
        about = json.load(file)
    documents = []
    for path in find_results(folder):
        with open(path) as file:
            documents.append(json.load(file))
    measured = [c for document in documents for c in document["candidates"]]
    bad = [c for c in measured if c["status"] in ("wrong", "failed")]
    operator = {**about, "fitted": any(about["name"].startswith(prefix) for prefix in fitted),
                "bad": [f"{c['mapping']} {c['schedule']}: {c['status']}: {c['reason']}"
                        for c in bad],
                "candidates": [read_candidate(c) for c in measured
                               if c["status"] == "ok" and is_steady(c, spread)]}
    operator["unsteady"] = len(measured) - len(bad) - len(operator["candidates"])
    return operator, documents


def collect(options):
    operators, documents = [], []
    for name in sorted(os.listdir(options.folder)):
        if os.path.exists(os.path.join(options.folder, name, "about.json")):
            operator, found = collect_operator(
                os.path.join(options.folder, name), options.fitted, options.spread)
            documents += found
            if operator["candidates"]:
                operators.append(operator)
    if not operators:
        sys.exit(f"there are no results in '{options.folder}'")
    data = {"amos_model_data": VERSION, "machine": documents[0]["machine"],
            "method": documents[0]["method"], "date": documents[0]["date"],
            "tools": documents[0]["bundle"].get("tools") or documents[0]["bundle"]["producer"], "sampling": "random",
            "operators": operators}
    with open(options.out, "w") as file:
        json.dump(data, file, indent=1)
        file.write("\n")


def judge_files(options):
    data = []
    for path in options.data:
        with open(path) as file:
            data.append(json.load(file))
        if data[-1].get("amos_model_data") != VERSION:
            sys.exit(f"'{path}' holds no data of model.py")
    figures = judge(data)
    if options.svg:
        with open(options.svg, "w") as file:
            file.write(draw(data))
    print(json.dumps(figures, indent=1) if options.json else format_table(figures), end="")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("bundle")
    verb.add_argument("folder")
    verb.add_argument("--only", nargs="+", default=[], help="operators by name")
    verb.add_argument("--families", nargs="+", default=[], help="all whose names begin so")
    verb.add_argument("--operators", type=int, help="draw so many of them")
    verb.add_argument("--type", default="f32")
    verb.add_argument("--target", default="native")
    verb.add_argument("--candidates", type=int, default=50)
    verb.add_argument("--seed", type=int, default=1)
    verb.add_argument("--limit", default="1GB", help="size of a bundle")
    verb.add_argument("--bin", default=os.path.join(HERE, "..", "build", "bin"))
    verb.set_defaults(run=bundle)
    verb = verbs.add_parser("collect")
    verb.add_argument("folder")
    verb.add_argument("--out", required=True)
    verb.add_argument("--fitted", nargs="*", default=[],
                      help="operators that begin so were used to fit the model")
    verb.add_argument("--spread", type=float, default=0.25,
                      help="leave out candidates whose quartiles are further apart than this "
                           "share of the median")
    verb.set_defaults(run=collect)
    verb = verbs.add_parser("judge")
    verb.add_argument("data", nargs="+")
    verb.add_argument("--svg")
    verb.add_argument("--json", action="store_true")
    verb.set_defaults(run=judge_files)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
