"""judged.py FOLDER: the figures of model.py on data whose figures are known."""
import json
import os
import sys

sys.path.insert(0, sys.argv[1])
import model


def data(times, predictions, shares=None):
    shares = shares or [0] * len(times)
    candidates = [{"mapping": "m", "schedule": "s", "predicted_cycles": p, "lower_bound": 1,
                   "seconds": t, "quartiles": [t, t], "share": share}
                  for t, p, share in zip(times, predictions, shares)]
    return {"amos_model_data": 1, "operators": [
        {"name": "a", "type": "f32", "target": "t", "fitted": False, "candidates": candidates}]}


def judge(*arguments):
    return model.judge([data(*arguments)])["operators"][0]


perfect = judge([1, 2, 3, 4], [10, 20, 30, 40])
assert (perfect["pairwise"], perfect["recall"], perfect["first"]) == (1, 1, 0), perfect
inverse = judge([1, 2, 3, 4], [40, 30, 20, 10])
assert (inverse["pairwise"], inverse["recall"], inverse["first"]) == (0, 0, 3), inverse
# One pair of three is nearer than 5 %, and one of the others is tied.
near = judge([1, 1.04, 2], [10, 20, 20])
assert (near["pairs"], near["right"]) == (2, 1.5), near
# Twenty candidates: the fastest two, of which the model has one.
mixed = judge(list(range(1, 21)), [1, 90, 2] + list(range(10, 27)))
assert mixed["recall"] == 0.5 and mixed["first"] == 0, mixed
# Times taken at another clock: the share of the unit decides.
shares = judge([2, 1], [1, 2], [0.9, 0.3])
assert shares["pairwise"] == 1, shares
total = model.judge([data([1, 2], [1, 2]), data([1, 2], [2, 1])])["all"]
assert total["pairwise"] == 0.5 and total["first_within_20"] == 0.5, total

for name in sorted(os.listdir(os.path.join(sys.argv[1], "results"))):
    if name.startswith("model-") and name.endswith(".json"):
        path = os.path.join(sys.argv[1], "results", name)
        with open(path) as file:
            figures = model.judge([json.load(file)])
        with open(path.replace(".json", ".md")) as file:
            assert model.format_table(figures) in file.read(), f"{name}: the table is another one"
        with open(path) as file, open(path.replace(".json", ".svg")) as picture:
            assert model.draw([json.load(file)]) == picture.read(), f"{name}: the picture too"
        print(name)
print("judged")
