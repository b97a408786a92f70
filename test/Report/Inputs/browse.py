"""browse.py PAGE [--shots PREFIX]: opens a page in headless Chromium and looks at it.

Prints what is wrong: messages on the console, requests, elements that cannot be
seen, text that runs out of the window, text of too little contrast; for a wide and
a narrow window, light and dark. Speaks the DevTools protocol over a pipe.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

VIEWS = [(width, scheme) for width in (1280, 400) for scheme in ("light", "dark")]

# What the page must show, and how many of each at least.
SEEN = {"h1": 1, "section.operation": 1, "section h2": 1, ".facts dd": 5, ".source pre": 1,
        ".ranking tbody tr.chosen": 1, ".matrix tbody td.one": 3, "svg.tile .lane": 2,
        "svg.nest .cell": 1, "svg.usage .bar": 2, "svg.roofline .roof-name": 1,
        "svg.roofline .point.chosen": 1, ".refusals tbody tr": 1}

# Runs inside of the page.
LOOK = """(seen => {
  const problems = [];
  for (const [selector, least] of Object.entries(seen)) {
    const found = [...document.querySelectorAll(selector)].filter(e => {
      const box = e.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && getComputedStyle(e).visibility == 'visible';
    });
    if (found.length < least) problems.push(`${found.length} of ${selector} can be seen`);
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth)
    problems.push(`the page is ${page.scrollWidth} wide`);
  for (const svg of document.querySelectorAll('svg')) {
    if (!svg.getAttribute('aria-label')) problems.push('a picture has no label');
    const outer = svg.getBoundingClientRect();
    if (outer.width == 0) continue;
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.left < outer.left - 1 || box.right > outer.right + 1)
        problems.push(`'${text.textContent}' runs out of ${svg.getAttribute('class')}`);
    }
  }
  const numbers = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => numbers(c).slice(0, 3).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (numbers(c)[3] !== 0) return c;
    }
    return 'rgb(255,255,255)';
  };
  for (const e of document.querySelectorAll('h1, h2, h3, p, dt, dd, th, td, li, a, span, summary')) {
    if (!e.textContent.trim() || e.getBoundingClientRect().width == 0) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5)
      problems.push(`contrast ${((a + .05) / (b + .05)).toFixed(1)} of '${e.textContent.trim()}'`);
  }
  const tables = [...document.querySelectorAll('table')];
  if (tables.some(t => !t.querySelector('th[scope]'))) problems.push('a table has no headers');
  if (document.querySelector('script, link[href^="http"], [src], [onload], [onerror]'))
    problems.push('something is loaded or run');
  return [...new Set(problems)];
})"""


class Browser:
    def __init__(self, program, folder):
        toBrowser, self.out = os.pipe()
        self.answers, fromBrowser = os.pipe()

        def setPipes():
            # The browser reads from 3 and writes to 4, whatever numbers they have here.
            read, write = os.dup(toBrowser), os.dup(fromBrowser)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking", "--disable-dev-shm-usage", "--no-first-run",
             "--user-data-dir=" + folder, "--remote-debugging-pipe", "about:blank"],
            close_fds=False, preexec_fn=setPipes, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(toBrowser)
        os.close(fromBrowser)
        self.buffer, self.number, self.session, self.events = b"", 0, None, []

    def receive(self):
        while b"\0" not in self.buffer:
            chunk = os.read(self.answers, 1 << 20)
            if not chunk:
                raise EOFError("the browser ended")
            self.buffer += chunk
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def waitFor(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def open(self, url):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Page.navigate", url=url)
        self.waitFor("Page.loadEventFired")

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
        except (EOFError, OSError):
            pass
        self.process.wait()


def findMessages(events, url):
    for event in events:
        params = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            asked = params["request"]["url"]
            if asked != url and not asked.startswith("data:"):
                yield "requests " + asked
        elif event.get("method") == "Log.entryAdded":
            yield "the console says: " + params["entry"]["text"]
        elif event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            yield "the console says: " + json.dumps(params)


def look(browser, width, scheme, shots):
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                 deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", media="screen",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
    result = browser.call("Runtime.evaluate", expression=f"{LOOK}({json.dumps(SEEN)})",
                          returnByValue=True)["result"]
    if shots:
        picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(f"{shots}-{width}-{scheme}.png", "wb") as file:
            file.write(base64.b64decode(picture))
    return [f"{width} {scheme}: {problem}" for problem in result["value"]]


def main():
    page = os.path.abspath(sys.argv[1])
    if not os.path.exists(page):
        sys.exit(f"there is no '{page}'")
    shots = sys.argv[3] if len(sys.argv) > 3 else None
    url = "file://" + page
    folder = tempfile.mkdtemp()
    browser = Browser(shutil.which("chromium"), folder)
    try:
        browser.open(url)
        problems = [problem for width, scheme in VIEWS
                    for problem in look(browser, width, scheme, shots)]
        problems += findMessages(browser.events, url)
    finally:
        browser.close()
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(problems) or "the page looks right")
    return bool(problems)


sys.exit(main())
