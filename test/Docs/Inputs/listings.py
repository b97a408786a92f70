"""listings.py ROOT BUILD SCRATCH [PAGE...]: runs what the documentation shows.

The fenced blocks of a page, in order, in a folder of its own (for the README of an
example a copy of the example):

  ```sh    runs in bash; every command must succeed
  ```      directly behind it: these lines occur in its output, in this order;
           `..` stands for any text
  ```mlir  parses and verifies in amos-opt
  ```json  parses
  ```make  becomes the Makefile of the folder
  ```text  is not checked

An HTML comment in front of a block says what the reader need not see:

  <!-- listing needs NAME = PATH -->    put this file of the repository there
  <!-- listing not run: REASON -->      for commands that a test must not run
  <!-- listing within TEXT -->          TEXT with LISTING in it makes a fragment whole
  <!-- listing excerpt of COMMAND -->   the lines occur in what the command prints
"""

import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys

mostSeconds = 300
shownCharacters = 4000


class Page:
    """One page on its way; `problems` are messages with file and line."""

    def __init__(self, root, build, scratch, path):
        self.root, self.path = root, path
        self.folder = os.path.join(scratch, path.replace("/", "-")[:-len(".md")])
        self.problems, self.output = [], ""
        self.prepare(build)

    def prepare(self, build):
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.path.startswith("examples/"):
            shutil.copytree(os.path.join(self.root, os.path.dirname(self.path)), self.folder)
        else:
            os.makedirs(os.path.join(self.folder, "build"))
            os.symlink(os.path.join(build, "bin"), os.path.join(self.folder, "build", "bin"))

    def run(self, command, text=None):
        """Whether it succeeded; `output` has what it printed."""
        result = subprocess.run(command, input=text, cwd=self.folder, timeout=mostSeconds,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                encoding="utf-8", errors="replace")
        self.output = result.stdout
        return result.returncode == 0

    def report(self, block, what):
        self.problems.append(f"{self.path}:{block.line}: {what}")

    def check(self, block):
        if block.says("not run"):
            return
        for name, source in re.findall(r"(\S+) = (\S+)", block.says("needs") or ""):
            shutil.copy(os.path.join(self.root, source), os.path.join(self.folder, name))
        checks = {"sh": self.checkShell, "": self.checkOutput, "mlir": self.checkProgram,
                  "json": self.checkJson, "make": self.writeMakefile, "text": lambda block: None}
        if block.language not in checks:
            self.report(block, f"no check for '{block.language}' listings; expected one of "
                        + ", ".join(checks))
        elif block.says("excerpt of"):
            self.checkExcerpt(block)
        else:
            checks[block.language](block)

    def checkShell(self, block):
        if not self.run(["bash", "-exo", "pipefail"], block.text):
            self.report(block, "a command fails:\n" + self.output)

    def checkOutput(self, block):
        at = 0
        for line in filter(None, map(str.strip, block.text.splitlines())):
            pattern = ".*".join(map(re.escape, re.split(r"\.\.+", line)))
            found = re.compile(pattern).search(self.output, at)
            if not found:
                self.report(block, f"'{line}' is not in the output (any more):\n"
                            + self.output[:shownCharacters])
                return
            at = found.end()

    def checkExcerpt(self, block):
        if not self.run(["bash", "-eo", "pipefail"], block.says("excerpt of")):
            self.report(block, "the command it comes from fails:\n" + self.output)
        else:
            self.checkOutput(block)

    def checkProgram(self, block):
        whole = (block.says("within") or "LISTING").replace("LISTING", block.text)
        if not self.run(["amos-opt", "-", "-o", os.devnull], whole):
            self.report(block, "does not parse:\n" + self.output)

    def checkJson(self, block):
        try:
            json.loads(block.text)
        except ValueError as error:
            self.report(block, str(error))

    def writeMakefile(self, block):
        with open(os.path.join(self.folder, "Makefile"), "w") as makefile:
            makefile.write(block.text)


class Block:
    """A fenced block: where it starts, its language, text, and what precedes it."""

    def __init__(self, line, language, text, comment):
        self.line, self.language, self.text, self.comment = line, language, text, comment

    def says(self, what):
        found = re.findall(rf"<!-- listing {what}[: \n](.*?)-->", self.comment, re.S)
        return "\n".join(found) or None


def readBlocks(text):
    fence = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.M | re.S)
    end, blocks = 0, []
    for found in fence.finditer(text):
        between = text[end:found.start()]
        line = text.count("\n", 0, found.start()) + 1
        listing = re.sub("^" + found.group(1), "", found.group(3), flags=re.M)
        comment = re.search(r"((?:<!-- listing (?:(?!-->).)*-->\s*)*)\Z", between, re.S)
        blocks.append(Block(line, found.group(2), listing, comment.group(1)))
        end = found.end()
    return blocks


def checkPage(root, build, scratch, path):
    page = Page(root, build, scratch, path)
    for block in readBlocks(open(os.path.join(root, path), encoding="utf-8").read()):
        page.check(block)
    return page.problems


root, build, scratch = map(os.path.abspath, sys.argv[1:4])
pages = sys.argv[4:] or sorted(
    os.path.relpath(page, root) for pattern in ("*.md", "docs/*.md", "examples/*/*.md", "benchmark/*.md")
    for page in glob.glob(os.path.join(root, pattern)))
with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
    results = list(pool.map(lambda page: checkPage(root, build, scratch, page), pages))
problems = sum(results, [])
print("\n".join(problems) or f"{len(pages)} pages: every listing holds")
sys.exit(bool(problems))
