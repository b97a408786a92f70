"""same_bits.py FIRST.json OTHER.json..: whether the functions of several manifests compute
the same bits from the same random inputs; unknown extents are 77."""

import ctypes
import json
import os
import random
import sys

SIZES = {"f64": 8, "i64": 8, "u64": 8, "f32": 4, "i32": 4, "u32": 4, "i8": 1, "u8": 1, "i1": 1}
UNKNOWN = 77


def draw(rng, dtype, count):
    if dtype in ("f32", "f64"):
        kind = ctypes.c_float if dtype == "f32" else ctypes.c_double
        return (kind * count)(*[rng.uniform(-1, 1) for _ in range(count)])
    if dtype in ("bf16", "f16"):  # between 1 and 2, or -2 and -1
        bits, one = (7, 0x3F80) if dtype == "bf16" else (10, 0x3C00)
        return (ctypes.c_uint16 * count)(*[one | rng.getrandbits(1) << 15 | rng.getrandbits(bits)
                                           for _ in range(count)])
    size = SIZES.get(dtype, 2) * count
    return (ctypes.c_uint8 * size).from_buffer_copy(
        bytes(rng.getrandbits(1) for _ in range(size)) if dtype == "i1" else rng.randbytes(size))


def call(library, function):
    """The bytes of every buffer behind the call."""
    rng, buffers, passed, extents = random.Random(function["name"]), [], [], []
    for argument in function["arguments"]:
        count = 1
        for extent in argument["shape"]:
            count *= UNKNOWN if extent is None else extent
        buffers.append(draw(rng, argument["dtype"], count))
        passed.append(ctypes.addressof(buffers[-1]))
        for extent in argument["shape"]:
            if extent is None:
                extents.append(ctypes.c_int64(UNKNOWN))
                passed.append(ctypes.addressof(extents[-1]))
    size = getattr(library, function["symbol"] + "_workspace_size")
    size.restype = ctypes.c_size_t
    bytes_needed = size(*extents)
    workspace = ctypes.create_string_buffer(bytes_needed + 256)
    aligned = ctypes.addressof(workspace) + 255 & -256
    status = getattr(library, function["symbol"] + "_call")(
        (ctypes.c_void_p * len(passed))(*passed), ctypes.c_int64(len(passed)),
        ctypes.c_void_p(aligned), ctypes.c_size_t(bytes_needed), None)
    return status, [bytes(buffer) for buffer in buffers]


def run(path):
    with open(path) as file:
        manifest = json.load(file)
    name = next(a["file"] for a in manifest["artifacts"] if a["kind"] == "library")
    library = ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(path)), name))
    return {function["name"]: call(library, function) for function in manifest["functions"]}


if __name__ == "__main__":
    first, *others = map(run, sys.argv[1:])
    for name, (status, results) in first.items():
        same = status == 0 and all(other[name] == (status, results) for other in others)
        print(f"{name}: {'the same bits' if same else 'DIFFERS'}")
    sys.exit(any(other != first for other in others))
