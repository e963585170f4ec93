#!/usr/bin/env python3
"""What another policy would have done: the example of docs/report.md as it stands there, in a simulated shop whose
truth is known.

  tests/cli/policy_test.py TACT      run from the repository's root
"""
import csv
import io
import json
import os
import pathlib
import re
import shlex
import stat
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from program import TACT, Server, run

DOCUMENT = "docs/report.md"
HEADER = "## What would another policy have done?"


def example():
    """The commands that make the log, policy.py, the commands that judge, and {policy: (estimate, low, high)}."""
    text = pathlib.Path(DOCUMENT).read_text()
    text = text[text.index(HEADER):].split("\n## ")[0]
    log, judge = re.findall(r"```sh\n(.*?)```", text, re.S)
    (policy,) = re.findall(r"```python\n(.*?)```", text, re.S)
    told = {name: tuple(map(float, figures)) for name, *figures in
            re.findall(r"^\| `(\w+)` \| ([\d.]+) \(([\d.]+) to ([\d.]+)\) \|", text, re.M)}
    return log.splitlines(), policy, judge.splitlines(), told


class Policy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        (cls.path / "bin").mkdir()
        (cls.path / "bin" / "tact").symlink_to(pathlib.Path(TACT).resolve())
        (simulate, cls.export), policy, cls.judge, cls.told = example()
        (cls.path / "policy.py").write_text(policy)
        cls.truth = json.loads(cls.shell(simulate + " --json").stdout)
        cls.says = cls.shell(cls.export).stderr
        with open(cls.path / "decisions.csv", newline="") as file:
            cls.rows = list(csv.DictReader(file))

    @classmethod
    def shell(cls, command):
        path = f"{cls.path / 'bin'}:{os.environ['PATH']}"
        done = subprocess.run(["sh", "-ec", command], cwd=cls.path, env=os.environ | {"PATH": path},
                              capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        return done

    def values(self):
        """By policy, as the document asks for them."""
        return {re.search(r"policy.py (\w+)", command)[1]: json.loads(self.shell(command).stdout)
                for command in self.judge}

    def test_the_known_effect_is_recovered(self):
        (truth,) = [one for one in self.truth["truth"] if one["moment"] == "fit-help"]
        known = {"everybody": truth["orders"] / truth["visitors"],
                 "nobody": truth["orders_without"] / truth["visitors"]}
        self.assertGreater(known["everybody"] - known["nobody"], 0.05, "the world is too tame")
        values = self.values()
        for name, value in known.items():
            with self.subTest(name):
                self.assertTrue(values[name]["estimable"], values[name]["reason"])
                for method in ("ips", "snips", "dr"):
                    self.assertLess(values[name][method]["low"], value)
                    self.assertGreater(values[name][method]["high"], value)
        self.assertGreater(values["everybody"]["snips"]["low"], values["nobody"]["snips"]["high"])
        self.assertTrue(values["phones"]["estimable"])

    def test_the_document_tells_what_the_commands_say(self):
        values = self.values()
        self.assertEqual(set(self.told), set(values))
        for name, told in self.told.items():
            snips = values[name]["snips"]
            for figure, member in zip(told, ("estimate", "low", "high")):
                self.assertAlmostEqual(snips[member], figure, 2, name)

    def test_the_table_is_what_the_report_counts(self):
        """But for those who withdrew since."""
        status, out, err = run("report", "fit-help", "--json", "--show-small-cells", "--data", self.path / "shop",
                               "--as-of", "2026-06-01")
        self.assertEqual(status, 0, err)
        told = re.search(r"(fewer than 50|\d+) whose visitors withdrew consent", self.says)[1]
        withdrew = 49 if told == "fewer than 50" else int(told)
        arms = {not arm["control"]: arm for arm in json.loads(out)["moments"][0]["arms"]}
        missing = arms[True]["visitors"] + arms[False]["visitors"] - len(self.rows)
        self.assertTrue(1 <= missing <= 49 if told == "fewer than 50" else missing == withdrew, (missing, told))
        for shown, arm in arms.items():
            rows = [row for row in self.rows if bool(row["variant"]) == shown]
            self.assertLessEqual(abs(len(rows) - arm["visitors"]), withdrew)
            self.assertLessEqual(abs(sum(int(row["reward"]) for row in rows) - arm["outcomes"]), withdrew)

    def test_propensities_are_those_of_the_playbook(self):
        chances = {(bool(row["variant"]), float(row["propensity"])) for row in self.rows}
        self.assertEqual(chances, {(True, 0.45), (False, 0.1)})
        self.assertEqual({row["simulated"] for row in self.rows}, {"1"})
        self.assertEqual({row["device"] for row in self.rows} - {""}, {"desktop", "mobile", "tablet"})

    def test_there_are_no_ids_and_nobody_else_reads_the_file(self):
        text = (self.path / "decisions.csv").read_text()
        self.assertNotIn("sim-", text)
        self.assertEqual(stat.S_IMODE((self.path / "decisions.csv").stat().st_mode), 0o600)
        self.assertIn("guard the table", self.says)

    def test_a_policy_that_was_never_tried_is_refused(self):
        table = io.StringIO()
        out = csv.writer(table)
        out.writerow(["reward", "propensity", "target_probability"])
        for row in self.rows:  # a third wording, of which the log knows nothing
            out.writerow([row["reward"], row["propensity"], 0])
        done = subprocess.run([TACT, "stats", "ope"], input=table.getvalue(), capture_output=True, text=True, timeout=60)
        self.assertFalse(json.loads(done.stdout)["estimable"])

    def test_a_running_server_gives_the_same_for_a_secret_key_alone(self):
        export = shlex.split(self.export)[1:-1]
        export[export.index("shop")] = str(self.path / "shop")
        export += ["-", "--money", "--as-of", "2026-06-01"]
        alone = run(*export)
        self.assertEqual(alone[0], 0, alone[2])
        self.assertEqual(alone[1].count("\n"), len(self.rows) + 1)
        server = Server("playbooks/shop", self.path / "shop", "--simulated")
        self.addCleanup(server.stop)
        self.assertEqual(run(*export), alone)
        self.assertEqual(run(*export, "--goal", "fame")[0], 1)
        keys = json.loads((self.path / "shop" / "keys").read_text())
        url = (self.path / "shop" / "address").read_text().strip() + "/v1/reports/fit-help/decisions"
        write = next(source["key"] for source in keys["sources"] if source["kind"] == "write")
        for request in (urllib.request.Request(url), urllib.request.Request(url, headers={"Authorization": "Bearer " + write})):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=20)
            self.assertIn(refused.exception.code, (401, 403))

    def test_wrong_use_is_told(self):
        data = ["--data", self.path / "shop"]
        for arguments, words in ((["--decisions", "-"], "of one moment"),
                                 (["fit-help", "--goal", "orders"], "--decisions"),
                                 (["fit-help", "--decisions", "-", "--from", "soon"], "--from is no time"),
                                 (["fit-help", "--decisions", "-", "--html", "x"], "--html")):
            status, out, err = run("report", *arguments, *data)
            self.assertEqual((status, out), (2, ""), arguments)
            self.assertIn(words, err)
        status, _, err = run("report", "no-such", "--decisions", "-", *data)
        self.assertEqual(status, 1)
        self.assertIn("no moment of this name", err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
