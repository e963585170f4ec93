#!/usr/bin/env python3
"""Whom does a moment persuade? `tact report MOMENT --uplift` of a simulated shop in which nothing before tells who.

  tests/cli/uplift_test.py TACT      run from the repository's root
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from program import TACT, Server, run

AS_OF = "2026-12-01"


def no_nan(text):
    raise AssertionError(text)


class Uplift(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        cls.playbook, cls.data = cls.path / "playbook", cls.path / "data"
        shutil.copytree("playbooks/shop", cls.playbook)
        site = cls.playbook / "playbook.yaml"
        site.write_text(re.sub(r"(?m)^hold_back: .*$", "hold_back: 20%", site.read_text()))
        for moment in (cls.playbook / "moments").iterdir():
            moment.write_text(re.sub(r"(?m)^  hold_back: .*$", "  hold_back: 40%", moment.read_text()))
        done = subprocess.run([TACT, "simulate", "--data", cls.data, "--playbook", cls.playbook, "--start", "2026-01-05",
                               "--visitors", "2500", "--seed", "7", "--wish", "unsure_of_size", "--base", "25",
                               "--effect", "fit-help=+100%"], capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stderr

    def report(self, *options, name="fit-help"):
        status, out, err = run("report", *([name] if name else []), *options, "--as-of", AS_OF, "--data", self.data)
        self.assertEqual((status, err), (0, ""))
        return out

    def one(self, *options, **what):
        return json.loads(self.report("--json", *options, **what), parse_constant=no_nan)["moments"][0]

    def test_of_exactly_the_visitors_compared(self):
        report = self.one("--uplift")
        (whom,) = report["uplift"]
        compared = sum(arm["visitors"] for arm in report["arms"])
        self.assertEqual((whom["visitors"], whom["of"]), (compared, compared))
        self.assertEqual((whom["arm"], whom["metric"], whom["reached"], whom["enough_data"], whom["one_look"], whom["alpha"]),
                         ("shown", "orders", True, True, True, 0.05))
        shown, held = (arm["reached"] / arm["visitors"] for arm in report["arms"])
        self.assertAlmostEqual(whom["effect"]["estimate"], shown - held, 9)
        self.assertLess(whom["effect"]["low"], whom["effect"]["estimate"])
        self.assertGreater(whom["effect"]["low"], 0)
        self.assertAlmostEqual(whom["curve"][-1]["gain"], whom["effect"]["estimate"], 9)
        self.assertEqual(whom["curve"][-1]["fraction"], 1)
        # A fraction per visitor here, per 1,000 in words.
        qini = whom["qini"]["estimate"]
        self.assertLess(abs(qini), 0.1)
        words = re.search(r"\(Qini ([+−]?)([\d.]+) \(", whom["says"])
        self.assertAlmostEqual(float(words[2]) * (-1 if words[1] == "−" else 1), 1000 * qini, delta=0.6)
        self.assertIn("than random", whom["says"])

    def test_the_same_bytes_and_nothing_else_changes(self):
        first = self.report("--json", "--uplift")
        self.assertEqual(first, self.report("--json", "--uplift"))
        without, whom = self.one(), json.loads(first)["moments"][0]
        self.assertNotIn("uplift", without)
        del whom["uplift"]
        self.assertEqual(len(whom["method"]), len(without["method"]) + 1)
        whom["method"].pop()
        self.assertEqual(whom, without)

    def test_in_words_and_as_a_page(self):
        text = " ".join(self.report("--uplift").split())
        self.assertIn("persuadable Whom it persuades can", text)
        self.assertRegex(text, r"Qini .* per 1,000")
        self.assertNotIn("persuadable", self.report())
        page = self.path / "report.html"
        self.report("--uplift", "--html", page)
        html = page.read_text()
        self.assertIn("Who can be persuaded?", html)
        self.assertIn("visitors who placed an order gained per 1,000 visitors", html)
        self.assertIn('<figure class="chart qini"', html)

    def test_of_the_universal_holdout(self):
        out = json.loads(self.report("--universal", "--uplift", "--json", name=None))
        self.assertEqual(out["moments"], [])
        self.assertEqual([one["arm"] for one in out["universal"]["uplift"]], ["shown"])

    def test_before_the_gate_no_figure(self):
        whom = json.loads(run("report", "fit-help", "--uplift", "--json", "--as-of", "2026-01-08", "--data",
                              self.data)[1])["moments"][0]["uplift"][0]
        self.assertFalse(whom["enough_data"])
        self.assertIn("not enough data yet", whom["says"])
        self.assertEqual(set(whom), {"arm", "metric", "reached", "learner", "enough_data", "says", "one_look"})

    def test_a_running_server_says_the_same(self):
        alone, figures = self.report("--uplift"), self.report("--uplift", "--json")
        server = Server(self.playbook, self.data, "--simulated")
        self.addCleanup(server.stop)
        self.assertEqual(self.report("--uplift"), alone)
        self.assertEqual(self.report("--uplift", "--json"), figures, "to the last digit")
        self.assertIn("persuadable", alone)
        self.assertTrue(self.one("--uplift")["uplift"][0]["enough_data"])
        keys = json.loads((self.data / "keys").read_text())
        secret = next(source["key"] for source in keys["sources"] if source["kind"] == "secret")
        address = (self.data / "address").read_text().strip()
        for target, where in (("/v1/reports?uplift=show", "of one report"), ("/v1/reports/fit-help?uplift=maybe", "show")):
            request = urllib.request.Request(address + target, headers={"Authorization": "Bearer " + secret})
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=20)
            self.assertEqual(refused.exception.code, 400)
            self.assertIn(where, refused.exception.read().decode())

    def test_of_all_it_is_refused(self):
        for arguments, words in ((["--uplift"], "of one report"), (["fit-help", "--uplift", "--plan"], "--plan"),
                                 (["fit-help", "--uplift", "--decisions", "-"], "--decisions")):
            status, out, err = run("report", *arguments, "--data", self.data)
            self.assertEqual((status, out), (2, ""), arguments)
            self.assertIn(words, err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
