"""Mutation test of the engine: the project's own tests must notice changes of its data path.

usage: run.py --config FILE --work DIR [--each 38] [--module NAME...] [--sample N] [--jobs N]

`yosys mutate` lists `each` mutants of every module of the data path: one bit of one cell's port
inverted, stuck, or mixed with another bit. All stand in one netlist, one Verilated model serves them
all, and the tests of tests/sim and tests/rtl run on it unchanged. A mutant is killed when one of
them fails. Mutant 0 is the engine as it is: every test must pass on it first.

Survivors that no test can kill are in survivors.txt, with the reason; of the others at least 95 %
must be killed. Without --sample a survivor that is not listed fails the run. With --sample only a
part runs, chosen by ASSAY_SEED, on the quick tests, without the listed survivors.

Exit: 0 passed, 1 too few killed or a survivor that is not listed, 3 a tool failed.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import resource
import subprocess
import sys

from mutants import read_survivors
from netlist import Netlist, ToolFailed

HERE = os.path.dirname(os.path.abspath(__file__))
FLOOR = 95  # percent
LIST_SEED = 1
SECONDS = 300  # of processor time, for one test on one mutant; a good model needs a tenth

LANES = ("assay_affine", "assay_threshold")
RINGS = ("assay_ring", "assay_ring_pointer", "assay_weights", "assay_params")

# Tests in the order in which they are tried: those that kill most for their time come first. Each
# with a filter and the modules that it is for, None: all. The mutated model has no trace.
QUICK = (("test_ties", "*", None), ("test_cosim", "Cosim.JobsRun*", None),
         ("test_engine_rtl", "*", None), ("test_extents", "*", None),
         ("test_requant_rtl", "*", LANES), ("test_cosim", "Cosim.Cycles*", None))
ALL = QUICK + (("test_cosim", "-*Traced*:*JobsRun*:*.Cycles*", None), ("test_cycles", "*", None),
               ("test_sequence", "*", RINGS))


def limit_time():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def failure(program, select, mutant):
    """None when the test passes on this mutant, else what failed."""
    environment = {**os.environ, "ASSAY_MUTANT": str(mutant), "GTEST_FAIL_FAST": "1"}
    result = subprocess.run([program, f"--gtest_filter={select}"], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                            preexec_fn=limit_time, cwd=os.path.dirname(program))
    if result.returncode == 0 and re.search(r"\[  PASSED  \] [1-9]", result.stdout):
        return None
    failed = re.search(r"\[  FAILED  \] ([\w./]+)", result.stdout)
    return failed.group(1) if failed else f"{os.path.basename(program)}: crashed or did not end"


def killer(programs, tests, number, module=None):
    """The first test that fails on the mutant of this number, or None. No module: every test."""
    for name, select, modules in tests:
        failed = None
        if module is None or modules is None or module in modules:
            failed = failure(programs[name], select, number)
        if failed:
            return failed
    return None


def run_all(programs, tests, mutants, options):
    """number -> what killed the mutant, or None. result.txt grows with every mutant."""
    results = {}
    log = open(os.path.join(options.work, "result.txt"), "w", encoding="utf-8", buffering=1)
    with log, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        numbers = random.Random(LIST_SEED).sample(range(1, len(mutants) + 1), len(mutants))
        futures = {pool.submit(killer, programs, tests, n, mutants[n - 1].module): n
                   for n in numbers}  # in any order, so that a run that is cut off is a sample
        for future in concurrent.futures.as_completed(futures):
            number, killed = futures[future], future.result()
            results[number] = killed
            mutant = mutants[number - 1]
            log.write(f"{number}\t{killed or 'survived'}\t{mutant.place}\t{mutant.key}\n")
    return results


def percent(part, whole):
    return f"{100 * part / whole:5.1f} %" if whole else "      -"


def print_modules(mutants, results, survivors):
    """One row a module, and the sum. The score leaves out the listed survivors."""
    rows = collections.defaultdict(collections.Counter)
    for number, killed in results.items():
        mutant = mutants[number - 1]
        for row in (mutant.module, "all"):
            rows[row]["mutants"] += 1
            rows[row]["killed" if killed else
                      "listed" if mutant.key in survivors else "not listed"] += 1
    print(f"{'module':20} mutants  killed           survivors: listed  not listed   score")
    for name in sorted(rows, key=lambda row: (row == "all", row)):
        row = rows[name]
        print(f"{name:20} {row['mutants']:7} {row['killed']:7}  "
              f"{percent(row['killed'], row['mutants'])} {row['listed']:17} {row['not listed']:11} "
              f"{percent(row['killed'], row['mutants'] - row['listed'])}")
    return rows["all"]


def print_killers(results):
    counts = collections.Counter(killed for killed in results.values() if killed)
    for name, count in counts.most_common():
        print(f"  {count:5} killed by {name}")


def print_survivors(mutants, results, survivors):
    for number in sorted(results):
        mutant = mutants[number - 1]
        if results[number] is None and mutant.key not in survivors:
            print(f"survivor {number}, {mutant.place}:\n{mutant.key}")
        elif results[number] is not None and mutant.key in survivors:
            print(f"note: listed as survivor, but killed by {results[number]}:\n{mutant.key}")


def verdict(total, sampled):
    score = percent(total["killed"], total["mutants"] - total["listed"]).strip()
    failed = 100 * total["killed"] < FLOOR * (total["mutants"] - total["listed"])
    if failed:
        print(f"FAIL: {score} of the mutants that can be killed, expected at least {FLOOR} %")
    if total["not listed"] and not sampled:
        print(f"FAIL: {total['not listed']} survivors are not in survivors.txt")
        failed = True
    return 1 if failed else 0


def check(options, config):
    survivors = read_survivors(os.path.join(HERE, "survivors.txt"))
    netlist = Netlist(config, options.work)
    netlist.elaborate()
    mutants = netlist.list_mutants(options.each, LIST_SEED)
    if options.module:
        mutants = [mutant for mutant in mutants if mutant.module in options.module]
    if options.sample:
        seed = int(os.environ.get("ASSAY_SEED", "20221122"), 0)
        print(f"seed {seed}: {options.sample} of {len(mutants)} mutants")
        mutants = random.Random(seed).sample(mutants, options.sample)
        mutants = [mutant for mutant in mutants if mutant.key not in survivors]
        print(f"{len(mutants)} of these can be killed")
    tests = QUICK if options.sample else ALL
    netlist.write(mutants)
    netlist.compile(mutants)
    programs = {name: netlist.link(name, config["tests"][name].split(";")) for name, _, _ in tests}

    failed = killer(programs, tests, 0)
    if failed:
        print(f"FAIL: the engine without a mutation: {failed}")
        return 1
    print(f"the engine without a mutation passes {len(programs)} tests")
    results = run_all(programs, tests, mutants, options)
    print_survivors(mutants, results, survivors)
    print_killers(results)
    total = print_modules(mutants, results, survivors)
    return verdict(total, bool(options.sample))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True, help="build.json, written by CMake")
    parser.add_argument("--work", required=True, help="folder for work files")
    parser.add_argument("--each", type=int, default=38, help="mutants of every module")
    parser.add_argument("--module", nargs="+", help="only these modules")
    parser.add_argument("--sample", type=int, help="run only so many of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.work = os.path.abspath(options.work)
    with open(options.config, encoding="utf-8") as file:
        config = json.load(file)
    config["jobs"] = options.jobs
    try:
        return check(options, config)
    except ToolFailed as error:
        print(error)
        return 3


if __name__ == "__main__":
    sys.exit(main())
