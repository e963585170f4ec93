#!/usr/bin/env python3
"""`tact import` on real files, killed half-way, interrupted, and on files with bad lines.

  tests/data/import_test.py TACT [--playbook DIR] [--only NAME]

The real data lies in ../shared/data beside the repository, or in $TACT_DATA; it is not part of the
project. Exit status: 0 all passed, 1 a failure, 77 the program or the data is missing and all else
passed.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = pathlib.Path(os.environ.get("TACT_DATA", ROOT.parent / "shared" / "data"))
LIMIT_S = 600


class Failure(Exception):
    pass


class Skipped(Exception):
    pass


def check(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: {got!r}, not {wanted!r}")


class Tact:
    def __init__(self, program, playbook, work):
        self.program, self.playbook, self.work = program, playbook, work

    def command(self, data, *files, map=None, again=False):
        return [self.program, "import", *map_args(map), *(["--again"] if again else []), "--json", "--data", str(data),
                "--playbook", str(self.playbook), "--basis", "test", *map_str(files)]

    def run(self, data, *files, expect=0, **more):
        """The counts of all files together, the JSON, and what was said on stderr."""
        ran = subprocess.run(self.command(data, *files, **more), capture_output=True, text=True, timeout=LIMIT_S)
        if ran.returncode != expect:
            raise Failure(f"import ended with {ran.returncode}, not {expect}:\n{ran.stderr[-2000:]}")
        out = json.loads(ran.stdout) if ran.stdout else {"files": []}
        keys = ("read", "stored", "duplicate", "without_consent", "rejected")
        return {key: sum(file[key] for file in out["files"]) for key in keys}, out, ran.stderr

    def records(self, data):
        """How many records are in the log; the state must be what the log gives."""
        ran = subprocess.run([self.program, "verify", "--json", "--data", str(data)], capture_output=True, text=True,
                             timeout=LIMIT_S)
        if ran.returncode != 0:
            raise Failure(f"verify ended with {ran.returncode}:\n{ran.stdout[-1000:]}{ran.stderr[-1000:]}")
        return json.loads(ran.stdout)["records"]

    def noted_line(self, data):
        for note in (data / "imports").glob("*"):
            if note.suffix == "":
                try:
                    return json.loads(note.read_text())["line"]
                except (ValueError, OSError):
                    return 0
        return 0

    def stop_at(self, data, line, how, *files, **more):
        """Imports, and sends the signal once `line` is noted; False if it was done before that."""
        process = subprocess.Popen(self.command(data, *files, **more), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT_S
        try:
            while process.poll() is None and time.monotonic() < end:
                if self.noted_line(data) >= line:
                    process.send_signal(how)
                    return process.wait(timeout=60) != 0
                time.sleep(0.002)
            return False
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def map_args(path):
    return [] if path is None else ["--map", str(path)]


def map_str(files):
    return [str(file) for file in files]


def lines_of(*files, header=True):
    return sum(file.read_bytes().count(b"\n") - (1 if header else 0) for file in files)


def need(*names):
    files = [DATA / name for name in names]
    for file in files:
        if not file.exists():
            raise Skipped(f"{file} is not there")
    return files


def real_files(tact, names, column_map):
    files = need(*names)
    data = tact.work / "data"
    wanted = lines_of(*files)
    began = time.monotonic()
    counts, out, _ = tact.run(data, *files, map=HERE / "maps" / column_map)
    took = time.monotonic() - began
    check("stored", counts, dict(read=wanted, stored=wanted, duplicate=0, without_consent=0, rejected=0))
    check("records in the log", tact.records(data), wanted)
    if out["peak_memory_mb"] > 400:
        raise Failure(f"peak memory {out['peak_memory_mb']:.0f} MB")
    return f"{wanted:,} lines in {took:.1f} s ({wanted / took:,.0f} a second), {out['peak_memory_mb']:.0f} MB at most"


def test_rsc15(tact):
    return real_files(tact, ["rsc15_100k/train_full.tsv"], "rsc15.map")


def test_sessions(tact):
    return real_files(tact, [f"sessions/{part}.txt" for part in ("train", "valid", "test")], "sessions.map")


def killed_and_again(tact, data, file, wanted, stops, **more):
    killed = sum(tact.stop_at(data, stop, signal.SIGKILL, file, **more) for stop in stops)
    if killed == 0:
        raise Failure("the import was done before it could be killed")
    counts, _, said = tact.run(data, file, **more)
    check("lines read", counts["read"], wanted)
    # What a killed import had stored beyond its note is found again: once in the log each.
    check("stored + duplicate", counts["stored"] + counts["duplicate"], wanted)
    check("records in the log", tact.records(data), wanted)
    if counts["duplicate"] > 10_000 * killed:
        raise Failure(f"{counts['duplicate']} lines were sent again after {killed} kills")
    if "goes on behind line" not in said:
        raise Failure("it did not go on where it was")
    return f"killed {killed} times; {counts['duplicate']} of {wanted:,} lines were sent twice, all are stored once"


def test_killed_on_real_data(tact):
    file, = need("rsc15_100k/train_full.tsv")
    wanted = lines_of(file)
    return killed_and_again(tact, tact.work / "data", file, wanted, (wanted // 4, wanted // 2),
                            map=HERE / "maps" / "rsc15.map")


def event_line(number, visitor, **more):
    return json.dumps({"type": "track", "event": "Product Viewed", "anonymousId": visitor,
                       "timestamp": f"2026-01-02T10:{number // 60 % 60:02d}:{number % 60:02d}Z",
                       "properties": {"product_id": f"p{number % 30}"}, **more})


def write_lines(path, lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def test_killed_on_one_visitor(tact):
    """The worst case for dedupe: all lines are one visitor's."""
    file = write_lines(tact.work / "one.jsonl", (event_line(n, "a-1") for n in range(12_000)))
    return killed_and_again(tact, tact.work / "data", file, 12_000, (2_000, 5_000, 8_000))


def test_interrupted(tact):
    file = write_lines(tact.work / "many.jsonl", (event_line(n, f"a-{n % 500}") for n in range(12_000)))
    data = tact.work / "data"
    if not tact.stop_at(data, 2_000, signal.SIGINT, file):
        raise Failure("SIGINT did not end the import with a status that is not 0")
    at = tact.noted_line(data)
    check("records after the interrupt", tact.records(data), at)
    counts, _, _ = tact.run(data, file)
    check("counts", counts, dict(read=12_000, stored=12_000, duplicate=0, without_consent=0, rejected=0))
    check("records in the log", tact.records(data), 12_000)
    return f"stopped behind line {at:,}, no line sent twice"


def test_bad_lines(tact):
    bad = {3: "{", 10: '{"type":"track"}', 11: "", 40: "[1]", 41: '{"type":"dance","anonymousId":"a"}',
           42: event_line(1, "a" * 300), 43: '{"x":"' + "y" * 40_000 + '"}'}
    bad |= {50 + i: '{"type":"track","anonymousId":7.5}' for i in range(8)}
    lines = [bad.get(n, event_line(n, f"a-{n % 7}")) for n in range(1, 101)]
    file = write_lines(tact.work / "bad.jsonl", lines)
    data = tact.work / "data"
    counts, out, said = tact.run(data, file)
    rejected = sorted(set(bad) - {11})  # a blank line is none
    check("counts", counts, dict(read=99, stored=99 - len(rejected), duplicate=0, without_consent=0,
                                 rejected=len(rejected)))
    listed = (data / "imports" / (out["files"][0]["hash"] + ".rejected")).read_text().splitlines()
    check("lines in the list", [int(line.split("\t")[0]) for line in listed], rejected)
    check("lines on the terminal", sum(line.startswith(f"{file}:") and ": line" not in line for line in said.splitlines()), 10)
    check("records in the log", tact.records(data), 99 - len(rejected))
    return f"{len(rejected)} of 100 lines listed with their numbers"


def test_personal_data_and_bots(tact):
    person = {"type": "track", "event": "E", "anonymousId": "a-1",
              "properties": {"note": "write to ann@example.com", "card": "4111 1111 1111 1111", "size": 42}}
    crawler = {"type": "track", "event": "E", "anonymousId": "a-2", "context": {"userAgent": "Googlebot/2.1"}}
    file = write_lines(tact.work / "private.jsonl", [json.dumps(person), json.dumps(crawler)])
    counts, out, _ = tact.run(tact.work / "data", file)
    check("stored", counts["stored"], 2)
    check("left out", {key: out["files"][0][key] for key in ("personal_data_dropped", "bots")},
          dict(personal_data_dropped=2, bots=1))
    again, out, _ = tact.run(tact.work / "data", file)
    check("noted", out["files"][0]["personal_data_dropped"], 2)
    return "2 values dropped, 1 line of a bot"


def test_bad_rows(tact):
    rows = ["SessionId\tItemId\tTime"] + [f"{n}\t{n}\t{1_600_000_000 + n}.5" for n in range(2, 31)]
    rows[5] = "5\t5\tyesterday"
    rows[9] = "9"
    file = write_lines(tact.work / "rows.tsv", rows)
    counts, out, _ = tact.run(tact.work / "data", file, map=HERE / "maps" / "sessions.map")
    check("counts", (counts["stored"], counts["rejected"]), (27, 2))
    path = tact.work / "data" / "imports" / (out["files"][0]["hash"] + ".rejected")
    check("lines", [int(line.split("\t")[0]) for line in path.read_text().splitlines()], [6, 10])
    return "rows with a bad time and too few cells"


def test_nothing_readable(tact):
    file = write_lines(tact.work / "rows.csv", ["a,b", "1,2", "3,4"])
    tact.run(tact.work / "data", file, expect=1)
    wrong = tact.work / "wrong.map"
    wrong.write_text("type = track\nevent = X\nanonymousId = ${c}\n")
    tact.run(tact.work / "data", file, map=wrong, expect=1)
    tact.run(tact.work / "data", tact.work / "absent", expect=2)
    return "exit status 1"


def test_own_ids_and_again(tact):
    lines = [event_line(n, "a-1", messageId=f"m-{n % 8}") for n in range(10)] + [event_line(20, "a-2")]
    file = write_lines(tact.work / "own.jsonl", lines)
    data = tact.work / "data"
    counts, _, _ = tact.run(data, file)
    check("first", (counts["stored"], counts["duplicate"]), (9, 2))
    _, out, said = tact.run(data, file)
    check("said to be done", ("was imported already" in said, out["files"][0]["finished_before"]), (True, True))
    counts, _, _ = tact.run(data, file, again=True)
    check("again", (counts["stored"], counts["duplicate"]), (0, 11))
    check("records in the log", tact.records(data), 9)
    tact.run(data, file, map=HERE / "maps" / "rsc15.map", expect=1)  # another map: asks for --again
    return "a line's own messageId is kept; reading again stores nothing twice"


TESTS = [test_bad_lines, test_personal_data_and_bots, test_bad_rows, test_nothing_readable, test_own_ids_and_again, test_interrupted,
         test_killed_on_one_visitor, test_killed_on_real_data, test_rsc15, test_sessions]


def run_one(test, args):
    """"ok", "FAILED" or "skipped"."""
    name = test.__name__.removeprefix("test_")
    work = pathlib.Path(tempfile.mkdtemp(prefix="tact-import-"))
    try:
        said, status = test(Tact(args.tact, args.playbook, work)), "ok"
    except Skipped as why:
        said, status = why, "skipped"
    except (Failure, subprocess.TimeoutExpired) as why:
        said, status = why, "FAILED"
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{status:8}{name}: {said}", flush=True)
    return status


def skip(why):
    # The form in which tools/count reads the reason.
    print(f"import_test.py: Skipped\n{why}\n[  SKIPPED ]")
    return 77


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("tact", help="the program to test")
    options.add_argument("--playbook", type=pathlib.Path, default=ROOT / "playbooks" / "shop")
    options.add_argument("--only", help="one test")
    args = options.parse_args()
    if not os.access(args.tact, os.X_OK):
        return skip(f"there is no program at {args.tact}")
    results = [run_one(test, args) for test in TESTS if args.only in (None, test.__name__.removeprefix("test_"))]
    if "FAILED" in results or not results:
        return 1
    return skip(f"some of the real data is not in {DATA}; all else passed") if "skipped" in results else 0


if __name__ == "__main__":
    sys.exit(main())
