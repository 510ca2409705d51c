"""The engine as one netlist with all mutants in it, and the project's tests linked with its model.

Yosys lists mutants and puts each behind a comparison with one number, `mutate -ctrl`. That number
is read once, when a model is built, so that Verilator does not evaluate the design for it again.
"""

import json
import os
import re
import subprocess

from mutants import Design, Mutant, base_name

TOP = "assay_engine"

# Described to the engine, not computed by it, and checked by its own tests: tests/rtl.
CONTROL = ("assay_layer", "assay_registers", "assay_fields", "assay_control", "assay_setup",
           "assay_rules", "assay_phase", "assay_multiply")

VERILATE = ("--cc", "-O3", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--x-assign", "unique",
            "--x-initial", "unique")
OPTIMIZE = ("OPT_FAST=-O2", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1")

# Modules that have a test of their own in tests/rtl: the class that it runs, its module, and the
# parameters that tell which one where the engine has several.
UNITS = {
    **{f"Vassay_{name}": (f"assay_{name}", {})
       for name in ("affine", "first", "loader", "place", "rows", "threshold", "walker")},
    "Vassay_ring": ("assay_ring", {"BaseBits": 14}),
    "Vassay_ring_narrow": ("assay_ring", {"BaseBits": 4}),
}

MODELS = """// The mutated engine in place of sim/CMakeLists.txt's models; it has no trace.
#include "Vassay_mutants.h"
class VerilatedFstC;
class Vassay_mutants_trace : public Vassay_mutants {{
 public:
  using Vassay_mutants::Vassay_mutants;
  void trace(VerilatedFstC *, int) {{}}
}};
#define ASSAY_SIM_MODELS(ROW) ROW(Vassay_mutants, {fields})
"""


class ToolFailed(Exception):
    """A tool ended with an error; the text has its last lines."""


def escaped(module):
    """As Yosys' commands want it."""
    return module if module.startswith("$") else "\\" + module


def run(command, folder, **environment):
    result = subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, check=False,
                            env={**os.environ, **environment})
    if result.returncode != 0:
        last = "\n".join(result.stdout.strip().splitlines()[-10:])
        raise ToolFailed(f"{command[0]}: exit code {result.returncode}\n{last}")
    return result.stdout


class Netlist:
    """Work files in one folder; `config` is what CMake knows (CMakeLists.txt)."""

    def __init__(self, config, folder):
        self.config, self.folder, self.archives = config, folder, []
        self.design = None
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def yosys(self, *lines, script="script.ys"):
        with open(self.path(script), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return run([self.config["yosys"], "-q", script], self.folder)

    def elaborate(self):
        """Words stay words and memories stay memories; bits that are always 0 go."""
        parameters = " ".join("-set " + flag.removeprefix("-G").replace("=", " ")
                              for flag in self.config["flags"])
        self.yosys("read_verilog -sv " + " ".join(self.config["rtl"]),
                   f"chparam {parameters} {TOP}", f"hierarchy -check -top {TOP}",
                   "proc", "opt -mux_undef", "wreduce", "memory_dff", "memory_collect",
                   "opt -mux_undef", "opt_clean", "write_rtlil engine.il", "write_json engine.json")

    def list_mutants(self, each, seed):
        """`each` mutants of every module of the data path, whatever its parameters. They depend on
        that module alone: a change of another one leaves them as they are."""
        with open(self.path("engine.json"), encoding="utf-8") as file:
            design = self.design = Design(json.load(file)["modules"], TOP)
        shares = []  # module, how many
        for name, variants in sorted(design.variants().items()):
            if name not in CONTROL:
                shares += [(variant, -(-each // len(variants))) for variant in variants]
        # Some that Yosys lists are none (Mutant.changes): it is asked for more.
        self.yosys("read_rtlil engine.il",
                   *(f"mutate -list {2 * count + 5} -seed {seed} -module {escaped(module)} "
                     f"-o list{i}.txt" for i, (module, count) in enumerate(shares)))
        mutants = {}
        for i, (module, count) in enumerate(shares):
            with open(self.path(f"list{i}.txt"), encoding="utf-8") as file:
                listed = [Mutant(line, design) for line in file if line.startswith("mutate -mode")]
            mutants.setdefault(base_name(module), []).extend(
                [mutant for mutant in listed if mutant.changes()][:count])
        return [mutant for of_module in mutants.values() for mutant in of_module[:each]]

    def write(self, mutants):
        """Mutant i of the list is number i + 1; number 0 is the engine as it is."""
        width = max(1, len(mutants).bit_length())
        with open(self.path("mutate.ys"), "w", encoding="utf-8") as file:
            for number, mutant in enumerate(mutants, 1):
                file.write(mutant.command(f"-ctrl mutant {width} {number}"))
        # Each mutated output bit becomes a net of its own: else Verilator sees loops.
        self.yosys("read_rtlil engine.il", "script mutate.ys", "opt_clean", "splitnets -driver",
                   "opt_clean", "write_rtlil mutated.il", f"write_verilog -noattr {TOP}.v")

    def mutated_units(self, mutants):
        """Class -> module, as Yosys has it, of every unit that a mutant is in."""
        mutated = {mutant.variant for mutant in mutants}
        units = {}
        for unit, (name, parameters) in UNITS.items():
            module = self.design.variant(name, parameters)
            if mutated & self.design.inside(module):
                units[unit] = module
        return units

    def model(self, top, prefix):
        """Verilates TOP.v, the netlist of a module with an input `mutant`, into folder `prefix`,
        unless that holds it already."""
        archive = f"{prefix}/{prefix}__ALL.a"
        with open(self.path(top + ".v"), encoding="utf-8") as file:
            text = select_by_function(file.read(), top)
        if os.path.exists(self.path(archive)):
            with open(self.path(top + ".sv"), encoding="utf-8") as file:
                if file.read() == text:
                    return archive
            os.remove(self.path(archive))
        with open(self.path(top + ".sv"), "w", encoding="utf-8") as file:
            file.write(text)
        root = self.config["verilator_root"]
        run([self.config["verilator"], *VERILATE, "--top", top, "--prefix", prefix,
             "--Mdir", prefix, top + ".sv"], self.folder, VERILATOR_ROOT=root)
        run(["make", "-s", "-f", prefix + ".mk", *OPTIMIZE, f"-j{self.config['jobs']}"],
            self.path(prefix), VERILATOR_ROOT=root)
        return archive

    def compile(self, mutants):
        self.archives = [self.model(TOP, "Vassay_mutants")]
        for unit, module in self.mutated_units(mutants).items():
            top = unit.removeprefix("V")
            self.yosys("read_rtlil mutated.il", f"hierarchy -top {escaped(module)}",
                       f"rename {escaped(module)} {top}", f"write_verilog -noattr {top}.v")
            self.archives.append(self.model(top, unit))
        with open(self.path("sim_models.h"), "w", encoding="utf-8") as file:
            file.write(MODELS.format(fields=self.config["fields"]))
        include = os.path.join(self.config["verilator_root"], "include")
        run([self.config["compiler"], "-std=c++17", "-O2", "-I" + self.config["source"], "-I.",
             "-IVassay_mutants", "-isystem", include, "-isystem", os.path.join(include, "vltstd"),
             "-c",
             os.path.join(self.config["source"], "sim/dut.cc"),
             os.path.join(self.config["source"], "tests/mutate/mutant.cc")], self.folder)

    def link(self, name, objects):
        """A test of the project; its own dut.o stands before that of assay_sim, so it is taken."""
        program = self.path(name)
        run([self.config["compiler"], "-o", program, *objects, "dut.o", "mutant.o",
             *self.archives, *self.config["libraries"]], self.folder)
        return program


def select_by_function(text, module):
    """The module's input `mutant` becomes a register that is set once by assay_mutant()."""
    start = text.index(f"\nmodule {module}(")
    top, ports = re.subn(r",\s*mutant\);", ");", text[start:], count=1)
    top, declarations = re.subn(
        r"  input (\[\d+:0\] )?mutant;\n  wire (?:\[\d+:0\] )?mutant;\n",
        r'  import "DPI-C" function int assay_mutant();' "\n"
        r"  reg \1mutant;" "\n  initial mutant = assay_mutant();\n", top, count=1)
    if ports != 1 or declarations != 1:
        raise ToolFailed(f"yosys: the netlist of {module} has no input `mutant`")
    return text[:start] + top
