"""make_bundle.py MANIFEST LIBRARY REFERENCE: a bundle with its one function as one candidate."""
import json
import sys

path, library, reference = sys.argv[1:]
with open(path) as file:
    function = json.load(file)["functions"][0]
function["operations"] = [{"mapping": {"id": "m000000"}, "schedule": "none",
                           "cost": {"cycles": 1, "lower_bound": 1}}]
candidate = {"name": "c0000", "origin": "model", "operation": 0, "file": library,
             "function": function}
print(json.dumps({"amos_bundle": 1, "producer": "a test", "targets": ["fake"], "sampling": "best",
                  "seed": 0, "shard": 0, "shards": 1, "reference": reference, "skipped": [],
                  "candidates": [candidate]}))
