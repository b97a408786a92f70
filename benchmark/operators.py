#!/usr/bin/env python3
"""The operators that are measured, as records that program.py turns into linalg.

The families are those of the evaluation of AMOS (ISCA 2022), with shapes of the networks
they come from, and the matrix products of transformers:

  GMV GMM      matrix times vector, times matrix          C1D C2D C3D  convolutions
  T2D          transposed convolution, as a gather        GRP DIL      grouped, dilated
  DEP MB1      depthwise, of MobileNet V2 and V1
  CAP BCV GFC  capsule, per-sample and grouped layers     MEN VAR SCN  mean, variance, prefix sum
  GEMM LLM     square products, linear layers
  ACT          products with a bias and an activation

  operators.py                  the names
  operators.py --json           every record
  operators.py NAME --type T    the program of one, for amosc
"""

import argparse
import json
import sys

from program import BODY, Operator


def record(name, expr, spatial, reduce, shapes, **more):
    return {"name": name, "expr": expr, "spatial": spatial, "reduce": reduce,
            "tensors": {tensor: {"shape": shape} for tensor, shape in shapes.items()}, **more}


def matmul(name, m, n, k, batch=0, transposed=False):
    """A[m,k] times B[k,n], or times B[n,k] as linear layers keep their weights."""
    lead, prefix, first = ({"b": batch}, "b,", [batch]) if batch else ({}, "", [])
    index, shape = ("n,k", [n, k]) if transposed else ("k,n", [k, n])
    return record(name, f"O[{prefix}m,n] += A[{prefix}m,k] * B[{prefix}{index}]",
                  {**lead, "m": m, "n": n}, {"k": k},
                  {"A": first + [m, k], "B": first + shape, "O": first + [m, n]},
                  matmul={"m": m, "n": n, "k": k, "batch": batch, "transposed": transposed})


def layer(name, m, n, k, activation):
    """A product with a bias for each column and an activation behind it."""
    base = matmul(name, m, n, k)
    base["tensors"]["V"] = {"shape": [n]}
    return {**base, "activation": activation}


def matvec(name, m, k):
    return record(name, "O[m] += A[m,k] * X[k]", {"m": m}, {"k": k},
                  {"A": [m, k], "X": [k], "O": [m]})


def index_window(out, kernel, stride, pad, dilation):
    """`2*p+3*r-1`, shortened."""
    text = out if stride == 1 else f"{out}*{stride}"
    if kernel:
        text += f"+{kernel}" if dilation == 1 else f"+{kernel}*{dilation}"
    return text + (f"-{pad}" if pad else "")


def conv(name, batch, c, k, size, kernel, stride=1, pad=0, dilation=1, groups=1):
    """A convolution of any rank. I[n,c,..], W[k,c,..], O[n,k,..], with a dimension for the
    group behind n and before k if there are several; depthwise ones have no c."""
    rank = len(size)
    strides, pads = ([v] * rank if isinstance(v, int) else v for v in (stride, pad))
    outs = ["l"] if rank == 1 else ["p", "q"] if rank == 2 else ["d", "p", "q"]
    windows = ["r"] if rank == 1 else ["r", "s"] if rank == 2 else ["t", "r", "s"]
    windows = [w if extent > 1 else "" for w, extent in zip(windows, kernel)]
    out = [(x + 2 * p - dilation * (e - 1) - 1) // st + 1
           for x, p, e, st in zip(size, pads, kernel, strides)]
    window = ",".join(map(index_window, outs, windows, strides, pads, [dilation] * rank))
    group = ["g"] if groups > 1 else []
    inside = ["c"] if c > groups or not group else []
    outside = ["k"] if k > groups or not group else []
    used = [w for w in windows if w]
    extents = {"n": batch, "g": groups, "c": c // groups, "k": k // groups}
    extents.update(zip(outs, out))
    extents.update((w, e) for w, e in zip(windows, kernel) if w)
    shape = lambda letters: [extents[v] for v in letters]
    spatial, weights = ["n"] + group + outside + outs, group + outside + inside + used
    return record(name, f"O[{','.join(spatial)}] += I[{','.join(['n'] + group + inside)},{window}]"
                        f" * W[{','.join(weights)}]",
                  {v: extents[v] for v in spatial}, {v: extents[v] for v in inside + used},
                  {"I": shape(["n"] + group + inside) + size, "W": shape(weights),
                   "O": shape(spatial)},
                  conv={"n": batch, "c": c, "k": k, "size": size, "kernel": kernel, "out": out,
                        "stride": strides, "pad": pads, "dilation": dilation, "groups": groups})


def transposed(name, batch, c, k, size, kernel, stride, pad):
    """A transposed convolution: each result gathers from the image with zeros put between
    its elements. Their products are no work."""
    out = (size - 1) * stride - 2 * pad + kernel
    window = (lambda v, w: f"{v}+{pad}-{w}") if kernel > 1 else (lambda v, w: v)
    used = {"r": kernel, "s": kernel} if kernel > 1 else {}
    weights = ["c", "k"] + list(used)
    return record(name, f"O[n,k,p,q] += I[n,c,{window('p', 'r')},{window('q', 's')}]"
                        f" * W[{','.join(weights)}]",
                  {"n": batch, "k": k, "p": out, "q": out}, {"c": c, **used},
                  {"I": [batch, c, size, size], "W": [c, k] + list(used.values()),
                   "O": [batch, k, out, out]},
                  upsample={"I": stride}, macs=batch * c * size * size * k * kernel * kernel)


def capsule(name, batch, c, k, size, kernel, stride, pad, parts=8):
    """A convolution whose weights and results are short vectors."""
    base = conv(name, batch, c, k, [size, size], [kernel, kernel], stride, pad)
    base["expr"] = base["expr"].replace("] +=", ",x] +=")[:-1] + ",x]"
    base["spatial"]["x"] = parts
    for tensor in ("W", "O"):
        base["tensors"][tensor]["shape"].append(parts)
    del base["conv"]
    return base


def per_sample(name, batch, c, k, size, kernel, stride, pad):
    """A convolution in which every sample has its own weights."""
    base = conv(name, batch, c, k, [size, size], [kernel, kernel], stride, pad)
    base["expr"] = base["expr"].replace("W[", "W[n,")
    base["tensors"]["W"]["shape"].insert(0, batch)
    del base["conv"]
    return base


def grouped_layer(name, batch, inputs, outputs, groups):
    """A linear layer in groups of one input each: nothing is summed."""
    each = outputs // groups
    return record(name, "O[n,g,k] += I[n,g] * W[g,k]", {"n": batch, "g": groups, "k": each}, {},
                  {"I": [batch, inputs], "W": [groups, each], "O": [batch, groups, each]})


def statistic(name, batch, c, size, squared):
    """Mean over all but the channels, or mean of the squared differences."""
    image = [batch, c, size, size]
    expr = "O[c] += A[n,c,h,w] - M[n,c,h,w]" if squared else "O[c] += A[n,c,h,w]"
    shapes = {"A": image, "M": image, "O": [c]} if squared else {"A": image, "O": [c]}
    return record(name, expr, {"c": c}, {"n": batch, "h": size, "w": size}, shapes,
                  combine="sqdiff" if squared else "id", scale=1 / (batch * size * size))


def prefix_sum(name, m, n, k):
    """As the product with a triangle of ones."""
    return record(name, "O[i,j] += A[i,k] * T[k,j]", {"i": m, "j": n}, {"k": k},
                  {"A": [m, k], "T": [k, n], "O": [m, n]}, triangle="T")


# channels, results, image, kernel, stride of the twelve layers of ResNet-18
RESNET18 = [(3, 64, 224, 7, 2), (64, 64, 56, 3, 1), (64, 64, 56, 1, 1), (64, 128, 56, 3, 2),
            (64, 128, 56, 1, 2), (128, 128, 28, 3, 1), (128, 256, 28, 3, 2), (128, 256, 28, 1, 2),
            (256, 256, 14, 3, 1), (256, 512, 14, 3, 2), (256, 512, 14, 1, 2), (512, 512, 7, 3, 1)]
# the same in three dimensions: channels, results, depth, image, kernel, strides
RESNET3D = [(3, 64, 8, 112, (3, 7, 7), (1, 2, 2)), (64, 64, 8, 56, (3, 3, 3), (1, 1, 1)),
            (64, 128, 8, 56, (1, 1, 1), (2, 2, 2)), (64, 128, 8, 56, (3, 3, 3), (2, 2, 2)),
            (128, 128, 4, 28, (3, 3, 3), (1, 1, 1)), (128, 256, 4, 28, (3, 3, 3), (2, 2, 2)),
            (256, 256, 2, 14, (3, 3, 3), (1, 1, 1)), (256, 512, 2, 14, (3, 3, 3), (2, 2, 2)),
            (512, 512, 1, 7, (3, 3, 3), (1, 1, 1))]
PRODUCTS = [(16, 512, 128), (1024, 16, 256), (256, 1024, 256), (512, 256, 16), (1024, 1024, 1024)]
VECTORS = [(512, 16), (1024, 256), (256, 1024), (512, 256), (1024, 1024)]
# of a speech network: channels, results, kernel, padding, dilation of 892 samples
SPEECH = [(512, 512, 3, 2, 1), (512, 1024, 1, 0, 1), (1024, 512, 1, 0, 1), (512, 512, 3, 4, 2),
          (512, 512, 3, 8, 4), (512, 512, 3, 16, 8), (512, 512, 3, 32, 16), (1024, 250, 1, 0, 1)]
# ShuffleNet's first layers, in three groups: channels, results, image, kernel, stride, padding
SHUFFLENET = [(3, 24, 224, 3, 2, 1), (54, 216, 28, 1, 1, 0), (240, 60, 28, 1, 1, 0),
              (60, 240, 28, 1, 1, 0)]
# of segmentation networks: channels, results, image; 3x3 with dilation 2
DILATED = [(256, 128, 56), (256, 512, 56), (512, 256, 28), (512, 1024, 28), (1024, 512, 14)]
# MobileNet's: channels, results, image, stride
MOBILENET = [(32, 32, 112, 1), (16, 96, 112, 2), (24, 144, 56, 2), (32, 192, 28, 2),
             (64, 384, 14, 1), (96, 576, 14, 2), (160, 960, 7, 1)]
# MobileNet-V1's: channels, image, stride
MOBILENET1 = [(32, 112, 1), (64, 112, 2), (128, 56, 1), (128, 56, 2), (256, 28, 1), (256, 28, 2),
              (512, 14, 1), (512, 14, 2), (1024, 7, 1)]
LAYERS = [(24, 216), (48, 576), (56, 504), (112, 1008), (112, 3136), (224, 12544), (448, 50176)]
IMAGES = [(3, 224), (64, 56), (128, 28), (256, 14), (512, 7)]
LINEAR = [(4096, 4096), (14336, 4096), (4096, 14336), (6144, 4096)]  # results, inputs


def build_layers(batch):
    """The families with a batch."""
    b = f".b{batch}"
    for i, (c, k, kernel, pad, dilation) in enumerate(SPEECH):
        yield conv(f"C1D/{i}{b}", batch, c, k, [892], [kernel], 1, pad, dilation)
    for i, (c, k, x, kernel, stride) in enumerate(RESNET18):
        yield conv(f"C2D/C{i}{b}", batch, c, k, [x, x], [kernel] * 2, stride, kernel // 2)
        yield transposed(f"T2D/C{i}{b}", batch, k, c, -(-x // stride), kernel, stride, kernel // 2)
        yield capsule(f"CAP/C{i}{b}", batch, c, k, x, kernel, stride, kernel // 2)
        yield per_sample(f"BCV/C{i}{b}", batch, c, k, x, kernel, stride, kernel // 2)
    for i, (c, k, depth, x, kernel, stride) in enumerate(RESNET3D):
        yield conv(f"C3D/{i}{b}", batch, c, k, [depth, x, x], list(kernel), list(stride),
                   [e // 2 for e in kernel])
    for i, (c, k, x, kernel, stride, pad) in enumerate(SHUFFLENET):
        yield conv(f"GRP/{i}{b}", batch, c, k, [x, x], [kernel] * 2, stride, pad, groups=3)
    for i, (c, k, x) in enumerate(DILATED):
        yield conv(f"DIL/{i}{b}", batch, c, k, [x, x], [3, 3], 1, 2, dilation=2)
    for i, (c, k, x, stride) in enumerate(MOBILENET):
        yield conv(f"DEP/{i}{b}", batch, c, k, [x, x], [3, 3], stride, 1, groups=c)
    for i, (c, x, stride) in enumerate(MOBILENET1):
        yield conv(f"MB1/{i}.s{stride}{b}", batch, c, c, [x, x], [3, 3], stride, 1, groups=c)
    yield conv(f"GRP/x{b}", batch, 128, 128, [28, 28], [3, 3], 1, 1, groups=32)
    for i, (inputs, outputs) in enumerate(LAYERS):
        yield grouped_layer(f"GFC/{i}{b}", batch, inputs, outputs, inputs)
    for i, (c, x) in enumerate(IMAGES):
        yield statistic(f"MEN/{i}{b}", batch, c, x, squared=False)
        yield statistic(f"VAR/{i}{b}", batch, c, x, squared=True)


def build():
    """Every operator."""
    for i, (m, k) in enumerate(VECTORS):
        yield matvec(f"GMV/{i}", m, k)
    for i, (m, n, k) in enumerate(PRODUCTS):
        yield matmul(f"GMM/{i}", m, n, k)
        yield matmul(f"GMM/{i}.b16", m, n, k, batch=16)
        yield prefix_sum(f"SCN/{i}", m, n, k)
    for batch in (1, 16):
        yield from build_layers(batch)
    for n in (256, 512, 1024, 2048, 4096, 8192, 16384):
        yield matmul(f"GEMM/{n}", n, n, n)
        yield matmul(f"GEMM/{n}.nk", n, n, n, transposed=True)
    for m in (1, 16, 64, 128, 256, 2048):
        for n, k in LINEAR:
            yield matmul(f"LLM/m{m}.n{n}.k{k}", m, n, k, transposed=True)
    for activation in ("relu", "gelu"):
        for m, n, k in ((4096, 4096, 1024), (8192, 8192, 8192)):
            yield layer(f"ACT/{activation}.m{m}.n{n}.k{k}", m, n, k, activation)
    yield matmul("GEMM/bert", 128, 768, 768)
    yield matmul("GEMM/widen", 128, 3072, 768)
    yield matmul("GEMM/row", 1, 4096, 4096)
    yield matmul("GEMM/odd", 67, 75, 131)


OPERATORS = {r["name"]: r for r in build()}

# What `cpu.py` measures where nothing is said: large and small products, layers of every
# kind of window.
SUITE = [OPERATORS[name] for name in
         ["GEMM/1024", "GEMM/bert", "GEMM/odd"]
         + [f"C2D/C{i}.b1" for i in (0, 1, 2, 5, 6, 8, 11)]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name", nargs="?")
    parser.add_argument("--type", default="i8", choices=sorted(BODY))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.json:
        json.dump(list(OPERATORS.values()), sys.stdout, indent=1)
    elif not options.name:
        print("\n".join(OPERATORS))
    elif options.name not in OPERATORS:
        sys.exit(f"there is no operator '{options.name}'; without a name all are listed")
    else:
        print(Operator(OPERATORS[options.name]).emit(options.type), end="")


if __name__ == "__main__":
    main()
