"""same-choice.py RESULTS.json NAME MANIFEST.json: the manifest's operation is the candidate."""
import json
import sys

with open(sys.argv[1]) as file:
    candidates = {c["name"]: c for c in json.load(file)["candidates"]}
with open(sys.argv[3]) as file:
    [operation] = [o for f in json.load(file)["functions"] for o in f["operations"]]
wanted = candidates[sys.argv[2]]
assert operation["mapping"]["id"] == wanted["mapping"], operation
assert operation["schedule"] == wanted["schedule"], operation
