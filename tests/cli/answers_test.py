#!/usr/bin/env python3
"""What visitors look at and answer to, from imported events to `tact visitor show`.

  tests/cli/answers_test.py TACT      run from the repository's root
"""
import datetime
import json
import pathlib
import re
import sys
import tempfile
import unittest

from program import Server, run

PLAYBOOK = "tests/golden/playbooks/corner"  # Europe/Berlin; /trails* is about trails
PEOPLE = 40


def at(day, hour):
    """So many days ago, at that hour of winter time in Berlin."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    moment = datetime.datetime.combine(today, datetime.time()) + datetime.timedelta(hours=hour - 1, days=-day)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def event(who, name, when, **properties):
    return {"type": "track", "event": name, "userId": who, "timestamp": when, "properties": properties}


def mails(who, hour, answered_of_five):
    """Five e-mails on five days, the first of them answered an hour later."""
    out = []
    for day in range(5):
        out.append(event(who, "Email Delivered", at(20 - day, hour)))
        if day < answered_of_five:
            out.append(event(who, "Email Link Clicked", at(20 - day, hour + 1)))
    return out


class Answers(unittest.TestCase):
    def test_one_visitor_beside_everybody(self):
        with tempfile.TemporaryDirectory() as folder:
            data = folder + "/data"
            lines = mails("anna", 19, 4) + mails("anna", 8, 0)
            for i in range(PEOPLE):
                for hour in (8, 19):
                    lines += mails(f"n-{i}", hour, 2 if i % 2 == 0 else 0)
            for product, brand in (("p1", "Fellwind"), ("p2", "Northfold"), ("p3", "Northfold")):
                lines.append(event("anna", "Product Viewed", at(1, 12), product_id=product, category="shoes/trail",
                                   brand=brand))
            lines.append({"type": "page", "userId": "anna", "timestamp": at(1, 13),
                          "properties": {"path": "/trails/alps"}})
            path = pathlib.Path(folder, "past.jsonl")
            path.write_text("".join(json.dumps(line) + "\n" for line in lines))
            status, _, err = run("import", path, "--data", data, "--playbook", PLAYBOOK, "--basis", "contract")
            self.assertEqual(status, 0, err)
            server = Server(PLAYBOOK, data)
            self.addCleanup(server.stop)
            status, out, err = run("visitor", "show", "anna", "--user", "--data", data)
            self.assertEqual(status, 0, err)
            shown = json.loads(out)
            self.assertEqual([one["name"] for one in shown["affinities"]["brand"]], ["Northfold", "Fellwind"])
            self.assertEqual(shown["affinities"]["category"][0]["name"], "shoes")
            self.assertEqual(shown["affinities"]["topic"][0]["name"], "trails")
            for kind in shown["affinities"].values():
                for one in kind:
                    self.assertTrue(0 < one["affinity"] < 1, one)
            said = shown["answers"]["says"]
            found = re.fullmatch(r"answers best by e-mail in the evening: (\d+) % \((\d+)–(\d+) %\), "
                                 r"everybody: (\d+) %", said)
            self.assertTrue(found, said)
            rate, lower, upper, everybody = map(int, found.groups())
            self.assertTrue(lower < rate < upper, said)
            self.assertTrue(everybody < rate < 80, said)  # 4 of 5, drawn towards everybody's fifth
            self.assertTrue(15 <= everybody <= 25, said)
            status, out, err = run("visitor", "show", "n-1", "--user", "--data", data)
            self.assertEqual({one["answered"] for one in json.loads(out)["answers"]["rates"]}, {0})
            self.assertEqual(server.stop(), 0)
            status, out, err = run("verify", "--data", data)
            self.assertEqual(status, 0, out + err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
