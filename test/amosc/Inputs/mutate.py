"""mutate.py KIND COUNT FOLDER SOURCES...: amosc on damaged files.

KIND says what the sources are: `program` or `machine`. Each damaged file must
lead to a documented exit status other than 70, to a message if that is not 0,
and to no file if it failed. The seed is fixed, so a failure can be repeated.
"""

import os
import random
import re
import shutil
import subprocess
import sys

kind, count, folder, sources = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
pick = random.Random(20)
numbers = ["0", "1", "-1", "3", "7", "4096", "1000000007", "9223372036854775807", "1.0e400"]
words = ["tensor", "memref", "i8", "u8", "f32", "bf16", "i32", "index", "vector", "parallel",
         "reduction", "linalg.generic", "d0", "%a", "@f", "none"]


def truncate(text):
    return text[:pick.randrange(len(text))]


def delete(text):
    start = pick.randrange(len(text))
    return text[:start] + text[start + pick.randrange(1, 40):]


def repeat(text):
    start = pick.randrange(len(text))
    part = text[start:start + pick.randrange(1, 200)]
    return text[:start] + part + text[start:]


def replace(pattern, choices, text):
    places = list(re.finditer(pattern, text))
    if not places:
        return text
    place = pick.choice(places)
    return text[:place.start()] + pick.choice(choices) + text[place.end():]


def changeNumber(text):
    return replace(r"\d+", numbers, text)


def changeWord(text):
    return replace(r"[%@#]?[a-z_][a-z_0-9.]*", words, text)


def changeByte(text):
    start = pick.randrange(len(text))
    return text[:start] + chr(pick.randrange(1, 256)) + text[start + 1:]


def swapLines(text):
    lines = text.split("\n")
    a, b = pick.randrange(len(lines)), pick.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def deleteLine(text):
    lines = text.split("\n")
    del lines[pick.randrange(len(lines))]
    return "\n".join(lines)


mutations = [truncate, delete, repeat, changeNumber, changeNumber, changeNumber, changeWord,
             changeWord, changeByte, swapLines, deleteLine]


def judge(damaged, output):
    """What is wrong with amosc's answer to a damaged file, or nothing."""
    program = damaged if kind == "program" else sources[-1]
    machine = "x86-avx512" if kind == "program" else damaged
    command = ["amosc", program, "--target=" + machine, "--emit=obj,header,manifest",
               "--out-dir", output]
    if kind == "machine":
        command.append("--emulate")
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    except subprocess.TimeoutExpired:
        return "took longer than a minute"
    if run.returncode not in range(6):
        return f"exit status {run.returncode}: {run.stderr.decode(errors='replace')}"
    if run.returncode != 0 and not run.stderr:
        return "failed without a message"
    files = os.listdir(output) if os.path.isdir(output) else []
    if run.returncode != 0 and files:
        return f"failed, but left {files}"
    return None


def main():
    texts = [open(source).read() for source in (sources if kind == "program" else sources[:-1])]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    failures = 0
    for number in range(count):
        text = pick.choice(texts)
        for _ in range(pick.choice([1, 1, 1, 2, 3])):
            text = pick.choice(mutations)(text) or " "
        damaged = os.path.join(folder, f"{number}.mlir")
        with open(damaged, "w", encoding="utf-8") as file:
            file.write(text)
        output = os.path.join(folder, f"{number}.out")
        problem = judge(damaged, output)
        shutil.rmtree(output, ignore_errors=True)
        if problem:
            failures += 1
            print(f"{damaged}: {problem}")
    print(f"{count} damaged files, {failures} wrong answers")
    return failures != 0


sys.exit(main())
