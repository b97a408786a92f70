"""An operator as the loops that a person would write in C, for clang -O3.

One loop for each iteration, those of the result outside, in the order of its memory; a
sum in a variable; indices that leave a tensor are asked about.
"""

import re

C_TYPES = {"i8": ("uint8_t", "int8_t", "int32_t"), "bf16": ("__bf16", "__bf16", "float"),
           "f32": ("float", "float", "float")}
COMBINE = {"mul": "left * right", "id": "left", "sqdiff": "(left - right) * (left - right)"}


def flatten(exprs, shape):
    place = "0"
    for expr, extent in zip(exprs, shape):
        place = f"({place}) * {extent} + ({expr})"
    return place


class Loops:
    def __init__(self, operator, dtype):
        self.operator = operator
        *self.sources, self.result = operator.accesses
        self.types = C_TYPES[dtype]
        self.lines, self.depth = [], 1

    def say(self, line):
        self.lines.append("  " * self.depth + line)

    def open(self, variable):
        extent = self.operator.extents[variable]
        self.say(f"for (int {variable} = 0; {variable} < {extent}; ++{variable}) {{")
        self.depth += 1

    def close(self, count):
        for _ in range(count):
            self.depth -= 1
            self.say("}")

    def ask(self, name, exprs, shape):
        """Goes on where the source is zero; the index expressions where it is not."""
        stride = self.operator.record.get("upsample", {}).get(name, 1)
        found = []
        for d, (expr, extent) in enumerate(zip(exprs, shape)):
            factor = stride if d >= 2 else 1
            least, most = self.operator.bounds(expr)
            conditions = [f"({expr}) < 0"] * (least < 0) + \
                [f"({expr}) >= {(extent - 1) * factor + 1}"] * (most > (extent - 1) * factor) + \
                [f"({expr}) % {factor} != 0"] * (factor > 1)
            if conditions:
                self.say(f"if ({' || '.join(conditions)}) continue;")
            found.append(f"({expr}) / {factor}" if factor > 1 else expr)
        return found

    def read(self, number, source, wide):
        name, exprs, shape = source
        value = ("left", "right")[number]
        if name == self.operator.record.get("triangle"):
            self.say(f"{wide} {value} = ({exprs[0]}) <= ({exprs[1]});")
            return
        place = flatten(self.ask(name, exprs, shape), shape)
        self.say(f"{wide} {value} = ({wide})source{number}[{place}];")

    def print(self):
        operator, wide = self.operator, self.types[2]
        _, exprs, shape = self.result
        outer = [v for e in exprs for v in re.findall(r"[A-Za-z_]\w*", e)]
        for variable in outer:
            self.open(variable)
        self.say(f"{wide} sum = 0;")
        for variable in operator.reduce:
            self.open(variable)
        for number, source in enumerate(self.sources):
            self.read(number, source, wide)
        self.say(f"sum += {COMBINE[operator.combine]};")
        self.close(len(operator.reduce))
        scale = operator.record.get("scale", 1)
        scaled = "sum" if scale == 1 or wide == "int32_t" else f"sum * {scale:e}f"
        self.say(f"result[{flatten(exprs, shape)}] = {scaled};")
        self.close(len(outer))
        stored = [s for s in self.sources if s[0] != operator.record.get("triangle")]
        arguments = [f"const {self.types[n]} *restrict source{n}" for n in range(len(stored))]
        return "\n".join(["#include <stdint.h>", "",
                          f"void loops({', '.join(arguments)}, {wide} *restrict result) {{"]
                         + self.lines + ["}", ""])


def emit(operator, dtype):
    """C of one function, `loops`: sources, then the result."""
    return Loops(operator, dtype).print()
