"""The README's tour: its commands, run as they are printed, give the verdict it promises."""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

from program import TACT

README = pathlib.Path("README.md").read_text(encoding="utf-8")
PROGRAM = "build/release/src/cli/tact"
DATA = "/tmp/tact-try"


def commands():
    """Of the block of the tour that speaks with the program, as lists of words."""
    [block] = [text for text in re.findall(r"^ *```sh\n(.*?)^ *```$", README, re.M | re.S) if PROGRAM in text]
    return [shlex.split(line) for line in block.splitlines()]


class Readme(unittest.TestCase):
    def test_the_tour_ends_with_a_verdict(self):
        simulate, report = commands()
        self.assertEqual([simulate[:2], report[:2]], [[PROGRAM, "simulate"], [PROGRAM, "report"]])
        with tempfile.TemporaryDirectory() as folder:
            out = ""
            for command in (simulate, report):
                self.assertIn(DATA, command)
                words = [{PROGRAM: TACT, DATA: folder + "/data"}.get(word, word) for word in command]
                run = subprocess.run(words, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL)
                self.assertEqual(run.returncode, 0, run.stderr)
                out = run.stdout
        self.assertRegex(out, r"(?m)^fit-help · .* helps$")
        self.assertRegex(out, r"It helps: about \d+ more orders per 1,000 visitors")
        promised = re.search(r"\*(It helps: about) … (more orders per 1,000 visitors)\*", README)
        self.assertIsNotNone(promised, "the README promises what is looked for here")

        def figures(row):
            """What a row of the first table says, without its words."""
            return [float(figure.replace(",", "")) for figure in re.findall(r"[\d,]+\.?\d*", re.search(rf"^  {row} +(.*)$", out, re.M)[1])]

        (shown, _, shown_rate, _), (held, orders, held_rate, _) = figures("shown"), figures("held back")
        self.assertGreaterEqual(orders, 50)
        self.assertAlmostEqual(held / (shown + held), 0.1, delta=0.03)
        effect, low, high, _ = figures("difference")
        self.assertAlmostEqual(effect, shown_rate - held_rate, delta=1)
        self.assertLess(0, low)
        self.assertLess(low, effect)
        self.assertLess(effect, high)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
