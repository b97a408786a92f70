"""What is checked on a GPU: programs that are small, odd, and of every kind.

A case is one program with the machine that it is compiled for, perhaps with the intrinsic or the
mapping that it has to use. A family is a program with many mappings, which amosc lists.
"""

import dataclasses
import os
import re
import subprocess
import sys

from operators import capsule, conv, matmul, matvec, per_sample, record, transposed
from program import ACTIVATION, BODY, Operator, Program

HERE = os.path.dirname(os.path.abspath(__file__))
INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "Run", "Inputs")
TYPES = ("f16", "bf16")


def extend(op, narrow, wide):
    return [f"%{to} = arith.{op} %{x} : {narrow} to {wide}" for to, x in ("ux", "vy")]


# Beyond those that are timed.
BODY.update({
    "u8": ("i8", "i8", "i32", *extend("extui", "i8", "i32"), "i"),
    "f64": ("f64", "f64", "f64", "", "", "f"),
    "e4m3": ("f8E4M3FN", "f8E4M3FN", "f32", *extend("extf", "f8E4M3FN", "f32"), "f"),
    "e5m2": ("f8E5M2", "f8E5M2", "f32", *extend("extf", "f8E5M2", "f32"), "f"),
})


@dataclasses.dataclass(frozen=True)
class Case:
    """`options`: of amosc, `--what=NAME` of what has to be used, or promises; `is_exact`: of
    small whole numbers, no result but the last is rounded."""
    name: str
    program: str
    target: str = "h200"
    options: tuple = ()
    is_exact: bool = True


@dataclasses.dataclass(frozen=True)
class Family:
    """A case for each mapping on intrinsics of such a name; with `is_brief` for the best one on
    each of them."""
    name: str
    program: str
    target: str
    intrinsic: str
    is_brief: bool = False


# The lines of a step that reads nothing else.
STEPS = {
    "relu": lambda program: ACTIVATION["relu"],
    "gelu": lambda program: ACTIVATION["gelu"],
    "scale": lambda program: ["%factor = arith.constant 0.3125 : f32",
                              "%m = arith.mulf %a, %factor : f32"],
    "cast": lambda program: [f"%m = arith.truncf %a : {program.result} to {program.left}"],
}


class Tailed(Program):
    """An operator with steps behind its sum, each an op of its own; a cast is the last."""

    def __init__(self, operator, dtype, steps):
        super().__init__(operator, dtype, is_narrow=False)
        self.steps = steps

    def get_dimensions(self, step):
        """Those of the tensor that a step reads: a bias has one element for each channel."""
        names = self.operator.accesses[-1][1]
        is_image = "n" in names[:1] and "k" in names
        return list(range(len(names))) if step == "residual" else [
            names.index("k") if is_image else len(names) - 1]

    def say_other(self, step, name, value, shape):
        """A step that adds an argument."""
        dims = self.get_dimensions(step)
        kind = self.get_type([shape[d] for d in dims], self.left)
        self.arguments.append(f"%{name}_in: {kind}")
        return self.say_elementwise(value, name, shape, self.result, [
            f"%w = arith.extf %b : {self.left} to {self.result}",
            f"%m = arith.addf %a, %w : {self.result}"], (f"%{name}_in", dims))

    def say_consumers(self, value, shape):
        element = self.result
        for number, step in enumerate(self.steps):
            name = f"{step}{number}"
            if step in ("bias", "residual"):
                value = self.say_other(step, name, value, shape)
            else:
                element = self.left if step == "cast" else self.result
                value = self.say_elementwise(value, name, shape, element, STEPS[step](self))
        return value, self.get_type(shape, element)


def arrange(base, layout):
    """The operator in a layout: `first` as it is, `last` with filters R S C K, `fhwc` with K R S
    C. None where it has no such layout."""
    operator = Operator(base)
    if layout != "first" and not operator.put_channels_last():
        return None
    if layout == "fhwc":
        image, (name, exprs, shape), out = operator.accesses
        order = sorted(range(len(exprs)), key=lambda d: exprs[d] not in ("g", "k"))
        weights = name, [exprs[d] for d in order], [shape[d] for d in order]
        operator.accesses = [image, weights, out]
    return operator


def spell(base, dtype, steps=("cast",), layout="first"):
    operator = arrange(base, layout)
    return operator and Tailed(operator, dtype, steps).print()


# ================================================================ products
def turned(name, m, n, k):
    """Both sources turned: A[k,m] times B[n,k]; a left one that is turned needs an intrinsic that
    takes it so."""
    return record(name, "O[m,n] += A[k,m] * B[k,n]", {"m": m, "n": n}, {"k": k},
                  {"A": [k, m], "B": [k, n], "O": [m, n]})


RAGGED = [(1, 105, 107), (2, 2, 2), (1, 256, 512), (33, 257, 1), (129, 1, 65), (33, 257, 33),
          (131, 131, 131), (64, 64, 64), (128, 256, 64), (257, 129, 96), (200, 72, 40)]
LONG = [(64, 512, 8192), (128, 1024, 8192), (100, 1000, 8200), (16, 256, 4096), (1, 512, 8192),
        (33, 262144, 33), (3452, 2044, 1024)]


def list_products():
    for m, n, k in RAGGED:
        yield matmul(f"{m}x{n}x{k}", m, n, k)
        yield matmul(f"{m}x{n}x{k}.nk", m, n, k, transposed=True)
    for m, n, k in [(33, 257, 33), (131, 131, 131), (128, 256, 64)]:
        yield turned(f"{m}x{n}x{k}.km", m, n, k)
    for m, n, k in [(33, 40, 50), (64, 128, 64)]:
        yield matmul(f"3x{m}x{n}x{k}", m, n, k, batch=3)
        yield matmul(f"3x{m}x{n}x{k}.nk", m, n, k, batch=3, transposed=True)
    yield matvec("65x129", 65, 129)


def list_forced(name, program, dtype, options=()):
    """What the model chooses, which for small ones is no wgmma, and that all the same; once, for
    types of a size have the same layouts."""
    yield Case(f"{name}-{dtype}", program, options=options)
    if dtype == "f16":
        yield Case(f"{name}-{dtype}-wgmma", program, options=("--intrinsic=wgmma_*", *options))


def list_shapes():
    for dtype in TYPES:
        for base in list_products():
            yield from list_forced(base["name"], spell(base, dtype), dtype)
        for m, n, k in LONG:
            for is_turned in (False, True):
                base = matmul(f"{m}x{n}x{k}{'.nk' if is_turned else ''}", m, n, k,
                              transposed=is_turned)
                yield Case(f"{base['name']}-{dtype}", spell(base, dtype))
                yield Case(f"{base['name']}-relu-{dtype}",
                           spell(base, dtype, ("bias", "relu", "cast")))


# ================================================================ convolutions
CONVOLUTIONS = [
    conv("plain", 1, 24, 40, [9, 11], [3, 3]),
    conv("padded", 1, 24, 40, [9, 11], [3, 3], pad=1),
    conv("batched", 3, 64, 64, [14, 14], [3, 3], pad=1),
    conv("odd", 2, 13, 21, [7, 5], [3, 3], pad=1),
    conv("strided", 2, 32, 40, [11, 9], [3, 3], stride=2, pad=1),
    conv("dilated", 2, 24, 40, [11, 9], [3, 3], pad=2, dilation=2),
    conv("grouped", 2, 48, 96, [8, 8], [3, 3], pad=1, groups=3),
    conv("depthwise", 2, 40, 40, [9, 9], [3, 3], pad=1, groups=40),
    conv("point", 2, 64, 72, [7, 7], [1, 1]),
    conv("point-strided", 2, 64, 72, [8, 8], [1, 1], stride=2),
    conv("first", 1, 3, 64, [32, 32], [7, 7], stride=2, pad=3),
    conv("line", 2, 24, 40, [37], [3], pad=1),
    conv("volume", 1, 16, 24, [4, 6, 6], [3, 3, 3], pad=[1, 1, 1]),
    transposed("transposed", 2, 24, 40, 5, 3, 2, 1),
    transposed("transposed-even", 2, 64, 64, 6, 4, 2, 1),
    transposed("transposed-third", 1, 64, 24, 5, 5, 3, 2),
    transposed("transposed-point", 2, 64, 64, 7, 1, 2, 0),
    transposed("transposed-flat", 2, 64, 64, 7, 3, 1, 1),
    capsule("capsule", 1, 16, 8, 7, 3, 2, 1),
    per_sample("per-sample", 2, 16, 24, 7, 3, 1, 1),
]


def list_convolutions():
    for dtype in TYPES:
        for base in CONVOLUTIONS:
            for layout in ("first", "last", "fhwc"):
                program = spell(base, dtype, layout=layout)
                # Zeros between the elements of an image are left out only so.
                options = ("--assume-finite",) if "upsample" in base else ()
                if program:
                    yield from list_forced(f"{base['name']}-{layout}", program, dtype, options)


def list_clusters():
    """Neighbours that bring together what they share, with and without parts of sums, in whole
    tiles and beyond their ends."""
    machine = os.path.join(HERE, "slow_l2.mlir")
    for m, n, k in [(512, 512, 256), (1000, 1032, 520), (300, 2056, 1096), (256, 256, 8192),
                    (384, 1536, 1100), (128, 4096, 2048)]:
        for is_turned in (False, True):
            base = matmul(f"{m}x{n}x{k}{'.nk' if is_turned else ''}", m, n, k, transposed=is_turned)
            for dtype in ("f16", "bf16", "tf32", "s8"):
                steps = ("bias", "relu", "cast") if dtype in TYPES else ()
                yield Case(f"{base['name']}-{dtype}", spell(base, dtype, steps), machine)
    for base in [conv("wide", 8, 64, 256, [28, 28], [3, 3], pad=1),
                 conv("strided", 8, 64, 256, [28, 28], [3, 3], stride=2, pad=1),
                 conv("odd", 7, 128, 192, [13, 15], [3, 3], pad=1),
                 conv("point", 8, 256, 256, [14, 14], [1, 1])]:
        for layout in ("last", "fhwc"):
            yield Case(f"{base['name']}-{layout}-f16", spell(base, "f16", layout=layout), machine)


def list_mappings():
    """Every one of a small padded convolution: 16 bytes of channels, and fewer; filters as each
    kind of intrinsic wants them."""
    wide = conv("wide", 2, 24, 13, [7, 5], [3, 3], pad=1)
    odd = conv("odd", 2, 13, 24, [7, 5], [3, 3], pad=1)
    yield Family("wgmma-nk", spell(wide, "f16", layout="fhwc"), "h200", "wgmma_m64n16k16_f16_nk")
    yield Family("wgmma-kn", spell(odd, "f16", layout="last"), "h200", "wgmma_m64n64k16_f16_kn")
    yield Family("mma", spell(odd, "f16", layout="last"), "nvidia-sm80", "mma_m16n8k16_f16_f32")


def list_instructions():
    """Each one of a tensor core, on a product with ragged edges and on one of whole tiles."""
    for m, n, k in [(72, 264, 136), (128, 512, 128)]:
        base = matmul(f"{m}x{n}x{k}", m, n, k, transposed=True)
        for dtype in ("f16", "bf16", "tf32", "s8", "u8", "e4m3", "e5m2"):
            yield Family(f"{base['name']}-{dtype}", spell(base, dtype, ()), "h200", "*mma_*",
                         is_brief=True)


# ================================================================ the rest
def list_types():
    for m, n, k in [(33, 257, 33), (128, 256, 128)]:
        for is_turned in (False, True):
            base = matmul(f"{m}x{n}x{k}{'.nk' if is_turned else ''}", m, n, k, transposed=is_turned)
            for dtype in ("bf16", "f16", "tf32", "f32", "s8", "u8", "f64", "e4m3", "e5m2"):
                for target in ("h200", "nvidia-sm80"):
                    yield Case(f"{base['name']}-{dtype}-{target}", spell(base, dtype, ()), target)
    base = conv("conv", 2, 32, 40, [9, 7], [3, 3], pad=1)
    for dtype in ("tf32", "s8", "u8", "f64", "e4m3"):
        yield Case(f"conv-{dtype}", spell(base, dtype, (), "fhwc"),
                   "nvidia-sm80" if dtype == "f64" else "h200")


def draw(script, seed, count):
    """The functions that a script of the tests writes, one program each."""
    text = subprocess.run([sys.executable, os.path.join(INPUTS, script), str(seed), str(count)],
                          capture_output=True, text=True, check=True).stdout
    return re.findall(r"^func\.func .*?^}\n", text, re.M | re.S)


def list_functions():
    for kind, seed in (("contractions", 11), ("functions", 12)):
        for number, program in enumerate(draw(f"random_{kind}.py", seed, 24)):
            yield Case(f"{kind}-{seed}-{number}", program, is_exact=False)


TAILS = [("bias",), ("relu",), ("gelu",), ("residual",), ("scale",), ("cast",),
         ("bias", "relu", "cast"), ("bias", "gelu", "cast"), ("scale", "residual", "relu", "cast"),
         ("bias", "residual", "gelu", "scale")]


def list_epilogues():
    bases = [(matmul("product", 100, 136, 72), "first"),
             (conv("conv", 2, 24, 40, [9, 7], [3, 3], pad=1), "last"),
             (conv("conv", 2, 24, 40, [9, 7], [3, 3], pad=1), "first")]
    for dtype in TYPES:
        for base, layout in bases:
            for steps in TAILS:
                yield Case(f"{base['name']}-{layout}-{'.'.join(steps)}-{dtype}",
                           spell(base, dtype, steps, layout), is_exact="gelu" not in steps)


SETS = {
    "shapes": list_shapes,
    "convolutions": list_convolutions,
    "clusters": list_clusters,
    "mappings": list_mappings,
    "instructions": list_instructions,
    "types": list_types,
    "functions": list_functions,
    "epilogues": list_epilogues,
}
