"""slurm.py FOLDER COMMAND..: runs a command beside a Slurm of its own.

One controller and two nodes are started as daemons of this machine, on free ports of
the loopback, and ended with the command. FOLDER holds what they write, but for sockets,
whose paths must be short: with FOLDER below a long one, jobs were held for ever.
"""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

NODES = ["node0", "node1"]


def find_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def configure(folder, spool):
    host, user = socket.gethostname().split(".")[0], pwd.getpwuid(os.getuid()).pw_name
    controller, *ports = find_ports(1 + len(NODES))
    lines = [f"ClusterName=test", f"SlurmctldHost={host}(127.0.0.1)",
             f"SlurmctldPort={controller}", f"SlurmUser={user}", f"SlurmdUser={user}",
             "AuthType=auth/none", "CredType=cred/none", f"StateSaveLocation={folder}/state",
             f"SlurmdSpoolDir={spool}/%n", f"SlurmctldPidFile={folder}/slurmctld.pid",
             f"SlurmdPidFile={folder}/slurmd-%n.pid", f"SlurmctldLogFile={folder}/slurmctld.log",
             f"SlurmdLogFile={folder}/slurmd-%n.log", "ProctrackType=proctrack/linuxproc",
             "TaskPlugin=task/none", "SchedulerType=sched/builtin", "SelectType=select/linear",
             "SwitchType=switch/none", "MpiDefault=none", "ReturnToService=2",
             "SchedulerParameters=batch_sched_delay=0"]
    lines += [f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=1"
              for name, port in zip(NODES, ports)]
    lines += ["PartitionName=all Nodes=ALL Default=YES State=UP", ""]
    path = os.path.join(folder, "slurm.conf")
    with open(path, "w") as file:
        file.write("\n".join(lines))
    return path


def start(path):
    daemons = [["slurmctld", "-D", "-f", path]]
    daemons += [["slurmd", "-D", "-N", name, "-f", path] for name in NODES]
    return [subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for words in daemons]


def wait_for_nodes():
    for _ in range(150):
        idle = subprocess.run(["sinfo", "-h", "-t", "idle", "-o", "%D"], capture_output=True,
                              text=True).stdout.strip()
        if idle == str(len(NODES)):
            return
        time.sleep(0.2)
    sys.exit("the nodes of Slurm do not start")


def main():
    folder = os.path.abspath(sys.argv[1])
    for name in ["state", "nodes"]:
        os.makedirs(os.path.join(folder, name))
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    spool = tempfile.TemporaryDirectory(prefix="slurm")
    os.environ["SLURM_CONF"] = configure(folder, spool.name)
    os.environ["SLURM_TEST_NODES"] = os.path.join(folder, "nodes")
    daemons = start(os.environ["SLURM_CONF"])
    try:
        wait_for_nodes()
        return subprocess.run(sys.argv[2:], timeout=300).returncode
    finally:
        for daemon in reversed(daemons):
            daemon.send_signal(signal.SIGTERM)
        for daemon in daemons:
            daemon.wait()


sys.exit(main())
