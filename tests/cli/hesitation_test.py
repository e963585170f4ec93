#!/usr/bin/env python3
"""Hesitation that returned: from what visitors of a simulated server did on which visit to their rows, what each decision
recorded, and `tact report`, against a model written here.

  tests/cli/hesitation_test.py TACT      run from the repository's root
"""
import datetime
import json
import pathlib
import random
import sys
import tempfile
import unittest
import urllib.request

from program import Server, run

PLAYBOOK = {
    "playbook.yaml": "site: Doubts\ntime_zone: UTC\ncurrency: EUR\nhold_back: 0%\nlocales: [en]\n",
    "guards.yaml": "all: 50 per visit\n",
    "content.yaml": "pages:\n  /p/*: {type: product}\n",
    "signals.yaml": "guide:\n  says: opened the size guide\n  seen: track Guide Opened\n  fades: half in 7d\n"
                    "wrapping:\n  says: looked at wrapping\n  seen: track Wrapping Seen\n  fades: half in 7d\n",
    "intents.yaml": "unsure:\n  means: is unsure about the size\n  usually: 20%\n  for:\n"
                    "    - guide repeatedly within 7d: strong\n"
                    "gift:\n  means: looks for a gift\n  usually: 20%\n  for:\n"
                    "    - wrapping repeatedly this visit: decisive\n",
    "goals.yaml": "orders:\n  says: placed an order\n  seen: track Order Completed\n  within: 14d\n",
    "messages/all.yaml": "note:\n  reveals: page\n  variants:\n    plain:\n      title: \"Returns are free.\"\n",
    "moments/all.yaml": "fit-help:\n  need: know the size\n  because: a test\n  at: top\n  when: page type product\n"
                        "  show: note\n  otherwise: default\n  expect: more orders\n  without_a_sale: they know more\n"
                        "  hold_back: 50%\n  at_most: 50 per visit\n  owner: tests\n"}
CONSENT = {"consent": {"categoryPreferences": {"personalization": True, "analytics": True}}}
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
START = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.timezone.utc)
AS_OF = "2026-03-20"
VISITORS = 1_600
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)
# What a page view brings with it. "left over": nothing, while the guide of the visit before still speaks.
DONE = {"doubt": ["Guide Opened"] * 2, "gift": ["Wrapping Seen"] * 2, "nothing": []}


class Visitor:
    def __init__(self, number):
        self.rng = random.Random(number)
        self.name = f"v-{number}"
        self.shown = None
        first = START + DAY * self.rng.randrange(10) + MINUTE * self.rng.randrange(400)
        self.hesitates = self.rng.random() < 0.8
        self.steps = [(first, "doubt" if self.hesitates else "nothing", "/p/1")]
        if self.rng.random() < 0.5:  # of the same visit
            self.steps.append((first + 12 * MINUTE, "doubt", "/p/2"))
        self.first = first

    def come_back(self):
        """Who was shown the message doubts again less often."""
        doubts = self.rng.random() < (0.3 if self.shown else 0.8)
        for days in sorted(self.rng.sample([1, 2, 3, 5, 8, 13, 21, 29, 30, 33], self.rng.randrange(1, 4))):
            what = self.rng.choice(["doubt", "gift", "nothing"]) if doubts else self.rng.choice(["gift", "nothing"])
            page = self.rng.choice(["/about", "/p/3"])  # asked on both; on the first nothing can be shown
            self.steps.append((self.first + DAY * days + MINUTE * self.rng.randrange(60), what, page))

    def again_day(self):
        """By the rules of docs/report.md."""
        days = [(at - self.first) // DAY for at, what, _ in self.steps
                if what == "doubt" and 30 * MINUTE < at - self.first < 30 * DAY]
        return min(days) if days and self.hesitates else -1


class Hesitation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        playbook, cls.data = pathlib.Path(folder.name, "playbook"), pathlib.Path(folder.name, "data")
        for name, text in PLAYBOOK.items():
            path = playbook / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        server = Server(playbook, cls.data, "--simulated")
        cls.addClassCleanup(cls.stop_and_verify, server)
        cls.visitors = [Visitor(number) for number in range(VISITORS)]
        cls.live(cls.visitors)
        status, out, err = run("report", "fit-help", "--json", "--data", cls.data, "--as-of", AS_OF)
        assert status == 0, err
        (cls.report,) = json.loads(out)["moments"]
        (cls.goal,) = [goal for goal in cls.report["goals"] if goal["goal"] == "hesitated again"]

    @classmethod
    def stop_and_verify(cls, server):
        """All rows are derived again from the log, and each decision is made again."""
        assert server.stop() == 0
        status, out, err = run("verify", "--data", cls.data)
        assert status == 0, out + err

    @classmethod
    def live(cls, visitors):
        """All in order of time: the server's clock goes with the requests."""
        keys = json.loads((cls.data / "keys").read_text())
        key = next(source["key"] for source in keys["sources"] if source["kind"] == "write")
        url = (cls.data / "address").read_text().strip()
        waiting = sorted(((at, visitor.name, step) for visitor in visitors
                          for step, (at, _, _) in enumerate(visitor.steps)), reverse=True)
        named = {visitor.name: visitor for visitor in visitors}
        while waiting:
            at, name, step = waiting.pop()
            visitor = named[name]
            shown = cls.ask(url, key, visitor, step)
            if step == 0:
                visitor.shown = shown
                known = len(visitor.steps)
                visitor.come_back()
                waiting += [(then, name, known + i) for i, (then, _, _) in enumerate(visitor.steps[known:])]
                waiting.sort(reverse=True)

    @staticmethod
    def ask(url, key, visitor, step):
        """Is the message shown? Of two slots the moment has one."""
        at, what, path = visitor.steps[step]
        page = {"url": "https://shop.example" + path}
        common = {"anonymousId": visitor.name, "context": CONSENT}
        events = [{"type": "page", "name": "any", "properties": page, **common}]
        events += [{"type": "track", "event": name, **common} for name in DONE[what]]
        for number, event in enumerate(events):
            event["messageId"] = f"{visitor.name}.{step}.{number}"
        body = {"writeKey": key, "visitor": {"anonymousId": visitor.name}, "requestId": f"{visitor.name}.{step}",
                "page": page, "context": CONSENT | {"locale": "en-GB"}, "events": events, "slots": ["side", "top"]}
        request = urllib.request.Request(
            f"{url}/v1/decide", json.dumps(body).encode(),
            {"User-Agent": BROWSER, "Tact-Time": at.strftime("%Y-%m-%dT%H:%M:%S.000Z")})
        with urllib.request.urlopen(request, timeout=30) as answer:
            decisions = json.loads(answer.read())["decisions"]
        return any(decision["show"] is not None for decision in decisions)

    def tells(self, what, visitor):
        status, out, err = run("visitor", what, visitor.name, "--data", self.data)
        self.assertEqual(status, 0, err)
        return json.loads(out)

    def some(self, condition, most=12):
        found = [visitor for visitor in self.visitors if condition(visitor)][:most]
        self.assertTrue(found)
        return found

    def test_the_row_of_each_says_when_it_was_first_there_again(self):
        some = (self.some(lambda v: v.again_day() > 0) + self.some(lambda v: v.again_day() == -1 and v.hesitates) +
                self.some(lambda v: not v.hesitates))
        for visitor in some:
            with self.subTest(visitor=visitor.name, steps=visitor.steps):
                rows = {row["moment"]: row for row in self.tells("show", visitor)["exposures"]}
                self.assertEqual(rows["fit-help"]["treated"], visitor.shown)
                self.assertEqual(rows["fit-help"]["after"]["again_day"], visitor.again_day())

    def test_a_decision_tells_of_later_visits_alone_and_the_intent_only_where_it_is_there_again(self):
        answers = set()
        for visitor in self.some(lambda v: v.hesitates and len(v.steps) > 3, 30):
            decisions = [one for one in self.tells("export", visitor)["records"] if one["type"] == "decision"]
            self.assertEqual(len(decisions), 2 * len(visitor.steps), "both slots")
            for i, decision in enumerate(decisions):
                at, what, path = sorted(visitor.steps)[i // 2]
                asked = 30 * MINUTE < at - visitor.first < 30 * DAY
                self.assertEqual(decision.get("hesitatesAgain"), what == "doubt" if asked else None)
                enters = "moment" in decision
                self.assertEqual(enters, path != "/about" and decision["slot"] == "top")
                answers.add((asked, what, enters))
                if enters:
                    continue
                self.assertEqual("intent" in decision, asked and what == "doubt")
        self.assertGreater(len(answers), 7)

    def test_the_report_counts_who_hesitated_by_arm(self):
        self.assertEqual((self.goal["of_whom"], self.goal["within"]), ("hesitated", "P30D"))
        for arm in self.goal["arms"]:
            who = [v for v in self.visitors if v.hesitates and v.shown == (not arm["control"])]
            self.assertGreater(len(who), 300)
            self.assertEqual(arm["visitors"], len(who))
            self.assertEqual(arm["outcomes"], sum(v.again_day() >= 0 for v in who))
        self.assertTrue(self.goal["enough_data"])
        difference = self.goal["difference"]
        self.assertLess(difference["high"], 0)
        rates = {arm["control"]: arm["rate"] for arm in self.goal["arms"]}
        self.assertAlmostEqual(difference["estimate"], rates[False] - rates[True])

    def test_in_words(self):
        status, out, err = run("report", "fit-help", "--data", self.data, "--as-of", AS_OF)
        self.assertEqual(status, 0, err)
        words = " ".join(out.split())
        self.assertIn("hesitated again Fewer of those who hesitated did so again on a later visit with it: −", words)
        html = self.data / "report.html"
        status, _, err = run("report", "fit-help", "--data", self.data, "--as-of", AS_OF, "--html", html)
        self.assertEqual(status, 0, err)
        self.assertIn("Do doubts come back?", html.read_text())

    def test_before_a_month_is_over_nobody_is_counted(self):
        status, out, err = run("report", "fit-help", "--data", self.data, "--as-of", "2026-01-20")
        self.assertEqual(status, 0, err)
        self.assertIn("did so again on a later visit: too few, or too young, to be shown yet.", " ".join(out.split()))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
