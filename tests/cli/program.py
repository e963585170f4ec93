"""The program under test: sys.argv[1], run from the repository's root."""
import pathlib
import signal
import socket
import subprocess
import sys
import time

TACT = sys.argv[1]


def run(*arguments):
    """Exit status, stdout, stderr."""
    done = subprocess.run([TACT, *map(str, arguments)], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


class Server:
    """`tact serve` on a free port of 127.0.0.1; what it prints goes to the file `log`, if one is named."""

    def __init__(self, playbook, data, *options, log=None):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = open(log, "w") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            [TACT, "serve", "--playbook", str(playbook), "--data", str(data), "--listen",
             f"127.0.0.1:{self.port}", *options], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not pathlib.Path(data, "address").exists():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.process.kill()
                raise AssertionError("the server did not start")
            time.sleep(0.05)

    def stop(self):
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        status = self.process.wait(20)
        if self.log != subprocess.DEVNULL:
            self.log.close()
        return status
