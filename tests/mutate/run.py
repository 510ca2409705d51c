"""Mutation test of the engine: the project's own tests must notice changes of its data path.

usage: run.py --config FILE --work DIR [--each 38] [--module NAME...] [--sample N] [--jobs N]
              [--minutes N]

`yosys mutate` lists `each` mutants of every module of the data path: one bit of one cell's port
inverted, stuck, or mixed with another bit. All stand in one netlist, one Verilated model serves them
all, and the tests of tests/sim and tests/rtl run on it unchanged. A mutant is killed when one of
them fails. Mutant 0 is the engine as it is: every test must pass on it first.

A survivor is no mutant if a solver shows that it changes nothing (equal.py). Of the others at least
95 % must be killed, and without --sample each one that is not must be in survivors.txt, with the
reason. --sample runs a part, chosen by ASSAY_SEED, on the quick tests, without those in
survivors.txt.

DIR/results.txt keeps what has run; the same command continues there. --minutes ends a run early.

Exit: 0 passed, 1 too few killed, a survivor that is not listed or not all have run, 3 a tool failed.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import random
import sys
import time

from equal import Equality, read_ranges
from ladder import CHEAP, LONG, QUICK, Ladder
from mutants import read_survivors
from netlist import Netlist, ToolFailed

HERE = os.path.dirname(os.path.abspath(__file__))
FLOOR = 95  # percent
LIST_SEED = 1
DRIVER = ("libassay_sim.a", "libassay_vectors.a", "libassay_golden.a")


def judge(ladder, long, equality, mutant, number):
    """(outcome, detail). A proof that the mutant changes nothing saves it the dear tests."""
    killed = ladder.killer(CHEAP, number, mutant.module)
    if not killed and equality.holds(mutant, number):
        return "equal", "proved"
    killed = killed or ladder.killer(QUICK + long, number, mutant.module)
    return ("killed", killed) if killed else ("survived", "every test passes")


def digest(*paths):
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            total.update(file.read())
    return total.hexdigest()


def identity(netlist, tests):
    """Sums of all that results hold for: the mutated engine with its driver, and each test of the
    ladder."""
    driver = [path for path in netlist.config["libraries"] if os.path.basename(path) in DRIVER]
    engine = digest(netlist.path("engine.il"), netlist.path("mutate.ys"),
                    os.path.join(HERE, "ranges.txt"), *driver)
    sums = {}
    for program, select, modules in tests:
        objects = netlist.config["tests"][program].split(";")
        sums.setdefault(program, digest(*objects)[:16])
        sums[program] += f" {select} {modules}"
    return {"engine": engine, "tests": sums}


class Results:
    """results.txt: a line a mutant that has run, below what the lines hold for (identity()).

    What a test has killed it kills again as long as it is the same; a survivor has survived only the
    tests of its time."""

    def __init__(self, path, now):
        self.path, self.known = path, {}
        lines = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        if not lines or not lines[0].startswith("{"):  # none, or of an older version
            lines = [json.dumps(now)]
        then = json.loads(lines[0])
        kept = [line for line in lines[1:] if then["engine"] == now["engine"] and
                self._holds(line.split("\t")[1:3], then["tests"], now["tests"])]
        for line in kept:
            number, outcome, detail, _ = line.split("\t", 3)
            self.known[int(number)] = (outcome, detail)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join([json.dumps(now), *kept]) + "\n")

    @staticmethod
    def _holds(result, then, now):
        outcome, detail = result
        if outcome == "killed":
            program = detail.split(":")[0]
            return program in now and then.get(program) == now[program]
        return outcome == "equal" or then == now

    def add(self, number, outcome, detail, mutant):
        self.known[number] = (outcome, detail)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(f"{number}\t{outcome}\t{detail}\t{mutant.place}\t{mutant.key}\n")


def run_all(ladder, long, equality, mutants, results, options):
    """Runs those that results.txt does not have, in an order that is always the same and such that
    a run that is cut off is a sample."""
    deadline = time.monotonic() + 60 * options.minutes
    numbers = random.Random(LIST_SEED).sample(range(1, len(mutants) + 1), len(mutants))

    def run(number):
        if time.monotonic() > deadline:
            return None
        return judge(ladder, long, equality, mutants[number - 1], number)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        futures = {pool.submit(run, n): n for n in numbers if n not in results.known}
        for future in concurrent.futures.as_completed(futures):
            number, outcome = futures[future], future.result()
            if outcome:
                results.add(number, *outcome, mutants[number - 1])


def percent(part, whole):
    return f"{100 * part / whole:5.1f} %" if whole else "      -"


def count(mutants, results, survivors):
    """Rows by module and their sum, "all": how many mutants, killed, proved equal, survived."""
    rows = collections.defaultdict(collections.Counter)
    for number, (outcome, _) in results.known.items():
        mutant = mutants[number - 1]
        for row in (mutant.module, "all"):
            rows[row][outcome] += 1
            rows[row]["mutants"] += outcome != "equal"
            rows[row]["unlisted"] += outcome == "survived" and mutant.key not in survivors
    return rows


def print_modules(rows):
    print(f"{'module':20} mutants  killed           listed  not listed   proved equal")
    for name in sorted(rows, key=lambda row: (row == "all", row)):
        row = rows[name]
        print(f"{name:20} {row['mutants']:7} {row['killed']:7}  "
              f"{percent(row['killed'], row['mutants'])} {row['survived'] - row['unlisted']:7} "
              f"{row['unlisted']:11} {row['equal']:14}")


def print_total(total):
    print(f"{total['mutants']} mutants, {total['killed']} killed, "
          f"{percent(total['killed'], total['mutants']).strip()}; {total['survived']} survive, "
          f"{total['unlisted']} of them without a reason; {total['equal']} more change nothing")


def print_killers(results):
    counts = collections.Counter(detail for outcome, detail in results.known.values()
                                 if outcome == "killed")
    for name, times in counts.most_common():
        print(f"  {times:5} killed by {name}")


def print_survivors(mutants, results, survivors):
    for number, (outcome, detail) in sorted(results.known.items()):
        mutant = mutants[number - 1]
        if outcome == "survived" and mutant.key not in survivors:
            print(f"survivor {number}, {mutant.place}:\n{mutant.key}")
        elif outcome != "survived" and mutant.key in survivors:
            print(f"note: listed as survivor, but {outcome}, {detail}:\n{mutant.key}")


def verdict(total, left, sampled):
    failures = []
    if 100 * total["killed"] < FLOOR * total["mutants"]:
        failures.append(f"{percent(total['killed'], total['mutants']).strip()} of the mutants "
                        f"killed, expected at least {FLOOR} %")
    if total["unlisted"] and not sampled:
        failures.append(f"{total['unlisted']} survivors are not in survivors.txt")
    if left:
        failures.append(f"{left} mutants have not run; the same command continues")
    for failure in failures:
        print("FAIL: " + failure)
    return 1 if failures else 0


def choose(mutants, survivors, options):
    if options.module:
        mutants = [mutant for mutant in mutants if mutant.module in options.module]
    if options.sample:
        seed = int(os.environ.get("ASSAY_SEED", "20221122"), 0)
        print(f"seed {seed}: {options.sample} of {len(mutants)} mutants")
        mutants = random.Random(seed).sample(mutants, options.sample)
        mutants = [mutant for mutant in mutants if mutant.key not in survivors]
        print(f"{len(mutants)} of these are not in survivors.txt")
    return mutants


def prepare(netlist, mutants, tests, now):
    """The ladder on programs that are linked, or None when the engine as it is fails. A folder that
    holds them for this identity is used again."""
    path = netlist.path("ladder.json")
    programs = {test: netlist.path(test) for test, _, _ in tests}
    ladder = Ladder(programs)
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            saved, seconds = json.load(file)
        if saved == now:
            ladder.seconds = {(test, select): spent for test, select, spent in seconds}
            return ladder
    netlist.compile(mutants)
    for test in programs:
        netlist.link(test, netlist.config["tests"][test].split(";"))
    failed = ladder.fails_unmutated(tests)
    if failed:
        print(f"FAIL: the engine without a mutation: {failed}")
        return None
    print("the engine without a mutation passes every test", flush=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump([now, [[*test, spent] for test, spent in ladder.seconds.items()]], file)
    return ladder


def check(options, config):
    survivors = read_survivors(os.path.join(HERE, "survivors.txt"))
    ranges = read_ranges(os.path.join(HERE, "ranges.txt"))
    long = () if options.sample else LONG
    netlist = Netlist(config, options.work)
    netlist.elaborate()
    mutants = choose(netlist.list_mutants(options.each, LIST_SEED), survivors, options)
    netlist.write(mutants)
    tests = CHEAP + QUICK + long
    now = identity(netlist, tests)
    ladder = prepare(netlist, mutants, tests, now)
    if ladder is None:
        return 1
    results = Results(netlist.path("results.txt"), now)
    run_all(ladder, long, Equality(netlist, ranges), mutants, results, options)
    print_survivors(mutants, results, survivors)
    print_killers(results)
    rows = count(mutants, results, survivors)
    print_modules(rows)
    print_total(rows["all"])
    return verdict(rows["all"], len(mutants) - len(results.known), bool(options.sample))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True, help="build.json, written by CMake")
    parser.add_argument("--work", required=True, help="folder for work files")
    parser.add_argument("--each", type=int, default=38, help="mutants of every module")
    parser.add_argument("--module", nargs="+", help="only these modules")
    parser.add_argument("--sample", type=int, help="run only so many of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--minutes", type=float, default=float("inf"),
                        help="start no mutant after so many")
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
