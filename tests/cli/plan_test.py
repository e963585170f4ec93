#!/usr/bin/env python3
"""How long must a moment run? Asked before it does, of the log of a simulated shop in which it is a draft; against the
same shop in which it runs.

  tests/cli/plan_test.py TACT      run from the repository's root
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from program import TACT, Server, run

END = "2026-02-16"


class Plan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        cls.simulate("draft", status="draft")
        cls.simulate("live", status="live")
        status, out, err = run("report", "fit-help", "--json", "--show-small-cells", "--data", cls.path / "live",
                               "--as-of", END)
        assert status == 0, err
        cls.real = json.loads(out)["moments"][0]

    @classmethod
    def simulate(cls, name, status):
        """The same people in either; the message does nothing."""
        playbook = cls.path / f"{name}-playbook"
        shutil.copytree("playbooks/shop", playbook)
        moment = playbook / "moments" / "fit.yaml"
        moment.write_text(moment.read_text().replace("  tier: conversion\n", f"  tier: conversion\n  status: {status}\n"))
        done = subprocess.run([TACT, "simulate", "--data", cls.path / name, "--playbook", playbook, "--start", "2026-01-05",
                               "--days", "42", "--visitors", "2500", "--seed", "7", "--wish", "unsure_of_size", "--base",
                               "25", "--effect", "fit-help=+0%"], capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stderr

    def plan(self, name, *options):
        status, out, err = run("report", "fit-help", "--plan", "--as-of", END, "--data", self.path / name, *options)
        self.assertEqual(status, 0, err)
        return json.loads(out) if "--json" in options else out

    def test_of_a_moment_that_runs_it_finds_whom_it_met(self):
        plan = self.plan("live", "--json")
        arms = self.real["arms"]
        self.assertEqual(plan["met"], sum(arm["exposed"] for arm in arms) // 50 * 50)
        rate = sum(arm["outcomes"] for arm in arms) / sum(arm["visitors"] for arm in arms)
        self.assertAlmostEqual(plan["rate"], rate, delta=0.03 * rate)

    def test_of_a_draft_it_tells_what_will_be(self):
        plan, real = self.plan("draft", "--json"), sum(arm["exposed"] for arm in self.real["arms"])
        self.assertAlmostEqual(plan["met"], real // 50 * 50, delta=0.03 * real + 50)
        self.assertEqual((plan["from"], plan["of_days"], plan["goal"], plan["within"]),
                         ("2026-01-05T00:00:00.000Z", 42, "orders", "P14D"))
        self.assertAlmostEqual(plan["per_day"], real / 42, delta=0.06 * real / 42)
        self.assertGreaterEqual(plan["asked"], plan["met"])
        rate = sum(arm["outcomes"] for arm in self.real["arms"]) / sum(arm["visitors"] for arm in self.real["arms"])
        self.assertAlmostEqual(plan["rate"], rate, delta=0.1 * rate)
        self.assertLess(plan["gate_days"], plan["days_one_look"])
        self.assertLess(plan["days_one_look"], plan["days"])
        # As the calculator says of the same pace: a tenth of the visitors are held back.
        given = {"metric": "mean", "baseline": plan["rate"], "sd": plan["rate"] ** 0.5, "relative_effect": 0.1,
                 "power": 0.8, "ratio": 9, "history": {"daily_exposures": [round(plan["per_day"])], "window_days": 14,
                                                       "nonzero_share": plan["rate"]}}
        done = subprocess.run([TACT, "stats", "power"], input=json.dumps(given), capture_output=True, text=True, timeout=60)
        told = json.loads(done.stdout)["days"]
        self.assertAlmostEqual(plan["days_one_look"], told["fixed"], delta=0.35 * told["fixed"])

    def test_in_words(self):
        text = self.plan("draft")
        self.assertTrue(text.startswith("Had fit-help begun on 2026-01-05, about "), text)
        self.assertIn("With 10 % held back", text)

    def test_too_little_history_tells_no_number(self):
        status, out, err = run("report", "fit-help", "--plan", "--as-of", "2026-01-09", "--data", self.path / "draft")
        self.assertEqual(status, 0, err)
        self.assertTrue(out.startswith("There is too little history to plan fit-help with"), out)

    def test_a_running_server_says_the_same(self):
        alone = self.plan("draft", "--json")
        server = Server(self.path / "draft-playbook", self.path / "draft", "--simulated")
        self.addCleanup(server.stop)
        self.assertEqual(self.plan("draft", "--json"), alone)

    def test_what_cannot_be_planned_is_told(self):
        data = ["--data", self.path / "live"]
        for arguments, status, words in ((["--plan"], 2, "of one moment"), (["no-such", "--plan"], 1, "no moment of this name"),
                                         (["fit-help", "--plan", "--as-of", "soon"], 2, "--as-of is no time"),
                                         (["fit-help", "--plan", "--html", "x"], 2, "--html")):
            got, out, err = run("report", *arguments, *data)
            self.assertEqual((got, out), (status, ""), arguments)
            self.assertIn(words, err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
