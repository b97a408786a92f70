"""random_contractions.py SEED COUNT [constant] [large]: a module of contractions of every kind.

Products of matrices and convolutions with any stride, dilation, padding and layout,
grouped and depthwise ones, on odd extents, of every element type; some accumulate into
an argument, some are followed by a chain of elementwise ops on other tensors. With
`constant` the second source is one; `large` ones are worth several threads.
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


SCALE = 4 if "large" in sys.argv else 1


def tensor(shape, element):
    return f"tensor<{'x'.join(map(str, shape))}x{element}>"


def draw_product(rng):
    extents = {"m": rng.randint(1, 40 * SCALE), "n": rng.randint(1, 70 * SCALE),
               "k": rng.randint(1, 50 * SCALE)}
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
    extents = {"n": rng.randint(1, 2), "p": rng.randint(1, 9 * SCALE),
               "q": rng.randint(1, 9 * SCALE), "k": rng.randint(1, 40), "r": rng.randint(1, 3), "s": rng.randint(1, 3),
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


CASTS = {"f64": ["f64", "f32"], "f32": ["f32", "f16", "bf16"], "i32": ["i32", "i8"]}


def emit_cast(to, value, source, target):
    """`value` in another type; integers are put into its range first."""
    if source == target:
        return f"    {to} = arith.addi {value}, %zero : {source}\n" if source == "i32" else \
            f"    {to} = arith.mulf {value}, %one : {source}\n"
    if source.startswith("f"):
        return f"    {to} = arith.truncf {value} : {source} to {target}\n"
    return (f"    {to}l = arith.maxsi {value}, %low : {source}\n"
            f"    {to}h = arith.minsi {to}l, %high : {source}\n"
            f"    {to} = arith.trunci {to}h : {source} to {target}\n")


def widen(to, value, source, target):
    if source == target:
        return "", value
    op = "extsi" if source.startswith("i") else "extf"
    return f"    {to} = arith.{op} {value} : {source} to {target}\n", to


def draw_step(rng, element):
    """The body of one elementwise op on %x, and whether it reads another tensor %y."""
    if element.startswith("i"):
        return rng.choice([("    %r = arith.addi %x, %y : i32\n", True),
                           ("    %r = arith.muli %x, %y : i32\n", True),
                           ("    %r = arith.maxsi %x, %zero : i32\n", False),
                           ("    %r = arith.shrsi %x, %three : i32\n", False)])
    return rng.choice([(f"    %r = arith.addf %x, %y : {element}\n", True),
                       (f"    %r = arith.mulf %x, %y : {element}\n", True),
                       (f"    %r = arith.maximumf %x, %zero : {element}\n", False),
                       (f"    %r = math.tanh %x : {element}\n", False)])


def emit_epilogue(rng, shape, element):
    """A chain of elementwise ops on %sum, the arguments they read, and its type."""
    value, text, arguments = "%sum", "", []
    for number in range(rng.randint(1, 3)):
        body, isBinary = draw_step(rng, element)
        dims = [f"d{d}" for d in range(len(shape))]
        maps, operands, types = [dims], [value], [tensor(shape, element)]
        if isBinary:
            read = rng.sample(dims, rng.randint(0, len(dims)))
            narrow = rng.choice(CASTS[element])
            extra = tensor([shape[int(d[1:])] for d in read], narrow) if read else f"tensor<{narrow}>"
            arguments.append((f"%e{number}", extra))
            maps, operands, types = maps + [read], operands + [f"%e{number}"], types + [extra]
            cast, y = widen("%w", "%y", narrow, element)
            body = cast + body.replace("%y", y)
        text += emit_elementwise(f"%s{number}", maps, dims, operands, types,
                                 [element] + ([narrow] if isBinary else []), body, shape, element)
        value = f"%s{number}"
    final = rng.choice(CASTS[element])
    out = [f"d{d}" for d in rng.sample(range(len(shape)), len(shape))]
    turned = [shape[int(d[1:])] for d in out]
    dims = [f"d{d}" for d in range(len(shape))]
    text += emit_elementwise("%out", [dims], out, [value], [tensor(shape, element)], [element],
                             emit_cast("%r", "%x", element, final), turned, final)
    return text, arguments, tensor(turned, final)


def emit_elementwise(to, maps, out, operands, types, elements, body, shape, element):
    order = ", ".join(f"d{d}" for d in range(len(shape)))
    spelled = ", ".join(f"affine_map<({order}) -> ({', '.join(m)})>" for m in maps + [out])
    kinds = ", ".join('"parallel"' for _ in shape)
    names = ["%x", "%y"][:len(elements)]
    args = ", ".join(f"{n}: {e}" for n, e in zip(names, elements))
    result = tensor(shape, element)
    return f"""  {to}e = tensor.empty() : {result}
  {to} = linalg.generic {{indexing_maps = [{spelled}], iterator_types = [{kinds}]}}
      ins({', '.join(operands)} : {', '.join(types)}) outs({to}e : {result}) {{
  ^bb0({args}, %old: {element}):
{body}    linalg.yield %r : {element}
  }} -> {result}
"""


def emit_scalars(element):
    if element.startswith("i"):
        return """  %zero = arith.constant 0 : i32
  %three = arith.constant 3 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
"""
    return f"""  %zero = arith.constant 0.0 : {element}
  %one = arith.constant 1.0 : {element}
"""


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
    start = "" if accumulates else f"""  %empty = tensor.empty() : {types[2]}
  %c = linalg.fill ins(%zero : {result}) outs(%empty : {types[2]}) -> {types[2]}
"""
    extend = lambda to, op, value, element: f"    {to} = arith.{op} {value} : {element} to {result}\n" if op else ""
    epilogue, extra, final = ("", [], types[2])
    if rng.random() < 0.5:
        epilogue, extra, final = emit_epilogue(rng, shapes[2], result)
    arguments = [f"%a: {tensor(inner, first)}"]
    if is_constant:
        start += emit_constant(shapes[1], second)
    else:
        arguments.append(f"%b: {types[1]}")
    if accumulates:
        arguments.append(f"%c: {types[2]}")
    arguments += [f"{e}: {t}" for e, t in extra]
    last = "%out" if epilogue else "%sum"
    u, v = ("%u" if widen1 else "%x"), ("%v" if widen2 else "%y")
    return f"""func.func @{name}({", ".join(arguments)}) -> {final} {{
{emit_scalars(result)}{start}{pad}  %sum = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}}
      ins({source}, %b : {types[0]}, {types[1]}) outs(%c : {types[2]}) {{
  ^bb0(%x: {first}, %y: {second}, %z: {result}):
{extend("%u", widen1, "%x", first)}{extend("%v", widen2, "%y", second)}    %p = arith.mul{letter} {u}, {v} : {result}
    %s = arith.add{letter} %z, %p : {result}
    linalg.yield %s : {result}
  }} -> {types[2]}
{epilogue}  return {last} : {final}
}}
"""


def main():
    rng = random.Random(int(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        print(emit(rng, f"f{number}", "constant" in sys.argv))


main()
