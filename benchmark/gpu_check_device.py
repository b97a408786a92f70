#!/usr/bin/env python3
"""gpu_check_device.py MANIFEST N: calls each function N times; all results have the same bits.

Buffers are the driver's own and have no margin, so that a sanitizer sees what is read or written
beside them. Before each call results and workspace are filled with another byte: what depends on
memory that nobody wrote differs.
"""

import ctypes
import json
import os
import random
import struct
import sys

PATTERN = 4099  # elements after which inputs repeat, which no extent divides
BYTES = {"f64": 8, "i64": 8, "u64": 8, "f32": 4, "i32": 4, "u32": 4, "f16": 2, "bf16": 2,
         "i16": 2, "u16": 2}
WRONG, ABSENT = 4, 5


class Absent(Exception):
    """There is no driver or no device."""


class Driver:
    """libcuda.so.1 with the first device's primary context."""

    def __init__(self):
        try:
            self.library = ctypes.CDLL("libcuda.so.1")
        except OSError as error:
            raise Absent(str(error)) from error
        self.device, context = ctypes.c_int(), ctypes.c_void_p()
        try:
            self.call("cuInit", 0)
            self.call("cuDeviceGet", ctypes.byref(self.device), 0)
            self.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), self.device)
        except (AttributeError, RuntimeError) as error:
            raise Absent(str(error)) from error
        self.call("cuCtxSetCurrent", context)

    def call(self, name, *arguments):
        status = getattr(self.library, name)(*arguments)
        if status:
            raise RuntimeError(f"{name}: error {status} of the driver")

    def allocate(self, size):
        address = ctypes.c_uint64()
        self.call("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(max(size, 1)))
        return address

    def write(self, address, data):
        self.call("cuMemcpyHtoD_v2", address, data, ctypes.c_size_t(len(data)))

    def fill(self, address, byte, size):
        if size:
            self.call("cuMemsetD8_v2", address, ctypes.c_ubyte(byte), ctypes.c_size_t(size))

    def read(self, address, size):
        data = ctypes.create_string_buffer(max(size, 1))
        self.call("cuMemcpyDtoH_v2", data, address, ctypes.c_size_t(size))
        return data.raw[:size]

    def describe(self):
        name, version = ctypes.create_string_buffer(256), ctypes.c_int()
        self.call("cuDeviceGetName", name, ctypes.c_int(256), self.device)
        self.call("cuDriverGetVersion", ctypes.byref(version))
        return {"device": name.value.decode(),
                "driver": f"for CUDA {version.value // 1000}.{version.value % 1000 // 10}"}


def query_device():
    """Name and driver of the first device, as far as they can be told."""
    try:
        found = Driver().describe()
    except Absent as error:
        return {"device": f"none: {error}"}
    path = "/proc/driver/nvidia/version"
    if os.path.exists(path):
        with open(path) as file:
            found["driver"] += ", " + " ".join(file.readline().split()[1:])
    return found


def draw(dtype, rng, below):
    """The bytes of one number of moderate size."""
    if dtype in ("f8E4M3FN", "f8E5M2"):
        return bytes([rng.randrange(0x40) | rng.randrange(2) << 7])
    if dtype in ("f64", "f32", "f16"):
        return struct.pack({"f64": "<d", "f32": "<f", "f16": "<e"}[dtype], rng.uniform(-1, 1))
    if dtype == "bf16":
        return struct.pack("<f", rng.uniform(-1, 1))[2:]
    number = rng.randrange(2 if dtype == "i1" else min(below or 128, 128))
    return number.to_bytes(BYTES.get(dtype, 1), "little")


def make_input(argument, rng):
    count = 1
    for extent in argument["shape"]:
        count *= extent
    pattern = b"".join(draw(argument["dtype"], rng, argument.get("below")) for _ in range(PATTERN))
    size = len(pattern) // PATTERN * count
    return (pattern * (count // PATTERN + 1))[:size]


class Call:
    """One function with its buffers."""

    def __init__(self, driver, library, function):
        self.driver, self.function = driver, function
        self.call = getattr(library, function["symbol"] + "_call")
        self.explain = getattr(library, function["symbol"] + "_error")
        self.explain.restype = ctypes.c_char_p
        rng = random.Random(function["name"])
        self.data = [make_input(a, rng) for a in function["arguments"]]
        self.buffers = [driver.allocate(len(data)) for data in self.data]
        self.workspace = driver.allocate(function["workspace_bytes"])

    def prepare(self, byte):
        """`byte` is what nobody wrote."""
        for argument, data, buffer in zip(self.function["arguments"], self.data, self.buffers):
            if argument["role"] == "out":
                self.driver.fill(buffer, byte, len(data))
            else:
                self.driver.write(buffer, data)
        self.driver.fill(self.workspace, byte, self.function["workspace_bytes"])

    def run(self, byte):
        """The bytes of all that it writes."""
        self.prepare(byte)
        size = self.function["workspace_bytes"]
        addresses = (ctypes.c_void_p * len(self.buffers))(*[b.value for b in self.buffers])
        status = self.call(addresses, ctypes.c_int64(len(self.buffers)),
                           ctypes.c_void_p(self.workspace.value if size else None),
                           ctypes.c_size_t(size), None)
        if status:
            raise RuntimeError(self.explain(status).decode())
        self.driver.call("cuCtxSynchronize")
        return [self.driver.read(buffer, len(data)) for argument, data, buffer
                in zip(self.function["arguments"], self.data, self.buffers)
                if argument["role"] != "in"]


def is_plain(function):
    """Of known extents, without scalars or layouts of its own."""
    return function["workspace_bytes"] is not None and all(
        a["layout"] == "row-major" and None not in a["shape"] for a in function["arguments"])


def find_difference(first, other):
    """Where two results of the same call differ."""
    for number, (a, b) in enumerate(zip(first, other)):
        places = [n for n in range(len(a)) if a[n] != b[n]] if a != b else []
        if places:
            return f"result {number}: {len(places)} bytes differ, the first is {places[0]}"
    return ""


def repeat(path, times):
    """Empty, or what differs."""
    with open(path) as file:
        manifest = json.load(file)
    library = next(a["file"] for a in manifest["artifacts"] if a["kind"] == "library")
    library = ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(path)), library))
    driver = Driver()
    for function in filter(is_plain, manifest["functions"]):
        call = Call(driver, library, function)
        first = call.run(0xff)
        for number in range(1, times):
            found = find_difference(first, call.run((0xff, 0, 0x3c, 0x80)[number % 4]))
            if found:
                return f"{function['name']}, call {number + 1}: {found}"
    return ""


def main():
    try:
        found = repeat(sys.argv[1], int(sys.argv[2]))
    except (Absent, RuntimeError) as error:
        print(error)
        return ABSENT if isinstance(error, Absent) else WRONG
    print(found, end="")
    return WRONG if found else 0


if __name__ == "__main__":
    sys.exit(main())
