"""Every description parses, verifies, prints, and the print parses to itself."""
import pathlib
import subprocess
import sys


def optimize(text):
    return subprocess.run(["amos-opt", "-"], input=text, capture_output=True, text=True)


def check(path):
    once = optimize(path.read_text())
    if once.returncode:
        return once.stderr
    twice = optimize(once.stdout)
    if twice.stdout != once.stdout:
        return "the second print differs: " + twice.stderr
    name = "amos.accelerator @" + path.stem.replace("-", "_")
    if name + " " not in once.stdout:
        return f"it holds no '{name}'"
    return None


files = sorted(pathlib.Path(sys.argv[1]).glob("*.mlir"))
assert len(files) >= 11, files
failures = {f.name: message for f in files if (message := check(f))}
for name, message in failures.items():
    print(f"{name}: {message}")
sys.exit(bool(failures))
