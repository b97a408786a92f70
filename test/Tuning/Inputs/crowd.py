"""Several processes write one database at once and some are killed: what the others
wrote is there, and of a killed one everything or nothing."""
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

folder = sys.argv[1]
database = os.path.join(folder, "crowd.db")
here = os.path.dirname(__file__)
COUNT = 400


def write(seed):
    path = os.path.join(folder, f"{seed}.json")
    with open(path, "w") as file:
        subprocess.run([sys.executable, f"{here}/measurements.py", str(COUNT), str(seed)],
                       stdout=file, check=True)
    return path


def add(path, database=database):
    return subprocess.Popen(["amosc", "db", "import", path, f"--db={database}"],
                            stdout=subprocess.DEVNULL)


def count(seed):
    rows = connection.execute("SELECT count(*) FROM measurement WHERE schedule = ?",
                              (f"#schedule<{seed}>",))
    return rows.fetchone()[0]


paths = [write(seed) for seed in range(10)]
draw = random.Random(1)
lasting = [add(path) for path in paths[:5]]
for path in paths[5:]:
    victim = add(path)
    time.sleep(draw.uniform(0, 0.06))
    victim.send_signal(signal.SIGKILL)
    victim.wait()
codes = [process.wait() for process in lasting]
assert codes == [0] * 5, codes
connection = sqlite3.connect(database)
assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
assert [count(seed) for seed in range(5)] == [COUNT] * 5
assert all(count(seed) in (0, COUNT) for seed in range(5, 10))
connection.close()
late = add(paths[5])
assert late.wait() == 0
assert sqlite3.connect(database).execute(
    "SELECT count(*) FROM measurement WHERE schedule = '#schedule<5>'").fetchone() == (COUNT,)

# Whoever finds the tables half way to being there waits for them.
for attempt in range(30):
    new = [add(paths[0], f"{folder}/new{attempt}.db") for _ in range(4)]
    assert [process.wait() for process in new] == [0] * 4
print("nothing is lost")
