"""random_transposed.py SEED COUNT: a module of convolutions of images that have zeros between
their elements, as the gradient of a strided convolution is, and transposed convolutions are.

Strides of their own along each dimension, dilations that have phases and some that have none,
windows in both directions, either layout; zeros around are a pad's or the insertion's.
"""

import random
import sys

TYPES = {"i8": ("i8", "i32", "arith.extsi"), "f32": ("f32", "f32", None),
         "f16": ("f16", "f32", "arith.extf")}


def tensor(shape, element):
    return f"tensor<{'x'.join(map(str, shape))}x{element}>"


def draw_axis(rng, p, r):
    """One dimension of the image: extents, the index, and what the insertion is."""
    image, stride, window = rng.randint(1, 6), rng.randint(1, 3), rng.randint(1, 4)
    dilation = rng.choice([1, 1, 1, 2])
    before, after = rng.randint(0, 3), rng.randint(0, 3)
    span = (window - 1) * dilation
    after += max(0, span + 1 - ((image - 1) * stride + 1 + before + after))
    spread = (image - 1) * stride + 1 + before + after
    index = rng.choice([f"{p} + {r} * {dilation}", f"{p} - {r} * {dilation} + {span}"])
    return {"image": image, "stride": stride, "before": before, "after": after,
            "spread": spread, "index": index, p: spread - span, r: window}


def emit_spread(rng, shape, axes, element):
    """%spread, by an insertion into zeros, padded or not."""
    is_padded = rng.random() < 0.5
    before = [0 if is_padded else axis.get("before", 0) for axis in axes]
    around = [0 if is_padded else axis.get("before", 0) + axis.get("after", 0) for axis in axes]
    wide = [(x - 1) * axis.get("stride", 1) + 1 + more
            for x, axis, more in zip(shape, axes, around)]
    strides = [axis.get("stride", 1) for axis in axes]
    whole, zero = tensor(wide, element), "0" if element.startswith("i") else "0.0"
    lines = [f"%z = arith.constant {zero} : {element}", f"%e = tensor.empty() : {whole}",
             f"%f = linalg.fill ins(%z : {element}) outs(%e : {whole}) -> {whole}",
             f"%spread = tensor.insert_slice %a into %f{before}{shape}{strides} : "
             f"{tensor(shape, element)} into {whole}"]
    if not is_padded:
        return lines, "%spread", wide
    low, high = ([axis.get(end, 0) for axis in axes] for end in ("before", "after"))
    padded = [x + l + h for x, l, h in zip(wide, low, high)]
    at = ", ".join(f"%i{d}: index" for d in range(len(shape)))
    return lines + [f"%padded = tensor.pad %spread low{low} high{high} {{", f"^bb0({at}):",
                    f"  tensor.yield %z : {element}",
                    f"}} : {whole} to {tensor(padded, element)}"], "%padded", padded


def emit(rng, number):
    element, result, widen = TYPES[rng.choice(list(TYPES))]
    windows = [("p", "r"), ("q", "s")][:rng.randint(1, 2)]
    axes = [draw_axis(rng, p, r) for p, r in windows]
    extents = {"n": rng.randint(1, 2), "k": rng.choice([1, 3, 8, 17]), "c": rng.choice([1, 3, 8])}
    for axis, names in zip(axes, windows):
        extents.update({name: axis[name] for name in names})
    spatial, reduced = ([pair[i] for pair in windows] for i in (0, 1))
    indices = [axis["index"] for axis in axes]
    images = [axis["image"] for axis in axes]
    size = lambda names: [extents[v] for v in names]
    if rng.random() < 0.5:
        out, weights = ["n", "k"] + spatial, ["c", "k"] + reduced
        shape, axes, index = size("nc") + images, [{}, {}] + axes, ["n", "c"] + indices
    else:
        out, weights = ["n"] + spatial + ["k"], reduced + ["c", "k"]
        shape, axes = size("n") + images + size("c"), [{}] + axes + [{}]
        index = ["n"] + indices + ["c"]
    lines, value, spread = emit_spread(rng, shape, axes, element)
    loops = list(extents)
    kinds = ", ".join('"reduction"' if v in ["c"] + reduced else '"parallel"' for v in loops)
    maps = ", ".join(f"affine_map<({', '.join(loops)}) -> ({', '.join(e)})>"
                     for e in (index, weights, out))
    left, right, whole = (tensor(spread, element), tensor(size(weights), element),
                          tensor(size(out), result))
    kind = "i" if result == "i32" else "f"
    body = [f"%u = {widen} %x : {element} to {result}", f"%v = {widen} %y : {element} to {result}"
            ] if widen else []
    u, v = ("%u", "%v") if widen else ("%x", "%y")
    lines += [f"%d = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}}",
              f"    ins({value}, %b : {left}, {right}) outs(%c : {whole}) {{",
              f"^bb0(%x: {element}, %y: {element}, %s: {result}):",
              *("  " + line for line in body),
              f"  %m = arith.mul{kind} {u}, {v} : {result}",
              f"  %t = arith.add{kind} %s, %m : {result}", f"  linalg.yield %t : {result}",
              f"}} -> {whole}", f"return %d : {whole}"]
    head = (f"func.func @f{number}(%a: {tensor(shape, element)}, %b: {right}, "
            f"%c: {whole}) -> {whole} {{")
    return "\n".join([head] + ["  " + line for line in lines] + ["}"])


rng = random.Random(int(sys.argv[1]))
print("\n".join(emit(rng, number) for number in range(int(sys.argv[2]))))
