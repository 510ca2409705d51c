"""Counts checks, prints one line each, and says where a difference is and how to replay it."""

import sys


class Report:
    """Passed and failed checks of one run."""

    def __init__(self, replay_command):
        self._replay_command = replay_command
        self.passed = 0
        self.failed = 0
        self.compared = 0

    def info(self, text):
        print(text, flush=True)

    def open(self, what):
        """Something that was not compared; it is neither passed nor failed."""
        self.info(f"OPEN  {what}")

    def check(self, name, compared, differ, details=(), replay=None):
        """One check: fails if anything differs, or if nothing was compared."""
        good = compared > 0 and differ == 0
        self.compared += compared
        self.passed += good
        self.failed += not good
        self.info(f"{'PASS' if good else 'FAIL'}  {name}: {differ:,} of {compared:,} differ")
        if good:
            return
        for line in details:
            self.info(f"      {line}")
        if compared == 0:
            self.info("      nothing was compared")
        if replay:
            self.info(f"      replay: {self._replay_command} --replay {replay}")

    def fail(self, name, reason, replay=None):
        """A check that could not be made."""
        self.check(name, 0, 0, [reason], replay)

    def finish(self):
        """Prints the closing line. Returns the exit code."""
        self.info(f"{self.compared:,} values compared")
        self.info(f"{self.passed} passed, {self.failed} failed")
        sys.stdout.flush()
        return 0 if self.failed == 0 and self.passed > 0 else 1


def difference(result, shape):
    """Text of a shim result's first difference in a tensor of shape [n][y][x][c]."""
    rest, place = result.index, []
    for size in reversed(shape):
        rest, index = divmod(rest, size)
        place.insert(0, index)
    where = ", ".join(f"{axis}={index}" for axis, index in zip("nyxc", place))
    return (
        f"first at ({where}): expected {result.expected}, found {result.found}, "
        f"accumulator {result.acc}"
    )
