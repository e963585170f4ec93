#!/usr/bin/env python3
"""`tact visitor export --ids`: many visitors in one go, the same whether or not a server runs.

  tests/cli/export_test.py TACT     run from the repository's root
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from program import TACT, Server, run

PLAYBOOK = "playbooks/shop"
CONSENT = {"consent": {"categoryPreferences": {"personalization": True}}}


class Export(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.data = folder.name, folder.name + "/data"
        self.server = Server(PLAYBOOK, self.data)
        self.addCleanup(self.server.stop)
        for number in range(1, 4):
            for message in range(number):
                self.send(anonymousId=f"a {number}", messageId=f"m-{number}-{message}")

    def send(self, **fields):
        keys = json.loads(pathlib.Path(self.data, "keys").read_text())
        secret = next(source["key"] for source in keys["sources"] if source["kind"] == "secret")
        event = {"type": "track", "event": "Cart Viewed", "context": CONSENT, **fields}
        url = pathlib.Path(self.data, "address").read_text().strip()
        request = urllib.request.Request(url + "/v1/batch", json.dumps({"batch": [event]}).encode(),
                                         {"Authorization": "Bearer " + secret})
        with urllib.request.urlopen(request, timeout=20) as answer:
            self.assertEqual(answer.status, 200)

    def export(self, lines, *options, path=None):
        """Exit status, the lines on stdout, stderr; of the file, or of standard input."""
        if path:
            pathlib.Path(path).write_text(lines)
        done = subprocess.run([TACT, "visitor", "export", "--ids", path or "-", "--data", self.data, *options],
                              input="" if path else lines, capture_output=True, text=True, timeout=60)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def expect_three(self):
        status, found, err = self.export("a 2\na 1\n\na 3\r\n")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual([(one["id"], one["kind"]) for one in found],
                         [("a 2", "anonymous"), ("a 1", "anonymous"), ("a 3", "anonymous")])
        self.assertEqual([[record["messageId"] for record in one["records"] if "messageId" in record]
                          for one in found],
                         [["m-2-0", "m-2-1"], ["m-1-0"], ["m-3-0", "m-3-1", "m-3-2"]])
        for one in found:
            status, out, _ = run("visitor", "export", one["id"], "--data", self.data)
            self.assertEqual(status, 0)
            self.assertEqual(json.loads(out), {"visitor": one["visitor"], "records": one["records"]})
        self.assertEqual(self.export("a 2\na 1\na 3", path=self.folder + "/ids"), (0, found, ""))

    def test_each_line_is_what_the_export_of_one_says(self):
        self.expect_three()
        self.server.stop()
        self.expect_three()

    def expect_the_rest_is_told(self):
        status, found, err = self.export("a 1\nnobody\na 2\n")
        self.assertEqual(status, 1)
        self.assertEqual([(one["id"], one["visitor"] is None, len(one["records"])) for one in found],
                         [("a 1", False, 1), ("nobody", True, 0), ("a 2", False, 2)])
        self.assertEqual(err, "tact: nothing is known of 1 of 3 ids\n  at: anonymous nobody\n"
                              "  try: is their kind right? --user, --kind email, …; all others are written\n")

    def test_an_unknown_id_stops_nothing(self):
        self.expect_the_rest_is_told()
        self.server.stop()
        self.expect_the_rest_is_told()

    def test_of_users(self):
        self.send(userId="anna", messageId="m-anna")
        status, found, _ = self.export("anna\n", "--user")
        self.assertEqual((status, found[0]["kind"], len(found[0]["records"])), (0, "user", 1))
        self.assertEqual(self.export("anna\n")[0], 1)

    def test_wrong_use(self):
        for options, words in ((["a"], ["--ids", "excludes"]), ([], ["ID or --ids"])):
            with self.subTest(options):
                status, out, err = run("visitor", "export", *options, *(["--ids", "-"] if options else []),
                                       "--data", self.data)
                self.assertEqual((status, out), (2, ""))
                self.assertRegex(err, r"\Atact: .+\n  at: .+\n  try: .+\n\Z")
                for word in words:
                    self.assertIn(word, err)
        status, out, err = run("visitor", "export", "--ids", "/nowhere", "--data", self.data)
        self.assertEqual((status, out), (2, ""))
        self.assertIn("cannot read", err)
        self.assertIn("at: /nowhere", err)

    def test_what_is_cut_off_is_told(self):
        status, out, err = run("visitor", "export", "--ids", "/proc/self/mem", "--data", self.data)
        self.assertEqual((status, out), (1, ""))
        self.assertIn("could not be read to their end", err)
        with open("/dev/full", "w") as full:
            done = subprocess.run([TACT, "visitor", "export", "--ids", "-", "--data", self.data], input="a 1\n",
                                  stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("not everything could be written", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
