#!/usr/bin/env python3
"""Facts from a CRM: imported, shown with source and age, audited; stale ones found.

  tests/cli/facts_test.py TACT      run from the repository's root
"""
import datetime
import json
import pathlib
import sys
import tempfile
import unittest

from program import Server, run

PLAYBOOK = "tests/golden/playbooks/corner"  # declares company_size: from crm, then visitor


def ago(days):
    when = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class Facts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = self.folder.name + "/data"

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, *lines):
        path = pathlib.Path(self.folder.name, name)
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line)
                                  for line in lines) + "\n")
        return path

    def imports(self, path, *options, status=0):
        got, out, err = run("import", path, "--data", self.data, "--playbook", PLAYBOOK, "--basis",
                            "contract", "--traits", "--json", *options)
        self.assertEqual(got, status, err)
        return json.loads(out) if out else None, err

    def test_the_crm_tells(self):
        told = ago(10)
        self.imports(self.write("crm.jsonl",
                                {"userId": "anna", "companySize": 120, "timestamp": told, "phone": "x"},
                                {"userId": "ben", "timestamp": ago(900), "traits": {"company_size": 7}}),
                     "--source", "crm")
        server = Server(PLAYBOOK, self.data)
        self.addCleanup(server.stop)
        status, out, err = run("visitor", "show", "anna", "--user", "--data", self.data)
        self.assertEqual(status, 0, err)
        (fact,) = json.loads(out)["facts"]
        self.assertEqual((fact["name"], fact["value"], fact["source"], fact["enriched"]),
                         ("company_size", 120, "crm", False))
        self.assertEqual(fact["told"][:19], told[:19])
        self.assertTrue(fact["age"].startswith("P10D") or fact["age"].startswith("PT240H"), fact["age"])

        beside = run("freshness", "--data", self.data)
        self.assertIn("known of 2 (100 %)", beside[1])
        self.assertIn("demo, small-plan ask for it, and it is stale for 50 %", beside[1])
        self.assertEqual(beside[0], 1, "a finding")
        document = json.loads(run("freshness", "--data", self.data, "--json")[1])
        self.assertEqual(document["facts"][0]["moments"], ["demo", "small-plan"])
        self.assertEqual(document["facts"][0]["sources"][0]["stale"], 1)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(run("freshness", "--data", self.data), beside, "the same without the server")
        self.assertEqual(run("verify", "--data", self.data)[0], 0)

    def test_bought_facts_are_marked_and_not_believed(self):
        self.imports(self.write("bought.jsonl", {"userId": "anna", "company_size": 900}), "--source",
                     "acme", "--enriched")
        status, out, _ = run("freshness", "--data", self.data)
        self.assertIn("enriched acme (not believed)", out)
        self.assertIn("nobody told it", out)
        self.assertEqual(status, 1)

    def test_a_column_map_may_name_them(self):
        rows = self.write("crm.csv", "customer,size,seen", f"anna,51,{ago(3)}", f"ben,many,{ago(3)}")
        columns = self.write("crm.map", "separator = comma", "type = identify", "userId = ${customer}",
                             "timestamp = ${seen}", "traits.company_size:number = ${size}")
        document, err = self.imports(rows, "--source", "crm", "--map", columns)
        self.assertEqual(document["files"][0]["stored"], 1)
        self.assertEqual(document["files"][0]["rejected"], 1)
        self.assertIn("crm.csv:3", err)
        self.assertIn("known of 1 (100 %)", run("freshness", "--data", self.data)[1])

    def test_what_is_no_trait_is_refused(self):
        _, err = self.imports(self.write("events.jsonl", {"userId": "a", "type": "track", "event": "X"},
                                         "not json"), "--source", "crm", status=1)
        self.assertIn("every line is an identify call, not track", err)
        self.assertIn("events.jsonl:2", err)
        status, _, err = run("import", __file__, "--data", self.data, "--playbook", PLAYBOOK, "--basis",
                             "contract", "--traits", "--source", "visitor")
        self.assertEqual(status, 2)
        self.assertIn("--source names who tells the facts", err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
