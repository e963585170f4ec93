#!/usr/bin/env python3
"""kill -9 on the real program, again and again, with requests in flight: what was acknowledged is there, once.

  tests/crash/kill_test.py TACT ROUNDS [--seed N] [--limit SECONDS] [--merges] [--everyone] [--keep]

Each round starts `tact serve` on the same data, lets several clients send batches, decisions with events, logins
that merge visitors and unlinks that undo it, and kills the process after a short random time. What was not
acknowledged is sent again in the next round. At the end: `tact verify` must find state equal to replay, every
acknowledged event must be in somebody's history exactly once, and acknowledged decisions must agree when derived
again. With --merges most requests are logins, aliases and unlinks of a few people. The histories are read of four
generations of visitors (one is twenty rounds), with --everyone of all.

Exit status: 0 passed, 1 failed, 77 the program is missing. The seed fixes what is sent and when the process is
killed; the threads' timing is the machine's.
"""
import argparse
import base64
import collections
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLIENTS = 6
# Requests that wait to be sent again. A device's retry is known through its last 8 owners (Core::kMaxOwners): one that
# comes after more changes of hands than that is stored twice, which is no fault of a crash.
MOST_LEFT = 40
START_LIMIT_S = 60  # without CPU time of its own
START_LIMIT_AT_ALL_S = 600
CONSENT = {"consent": {"categoryPreferences": {"personalization": True, "analytics": True}}}


def cpu_seconds(pid):
    """What the process has used, by 10 ms; None once it is gone."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    pass


def what_it_does(pid):
    """Tells a server that waits for itself from one that waits for a busy machine: each thread's state, CPU time
    and place in the kernel."""
    lines = [f"load {pathlib.Path('/proc/loadavg').read_text().strip()}; threads of {pid}:"]
    try:
        for task in sorted(pathlib.Path(f"/proc/{pid}/task").iterdir()):
            name, rest = (task / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            fields = rest.split()
            seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            lines.append(f"  {name}: {fields[0]}, {seconds:.2f} s of CPU, in {(task / 'wchan').read_text() or '-'}")
    except OSError as error:
        lines.append(f"  it ended: {error}")
    return "\n".join(lines)


class Server:
    """One `tact serve` process."""

    def __init__(self, program, data, playbook, log):
        self.process = subprocess.Popen(
            [program, "serve", "--data", str(data), "--playbook", str(playbook), "--listen", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.log = log
        self.port = None
        self.listening = threading.Event()
        self.reader = threading.Thread(target=self.read_log, daemon=True)
        self.reader.start()

    def read_log(self):
        for line in self.process.stderr:
            self.log.append(line.rstrip())
            found = re.search(r"listening on http://[^ ]*:(\d+)", line)
            if found:
                self.port = int(found[1])
                self.listening.set()
        self.listening.set()

    def wait_until_it_listens(self):
        # Killed every second its tables are never merged, until RocksDB takes no more writes before they are; on a
        # machine that gives the server a fiftieth of a core this takes minutes.
        began = moved = time.monotonic()
        used = 0
        while not self.listening.wait(1):
            now, uses = time.monotonic(), cpu_seconds(self.process.pid)
            if uses is not None and uses > used:
                used, moved = uses, now
            if now - moved > START_LIMIT_S or now - began > START_LIMIT_AT_ALL_S:
                break
        if self.port is None:
            doing = what_it_does(self.process.pid)
            self.kill()
            raise Failure("the server did not start:\n" + "\n".join(list(self.log)[-20:]) + "\n" + doing)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.end()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.end() != 0:
            raise Failure(f"the server ended with {self.process.returncode}:\n" + "\n".join(list(self.log)[-20:]))

    def end(self):
        status = self.process.wait(timeout=60)
        self.reader.join(timeout=10)
        self.process.stderr.close()
        return status


class Request:
    """A request that is sent until it is acknowledged. `messages`: (messageId, visitor, user) of its events; one of
    the two may be None."""

    def __init__(self, path, body, messages, secret):
        self.path, self.messages, self.secret = path, messages, secret
        self.body = "" if body is None else json.dumps(body)
        self.acknowledged = False


class Clients:
    """Makes requests and remembers them; thread-safe."""

    def __init__(self, seed, keys, merges=False):
        self.random = random.Random(seed)
        self.merges = merges
        self.write_key = next(s["key"] for s in keys["sources"] if s["kind"] == "write")
        self.secret_key = next(s["key"] for s in keys["sources"] if s["kind"] == "secret")
        self.lock = threading.Lock()
        self.messages = 0
        self.generation = 0  # visitors change over time: a run of 1,000 rounds must not make giants
        self.unacknowledged = collections.deque()
        self.acknowledged = []
        self.decisions = []
        self.refused = 0
        self.problems = []

    def event(self, visitor, **fields):
        self.messages += 1
        return {"messageId": f"m-{self.messages}", "anonymousId": visitor, "context": CONSENT, **fields}

    def page(self, visitor):
        product = f"p{self.random.randrange(9)}"
        return self.event(visitor, type="page", name="product",
                          properties={"type": "product", "product_id": product, "path": f"/demo/p/{product}"})

    def track(self, visitor):
        name = self.random.choice(["Size Guide Opened", "Product Added", "Cart Viewed", "Email Delivered",
                                   "Email Link Clicked"])
        return self.event(visitor, type="track", event=name, properties={"product_id": "p7", "category": "shoes"})

    def some_events(self, visitor, at_least):
        make = self.random.choice
        # Few pages, or these people would be programs (src/profile/pace.h) and decide nothing.
        return [make([self.page, *[self.track] * 7])(visitor) for _ in range(self.random.randrange(at_least, 5))]

    def make(self):
        generation = self.generation // 20
        visitor = f"a-{generation}-{self.random.randrange(12 if self.merges else 40)}"
        if self.merges and self.random.random() < 0.8:
            return self.merging(generation, visitor)
        kind = self.random.random()
        if kind < 0.45:
            events = self.some_events(visitor, 1) + self.some_events(f"b-{generation}-{self.random.randrange(40)}", 0)
            return self.batch(events, secret=False)
        if kind < 0.8:
            return self.question(visitor)
        if kind < 0.85:
            return Request(f"/v1/visitors/{visitor}/unlink", None, [], secret=True)
        login = self.event(visitor, type="identify", userId=f"u-{generation}-{self.random.randrange(12)}", traits={})
        return self.batch(self.some_events(visitor, 0) + [login] + self.some_events(visitor, 0), secret=True)

    def merging(self, generation, visitor):
        """Of few people, so that what is cut meets what is cut: chains, cycles, changes of hands."""
        user, other = (f"u-{generation}-{self.random.randrange(6)}" for _ in range(2))
        kind = self.random.random()
        if kind < 0.2:
            return Request(f"/v1/visitors/{visitor}/unlink", None, [], secret=True)
        if kind < 0.3:
            self.messages += 1
            alias = {"type": "alias", "messageId": f"m-{self.messages}", "previousId": other, "userId": user,
                     "context": CONSENT}
            return Request("/v1/batch", {"batch": [alias]}, [(alias["messageId"], None, user)], secret=True)
        return self.batch([self.event(visitor, type="identify", userId=user, traits={}), self.track(visitor)],
                          secret=True)

    def batch(self, events, secret):
        body = {"batch": events}
        if not secret:
            body["writeKey"] = self.write_key
        messages = [(e["messageId"], e["anonymousId"], e.get("userId")) for e in events]
        return Request("/v1/batch", body, messages, secret)

    def question(self, visitor):
        events = self.some_events(visitor, 0)
        self.messages += 1
        body = {"writeKey": self.write_key, "requestId": f"r-{self.messages}", "visitor": {"anonymousId": visitor},
                "page": {"url": "https://shop.example/demo/p/p7", "type": "product",
                         "product": {"id": "p7", "category": ["shoes", "trail"], "price": 129}},
                "context": CONSENT, "events": events, "slots": ["product.reassurance"]}
        return Request("/v1/decide", body, [(e["messageId"], visitor, None) for e in events], False)

    def next(self):
        with self.lock:
            left = len(self.unacknowledged)
            if left > MOST_LEFT or (left and self.random.random() < 0.7):
                return self.unacknowledged.popleft()
            return self.make()

    def answered(self, request, status, body):
        """status None: the connection broke."""
        with self.lock:
            if request.path.endswith("/unlink") and status in (200, 404):  # 404: linked to nobody
                request.acknowledged = True
                return
            if status == 200:
                request.acknowledged = True
                self.acknowledged.append(request)
                answer = json.loads(body)
                if request.path == "/v1/decide":
                    # No id: of a visitor whose consent no event has told yet, nothing is recorded.
                    self.decisions += [decision["id"] for decision in answer["decisions"] if "id" in decision]
                elif answer != {"success": True}:
                    self.problems.append(f"{request.path} answered {body[:300]!r} to {request.body[:300]}")
                return
            self.unacknowledged.append(request)
            self.refused += status is not None
            if status is not None and status != 503:
                self.problems.append(f"{request.path} answered {status}: {body[:300]!r}")

    def run(self, port, end):
        """One client on one connection, until `end` is set."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            while not end.is_set():
                self.send(connection, self.next())
        except Exception as error:  # a thread's end would go unnoticed otherwise
            self.problems.append(f"a client ended: {error!r}")
        connection.close()

    def send(self, connection, request):
        fields = {"Content-Type": "text/plain"}
        if request.secret:
            fields["Authorization"] = "Basic " + base64.b64encode((self.secret_key + ":").encode()).decode()
        status, body = None, b""
        try:
            connection.request("POST", request.path, request.body, fields)
            response = connection.getresponse()
            body = response.read()
            status = response.status
        except (OSError, http.client.HTTPException):
            connection.close()
            time.sleep(0.01)  # most likely the server is dead
        self.answered(request, status, body)

    def drain(self, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        for _ in range(20_000):
            with self.lock:
                if not self.unacknowledged:
                    break
                request = self.unacknowledged.popleft()
            self.send(connection, request)
        connection.close()
        if self.unacknowledged:
            raise Failure(f"{len(self.unacknowledged)} requests were never acknowledged")


class Test:
    def __init__(self, arguments, work):
        self.program, self.data = arguments.program, work / "data"
        self.playbook = ROOT / "playbooks" / "shop"
        self.arguments = arguments
        self.random = random.Random(arguments.seed)
        self.log = collections.deque(maxlen=200)
        self.clients = None
        self.started = time.monotonic()
        self.rounds = 0

    def say(self, words):
        print(f"[{time.monotonic() - self.started:5.1f} s] {words}", flush=True)

    def start(self):
        server = Server(self.program, self.data, self.playbook, self.log)
        server.wait_until_it_listens()
        if self.clients is None:
            self.clients = Clients(self.arguments.seed, json.loads((self.data / "keys").read_text()),
                                   self.arguments.merges)
        return server

    def round(self):
        # Now and then killed while it starts, which is while it finishes merges and recovers its log.
        if self.clients is not None and self.random.random() < 0.15:
            server = Server(self.program, self.data, self.playbook, self.log)
            time.sleep(self.random.random() * 0.25)
            server.kill()
            return
        server = self.start()
        end = threading.Event()
        threads = [threading.Thread(target=self.clients.run, args=(server.port, end)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        time.sleep(0.05 + self.random.random() ** 2 * 1.2)
        server.kill()
        end.set()
        for thread in threads:
            thread.join(timeout=60)
        self.clients.generation += 1

    def run(self):
        for self.rounds in range(1, self.arguments.rounds + 1):
            self.round()
            if self.clients.problems:
                raise Failure("\n".join(self.clients.problems[:5]))
            if time.monotonic() - self.started > self.arguments.limit * 0.6:
                self.say(f"the time is up after {self.rounds} rounds")
                break
            if self.rounds % 50 == 0:
                self.say(f"{self.rounds} rounds, {len(self.clients.acknowledged)} requests acknowledged")
        # As the last kill left it, before any server repairs something: a merge may be half done, nothing else.
        server = self.start()
        left = len(self.clients.unacknowledged)
        self.clients.drain(server.port)
        server.stop()
        self.say(f"{self.rounds} rounds; {len(self.clients.acknowledged)} requests acknowledged, {left} of them only "
                 f"after the last round; {self.clients.refused} refused; {len(self.clients.decisions)} decisions")
        self.check()

    # ---- what must be true

    def tact(self, *words):
        return subprocess.run([self.program, *words, "--data", str(self.data)], capture_output=True, text=True,
                              timeout=max(60, self.arguments.limit))

    def check(self):
        # Killed while idle: everything below must work on what a kill leaves behind, `address` file included.
        server = self.start()
        server.kill()
        ran = self.tact("verify", "--json")
        if ran.returncode != 0:
            raise Failure("verify: state is not what the log gives\n" + ran.stdout[-3000:] + ran.stderr[-2000:])
        report = json.loads(ran.stdout)
        self.say(f"verify: equal, {report['records']} records of {report['visitors']} visitors")
        self.check_events()
        self.check_decisions()

    def export(self, ids, *options):
        """The histories of these ids: {visitor: message ids}. One process for all, which opens the data once; line by
        line, for a thousand rounds' are gigabytes."""
        told, histories = [], {}
        with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as errors:
            given.write("".join(f"{one}\n" for one in ids))
            given.seek(0)
            export = subprocess.Popen([self.program, "visitor", "export", "--ids", "-", *options, "--data", self.data],
                                      stdin=given, stdout=subprocess.PIPE, stderr=errors, text=True)
            for line in export.stdout:
                head, _, records = line.partition(',"records":')
                who = json.loads(head + "}")
                told.append(who["id"])
                if who["visitor"] not in histories:  # of every id of a person all of it is told
                    histories[who["visitor"]] = [r["messageId"] for r in json.loads(records.rstrip()[:-1])
                                                 if "messageId" in r]
            if export.wait(timeout=60) != 0 or told != ids:
                errors.seek(0)
                raise Failure(f"export of {len(ids)} ids told {len(told)}: {errors.read().strip()}")
        return histories

    def check_events(self):
        """Devices go from user to user here: each event is somebody's, exactly once over all people."""
        wanted = collections.defaultdict(list)
        people = collections.defaultdict(lambda: (set(), set()))  # devices, users
        for request in self.clients.acknowledged:
            for message, visitor, user in request.messages:
                generation = (visitor or user).split("-")[1]
                wanted[generation].append(message)
                people[generation][0].update([visitor] if visitor else [])
                people[generation][1].update([user] if user else [])
        generations = sorted(wanted)
        if not self.arguments.everyone:
            generations = self.random.sample(generations, min(4, len(generations)))
        devices, users = (sorted(set().union(*(people[generation][kind] for generation in generations)))
                          for kind in (0, 1))
        histories = self.export(devices) | self.export(users, "--user")
        found = collections.Counter(message for history in histories.values() for message in history)
        expected = [message for generation in generations for message in wanted[generation]]
        problems = [f"{message} was acknowledged and is there {found[message]} times"
                    for message in expected if found[message] != 1]
        problems += [f"{message} is there {times} times" for message, times in found.items() if times > 1]
        if problems:
            raise Failure(f"{len(problems)} problems:\n" + "\n".join(problems[:20]))
        self.say(f"export: {len(expected)} of {sum(map(len, wanted.values()))} acknowledged events are there once, "
                 f"in the histories of {len(histories)} visitors by {len(devices) + len(users)} ids")

    def check_decisions(self):
        decisions = self.clients.decisions
        for decision in self.random.sample(decisions, min(20, len(decisions))):
            ran = self.tact("explain", decision, "--json")
            if ran.returncode != 0 or json.loads(ran.stdout)["agrees"] is not True:
                raise Failure(f"explain {decision} ended with {ran.returncode}: {ran.stdout[-500:]}{ran.stderr[-500:]}")
        self.say(f"explain: {min(20, len(decisions))} of {len(decisions)} decisions agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of tact")
    parser.add_argument("rounds", type=int)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("CRASH_SEED") or time.time_ns() % 1_000_000))
    parser.add_argument("--limit", type=float, default=80, help="seconds, about")
    parser.add_argument("--merges", action="store_true", help="mostly logins, aliases and unlinks")
    parser.add_argument("--everyone", action="store_true", help="look for every acknowledged event at the end")
    parser.add_argument("--keep", action="store_true", help="leave the data directory of a failure")
    arguments = parser.parse_args()
    if not os.access(arguments.program, os.X_OK):
        print(f"skipped: {arguments.program} is not there")
        return 77
    print(f"seed {arguments.seed} (again: CRASH_SEED={arguments.seed})", flush=True)
    work = pathlib.Path(tempfile.mkdtemp(prefix="tact_kill_"))
    test = Test(arguments, work)
    passed = False
    try:
        test.run()
        passed = True
    except Failure as failure:
        print("the end of the server's log:\n  " + "\n  ".join(list(test.log)[-15:]))
        print(f"FAILED, seed {arguments.seed}: {failure}")
    finally:
        if passed or not arguments.keep:
            shutil.rmtree(work, ignore_errors=True)
        else:
            print(f"data: {work}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
