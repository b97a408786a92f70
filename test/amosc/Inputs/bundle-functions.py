"""bundle-functions.py BUNDLE.json: its functions as a manifest, on the standard output."""
import json
import sys

with open(sys.argv[1]) as file:
    bundle = json.load(file)
functions = [candidate["function"] for candidate in bundle["candidates"]]
for candidate, function in zip(bundle["candidates"], functions):
    tested = function["operations"][candidate["operation"]]
    assert tested["mapping"] and tested["schedule"] and tested["cost"], candidate["name"]
json.dump({"amos_manifest": 1, "producer": bundle["producer"], "targets": bundle["targets"],
           "artifacts": [], "functions": functions}, sys.stdout)
