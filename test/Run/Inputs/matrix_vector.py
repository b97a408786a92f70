"""A matrix by a vector whose rows are as long as registers are, in every type; some
accumulate, some belong to a batch, some are scaled."""

TYPES = {"u8s8": ("i8", "i32", "arith.extui", "arith.extsi", "i"),
         "bf16": ("bf16", "f32", "arith.extf", "arith.extf", "f"),
         "f16": ("f16", "f32", "arith.extf", "arith.extf", "f"),
         "f32": ("f32", "f32", None, None, "f"), "f64": ("f64", "f64", None, None, "f")}

for name, (source, result, left, right, kind) in TYPES.items():
    for batch, rows, length in ((1, 1, 512), (1, 37, 1024), (3, 8, 512)):
        a, x, c = (f"tensor<{batch}x{rows}x{length}x{source}>", f"tensor<{batch}x{length}x{source}>",
                   f"tensor<{batch}x{rows}x{result}>")
        print(f"func.func @{name}_{batch}_{rows}(%a: {a}, %x: {x}, %c: {c}) -> {c} {{")
        print("  %0 = linalg.generic {indexing_maps = [affine_map<(b, m, k) -> (b, m, k)>, "
              "affine_map<(b, m, k) -> (b, k)>, affine_map<(b, m, k) -> (b, m)>], "
              'iterator_types = ["parallel", "parallel", "reduction"]}')
        print(f"      ins(%a, %x : {a}, {x}) outs(%c : {c}) {{")
        print(f"  ^bb0(%p: {source}, %q: {source}, %s: {result}):")
        u, v = "%p", "%q"
        if left:
            print(f"    %u = {left} %p : {source} to {result}")
            print(f"    %v = {right} %q : {source} to {result}")
            u, v = "%u", "%v"
        print(f"    %m = arith.mul{kind} {u}, {v} : {result}")
        print(f"    %r = arith.add{kind} %s, %m : {result}")
        print(f"    linalg.yield %r : {result}\n  }} -> {c}\n  return %0 : {c}\n}}")
