"""What is measured on a GPU: sets of operators, each with what it is held to.

A case is one operator with element type, layout and machine; its name is a folder's too.
"""

import dataclasses

from operators import LINEAR, OPERATORS


@dataclasses.dataclass(frozen=True)
class Case:
    operator: str
    type: str
    channels: str = "first"
    target: str = "h200"

    @property
    def name(self):
        return "-".join([self.operator.replace("/", "-"), self.type, self.channels, self.target])


@dataclasses.dataclass(frozen=True)
class Set:
    """`mean`: the geometric mean of best peer over ours that is aimed at; `least`: no single
    ratio should be below."""
    title: str
    cases: list
    mean: float
    least: float = 0.0


def take(operators, types, **more):
    return [Case(name, dtype, **more) for dtype in types for name in operators]


SQUARES = [f"GEMM/{n}" for n in (1024, 2048, 4096, 8192, 16384)]
LAYERS = [f"LLM/m{m}.n{n}.k{k}" for m in (1, 16, 64, 128, 256, 2048) for n, k in LINEAR]
RESNET = [f"C2D/C{i}.b16" for i in range(12)]
ACTIVATIONS = [name for name in OPERATORS if name.startswith("ACT/")]

SETS = {
    "gemm": Set("square products", take(SQUARES, ["bf16", "f16"]), 1.0, 0.95),
    "llm": Set("linear layers, weights [N,K]", take(LAYERS, ["bf16"]), 1.0, 0.9),
    "resnet-last": Set("ResNet-18, batch 16, channels last",
                       take(RESNET, ["bf16", "f16"], channels="last"), 1.25, 0.95),
    "resnet-first": Set("ResNet-18, batch 16, channels first", take(RESNET, ["bf16", "f16"]), 1.25),
    "activations": Set("bias and activation behind a product",
                       take(ACTIVATIONS, ["bf16"]), 0.97),
    "ampere": Set("products by the machine of the generation before",
                  take(["GEMM/4096", "GEMM/8192"], ["f16"], target="nvidia-sm80"), 0.6),
    "tf32": Set("products in tf32", take(["GEMM/4096", "GEMM/4096.nk"], ["tf32"]), 0.95),
    "int8": Set("products of signed bytes, weights [N,K]",
                take(["GEMM/4096.nk", "GEMM/8192.nk"], ["s8"]), 1.3),
}
