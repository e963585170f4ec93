#!/usr/bin/env python3
"""tact experiment import: reference figures on real data, the examples of docs/experiments.md, bad tables.

  tests/cli/experiment_test.py TACT        run from the repository's root
"""
import json
import math
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

from program import TACT

DOCUMENT = "docs/experiments.md"
DATA = pathlib.Path(os.environ.get("TACT_DATA", "../shared/data"))
HILLSTROM = DATA / "hillstrom" / "hillstrom.csv"


def no_nan(name):
    raise AssertionError(f"{name} is no JSON")


def tact(*arguments):
    given = [one if isinstance(one, bytes) else str(one) for one in arguments]
    done = subprocess.run([TACT, "experiment", "import", *given], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Table(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def table(self, text, name="t.csv"):
        path = pathlib.Path(self.folder.name, name)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def answer(self, path, *arguments):
        status, out, err = tact("--csv", path, "--arm", "arm", "--json", *arguments)
        self.assertEqual((status, err), (0, ""))
        return json.loads(out, parse_constant=no_nan)["moments"][0]

    def refused(self, text, *pieces, arguments=("--unit", "id", "--arm", "arm", "--metrics", "y")):
        with self.subTest(table=text[:80]):
            path = self.table(text)
            status, out, err = tact("--csv", path, *arguments)
            self.assertEqual((status, out), (2, ""), err)
            self.assertEqual(len(err.strip().splitlines()), 3, err)
            for piece in pieces:
                self.assertIn(piece, err)


@unittest.skipUnless(HILLSTROM.exists(), f"no {HILLSTROM}")
class Hillstrom(Table):
    @classmethod
    def setUpClass(cls):
        arguments = ["--csv", HILLSTROM, "--unit-name", "customer", "--arm", "segment", "--control", "No E-Mail",
                     "--metrics", "visit,conversion,spend", "--money", "spend", "--currency", "USD",
                     "--segments", "womens,mens,newbie", "--covariate", "history"]
        status, out, err = tact(*arguments, "--json")
        assert (status, err) == (0, ""), err
        cls.arguments = arguments
        cls.text = out
        cls.report = json.loads(out, parse_constant=no_nan)["moments"][0]
        cls.goals = {goal["goal"]: goal for goal in cls.report["goals"]}

    def arm(self, goal, name):
        return next(arm for arm in self.goals[goal]["arms"] if arm["arm"] == name)

    def against(self, goal, name):
        return next(one for one in self.goals[goal]["against"] if one["arm"] == name)

    def test_rates(self):
        for goal, none, mens, womens, digits in (("visit", 0.10617, 0.18276, 0.15140, 5),
                                                 ("conversion", 0.005726, 0.012531, 0.008837, 6),
                                                 ("spend", 0.6528, 1.4226, 1.0772, 4)):
            for name, rate in (("No E-Mail", none), ("Mens E-Mail", mens), ("Womens E-Mail", womens)):
                self.assertAlmostEqual(self.arm(goal, name)["rate"], rate, digits)

    def test_differences(self):
        for goal, name, estimate, error, digits in (("visit", "Mens E-Mail", 0.07659, 0.00339, 5),
                                                    ("visit", "Womens E-Mail", 0.04523, 0.00323, 5),
                                                    ("spend", "Mens E-Mail", 0.770, 0.145, 3),
                                                    ("spend", "Womens E-Mail", 0.424, 0.130, 3)):
            found = self.against(goal, name)
            self.assertAlmostEqual(found["difference"]["estimate"], estimate, digits)
            self.assertAlmostEqual(found["se"], error, digits)
            fixed = found["fixed_horizon"]["difference"]
            z = {0.05: 1.960, 0.025: 2.241}[found["alpha"]]
            self.assertAlmostEqual((fixed["high"] - fixed["low"]) / 2 / z / found["se"], 1, 3)
            self.assertLess(found["difference"]["low"], fixed["low"])

    def test_sample_ratio(self):
        ratio = self.report["sample_ratio"]
        self.assertFalse(ratio["failed"])
        self.assertAlmostEqual(10 ** ratio["log10_p"], 0.904, 3)

    def test_three_arms_and_words(self):
        self.assertEqual(self.report["verdict"], "helps")
        self.assertEqual({one["arm"]: one["verdict"] for one in self.report["verdicts"]},
                         {"Mens E-Mail": "helps", "Womens E-Mail": "helps"})
        self.assertIn("Mens E-Mail helps: about 77 more visit per 1,000 customers.", self.report["says"])
        visit = {one["arm"]: one for one in self.goals["visit"]["against"]}
        self.assertEqual(sorted(one["alpha"] for one in visit.values()), [0.025, 0.05])  # Holm's steps

    def test_interaction(self):
        womens = next(one for one in self.report["segments"] if one["dimension"] == "womens")
        found = next(one for one in womens["interactions"] if one["arm"] == "Womens E-Mail")
        self.assertAlmostEqual(found["z"], 9.7, 1)
        self.assertTrue(found["differs"])
        effects = {cell["cell"]: next(arm for arm in cell["arms"] if arm["arm"] == "Womens E-Mail")
                   for cell in womens["cells"]}
        self.assertAlmostEqual(effects["1"]["difference"]["estimate"], 0.0731, 4)
        self.assertAlmostEqual(effects["0"]["difference"]["estimate"], 0.0111, 4)
        self.assertEqual(womens["says"], "The effect of Womens E-Mail depends on womens.")

    def test_cuped_gains_nothing(self):
        spend = self.against("spend", "Mens E-Mail")
        self.assertAlmostEqual(spend["se"], 0.14525, 5)
        self.assertAlmostEqual(spend["cuped"]["se"], 0.14522, 5)
        self.assertIn("gains nothing here: the standard error goes from 0.14525 to 0.14522", spend["cuped"]["says"])
        self.assertIn("winsorised", spend)
        self.assertEqual(spend["cuped"]["visitors"], 21306 + 21307)
        self.assertEqual(self.report["window"], {"from": None, "to": None}, "the table has no times")

    def test_the_same_bytes_again(self):
        self.assertEqual(tact(*self.arguments, "--json")[1], self.text)
        page = self.folder.name + "/r.html"
        pages = []
        for _ in range(2):
            self.assertEqual(tact(*self.arguments, "--html", page)[0], 0)
            pages.append(pathlib.Path(page).read_text())
        self.assertEqual(*pages)
        self.assertIn(self.report["data_hash"], pages[0])

    def test_who_is_persuadable(self):
        """Whom the women's e-mail makes visit can be told; whom the men's does, cannot."""
        for name, words in (("Womens E-Mail", "better than random"), ("Mens E-Mail", "no better than random")):
            status, out, err = tact(*self.arguments, "--json", "--uplift", name)
            self.assertEqual((status, err), (0, ""))
            (uplift,) = json.loads(out)["moments"][0]["uplift"]
            self.assertEqual((uplift["arm"], uplift["metric"]), (name, "visit"))
            self.assertIn(words, uplift["says"])
            self.assertEqual(uplift["qini"]["low"] > 0, words == "better than random")
        self.assertNotIn("uplift", self.report)

    def test_terminal(self):
        status, out, _ = tact(*self.arguments)
        self.assertEqual(status, 0)
        words = " ".join(out.split())
        self.assertLess(words.index("Mens E-Mail helps: about 77 more"), words.index("difference"))
        self.assertIn("CUPED on history gains nothing here", words)
        self.assertTrue(all(len(line) <= 100 for line in out.splitlines()))


class Documented(Table):
    def test_examples(self):
        text = pathlib.Path(DOCUMENT).read_text()
        examples = re.findall(r"```csv (\S+)\n(.*?)```\n+```sh\ntact experiment import ([^`]*?)\n```\n+```text\n(.*?)```",
                              text, re.S)
        self.assertGreaterEqual(len(examples), 1)
        for name, rows, command, told in examples:
            path = pathlib.Path(self.folder.name, name)
            path.write_text(self.written_out(rows))
            arguments = shlex.split(command.replace("\\\n", " "))
            arguments[arguments.index("--csv") + 1] = str(path)
            status, out, err = tact(*arguments)
            self.assertEqual((status, err), (0, ""))
            for line in told.strip().splitlines():
                if line.strip() != "…":
                    self.assertIn(line.strip(), out)

    def written_out(self, rows):
        """A line "600 times: store-{i},a,1" stands for 600 lines."""
        lines = []
        for line in rows.splitlines():
            found = re.fullmatch(r"(\d+) times: (.*)", line)
            many = int(found.group(1)) if found else 1
            lines += [(found.group(2) if found else line).replace("{i}", str(len(lines) + i)) for i in range(many)]
        return "\n".join(lines) + "\n"


class Bad(Table):
    def test_columns_and_cells(self):
        head = "id,arm,y\n"
        self.refused("id,arm,z\n1,control,1\n", 'column "y"', "it has id, arm, z", "t.csv:1:1")
        self.refused(head + "1,control,1\n2,a,x\n", 'must be a finite number, not "x"', "t.csv:3:5", "try: mend it in the table")
        for number in ("nan", "inf", "-inf", "1e999", "", "1;2"):
            self.refused(head + f"1,control,1\n2,a,{number}\n", "finite number", "t.csv:3:5")
        self.refused(head + "1,control,1\n2,a,1e16\n", "larger than can be summed", "t.csv:3:5")
        self.refused(head + "1,control,1\n2,a\n", "2 cells and the header has 3", "t.csv:3:1")
        self.refused(head + "1,,1\n", "which arm", "t.csv:2:3")
        self.refused(head + ",control,1\n", "is empty", "t.csv:2:1")
        self.refused("id,id,arm\n", "names a column twice", "t.csv:1:1")
        self.refused("\n\nid,arm,arm\n", "names a column twice", "arm", "t.csv:3:1")
        self.refused("", "CSV with a header", "t.csv:1:1")
        self.refused(head, "no rows below the header")

    def test_what_is_not_utf8(self):
        """A report is JSON or HTML in UTF-8: neither cells nor options that go into it may be anything else."""
        head = b"id,arm,y\n"
        self.refused(head + b"1,control,1\n2,M\xfcll,1\n", "not UTF-8", "save", "t.csv:3:4")
        self.refused(head + b"1,control,1\n2,a,1\n\xff,a,1\n", "not UTF-8", "t.csv:4:1")
        self.refused(b"\xff\xfei\0d\0", "not UTF-8", "t.csv:1:1")
        self.refused(b"id,arm,y,\xe9\n1,control,1,1\n2,a,1,1\n", "not UTF-8", "t.csv:1:10")
        rows, base = "id,arm,y\n1,control,1\n2,a,1\n", ("--arm", "arm", "--metrics", "y")
        for flag, value in (("--unit-name", b"B\xe4r"), ("--currency", b"\x80"), ("--weights", b"control=1,a=1,\xe9=1"),
                            ("--control", b"\xe9"), ("--segments", b"\xe9"), ("--uplift", b"\xe9")):
            self.refused(rows, "not UTF-8", "at: " + flag, arguments=(*base, flag, value))
        path = os.fsencode(self.table(rows)).replace(b"t.csv", b"\xe9.csv")
        pathlib.Path(os.fsdecode(path)).write_text(rows)
        status, out, err = tact("--csv", os.fsdecode(path), *base)
        self.assertEqual((status, out), (2, ""))
        self.assertIn("at: --csv", err)
        rows = "id,arm,y\n" + "".join(f"{i},{('contrôl', 'Müll 🙂')[i % 2]},{i // 2 % 2}\n" for i in range(400))
        report = self.answer(self.table(rows), "--metrics", "y", "--control", "contrôl")
        self.assertEqual({arm["arm"] for arm in report["goals"][0]["arms"]}, {"contrôl", "Müll 🙂"})

    def test_wrong_quotes(self):
        head = "id,arm,y\n1,control,1\n"
        self.refused(head + '2,a,"1"2\n', "closing quote", "t.csv:3:8")
        self.refused(head + '2,"a,1\n', "not closed", "t.csv:3:3")
        self.refused(head + '2,a,"1\n3,a,1"\n', "not closed", "t.csv:3:5")
        self.refused(head + '2,a,1\n3,"a', "not closed", "t.csv:4:3")
        self.refused('id,"arm"s,y\n1,control,1\n', "closing quote", "t.csv:1:9")

    def test_units_and_arms(self):
        head = "id,arm,y\n"
        self.refused(head + "1,control,1\n2,a,1\n1,a,0\n", '"1" was there before, in another arm', "t.csv:4:1")
        self.refused(head + "1,control,1\n2,a,1\n1,control,0\n", "in the same arm", "t.csv:4:1")
        self.refused(head + "1,control,1\n2,control,1\n", "every row is of one arm (control)")
        self.refused(head + "1,a,1\n2,b,1\n", "name the arm that is control, of a, b", "--control")
        self.refused(head + "1,a,1\n2,b,1\n", "no row has the arm c",
                     arguments=("--arm", "arm", "--metrics", "y", "--control", "c"))
        base = ("--arm", "arm", "--metrics", "y")
        rows = head + "1,control,1\n2,a,1\n"
        self.refused(rows, "ARM=NUMBER", arguments=(*base, "--weights", "control=1,a=-1"))
        self.refused(rows, "the arm a has no weight", arguments=(*base, "--weights", "control=1"))
        self.refused(rows, "needs a metric that is money", arguments=(*base, "--margin", "0.5"))
        for flag, *values in (("--tolerance", "0", "1", "nan"), ("--margin", "0", "1.1", "nan"),
                              ("--cost", "-1", "inf", "nan"), ("--fixed-cost", "-1", "inf", "nan"),
                              ("--alpha", "0", "0.5", "1e-320", "nan")):
            for value in values:
                self.refused(rows, f"at: {flag}\n", arguments=(*base, "--money", "y", flag, value))
        self.refused(rows, "is no time", "t.csv:2:1", arguments=(*base, "--at", "id"))
        for flag in ("--at", "--segments", "--cluster", "--unit", "--covariate"):
            self.refused(rows, "--arm and something else", "at: arm", arguments=(*base, flag, "arm"))
        self.refused(rows, "a metric and something else", "at: arm", arguments=("--arm", "arm", "--metrics", "arm"))
        self.refused(rows, "none of the treatment arms", arguments=(*base, "--uplift", "b"))
        self.refused(rows, "metric and something else", arguments=(*base, "--segments", "y"))
        status, _, err = tact("--csv", "/nowhere.csv", *base)
        self.assertEqual(status, 2)
        self.assertIn("cannot be read", err)

    def test_thin_data_are_not_judged(self):
        def rows(*groups):
            lines = ["arm,y"]
            for arm, n, reached in groups:
                lines += [f"{arm},{1 if i < reached else 0}" for i in range(n)]
            return self.table("\n".join(lines) + "\n")
        for groups in ((("control", 1, 1), ("a", 1, 0)), (("control", 60, 0), ("a", 60, 0)),
                       (("control", 500, 49), ("a", 9500, 3000)), (("control", 49, 49), ("a", 49, 0))):
            report = self.answer(rows(*groups), "--metrics", "y", "--weights",
                                 f"control={groups[0][1]},a={groups[1][1]}")
            self.assertEqual(report["verdict"], "not enough data", groups)
            self.assertIsNone(report["difference"])
            self.assertNotIn("log10_p", json.dumps(report["goals"]))
        report = self.answer(rows(("control", 100, 100), ("a", 100, 100)), "--metrics", "y")
        self.assertEqual(report["says"], "It cannot be judged: all rows of both arms did the same.")
        report = self.answer(rows(("control", 900, 200), ("a", 100, 60)), "--metrics", "y")
        self.assertEqual(report["says"], "It cannot be judged: the arms are not what they should be.")
        report = self.answer(rows(("control", 900, 200), ("a", 900, 300)), "--metrics", "y", "--weights",
                             "control=1,a=1,never=1")
        self.assertEqual(report["verdict"], "cannot be judged")


class Stores(Table):
    def test_a_holdout_by_store(self):
        """Customers of a store go together: the interval is that of the stores' means, many times as wide."""
        seeded = random.Random(1)
        lines = ["customer,store,arm,spend"]
        means = {"control": [], "posters": []}
        for store in range(40):
            arm = ("control", "posters")[store % 2]
            level = seeded.gauss(20, 5)
            spends = [round(max(0.01, level + seeded.gauss(0, 1)), 2) for _ in range(50)]
            means[arm].append(sum(spends) / 50)
            lines += [f"{store}-{i},s{store},{arm},{spend}" for i, spend in enumerate(spends)]
        path = self.table("\n".join(lines) + "\n")
        common = ("--unit", "customer", "--metrics", "spend", "--money", "spend")
        report = self.answer(path, *common, "--cluster", "store")
        mean = {arm: sum(of) / 20 for arm, of in means.items()}
        variance = {arm: sum((x - mean[arm]) ** 2 for x in of) / 19 / 20 for arm, of in means.items()}
        self.assertAlmostEqual(report["difference"]["estimate"], mean["posters"] - mean["control"], 6)
        self.assertAlmostEqual(report["se"], math.sqrt(sum(variance.values())), 1)
        self.assertAlmostEqual(report["clusters"], 20, 6)
        self.assertTrue(report["one_look"])
        self.assertGreater(report["se"], 4 * self.answer(path, *common)["se"])

    def test_money_margin_and_cost(self):
        lines = ["id,arm,spend"]
        for arm, reached in (("control", 100), ("mail", 300)):
            lines += [f"{arm}{i},{arm},{50 if i < reached else 0}" for i in range(1000)]
        report = self.answer(self.table("\n".join(lines) + "\n"), "--unit", "id", "--metrics", "spend", "--money",
                             "spend", "--margin", "0.5", "--cost", "0.25", "--fixed-cost", "100")
        found, = report["returns"]
        self.assertAlmostEqual(found["total"]["estimate"], 1000 * (0.5 * 10 - 0.25) - 100, 6)
        self.assertAlmostEqual(found["roi"]["estimate"], 4650 / 350, 6)

    def test_guardrails_ratios_and_times(self):
        seeded = random.Random(2)
        lines = ["id,arm,at,orders,sessions,complaints"]
        for i in range(20000):
            arm = ("control", "new")[i % 2]
            orders = int(seeded.random() < (0.10, 0.14)[i % 2])
            complaint = int(seeded.random() < (0.03, 0.06)[i % 2])
            lines.append(f"{i},{arm},2026-10-{1 + i // 2 % 28:02},{orders},{1 + seeded.randrange(4)},{complaint}")
        path = self.table("\n".join(lines) + "\n")
        report = self.answer(path, "--unit", "id", "--metrics", "orders,orders/sessions", "--not-more", "complaints",
                             "--at", "at")
        self.assertEqual(report["verdict"], "at a cost")
        self.assertIn("new helps, but at a cost: about 39 more orders", report["says"])
        self.assertIn("more complaints", report["says"])
        ratio = report["goals"][1]
        self.assertEqual((ratio["goal"], ratio["kind"]), ("orders/sessions", "ratio"))
        self.assertGreater(ratio["difference"]["low"], 0)
        points = report["over_time"][0]["points"]
        self.assertGreater(len(points), 20)
        self.assertEqual(points[-1]["difference"], report["difference"])
        self.assertEqual(report["window"]["to"], "2026-10-28T00:00:00.000Z")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
