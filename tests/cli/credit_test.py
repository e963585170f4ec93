#!/usr/bin/env python3
"""Who is credited for orders, and what refunds leave of them: from what pages and shops send to
`tact report --json`, against sums made here; and what `tact visitor show` and `export` tell of it.

  tests/cli/credit_test.py TACT      run from the repository's root
"""
import collections
import concurrent.futures
import datetime
import json
import pathlib
import random
import sys
import tempfile
import time
import unittest
import urllib.request

from program import Server, run

PLAYBOOK = {
    "playbook.yaml": "site: Credit\ntime_zone: UTC\ncurrency: EUR\nhold_back: 0%\nmargin: 40%\n"
                     "locales: [en]\n",
    "guards.yaml": "all: 50 per visit\n",
    "content.yaml": "pages:\n  /p/*: {type: product}\n",
    "intents.yaml": "looking:\n  means: is only looking\n  usually: 20%\n  for:\n    - first visit: weak\n",
    "goals.yaml": "orders:\n  says: placed an order\n  seen: track Order Completed\n  value: total\n  within: 14d\n",
    "messages/all.yaml": "note:\n  reveals: page\n  costs: 0.10 per visitor, 0.50 per order\n  variants:\n    plain:\n      title: \"Returns are free.\"\n",
    "moments/all.yaml": "".join(
        f"{moment}:\n  need: know more\n  because: a test\n  at: {moment}\n  when: page type product\n"
        "  show: note\n  otherwise: default\n  expect: more orders\n  without_a_sale: they know more\n"
        "  hold_back: 40%\n  at_most: 50 per visit\n  owner: tests\n" for moment in ("top", "side"))}
MOMENTS = ("top", "side")
VISITORS = 320
CONSENT = {"consent": {"categoryPreferences": {"personalization": True, "analytics": True}}}
SENSITIVE = {"consent": {"categoryPreferences": {"personalization": True, "analytics": True, "sensitive": True}}}
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def position_shares(n):
    if n < 3:
        return [1 / n] * n
    return [0.4] + [0.2 / (n - 2)] * (n - 2) + [0.4]


class Visitor:
    """What one of them saw and did, in order: ("shown" | "held", moment), ("order", minor), ("refund", minor)."""

    def __init__(self, name):
        rng = random.Random(name)
        self.name = name
        self.plan = [rng.choice(MOMENTS) for _ in range(rng.randint(1, 5))]
        if rng.random() < 0.7:
            self.plan.append("order")
            if rng.random() < 0.3:
                self.plan += [rng.choice(MOMENTS), "order"]
            if rng.random() < 0.4:
                self.plan.append("refund")
        self.rng = rng
        self.lived = []

    def live(self, site):
        for step, what in enumerate(self.plan):
            if what in MOMENTS:
                self.lived.append(("shown" if site.decide(self.name, step, what) else "held", what))
                continue
            minor = self.rng.randrange(100, 20_000)
            name = {"order": "Order Completed", "refund": "Order Refunded"}[what]
            properties = {"order_id": f"{self.name}.{step}", "total": minor / 100}
            if what == "order":
                properties |= {"discount": 0, "margin": 1.5}
            time.sleep(0.003)  # what is shown in the millisecond of an order is neither before nor after it
            site.send("track", {"anonymousId": self.name, "event": name, "properties": properties, "context": CONSENT})
            time.sleep(0.003)
            self.lived.append((what, minor))


class Site:
    def __init__(self, data):
        keys = json.loads(pathlib.Path(data, "keys").read_text())
        self.keys = {source["kind"]: source["key"] for source in keys["sources"]}
        self.url = pathlib.Path(data, "address").read_text().strip()

    def send(self, route, body, key="write"):
        body = json.dumps({"writeKey": self.keys[key], **body}).encode()
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        request = urllib.request.Request(f"{self.url}/v1/{route}", body, {"User-Agent": BROWSER, "Tact-Time": now})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def decide(self, visitor, step, slot, context=CONSENT):
        """Is the message shown?"""
        url = f"https://shop.example/p/{step}"
        page = {"type": "page", "anonymousId": visitor, "messageId": f"{visitor}.p{step}", "name": "product",
                "properties": {"url": url}, "context": context}
        answer = self.send("decide", {"visitor": {"anonymousId": visitor}, "requestId": f"{visitor}.{step}",
                                      "page": {"url": url}, "context": context | {"locale": "en-GB"},
                                      "events": [page], "slots": [slot]})
        return answer["decisions"][0]["show"] is not None


Row = collections.namedtuple("Row", "treated orders last linear position value")


def row_of(visitor, moment):
    """The visitor's row of `facts`, or None: the rules of docs/report.md, written anew."""
    first = next((i for i, (_, what) in enumerate(visitor.lived) if what == moment), None)
    if first is None:
        return None
    touches = []  # since the order before, for every rule
    orders = credited = linear = position = value = 0
    for i, (kind, what) in enumerate(visitor.lived):
        if kind == "shown":
            touches.append(what)
        if i < first or kind in ("shown", "held"):
            touches = [] if kind == "order" else touches
            continue
        if kind == "refund":
            value -= what
            continue
        value += what
        orders += 1
        credited += touches[-1:] == [moment]
        for share, touch in zip(position_shares(len(touches)) if touches else [], touches):
            linear += (touch == moment) / len(touches)
            position += (touch == moment) * share
        touches = []
    return Row(visitor.lived[first][0] == "shown", orders, credited, linear, position, value)


class Credit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        playbook = pathlib.Path(cls.folder.name, "playbook")
        for name, text in PLAYBOOK.items():
            (playbook / name).parent.mkdir(parents=True, exist_ok=True)
            (playbook / name).write_text(text)
        cls.data = cls.folder.name + "/data"
        server = Server(playbook, cls.data, "--simulated")  # of people nothing is told before their day is over
        cls.addClassCleanup(cls.stop_and_verify, server)
        site = Site(cls.data)
        cls.visitors = [Visitor(f"v-{number}") for number in range(VISITORS)]
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda visitor: visitor.live(site), cls.visitors))
        # So many that each arm has 50 of them: of fewer no report tells that they belong together.
        colleagues = ["colleague", *(f"colleague-{number}" for number in range(199))]
        for name, step, context in (*((name, 1, CONSENT) for name in colleagues), ("patient", "insulin-pen", SENSITIVE)):
            other = Visitor(name)
            other.lived = [("shown" if site.decide(name, step, "top", context) else "held", "top")]
            cls.visitors.append(other)
        for number, name in enumerate(colleagues):
            firm = f"firm-{number // 2}.example" if number else "acme.example"
            site.send("group", {"anonymousId": name, "groupId": firm, "context": CONSENT}, "secret")
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=200)
        status, out, err = run("report", "--json", "--data", cls.data, "--as-of", later.strftime("%Y-%m-%dT%H:%M:%SZ"))
        assert status == 0, err
        cls.reports = {one["moment"]: one for one in json.loads(out)["moments"]}

    @classmethod
    def stop_and_verify(cls, server):
        assert server.stop() == 0
        status, out, err = run("verify", "--data", cls.data)
        assert status == 0, out + err

    def tells(self, what, visitor):
        status, out, err = run("visitor", what, visitor, "--data", self.data)
        self.assertEqual(status, 0, err)
        return json.loads(out)

    def exposures(self, visitor):
        """By moment; the universal one is of none."""
        shown = self.tells("show", visitor)["exposures"]
        rows = {row["moment"]: row for row in shown}
        self.assertEqual(len(rows), len(shown))
        return rows

    def arms(self, moment, goal):
        """The treated and the held back, as reported."""
        found = next(one for one in self.reports[moment]["goals"] if one["goal"] == goal)
        return {not arm["control"]: arm for arm in found["arms"]}

    def rows(self, moment, treated):
        rows = [row_of(visitor, moment) for visitor in self.visitors]
        return [row for row in rows if row and row.treated == treated]

    def test_the_world_is_not_too_tame(self):
        for moment in MOMENTS:
            treated = self.rows(moment, True)
            self.assertGreater(len(treated), 80)
            self.assertGreater(len(self.rows(moment, False)), 60)
            last, linear, position = (sum(getattr(row, name) for row in treated)
                                      for name in ("last", "linear", "position"))
            self.assertGreater(max(abs(last - linear), abs(linear - position), abs(last - position)), 0.5)

    def test_orders_and_credit_by_three_rules(self):
        for moment in MOMENTS:
            with self.subTest(moment=moment):
                for treated, arm in self.arms(moment, "orders").items():
                    rows = self.rows(moment, treated)
                    self.assertEqual(arm["visitors"], len(rows))
                    self.assertEqual(arm["outcomes"], sum(row.orders for row in rows))
                    self.assertEqual(arm["attributed"], sum(row.last for row in rows))
                    for member, name in (("attributed_linear", "linear"), ("attributed_position", "position")):
                        self.assertAlmostEqual(arm[member], sum(getattr(row, name) for row in rows), 2)

    def test_the_report_credits_the_treated_and_nobody_else(self):
        for moment in MOMENTS:
            with self.subTest(moment=moment):
                credit, rows = self.reports[moment]["credit"], self.rows(moment, True)
                self.assertEqual(credit["last"], sum(row.last for row in rows))
                self.assertAlmostEqual(credit["linear"], sum(row.linear for row in rows), 2)
                self.assertAlmostEqual(credit["position"], sum(row.position for row in rows), 2)
                held = self.arms(moment, "orders")[False]
                self.assertEqual((held["attributed"], held["attributed_linear"], held["attributed_position"]), (0, 0, 0))
                self.assertAlmostEqual(credit["captured"]["estimate"], credit["last"] - credit["created"]["estimate"], 6)

    def test_refunds_leave_the_rest(self):
        refunded = 0
        for moment in MOMENTS:
            for treated, arm in self.arms(moment, "value less refunds").items():
                rows = self.rows(moment, treated)
                self.assertEqual(arm["visitors"], len(rows))
                self.assertAlmostEqual(arm["outcomes"], sum(row.value for row in rows) / 100, 6)
            for treated, arm in self.arms(moment, "orders").items():
                gross = arm["value_minor"] - sum(row.value for row in self.rows(moment, treated))
                self.assertGreater(gross, 0, "refunds take nothing from the value of orders")
                refunded += gross
        self.assertGreater(refunded, 0)

    def test_what_is_left_over_after_margin_and_costs(self):
        """Every order told a margin of 1.50, so that the site's 40 % is assumed of none."""
        (money,) = self.reports["side"]["returns"]
        orders = {treated: [row.orders for row in self.rows("side", treated)] for treated in (True, False)}
        mean = {treated: sum(of) / len(of) for treated, of in orders.items()}
        kept, cost = 1.5 * (mean[True] - mean[False]), 0.1 + 0.5 * mean[True]
        for member, expected in (("kept", kept), ("cost", cost), ("profit", kept - cost)):
            self.assertAlmostEqual(money[member]["estimate"], expected, 9)
            self.assertLess(money[member]["low"], expected)
            self.assertGreater(money[member]["high"], expected)
        self.assertAlmostEqual(money["total"]["estimate"], (kept - cost) * len(orders[True]), 6)
        self.assertIn("Costs: shown €0.10 for each visitor and €0.50 for each of their orders",
                      self.reports["side"]["return_assumes"])

    def test_colleagues_are_not_independent_so_no_return_is_reckoned(self):
        self.assertEqual(self.reports["top"]["returns"], [])
        self.assertIn("of one account are not independent", self.reports["top"]["return_assumes"])

    # What is kept of an exposure, as docs/minimisation.md promises it.

    def test_of_everybody_what_they_did_afterwards(self):
        some_refund = 0
        for visitor in self.visitors[:12]:
            with self.subTest(visitor=visitor.name, lived=visitor.lived):
                rows = self.exposures(visitor.name)
                expected = {moment: row_of(visitor, moment) for moment in MOMENTS}
                self.assertEqual(set(rows), {moment for moment, row in expected.items() if row} | {""})
                for moment, row in rows.items():
                    if moment:
                        self.check(row, expected[moment], visitor.lived)
                        some_refund += row["after"]["refunds"]
        self.assertGreater(some_refund, 0)

    def check(self, row, expected, lived):
        self.assertEqual(row["treated"], expected.treated)
        self.assertFalse(row["crossover"] or row["of_account"])
        after = row["after"]
        self.assertEqual(after["orders"], expected.orders)
        self.assertEqual(sum(after["value_minor"]) - after["refund_minor"], expected.value)
        self.assertEqual(len(after["value_minor"]), 6)
        self.assertEqual(after["margin_minor"], 150 * expected.orders)
        self.assertEqual(after["full_price_day"], 0 if expected.orders else -1)
        self.assertEqual(after["order_days"], [0] if expected.orders else [])
        self.assertLessEqual(after["refunds"], sum(kind == "refund" for kind, _ in lived))

    def test_of_before_only_what_is_documented(self):
        visitor = next(one for one in self.visitors if one.lived[0][1] in MOMENTS)
        row = self.exposures(visitor.name)[visitor.lived[0][1]]
        self.assertEqual(set(row), {"moment", "at", "treated", "variant", "crossover", "of_account", "slot",
                                    "before", "after"})
        before = row["before"]
        self.assertEqual(set(before), {"device", "language", "region", "source", "hour_of_week", "page_type", "visit",
                                       "intent", "intent_level", "stage", "orders", "value_minor", "days_since_order"})
        self.assertEqual(set(row["after"]), {
            "visit_days", "order_days", "orders", "value_minor", "margin_orders", "margin_minor", "refunds",
            "refund_minor", "returns", "full_price_day", "unsubscribes", "complaints", "dismissed", "ignored", "ratings",
            "rating_milli", "recall_asked", "recalled", "withdrew", "again_day"})
        self.assertEqual((before["page_type"], before["language"], before["device"], before["visit"]),
                         ("product", "en", "desktop", 1))
        self.assertEqual((before["intent"], before["intent_level"]), ("", "unclear"))
        self.assertEqual((before["orders"], before["days_since_order"]), (0, -1))
        self.assertTrue(1 <= before["hour_of_week"] <= 168)
        self.assertNotRegex(json.dumps(row), "/p/|shop.example|Order")

    def test_of_a_firm_that_there_is_one(self):
        for row in self.exposures("colleague").values():
            self.assertIs(row["of_account"], True)
            self.assertNotIn("acme", json.dumps(row))

    def test_of_what_is_sensitive_nothing(self):
        rows = self.exposures("patient")
        self.assertIn("top", rows)
        for row in rows.values():
            before = row["before"]
            self.assertEqual((before["intent"], before["intent_level"], before["page_type"], before["stage"]),
                             ("", "untold", "", ""))
            self.assertEqual(before["language"], "en")
        (decision,) = [one for one in self.tells("export", "patient")["records"] if one["type"] == "decision"]
        self.assertNotIn("intentLevel", decision)
        self.assertNotIn("intent", decision)

    def test_an_export_tells_what_each_decision_recorded(self):
        visitor = next(one for one in self.visitors if one.plan.count("order") == 2)
        records = self.tells("export", visitor.name)["records"]
        decisions = [one for one in records if one["type"] == "decision"]
        self.assertEqual([one["moment"] for one in decisions], [what for what in visitor.plan if what in MOMENTS])
        self.assertEqual({one["intentLevel"] for one in decisions}, {"unclear"})
        self.assertEqual(["shown" if one["outcome"] == "shown" else "held" for one in decisions],
                         [kind for kind, _ in visitor.lived if kind in ("shown", "held")])
        orders = [one for one in records if one.get("event") == "Order Completed"]
        self.assertEqual([round(100 * one["properties"]["total"]) for one in orders],
                         [what for kind, what in visitor.lived if kind == "order"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
