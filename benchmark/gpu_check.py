#!/usr/bin/env python3
"""Checks kernels on an NVIDIA GPU against their reference: small programs of every kind.

Where amosc is (no GPU needed):
  gpu_check.py compile DIR [--set shapes ..]
  gpu_check.py compile DIR --program FILE ..

Where the GPU is (needs amos-run, but neither amosc nor LLVM nor a package of Python's):
  gpu_check.py run DIR --amos-run PATH [--set shapes ..] --out results/gpu-check

What amosc refuses has to be refused with a diagnostic; it is listed and is no failure. Each
case runs in a process of its own, once for each seed, on buffers that are poisoned and watched;
every element is compared. One more call has small whole numbers, where sums are exact in any
order: a tolerance grows with the length of a sum. `--repeat N` calls it N times on buffers
without a margin, which are poisoned another way each time: all results must have the same bits.
`--sanitizer` runs all of this under compute-sanitizer.
"""

import argparse
import concurrent.futures
import dataclasses
import datetime
import fnmatch
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from gpu_check_cases import SETS, Case, Family
from gpu_check_device import query_device
from gpu_check_report import print_row, print_summary, write_report

HERE = os.path.dirname(os.path.abspath(__file__))
INDEX = "cases.json"
WRONG, ABSENT = 4, 5  # exit statuses, as of amosc
SANITIZED = 9  # what compute-sanitizer exits with when it has found something
DIAGNOSTIC = re.compile(r"(?:error|warning): (.*)")


# ================================================================ where amosc is
def call_amosc(options, case, *arguments):
    """The program is written beside what is made from it."""
    source = os.path.join(options.folder, case.name + ".mlir")
    with open(source, "w") as file:
        file.write(case.program)
    return subprocess.run([os.path.join(options.bin, "amosc"), *arguments, source,
                           f"--target={case.target}", "--color=never"],
                          capture_output=True, text=True)


def list_mappings(family, options):
    """(intrinsic, id) of all that are proved, the best first."""
    done = call_amosc(options, family, "explain", "--json")
    if done.returncode:
        raise SystemExit(f"{family.name}: {done.stderr}")
    for operation in json.loads(done.stdout)["operations"]:
        for candidate in operation["candidates"]:
            intrinsic = candidate["intrinsic"].split("::@")[-1]
            if candidate["status"] == "proved" and fnmatch.fnmatch(intrinsic, family.intrinsic):
                yield intrinsic, candidate["id"]


def expand(family, options):
    """The cases of a family."""
    seen = set()
    for intrinsic, mapping in list_mappings(family, options):
        if not family.is_brief or intrinsic not in seen:
            yield Case(f"{family.name}-{intrinsic if family.is_brief else mapping}",
                       family.program, family.target, (f"--mapping={mapping}",))
        seen.add(intrinsic)


def is_chosen(case, options):
    return not options.only or any(part in case for part in options.only)


def choose_cases(options):
    """(set, case) of all that are to be compiled."""
    for path in options.program or []:
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path) as file:
            yield "programs", Case(f"programs-{name}", file.read(), options.target,
                                   is_exact=options.exact)
    for name in [] if options.program else options.set or SETS:
        for case in SETS[name]():
            case = dataclasses.replace(case, name=f"{name}-{case.name}")
            for one in expand(case, options) if isinstance(case, Family) else [case]:
                if is_chosen(one.name, options):
                    yield name, one


def read_manifest(folder, name):
    with open(os.path.join(folder, name + ".json")) as file:
        return json.load(file)


def share_reference(options, case, manifest):
    """One for all cases of a program, which the first of them brings."""
    own = case.name + ".reference.so"
    shared = hashlib.sha256(case.program.encode()).hexdigest()[:12] + ".reference.so"
    if os.path.exists(os.path.join(options.folder, own)):
        os.replace(os.path.join(options.folder, own), os.path.join(options.folder, shared))
        options.references.add(case.program)
    others = [a for a in manifest["artifacts"] if a["kind"] != "reference"]
    manifest["artifacts"] = others + [{"kind": "reference", "file": shared}]
    with open(os.path.join(options.folder, case.name + ".json"), "w") as file:
        json.dump(manifest, file)


def describe(manifest):
    """What a case runs on, and how many kernels that takes."""
    functions = manifest["functions"]
    mappings = [o["mapping"] for f in functions for o in f["operations"] if o["mapping"]]
    return {"intrinsics": [m["intrinsic"].split("::@")[-1] for m in mappings],
            "mappings": [m["id"] for m in mappings],
            "kernels": sum(len(f["device"]["launches"]) for f in functions if f["device"])}


def is_met(case, row):
    """Whether the mapping or the intrinsic that a case asks for is what it runs on."""
    found = row["mappings"] + row["intrinsics"]
    demands = [option.split("=", 1)[1] for option in case.options if "=" in option]
    return all(fnmatch.filter(found, demand) for demand in demands)


def forget(folder, case):
    for ending in (".so", ".reference.so", ".json"):
        path = os.path.join(folder, case.name + ending)
        if os.path.exists(path):
            os.remove(path)


def strip(options, case):
    """Names of what is within an object are of no use over there."""
    objects = [os.path.join(options.folder, case.name + ending)
               for ending in (".so", ".reference.so")]
    subprocess.run(["strip", *filter(os.path.exists, objects)], check=False)


def judge(row, case, options):
    """`row` with what became of a case that amosc compiled. Plain loops in place of what was
    asked for, which is a warning, are a refusal too, and nothing to check."""
    manifest = read_manifest(options.folder, case.name)
    row = {**row, "state": "compiled", **describe(manifest)}
    if is_met(case, row):
        if shutil.which("strip"):
            strip(options, case)
        share_reference(options, case, manifest)
        return row
    forget(options.folder, case)
    return {**row, "state": "refused" if row["said"] else "broken"}


def compile_case(name, case, options):
    emitted = "so,manifest" if case.program in options.references else "so,manifest,reference"
    done = call_amosc(options, case, f"--emit={emitted}", "--out-dir", options.folder,
                      *case.options)
    said = DIAGNOSTIC.search(done.stderr)
    row = {"case": case.name, "set": name, "target": os.path.basename(case.target),
           "exact": case.is_exact, "said": said[1] if said else ""}
    if done.returncode == 0:
        return judge(row, case, options)
    is_refusal = done.returncode in (1, 3) and said
    return {**row, "state": "refused" if is_refusal else "broken", "status": done.returncode}


def write_index(folder, rows):
    """Sets that are not compiled now stay as they are."""
    path, new = os.path.join(folder, INDEX), {row["set"] for row in rows}
    if os.path.exists(path):
        with open(path) as file:
            rows = [row for row in json.load(file) if row["set"] not in new] + rows
    with open(path, "w") as file:
        json.dump(rows, file, indent=1)


def compile_all(options):
    os.makedirs(options.folder, exist_ok=True)
    options.references = set()  # programs whose references are there
    rows = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = [pool.submit(compile_case, name, case, options)
                   for name, case in choose_cases(options)]
        for one in waiting:
            rows.append(one.result())
            print_row(rows[-1])
    write_index(options.folder, rows)
    print_summary(rows)
    return WRONG if any(row["state"] == "broken" for row in rows) else 0


# ================================================================ where the GPU is
def finish(command, limit):
    """(exit status, output, errors); None where it had to be ended, with all that it started."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", start_new_session=True) as process:
        try:
            output, errors = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None
    return process.returncode, output, errors


def watch(command, options):
    """(exit status, output, what else was said) of a program that may hang."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        if options.sanitizer:
            command = ["compute-sanitizer", "--tool", options.sanitizer, "--error-exitcode",
                       str(SANITIZED), "--log-file", log.name, *command]
        done = finish(command, options.timeout)
        if not done:
            return WRONG, "", f"no end after {options.timeout} s"
        status, output, errors = done
        found = [line.lstrip("= ").strip() for line in log if "COMPUTE-SANITIZER" not in line]
        return status, output, "; ".join(found)[:600] if status == SANITIZED else errors.strip()


def explain(outcome):
    """What is wrong with the functions, as amos-run tells it."""
    return [f["problem"] for f in outcome if f["problem"]] + [
        f"{o['name']}: {o['wrong']} of {o['elements']} wrong; {o['first']}"
        for f in outcome for o in f["outputs"] if o["wrong"]]


def check_seed(case, seed, options):
    """(exit status, what is wrong, the worst share of the tolerance) of one run."""
    path = os.path.join(options.folder, case + ".json")
    status, output, problem = watch([options.amos_run, path, "--full", "--json", "--seed",
                                     str(seed)], options)
    problem = problem or f"exit status {status}"
    try:
        outcome = json.loads(output)["functions"]
    except (ValueError, KeyError):
        return status or WRONG, problem, None
    said = explain(outcome) or ([problem] if status else [])
    return status, "; ".join(said), max((o["worst"] or 0 for f in outcome for o in f["outputs"]),
                                        default=None)


def check_bits(row, options):
    """(exit status, what differs) of several calls, and of one whose sums are exact."""
    path = os.path.join(options.folder, row["case"] + ".json")
    status, output, problem = watch([
        sys.executable, os.path.join(HERE, "gpu_check_device.py"), path, "--repeat",
        str(options.repeat), *["--exact"] * row["exact"]], options)
    return status, (output.strip() or problem or f"exit status {status}") if status else ""


def run_case(row, options):
    shares = []
    for seed in range(1, options.seeds + 1):
        status, problem, share = check_seed(row["case"], seed, options)
        shares += [share] if share is not None else []
        if status:
            return conclude(row, status, f"seed {seed}: {problem}")
    status, problem = check_bits(row, options) if options.repeat or row["exact"] else (0, "")
    return {**conclude(row, status, problem), "worst": max(shares, default=None)}


def conclude(row, status, problem):
    state = {0: "right", ABSENT: "absent"}.get(status, "wrong")
    return {**row, "state": state, "problem": problem}


def choose_rows(options):
    with open(os.path.join(options.folder, INDEX)) as file:
        rows = json.load(file)
    return [row for row in rows if (not options.set or row["set"] in options.set)
            and is_chosen(row["case"], options)]


def describe_machine(options):
    now = datetime.datetime.now(datetime.timezone.utc)
    return {**query_device(), "date": now.strftime("%Y-%m-%d %H:%M UTC"),
            "command": "benchmark/gpu_check.py run"
                       + "".join(f" --set {name}" for name in options.set or [])
                       + f" --seeds {options.seeds}"
                       + (f" --repeat {options.repeat}" if options.repeat else "")
                       + (f" --sanitizer {options.sanitizer}" if options.sanitizer else "")}


def run_all(options):
    if options.sanitizer and not shutil.which("compute-sanitizer"):
        print("compute-sanitizer is not on PATH: it comes with NVIDIA's CUDA Toolkit")
        return ABSENT
    rows, machine = choose_rows(options), describe_machine(options)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        done = pool.map(lambda row: run_case(row, options) if row["state"] == "compiled" else row,
                        rows)
        rows = []
        for row in done:
            rows.append(row)
            print_row(row)
    print_summary(rows)
    if options.out:
        write_report(options.out, machine, rows)
    states = {row["state"] for row in rows}
    return WRONG if states & {"wrong", "broken"} else ABSENT if "absent" in states else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("verb", choices=["compile", "run"])
    parser.add_argument("folder")
    parser.add_argument("--set", action="append", choices=[*SETS, "programs"],
                        help="repeatable; default: all")
    parser.add_argument("--only", action="append",
                        help="of these, cases whose name contains this; repeatable")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    here = parser.add_argument_group("compile")
    here.add_argument("--bin", default=os.path.join(HERE, "..", "build", "bin"))
    here.add_argument("--program", action="append",
                      help="instead: a program of one's own; repeatable")
    here.add_argument("--target", default="h200", help="of these programs")
    here.add_argument("--exact", action="store_true",
                      help="what these programs make of small whole numbers has to be exact")
    there = parser.add_argument_group("run")
    there.add_argument("--amos-run", default="amos-run", help="the program")
    there.add_argument("--seeds", type=int, default=3)
    there.add_argument("--repeat", type=int, default=0, metavar="N")
    there.add_argument("--sanitizer", choices=["memcheck", "racecheck", "initcheck", "synccheck"])
    there.add_argument("--timeout", type=float, default=120, help="seconds of one process")
    there.add_argument("--out", help="write FILE.json and FILE.md")
    options = parser.parse_args()
    return compile_all(options) if options.verb == "compile" else run_all(options)


if __name__ == "__main__":
    sys.exit(main())
