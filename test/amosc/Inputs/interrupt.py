"""interrupt.py COMMAND..: interrupts a command once it has something temporary.

The command and its children are interrupted, as a terminal does it, when TMPDIR is
no longer empty.
"""
import os
import signal
import subprocess
import sys
import time


def begin():
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


process = subprocess.Popen(sys.argv[1:], preexec_fn=begin)


def has_begun():
    return any(names for _, names, _ in list(os.walk(os.environ["TMPDIR"]))[1:])


while process.poll() is None and not has_begun():
    time.sleep(0.05)
if process.poll() is None:
    os.killpg(process.pid, signal.SIGINT)
code = process.wait()
print("ended by " + signal.Signals(-code).name if code < 0 else f"exit status {code}")
