#!/usr/bin/env python3
"""Times operators on an NVIDIA GPU: ours beside PyTorch, torch.compile and Triton.

Where amosc is (no GPU needed):
  gpu.py compile DIR [--set gemm ..]
  gpu.py compile DIR --only GRP/ [--type f16] [--channels last] [--target nvidia-sm80]

Where the GPU is (needs PyTorch, not amosc; DIR may be left out to time the peers alone):
  gpu.py measure [DIR] --out results/gpu [the same choice]

How a time is taken. A CUDA graph holds samples; one is: read 256 MiB, which empties the
L2; record an event; run; record an event. The graphs of all contestants of an operator are
replayed in shuffled rounds, so that a change of the clock meets all of them. `cold` is the
median over the rounds, `hot` the same operator launched back to back in one graph, divided
by the launches. Every result is compared with float32 arithmetic first.
"""

import argparse
import concurrent.futures
import ctypes
import datetime
import json
import math
import os
import random
import subprocess
import sys

from gpu_peers import Contestant, make_inputs, make_peers, make_reference
from gpu_sets import MORE_SETS, SETS, Case
from operators import OPERATORS
from program import BODY, Operator

HERE = os.path.dirname(os.path.abspath(__file__))
FLUSHED = 256 << 20
SAMPLES = 8  # in one graph
HOT_LAUNCHES = 20
TOLERANCE = {"f16": 4e-3, "bf16": 2e-2, "tf32": 4e-3, "f32": 1e-4, "s8": 0}


def choose_cases(options):
    """The cases of the sets that are asked for, or those that the other options make."""
    if not options.only:
        cases = [c for name in options.set or SETS for c in {**SETS, **MORE_SETS}[name].cases]
    else:
        cases = [Case(r["name"], options.type, options.channels, options.target)
                 for r in OPERATORS.values() if any(part in r["name"] for part in options.only)]
    return [c for c in cases if Operator(OPERATORS[c.operator]).is_emitted()]


def arrange(case):
    """The operator in the layout of the case."""
    operator = Operator(OPERATORS[case.operator])
    if case.channels == "last":
        operator.put_channels_last()
    return operator


# ================================================================ where amosc is
def compile_case(case, options):
    folder = os.path.join(options.folder, case.name)
    os.makedirs(folder, exist_ok=True)
    source = os.path.join(folder, "kernel.mlir")
    with open(source, "w") as file:
        file.write(arrange(case).emit(case.type, is_narrow=True))
    # Peers do not multiply the zeros between the elements of an image, which an Inf could meet.
    promises = ["--assume-finite"] if "upsample" in OPERATORS[case.operator] else []
    return subprocess.run(
        [os.path.join(options.bin, "amosc"), source, f"--target={case.target}", "--out-dir",
         folder, "--emit=so,manifest"] + promises, capture_output=True, text=True)


def compile_all(options):
    cases, failed = choose_cases(options), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for case, done in zip(cases, pool.map(lambda c: compile_case(c, options), cases)):
            failed += done.returncode != 0
            said = done.stderr.splitlines()
            print(f"{case.name:40} {said[0] if said else 'ok'}", flush=True)
    return 4 if failed else 0


# ================================================================ where the GPU is
class Ours:
    """A compiled operator, called by its C interface."""

    def __init__(self, folder, order):
        """`order`: of tensors in a layout of their own, which dimension each of theirs was."""
        self.order = order
        with open(os.path.join(folder, "kernel.json")) as file:
            manifest = json.load(file)
        library = next(a["file"] for a in manifest["artifacts"] if a["kind"] == "library")
        self.function = manifest["functions"][0]
        self.library = ctypes.CDLL(os.path.join(folder, library))
        self.call = getattr(self.library, self.function["symbol"] + "_call")
        self.explain = getattr(self.library, self.function["symbol"] + "_error")
        self.explain.restype = ctypes.c_char_p

    def arrange(self, tensor, name):
        return tensor.permute(self.order[name]).contiguous() if name in self.order else tensor

    def restore(self, result):
        if "O" not in self.order:
            return result
        place = [self.order["O"].index(d) for d in range(result.dim())]
        return result.permute(place)

    def enter(self, inputs, shape, torch):
        """Every element is NaN, or a byte's -1, before the first call: one that nobody writes
        is found out."""
        if self.order:
            inputs = [self.arrange(t, name) for t, name in zip(inputs, ("I", "W"))]
        dtype = torch.int32 if inputs[0].dtype == torch.int8 else inputs[0].dtype
        places = self.order.get("O", range(len(shape)))
        result = torch.empty([shape[d] for d in places], device="cuda", dtype=dtype)
        result.fill_(-1 if dtype == torch.int32 else float("nan"))
        tensors = inputs + [result]
        buffers = (ctypes.c_void_p * len(tensors))(*[t.data_ptr() for t in tensors])
        size = self.function["workspace_bytes"]
        workspace = torch.empty(max(size, 1), dtype=torch.uint8, device="cuda")

        def run():
            status = self.call(buffers, ctypes.c_int64(len(tensors)),
                               ctypes.c_void_p(workspace.data_ptr() if size else None),
                               ctypes.c_size_t(size),
                               ctypes.c_void_p(torch.cuda.current_stream().cuda_stream))
            if status:
                raise RuntimeError(self.explain(status).decode())
            return result
        run.keep = (tensors, workspace)
        return Contestant("amosc", run, self.restore)


class Stopwatch:
    def __init__(self, torch):
        self.torch = torch
        self.stream = torch.cuda.Stream()
        torch.cuda.set_stream(self.stream)
        self.memory = torch.ones(FLUSHED // 4 // 4096, 4096, device="cuda")
        self.sink = torch.empty(self.memory.shape[0], device="cuda")

    def spin_up(self):
        """An idle GPU takes a while to reach its clock."""
        for _ in range(2000):
            self.flush()
        self.torch.cuda.synchronize()

    def flush(self):
        self.torch.amax(self.memory, 1, out=self.sink)

    def capture(self, body):
        graph = self.torch.cuda.CUDAGraph()
        with self.torch.cuda.graph(graph, stream=self.stream):
            body()
        return graph

    def prepare(self, contestant):
        """Warms up, then captures the cold and the hot graph."""
        torch = self.torch
        for _ in range(3):
            contestant.run()
        torch.cuda.synchronize()
        pairs = [[torch.cuda.Event(enable_timing=True, external=True) for _ in "se"]
                 for _ in range(SAMPLES)]

        def cold():
            for start, end in pairs:
                self.flush()
                start.record()
                contestant.run()
                end.record()

        def hot():
            for _ in range(HOT_LAUNCHES):
                contestant.run()
        contestant.events = pairs
        contestant.cold, contestant.hot = self.capture(cold), self.capture(hot)

    def visit(self, contestant):
        torch = self.torch
        contestant.cold.replay()
        torch.cuda.synchronize()
        contestant.cold_us += [s.elapsed_time(e) * 1e3 for s, e in contestant.events]
        start, end = (torch.cuda.Event(enable_timing=True) for _ in "se")
        contestant.hot.replay()  # what is in the L2 now is what a caller leaves there
        start.record()
        contestant.hot.replay()
        end.record()
        torch.cuda.synchronize()
        contestant.hot_us.append(start.elapsed_time(end) * 1e3 / HOT_LAUNCHES)


def check(contestant, reference, dtype):
    """Empty, or what is wrong; the error is taken relative to the largest result."""
    found = contestant.get_result().to(reference.dtype)
    if found.shape != reference.shape:
        return f"shape {tuple(found.shape)}, expected {tuple(reference.shape)}"
    error = ((found - reference).abs().max() / reference.abs().max().clamp(min=1e-30)).item()
    return "" if error <= TOLERANCE[dtype] else (
        f"wrong: off by {error:.2g} of the largest result")


def race(contestants, stopwatch, rounds, seed):
    ready = []
    for contestant in contestants:
        try:
            if not contestant.problem:
                stopwatch.prepare(contestant)
                ready.append(contestant)
        except Exception as error:  # one contestant must not end the others
            contestant.problem = str(error).splitlines()[0]
    order = random.Random(seed)
    for _ in range(rounds):
        order.shuffle(ready)
        for contestant in ready:
            stopwatch.visit(contestant)


def measure_case(case, options, torch, stopwatch):
    record = OPERATORS[case.operator]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    inputs = make_inputs(record, case.type, torch)
    reference = make_reference(record, inputs, torch)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = case.type == "tf32"
    contestants = make_peers(record, case, inputs, torch, options.compile)
    folder = os.path.join(options.folder, case.name)
    if os.path.exists(os.path.join(folder, "kernel.json")):
        ours = Ours(folder, arrange(case).order)
        contestants.insert(0, ours.enter(inputs, list(reference.shape), torch))
    for contestant in contestants:
        try:
            contestant.run()
            torch.cuda.synchronize()
            contestant.problem = check(contestant, reference, case.type)
        except Exception as error:
            contestant.problem = (str(error) or repr(error)).splitlines()[0]
    race(contestants, stopwatch, options.rounds, options.seed)
    macs = Operator(record).count_macs()
    return {"case": case.name, "operator": case.operator, "type": case.type,
            "channels": case.channels, "target": case.target, "macs": macs,
            "contestants": [c.describe(macs) for c in contestants]}


def query_gpu():
    fields = ("name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,temperature.gpu,power.draw,"
              "clocks_throttle_reasons.active")
    done = subprocess.run(["nvidia-smi", f"--query-gpu={fields}", "--format=csv,noheader", "-i",
                           "0"], capture_output=True, text=True)
    return dict(zip(fields.split(","), map(str.strip, done.stdout.strip().split(","))))


def measure_all(options):
    import torch
    torch.backends.cudnn.benchmark = True
    stopwatch, rows = Stopwatch(torch), []
    stopwatch.spin_up()
    machine = {"before": query_gpu()}
    for case in choose_cases(options):
        with torch.no_grad():
            rows.append(measure_case(case, options, torch, stopwatch))
        print(print_row(rows[-1]), flush=True)
    machine.update(after=query_gpu(), torch=torch.__version__, cuda=torch.version.cuda,
                   cudnn=torch.backends.cudnn.version(),
                   date=datetime.datetime.now(datetime.timezone.utc).strftime(
                       "%Y-%m-%d %H:%M UTC"),
                   command="benchmark/gpu.py " + " ".join(sys.argv[1:]))
    if options.out:
        with open(options.out + ".json", "w") as file:
            json.dump({"machine": machine, "rows": rows}, file, indent=1)
        with open(options.out + ".md", "w") as file:
            print_table(machine, rows, file)
    wrong = [c for row in rows for c in row["contestants"] if c["name"] == "amosc" and c["problem"]]
    return 4 if wrong else 0


def print_row(row):
    cells = []
    for c in row["contestants"]:
        text = c["problem"] if "cold_us" not in c else (
            f"{c['cold_us']:.2f} us cold, {c['hot_us']:.2f} hot, {c['tops']:.1f} TOP/s")
        cells.append(f"{c['name']}: {text}")
    return f"{row['case']} | " + " | ".join(cells)


def get_ratio(row):
    """(ours, best peer, its time over ours), None where there is none."""
    timed = [c for c in row["contestants"] if "cold_us" in c]
    ours = next((c for c in timed if c["name"] == "amosc"), None)
    best = min((c for c in timed if c["name"] != "amosc"), key=lambda c: c["cold_us"],
               default=None)
    return ours, best, best["cold_us"] / ours["cold_us"] if ours and best else None


def print_table(machine, rows, file):
    for key, value in machine.items():
        print(f"- {key}: {value}", file=file)
    print("\nMicroseconds with an empty L2 (and back to back), medians; the ratio is the best "
          "peer's time over ours.", file=file)
    found = {row["case"]: row for row in rows}
    for one in [*SETS.values(), *MORE_SETS.values()]:
        chosen = [found.pop(c.name) for c in one.cases if c.name in found]
        if chosen:
            print_set(one.title, chosen, file)
            print_means(one, chosen, file)
    if found:
        print_set("others", found.values(), file)


def print_set(title, rows, file):
    print(f"\n## {title}\n\n| operator | type | amosc | best peer | | ratio |\n"
          "|---|---|---|---|---|---|",
          file=file)
    for row in rows:
        ours, best, ratio = get_ratio(row)
        cell = lambda c: f"{c['cold_us']:.2f} ({c['hot_us']:.2f})" if c else "–"
        print(f"| {row['operator']} | {row['type']} | {cell(ours)} | {cell(best)} "
              f"| {best['name'] if best else ''} | {f'{ratio:.2f}' if ratio else '–'} |",
              file=file)
    for row in rows:
        for c in row["contestants"]:
            if c["name"] == "amosc" and c["problem"]:
                print(f"\n{row['operator']} {row['type']}: {c['problem']}.", file=file)


def print_means(one, rows, file):
    print(file=file)
    for dtype in dict.fromkeys(row["type"] for row in rows):
        ratios = [get_ratio(row)[2] for row in rows if row["type"] == dtype]
        known = [r for r in ratios if r]
        if not known:
            continue
        mean = math.exp(sum(map(math.log, known)) / len(known))
        least = f", none below {one.least}" if one.least else ""
        print(f"{dtype}: geometric mean {mean:.2f} of {len(known)} of {len(ratios)}, least "
              f"{min(known):.2f}; aimed at {one.mean}{least}.\n", file=file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("verb", choices=["compile", "measure"])
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--bin", default=os.path.join(HERE, "..", "build", "bin"))
    parser.add_argument("--set", action="append", choices=[*SETS, *MORE_SETS],
                        help="repeatable; default: all but the families")
    parser.add_argument("--only", action="append",
                        help="instead: operators whose name contains this; repeatable")
    parser.add_argument("--type", default="f16", choices=[t for t in BODY if t != "i8"])
    parser.add_argument("--channels", default="first", choices=["first", "last"])
    parser.add_argument("--target", default="h200")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-compile", dest="compile", action="store_false",
                        help="leave torch.compile out, which takes minutes")
    parser.add_argument("--out", help="write FILE.json and FILE.md")
    options = parser.parse_args()
    if options.verb == "measure":
        return measure_all(options)
    if not options.folder:
        parser.error("compile needs a folder")
    return compile_all(options)


if __name__ == "__main__":
    sys.exit(main())
