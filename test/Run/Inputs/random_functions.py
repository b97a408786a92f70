"""random_functions.py SEED COUNT [large]: a module of functions of several ops, none a
contraction; `large` ones are worth several threads.

Chains of elementwise ops on tensors that lie in any order or are broadcast, reductions
over any loops by any combiner, windows with strides, transposes, pads, casts, numbers of
loops, reductions with two results: on odd extents, of every element type.
"""

import random
import sys

FLOATS = ["f32", "f64", "bf16", "f16"]
INTEGERS = ["i8", "i16", "i32", "i64"]
BITS = {"i8": 8, "i16": 16, "i32": 32, "i64": 64}


def tensor(shape, element):
    return f"tensor<{''.join(f'{extent}x' for extent in shape)}{element}>"


class Function:
    def __init__(self, rng, number):
        self.rng, self.name, self.lines, self.arguments = rng, f"f{number}", [], []
        self.count = 0

    def fresh(self):
        self.count += 1
        return f"%v{self.count}"

    def add(self, line):
        self.lines.append("  " + line)

    def argument(self, shape, element):
        name = f"%a{len(self.arguments)}"
        self.arguments.append((name, tensor(shape, element)))
        return name, tuple(shape), element

    def constant(self, value, element):
        name = self.fresh()
        self.add(f"{name} = arith.constant {value} : {element}")
        return name

    def empty(self, shape, element):
        name = self.fresh()
        self.add(f"{name} = tensor.empty() : {tensor(shape, element)}")
        return name

    def fill(self, shape, element, value):
        scalar, empty, name = self.constant(value, element), self.empty(shape, element), self.fresh()
        kind = tensor(shape, element)
        self.add(f"{name} = linalg.fill ins({scalar} : {element}) outs({empty} : {kind}) -> {kind}")
        return name

    def generic(self, loops, kinds, sources, results, body):
        """Sources and results are (value, shape, element, map)."""
        names = [self.fresh() for _ in results]
        maps = [f"affine_map<({', '.join(loops)}) -> ({', '.join(operand[3])})>"
                for operand in sources + results]
        spelled = ", ".join(f'"{kind}"' for kind in kinds)

        def spell(operands):
            return (f"({', '.join(o[0] for o in operands)} : "
                    f"{', '.join(tensor(o[1], o[2]) for o in operands)})")
        inputs = f" ins{spell(sources)}" if sources else ""
        self.add(f"{', '.join(names)} = linalg.generic {{indexing_maps = [{', '.join(maps)}], "
                 f"iterator_types = [{spelled}]}}{inputs} outs{spell(results)} {{")
        arguments = ", ".join(f"%{letter}: {operand[2]}" for letter, operand in
                              zip("xyzuvw", sources + results))
        self.add(f"^bb0({arguments}):")
        for line in body:
            self.add("  " + line)
        types = ", ".join(tensor(o[1], o[2]) for o in results)
        self.add(f"}} -> {f'({types})' if len(results) > 1 else types}")
        return [(name, operand[1], operand[2]) for name, operand in zip(names, results)]


def loops_of(shape):
    return [f"d{n}" for n in range(len(shape))]


def unary(f, value):
    name, shape, element = value
    loops = loops_of(shape)
    if element in FLOATS:
        op = f.rng.choice(["math.absf %x", "math.tanh %x", "arith.negf %x", "math.exp %x",
                           "arith.mulf %x, %x"])
    else:
        op = f.rng.choice(["arith.addi %x, %x", "arith.muli %x, %x", "arith.xori %x, %x"])
    body = [f"%r = {op} : {element}", f"linalg.yield %r : {element}"]
    if op == "math.exp %x":  # of what is at most 1: a chain of them would overflow
        body.insert(0, f"%t = math.tanh %x : {element}")
        body[1] = f"%r = math.exp %t : {element}"
    out = (f.empty(shape, element), shape, element, loops)
    return f.generic(loops, ["parallel"] * len(shape), [(*value, loops)], [out], body)[0]


def binary(f, value):
    """The other source lies in another order, or lacks some loops."""
    name, shape, element = value
    loops = loops_of(shape)
    kept = [n for n in range(len(shape)) if f.rng.random() < 0.7]
    f.rng.shuffle(kept)
    other = f.argument([shape[n] for n in kept], element)
    order = list(range(len(shape)))
    if f.rng.random() < 0.3:
        f.rng.shuffle(order)
    op = f.rng.choice(["addf", "mulf", "maximumf"] if element in FLOATS else
                      ["addi", "muli", "maxsi", "minui", "andi"])
    out_shape = tuple(shape[n] for n in order)
    out = (f.empty(out_shape, element), out_shape, element, [loops[n] for n in order])
    return f.generic(loops, ["parallel"] * len(shape),
                     [(*value, loops), (*other, [loops[n] for n in kept])], [out],
                     [f"%r = arith.{op} %x, %y : {element}", f"linalg.yield %r : {element}"])[0]


def neutral(op, element):
    if op == "maximumf":
        return {"f32": "0xFF800000", "f64": "0xFFF0000000000000", "bf16": "0xFF80",
                "f16": "0xFC00"}[element]
    return {"addf": "0.0", "mulf": "1.0", "addi": "0", "muli": "1", "ori": "0",
            "maxsi": -(1 << BITS.get(element, 8) - 1), "minui": "-1"}[op]


def reduce(f, value):
    name, shape, element = value
    if not shape:
        return value
    loops = loops_of(shape)
    summed = {n for n in range(len(shape)) if f.rng.random() < 0.5} or {f.rng.randrange(len(shape))}
    op = f.rng.choice(["addf", "maximumf"] if element in FLOATS else
                      ["addi", "muli", "maxsi", "minui", "ori"])
    out_shape = tuple(extent for n, extent in enumerate(shape) if n not in summed)
    out = (f.fill(out_shape, element, neutral(op, element)), out_shape, element,
           [loop for n, loop in enumerate(loops) if n not in summed])
    kinds = ["reduction" if n in summed else "parallel" for n in range(len(shape))]
    return f.generic(loops, kinds, [(*value, loops)], [out],
                     [f"%r = arith.{op} %x, %y : {element}", f"linalg.yield %r : {element}"])[0]


def window(f, value):
    name, shape, element = value
    if not shape:
        return value
    at = f.rng.randrange(len(shape))
    size, stride = f.rng.randint(1, 3), f.rng.randint(1, 2)
    if shape[at] < size:
        return value
    loops = loops_of(shape) + ["w"]
    place = list(loops[:-1])
    place[at] = f"{loops[at]} * {stride} + w"
    out_shape = tuple((extent - size) // stride + 1 if n == at else extent
                      for n, extent in enumerate(shape))
    op = "maximumf" if element in FLOATS else "addi"
    taps = f.empty((size,), element)
    out = (f.fill(out_shape, element, neutral(op, element)), out_shape, element, loops[:-1])
    return f.generic(loops, ["parallel"] * len(shape) + ["reduction"],
                     [(*value, place), (taps, (size,), element, ["w"])], [out],
                     [f"%r = arith.{op} %z, %x : {element}", f"linalg.yield %r : {element}"])[0]


def transpose(f, value):
    name, shape, element = value
    if not shape:  # upstream's parser dies of an empty permutation
        return value
    order = list(range(len(shape)))
    f.rng.shuffle(order)
    out_shape = tuple(shape[n] for n in order)
    empty, result = f.empty(out_shape, element), f.fresh()
    kind = tensor(out_shape, element)
    f.add(f"{result} = linalg.transpose ins({name} : {tensor(shape, element)}) "
          f"outs({empty} : {kind}) permutation = [{', '.join(map(str, order))}]")
    return result, out_shape, element


def pad(f, value):
    name, shape, element = value
    low = [f.rng.randint(0, 2) for _ in shape]
    high = [f.rng.randint(0, 2) for _ in shape]
    out_shape = tuple(a + extent + b for a, extent, b in zip(low, shape, high))
    scalar, result = f.constant("1.5" if element in FLOATS else 3, element), f.fresh()
    if not shape:
        return value
    f.add(f"{result} = tensor.pad {name} low[{', '.join(map(str, low))}] "
          f"high[{', '.join(map(str, high))}] {{")
    f.add(f"^bb0({', '.join(f'%i{n}: index' for n in range(len(shape)))}):")
    f.add(f"  tensor.yield {scalar} : {element}")
    f.add(f"}} : {tensor(shape, element)} to {tensor(out_shape, element)}")
    return result, out_shape, element


def cast(f, value):
    name, shape, element = value
    loops = loops_of(shape)
    if element in FLOATS:
        target = f.rng.choice([e for e in ("f32", "f64") if e != element])
        widths = {"f16": 16, "bf16": 16, "f32": 32, "f64": 64}
        op = "extf" if widths[target] > widths[element] else "truncf"
    else:
        target = f.rng.choice([e for e in INTEGERS if e != element] + ["f32"])
        op = "sitofp" if target == "f32" else \
            "extsi" if BITS[target] > BITS[element] else "trunci"
    body = [f"%r = arith.{op} %x : {element} to {target}", f"linalg.yield %r : {target}"]
    if op == "sitofp":  # the reference computes in f64: exact in f32 are those of 16 bits
        body = [f"%c = arith.constant 255 : {element}"] * (element != "i8") + \
               [f"%m = arith.andi %x, %c : {element}"] * (element != "i8") + \
               [f"%r = arith.sitofp {'%m' if element != 'i8' else '%x'} : {element} to f32",
                "linalg.yield %r : f32"]
    out = (f.empty(shape, target), shape, target, loops)
    return f.generic(loops, ["parallel"] * len(shape), [(*value, loops)], [out], body)[0]


def number(f, value):
    """Each element and the number of one of its loops."""
    name, shape, element = value
    if not shape or element in FLOATS:
        return value
    loops, dim = loops_of(shape), f.rng.randrange(len(shape))
    out = (f.empty(shape, element), shape, element, loops)
    return f.generic(loops, ["parallel"] * len(shape), [(*value, loops)], [out],
                     [f"%n = linalg.index {dim} : index",
                      f"%i = arith.index_cast %n : index to {element}",
                      f"%r = arith.addi %x, %i : {element}", f"linalg.yield %r : {element}"])[0]


def largest(f, value):
    """The largest of each row, and where it is."""
    name, shape, element = value
    if not shape or element in FLOATS:
        return value
    loops, at = loops_of(shape), f.rng.randrange(len(shape))
    rest = loops[:at] + loops[at + 1:]
    out_shape = shape[:at] + shape[at + 1:]
    kinds = ["reduction" if n == at else "parallel" for n in range(len(shape))]
    outs = [(f.fill(out_shape, element, neutral("maxsi", element)), out_shape, element, rest),
            (f.fill(out_shape, "i32", -1), out_shape, "i32", rest)]
    results = f.generic(loops, kinds, [(*value, loops)], outs, [
        f"%n = linalg.index {at} : index", "%i = arith.index_cast %n : index to i32",
        f"%g = arith.cmpi sgt, %x, %y : {element}",
        f"%r = arith.select %g, %x, %y : {element}", "%s = arith.select %g, %i, %z : i32",
        f"linalg.yield %r, %s : {element}, i32"])
    return f.rng.choice(results)


STEPS = [unary, binary, binary, reduce, window, transpose, pad, cast, number, largest]


def draw(rng, n):
    f = Function(rng, n)
    rank = rng.randint(1, 4)
    extents = [1, 2, 3, 5, 8, 15, 16, 17, 33, 64, 70] if rank < 4 else [1, 2, 3, 5, 9, 17]
    if rng.random() < 0.3 or "large" in sys.argv:  # more than a piece of a cache
        rank, extents = rng.randint(2, 3), [7, 40, 96, 130]
    value = f.argument([rng.choice(extents) for _ in range(rank)],
                       rng.choice(FLOATS[:2] * 2 + FLOATS + INTEGERS))
    for _ in range(rng.randint(1, 5)):
        value = rng.choice(STEPS)(f, value)
    if value[0].startswith("%a"):
        value = unary(f, value)
    arguments = ", ".join(f"{name}: {kind}" for name, kind in f.arguments)
    print(f"func.func @f{n}({arguments}) -> {tensor(value[1], value[2])} {{")
    print("\n".join(f.lines))
    print(f"  return {value[0]} : {tensor(value[1], value[2])}\n}}\n")


if __name__ == "__main__":
    rng = random.Random(int(sys.argv[1]))
    for number_of_function in range(int(sys.argv[2])):
        draw(rng, number_of_function)
