#!/usr/bin/env python3
"""Outcomes that a CRM knows weeks later join the arm of whoever was exposed: the example of docs/playbook.md.

  tests/cli/crm_test.py TACT      run from the repository's root
"""
import csv
import datetime
import json
import pathlib
import re
import sys
import tempfile
import unittest
import urllib.request

from program import Server, run

DOCUMENT = "docs/playbook.md"
HEADER = "### Outcomes that come weeks later"
PLAYBOOK = {
    "playbook.yaml": "site: Leads\ntime_zone: UTC\ncurrency: EUR\nhold_back: 0%\nlocales: [en]\n",
    "guards.yaml": "all: 50 per visit\n",
    "content.yaml": "pages:\n  /p/*: {type: product}\n",
    "intents.yaml": "looking:\n  means: is only looking\n  usually: 20%\n  for:\n    - first visit: weak\n",
    "messages/all.yaml": "note:\n  reveals: page\n  variants:\n    plain:\n      title: \"Ask us.\"\n",
    "moments/all.yaml": "ask-us:\n  need: know more\n  because: a test\n  at: top\n  when: page type product\n"
                        "  show: note\n  otherwise: default\n  expect: more good_leads\n  not_at_the_cost_of: more leads\n"
                        "  without_a_sale: they know more\n  hold_back: 40%\n  at_most: 50 per visit\n  owner: tests\n"}
CONSENT = {"consent": {"categoryPreferences": {"personalization": True, "analytics": True}}}
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
VISITORS = 240
LATE = 9999


def example():
    """goals.yaml, the column map, and the command that imports."""
    text = pathlib.Path(DOCUMENT).read_text()
    text = re.split(r"\n##+ ", text[text.index(HEADER) + len(HEADER):])[0]
    (goals,) = re.findall(r"```yaml\n(.*?)```", text, re.S)
    table, columns = re.findall(r"```text\n(.*?)```", text, re.S)
    (command,) = re.findall(r"```sh\ntact (.*?)\n```", text, re.S)
    return goals, table, columns, command


def time_at(days):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class Crm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        cls.data = cls.path / "data"
        goals, table, columns, cls.command = example()
        for name, text in (PLAYBOOK | {"goals.yaml": goals}).items():
            (cls.path / "playbook" / name).parent.mkdir(parents=True, exist_ok=True)
            (cls.path / "playbook" / name).write_text(text)
        (cls.path / "crm.map").write_text(columns)
        cls.columns = table.splitlines()[0].split(",")
        server = Server(cls.path / "playbook", cls.data)
        cls.shown = {name: cls.meet(name) for name in (f"u-{number}" for number in range(VISITORS))}
        assert server.stop() == 0
        cls.rows = cls.leads()

    @classmethod
    def send(cls, route, body, kind="write"):
        keys = json.loads((cls.data / "keys").read_text())
        key = next(source["key"] for source in keys["sources"] if source["kind"] == kind)
        url = (cls.data / "address").read_text().strip()
        request = urllib.request.Request(f"{url}/v1/{route}", json.dumps({"writeKey": key, **body}).encode(),
                                         {"User-Agent": BROWSER})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    @classmethod
    def meet(cls, name):
        """On a page as nobody known; then the form says who it was. Was the message shown?"""
        device, url = "device-" + name, "https://site.example/p/1"
        page = {"type": "page", "anonymousId": device, "messageId": f"{device}.1", "name": "product",
                "properties": {"url": url}, "context": CONSENT}
        answer = cls.send("decide", {"visitor": {"anonymousId": device}, "page": {"url": url},
                                     "context": CONSENT | {"locale": "en-GB"}, "events": [page], "slots": ["top"]})
        cls.send("identify", {"anonymousId": device, "userId": name, "messageId": f"{device}.2", "context": CONSENT},
                 "secret")
        return answer["decisions"][0]["show"] is not None

    @classmethod
    def leads(cls):
        """What the CRM says: of every other visitor a lead, of some of them a good one, of a few too late."""
        rows = []
        for number, name in enumerate(cls.shown):
            if number % 2 == 0:
                rows.append((number, name, time_at(3), "Lead Received", ""))
            if number % 6 == 0:
                rows.append((number, name, time_at(21), "Lead Qualified", 100 + number))
            if number % 10 == 1:  # beyond the goal's 90 days
                rows.append((number, name, time_at(95), "Lead Qualified", LATE))
        return rows

    def imports(self, rows, file="leads.csv"):
        with open(self.path / file, "w", newline="") as out:
            csv.writer(out).writerows([self.columns, *rows])
        words = self.command.replace("leads.csv", str(self.path / file)).replace("crm.map", str(self.path / "crm.map"))
        words = words.replace("--data DATA", f"--data {self.data}").replace("--playbook PLAYBOOK", f"--playbook {self.path / 'playbook'}")
        arguments = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', words)]
        status, out, err = run(*arguments, "--json")
        self.assertEqual(status, 0, err)
        (told,) = json.loads(out)["files"]
        return told

    def arms(self, goal):
        status, out, err = run("report", "ask-us", "--json", "--data", self.data, "--as-of", time_at(200))
        self.assertEqual(status, 0, err)
        (report,) = json.loads(out)["moments"]
        (found,) = [one for one in report["goals"] if one["goal"] == goal]
        return {not arm["control"]: arm for arm in found["arms"]}

    def expect(self, goal, event):
        for treated, arm in self.arms(goal).items():
            mine = [name for name, shown in self.shown.items() if shown == treated]
            rows = [row for row in self.rows if row[1] in mine and row[3] == event and row[4] != LATE]
            self.assertEqual(arm["visitors"], len(mine))
            self.assertEqual(arm["outcomes"], len(rows))
            self.assertEqual(arm["reached"], len({row[1] for row in rows}))
            self.assertEqual(arm["value_minor"], sum(100 * row[4] for row in rows if row[4]))

    def test_join_the_arms(self):
        self.assertTrue(60 < sum(self.shown.values()) < 200)
        for goal in ("leads", "good_leads"):
            self.assertEqual(sum(arm["outcomes"] for arm in self.arms(goal).values()), 0)
        rows = self.rows
        told = self.imports(rows)
        self.assertEqual((told["stored"], told["rejected"]), (len(rows), 0))
        self.expect("leads", "Lead Received")
        self.expect("good_leads", "Lead Qualified")
        # Next week's export holds them again, and one more, of somebody who was never here.
        told = self.imports([*rows, (9999, "stranger", time_at(22), "Lead Qualified", 500)], "again.csv")
        self.expect("good_leads", "Lead Qualified")
        self.assertEqual(told["stored"], 1)
        self.assertEqual(run("verify", "--data", self.data)[0], 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
