"""Numbers as bytes of the element types that kernels take, and back."""

import struct

PATTERN = 4099  # elements after which inputs repeat; a prime, so that rows differ
LETTERS = {"f64": "d", "f32": "f", "f16": "e", "i64": "q", "u64": "Q", "i32": "i", "u32": "I",
           "i16": "h", "u16": "H", "i8": "b", "u8": "B", "i1": "B"}
# In types that `struct` does not know: the byte of 1 and of 2.
ONE_TWO = {"f8E4M3FN": (0x38, 0x40), "f8E5M2": (0x3c, 0x40)}


def is_float(dtype):
    return dtype.startswith(("f", "bf"))


def draw_fraction(dtype, rng, below):
    """The bytes of a number whose sums depend on their order."""
    if dtype in ONE_TWO:
        return bytes([rng.randrange(0x40) | rng.randrange(2) << 7])
    if is_float(dtype):
        return encode(dtype, rng.uniform(-1, 1))
    return encode(dtype, rng.randrange(2 if dtype == "i1" else min(below or 128, 128)))


def draw_whole(dtype, rng, below):
    """The bytes of a number of which sums and products are exact, and never 0."""
    if dtype in ONE_TWO:
        return bytes([rng.choice(ONE_TWO[dtype]) | rng.randrange(2) << 7])
    if is_float(dtype):
        return encode(dtype, rng.choice((-2, -1, 1, 2)))
    return encode(dtype, rng.randrange(2 if dtype == "i1" else min(below or 3, 3)))


def encode(dtype, number):
    if dtype == "bf16":
        return struct.pack("<f", number)[2:]
    return struct.pack("<" + LETTERS[dtype], number)


def count_elements(argument):
    count = 1
    for extent in argument["shape"]:
        count *= extent
    return count


def count_bytes(argument):
    dtype = argument["dtype"]
    size = 1 if dtype in ONE_TWO else 2 if dtype == "bf16" else struct.calcsize(LETTERS[dtype])
    return size * count_elements(argument)


def make_input(argument, rng, draw):
    pattern = b"".join(draw(argument["dtype"], rng, argument.get("below")) for _ in range(PATTERN))
    size = count_bytes(argument)
    return (pattern * (size // len(pattern) + 1))[:size]


def decode(dtype, data):
    """The numbers in these bytes."""
    if dtype != "bf16":
        return struct.unpack(f"<{len(data) // struct.calcsize(LETTERS[dtype])}{LETTERS[dtype]}",
                             data)
    halves = struct.unpack(f"<{len(data) // 2}H", data)
    return struct.unpack(f"<{len(halves)}f",
                         struct.pack(f"<{len(halves)}I", *(half << 16 for half in halves)))


def round_all(dtype, numbers):
    """The nearest numbers of a float type, of two the even one."""
    count = len(numbers)
    if dtype != "bf16":
        return struct.unpack(f"<{count}{LETTERS[dtype]}",
                             struct.pack(f"<{count}{LETTERS[dtype]}", *numbers))
    words = struct.unpack(f"<{count}I", struct.pack(f"<{count}f", *numbers))
    return decode(dtype, struct.pack(f"<{count}H", *(
        word + 0x7fff + (word >> 16 & 1) >> 16 for word in words)))
