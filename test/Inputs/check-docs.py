"""check-docs.py ROOT: options, stages, outputs and links of the documentation."""

import glob
import os
import re
import subprocess
import sys

root = sys.argv[1]


def ask(*words):
    return subprocess.run(["amosc", *words], stdout=subprocess.PIPE, universal_newlines=True,
                          check=True).stdout


def findMissing(words, text, what):
    return [f"docs/CommandLine.md does not mention the {what} '{word}'"
            for word in words if word not in text]


def checkCommandLine():
    text = open(os.path.join(root, "docs", "CommandLine.md")).read()
    flags = re.findall(r"^  (?:-\w, )?(--?[\w-]+)", ask("--help"), re.M)
    flags = [flag for flag in flags if flag != "--help"]
    outputs = [f"`{line.split()[0]}`" for line in ask("help", "outputs").splitlines()]
    return findMissing(flags, text, "option") + findMissing(outputs, text, "output")


def checkStages():
    text = open(os.path.join(root, "docs", "Pipeline.md")).read()
    return [f"docs/Pipeline.md does not mention the stage '{line.split()[0]}'"
            for line in ask("help", "stages").splitlines() if f"`{line.split()[0]}`" not in text]


def listPages():
    pages = glob.glob(os.path.join(root, "**", "*.md"), recursive=True)
    return [page for page in pages if not os.path.relpath(page, root).startswith("build")]


def checkLinks():
    problems = []
    for page in listPages():
        for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", open(page).read()):
            if not os.path.exists(os.path.join(os.path.dirname(page), link)):
                problems.append(f"{os.path.relpath(page, root)} links to '{link}', which is missing")
    return problems


problems = checkCommandLine() + checkStages() + checkLinks()
print("\n".join(problems) or "the documentation is complete")
sys.exit(bool(problems))
