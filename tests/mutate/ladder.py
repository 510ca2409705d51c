"""The project's own tests in the order in which they are tried on a mutant, and their time."""

import os
import re
import resource
import subprocess

# Processor time for a test on a mutant: what it takes on the engine as it is, several times over.
# Runs end by their count of cycles; this ends the few that do not.
TIMES = 10
SECONDS_MORE = 10

LANES = ("assay_affine", "assay_threshold")
RING = ("assay_ring", "assay_ring_pointer")
WALK = ("assay_place", "assay_walker")
LOAD = ("assay_loader", "assay_rows")
FIRST = ("assay_first",)
QUEUE = ("assay_engine", "assay_weights", "assay_params", "assay_ram", *RING)  # meet the next layer

# Those that kill most for their time come first. Each with a filter and the modules that it is for,
# None: all. The mutated model has no trace.
CHEAP = (("test_ring_rtl", "*", RING), ("test_walk_rtl", "*", WALK), ("test_load_rtl", "*", LOAD),
         ("test_ties", "*", None),
         ("test_cosim", "Cosim.JobsRun*", None))
QUICK = (("test_first_rtl", "*", FIRST), ("test_requant_rtl", "*", LANES),
         ("test_engine_rtl", "*", None), ("test_cosim", "Cosim.Cycles*", None),
         ("test_errors", "*", None), ("test_extents", "*", None))
LONG = (("test_sequence", "*", QUEUE),)


class Ladder:
    """`programs`: test -> path. `seconds` fills when mutant 0, the engine as it is, runs."""

    def __init__(self, programs):
        self.programs, self.seconds = programs, {}

    def failure(self, name, select, mutant):
        """None when the test passes on this mutant, else what failed."""
        program = self.programs[name]
        limit = int(TIMES * self.seconds.get((name, select), 60) + SECONDS_MORE)
        environment = {**os.environ, "ASSAY_MUTANT": str(mutant), "GTEST_FAIL_FAST": "1"}
        result = subprocess.run(
            [program, f"--gtest_filter={select}"], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
            cwd=os.path.dirname(program))
        if result.returncode == 0 and re.search(r"\[  PASSED  \] [1-9]", result.stdout):
            return None
        failed = re.search(r"\[  FAILED  \] ([\w./]+)", result.stdout)
        return failed.group(1) if failed else "crashed or did not end"

    def killer(self, tests, mutant, module):
        """The first test that fails on the mutant of this number, or None."""
        for name, select, modules in tests:
            if modules is None or module in modules:
                failed = self.failure(name, select, mutant)
                if failed:
                    return f"{name}: {failed}"
        return None

    def fails_unmutated(self, tests):
        """What fails on the engine as it is, or None; notes how long each test takes."""
        for name, select, _ in tests:
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            failed = self.failure(name, select, 0)
            if failed:
                return f"{name}: {failed}"
            after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            self.seconds[name, select] = after - before
        return None
