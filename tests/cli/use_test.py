#!/usr/bin/env python3
"""tact as its user meets it: every command has help, wrong use says what to do, reports need no stop.

  tests/cli/use_test.py TACT        run from the repository's root
"""
import json
import pathlib
import re
import sys
import tempfile
import unittest

from program import Server, run

PLAYBOOK = "playbooks/shop"


def commands():
    text = run("--help")[1]
    return re.findall(r"^  ([a-z]+) {2,}\S", text[text.index("Subcommands:"):], re.M)


class Help(unittest.TestCase):
    def test_every_command_explains_itself(self):
        self.assertGreaterEqual(len(commands()), 9)
        for command in commands():
            with self.subTest(command):
                status, out, err = run(command, "--help")
                self.assertEqual((status, err), (0, ""))
                self.assertIn("Usage:", out)
                self.assertNotRegex(out, r"^\s+--\S+ *(TEXT|INT)?\s*$", "an option without a word")


class WrongUse(unittest.TestCase):
    """Exit status, and what stderr says: what happened, where, what to do."""

    def expect(self, arguments, status, *pieces):
        with self.subTest(" ".join(["tact", *arguments])):
            got, out, err = run(*arguments)
            self.assertEqual(got, status, err)
            self.assertEqual(out, "")
            self.assertTrue(err.startswith("tact: "), err)
            for piece in pieces:
                self.assertIn(piece, err)

    def test_commands(self):
        self.expect([], 2, "a command is missing", "try: one of serve")
        self.expect(["frobnicate"], 2, "there is no command frobnicate", "simulate")
        self.expect(["visitor"], 2, "a command is missing", "at: tact visitor", "show, export")
        self.expect(["visitor", "forget"], 2, "there is no command forget")

    def test_options(self):
        self.expect(["serve"], 2, "--playbook is required", "try: tact serve --help")
        self.expect(["visitor", "show"], 2, "ID is required", "try: tact visitor show --help")
        self.expect(["check", "--jsno", PLAYBOOK], 2, "--jsno", "try: tact check --help")
        self.expect(["simulate", "--visitors", "-3"], 2, "-3", "try: tact simulate --help")

    def test_places(self):
        self.expect(["check", "/nowhere"], 2, "no such folder", "at: /nowhere")
        for command in ("verify", "rebuild", "report"):
            self.expect([command, "--data", "/nowhere"], 1, "no Tact data directory",
                        "at: /nowhere", "try: --data names")
        self.expect(["serve", "--playbook", PLAYBOOK, "--data", "/tmp/unused", "--listen", "here"], 2,
                    "not an address", "127.0.0.1:8080")
        self.expect(["explain", "d_x", "--data", "/nowhere"], 2, "not a decision id")


class BesideAServer(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = self.folder.name + "/data"
        self.server = Server(PLAYBOOK, self.data)

    def tearDown(self):
        self.server.stop()
        self.folder.cleanup()

    def test_a_report_is_the_same_whether_or_not_the_server_runs(self):
        page = self.folder.name + "/report.html"

        def reports():
            at = ["--data", self.data, "--as-of", "2026-11-21T10:00:00+01:00"]
            texts = [run("report", *at), run("report", "--universal", *at),
                     run("report", "fit-help", *at)]
            document = json.loads(run("report", "--json", *at)[1])
            self.assertEqual(run("report", "--html", page, *at)[0], 0)
            return texts, document, pathlib.Path(page).read_text()

        beside = reports()
        self.assertEqual([status for status, _, _ in beside[0]], [0, 0, 0], beside[0])
        status, _, err = run("report", "no-such-moment", "--data", self.data)
        self.assertEqual(status, 1)
        self.assertIn("no moment of this name", err)
        status, _, err = run("verify", "--data", self.data)
        self.assertEqual(status, 1)
        self.assertIn("try: stop the server first", err)
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(beside, reports())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
