#!/usr/bin/env python3
"""`tact simulate`: the truth it plants is the truth that the reports find, over HTTP.

  tests/data/simulate_test.py TACT [--long] [--only NAME]

Worlds are small and seeded: visitors unsure of their size, half of them held back, so that each arm
has the 50 buyers a report asks for. With the seeds fixed the outcome is the same in every run (but
for the choice between two variants of equal effect, which hangs on the decision id).

A/A. In a world without effect a verdict other than "no effect", "not clear" or "not enough data" is
a false alarm. The interval is always valid at 95 %: at most 1 alarm in 20 worlds is expected, and
  P(more than 3 alarms in 20 | 5 % each) = 1.6 %, P(more than 2 in 8) = 0.6 %.
Planted. +100 % on a chance of 30 % per visit, 800 visitors: the arms order about 31 and 55 times in
100; the difference has a standard error of 0.036 and the interval about ± 0.14 at this size, so that
"helps" is missed when the estimate falls 2.8 standard errors short: power > 99.5 %.

Exit status: 0 all passed, 1 a failure, 77 the program is missing.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
START = "2025-03-03"
LIMIT_S = 900


class Failure(Exception):
    pass


def check(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: {got!r}, not {wanted!r}")


class Worlds:
    def __init__(self, program, work, long):
        self.program, self.work, self.long = program, work, long
        self.playbook = work / "playbook"
        shutil.copytree(ROOT / "playbooks" / "shop", self.playbook)
        fit = self.playbook / "moments" / "fit.yaml"
        text, count = re.subn(r"hold_back: \d+%", "hold_back: 50%", fit.read_text())
        check("hold_back in moments/fit.yaml", count, 1)
        fit.write_text(text)
        self.number = 0

    def data(self, keys_of=None):
        """A fresh data directory, with the keys of another one: the same ids and the same arms."""
        self.number += 1
        data = self.work / f"data-{self.number}"
        data.mkdir(mode=0o700)
        if keys_of is not None:
            shutil.copy2(keys_of / "keys", data / "keys")
        return data

    def run(self, data, *options, expect=0, visitors=300, seed=1, playbook=None):
        command = [self.program, "simulate", "--data", str(data), "--playbook", str(playbook or self.playbook), "--json",
                   "--visitors", str(visitors), "--seed", str(seed), "--start", START, *options]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
        if ran.returncode != expect:
            raise Failure(f"simulate ended with {ran.returncode}, not {expect}:\n{ran.stdout[-500:]}{ran.stderr[-1500:]}")
        return json.loads(ran.stdout) if expect == 0 else ran.stderr

    def unsure(self, data, seed, visitors, base, effect):
        """People unsure of their size alone, all with consent, over two days."""
        return self.run(data, "--wish", "unsure_of_size", "--consent", "100", "--base", str(base), "--days", "17",
                        "--settle", "15", "--effect", f"fit-help={effect:+d}%", seed=seed, visitors=visitors)

    def forget(self, data):
        shutil.rmtree(data, ignore_errors=True)


def moment(result, name="fit-help"):
    for report in result["reports"]["moments"]:
        if report["moment"] == name:
            return report
    raise Failure(f"there is no report of {name}")


def truth(result, name="fit-help"):
    return next(one for one in result["truth"] if one["moment"] == name)


def arm(report, name):
    return next(one for one in report["arms"] if one["arm"] == name)


def test_catalogue(worlds):
    """The simulator's table is the demo shop's."""
    shop = {}
    for file in (ROOT / "web" / "shop" / "src" / "catalogue").glob("*.ts"):
        for found in re.finditer(r"^  (\w+)\('(p\d+)', '([^']+)', '(\w+)', (\d+)", file.read_text(), re.M):
            slug = re.sub(r"[^a-z0-9]+", "-", found[3].lower())
            category = re.search(r"maker\('(\w+)'\)", file.read_text())[1]
            shop[found[2]] = (slug, category, found[4], int(found[5]))
    table = (ROOT / "src" / "cli" / "simulate" / "world.cpp").read_text()
    ours = {row[1]: (row[2], row[3], row[4], int(row[5]))
            for row in re.finditer(r'\{"(p\d+)", "([^"]+)", "(\w+)", "(\w+)", (\d+)\}', table)}
    if not shop:
        raise Failure("no products found in web/shop")
    check("catalogue", ours, shop)
    return f"{len(ours)} products as in web/shop"


def test_same_seed(worlds):
    first = worlds.data()
    results = [worlds.run(first, visitors=150, seed=5)]
    second = worlds.data(keys_of=first)
    results.append(worlds.run(second, visitors=150, seed=5))
    for result in results:
        for key in ("seconds", "requests_per_second"):
            del result[key]
    check("data hash", results[1]["reports"]["data_hash"], results[0]["reports"]["data_hash"])
    check("books", results[1]["truth"], results[0]["truth"])
    third = worlds.run(worlds.data(keys_of=first), visitors=150, seed=6)
    if third["reports"]["data_hash"] == results[0]["reports"]["data_hash"]:
        raise Failure("another seed gave the same data")
    if results[0]["reports"]["simulated"] is not True:
        raise Failure("the reports do not say that this is simulated")
    share = results[0]["share_of_visits_shown_nothing"]
    if not 0.5 < share < 1:
        raise Failure(f"{share:.0%} of visits were shown nothing: most should be")
    return f"the same seed gives {results[0]['reports']['data_hash'][:16]}; {share:.0%} of visits were shown nothing"


def test_refusals(worlds):
    data = worlds.data()
    worlds.run(data, visitors=2)
    said = worlds.run(data, expect=1, visitors=2)
    if "clock" not in said and "simulation" not in said:
        raise Failure(f"no reason was given: {said}")
    worlds.run(worlds.data(), "--effect", "no-such-moment=+5%", expect=2)
    worlds.run(worlds.data(), "--effect", "fit-help=much", expect=2)
    worlds.run(worlds.data(), "--wish", "riches", expect=2)
    worlds.run(worlds.data(), "--days", "3650", "--start", "2026-01-01", expect=2)
    real = worlds.data()
    events = worlds.work / "one.jsonl"
    events.write_text('{"type":"track","event":"Product Viewed","anonymousId":"a-1","timestamp":"2025-01-01T00:00:00Z"}\n')
    subprocess.run([worlds.program, "import", str(events), "--data", str(real), "--playbook", str(worlds.playbook), "--basis",
                    "test"], check=True, capture_output=True, timeout=LIMIT_S)
    said = worlds.run(real, expect=1)
    if "real data" not in said:
        raise Failure(f"a directory with real data was not refused for that reason: {said}")
    return "a used directory, real data, and wrong options"


class Serving:
    """`tact serve` on a free port of this machine, for a while."""

    def __init__(self, worlds, data, *options):
        command = [worlds.program, "serve", "--data", str(data), "--playbook", str(worlds.playbook), "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.address = data / "address"

    def __enter__(self):
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            if self.address.exists() and self.address.read_text().endswith("\n"):
                return self.address.read_text().strip()
            time.sleep(0.05)
        self.__exit__()
        raise Failure("the server did not start")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def test_server(worlds):
    """At a running server; one with the wall's clock is left alone."""
    own = worlds.data()
    alone = worlds.run(own, visitors=60, seed=3)
    data = worlds.data(keys_of=own)
    with Serving(worlds, data, "--simulated") as url:
        served = worlds.run(data, "--server", url, visitors=60, seed=3)
        worlds.run(data, "--server", url, expect=1, visitors=60, seed=3)
    check("data hash", served["reports"]["data_hash"], alone["reports"]["data_hash"])
    real = worlds.data()
    with Serving(worlds, real) as url:
        said = worlds.run(real, "--server", url, expect=1)
    if "real data" not in said:
        raise Failure(f"a server of real data was not refused for that reason: {said}")
    ran = subprocess.run([worlds.program, "verify", "--json", "--data", str(real)], capture_output=True, text=True,
                         timeout=LIMIT_S)
    check("records left behind there", json.loads(ran.stdout)["records"], 0)
    return "the same data as with a server of its own; a server of real data is left as it was"


def test_no_effect(worlds):
    count, allowed = (20, 3) if worlds.long else (8, 2)
    alarms, open_gates, requests, seconds = [], 0, 0, 0.0
    for seed in range(1, count + 1):
        data = worlds.data()
        result = worlds.unsure(data, seed, visitors=320, base=45, effect=0)
        worlds.forget(data)
        report = moment(result)
        check("orders caused by nothing", truth(result)["orders"], truth(result)["orders_without"])
        open_gates += report["difference"] is not None
        requests, seconds = requests + result["requests"], seconds + result["seconds"]
        if report["verdict"] not in ("no effect", "not clear", "not enough data"):
            alarms.append((seed, report["verdict"]))
    if len(alarms) > allowed:
        raise Failure(f"{len(alarms)} false alarms in {count} worlds: {alarms}")
    if open_gates < count // 2:
        raise Failure(f"only {open_gates} of {count} worlds had data enough for a verdict")
    return (f"{len(alarms)} false alarms in {count} worlds, {open_gates} with enough data for a verdict; "
            f"{requests / seconds:,.0f} requests a second")


def test_planted(worlds):
    said = []
    for seed in range(101, 101 + (5 if worlds.long else 1)):
        data = worlds.data()
        result = worlds.unsure(data, seed, visitors=800, base=30, effect=100)
        worlds.forget(data)
        report, known = moment(result), truth(result)
        shown, held = arm(report, "shown"), arm(report, "held back")
        if report["difference"] is None:
            raise Failure(f"seed {seed}: no verdict: {report['says']}")
        check(f"seed {seed}: verdict", report["verdict"], "helps")
        # Both sides count the same people and the same orders.
        check("shown visitors", shown["exposed"], known["visitors"])
        check("their orders", shown["outcomes"] + shown["provisional"]["outcomes"], known["orders"])
        low, high = report["difference"]["low"], report["difference"]["high"]
        if not low <= known["difference"] <= high:
            raise Failure(f"seed {seed}: the truth {known['difference']:.3f} is outside {low:.3f} to {high:.3f}")
        said.append(f"{known['difference']:+.3f} in truth, {report['difference']['estimate']:+.3f} "
                    f"[{low:+.3f}, {high:+.3f}] with {shown['visitors']} and {held['visitors']} visitors")
    return "found: " + "; ".join(said)


def test_effect_moves_nothing_else(worlds):
    first = worlds.data()
    plain = worlds.unsure(first, 9, visitors=150, base=30, effect=0)
    helped = worlds.unsure(worlds.data(keys_of=first), 9, visitors=150, base=30, effect=100)
    check("visitors shown", truth(helped)["visitors"], truth(plain)["visitors"])
    check("orders without help", truth(helped)["orders_without"], truth(plain)["orders"])
    check("held back", arm(moment(helped), "held back"), arm(moment(plain), "held back"))
    if truth(helped)["orders"] <= truth(plain)["orders"]:
        raise Failure("the planted effect caused no order")
    return f"{truth(plain)['orders']} orders became {truth(helped)['orders']}; the held-back arm is the same"


TESTS = [test_catalogue, test_refusals, test_same_seed, test_server, test_effect_moves_nothing_else, test_planted, test_no_effect]


def run_one(test, args):
    name = test.__name__.removeprefix("test_")
    work = pathlib.Path(tempfile.mkdtemp(prefix="tact-simulate-"))
    began = time.monotonic()
    try:
        said, status = test(Worlds(args.tact, work, args.long)), "ok"
    except (Failure, subprocess.SubprocessError) as why:
        said, status = why, "FAILED"
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{status:8}{name} ({time.monotonic() - began:.1f} s): {said}", flush=True)
    return status == "ok"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("tact", help="the program to test")
    options.add_argument("--long", action="store_true", help="more worlds, for the night")
    options.add_argument("--only", help="one test")
    args = options.parse_args()
    if not os.access(args.tact, os.X_OK):
        # The form in which tools/count reads the reason.
        print(f"simulate_test.py: Skipped\nthere is no program at {args.tact}\n[  SKIPPED ]")
        return 77
    results = [run_one(test, args) for test in TESTS if args.only in (None, test.__name__.removeprefix("test_"))]
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
