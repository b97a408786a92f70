"""random_contractions.py SEED COUNT [constant]: a module of contractions of every kind.

Products of matrices and convolutions with any stride, dilation, padding and layout,
grouped and depthwise ones, on odd extents, of every element type; some accumulate into
an argument. With `constant` the second source is one.
"""

import math
import random
import struct
import sys

# source 1, source 2, destination, how the sources are extended
TYPES = {
    "u8s8": ("i8", "i8", "i32", "extui", "extsi"),
    "s8s8": ("i8", "i8", "i32", "extsi", "extsi"),
    "s16": ("i16", "i16", "i32", "extsi", "extsi"),
    "i32": ("i32", "i32", "i32", None, None),
    "bf16": ("bf16", "bf16", "f32", "extf", "extf"),
    "f16": ("f16", "f16", "f32", "extf", "extf"),
    "f32": ("f32", "f32", "f32", None, None),
    "f64": ("f64", "f64", "f64", None, None),
}


def tensor(shape, element):
    return f"tensor<{'x'.join(map(str, shape))}x{element}>"


def draw_product(rng):
    extents = {"m": rng.randint(1, 40), "n": rng.randint(1, 70), "k": rng.randint(1, 50)}
    kind = rng.choice(["plain", "transposed", "batched", "vector"])
    left, right, out = ["m", "k"], ["k", "n"], ["m", "n"]
    if kind == "transposed":
        right = ["n", "k"]
    if kind == "vector":
        extents["n"] = 1
    if kind == "batched":
        extents = {"b": rng.randint(1, 4), **extents}
        left, right, out = ["b"] + left, ["b"] + right, ["b"] + out
    return extents, {"k"}, left, right, out, 0


def draw_convolution(rng):
    extents = {"n": rng.randint(1, 2), "p": rng.randint(1, 9), "q": rng.randint(1, 9),
               "k": rng.randint(1, 40), "r": rng.randint(1, 3), "s": rng.randint(1, 3),
               "c": rng.randint(1, 12)}
    stride, dilation = rng.randint(1, 2), rng.randint(1, 2)
    y, x = (f"{a} * {stride} + {b} * {dilation}" for a, b in (("p", "r"), ("q", "s")))
    kind = rng.choice(["nhwc", "nchw", "line", "volume", "grouped", "depthwise"])
    left, right, out = ["n", y, x, "c"], ["r", "s", "c", "k"], ["n", "p", "q", "k"]
    reductions = {"r", "s", "c"}
    if kind == "nchw":
        left, right, out = ["n", "c", y, x], ["k", "c", "r", "s"], ["n", "k", "p", "q"]
    if kind == "line":
        del extents["p"], extents["r"]
        left, right, out = ["n", x, "c"], ["s", "c", "k"], ["n", "q", "k"]
    if kind == "volume":
        extents = {"d": rng.randint(1, 3), "t": rng.randint(1, 2), **extents}
        left, right, out = ["n", "d + t"] + left[1:], ["t"] + right, ["n", "d"] + out[1:]
        reductions.add("t")
    if kind == "grouped":
        extents["g"] = rng.randint(1, 3)
        left, right, out = ["n", y, x, "g", "c"], ["g"] + right, ["n", "p", "q", "g", "k"]
    if kind == "depthwise":
        del extents["k"]
        right, out = ["r", "s", "c"], ["n", "p", "q", "c"]
        reductions.discard("c")
    return extents, reductions & set(extents), left, right, out, rng.choice([0, 0, 1, 2])


def emit_pad(shape, index, amount, element):
    """The tensor without its border, and the op that puts zeros around it."""
    border = [amount if "*" in e and extent > 2 * amount else 0
              for e, extent in zip(index, shape)]
    if not any(border):
        return shape, "%a", ""
    inner = [extent - 2 * b for extent, b in zip(shape, border)]
    zero = "0" if element.startswith("i") else "0.0"
    at = ", ".join(f"%i{d}: index" for d in range(len(shape)))
    return inner, "%padded", f"""  %pz = arith.constant {zero} : {element}
  %padded = tensor.pad %a low{border} high{border} {{
  ^bb0({at}):
    tensor.yield %pz : {element}
  }} : {tensor(inner, element)} to {tensor(shape, element)}
"""


def emit_constant(shape, element):
    """Small numbers, drawn with a generator of their own, as MLIR takes them in bytes. Floats
    have one sign, which tolerances of sums with constants want."""
    low = -3 if element.startswith("i") else 0
    rng = random.Random(str(shape))
    code = {"i8": "<b", "i16": "<h", "i32": "<i", "f16": "<e", "f64": "<d"}.get(element, "<f")
    encoded = (struct.pack(code, rng.randint(low, 3)) for _ in range(math.prod(shape)))
    text = b"".join(e[2:] if element == "bf16" else e for e in encoded).hex()
    return f'  %b = arith.constant dense<"0x{text}"> : {tensor(shape, element)}\n'


def emit(rng, name, is_constant):
    extents, reductions, left, right, out, padding = rng.choice(
        [draw_product, draw_convolution])(rng)
    first, second, result, widen1, widen2 = TYPES[rng.choice(sorted(TYPES))]
    last = {v: e - 1 for v, e in extents.items()}
    shapes = [[eval(e, {}, last) + 1 for e in index] for index in (left, right, out)]
    order = ", ".join(extents)
    maps = ", ".join(f"affine_map<({order}) -> ({', '.join(index)})>" for index in (left, right, out))
    kinds = ", ".join('"reduction"' if v in reductions else '"parallel"' for v in extents)
    inner, source, pad = emit_pad(shapes[0], left, padding, first) if padding else (shapes[0], "%a", "")
    letter = "i" if result.startswith("i") else "f"
    types = [tensor(shape, element) for shape, element in zip(shapes, (first, second, result))]
    accumulates = rng.random() < 0.3
    zero = "0" if letter == "i" else "0.0"
    start = "" if accumulates else f"""  %zero = arith.constant {zero} : {result}
  %empty = tensor.empty() : {types[2]}
  %c = linalg.fill ins(%zero : {result}) outs(%empty : {types[2]}) -> {types[2]}
"""
    widen = lambda to, op, value, element: f"    {to} = arith.{op} {value} : {element} to {result}\n" if op else ""
    arguments = [f"%a: {tensor(inner, first)}"]
    if is_constant:
        start += emit_constant(shapes[1], second)
    else:
        arguments.append(f"%b: {types[1]}")
    if accumulates:
        arguments.append(f"%c: {types[2]}")
    u, v = ("%u" if widen1 else "%x"), ("%v" if widen2 else "%y")
    return f"""func.func @{name}({", ".join(arguments)}) -> {types[2]} {{
{start}{pad}  %r = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}}
      ins({source}, %b : {types[0]}, {types[1]}) outs(%c : {types[2]}) {{
  ^bb0(%x: {first}, %y: {second}, %z: {result}):
{widen("%u", widen1, "%x", first)}{widen("%v", widen2, "%y", second)}    %p = arith.mul{letter} {u}, {v} : {result}
    %s = arith.add{letter} %z, %p : {result}
    linalg.yield %s : {result}
  }} -> {types[2]}
  return %r : {types[2]}
}}
"""


def main():
    rng = random.Random(int(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        print(emit(rng, f"f{number}", "constant" in sys.argv))


main()
