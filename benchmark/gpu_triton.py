"""A tuned product in Triton, for comparison: blocks in groups that share rows in the L2."""

import triton
import triton.language as tl

CONFIGS = [triton.Config({"BM": m, "BN": n, "BK": k, "GROUP": 8}, num_stages=stages,
                         num_warps=warps)
           for m, n, k, stages, warps in [(128, 256, 64, 3, 8), (128, 128, 64, 4, 8),
                                          (128, 128, 64, 4, 4), (64, 256, 64, 4, 4),
                                          (64, 128, 64, 4, 4), (64, 64, 64, 5, 4),
                                          (32, 64, 128, 4, 4), (16, 64, 128, 5, 4),
                                          (16, 32, 256, 4, 2)]]


@triton.autotune(configs=CONFIGS, key=["M", "N", "K"])
@triton.jit
def kernel(a, b, c, M, N, K, sam, sak, sbk, sbn, BM: tl.constexpr, BN: tl.constexpr,
           BK: tl.constexpr, GROUP: tl.constexpr):
    program = tl.program_id(0)
    rows, columns = tl.cdiv(M, BM), tl.cdiv(N, BN)
    first = program // (GROUP * columns) * GROUP
    group = min(rows - first, GROUP)
    row = first + program % (GROUP * columns) % group
    column = program % (GROUP * columns) // group
    m = (row * BM + tl.arange(0, BM)) % M
    n = (column * BN + tl.arange(0, BN)) % N
    k = tl.arange(0, BK)
    left = a + m[:, None] * sam + k[None, :] * sak
    right = b + k[:, None] * sbk + n[None, :] * sbn
    total = tl.zeros((BM, BN), dtype=tl.float32)
    for step in range(0, tl.cdiv(K, BK)):
        x = tl.load(left, mask=k[None, :] < K - step * BK, other=0.0)
        y = tl.load(right, mask=k[:, None] < K - step * BK, other=0.0)
        total = tl.dot(x, y, total)
        left += BK * sak
        right += BK * sbk
    m = row * BM + tl.arange(0, BM)
    n = column * BN + tl.arange(0, BN)
    tl.store(c + m[:, None] * N + n[None, :], total.to(c.dtype.element_ty),
             mask=(m[:, None] < M) & (n[None, :] < N))


def multiply(a, b, out):
    (M, K), N = a.shape, b.shape[1]
    grid = lambda meta: (triton.cdiv(M, meta["BM"]) * triton.cdiv(N, meta["BN"]),)
    kernel[grid](a, b, out, M, N, K, a.stride(0), a.stride(1), b.stride(0), b.stride(1))
    return out
