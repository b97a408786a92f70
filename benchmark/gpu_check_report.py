"""What was compiled and what came out of it, for people and for programs."""

import json

# Of a set's row, in this order; the first two are of runs.
STATES = ("right", "wrong", "absent", "compiled", "refused", "broken")


def print_row(row):
    said = row.get("problem") or (row["said"] if row["state"] in ("refused", "broken") else "")
    share = f" {row['worst']:.2g} of the tolerance" if row.get("worst") else ""
    runs_on = ", ".join(dict.fromkeys(row.get("intrinsics", [])))
    print(f"{row['case']:50} {row['state']:8}{share} {said or runs_on}".rstrip(), flush=True)


def group(rows):
    """By set, in the order in which they come."""
    found = {}
    for row in rows:
        found.setdefault(row["set"], []).append(row)
    return found


def count(rows):
    numbers = {state: sum(row["state"] == state for row in rows) for state in STATES}
    return ", ".join(f"{number} {state}" for state, number in numbers.items() if number)


def print_summary(rows):
    for name, chosen in group(rows).items():
        print(f"{name}: {len(chosen)} cases: {count(chosen)}")


def find_worst(rows):
    shares = [row["worst"] for row in rows if row.get("worst") is not None]
    return f"{max(shares):.2g}" if shares else "–"


def write_report(path, machine, rows):
    with open(path + ".json", "w") as file:
        json.dump({"machine": machine, "rows": rows}, file, indent=1)
    with open(path + ".md", "w") as file:
        for key, value in machine.items():
            print(f"- {key}: {value}", file=file)
        print("\n`worst` is the largest share of its tolerance by which an element is off.\n\n"
              "| set | cases | | kernels | worst |\n|---|---|---|---|---|", file=file)
        for name, chosen in group(rows).items():
            kernels = sum(row.get("kernels", 0) for row in chosen)
            print(f"| {name} | {len(chosen)} | {count(chosen)} | {kernels} "
                  f"| {find_worst(chosen)} |", file=file)
        write_failures(rows, file)
        write_intrinsics(rows, file)


def write_failures(rows, file):
    for state in ("wrong", "absent", "broken", "refused"):
        chosen = [row for row in rows if row["state"] == state]
        if chosen:
            print(f"\n## {state}\n", file=file)
        for row in chosen:
            said = (row.get("problem") or row["said"]).splitlines()
            print(f"- {row['case']}: {said[0] if said else ''}", file=file)


def write_intrinsics(rows, file):
    """On what the right ones ran."""
    numbers = {}
    for row in rows:
        for name in set(row.get("intrinsics", [])) if row["state"] == "right" else []:
            numbers[name] = numbers.get(name, 0) + 1
    if numbers:
        print("\n## Instructions\n\n| | cases |\n|---|---|", file=file)
    for name, number in sorted(numbers.items()):
        print(f"| {name} | {number} |", file=file)
