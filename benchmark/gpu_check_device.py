#!/usr/bin/env python3
"""gpu_check_device.py MANIFEST: calls the functions of an object on a device and looks at bits.

Buffers are the driver's own and have no margin, so that a sanitizer sees what is read or written
beside them. Before each call results and workspace are filled with another byte: what depends on
memory that nobody wrote differs.

--repeat N: N results of the same inputs have to be the same.
--exact: results of small whole numbers, which sum up exactly in any order, have to be the
reference's: in a long sum a product more or less is within the tolerance of others.
"""

import argparse
import ctypes
import json
import os
import random
import sys

from gpu_check_values import (count_bytes, count_elements, decode, draw_fraction, draw_whole,
                              is_float, make_input, round_all)

ALIGNMENT = 256  # of a workspace
UNWRITTEN = (0xff, 0, 0x3c, 0x80)
WRONG, ABSENT = 4, 5


class Absent(Exception):
    """There is no driver or no device."""


class Driver:
    """libcuda.so.1 with the first device's primary context."""

    def __init__(self):
        self.device, context = ctypes.c_int(), ctypes.c_void_p()
        try:
            self.library = ctypes.CDLL("libcuda.so.1")
            self.call("cuInit", 0)
            self.call("cuDeviceGet", ctypes.byref(self.device), 0)
            self.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), self.device)
        except (AttributeError, OSError, RuntimeError) as error:
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
        if data:
            self.call("cuMemcpyHtoD_v2", address, data, ctypes.c_size_t(len(data)))

    def fill(self, address, byte, size):
        if size:
            self.call("cuMemsetD8_v2", address, ctypes.c_ubyte(byte), ctypes.c_size_t(size))

    def read(self, address, size):
        data = ctypes.create_string_buffer(max(size, 1))
        if size:
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


class Entry:
    """A C function that takes the addresses of its arguments."""

    def __init__(self, library, symbol):
        self.function = getattr(library, symbol + "_call")
        self.explain = getattr(library, symbol + "_error")
        self.explain.restype = ctypes.c_char_p
        self.measure = getattr(library, symbol + "_workspace_size")
        self.measure.restype = ctypes.c_size_t

    def call(self, addresses, workspace, size):
        array = (ctypes.c_void_p * len(addresses))(*addresses)
        status = self.function(array, ctypes.c_int64(len(addresses)),
                               ctypes.c_void_p(workspace if size else None),
                               ctypes.c_size_t(size), None)
        if status:
            raise RuntimeError(self.explain(status).decode())


class Kernel:
    """A function of a device with its buffers."""

    def __init__(self, driver, library, function, draw):
        self.driver, self.arguments = driver, function["arguments"]
        self.entry, self.size = Entry(library, function["symbol"]), function["workspace_bytes"]
        rng = random.Random(function["name"])
        self.inputs = [make_input(a, rng, draw) for a in self.arguments]
        self.buffers = [driver.allocate(len(data)) for data in self.inputs]
        self.workspace = driver.allocate(self.size)

    def prepare(self, byte):
        for argument, data, buffer in zip(self.arguments, self.inputs, self.buffers):
            if argument["role"] == "out":
                self.driver.fill(buffer, byte, len(data))
            else:
                self.driver.write(buffer, data)
        self.driver.fill(self.workspace, byte, self.size)

    def run(self, byte):
        """The bytes of all that it writes; `byte` is what nobody wrote."""
        self.prepare(byte)
        self.entry.call([b.value for b in self.buffers], self.workspace.value, self.size)
        self.driver.call("cuCtxSynchronize")
        return [self.driver.read(buffer, len(data)) for argument, data, buffer
                in zip(self.arguments, self.inputs, self.buffers) if argument["role"] != "in"]


def compute(library, function, inputs):
    """What the reference returns, a tuple of numbers for each result."""
    entry, arguments = Entry(library, function["reference"]), function["arguments"]
    outs = [a for a in arguments if a["role"] == "out"]
    results = [ctypes.create_string_buffer(8 * count_elements(a) if is_float(a["dtype"])
                                           else count_bytes(a)) for a in outs]
    sources = [ctypes.create_string_buffer(data, len(data)) for a, data in zip(arguments, inputs)
               if a["role"] == "in"]
    everything = [ctypes.c_int64(0), ctypes.c_int64(1)]
    size = entry.measure()
    workspace = ctypes.create_string_buffer(size + ALIGNMENT)
    start = -(-ctypes.addressof(workspace) // ALIGNMENT) * ALIGNMENT
    entry.call([ctypes.addressof(b) for b in sources + everything + results], start, size)
    return [round_all(a["dtype"], decode("f64", b.raw)) if is_float(a["dtype"])
            else decode(a["dtype"], b.raw) for a, b in zip(outs, results)]


def find_difference(name, first, other):
    """Where two sequences differ, the bytes or the numbers of one result."""
    if first == other:
        return ""
    places = [n for n, (a, b) in enumerate(zip(first, other)) if a != b]
    return (f"{name}: {len(places)} of {len(first)} differ, [{places[0]}] is {other[places[0]]}, "
            f"expected {first[places[0]]}") if places else ""


def is_plain(function):
    """Of known extents, without scalars or layouts of its own."""
    return function["workspace_bytes"] is not None and all(
        a["layout"] == "row-major" and None not in a["shape"] for a in function["arguments"])


class Checked:
    """What a manifest lists, on a device."""

    def __init__(self, path):
        with open(path) as file:
            self.manifest = json.load(file)
        self.folder = os.path.dirname(os.path.abspath(path))
        self.functions = [f for f in self.manifest["functions"] if is_plain(f)]
        self.driver, self.library = Driver(), self.load("library")

    def load(self, kind):
        file = next(a["file"] for a in self.manifest["artifacts"] if a["kind"] == kind)
        return ctypes.CDLL(os.path.join(self.folder, file))

    def repeat(self, times):
        """Yields what differs between calls, by bytes."""
        for function in self.functions:
            kernel = Kernel(self.driver, self.library, function, draw_fraction)
            first = kernel.run(UNWRITTEN[0])
            for number in range(1, times):
                results = kernel.run(UNWRITTEN[number % len(UNWRITTEN)])
                for a, b in zip(first, results):
                    yield find_difference(f"{function['name']}, bytes of call {number + 1}", a, b)

    def compare(self):
        """Yields what is not as the reference says."""
        reference = self.load("reference")
        for function in self.functions:
            kernel = Kernel(self.driver, self.library, function, draw_whole)
            outs = [a for a in function["arguments"] if a["role"] == "out"]
            expected = compute(reference, function, kernel.inputs)
            for argument, data, numbers in zip(outs, kernel.run(UNWRITTEN[0]), expected):
                yield find_difference(f"{function['name']}, exactly: {argument['name']}", numbers,
                                      decode(argument["dtype"], data))


def check(options):
    checked = Checked(options.manifest)
    found = [text for text in checked.compare() if text] if options.exact else []
    return found + [text for text in checked.repeat(options.repeat) if text]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("manifest")
    parser.add_argument("--repeat", type=int, default=0, metavar="N")
    parser.add_argument("--exact", action="store_true")
    try:
        found = check(parser.parse_args())
    except (Absent, RuntimeError) as error:
        print(error)
        return ABSENT if isinstance(error, Absent) else WRONG
    print("; ".join(found[:3]))
    return WRONG if found else 0


if __name__ == "__main__":
    sys.exit(main())
