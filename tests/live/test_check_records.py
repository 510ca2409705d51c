"""Tests of check_records.py: a record with one threshold moved by one must be refused.

Usage: test_check_records.py LIBRARY. Standard library only.
"""

import copy
import json
import sys
import unittest

import check_records
import shim

LIBRARY = sys.argv.pop()


def _first_family(record):
    return next(family for family in record["families"] if family["name"] == "random")


def _moved(family, by):
    """A copy whose first channel with a threshold inside the band has it moved."""
    family = copy.deepcopy(family)
    channel = next(c for c in family["channels"] if len(c["thresholds"]) > 1)
    channel["thresholds"][0] += by
    channel["thresholds"][1] -= by
    return family


class CheckRecords(unittest.TestCase):
    def setUp(self):
        self.library = shim.Shim(LIBRARY)

    def test_there_are_records(self):
        self.assertGreater(len(list(check_records.RECORDS.glob("*.json"))), 0)

    def test_one_moved_threshold_is_one_difference(self):
        for path in check_records.RECORDS.glob("*.json"):
            record = json.loads(path.read_text(encoding="ascii"))
            for by in (-1, 1):
                family = _moved(_first_family(record), by)
                counts = check_records.compare_family(self.library, record["contract"], family)
                self.assertEqual(counts[1], 1, f"{path.stem}, moved by {by}")

    def test_another_first_output_is_refused(self):
        for path in check_records.RECORDS.glob("*.json"):
            record = json.loads(path.read_text(encoding="ascii"))
            family = copy.deepcopy(_first_family(record))
            family["channels"][0]["first"] += 1
            counts = check_records.compare_family(self.library, record["contract"], family)
            self.assertGreater(counts[1], 1000, path.stem)

    def test_every_recorded_output_total_is_the_sum_of_its_families(self):
        for path in check_records.RECORDS.glob("*.json"):
            record = json.loads(path.read_text(encoding="ascii"))
            total = sum(family["outputs"] for family in record["families"])
            self.assertEqual(record["outputs"], total, path.stem)


if __name__ == "__main__":
    unittest.main()
