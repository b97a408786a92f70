"""favour.py RESULTS.json NAME: the results, with one candidate far faster than all others."""
import json
import sys

with open(sys.argv[1]) as file:
    results = json.load(file)
for candidate in results["candidates"]:
    assert candidate["status"] == "ok", candidate
    if candidate["name"] == sys.argv[2]:
        candidate["time"] |= {"median_s": 1e-9, "quartiles_s": [1e-9, 1e-9], "least_s": 1e-9}
        candidate["ceiling"]["share"] = 0.99
    else:
        candidate["ceiling"]["share"] = min(candidate["ceiling"]["share"], 0.5)
json.dump(results, sys.stdout)
