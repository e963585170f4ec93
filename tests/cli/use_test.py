#!/usr/bin/env python3
"""tact as its user meets it: every command has help, wrong use says what to do, reports need no stop.

  tests/cli/use_test.py TACT        run from the repository's root
"""
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

from program import TACT, Server, run

PLAYBOOK = "playbooks/shop"
THREE_LINES = r"\Atact: .+\n  at: .+\n  try: .+\n\Z"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


def commands():
    text = run("--help")[1]
    return re.findall(r"^  ([a-z]+) {2,}\S", text[text.index("Subcommands:"):], re.M)


class Help(unittest.TestCase):
    def test_every_command_explains_itself(self):
        self.assertGreaterEqual(len(commands()), 9)
        for command in commands():
            with self.subTest(command):
                status, out, err = run(command, "--help")
                self.assertEqual((status, err), (0, ""))
                self.assertIn("Usage:", out)
                self.assertNotRegex(out, r"^\s+--\S+ *(TEXT|INT)?\s*$", "an option without a word")


class WrongUse(unittest.TestCase):
    """Exit status, and three lines on stderr: what happened, where, what to do."""

    def expect(self, arguments, status, *pieces):
        with self.subTest(" ".join(["tact", *arguments])):
            got, out, err = run(*arguments)
            self.assertEqual(got, status, err)
            self.assertEqual(out, "")
            self.assertRegex(err, THREE_LINES)
            for piece in pieces:
                self.assertIn(piece, err)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.data = folder.name + "/data"

    def test_commands(self):
        self.expect([], 2, "a command is missing", "try: one of serve")
        self.expect(["frobnicate"], 2, "there is no command frobnicate", "simulate")
        self.expect(["--frobnicate"], 2, "there is no option --frobnicate", "try: tact --help")
        self.expect(["visitor"], 2, "a command is missing", "at: tact visitor", "show, export")
        self.expect(["visitor", "forget"], 2, "there is no command forget")
        self.expect(["init", "--help"], 2, "there is no command init", "simulate")
        self.expect(["visitor", "forget", "--help"], 2, "there is no command forget", "show, export")

    def test_options(self):
        self.expect(["serve"], 2, "--playbook is required", "try: tact serve --help")
        self.expect(["demo", "now"], 2, "now", "try: tact demo --help")
        self.expect(["visitor", "show"], 2, "ID is required", "try: tact visitor show --help")
        self.expect(["check", "--jsno", PLAYBOOK], 2, "--jsno", "try: tact check --help")
        self.expect(["stats", "compare", "--alpha", "1"], 2, "not expected here: --alpha 1", "at: tact stats compare")
        self.expect(["simulate", "--visitors", "-3"], 2, "-3", "try: tact simulate --help")
        self.expect(["report", "--json", "--html", "x", "--data", self.data], 2, "--html excludes --json")
        self.expect(["report", "fit-help", "--universal", "--data", self.data], 2, "MOMENT excludes --universal")

    def test_values(self):
        for given in (["report", "--data", ""], ["report", "", "--data", self.data],
                      ["serve", "--playbook", PLAYBOOK, "--data", ""],
                      ["report", "--html", "", "--data", self.data]):
            self.expect(given, 2, " is empty", "try: tact " + given[0] + " --help")
        self.expect(["report", "fit-help", "--data", self.data, "--decisions", "-", "--from", "2026-01-05", "--until",
                     "2026-01-05"], 2, "--from is not before --until", "at: 2026-01-05")
        self.expect(["visitor", "export", "--ids", self.folder, "--data", self.data], 2, "a folder, not a file")
        self.expect(["visitor", "show", "x", "--kind", "foo!", "--data", self.data], 2, '"foo!" is no kind of id',
                    "like email or crm", "try: tact visitor show --help")
        self.expect(["visitor", "export", "--ids", "a" * 300, "--data", self.data], 2, "cannot read the ids")
        self.expect(["experiment", "import", "--csv", self.folder, "--arm", "a", "--metrics", "m"], 2,
                    "this is a folder, and no table", "at: " + self.folder)
        self.expect(["report", "--as-of", "then", "--data", "/nowhere"], 2, "--as-of is no time", "at: then",
                    "2026-11-21T10:00:00Z")
        imports = ["import", "README.md", "--data", self.data, "--playbook", PLAYBOOK, "--basis"]
        self.expect([*imports, " "], 2, "--basis is empty", 'try: --basis "contract"')
        self.expect([*imports, "x", "--source", "visitor"], 2, "--source names", "try: --source crm")
        self.expect([*imports, "x", "--map", "README.md"], 2, 'must be "key = value"', "at: README.md:",
                    "tact import --help")
        simulate = ["simulate", "--data", self.data]
        self.expect([*simulate, "--effect", "no=+1%"], 2, "no moment of this name", "at: no=+1%", "fit-help")
        self.expect([*simulate, "--effect", "fit-help"], 2, "an effect looks like", "--effect fit-help=+60%")
        self.expect([*simulate, "--wish", "gold"], 2, "there is no such wish", "at: gold", "unsure_of_size")
        self.expect([*simulate, "--start", "soon"], 2, "--start is no date", "--start 2026-01-05")
        self.expect([*simulate, "--start", "2100-01-01"], 2, "would end in the future", "at: 2100-01-01")
        self.expect([*simulate, "--days", "3", "--settle", "5"], 2, "--settle must be shorter than --days")

    def test_places(self):
        self.expect(["check", "/nowhere"], 2, "no such folder", "at: /nowhere")
        for command in (["verify"], ["rebuild"], ["report"], ["freshness"], ["visitor", "export", "a"],
                        ["explain", "d_0000000000000000000000000000"]):
            self.expect([*command, "--data", "/nowhere"], 2, "no Tact data directory",
                        "at: /nowhere", "try: --data names")
        self.expect(["visitor", "show", "a", "--data", "/nowhere"], 2, "no Tact data directory", "at: /nowhere")
        self.expect(["explain", "d_x", "--data", "/nowhere"], 2, "not a decision id", "at: d_x")

    def test_playbooks_that_are_none(self):
        for command in (["serve"], ["simulate"], ["import", "README.md", "--basis", "x"]):
            here = [*command, "--data", self.data, "--playbook"]
            self.expect([*here, "/nowhere"], 2, "--playbook", "/nowhere", "tact " + command[0] + " --help")
            self.assertFalse(pathlib.Path(self.data).exists(), "wrong use leaves nothing behind")
        broken = pathlib.Path(self.folder, "broken")
        shutil.copytree(PLAYBOOK, broken)
        goals = broken / "goals.yaml"
        goals.write_text(goals.read_text().replace("within:", "wthin:", 1))
        for command in (["serve"], ["simulate"], ["import", "README.md", "--basis", "x"]):
            self.expect([*command, "--data", self.data, "--playbook", str(broken)], 1, 'did you mean "within"',
                        "at: goals.yaml:", "try: tact check " + str(broken))
            self.assertFalse(pathlib.Path(self.data, "db").exists(), "nor does a mistake in the playbook")

    def test_addresses(self):
        serve = ["serve", "--playbook", PLAYBOOK, "--data", self.data]
        for listen in ("here", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:80x", "127.0.0.1:-1", "shop.example:80",
                       "[::1:80", "10.0.0:80"):
            self.expect([*serve, "--listen", listen], 2, "not an address to listen on", "at: " + listen,
                        "try: --listen 127.0.0.1:8080")
        self.expect([*serve, "--trusted-proxy", "everybody"], 2, "is not a network", "192.0.2.0/24")
        self.expect([*serve, "--trusted-proxy", "10.0.0.1/24"], 2, "is not a network", "10.0.0.0/24")
        self.assertFalse(pathlib.Path(self.data).exists(), "wrong use leaves nothing behind")
        self.expect([*serve, "--region-database", "/nowhere"], 2, "--region-database", "/nowhere")
        self.expect([*serve, "--region-database", "README.md"], 1, "not a region database", "at: README.md",
                    "try: --region-database names")
        self.expect(["serve", "--playbook", PLAYBOOK, "--data", "README.md"], 1, "cannot make the data directory",
                    "at: README.md", "try: --data names a directory")


class Damaged(unittest.TestCase):
    """One flipped bit in any table: whoever cannot read it says what can be done, and --help is not that."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        events = self.folder / "events.jsonl"
        events.write_text("".join(
            json.dumps({"type": "track", "event": "Product Viewed", "anonymousId": f"a-{i}",
                        "timestamp": "2026-11-21T10:02:03Z", "properties": {"product_id": "p7"}}) + "\n"
            for i in range(100)))
        at = ["--data", self.folder / "data"]
        self.assertEqual(run("import", events, *at, "--playbook", PLAYBOOK, "--basis", "contract")[0], 0)
        self.assertEqual(run("rebuild", *at)[0], 0)  # writes tables

    def test_the_advice(self):
        tables = list((self.folder / "data/db").glob("*.sst"))
        self.assertGreaterEqual(len(tables), 4)
        refusals = {"verify": 0, "rebuild": 0, "report": 0}
        for table in tables:
            copy = self.folder / "copy"
            shutil.copytree(self.folder / "data", copy)
            data = bytearray(table.read_bytes())
            data[len(data) // 4] ^= 1
            (copy / "db" / table.name).write_bytes(data)
            for command in refusals:
                status, _, err = run(command, "--data", copy)
                said = err[err.find("tact: "):] if "tact: " in err else ""
                if command != "report":  # which reads two families only
                    self.assertEqual(status, 1, (command, table.name, err))
                if not said:
                    continue  # `tact verify` lists it among what is not equal
                refusals[command] += 1
                self.assertRegex(said, THREE_LINES)
                self.assertIn("restore a copy of the data directory", said)
                self.assertEqual("try: tact verify," in said, command != "verify", said)
            shutil.rmtree(copy)
        self.assertTrue(all(refusals.values()), refusals)


class Check(unittest.TestCase):
    def test_a_mistake_is_named_with_its_place_and_what_was_meant(self):
        with tempfile.TemporaryDirectory() as folder:
            playbook = pathlib.Path(folder, "shop")
            shutil.copytree(PLAYBOOK, playbook)
            self.assertEqual(run("check", playbook)[0], 0)
            fit = playbook / "moments/fit.yaml"
            fit.write_text(fit.read_text().replace("unsure_about_fit", "unsure_about_fti", 1))
            status, out, err = run("check", playbook)
            self.assertEqual((status, err), (1, ""))
            said = next(line for line in out.splitlines() if "error: " in line)
            self.assertTrue(said in pathlib.Path("docs/playbook.md").read_text(), "the document prints: " + said)
            self.assertRegex(out, r"\n1 error, 0 warnings, \d+ notes?\n\Z")

    def test_a_zone_nobody_knows_is_warned_of_at_its_place(self):
        with tempfile.TemporaryDirectory() as folder:
            playbook = pathlib.Path(folder, "shop")
            shutil.copytree(PLAYBOOK, playbook)
            site = playbook / "playbook.yaml"
            line = next(i for i, text in enumerate(site.read_text().splitlines(), 1) if "time_zone:" in text)
            site.write_text(site.read_text().replace("Europe/Berlin", "Europe/Berln", 1))
            status, out, err = run("check", playbook)
            self.assertEqual((status, err), (1, ""))
            self.assertRegex(out, rf'(?m)^playbook.yaml:{line}:\d+: warning: .*"Europe/Berln"')
            self.assertRegex(out, r"\n0 errors, 1 warning, \d+ notes?\n\Z")


class BesideAServer(unittest.TestCase):
    playbook = PLAYBOOK
    options = ()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = self.folder.name + "/data"
        self.prepare()
        self.log = self.folder.name + "/log"
        self.server = Server(self.playbook, self.data, *self.options, log=self.log)

    def prepare(self):
        pass

    def stop(self):
        self.assertEqual(self.server.stop(), 0)

    def tearDown(self):
        self.server.stop()
        self.folder.cleanup()

    def refused(self, arguments, *pieces):
        status, _, err = run(*arguments, "--data", self.data)
        self.assertEqual(status, 1, err)
        self.assertRegex(err, THREE_LINES)
        for piece in pieces:
            self.assertIn(piece, err)

    def test_a_report_is_the_same_whether_or_not_the_server_runs(self):
        page = self.folder.name + "/report.html"

        def reports():
            at = ["--data", self.data, "--as-of", "2026-11-21T10:00:00+01:00"]
            texts = [run("report", *at), run("report", "--universal", *at),
                     run("report", "fit-help", *at)]
            document = json.loads(run("report", "--json", *at)[1])
            self.assertEqual(run("report", "--html", page, *at)[0], 0)
            return texts, document, pathlib.Path(page).read_text()

        beside = reports()
        self.assertEqual([status for status, _, _ in beside[0]], [0, 0, 0], beside[0])
        self.refused(["report", "no-such-moment"], "no moment of this name", "at: no-such-moment",
                     "try: tact report --data")
        self.refused(["visitor", "show", "nobody"], "nothing is known", "at: anonymous nobody")
        self.refused(["visitor", "export", "nobody", "--user"], "nothing is known", "at: user nobody")
        self.refused(["visitor", "unlink", "nobody"], "linked to no other", "at: anonymous nobody")
        unknown = "d_0000000000000000000000000000"
        self.refused(["explain", unknown], "no such record", "at: " + unknown)
        self.refused(["verify"], "another Tact is using", "try: stop the server first")
        self.stop()
        self.refused(["report", "no-such-moment"], "no moment of this name", "at: no-such-moment")
        self.refused(["explain", unknown], "no such record", "at: " + unknown)
        self.assertEqual(beside, reports())


def region_database(bits, country):
    """A database in MaxMind's format, of IPv4: the network of these leading bits is in `country`."""
    text = lambda value: bytes([2 << 5 | len(value)]) + value.encode()
    nodes = b""
    for number, bit in enumerate(bits, 1):
        follow = number if number < len(bits) else len(bits) + 16  # the next node, or the first datum
        pair = [len(bits), len(bits)]  # nothing there
        pair[int(bit)] = follow
        nodes += b"".join(record.to_bytes(3, "big") for record in pair)
    data = b"\xe1" + text("country") + b"\xe1" + text("iso_code") + text(country)
    about = {"binary_format_major_version": b"\xa1\x02", "binary_format_minor_version": b"\xa0",
             "build_epoch": b"\x01\x02\x01", "database_type": text("Test"), "description": b"\xe0",
             "ip_version": b"\xa1\x04", "languages": b"\x00\x04",
             "node_count": b"\xc1" + bytes([len(bits)]), "record_size": b"\xa1\x18"}
    about = b"".join(text(key) + value for key, value in about.items())
    return nodes + bytes(16) + data + b"\xab\xcd\xefMaxMind.com\xe9" + about


class BehindAProxy(BesideAServer):
    """Whom the proxy names is judged: staff by the network, the region by the database."""

    def prepare(self):
        self.playbook = self.folder.name + "/playbook"
        shutil.copytree(PLAYBOOK, self.playbook)
        with open(self.playbook + "/playbook.yaml", "a") as site:
            site.write("traffic: {staff_networks: 192.0.2.0/25}\n")
        bits = "".join(f"{octet:08b}" for octet in (192, 0, 2))
        regions = self.folder.name + "/regions.mmdb"
        pathlib.Path(regions).write_bytes(region_database(bits, "DE"))
        self.options = ("--trusted-proxy", "127.0.0.0/8", "--region-database", regions)

    def view(self, visitor, forwarded_for, **properties):
        keys = json.loads(pathlib.Path(self.data, "keys").read_text())
        write_key = next(source["key"] for source in keys["sources"] if source["kind"] == "write")
        event = {"writeKey": write_key, "anonymousId": visitor, "name": "x", "properties": properties,
                 "context": {"consent": {"categoryPreferences": {"personalization": True}}}}
        url = pathlib.Path(self.data, "address").read_text().strip()
        request = urllib.request.Request(url + "/v1/page", json.dumps(event).encode(),
                                         {"X-Forwarded-For": forwarded_for, "User-Agent": BROWSER})
        with urllib.request.urlopen(request, timeout=20) as answer:
            self.assertEqual(answer.status, 200)

    def test_a_report_is_the_same_whether_or_not_the_server_runs(self):
        self.view("a-staff", "192.0.2.9")
        deadline = time.monotonic() + 20  # counts are stored once a second
        while json.loads(run("report", "--json", "--data", self.data)[1])["left_out"]["staff"] == 0:
            self.assertLess(time.monotonic(), deadline, "the count was not stored")
            time.sleep(0.1)
        super().test_a_report_is_the_same_whether_or_not_the_server_runs()

    def test_staff_and_regions(self):
        self.view("a-staff", "6.6.6.6, 192.0.2.9")
        self.view("a-german", "192.0.2.200", url="https://shop.example/p/insulin-pen")
        self.view("a-other", "198.51.100.1")
        self.stop()
        _, out, _ = run("report", "--json", "--data", self.data)
        self.assertEqual(json.loads(out)["left_out"], {"bots": 0, "staff": 1, "pace": 0})
        self.assertIn("1 of staff", run("report", "--data", self.data)[1])
        told = {}
        for visitor in ("a-staff", "a-german", "a-other"):
            _, out, err = run("visitor", "export", visitor, "--data", self.data)
            self.assertNotIn("192.0.2", out + err)
            record = json.loads(out)["records"][-1]
            told[visitor] = (record.get("region"), record.get("sensitive", False))
        self.assertEqual(told, {"a-staff": ("DE", False), "a-german": ("DE", True),
                                "a-other": (None, False)})
        log = pathlib.Path(self.log).read_text()
        self.assertNotIn("192.0.2", log)
        for again in range(2):  # from the write-ahead log, then from tables
            status, out, err = run("verify", "--data", self.data)
            self.assertEqual(status, 0, out)
            self.assertIn("equal: state is what the log gives", out)
            self.assertRegex(err, r"\Averify: partitions 256 of 256, .+\n\Z")


class Demo(unittest.TestCase):
    def test_it_names_the_playbook_that_it_runs(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
            probe.close()
            playbook = shutil.copytree(PLAYBOOK, pathlib.Path(folder, "mine"))
            demo = subprocess.Popen([TACT, "demo", "--listen", address, "--data", folder + "/data", "--playbook",
                                     str(playbook)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            named = None
            for line in demo.stdout:  # of the greeting; without pages there is none
                if "the playbook " in line:
                    named = line.split()[-1]
                    break
            demo.send_signal(signal.SIGINT)
            _, err = demo.communicate(timeout=20)
            if "built without its web pages" in err:
                self.skipTest("the program was built without its web pages: tools/web makes them")
            self.assertEqual(named, str(playbook))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
