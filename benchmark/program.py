"""An operator as text becomes linalg on tensors, the way a front end writes it.

An operator is written the way a person would: `O[n,k,p,q] += I[n,c,2*p+r-3,2*q+s-3]
* W[k,c,r,s]`. Indices that leave a tensor read zeros (a `tensor.pad`); a compound
index of two plain iterations, `g*8+k`, is written as two dimensions, which is the
same memory. A record is a dict, see operators.py:

  name, expr, spatial, reduce, tensors   extents by iteration, shapes by tensor
  combine    what is summed: mul (the default), id, sqdiff
  scale      a factor on the sum
  upsample   {tensor: stride}: zeros stand between its elements along what is not n or c
  triangle   a source that is no argument: ones where its first index is not above the second
  macs       multiply-adds that are work, where that is not the product of the extents
  activation relu or gelu of the sum and the bias V[n], n being the last dimension
"""

import re

BODY = {
    # The activations are unsigned, as the dot units of x86 want them.
    "i8": ("i8", "i8", "i32", "%u = arith.extui %x : i8 to i32", "%v = arith.extsi %y : i8 to i32", "i"),
    "s8": ("i8", "i8", "i32", "%u = arith.extsi %x : i8 to i32", "%v = arith.extsi %y : i8 to i32", "i"),
    "bf16": ("bf16", "bf16", "f32", "%u = arith.extf %x : bf16 to f32", "%v = arith.extf %y : bf16 to f32", "f"),
    "f16": ("f16", "f16", "f32", "%u = arith.extf %x : f16 to f32", "%v = arith.extf %y : f16 to f32", "f"),
    "f32": ("f32", "f32", "f32", "", "", "f"),
    "tf32": ("f32", "f32", "f32", *(
        f"{c} = arith.truncf {x} toward_zero : f32 to tf32\n    {u} = arith.extf {c} : tf32 to f32"
        for u, c, x in [("%u", "%xc", "%x"), ("%v", "%yc", "%y")]), "f"),
}

# Of the sum %a in f32; the activation's result is the last value.
ACTIVATION = {
    "relu": ["%least = arith.constant 0.0 : f32", "%m = arith.maximumf %a, %least : f32"],
    # The form with a hyperbolic tangent.
    "gelu": ["%half = arith.constant 0.5 : f32", "%one = arith.constant 1.0 : f32",
             "%third = arith.constant 4.471500e-02 : f32",
             "%root = arith.constant 0.797884583 : f32",
             "%square = arith.mulf %a, %a : f32", "%cube = arith.mulf %square, %a : f32",
             "%bent = arith.mulf %cube, %third : f32", "%inner = arith.addf %a, %bent : f32",
             "%scaled = arith.mulf %inner, %root : f32", "%tanh = math.tanh %scaled : f32",
             "%shifted = arith.addf %tanh, %one : f32", "%product = arith.mulf %a, %shifted : f32",
             "%m = arith.mulf %product, %half : f32"],
}

ACCESS = re.compile(r"(\w+)\[([^\]]*)\]")


def find_coefficients(expr, variables):
    """Of a linear expression: the constant, and each variable's factor."""
    zeros = {v: 0 for v in variables}
    constant = eval(expr, {}, zeros)
    return constant, {v: eval(expr, {}, {**zeros, v: 1}) - constant for v in variables}


class Operator:
    """One operator over a box: `accesses` are the sources, then the destination."""

    def __init__(self, record):
        self.record = record
        self.name = record["name"]
        self.spatial, self.reduce = record["spatial"], record["reduce"]
        self.extents = {**self.spatial, **self.reduce}
        self.combine = record.get("combine") or "mul"
        shapes = {name: tensor["shape"] for name, tensor in record["tensors"].items()}
        found = [(name, index.split(",")) for name, index in ACCESS.findall(record["expr"])]
        self.accesses = [self.split(name, index, list(shapes[name]))
                         for name, index in found[1:] + found[:1]]
        self.order = {}

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
        """N G C H W becomes N H W G C, and G K C R S, or of a transposed convolution C K R S,
        becomes R S C G K; whether it did.
        `order` keeps, by tensor, which dimension each of the new ones was."""
        if [name for name, _, _ in self.accesses] != ["I", "W", "O"]:
            return False

        def move(access, letters):
            name, exprs, shape = access
            last = [exprs.index(letter) for letter in letters if letter in exprs]
            order = [d for d in range(len(exprs)) if d not in last] + last
            self.order[name] = order
            return name, [exprs[d] for d in order], [shape[d] for d in order]
        image, weights, out = self.accesses
        if image[1][1] not in "gc" or out[1][1] not in "gk" or weights[1][0] not in "cgk":
            return False
        self.accesses = [move(image, "gc"), move(weights, "cgk"), move(out, "gk")]
        return True

    def is_contraction(self):
        """Two sources multiplied, something to sum over, a destination of plain iterations."""
        return (bool(self.reduce) and self.combine == "mul" and len(self.accesses) == 3
                and not self.record.get("activation")
                and self.is_emitted())

    def is_emitted(self):
        """Whether this can be written: every result is one point of plain iterations."""
        return (all(e in self.spatial for e in self.accesses[-1][1])
                and not self.record.get("where"))

    def count_macs(self):
        count = 1
        for extent in self.extents.values():
            count *= extent
        return self.record.get("macs", count)

    def bounds(self, expr):
        """Least and greatest value of an index expression."""
        constant, factors = find_coefficients(expr, self.extents)
        ends = [factor * (self.extents[v] - 1) for v, factor in factors.items()]
        return constant + sum(min(e, 0) for e in ends), constant + sum(max(e, 0) for e in ends)

    def emit(self, dtype, is_narrow=False):
        """The MLIR of one function named `kernel`. Its result has the type of the sums, or if
        `is_narrow`, of the first source."""
        return Program(self, dtype, is_narrow).print()


class Program:
    """The text of an operator on one element type."""

    def __init__(self, operator, dtype, is_narrow):
        self.operator, self.is_narrow = operator, is_narrow
        self.left, self.right, self.result, self.widen_x, self.widen_y, self.kind = BODY[dtype]
        self.zero = "0" if self.kind == "i" else "0.0"
        self.lines, self.arguments = [], []

    def say(self, line):
        self.lines.append("  " + line)

    def get_type(self, shape, element):
        return f"tensor<{'x'.join(map(str, list(shape) + [element]))}>"

    def prepare(self, number, access, element):
        """Value, type and index expressions of a source as the operator reads it."""
        name, exprs, shape = access
        if name == self.operator.record.get("triangle"):
            return self.make_triangle(number, shape, element), self.get_type(shape, element), exprs
        value = f"%arg{number}"
        self.arguments.append(f"{value}: {self.get_type(shape, element)}")
        stride = self.operator.record.get("upsample", {}).get(name, 1)
        if stride > 1:
            strides = [1 if e in ("n", "c") else stride for e in exprs]
            value, shape = self.upsample(number, value, shape, element, strides)
        ranges = [self.operator.bounds(e) for e in exprs]
        low = [max(0, -least) for least, _ in ranges]
        high = [max(0, most - extent + 1) for (_, most), extent in zip(ranges, shape)]
        if any(low) or any(high):
            value, shape = self.pad(number, value, shape, element, low, high)
        # The hull of what is read may be smaller than the tensor: linalg wants it
        # exact, so a slice is taken.
        used = [most + 1 + l for (_, most), l in zip(ranges, low)]
        if used != shape:
            value, shape = self.take(number, value, shape, element, used)
        exprs = [f"{e} + {l}" if l else e for e, l in zip(exprs, low)]
        return value, self.get_type(shape, element), exprs

    def upsample(self, number, value, shape, element, strides):
        wide = [(extent - 1) * stride + 1 for extent, stride in zip(shape, strides)]
        whole = self.get_type(wide, element)
        self.say(f"%uz{number} = arith.constant {self.zero} : {element}")
        self.say(f"%ue{number} = tensor.empty() : {whole}")
        self.say(f"%uf{number} = linalg.fill ins(%uz{number} : {element}) "
                 f"outs(%ue{number} : {whole}) -> {whole}")
        self.say(f"%up{number} = tensor.insert_slice {value} into %uf{number}"
                 f"{[0] * len(shape)}{shape}{strides} : "
                 f"{self.get_type(shape, element)} into {whole}")
        return f"%up{number}", wide

    def pad(self, number, value, shape, element, low, high):
        padded = [l + extent + h for l, extent, h in zip(low, shape, high)]
        indices = ", ".join(f"%i{d}: index" for d in range(len(shape)))
        self.say(f"%pz{number} = arith.constant {self.zero} : {element}")
        self.say(f"%padded{number} = tensor.pad {value} low{low} high{high} {{")
        self.say(f"^bb0({indices}):")
        self.say(f"  tensor.yield %pz{number} : {element}")
        self.say(f"}} : {self.get_type(shape, element)} to {self.get_type(padded, element)}")
        return f"%padded{number}", padded

    def take(self, number, value, shape, element, used):
        self.say(f"%used{number} = tensor.extract_slice {value}{[0] * len(shape)}{used}"
                 f"{[1] * len(shape)} : {self.get_type(shape, element)} to "
                 f"{self.get_type(used, element)}")
        return f"%used{number}", used

    def make_triangle(self, number, shape, element):
        whole = self.get_type(shape, element)
        one = "1" if self.kind == "i" else "1.0"
        for line in (f"%t0 = arith.constant {self.zero} : {element}",
                     f"%t1 = arith.constant {one} : {element}",
                     f"%te = tensor.empty() : {whole}",
                     "%triangle = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>], "
                     f'iterator_types = ["parallel", "parallel"]}} outs(%te : {whole}) {{',
                     f"^bb0(%o: {element}):",
                     "  %a = linalg.index 0 : index",
                     "  %b = linalg.index 1 : index",
                     "  %below = arith.cmpi ule, %a, %b : index",
                     f"  %v = arith.select %below, %t1, %t0 : {element}",
                     f"  linalg.yield %v : {element}",
                     f"}} -> {whole}"):
            self.say(line)
        return "%triangle"

    def get_body(self):
        """Lines that make the new sum %s from %x, perhaps %y, and %z."""
        u, v = ("%u", "%v") if self.widen_x else ("%x", "%y")
        kind, result = self.kind, self.result
        second = {"mul": [self.widen_y, f"%p = arith.mul{kind} {u}, {v} : {result}"],
                  "id": [],
                  "sqdiff": [self.widen_y, f"%d = arith.sub{kind} {u}, {v} : {result}",
                             f"%p = arith.mul{kind} %d, %d : {result}"]}[self.operator.combine]
        term = "%p" if second else u
        return [line for line in [self.widen_x] + second if line] + [
            f"%s = arith.add{kind} %z, {term} : {result}"]

    def say_sum(self, sources, whole, exprs):
        extents = self.operator.extents
        order = ", ".join(extents)
        maps = [f"affine_map<({order}) -> ({', '.join(e)})>" for _, _, e in sources]
        maps.append(f"affine_map<({order}) -> ({', '.join(exprs)})>")
        kinds = ", ".join('"parallel"' if v in self.operator.spatial else '"reduction"'
                          for v in extents)
        arguments = [f"%x: {self.left}", f"%y: {self.right}"][:len(sources)]
        self.say("%sum = linalg.generic {")
        self.say(f"    indexing_maps = [{', '.join(maps)}],")
        self.say(f"    iterator_types = [{kinds}]}}")
        self.say(f"    ins({', '.join(s[0] for s in sources)} : "
                 f"{', '.join(s[1] for s in sources)}) outs(%init : {whole}) {{")
        self.say(f"^bb0({', '.join(arguments + [f'%z: {self.result}'])}):")
        for line in self.get_body() + [f"linalg.yield %s : {self.result}"]:
            self.say("  " + line)
        self.say(f"}} -> {whole}")

    def say_elementwise(self, value, name, shape, element, lines, other=None):
        """`lines` make %m of %a, an element of `value`, and of %b, one of `other`: a tensor and
        the dimensions that it has of them."""
        dims = ", ".join(f"d{d}" for d in range(len(shape)))
        maps = [f"affine_map<({dims}) -> ({dims})>"] * 2
        sources, arguments = [(value, self.get_type(shape, self.result))], [f"%a: {self.result}"]
        if other:
            maps.insert(1, f"affine_map<({dims}) -> ({', '.join(f'd{d}' for d in other[1])})>")
            sources.append((other[0], self.get_type([shape[d] for d in other[1]], self.left)))
            arguments.append(f"%b: {self.left}")
        whole = self.get_type(shape, element)
        kinds = ", ".join(['"parallel"'] * len(shape))
        self.say(f"%{name}_empty = tensor.empty() : {whole}")
        self.say(f"%{name} = linalg.generic {{indexing_maps = [{', '.join(maps)}], "
                 f"iterator_types = [{kinds}]}}")
        self.say(f"    ins({', '.join(v for v, _ in sources)} : "
                 f"{', '.join(t for _, t in sources)}) outs(%{name}_empty : {whole}) {{")
        self.say(f"^bb0({', '.join(arguments + [f'%o: {element}'])}):")
        for line in lines + [f"linalg.yield %m : {element}"]:
            self.say("  " + line)
        self.say(f"}} -> {whole}")
        return f"%{name}"

    def say_consumers(self, value, shape):
        """What follows the sum, one op for each step as front ends write it."""
        record, result = self.operator.record, self.result
        scale, activation = record.get("scale", 1), record.get("activation")
        if scale != 1 and self.kind == "f":  # integers keep the sum
            value = self.say_elementwise(value, "scaled", shape, result, [
                f"%factor = arith.constant {scale:e} : {result}",
                f"%m = arith.mulf %a, %factor : {result}"])
        if activation and self.kind == "f":
            self.arguments.append(f"%bias: {self.get_type(shape[-1:], self.left)}")
            widened = [f"%w = arith.extf %b : {self.left} to {result}"] if self.widen_x else []
            value = self.say_elementwise(value, "biased", shape, result, widened + [
                f"%m = arith.addf %a, {'%w' if widened else '%b'} : {result}"],
                ("%bias", [len(shape) - 1]))
            value = self.say_elementwise(value, activation, shape, result, ACTIVATION[activation])
        if self.is_narrow and self.kind == "f" and self.left != result:
            value = self.say_elementwise(value, "narrow", shape, self.left, [
                f"%m = arith.truncf %a : {result} to {self.left}"])
            result = self.left
        return value, self.get_type(shape, result)

    def print(self):
        *sources, (_, exprs, shape) = self.operator.accesses
        whole = self.get_type(shape, self.result)
        self.say(f"%zero = arith.constant {self.zero} : {self.result}")
        self.say(f"%empty = tensor.empty() : {whole}")
        self.say(f"%init = linalg.fill ins(%zero : {self.result}) outs(%empty : {whole}) -> {whole}")
        sources = [self.prepare(number, access, element) for number, (access, element)
                   in enumerate(zip(sources, (self.left, self.right)))]
        self.say_sum(sources, whole, exprs)
        value, whole = self.say_consumers("%sum", shape)
        return "\n".join([f"func.func @kernel({', '.join(self.arguments)}) -> {whole} {{"]
                         + self.lines + [f"  return {value} : {whole}", "}", ""])
