"""Small programs for single intrinsics of a machine, one of each for a test.

An intrinsic's name says its types and how its operands lie, as those of the shipped
machines do: `mma_m16n8k8_tf32_f32`, `wgmma_m64n128k16_bf16_km_nk`.
"""

import json
import re
import subprocess

# How a factor becomes a term, by the word of the name: element type, what brings it to
# the type of the sum, and that type where the name does not say it.
FACTORS = {
    "f16": ("f16", ["arith.extf {0} : f16 to f32"], "f32"),
    "bf16": ("bf16", ["arith.extf {0} : bf16 to f32"], "f32"),
    "f32": ("f32", [], "f32"),
    "f64": ("f64", [], "f64"),
    "tf32": ("f32", ["arith.truncf {0} toward_zero : f32 to tf32", "arith.extf {0} : tf32 to f32"],
             "f32"),
    "e4m3": ("f8E4M3FN", ["arith.extf {0} : f8E4M3FN to f32"], "f32"),
    "e5m2": ("f8E5M2", ["arith.extf {0} : f8E5M2 to f32"], "f32"),
    "s8": ("i8", ["arith.extsi {0} : i8 to i32"], "i32"),
    "u8": ("i8", ["arith.extui {0} : i8 to i32"], "i32"),
    "i8": ("i8", ["arith.extsi {0} : i8 to i32"], "i32"),
    "i16": ("i16", ["arith.extsi {0} : i16 to i32"], "i32"),
}

BYTES = {"f64": 8, "f32": 4, "f16": 2, "bf16": 2, "i16": 2, "i8": 1, "f8E4M3FN": 1, "f8E5M2": 1}

PRODUCT = """
func.func @product(%a: tensor<{a}x{f}>, %b: tensor<{b}x{f}>, %c: tensor<{c}x{t}>) -> tensor<{c}x{t}> {{
  %r = linalg.generic {{
      indexing_maps = [affine_map<(i, j, k) -> {am}>, affine_map<(i, j, k) -> {bm}>,
                       affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}}
      ins(%a, %b : tensor<{a}x{f}>, tensor<{b}x{f}>) outs(%c : tensor<{c}x{t}>) {{
{body}
  }} -> tensor<{c}x{t}>
  return %r : tensor<{c}x{t}>
}}
"""

CONV = """
func.func @conv(%image: tensor<{x}x{f}>, %w: tensor<{w}x{f}>, %old: tensor<{y}x{t}>) -> tensor<{y}x{t}> {{
  %zero = arith.constant {zero} : {f}
  %padded = tensor.pad %image low[0, 1, 1, 0] high[0, 1, 1, 0] {{
  ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
    tensor.yield %zero : {f}
  }} : tensor<{x}x{f}> to tensor<{px}x{f}>
  %r = linalg.generic {{
      indexing_maps = [affine_map<(n, p, q, k{loops}) -> (n, p * {s} + r, q * {s} + s, {xc})>,
                       affine_map<(n, p, q, k{loops}) -> {wm}>,
                       affine_map<(n, p, q, k{loops}) -> (n, p, q, k)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"{kinds}]}}
      ins(%padded, %w : tensor<{px}x{f}>, tensor<{w}x{f}>) outs(%old : tensor<{y}x{t}>) {{
{body}
  }} -> tensor<{y}x{t}>
  return %r : tensor<{y}x{t}>
}}
"""


def splitName(name):
    """The words of a name behind its shape: types and layouts."""
    return [word for word in name.split("_") if word in FACTORS or word in ("nk", "kn", "km")]


def makeBody(factor, extend, term):
    kind = "i" if term[0] == "i" else "f"
    lines = [f"  ^bb0(%x: {factor}, %y: {factor}, %z: {term}):"]
    terms = []
    for value in ("%x", "%y"):
        for n, step in enumerate(extend):
            lines.append(f"    {value}{n} = {step.format(value if n == 0 else value + str(n - 1))}")
        terms.append(value + str(len(extend) - 1) if extend else value)
    lines.append(f"    %m = arith.mul{kind} {terms[0]}, {terms[1]} : {term}")
    lines.append(f"    %s = arith.add{kind} %z, %m : {term}")
    lines.append(f"    linalg.yield %s : {term}")
    return "\n".join(lines)


def makeProgram(name, withConv=False):
    """A product, or a convolution where there is none for the intrinsic, or both, that
    nothing divides; where operands lie in memory, rows are multiples of 16 bytes."""
    words = splitName(name)
    factor, extend, term = FACTORS[words[0]]
    if len(words) > 1 and words[1] == words[0]:
        extend, term = [], factor
    elif words[0] == "f16" and "lanes" in name and "f32" not in words:
        extend, term = [], "f16"
    boxes = name.startswith("wgmma")
    unit = 16 // BYTES[factor] if boxes else 1
    m, n, k = (200, 17 * unit, 24 * unit) if boxes else (61, 43, 75)
    body = makeBody(factor, extend, term)
    isTransposed, isRowMajor = "km" in words, "kn" in words or not boxes
    if isTransposed:
        m = 25 * unit
    product = PRODUCT.format(
        f=factor, t=term, body=body, c=f"{m}x{n}",
        a=f"{k}x{m}" if isTransposed else f"{m}x{k}", am="(k, i)" if isTransposed else "(i, k)",
        b=f"{k}x{n}" if isRowMajor else f"{n}x{k}", bm="(k, j)" if isRowMajor else "(j, k)")
    lanes = "lanes" in name
    if isTransposed or not (lanes or withConv):
        return product
    # Channels, filters, stride.
    c, f, s = (8 * unit, 9 * unit, 1) if boxes else (5, 11, 2)
    h, w = (9, 11) if s == 1 else (8, 10)
    p, q = (h, w) if s == 1 else (4, 5)
    if lanes:
        c = f = 37
    conv = CONV.format(
        f=factor, t=term, body=body, s=s, zero="0" if factor[0] == "i" else "0.0",
        x=f"2x{h}x{w}x{c}", px=f"2x{h + 2}x{w + 2}x{c}", y=f"2x{p}x{q}x{f}",
        loops=", r, s" if lanes else ", r, s, c", xc="k" if lanes else "c",
        kinds=', "reduction"' * (2 if lanes else 3),
        w=f"3x3x{c}" if lanes else f"3x3x{c}x{f}" if isRowMajor else f"{f}x3x3x{c}",
        wm="(r, s, k)" if lanes else "(r, s, c, k)" if isRowMajor else "(k, r, s, c)")
    return conv if lanes else product + conv


def listIntrinsics(machine):
    shown = subprocess.run(["amosc", "target", "show", machine, "--json"], check=True,
                           stdout=subprocess.PIPE, universal_newlines=True)
    return [i["name"] for m in json.loads(shown.stdout) for i in m["intrinsics"]]


def sample(names):
    """One member of each family that differs in the columns of its tile, another one
    each time."""
    families = {}
    for name in names:
        families.setdefault(re.sub(r"n\d+k", "nk", name), []).append(name)
    return [members[i % len(members)] for i, members in enumerate(families.values())]
