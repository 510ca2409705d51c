#!/bin/sh
# Proves the assertions of a module by induction over one cycle, from its initial state; checks that
# what the proof speaks of can happen.
#
#   prove.sh FOLDER_OF_THIS_FILE TOP COVER_STEPS FILE...     COVER_STEPS 0: nothing to reach
#
# Exit 0: proved. Work files go to the current folder.
set -eu
here=$1 top=$2 cover=$3
shift 3
yosys -q -p "read_verilog -formal -sv -I$here $*; hierarchy -check -top $top; proc; flatten;
  opt_clean; async2sync; memory -nordff -nomap; opt -full; check -assert; dffunmap;
  setundef -undriven -anyseq; write_smt2 -wires $top.smt2" 2>&1 | grep -v "list of registers" || true
yosys-smtbmc -s z3 --noprogress --presat -t 1 "$top.smt2" >"$top.base.log" ||
  { cat "$top.base.log"; exit 1; }
yosys-smtbmc -s z3 --noprogress -i -t 1 "$top.smt2" >"$top.induction.log" ||
  { cat "$top.induction.log"; exit 1; }
if [ "$cover" -gt 0 ]; then
  yosys-smtbmc -s z3 --noprogress -c -t "$cover" "$top.smt2" >"$top.cover.log" ||
    { cat "$top.cover.log"; exit 1; }
fi
echo "$top: proved"
