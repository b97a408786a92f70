"""emulate.py FOLDER MACHINES: runs mapped programs of every machine by emulation.

For each description in MACHINES and each choice of element types: a matrix
product with a residual that is added and a padded, strided convolution, whose
extents divide by nothing. What the machine can map runs, products also with other
mappings than the chosen one; a wrong result or a machine without any mapping fails.
"""

import concurrent.futures
import glob
import json
import os
import shutil
import subprocess
import sys

folder, machines = sys.argv[1:]

# Element type of the sources, how each is extended, and of the result.
choices = [
    ("f16", "", "", "f16"),
    ("f16", "arith.extf", "arith.extf", "f32"),
    ("bf16", "arith.extf", "arith.extf", "f32"),
    ("f32", "", "", "f32"),
    ("f64", "", "", "f64"),
    ("i8", "arith.extsi", "arith.extsi", "i32"),
    ("i8", "arith.extui", "arith.extsi", "i32"),
    ("i16", "arith.extsi", "arith.extsi", "i32"),
]

matmul = """
  %r = linalg.generic {{
      indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
                       affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}}
      ins(%a, %b : {a}, {b}) outs(%c : {c}) {{ {body} }} -> {c}
  %e = tensor.empty() : {c}
  %o = linalg.generic {{
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>,
                       affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}}
      ins(%r, %c : {c}, {c}) outs(%e : {c}) {{
  ^bb0(%x: {result}, %y: {result}, %z: {result}):
    %s = {add} %x, %y : {result}
    linalg.yield %s : {result}
  }} -> {c}
  return %o : {c}
"""

conv = """
  %zero = arith.constant {zero} : {source}
  %padded = tensor.pad %a low[0, 1, 1, 0] high[0, 1, 1, 0] {{
  ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
    tensor.yield %zero : {source}
  }} : {a} to tensor<2x9x9x5x{source}>
  %r = linalg.generic {{
      indexing_maps = [affine_map<(n, p, q, k, r, s, c) -> (n, p * 2 + r, q * 2 + s, c)>,
                       affine_map<(n, p, q, k, r, s, c) -> (r, s, c, k)>,
                       affine_map<(n, p, q, k, r, s, c) -> (n, p, q, k)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel",
                        "reduction", "reduction", "reduction"]}}
      ins(%padded, %b : tensor<2x9x9x5x{source}>, {b}) outs(%c : {c}) {{ {body} }} -> {c}
  return %r : {c}
"""


def makeBody(source, extendA, extendB, result):
    kind = "i" if source[0] == "i" else "f"
    lines = [f"^bb0(%x: {source}, %y: {source}, %z: {result}):"]
    for name, extend in (("x", extendA), ("y", extendB)):
        if extend:
            lines.append(f"%w{name} = {extend} %{name} : {source} to {result}")
    x, y = ("%wx", "%wy") if extendA else ("%x", "%y")
    lines.append(f"%m = arith.mul{kind} {x}, {y} : {result}")
    lines.append(f"%s = arith.add{kind} %z, %m : {result}")
    lines.append(f"linalg.yield %s : {result}")
    return "\n".join(lines)


def writePrograms():
    """The programs, each written to a file of its own."""
    paths = []
    for choice in choices:
        source, result = choice[0], choice[3]
        sizes = [("matmul", matmul, ("19x37", "37x23", "19x23")),
                 ("conv", conv, ("2x7x7x5", "3x3x5x11", "2x4x4x11"))]
        # Engines that move boxes need aligned rows; reductions that fill boxes, that are
        # less than one and that end inside of one.
        if source == "f16":
            sizes += [("boxes", matmul, ("72x64", "64x136", "72x136")),
                      ("part", matmul, ("72x24", "24x136", "72x136")),
                      ("ragged", matmul, ("40x88", "88x72", "40x72"))]
        for name, text, shapes in sizes:
            a, b = (f"tensor<{shape}x{source}>" for shape in shapes[:2])
            c = f"tensor<{shapes[2]}x{result}>"
            body = text.format(a=a, b=b, c=c, source=source, body=makeBody(*choice),
                               result=result,
                               add="arith.addi" if result[0] == "i" else "arith.addf",
                               zero="0" if source[0] == "i" else "0.0")
            path = os.path.join(folder, f"{name}-{source}-{choice[1][-5:]}-{result}.mlir")
            with open(path, "w") as file:
                file.write(f"func.func @{name}(%a: {a}, %b: {b}, %c: {c}) -> {c} {{{body}}}\n")
            paths.append(path)
    return paths


def pickMappings(candidates):
    """The chosen mapping, the second, the last, and one of each other family."""
    proved = [c for c in candidates if c["status"] == "proved" and c["cost"]]
    picked = proved[:2] + proved[-1:]
    families = {c["family"] for c in picked}
    for candidate in proved:
        if candidate["family"] not in families:
            families.add(candidate["family"])
            picked.append(candidate)
    return sorted({c["id"] for c in picked})


def call(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True)


def chooseFlags(machine, program):
    """The ways to map a program; empty when the machine has none.

    A convolution has so many mappings that pricing all takes long: it runs with
    the first one, a product with the chosen and others.
    """
    effort = "-O1" if "conv" in os.path.basename(program) else "-O2"
    explained = call(["amosc", "explain", program, "--target=" + machine, "--json", effort])
    if explained.returncode != 0:
        return [], [f"{program}: {explained.stdout}"]
    (operation,) = json.loads(explained.stdout)["operations"]
    if effort == "-O1":
        chosen = any(candidate["chosen"] for candidate in operation["candidates"])
        return [[effort]] if chosen else [], []
    return [["--mapping=" + id_] for id_ in pickMappings(operation["candidates"])], []


def emulate(machine, program):
    """How many mappings ran, and what went wrong."""
    ways, problems = chooseFlags(machine, program)
    for flags in ways:
        run = call(["amosc", "run", program, "--target=" + machine, "--emulate",
                    "--fallback=allow"] + flags)
        if run.returncode != 0:
            problems.append(f"{program} by {flags}: exit status {run.returncode}\n{run.stdout}")
    return len(ways), problems


def main():
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    programs = writePrograms()
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for machine in sorted(glob.glob(os.path.join(machines, "*.mlir"))):
            # The cards have the intrinsics of nvidia-sm90.
            if os.path.basename(machine) in ("h100.mlir", "h200.mlir"):
                continue
            results = list(pool.map(lambda program: emulate(machine, program), programs))
            ran = sum(count for count, _ in results)
            problems = [problem for _, list_ in results for problem in list_]
            print(f"{os.path.basename(machine)}: {ran} mappings ran, {len(problems)} failed")
            print("".join(problems), end="")
            failed |= ran == 0 or bool(problems)
    return failed


sys.exit(main())
