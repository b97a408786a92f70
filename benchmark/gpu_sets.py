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


def take_family(letters, is_batch_one=False):
    """One of the families of AMOS's evaluation; batch 16 where there is a batch."""
    return [Case(name, "f16", channels="last") for name in OPERATORS
            if name.split("/")[0] == letters and name.endswith(".b1") == is_batch_one]


#: What each family is held to; C2D is what ResNet's sets are.
FAMILIES = {"GMV": 1.0, "GMM": 1.0, "C1D": 1.0, "C3D": 1.3, "T2D": 1.8, "GRP": 2.0,
            "DIL": 1.0, "DEP": 1.6, "CAP": 1.3, "BCV": 1.8, "GFC": 1.0, "MEN": 1.0, "VAR": 1.0,
            "SCN": 1.0}

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

#: Batch 1, over all families.
ALL_AT_ONE = 1.2

#: Sets that a run without choice leaves out.
MORE_SETS = {
    f"family-{letters}": Set(f"{letters}, f16, batch 16, channels last", take_family(letters), mean)
    for letters, mean in FAMILIES.items()
} | {
    f"family-{letters}.b1": Set(f"{letters}, f16, batch 1, channels last", cases, ALL_AT_ONE)
    for letters in ["C2D", *FAMILIES] if (cases := take_family(letters, is_batch_one=True))
}
