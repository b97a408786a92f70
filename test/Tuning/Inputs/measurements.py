"""Writes measurements that nobody took: `measurements.py COUNT SEED [FIELD=VALUE..]`."""
import hashlib
import json
import random
import subprocess
import sys

count, seed = int(sys.argv[1]), int(sys.argv[2])
fields = dict(word.split("=", 1) for word in sys.argv[3:])
version = subprocess.run(["amosc", "--version"], capture_output=True, text=True, check=True)
name, llvm = version.stdout.splitlines()[0].split(" (MLIR ")
tools = f"{name}, LLVM {llvm.rstrip(')')}"
with open("/proc/cpuinfo") as cpuinfo:
    device = next(line.split(": ")[1].strip() for line in cpuinfo if line.startswith("model name"))

text = f"an operator of seed {fields.pop('operator', seed)}\n"
fingerprint = hashlib.sha256(text.encode()).hexdigest()[:16]
draw = random.Random(seed)


def measure(number):
    seconds = draw.uniform(1e-6, 1e-4)
    return {"operator": fingerprint, "machine": "0123456789abcdef", "machine_name": "generic",
            "device": device, "driver": "", "tools": tools, "mapping": f"#mapping<{number}>",
            "mapping_id": f"m{number:06x}", "schedule": f"#schedule<{seed}>",
            "predicted_cycles": draw.randrange(1000), "lower_bound": 10, "status": "ok",
            "reason": "", "seconds": seconds, "quartiles": [0.99 * seconds, 1.01 * seconds],
            "share": 0.0, "samples": 6, "caches": "warm", "origin": "random",
            "date": "2026-11-29T10:00:00Z"} | fields


json.dump({"amos_measurements": 1,
           "operators": [{"fingerprint": fingerprint, "name": "linalg.matmul", "text": text}],
           "measurements": [measure(number) for number in range(count)]}, sys.stdout)
