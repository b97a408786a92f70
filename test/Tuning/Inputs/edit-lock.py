"""edit-lock.py LOCK PROGRAM: the lock with another candidate for its last operation.
edit-lock.py --check LOCK MANIFEST: the manifest's operations are those of the lock."""
import json
import re
import subprocess
import sys


def read(path, field):
    with open(path) as file:
        return re.findall(rf"^  {field} +(.*)$", file.read(), re.M)


def check(lock, manifest):
    with open(manifest) as file:
        operations = [o for f in json.load(file)["functions"] for o in f["operations"]]
    mapped = [o for o in operations if o["mapping"]]
    assert [o["mapping"]["text"] for o in mapped] == read(lock, "mapping"), mapped
    assert [o["schedule"] for o in mapped] == read(lock, "schedule"), mapped


def edit(lock, program):
    explained = subprocess.run(["amosc", "explain", program, "--target=generic", "--json"],
                               check=True, capture_output=True, text=True).stdout
    schedule = read(lock, "schedule")[-1]
    others = [c["schedule"]["text"] for c in json.loads(explained)["operations"][-1]["candidates"]
              if c.get("schedule") and c["schedule"]["text"] != schedule]
    assert others == [] or others
    changed = re.sub(r"block \[[^\]]*\]", lambda m: re.sub(r"\d+", "1", m[0]), schedule)
    changed = re.sub(r"nest \[(.*?)\]\]", lambda m: re.sub(r", \d+\]", ", 1]", m[0]), changed)
    assert changed != schedule
    with open(lock) as file:
        before, after = file.read().rsplit(schedule, 1)
    print(before + changed + after, end="")


if sys.argv[1] == "--check":
    check(*sys.argv[2:])
else:
    edit(*sys.argv[1:])
