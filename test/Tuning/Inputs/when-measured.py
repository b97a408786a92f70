"""when-measured.py SIGNAL DATABASE COMMAND..: sends the signal to the command and all that it
started once the database holds something; its exit status, 128 and more for a death."""
import os
import signal
import sqlite3
import subprocess
import sys
import time


def count():
    if not os.path.exists(sys.argv[2]):
        return 0
    try:
        connection = sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True)
        return connection.execute("SELECT count(*) FROM measurement").fetchone()[0]
    except sqlite3.Error:
        return 0


command = subprocess.Popen(sys.argv[3:], start_new_session=True)
while command.poll() is None and not count():
    time.sleep(0.1)
os.killpg(command.pid, getattr(signal, sys.argv[1]))
status = command.wait()
sys.exit(status if status >= 0 else 128 - status)
