"""editor.py: speaks to amos-lsp-server as an editor does and checks its answers."""

import json
import os
import signal
import subprocess
import sys

PROGRAM = """func.func @mm(%a: tensor<64x64xi8>, %b: tensor<64x64xi8>,
              %c: tensor<64x64xi32>) -> tensor<64x64xi32> {
  %d = linalg.matmul ins(%a, %b : tensor<64x64xi8>, tensor<64x64xi8>)
                     outs(%c : tensor<64x64xi32>) -> tensor<64x64xi32>
  return %d : tensor<64x64xi32>
}
"""
# A scope is missing: the verifier says so at the line of the level.
MACHINE = """amos.accelerator @m {
  scope @core
  level @memory per @nowhere
}
"""


class Editor:
    def __init__(self, *options):
        self.server = subprocess.Popen(["amos-lsp-server", *options], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE)
        self.number, self.told = 0, []

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.server.stdin.flush()

    def receive(self):
        length = 0
        for line in self.server.stdout:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            if not line.strip() and length:
                return json.loads(self.server.stdout.read(length))
        raise EOFError("the server ended")

    def ask(self, method, **params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == self.number:
                return message.get("result", message.get("error"))
            self.told.append(message)

    def tell(self, method, **params):
        self.send({"method": method, "params": params})

    def open(self, uri, text):
        self.tell("textDocument/didOpen", textDocument={
            "uri": uri, "languageId": "mlir", "version": 1, "text": text})

    def change(self, uri, text, version):
        self.tell("textDocument/didChange", contentChanges=[{"text": text}],
                  textDocument={"uri": uri, "version": version})

    def waitForDiagnostics(self, uri):
        """The next diagnostics of a document."""
        while True:
            for message in self.told:
                if (message.get("method") == "textDocument/publishDiagnostics"
                        and message["params"]["uri"] == uri):
                    self.told.remove(message)
                    return message["params"]["diagnostics"]
            self.told.append(self.receive())

    def getHints(self, uri, last=1000):
        return self.ask("textDocument/inlayHint", textDocument={"uri": uri},
                        range={"start": {"line": 0, "character": 0},
                               "end": {"line": last, "character": 0}})

    def close(self):
        self.ask("shutdown")
        self.tell("exit")
        return self.server.wait()


def expect(holds, what):
    print(("ok: " if holds else "WRONG: ") + what)


def start(*options, **initialization):
    editor = Editor(*options)
    answer = editor.ask("initialize", processId=os.getpid(), rootUri=None, capabilities={},
                        initializationOptions=initialization)
    editor.tell("initialized")
    return editor, answer["capabilities"]


def checkProgram():
    editor, capabilities = start("--target=x86-avx512")
    expect(capabilities.get("inlayHintProvider") is True, "hints are offered")
    expect(capabilities["hoverProvider"] and capabilities["completionProvider"],
           "hover and completion are offered")
    uri = "file:///program.mlir"
    editor.open(uri, PROGRAM)
    expect(editor.waitForDiagnostics(uri) == [], "a right program has no diagnostics")
    hints = editor.getHints(uri)
    expect(len(hints) == 1 and hints[0]["position"] == {"line": 2, "character": 69},
           "the hint stands behind the contraction")
    expect("@x86_avx512::@vpdpbusd_s8, i1 = d1, r1 = d2" in hints[0]["label"],
           "the hint tells the mapping: " + hints[0]["label"])
    expect("2 proved, 7 refused" in hints[0]["tooltip"]["value"], "its tooltip has the ranking")
    expect(editor.getHints(uri, last=1) == [], "only hints of the range are sent")
    hover = editor.ask("textDocument/hover", textDocument={"uri": uri},
                       position={"line": 2, "character": 12})
    expect("linalg.matmul" in json.dumps(hover), "hovering tells of the operation")
    machine = "file:///machine.mlir"
    editor.open(machine, "amos.accelerator @m {\n  amos.\n}\n")
    names = editor.ask("textDocument/completion", textDocument={"uri": machine},
                       position={"line": 1, "character": 7})
    expect({"scope", "level", "intrinsic"} <= {item["label"] for item in names["items"]},
           "operations of the dialect are completed")
    expect(editor.close() == 0, "the server leaves")


def checkHalfWritten():
    """Every beginning of a program and of a machine, as if it were being typed."""
    editor, _ = start(target="x86-avx512")
    uri, texts = "file:///typed.mlir", [PROGRAM, MACHINE]
    editor.open(uri, "")
    editor.waitForDiagnostics(uri)
    complaints = 0
    for text in texts:
        for end in range(0, len(text), 7):
            editor.change(uri, text[:end], end)
            complaints += len(editor.waitForDiagnostics(uri)) > 0
    expect(complaints > 20, "half-written texts have diagnostics")
    expect(editor.getHints(uri) == [], "and no hints")
    editor.change(uri, PROGRAM, 1000)
    expect(editor.waitForDiagnostics(uri) == [], "the whole text has none")
    expect("vpdpbusd_s8" in json.dumps(editor.getHints(uri)), "the target can be an option")
    expect(editor.close() == 0, "the server leaves")


def checkMachine():
    editor, _ = start()
    uri = "file:///machine.mlir"
    editor.open(uri, MACHINE)
    found = editor.waitForDiagnostics(uri)
    expect(len(found) > 0 and found[0]["range"]["start"]["line"] == 2
           and "nowhere" in found[0]["message"], "the verifier speaks at the line: " + str(found))
    editor.change(uri, MACHINE.replace("@nowhere", "@core"), 2)
    expect(editor.waitForDiagnostics(uri) == [], "and is content when it is mended")
    expect(editor.getHints(uri) == [], "a machine has no hints")
    expect(editor.close() == 0, "the server leaves")


def checkDeath():
    """MLIR's own server is a child; the editor does not notice that it dies."""
    editor, _ = start("--target=x86-avx512")
    first, second = "file:///first.mlir", "file:///second.mlir"
    editor.open(first, PROGRAM)
    editor.open(second, "func.func private @f()")
    editor.waitForDiagnostics(first)
    editor.waitForDiagnostics(second)
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(editor.server.pid)],
                              stdout=subprocess.PIPE).stdout.split()
    os.kill(int(children[0]), signal.SIGKILL)
    told = editor.waitForDiagnostics(second)
    expect(told and "ended on this text" in told[0]["message"], "a death is told")
    expect(editor.waitForDiagnostics(first) == [], "other documents are opened again")
    editor.change(second, "func.func private @g()", 2)
    expect(editor.waitForDiagnostics(second) == [], "a changed text is sent again")
    expect("linalg.matmul" in json.dumps(editor.ask(
        "textDocument/hover", textDocument={"uri": first},
        position={"line": 2, "character": 12})), "hovering works again")
    expect(editor.close() == 0, "the server leaves")


def checkNoise():
    editor, _ = start()
    editor.send({"id": "text", "method": "textDocument/inlayHint", "params": {}})
    expect(editor.receive() == {"jsonrpc": "2.0", "id": "text", "result": []},
           "a request without a document is answered")
    editor.server.stdin.write(b"Content-Length: 5\r\n\r\n{{{{{")
    editor.tell("textDocument/didChange", textDocument=3, contentChanges=[])
    expect("code" in editor.ask("no/such/method"), "unknown methods are refused")
    editor.server.stdin.close()
    expect(editor.server.wait() == 0, "the server leaves when the editor does")


checks = {"program": checkProgram, "half-written": checkHalfWritten, "machine": checkMachine,
          "death": checkDeath, "noise": checkNoise}
checks[sys.argv[1]]()
