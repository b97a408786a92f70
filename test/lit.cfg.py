import os
import shutil
import sys

import lit.formats

sys.path.insert(0, os.path.dirname(__file__))
from unitformat import AmosFormat

config.name = "amosc"
config.test_format = AmosFormat(os.path.join(config.amosBuild, "test", "unit"))
config.suffixes = [".mlir", ".test", ".c"]
# Files that tests read; they are no tests themselves.
config.excludes = ["Inputs", "CMakeLists.txt", "upstream"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.amosBuild, "test")

path = [os.path.join(config.amosBuild, "bin"), config.llvmTools]
config.environment["PATH"] = os.pathsep.join(path + [os.environ["PATH"]])
for name in ["AMOS_REQUIRE", "ASAN_OPTIONS", "CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "HOME",
             "TMPDIR"]:
    if name in os.environ:
        config.environment[name] = os.environ[name]

# `%exits 2 amosc ..` passes iff the exit status is 2.
config.substitutions.append(("%exits", f"{sys.executable} {config.test_source_root}/exits.py"))
config.substitutions.append(("%python", sys.executable))
# %amos: the root of the source tree; %build: of the build tree.
config.substitutions.append(("%amos", config.amosSource))
config.substitutions.append(("%build", config.amosBuild))

# Programs that a test of what is written for them needs.
for program in ["zsh", "fish", "groff"]:
    if shutil.which(program):
        config.available_features.add(program)

# CPU features, as the kernel spells them: `REQUIRES: avx512_vnni`. Those that
# AMOS_REQUIRE lists must be there.
if os.path.exists("/proc/cpuinfo"):
    with open("/proc/cpuinfo") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("flags"):
                config.available_features.update(line.split(":")[1].split())
                break
# Programs under libFuzzer, in a build folder of their own.
if config.amosFuzzers == "ON":
    config.available_features.add("fuzzers")
# The page of `amosc explain` is looked at in a browser, where there is one.
if shutil.which("chromium"):
    config.available_features.add("chromium")
else:
    lit_config.note("no chromium: Report/browse.test is skipped")
# A cluster of this machine's own, under which shards are measured.
programs = ["slurmctld", "slurmd", "sbatch", "sinfo", "parallel"]
absent = [program for program in programs
          if not shutil.which(program, path=os.environ["PATH"] + os.pathsep + "/usr/sbin")]
if absent:
    lit_config.note(f"no {', '.join(absent)}: Examples/many-machines.test is skipped")
else:
    config.available_features.add("slurm")
# `ptxas` and the toolkit around it, where amosc would find them.
folders = [os.environ[name] + "/bin" for name in ["CUDA_HOME", "CUDA_PATH", "CUDA_ROOT"]
           if os.environ.get(name)]
folders.append(config.environment["PATH"])
if shutil.which("ptxas", path=os.pathsep.join(folders)):
    config.available_features.add("ptxas")
else:
    lit_config.note("no ptxas in CUDA_HOME/bin or on PATH: tests of machine code are skipped")
required = set(filter(None, os.environ.get("AMOS_REQUIRE", "").split(",")))
kernelNames = {"avx512vnni": "avx512_vnni", "avx512bf16": "avx512_bf16", "avxvnni": "avx_vnni"}
missing = {f for f in required if kernelNames.get(f, f) not in config.available_features}
if missing:
    lit_config.error("AMOS_REQUIRE: this machine has no " + ", ".join(sorted(missing)))
