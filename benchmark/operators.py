"""Contractions as text, and as MLIR.

An operator is written the way a person would: `O[n,k,p,q] += I[n,c,2*p+r-3,2*q+s-3]
* W[k,c,r,s]`. Indices that leave a tensor read zeros (a `tensor.pad`); a compound
index of two plain iterations, `g*8+k`, is written as two dimensions, which is the
same memory.
"""

import re

BODY = {
    # The activations are unsigned, as the dot units of x86 want them.
    "i8": ("i8", "i8", "i32", "%u = arith.extui %x : i8 to i32", "%v = arith.extsi %y : i8 to i32", "i"),
    "bf16": ("bf16", "bf16", "f32", "%u = arith.extf %x : bf16 to f32", "%v = arith.extf %y : bf16 to f32", "f"),
    "f32": ("f32", "f32", "f32", "", "", "f"),
}

ACCESS = re.compile(r"(\w+)\[([^\]]*)\]")


class Operator:
    """One contraction over a box: `accesses` are source 1, source 2, destination."""

    def __init__(self, record):
        self.name = record["name"]
        self.spatial, self.reduce = record["spatial"], record["reduce"]
        self.extents = {**self.spatial, **self.reduce}
        shapes = {name: tensor["shape"] for name, tensor in record["tensors"].items()}
        destination, first, second = [
            (name, index.split(",")) for name, index in ACCESS.findall(record["expr"])]
        self.accesses = [self.split(name, index, list(shapes[name]))
                         for name, index in (first, second, destination)]

    def split(self, name, index, shape):
        """(name, index expressions, shape) with compound plain indices taken apart."""
        exprs, extents = [], []
        for expr, extent in zip(index, shape):
            pair = re.fullmatch(r"(\w+)\*(\d+)\+(\w+)", expr)
            if pair and self.extents.get(pair[3]) == int(pair[2]) and pair[1] in self.extents:
                exprs += [pair[1], pair[3]]
                extents += [self.extents[pair[1]], self.extents[pair[3]]]
            else:
                exprs.append(expr)
                extents.append(extent)
        return name, exprs, extents

    def put_channels_last(self):
        """N C H W becomes N H W C, K C R S becomes R S C K."""
        names = [name for name, _, _ in self.accesses]
        if names != ["I", "W", "O"]:
            return self
        def moved(access, dims):
            name, exprs, shape = access
            keep = [d for d in range(len(exprs)) if d not in dims]
            order = keep + dims
            return name, [exprs[d] for d in order], [shape[d] for d in order]
        image, weights, out = self.accesses
        self.accesses = [moved(image, [1]), moved(weights, [1, 0]), moved(out, [1])]
        return self

    def is_contraction(self):
        """Two sources, something to sum over, a destination of plain iterations."""
        return bool(self.reduce) and all(e in self.spatial for e in self.accesses[2][1])

    def count_macs(self):
        count = 1
        for extent in self.extents.values():
            count *= extent
        return count

    def bounds(self, expr):
        """Least and greatest value of an index expression."""
        low = eval(expr, {}, {v: 0 for v in self.extents})
        high = eval(expr, {}, {v: e - 1 for v, e in self.extents.items()})
        return low, high

    def emit(self, dtype):
        """The MLIR of one function named `kernel`."""
        left, right, result, widen_x, widen_y, kind = BODY[dtype]
        order = ", ".join(self.extents)
        maps, types, pads, arguments, operands = [], [], [], [], []
        for number, ((name, exprs, shape), element) in enumerate(
                zip(self.accesses, (left, right, result))):
            ranges = [self.bounds(e) for e in exprs]
            low = [max(0, -lo) for lo, _ in ranges]
            high = [max(0, hi - extent + 1) for (_, hi), extent in zip(ranges, shape)]
            padded = [l + extent + h for l, extent, h in zip(low, shape, high)]
            # The hull of what is read may be smaller than the tensor: linalg wants
            # it exact, so a slice is taken.
            used = [hi + 1 + l for (_, hi), l in zip(ranges, low)]
            shifted = [f"{e} + {l}" if l else e for e, l in zip(exprs, low)]
            maps.append(f"affine_map<({order}) -> ({', '.join(shifted)})>")
            whole = f"tensor<{'x'.join(map(str, shape))}x{element}>"
            value = f"%arg{number}"
            if number < 2:
                arguments.append(f"%arg{number}: {whole}")
            if any(low) or any(high):
                zero = "0" if kind == "i" else "0.0"
                indices = ", ".join(f"%i{d}: index" for d in range(len(shape)))
                after = f"tensor<{'x'.join(map(str, padded))}x{element}>"
                pads.append(f"  %pz{number} = arith.constant {zero} : {element}\n"
                            f"  %padded{number} = tensor.pad {value} low{low} high{high} {{\n"
                            f"  ^bb0({indices}):\n    tensor.yield %pz{number} : {element}\n"
                            f"  }} : {whole} to {after}\n")
                value, whole, shape = f"%padded{number}", after, padded
            if number < 2 and used != shape:
                after = f"tensor<{'x'.join(map(str, used))}x{element}>"
                ones = [1] * len(shape)
                pads.append(f"  %used{number} = tensor.extract_slice {value}{[0] * len(shape)}"
                            f"{used}{ones} : {whole} to {after}\n")
                value, whole = f"%used{number}", after
            types.append(whole)
            operands.append(value)
        kinds = ", ".join('"parallel"' if v in self.spatial else '"reduction"' for v in self.extents)
        zero = "0" if kind == "i" else "0.0"
        u, v = ("%u", "%v") if widen_x else ("%x", "%y")
        return f"""func.func @kernel({', '.join(arguments)}) -> {types[2]} {{
  %zero = arith.constant {zero} : {result}
  %empty = tensor.empty() : {types[2]}
  %init = linalg.fill ins(%zero : {result}) outs(%empty : {types[2]}) -> {types[2]}
{''.join(pads)}  %out = linalg.generic {{
      indexing_maps = [{', '.join(maps)}],
      iterator_types = [{kinds}]}}
      ins({operands[0]}, {operands[1]} : {types[0]}, {types[1]}) outs(%init : {types[2]}) {{
  ^bb0(%x: {left}, %y: {right}, %z: {result}):
    {widen_x}
    {widen_y}
    %p = arith.mul{kind} {u}, {v} : {result}
    %s = arith.add{kind} %z, %p : {result}
    linalg.yield %s : {result}
  }} -> {types[2]}
  return %out : {types[2]}
}}
"""


def matmul(m, n, k):
    return {"name": f"matmul {m}x{n}x{k}", "expr": "O[m,n] += A[m,k] * B[k,n]",
            "spatial": {"m": m, "n": n}, "reduce": {"k": k},
            "tensors": {"A": {"shape": [m, k]}, "B": {"shape": [k, n]}, "O": {"shape": [m, n]}}}


def conv(name, batch, out, c, k, kernel, stride):
    """A square convolution, padded by half its kernel, as ResNet-18 has them."""
    pad, size = kernel // 2, out * stride
    return {"name": f"conv {name}", "spatial": {"n": batch, "k": k, "p": out, "q": out},
            "reduce": {"c": c, "r": kernel, "s": kernel},
            "expr": f"O[n,k,p,q] += I[n,c,p*{stride}+r-{pad},q*{stride}+s-{pad}] * W[k,c,r,s]",
            "tensors": {"I": {"shape": [batch, c, size, size]},
                        "W": {"shape": [k, c, kernel, kernel]},
                        "O": {"shape": [batch, k, out, out]}}}


SUITE = [matmul(1024, 1024, 1024), matmul(128, 768, 768), matmul(67, 75, 131),
         conv("C0", 1, 112, 3, 64, 7, 2), conv("C1", 1, 56, 64, 64, 3, 1),
         conv("C2", 1, 56, 64, 64, 1, 1), conv("C5", 1, 28, 128, 128, 3, 1),
         conv("C6", 1, 14, 128, 256, 3, 2), conv("C8", 1, 14, 256, 256, 3, 1),
         conv("C11", 1, 7, 512, 512, 3, 1)]
