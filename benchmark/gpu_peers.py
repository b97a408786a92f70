"""What PyTorch, torch.compile and Triton make of a record of operators.py.

Tensors are canonical: in the order of the record, as our own kernels get them.
"""

import math
import statistics


class Contestant:
    """`run` launches it and returns its result; `canon` brings that into the record's order,
    untimed."""

    def __init__(self, name, run, canon=lambda result: result):
        self.name, self.run, self.canon = name, run, canon
        self.problem = ""
        self.cold_us, self.hot_us = [], []

    def get_result(self):
        return self.canon(self.run())

    def describe(self, macs):
        row = {"name": self.name, "problem": self.problem}
        if self.cold_us:
            cold = statistics.median(self.cold_us)
            quarters = statistics.quantiles(self.cold_us, n=4)
            row.update(cold_us=cold, quartiles_us=[quarters[0], quarters[2]],
                       hot_us=statistics.median(self.hot_us), samples=len(self.cold_us),
                       tops=2e-6 * macs / cold)
        return row


def get_dtype(name, torch):
    return {"f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32,
            "tf32": torch.float32, "s8": torch.int8}[name]


def make_inputs(record, dtype, torch):
    """Normally distributed, bytes evenly; the same for the same record. What a triangle stands
    for is no input."""
    torch.manual_seed(0)
    names = [n for n in record["tensors"] if n not in ("O", record.get("triangle"))]
    shapes = [record["tensors"][n]["shape"] for n in names]
    if dtype == "s8":
        return [torch.randint(-128, 128, shape, device="cuda", dtype=torch.int8)
                for shape in shapes]
    return [torch.randn(shape, device="cuda").to(get_dtype(dtype, torch)) for shape in shapes]


# ================================================================ formulations
def get_conv(record, torch):
    """The function of PyTorch, and the shapes it wants: groups belong to the channels there."""
    p = record["conv"]
    function = [torch.nn.functional.conv1d, torch.nn.functional.conv2d,
                torch.nn.functional.conv3d][len(p["size"]) - 1]
    image = [p["n"], p["c"]] + p["size"]
    weights = [p["k"], p["c"] // p["groups"]] + p["kernel"]
    more = {"stride": p["stride"], "padding": p["pad"], "dilation": p["dilation"],
            "groups": p["groups"]}
    return lambda x, w: function(x, w, None, **more), image, weights


def formulate_conv(record, inputs, torch):
    conv, image, weights = get_conv(record, torch)
    x, w = inputs[0].reshape(image), inputs[1].reshape(weights)
    shape = record["tensors"]["O"]["shape"]
    canon = lambda out: out.reshape(shape)
    yield "cudnn channels first", conv, (x, w), canon
    if x.dim() in (4, 5):
        layout = torch.channels_last if x.dim() == 4 else torch.channels_last_3d
        yield ("cudnn channels last", conv,
               (x.contiguous(memory_format=layout), w.contiguous(memory_format=layout)),
               lambda out: out.contiguous().reshape(shape))
        if x.dim() == 4 and x.shape[1] <= 4:
            wide = [pad_channels(t, torch).contiguous(memory_format=layout) for t in (x, w)]
            yield ("cudnn channels last, padded to 8 beforehand", conv, tuple(wide),
                   lambda out: out.contiguous().reshape(shape))


def pad_channels(tensor, torch):
    more = [tensor.shape[0], 8 - tensor.shape[1], *tensor.shape[2:]]
    return torch.cat([tensor, tensor.new_zeros(more)], 1)


def formulate_matmul(record, inputs, torch):
    a, b = inputs[:2]
    b = b.transpose(-1, -2) if record["matmul"]["transposed"] else b
    if a.dtype == torch.int8:
        yield "cublaslt", torch._int_mm, (a, b), lambda out: out
    elif "activation" in record:
        yield from formulate_activation(record, a, b, inputs[2], torch)
    else:
        yield "cublas", torch.matmul, (a, b), lambda out: out
        if not record["matmul"]["batch"]:
            yield "cublaslt", lambda a, b: multiply_by("cublaslt", a, b, torch), (a, b), \
                lambda out: out
        if record["matmul"]["m"] == 1:
            yield "cublas gemv", lambda a, b: torch.mv(b.t(), a[0]), (a, b), lambda out: out[None]


def multiply_by(library, a, b, torch):
    torch.backends.cuda.preferred_blas_library(library)
    try:
        return torch.mm(a, b)
    finally:
        torch.backends.cuda.preferred_blas_library("cublas")


def formulate_activation(record, a, b, bias, torch):
    relu, gelu = torch.relu, lambda x: torch.nn.functional.gelu(x, approximate="tanh")
    activate = {"relu": relu, "gelu": gelu}[record["activation"]]
    yield "cublas, then pointwise", lambda a, b, v: activate(torch.addmm(v, a, b)), \
        (a, b, bias), lambda out: out
    if a.dtype != torch.float32:
        fused = lambda a, b, v: torch._addmm_activation(
            v, a, b, use_gelu=record["activation"] == "gelu")
        yield "cublaslt with epilogue", fused, (a, b, bias), lambda out: out


def formulate_transposed(record, inputs, torch):
    stride = record["upsample"]["I"]
    x, w = inputs
    w = w.reshape(list(w.shape) + [1] * (4 - w.dim()))
    kernel = w.shape[-1]
    out = record["spatial"]["p"]
    pad = ((x.shape[-1] - 1) * stride + kernel - out) // 2
    run = lambda x, w: torch.nn.functional.conv_transpose2d(x, w, None, stride=stride, padding=pad)
    yield "cudnn channels first", run, (x, w), lambda out: out
    layout = torch.channels_last
    yield ("cudnn channels last", run,
           (x.contiguous(memory_format=layout), w.contiguous(memory_format=layout)),
           lambda out: out.contiguous())


def formulate_layer(record, inputs, torch):
    """What einsum can say: windows are none."""
    left, right = record["expr"].split(" += ")
    letters = [part[part.index("[") + 1:-1].replace(",", "") for part in right.split(" * ")]
    text = ",".join(letters) + "->" + left[2:-1].replace(",", "")
    yield "einsum", lambda *args: torch.einsum(text, *args), tuple(inputs), lambda out: out


def formulate_statistic(record, inputs, torch):
    if record["combine"] == "id":
        run = lambda a: a.float().mean((0, 2, 3))
    else:
        run = lambda a, m: (a.float() - m.float()).square().mean((0, 2, 3))
    yield "mean", run, tuple(inputs), lambda out: out


def formulate_prefix_sum(record, inputs, torch):
    m, n, k = record["spatial"]["i"], record["spatial"]["j"], record["reduce"]["k"]

    def run(a):
        sums = a[:, :min(n, k)].cumsum(-1, dtype=torch.float32)
        return sums if n <= k else torch.cat([sums, sums[:, -1:].expand(m, n - k)], -1)
    yield "cumsum", run, tuple(inputs), lambda out: out


def formulate_capsule(record, inputs, torch):
    x, w = inputs
    k, parts = w.shape[0], w.shape[-1]
    stride, pad = get_window(record)
    flat = w.movedim(-1, 1).reshape([k * parts, w.shape[1]] + list(w.shape[2:-1]))
    flat = flat.reshape(list(flat.shape) + [1] * (4 - flat.dim())).contiguous()
    run = lambda x, w: torch.nn.functional.conv2d(x, w, None, stride=stride, padding=pad)
    canon = lambda out: out.reshape(out.shape[0], k, parts, *out.shape[2:]).movedim(2, -1)
    yield "cudnn, one convolution", run, (x, flat), canon


def formulate_per_sample(record, inputs, torch):
    x, w = inputs
    n, k = w.shape[:2]
    stride, pad = get_window(record)
    w = w.reshape(list(w.shape) + [1] * (5 - w.dim()))
    grouped = x.reshape(1, -1, *x.shape[2:])
    run = lambda x, w: torch.nn.functional.conv2d(x, w, None, stride=stride, padding=pad, groups=n)
    yield ("cudnn, grouped", run, (grouped, w.reshape(n * k, *w.shape[2:])),
           lambda out: out.reshape(n, k, *out.shape[2:]))


def get_window(record):
    """Stride and padding of the image's first window, from the text: `p*2+r-3`."""
    index = record["expr"].split("I[")[1].split(",")[2]
    stride = int(index.split("*")[1].split("+")[0].split("-")[0]) if "*" in index else 1
    return stride, int(index.split("-")[1]) if "-" in index else 0


def formulate(record, inputs, torch):
    family = record["name"].split("/")[0]
    makers = {"T2D": formulate_transposed, "CAP": formulate_capsule, "BCV": formulate_per_sample,
              "MEN": formulate_statistic, "VAR": formulate_statistic, "SCN": formulate_prefix_sum}
    default = (formulate_conv if "conv" in record else
               formulate_matmul if "matmul" in record else formulate_layer)
    return list(makers.get(family, default)(record, inputs, torch))


# ================================================================ contestants
def make_reference(record, inputs, torch):
    """The first formulation in float32, of integers in float64, which is exact."""
    wide = torch.float64 if inputs[0].dtype == torch.int8 else torch.float32
    _, run, args, canon = formulate(record, [t.to(wide) for t in inputs], torch)[0]
    return canon(run(*args)).contiguous()


def make_peers(record, case, inputs, torch, compiles):
    """A caller whose tensors have channels first may not use what wants them last."""
    contestants = []
    for name, run, args, canon in formulate(record, inputs, torch):
        if case.channels == "first" and "channels last" in name:
            continue
        contestants.append(Contestant(f"eager {name}", lambda r=run, a=args: r(*a), canon))
        if compiles:
            fast = torch.compile(run, mode="max-autotune-no-cudagraphs", dynamic=False)
            contestants.append(Contestant(f"torch.compile {name}", lambda r=fast, a=args: r(*a),
                                          canon))
    is_plain = "matmul" in record and "activation" not in record and not record["matmul"]["batch"]
    if is_plain and case.type in ("f16", "bf16"):
        contestants += make_triton(record, inputs, torch)
    return contestants


def make_triton(record, inputs, torch):
    try:
        from gpu_triton import multiply
    except ImportError:
        return []
    a, b = inputs
    b = b.t() if record["matmul"]["transposed"] else b
    out = torch.empty(a.shape[0], b.shape[1], device="cuda", dtype=a.dtype)
    return [Contestant("triton", lambda: multiply(a, b, out))]
