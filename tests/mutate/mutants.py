"""What a mutant is, how it is named whatever numbers the tools give it, and the list of survivors.
"""

import os
import re

FIELD = re.compile(r"-(mode|module|cell|port|portbit|ctrlbit|wire|wirebit) (\S+)")


def base_name(module):
    """assay_ring of $paramod$1b3f...\\assay_ring or $paramod\\assay_ring\\BaseBits=..."""
    return re.search(r"(?:^|\\)(assay_\w+)", module).group(1)


class Design:
    """The elaborated engine, from Yosys' JSON: cells, their ports, and MODULE.INSTANCE where a
    module stands first: it stays when the hierarchy above changes."""

    def __init__(self, modules, top):
        self.modules, self.places = modules, {}
        self._place(top, top)

    def _place(self, module, place):
        self.places.setdefault(module, place)
        for name, cell in self.modules[module]["cells"].items():
            if cell["type"] in self.modules:
                self._place(cell["type"], f"{base_name(module)}.{name}")

    def variants(self):
        """Base name -> its modules, which differ in parameters, in the order of the hierarchy."""
        variants = {}
        for module in self.places:
            variants.setdefault(base_name(module), []).append(module)
        return variants

    def variant(self, name, parameters):
        """The module of this base name that has these values of parameters."""
        for module in self.variants()[name]:
            values = self.modules[module].get("parameter_default_values", {})
            if all(int(values[key], 2) == value for key, value in parameters.items()):
                return module
        raise KeyError(f"{name} with {parameters}")

    def inside(self, module):
        """The module and all that it instantiates."""
        cells = self.modules[module]["cells"].values()
        return {module}.union(*(self.inside(cell["type"]) for cell in cells
                                if cell["type"] in self.modules))

    def kind(self, module, cell):
        """Type of a cell of Yosys, name of an instance."""
        kind = self.modules[module]["cells"][cell]["type"]
        return kind if kind.startswith("$") and not kind.startswith("$paramod") else cell

    def width(self, module, net):
        """Bits of a net, 0 if the module has none of this name."""
        return len(self.modules[module]["netnames"].get(net, {"bits": ()})["bits"])

    def port(self, module, cell, port):
        """Width of a cell's port, and whether it drives."""
        cell = self.modules[module]["cells"][cell]
        return len(cell["connections"][port]), cell["port_directions"][port] == "output"

    def bit(self, module, cell, port, number):
        """The net's number, or "0", "1", "x" for a constant."""
        return self.modules[module]["cells"][cell]["connections"][port][number]


def source_line(place, cache={}):
    """Text of FILE:LINE.COLUMN-..., without indentation and doubled spaces."""
    if place is None:
        return "?"  # a cell that Yosys made without saying from what
    path, line = re.match(r"(.*):(\d+)", place).groups()
    if path not in cache:
        with open(path, encoding="utf-8") as file:
            cache[path] = file.read().splitlines()
    return " ".join(cache[path][int(line) - 1].split())


class Mutant:
    """One line of `mutate -list`."""

    def __init__(self, line, design):
        self.line = line.strip()
        field = {name: text.removeprefix("\\") for name, text in FIELD.findall(line)}
        module, cell, port, bit = (field[n] for n in ("module", "cell", "port", "portbit"))
        self.variant, self.module = module, base_name(module)
        self.mode = field["mode"]
        self.old = design.bit(module, cell, port, int(bit))
        self.control = (design.bit(module, cell, port, int(field["ctrlbit"]))
                        if "ctrlbit" in field else None)
        self.clock = port in ("CLK", "clk_i", "RD_CLK", "WR_CLK")
        place = (re.findall(r"-src (\S+)", line) or [None])[-1]
        self.place = os.path.basename(place.split("-")[0]) if place else "?"
        name = f"{design.kind(module, cell)}.{port}[{bit}]"
        if "wire" in field:
            name += f" = {field['wire']}[{field['wirebit']}]"
        mode = self.mode + (f"({field['ctrlbit']})" if "ctrlbit" in field else "")
        # Free of line numbers, of Yosys' counters and of hashes.
        self.key = f"{design.places[module]} | {name} {mode} | {source_line(place)}"

    def changes(self):
        """Not a clock, and not a constant replaced by itself."""
        same = {"const0": self.old == "0", "const1": self.old == "1",
                "cnot0": self.control == "1", "cnot1": self.control == "0"}  # xnor and xor
        return not self.clock and self.old != "x" and not same.get(self.mode, False)

    def command(self, control):
        return self.line.replace("mutate -mode", f"mutate {control} -mode") + "\n"


def read_survivors(path):
    """key -> reason. A reason is a line that begins with `= `; the mutants that it explains follow.
    """
    survivors, reason = {}, None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            text = line.rstrip("\n")
            if not text or text.startswith("#"):
                continue
            if text.startswith("= "):
                reason = text[2:]
            elif reason is None or text.count(" | ") < 2:
                raise ValueError(f"{path}:{number}:1: not a mutant, expected PLACE | PORT | SOURCE "
                                 "below a line `= reason`")
            else:
                survivors[text] = reason
    return survivors
