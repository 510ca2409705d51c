"""Which survivors are the engine itself: a solver shows that the mutant changes nothing.

The module is cut at registers and at instances of other modules, so one step from any state is
compared: all that leaves the module, and the next value of every register. Inputs and registers
keep to ranges.txt, the bits that are 0 in every legal layer.
"""

import itertools
import os
import re

from mutants import base_name
from netlist import escaped

SOLVER_SECONDS = 20
STATE = re.compile(r"\$(dff|mem)")
RANGE = re.compile(r"(\*|assay_\S+) (\S+)\[(\d+):(\d+)\]$")


def read_ranges(path):
    """(place, net, high, low) of every line; the lines that begin with `= ` are reasons."""
    ranges, reason = [], None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            text = line.strip()
            found = RANGE.match(text)
            if text.startswith("= "):
                reason = text
            elif found and reason:
                ranges.append((found[1], found[2], int(found[3]), int(found[4])))
            elif text and not text.startswith("#"):
                raise ValueError(f"{path}:{number}:1: not a range, expected PLACE NET[HIGH:LOW] "
                                 "below a line `= reason`")
    return ranges


class Equality:
    """Proofs about mutants of an elaborated netlist, in a folder of its work files."""

    def __init__(self, netlist, ranges):
        self.netlist, self.ranges = netlist, ranges
        os.makedirs(netlist.path("equal"), exist_ok=True)

    def assumptions(self, module):
        """What ranges.txt says about nets of this module."""
        design = self.netlist.design
        for place, net, high, low in self.ranges:
            high = min(high, design.width(module, net) - 1)
            if place in ("*", base_name(module), design.places[module]) and low <= high:
                yield f"-set gold.{net}[{high}:{low}] {high - low + 1}'d0"

    def holds(self, mutant, number):
        """True if proved; False if the two differ somewhere, or the solver does not know."""
        module, name = escaped(mutant.variant), f"equal/{number}"
        change = re.sub(r"-module \S+", "-module gate", mutant.command("").strip(), count=1)
        self.netlist.yosys("read_rtlil engine.il", f"copy {module} gold", f"copy {module} gate",
                           change, "async2sync gold gate", "dffunmap gold gate",
                           "select gold gate", f"write_rtlil -selected {name}.il",
                           script=name + ".ys")
        path = self.netlist.path(name + ".il")
        with open(path, encoding="utf-8") as file:
            text = cut(file.read(), self.netlist.design, mutant.variant)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.netlist.yosys(f"read_rtlil {name}.il", "miter -equiv gold gate miter",
                           "flatten miter", "hierarchy -top miter",
                           f"tee -q -o {name}.log sat -timeout {SOLVER_SECONDS} -prove trigger 0 "
                           + " ".join(self.assumptions(mutant.variant)) + " miter",
                           script=name + ".ys")
        with open(self.netlist.path(name + ".log"), encoding="utf-8") as file:
            return "SUCCESS!" in file.read()


def cut(text, design, module):
    """RTLIL in which the ports of registers, memories and instances are ports of the module."""
    number = itertools.count(100000)

    def ports(match):
        kind, cell, body = match.groups()
        if kind.startswith("$") and not STATE.match(kind) and kind not in design.modules:
            return match[0]
        lines = []
        for name, signal in re.findall(r"connect \\(\S+) (.*)\n", body):
            width, output = design.port(module, cell.removeprefix("\\"), name)
            port = "\\" + cell.lstrip("\\").replace("$", "_") + "." + name
            lines.append(f"  wire width {width} {'input' if output else 'output'} {next(number)} "
                         f"{port}\n")
            lines.append(f"  connect {signal} {port}\n" if output else
                         f"  connect {port} {signal}\n")
        return "".join(lines)

    return re.sub(r"  cell (\S+) (\S+)\n(.*?)  end\n", ports, text, flags=re.DOTALL)
