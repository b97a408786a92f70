"""What `make bench-cpu` measures: sets of operators, the peer each is compared with, and
the geometric mean of peer's time over ours that is the aim.

  peer        the contestant of bench-onednn whose time counts
  prepack     weights are packed beforehand, on either side
  channels    where convolutions have theirs
  aims        by type: the least geometric mean
  least       the least ratio of a single operator
"""

from operators import OPERATORS

LOOPS = "clang -O3"  # a peer: what a person would write, see loops.py
TYPES = ["i8", "bf16", "f32"]
PRODUCTS = ["GEMM/512", "GEMM/1024", "GEMM/2048", "GEMM/bert", "GEMM/widen"]
LAYERS = [f"C2D/C{i}.b{batch}" for batch in (1, 16) for i in range(12)]


def same(aim):
    return {dtype: aim for dtype in TYPES}


def make(name, operators, peer, aims, prepack=False, channels="last", least=None):
    return {"name": name, "operators": operators, "peer": peer, "aims": aims,
            "prepack": prepack, "channels": channels, "least": least}


# Those that oneDNN has, with its reorders timed; the others beside loops in C.
FAMILIES = {**dict.fromkeys(["C1D", "C2D", "C3D", "GRP", "DIL", "DEP"], "oneDNN packing"),
            **dict.fromkeys(["GMV", "GMM", "SCN", "T2D", "CAP", "BCV", "GFC", "MEN", "VAR"], LOOPS)}


def make_family(name, peer, batch):
    found = [n for n in OPERATORS if n.startswith(name + "/") and n.endswith(".b16") == (batch == 16)
             and not n.startswith("GRP/x")]
    size = "batch 1" if batch == 1 else "a batch of 16"
    return make(f"family {name}, {size}", found, peer, {"bf16": 1.5, "f32": 1.5},
                channels="first")


SETS = [
    make("products, nothing packed", PRODUCTS, "oneDNN plain",
         {"i8": 0.97, "bf16": 1.05, "f32": 1.05}),
    make("products, weights packed", PRODUCTS, "oneDNN packed", same(1.02), prepack=True,
         least=0.97),
    make("a row times 4096 x 4096, weights packed", ["GEMM/row"], "oneDNN packed", same(1.2),
         prepack=True),
    make("ResNet-18, NHWC, weights packed", LAYERS, "oneDNN packed", same(1.03), prepack=True,
         least=0.95),
    make("ResNet-18, NHWC, nothing packed", LAYERS, "oneDNN packing", same(1.2)),
    make("ResNet-18, NCHW, nothing packed", LAYERS, "oneDNN packing", same(1.2),
         channels="first"),
    make("MobileNet-V1 depthwise, stride 1", [f"MB1/{i}.s1.b1" for i in (0, 2, 4, 6, 8)],
         "oneDNN packed", {"i8": 3.0, "bf16": 1.9, "f32": 1.5}, prepack=True),
    make("MobileNet-V1 depthwise, stride 2", [f"MB1/{i}.s2.b1" for i in (1, 3, 5, 7)],
         "oneDNN packed", {"i8": 2.0, "bf16": 1.4, "f32": 1.2}, prepack=True),
    make("32 groups of 4 channels", ["GRP/x.b1"], "oneDNN packed",
         {"i8": 4.0, "bf16": 2.4, "f32": 2.1}, prepack=True),
    make("dilated, weights packed", [f"DIL/{i}.b1" for i in range(5)], "oneDNN packed", same(1.0),
         prepack=True),
    make("one dimension, weights packed", [f"C1D/{i}.b1" for i in range(8)], "oneDNN packed",
         same(1.0), prepack=True),
    make("three dimensions, weights packed", [f"C3D/{i}.b1" for i in range(9)], "oneDNN packed",
         same(1.0), prepack=True),
] + [make_family(name, peer, batch) for batch in (1, 16) for name, peer in FAMILIES.items()]
