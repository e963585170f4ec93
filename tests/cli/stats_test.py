#!/usr/bin/env python3
"""tact stats: the examples of docs/stats.md give what they say, and wrong input is answered, not obeyed.

  tests/cli/stats_test.py TACT        run from the repository's root
"""
import datetime
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import unittest

from program import TACT

DOCUMENT = "docs/stats.md"


def no_nan(name):
    raise AssertionError(f"{name} is no JSON")


def stats(calculator, text, *options):
    """Exit status and the one object printed, in UTF-8; nothing goes to stderr. `text`: also bytes, or an object."""
    given = text if isinstance(text, (str, bytes)) else json.dumps(text)
    done = subprocess.run([TACT, "stats", calculator, *options], capture_output=True, timeout=60,
                          input=given if isinstance(given, bytes) else given.encode())
    if done.stderr:
        raise AssertionError(done.stderr)
    return done.returncode, json.loads(done.stdout.decode(), parse_constant=no_nan)


class Case(unittest.TestCase):
    def expect_error(self, field, calculator, text, *options, message=""):
        with self.subTest(calculator=calculator, input=text if len(str(text)) < 200 else "…"):
            status, out = stats(calculator, text, *options)
            self.assertEqual(status, 2)
            self.assertEqual(set(out), {"error"})
            self.assertEqual(set(out["error"]), {"code", "message", "field"})
            self.assertEqual(out["error"]["code"], "invalid")
            self.assertEqual(out["error"]["field"], field, out["error"]["message"])
            self.assertIn(message, out["error"]["message"])

    def answer(self, calculator, text, *options):
        status, out = stats(calculator, text, *options)
        self.assertEqual(status, 0, out)
        return out


class Document(Case):
    def same(self, told, got, path):
        """The document rounds to five digits, and may stop a list of customers after the first."""
        if isinstance(told, dict):
            self.assertEqual(list(told), list(got), path)
            for key in told:
                self.same(told[key], got[key], f"{path}.{key}")
        elif isinstance(told, list):
            if not path.endswith("customers"):
                self.assertEqual(len(told), len(got), path)
            for i, item in enumerate(told):
                self.same(item, got[i], f"{path}[{i}]")
        elif isinstance(told, float):
            self.assertTrue(math.isclose(told, got, rel_tol=6e-5, abs_tol=1e-12), f"{path}: {told}, {got}")
        else:
            self.assertEqual(told, got, path)

    def test_examples(self):
        text = pathlib.Path(DOCUMENT).read_text()
        examples = re.findall(r"```sh\ntact stats ([^\n]*?) <<'END'\n(.*?)\nEND\n```\n.*?```json\n(.*?)```",
                              text, re.S)
        self.assertEqual({example[0].split()[0] for example in examples},
                         {"compare", "srm", "power", "adjust", "value", "ope", "uplift"})
        self.assertEqual(len(examples), text.count("```sh\ntact stats "), "an example without its answer")
        for command, given, told in examples:
            with self.subTest(command):
                calculator, *options = command.split()
                self.same(json.loads(told), self.answer(calculator, given, *options), command)


def arm(n, successes):
    return {"n": n, "successes": successes}


class Compare(Case):
    def proportion(self, control, treatment, **more):
        return {"metric": "proportion", "control": control, "treatment": treatment, **more}

    def test_wrong_input(self):
        good = arm(1000, 100)
        for text in ("", "[]", "{", "nonsense", '{"metric": NaN}'):
            self.assertEqual(stats("compare", text)[0], 2)
        self.expect_error("metric", "compare", {"control": good, "treatment": good})
        self.expect_error("treatment", "compare", {"metric": "proportion", "control": good})
        self.expect_error("control.n", "compare", self.proportion(arm(0, 0), good), message="not enough")
        self.expect_error("control.n", "compare", self.proportion(arm(1, 1), good), message="not enough")
        self.expect_error("control.n", "compare", self.proportion(arm(-5, 0), good), message="negative")
        self.expect_error("control.n", "compare", self.proportion(arm(5.5, 0), good), message="whole")
        self.expect_error("treatment.successes", "compare", self.proportion(good, arm(10, 11)))
        self.expect_error("treatment.successes", "compare", self.proportion(good, arm(10, "3")))
        self.expect_error("control", "compare", self.proportion(arm(9, 0), arm(9, 0)), message="not vary")
        self.expect_error("alpha", "compare", self.proportion(good, good, alpha=0.7))
        self.expect_error("side", "compare", self.proportion(good, good, side="both"))
        self.expect_error("aplha", "compare", self.proportion(good, good, aplha=0.1), message="no such")
        self.expect_error("sequential.tuning_n", "compare",
                          self.proportion(good, good, sequential={"tuning_n": 0}))
        mean = {"n": 10, "sum": 100, "sum_squares": 10}
        self.expect_error("control", "compare", {"metric": "mean", "control": mean, "treatment": mean},
                          message="no sample")
        self.expect_error("control.sum", "compare", '{"metric": "mean", "control": {"n": 9, "sum": 1e999, '
                          '"sum_squares": 1}, "treatment": {"n": 9, "sum": 1, "sum_squares": 1}}')

    def test_members_of_another_metric_are_not_ignored(self):
        good, mean = arm(1000, 100), {"n": 1000, "sum": 700, "sum_squares": 9000}
        for more in ({"sum": 900}, {"nonzero": 5}, {"sum_squares": 1}, {"pre_sum": 1}, {"denominator_sum": 1}):
            field, = more
            self.expect_error("treatment." + field, "compare", self.proportion(good, {**good, **more}),
                              message="known are n, successes")
        for more in ({"successes": 100}, {"denominator_sum": 1}, {"product_sum": 1}, {"pre_sum": 1}):
            field, = more
            self.expect_error("control." + field, "compare",
                              {"metric": "mean", "control": {**mean, **more}, "treatment": mean})
        self.answer("compare", {"metric": "mean", "control": {**mean, "nonzero": 60}, "treatment": mean})
        ratio = {**mean, "denominator_sum": 2000, "denominator_sum_squares": 5000, "product_sum": 1500}
        self.expect_error("control.denominator_pre_product_sum", "compare",
                          {"metric": "ratio", "control": {**ratio, "denominator_pre_product_sum": 1}, "treatment": ratio})
        self.answer("compare", {"metric": "ratio", "control": ratio, "treatment": ratio})
        self.expect_error("sd", "power", {"metric": "proportion", "baseline": 0.05, "sd": 1, "n": 100, "power": 0.8},
                          message="of a mean")

    def test_cuped(self):
        pre = {"pre_sum": 500, "pre_sum_squares": 4000, "post_pre_product_sum": 2000}
        mean = {"n": 1000, "sum": 700, "sum_squares": 9000, **pre}
        given = {"metric": "mean", "control": mean, "treatment": mean, "cuped": True}
        self.assertGreater(self.answer("compare", given)["cuped"]["variance_reduction"], 0)
        share = {**arm(1000, 100), **pre, "post_pre_product_sum": 200}
        self.answer("compare", self.proportion(share, share, cuped=True))
        ratio = {**mean, "denominator_sum": 2000, "denominator_sum_squares": 5000, "product_sum": 1500,
                 "denominator_pre_product_sum": 1100}
        self.answer("compare", {"metric": "ratio", "control": ratio, "treatment": ratio, "cuped": True})
        for side in ("control", "treatment"):
            for wrong in ({"post_pre_product_sum": 1e9}, {"pre_sum_squares": -1}, {"pre_sum": 1e7}):
                self.expect_error(side, "compare", {**given, side: {**mean, **wrong}})

    def test_alpha_has_a_least_value(self):
        """Below it tails of the t distribution are not exact; the answer was null, or blamed an arm."""
        good, log = arm(1000, 100), "reward,propensity,target_probability\n0,0.8,0.5\n1,0.8,0.5\n0,0.2,0.5\n"
        for alpha in (1e-320, 1e-300, 9e-101):
            self.expect_error("alpha", "compare", self.proportion(good, good, alpha=alpha), message="1e-100")
            self.expect_error("--alpha", "ope", log, "--alpha", str(alpha), message="1e-100")
            self.expect_error("--alpha", "value", "", "--alpha", str(alpha), message="1e-100")
            self.expect_error("--alpha", "uplift", "", "--alpha", str(alpha), message="1e-100")
        self.assertIsNotNone(self.answer("compare", self.proportion(good, good, alpha=1e-100))["difference"]["low"])
        self.assertIsNotNone(self.answer("ope", log, "--alpha", "1e-100")["mean_weight_interval"]["low"])

    def test_far_tails_and_large_numbers(self):
        out = self.answer("compare", self.proportion(arm(10**12, 10**9), arm(10**12, 2 * 10**9)))
        self.assertEqual(out["difference"]["p"], 0)
        self.assertLess(out["difference"]["log10_p"], -300)
        self.assertTrue(math.isfinite(out["always_valid"]["difference"]["log10_p"]))

    def test_swapping_flips_signs_exactly(self):
        random.seed(1)
        for _ in range(20):
            a = arm(1000, random.randint(1, 999))
            b = arm(random.randint(100, 5000), random.randint(1, 99))
            one = self.answer("compare", self.proportion(a, b, side="greater"))["difference"]
            two = self.answer("compare", self.proportion(b, a, side="less"))["difference"]
            self.assertEqual((one["estimate"], one["low"], one["high"]), (-two["estimate"], -two["high"], None))
            self.assertEqual(one["log10_p"], two["log10_p"])

    def test_gate(self):
        self.assertTrue(self.answer("compare", self.proportion(arm(1000, 50), arm(900, 70)))["gate"]["passed"])
        gate = self.answer("compare", self.proportion(arm(1000, 49), arm(900, 70)))["gate"]
        self.assertFalse(gate["passed"])
        self.assertIn("control has 49 of 50", gate["reason"])
        spend = {"n": 1000, "sum": 700, "sum_squares": 9000}
        counted = {**spend, "nonzero": 60}
        out = self.answer("compare", {"metric": "mean", "control": spend, "treatment": counted})["gate"]
        self.assertTrue(out["passed"])
        self.assertIn("at least", out["reason"])

    def test_gate_of_a_share_counts_the_rarer(self):
        gate = self.answer("compare", self.proportion(arm(1000, 990), arm(19000, 18810)))["gate"]
        self.assertFalse(gate["passed"])
        self.assertEqual(gate["reason"], "not enough data yet: control has 10 of 50 visitors without the outcome")
        gate = self.answer("compare", self.proportion(arm(1000, 950), arm(1000, 40)))["gate"]
        self.assertEqual(gate["reason"], "not enough data yet: treatment has 40 of 50 visitors with the outcome")
        gate = self.answer("compare", self.proportion(arm(1000, 950), arm(1000, 940)))["gate"]
        self.assertEqual(gate, {"passed": True,
                                "reason": "every arm has at least 50 visitors with the outcome, and 50 without"})
        # A mean is a share where all its amounts are 1.
        often = {"n": 1000, "sum": 990, "sum_squares": 990, "nonzero": 990}
        self.assertFalse(self.answer("compare", {"metric": "mean", "control": often, "treatment": often})["gate"]["passed"])
        more = {**often, "sum": 1500, "sum_squares": 3000}
        self.assertTrue(self.answer("compare", {"metric": "mean", "control": often, "treatment": more})["gate"]["passed"])

    def test_gate_says_what_uneven_money_in_uneven_arms_takes(self):
        # 1 in 10 of 100 (900) buyers spends 20 instead of 1: see stats/gate_test.cpp
        few = {"n": 1000, "sum": 290, "sum_squares": 4090, "nonzero": 100}
        many = {"n": 9000, "sum": 2610, "sum_squares": 36810, "nonzero": 900}
        out = self.answer("compare", {"metric": "mean", "control": few, "treatment": many})["gate"]
        self.assertTrue(out["passed"])
        self.assertIn("need 1309 of them in control", out["reason"])
        even = self.answer("compare", {"metric": "mean", "control": few, "treatment": few})["gate"]
        self.assertEqual(even["reason"], "every arm has at least 50 visitors with a non-zero outcome")

    def test_a_baseline_near_zero_bounds_no_lift(self):
        out = self.answer("compare", self.proportion(arm(1000, 1), arm(1000, 30)))
        self.assertEqual((out["lift"]["low"], out["lift"]["high"]), (None, None))
        out = self.answer("compare", self.proportion(arm(1000, 0), arm(1000, 30)))
        self.assertIsNone(out["lift"]["estimate"])
        self.assertIsNone(out["lift_delta"])


class Members(Case):
    def test_a_key_given_twice_is_refused(self):
        """JSON leaves open which of them holds; so it is not guessed."""
        for field, calculator, text in (
                ("p", "adjust", '{"p":[0.01],"method":"holm","p":[0.5]}'),
                ("p", "adjust", '{"p":[0.01],"method":"holm","\\u0070":[0.5]}'),
                ("p", "adjust", '{"p" : [0.01], "method": "holm", "p"\n:[0.01]}'),
                ("control.n", "compare", '{"metric":"proportion","control":{"n":9,"successes":1,"n":90},'
                                         '"treatment":{"n":9,"successes":1}}'),
                ("history.window_days", "power", '{"history":{"window_days":1,"window_days":2}}'),
                ("sequence[1].x", "srm", '{"sequence":[[{"x":1}],{"a\\"b":"{,","x":1,"y":{"x":3},"x":2}]}')):
            self.expect_error(field, calculator, text, message="given twice")
        self.expect_error("x\"", "adjust", '{"x\\"":1,"x\\"":1}', message="given twice")
        self.answer("adjust", '{"p":[0.01],"method":"holm"}')
        self.expect_error("p[0]", "adjust", '{"p":["p","p"],"method":"holm"}', message="finite number")


class SampleRatio(Case):
    def test_wrong_input(self):
        self.expect_error("weights", "srm", {"counts": [10, 10], "weights": [0.5, 0.4]}, message="add up")
        self.expect_error("weights", "srm", {"counts": [10], "weights": [1]})
        self.expect_error("weights", "srm", {"counts": [10, 10, 10], "weights": [1, 1]})
        self.expect_error("weights[1]", "srm", {"counts": [10, 10], "weights": [2, -1]})
        self.expect_error("counts[0]", "srm", {"counts": [-1, 10], "weights": [1, 1]})
        self.expect_error("sequence", "srm", {"counts": [9, 9], "weights": [1, 1], "sequence": [[4, 4]]})
        self.expect_error("sequence[1]", "srm", {"counts": [9, 9], "weights": [1, 1], "sequence": [[5, 5], [5, 4]]})
        self.expect_error("sequence[0]", "srm", {"counts": [9, 9], "weights": [1, 1], "sequence": [[9]]})
        self.expect_error("concentration", "srm", {"counts": [9, 9], "weights": [1, 1], "concentration": 0})

    def test_an_early_mismatch_is_not_forgotten(self):
        looks = {"counts": [13000, 13000], "weights": [50, 50], "sequence": [[1000, 3000], [12000, 10000]]}
        self.assertLess(self.answer("srm", looks)["sequential_p"], 1e-9)
        self.assertEqual(self.answer("srm", {**looks, "sequence": None})["sequential_p"], 1)
        self.assertEqual(self.answer("srm", {"counts": [0, 0], "weights": [1, 1]})["p"], 1)


class Adjust(Case):
    def test_all(self):
        self.expect_error("p[1]", "adjust", {"p": [0.1, 1.5], "method": "holm"})
        self.expect_error("p", "adjust", {"method": "holm"})
        self.expect_error("method", "adjust", {"p": [0.1]})
        self.assertEqual(self.answer("adjust", {"p": [], "method": "bh"}), {"p": [], "log10_p": []})
        out = self.answer("adjust", {"log10_p": [-400, -0.1], "method": "holm"})
        self.assertAlmostEqual(out["log10_p"][0], -400 + math.log10(2))


class Power(Case):
    def test_all(self):
        plan = {"metric": "proportion", "baseline": 0.05, "arms": 3, "metrics": 2, "ratio": 2}
        n = self.answer("power", {**plan, "relative_effect": 0.2, "power": 0.8})
        effect = self.answer("power", {**plan, "n": n["n"], "power": 0.8})
        self.assertAlmostEqual(effect["relative_effect"], 0.2, 3)
        power = self.answer("power", {**plan, "n": n["n"], "effect": 0.01})
        self.assertAlmostEqual(power["power"], 0.8, 3)
        self.assertEqual((n["comparisons"], n["total"]), (4, 5 * n["n"]))
        self.expect_error("n", "power", {**plan, "power": 0.8})
        self.expect_error("power", "power", {**plan, "power": 0.8, "n": 10, "effect": 0.1})
        self.expect_error("effect", "power", {**plan, "power": 0.8, "effect": 0})
        self.expect_error("effect", "power", {**plan, "n": 100, "effect": 0.99})
        self.expect_error("sd", "power", {"metric": "mean", "baseline": 1, "n": 10, "power": 0.8})
        self.expect_error("arms", "power", {**plan, "arms": 1, "n": 10, "power": 0.8})

    def test_days_from_history(self):
        plan = {"metric": "mean", "baseline": 1, "sd": 2, "arms": 3, "ratio": 2, "power": 0.8}
        history = {"daily_exposures": [100] * 7, "window_days": 3, "nonzero_share": 0.3}
        out = self.answer("power", {**plan, "effect": 0.4, "history": history})
        days = out["days"]
        # As many as visitors_for says, at 100 a day, and the window of the last; control is a fifth.
        self.assertAlmostEqual(days["fixed"], math.ceil(5 * out["n"] / 100) + 3, delta=1)
        self.assertEqual(days["gate"], math.ceil(50 / 0.3 / 20) + 3)
        self.assertGreater(days["always_valid"], days["fixed"])
        tiny = self.answer("power", {**plan, "effect": 0.001, "history": history})["days"]
        self.assertEqual((tiny["gate"], tiny["fixed"]), (days["gate"], None))
        for field, member, wrong in (("daily_exposures", "daily_exposures", []),
                                     ("daily_exposures", "daily_exposures", [0, 0]),
                                     ("daily_exposures[0]", "daily_exposures", [-1]),
                                     ("window_days", "window_days", -1),
                                     ("nonzero_share", "nonzero_share", 0),
                                     ("nonzero_share", "nonzero_share", None),
                                     ("daily", "daily", [1])):
            self.expect_error("history." + field, "power", {
                **plan, "effect": 0.4, "history": {**history, member: wrong}})


class Tables(Case):
    def test_what_is_not_utf8_is_refused_and_never_repeated(self):
        """An answer is JSON, so UTF-8, whatever was given."""
        self.expect_error("line 1, column 1", "uplift", b"\xff\xfescore,arm,outcome\n", message="save")
        self.expect_error("line 1, column 2", "uplift", b"score,ar\xe9,outcome\n1,control,1\n", message="UTF-8")
        head = b"customer,date\n"
        for bad in (b"M\xfcller", b"M\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"):
            self.expect_error("line 3, customer", "value", head + b"a,2026-01-01\n" + bad + b",2026-01-01\n",
                              message="UTF-8")
        self.expect_error("line 2, date", "value", head + b"a,\"2026\xff\n", message="UTF-8")
        self.expect_error("line 2, column 3", "value", head + b"a,2026-01-01,\xff\n", message="UTF-8")
        self.expect_error("line 2, date", "value", head + "Müller €🙂,x\n".encode(), message="must be a date")
        rows = "score,arm,outcome\n1,control,1\n2,a,1\n"
        self.expect_error("--control", "uplift", rows, "--control", b"M\xfcl", message="the arm M\ufffdl")
        self.expect_error("M\ufffd", "uplift", "arm,outcome\n1,1\n", "--learner", "t", "--features", b"M\xfc")

    def test_wrong_quotes_are_refused(self):
        head = "score,arm,outcome\n1,control,1\n"
        for row in ('0.5,mail,"1"2', '0.5,mail,"1""', '0.5,mail,"1', '0.5,mail,"', '0.5,mail, "1" x'):
            self.expect_error("line 3, outcome", "uplift", head + row + "\n", message="quote")
            self.expect_error("line 3, outcome", "uplift", head + row, message="quote")
        self.expect_error("line 3, arm", "uplift", head + '0.5,"mail,1\n0.5,mail,1"\n', message="not closed")
        self.expect_error("line 1, column 2", "uplift", 'score,"arm"s,outcome\n', message="closing quote")
        self.expect_error("line 2, reward", "ope", 'reward,propensity,target_probability\n"1"2,1,1\n')
        self.expect_error("line 2, amount", "value", 'customer,date,amount\n1,2026-01-01,"1"2\n')
        good = head + '"0.5" ,"ma""il, ""x""","1"\n'
        self.assertEqual(self.answer("uplift", good, "--treatment", 'ma"il, "x"')["n"], 2)

    def test_value(self):
        self.expect_error("", "value", "")
        self.expect_error("customer", "value", "who,date,amount\n1,2026-01-01,3\n")
        self.expect_error("line 3, date", "value", "customer,date,amount\n1,2026-01-01,3\n1,2026-02-30,3\n")
        self.expect_error("line 2, amount", "value", "customer,date,amount\n1,2026-01-01,nan\n")
        self.expect_error("line 2, amount", "value", "customer,date,amount\n1,2026-01-01,-3\n")
        self.expect_error("line 2", "value", "customer,date,amount\n1,2026-01-01\n", message="cells")
        self.expect_error("line 2, frequency", "value", "frequency,recency,T\n1,20,10\n")
        self.expect_error("", "value", "customer,date,amount\n1,2026-01-01,3\n", message="nobody bought twice")
        rows = "customer,date,amount\n1,2026-01-01,1\n2,2026-01-01,1e308\n1,2026-01-02,1e308\n1,2026-01-03,1e308\n"
        self.expect_error("line 5, amount", "value", rows, message="finite")
        self.expect_error("--until", "value", "frequency,recency,T\n1,5,10\n", "--until", "2026-01-01", message="dates")
        self.expect_error("--model", "value", "", "--model", "x")
        self.expect_error("--horizon", "value", "", "--horizon", "-1")

    def test_value_from_purchases_and_from_histories(self):
        random.seed(2)
        rows, summary = ["customer,date,amount"], ["customer,frequency,recency,T,monetary"]
        for customer in range(300):
            days, day, rate = [0], 0.0, random.gammavariate(0.8, 1 / 30)
            gone = random.expovariate(random.gammavariate(0.7, 1 / 60) + 1e-9)
            while (day := day + random.expovariate(rate + 1e-9)) < min(180, gone):
                days.append(int(day))
            days = sorted(set(days))
            money = random.gammavariate(5, 10)
            for d in days:
                date = datetime.date(2026, 1, 1) + datetime.timedelta(d)
                rows.append(f"c{customer},{date},{money * random.gammavariate(4, 0.25):.2f}")
        out = self.answer("value", "\n".join(rows), "--unit", "day", "--horizon", "90", "--until", "2026-07-01")
        self.assertFalse(out["gate"]["passed"])
        self.assertIn("of 825 customers bought again", out["gate"]["reason"])
        for c in out["customers"]:
            summary.append(f"{c['customer']},{c['frequency']},{c['recency']},{c['T']},"
                           f"{random.gammavariate(6, 8) if c['frequency'] else 0}")
            for figure in ("expected_purchases", "alive", "spend", "value"):
                self.assertLessEqual(c[figure]["low"], c[figure]["estimate"])
                self.assertLessEqual(c[figure]["estimate"], c[figure]["high"])
        for model in ("bg-nbd", "pareto-nbd"):
            again = self.answer("value", "\n".join(summary), "--horizon", "90", "--model", model)
            self.assertEqual(len(again["customers"]), 300)
        self.assertEqual(self.answer("value", "\n".join(summary), "--horizon", "90")["parameters"], out["parameters"])

    def test_off_policy(self):
        head = "reward,propensity,target_probability\n"
        self.expect_error("target_probability", "ope", "reward,propensity\n1,1\n")
        self.expect_error("line 2, propensity", "ope", head + "1,0,0.5\n")
        self.expect_error("line 2, target_probability", "ope", head + "1,0.5,1.5\n")
        self.expect_error("line 3, reward", "ope", head + "1,0.5,0.5\ninf,0.5,0.5\n")
        self.expect_error("", "ope", head, message="not enough data yet")
        out = self.answer("ope", head + "1,0.5,1\n" * 2 + "1,0.5,0\n" * 1000)
        self.assertFalse(out["estimable"])
        self.assertEqual((out["ips"], out["snips"], out["dr"]), (None, None, None))
        self.assertAlmostEqual(out["ess"], 2)

    def test_uplift(self):
        head = "score,arm,outcome\n"
        self.expect_error("outcome", "uplift", "score,arm\n1,control\n")
        self.expect_error("--control", "uplift", head + "1,a,1\n1,b,1\n")
        self.expect_error("--treatment", "uplift", head + "1,control,1\n")
        self.expect_error("--treatment", "uplift", head + "1,control,1\n1,a,1\n1,b,1\n", message="several")
        self.expect_error("line 3, score", "uplift", head + "1,control,1\nx,a,1\n")
        self.expect_error("--resamples", "uplift", head, "--resamples", "1")
        for seed in ("-1", " -1", "18446744073709551616", "x", "1.5", ""):
            done = subprocess.run([TACT, "stats", "uplift", "--seed", seed], capture_output=True, text=True, timeout=60,
                                  input=head + "1,control,1\n1,a,1\n")
            self.assertEqual((done.returncode, done.stdout), (2, ""), seed)
            self.assertIn("--seed", done.stderr)
        self.answer("uplift", head + "1,control,1\n1,a,1\n", "--seed", str(2**64 - 1))
        random.seed(3)
        rows = []
        for _ in range(4000):
            score, treated = random.random(), random.random() < 0.5
            rows.append(f"{score},{'mail' if treated else 'control'},{int(random.random() < 0.2 + treated * 0.3 * score)}")
        out = self.answer("uplift", head + "\n".join(rows + ["0.5,other,1"]), "--treatment", "mail")
        self.assertEqual((out["verdict"], out["n"], len(out["curve"])), ("better than random", 4000, 10))
        out = self.answer("uplift", head + "1,control,1\n2,mail,0\n")
        self.assertEqual(out["verdict"], "not enough data yet")

    def test_models_cost_nothing_where_none_is_fitted(self):
        """XGBoost and its OpenMP are loaded when used, not with the program (docs/decisions/0009)."""
        loaded = subprocess.run([TACT], env={"LD_TRACE_LOADED_OBJECTS": "1"}, capture_output=True, text=True,
                                timeout=60).stdout
        self.assertIn("librocksdb", loaded)
        self.assertNotIn("xgboost", loaded)
        self.assertNotIn("gomp", loaded)

    def test_uplift_from_features(self):
        head = "a,b,arm,outcome\n"
        options = ("--learner", "t", "--features", "a,b")
        self.expect_error("--learner", "uplift", "", "--learner", "s", "--features", "a")
        self.expect_error("--features", "uplift", "", "--learner", "t")
        self.expect_error("--features", "uplift", "", "--learner", "t", "--features", "a,outcome", message="predicted")
        self.expect_error("--features", "uplift", "", "--learner", "t", "--features", "a,a", message="twice")
        for empty in ("", " ", "a, ,b"):
            self.expect_error("--features", "uplift", head, "--learner", "t", "--features", empty, message="empty")
        for flag, value in (("--features", "a"), ("--propensity", "0.5"), ("--folds", "5")):
            self.expect_error(flag, "uplift", "", flag, value, message="--learner")
        self.expect_error("--propensity", "uplift", "", *options, "--propensity", "1")
        self.expect_error("--propensity", "uplift", "", *options, "--propensity", "0")
        self.expect_error("--folds", "uplift", "", *options, "--folds", "1")
        self.expect_error("--resamples", "uplift", "", *options, "--resamples", "1")
        self.expect_error("", "uplift", head, *options, message="not enough data yet")
        self.expect_error("c", "uplift", head, "--learner", "t", "--features", "a,c", message="lacks")
        self.expect_error("line 3, b", "uplift", head + "1,2,control,0\n1,red,x,1\n", *options, message="category")
        self.expect_error("line 2, outcome", "uplift", head + "1,2,control,inf\n1,2,x,1\n", *options)
        rows = [f"{i % 7},{i % 3},{'mail' if i % 2 else 'control'},{int(i % 5 == 0)}" for i in range(60)]
        self.expect_error("arm", "uplift", head + "\n".join(rows[:30]), *options, message="15 rows; 5 folds need 25")
        self.expect_error("b", "uplift", head + "\n".join(row[:2] + "4" + row[3:] for row in rows), *options,
                          message="same value")
        self.expect_error("a", "uplift", head + "\n".join(rows[1:] + ["1e300,2,control,0"]), *options,
                          message="infinite")
        self.expect_error("outcome", "uplift", head + "\n".join(rows[1:] + ["1,2,control,1e200"]), *options)
        random.seed(5)
        rows = []
        for _ in range(4000):
            a, b, treated = random.random(), random.random(), random.random() < 0.5
            hit = int(random.random() < 0.2 + treated * 0.3 * (a > 0.5))
            rows.append(f"{a:.3f},{b:.3f},{'mail' if treated else 'control'},{hit}")
        text = head + "\n".join(rows + [",,other,1"])
        for learner in ("t", "x", "dr"):
            given = ("--learner", learner, "--features", "a,b", "--treatment", "mail", "--propensity", "0.5")
            out = self.answer("uplift", text, *given)
            self.assertEqual((out["verdict"], out["n"]), ("better than random", 4000))
            self.assertEqual(out, self.answer("uplift", text, *given))
            money = self.answer("uplift", text.replace(",1\n", ",29.9\n"), *given)
            self.assertEqual(money["verdict"], "better than random")
        out = self.answer("uplift", text, "--learner", "t", "--features", "b", "--treatment", "mail")
        self.assertEqual(out["verdict"], "no better than random")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
