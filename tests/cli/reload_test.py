#!/usr/bin/env python3
"""SIGHUP: a broken playbook changes nothing and the log says where the mistake is; a good one is used.

  tests/cli/reload_test.py TACT        run from the repository's root
"""
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import unittest
import urllib.request

from program import Server

PLAYBOOK = "playbooks/shop"
TITLE = "Between sizes?"


class Reload(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.playbook = pathlib.Path(folder.name, "playbook")
        shutil.copytree(PLAYBOOK, self.playbook)
        self.data = pathlib.Path(folder.name, "data")
        self.log = pathlib.Path(folder.name, "log")
        self.server = Server(self.playbook, self.data, log=self.log)
        self.addCleanup(self.server.stop)
        keys = json.loads(pathlib.Path(self.data, "keys").read_text())
        self.key = next(source["key"] for source in keys["sources"] if source["kind"] == "secret")
        self.asked = 0

    def write(self, name, old, new):
        path = self.playbook / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def reload(self, until):
        """The lines that the log has more, as soon as one of them contains `until`."""
        before = len(self.log.read_text().splitlines())
        self.server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 30
        while True:
            lines = self.log.read_text().splitlines()[before:]
            if any(until in line for line in lines):
                return lines
            self.assertLess(time.monotonic(), deadline, self.log.read_text())
            self.assertIsNone(self.server.process.poll(), self.log.read_text())
            time.sleep(0.05)

    def decided(self):
        """(hash of the playbook, shown titles) over visitors who looked at the size guide twice."""
        hashes, titles = set(), set()
        for _ in range(20):  # some of them are held back
            self.asked += 1
            guide = {"type": "track", "event": "Size Guide Opened", "properties": {"product_id": "p7"}}
            body = {"visitor": {"anonymousId": f"a-{self.asked}"}, "explain": True, "slots": ["product.reassurance"],
                    "page": {"url": "https://shop.example/p/p7", "type": "product", "product": {"id": "p7"}},
                    "context": {"consent": {"categoryPreferences": {"personalization": True, "analytics": True}}},
                    "events": [{**guide, "messageId": f"m-{self.asked}-{i}"} for i in range(2)]}
            request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}/v1/decide", json.dumps(body).encode(),
                                             {"Authorization": "Bearer " + self.key})
            with urllib.request.urlopen(request, timeout=20) as answer:
                decision = json.load(answer)["decisions"][0]
            hashes.add(decision["why"]["playbook"])
            if decision["show"]:
                titles.add(decision["show"]["content"]["title"])
        self.assertEqual(len(hashes), 1)
        return hashes.pop(), titles

    def test_a_zone_nobody_knows_is_told_before_anybody_asks(self):
        self.write("playbook.yaml", "time_zone: Europe/Berlin", "time_zone: Europe/Atlantis")
        for _ in range(2):
            lines = self.reload(until="Europe/Atlantis")
            self.assertTrue(any("time zone unknown" in line for line in lines), lines)
        self.server.stop()
        self.server = Server(self.playbook, self.data, log=self.log)
        self.addCleanup(self.server.stop)
        self.assertIn("time zone unknown", self.log.read_text())

    def test_a_broken_playbook_changes_nothing_and_a_good_one_is_used(self):
        first, titles = self.decided()
        self.assertIn(TITLE, titles)

        # A good change in one file and a mistake in another: none of both is taken.
        self.write("messages/fit.yaml", TITLE, "Between two sizes?")
        self.write("goals.yaml", "within:", "wthin:")
        lines = self.reload("the playbook was not changed")
        at = (self.playbook / "goals.yaml").read_text().split("wthin:")[0]
        line, column = at.count("\n") + 1, len(at) - (at.rfind("\n") + 1) + 1
        said = next(text for text in lines if "the playbook was not changed" in text)
        self.assertIn(f"goals.yaml:{line}:{column}", said)
        self.assertIn('did you mean "within"?', said)
        self.assertEqual(self.decided(), (first, titles))

        self.write("goals.yaml", "wthin:", "within:")
        self.reload("playbook b2:")
        second, titles = self.decided()
        self.assertNotEqual(second, first)
        self.assertIn("Between two sizes?", titles)
        self.assertNotIn(TITLE, titles)

        # A folder that is gone, and back again.
        self.playbook.rename(self.playbook.with_name("elsewhere"))
        self.reload("the playbook was not changed")
        self.assertEqual(self.decided()[0], second)
        self.playbook.with_name("elsewhere").rename(self.playbook)
        self.reload("playbook b2:")
        self.assertEqual(self.decided()[0], second)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
