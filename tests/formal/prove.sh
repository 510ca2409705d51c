#!/bin/sh
# Proves the assertions of a module by induction from its initial state, for unbounded time; checks
# that the assumptions can be met and that what the proof speaks of can happen.
#
#   prove.sh [-k DEPTH] [-c STEPS] [-p NAME=VALUE]... FOLDER TOP FILE...
#
#   -k  cycles of the induction's hypothesis, default 1
#   -c  cycles within which every cover statement must be reached, default: nothing to reach
#   -p  parameter of TOP
#   FOLDER  where the property files are
#
# Exit 0: proved. Work files go to the current folder.
set -eu
depth=1 cover=0 parameters=
while getopts k:c:p: option; do
  case $option in
    k) depth=$OPTARG ;;
    c) cover=$OPTARG ;;
    p) parameters="$parameters -chparam ${OPTARG%%=*} ${OPTARG#*=}" ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
here=$1 top=$2
shift 2

yosys -q -p "read_verilog -formal -sv -I$here $*; hierarchy -check -top $top $parameters; proc;
  flatten; opt_clean; async2sync; memory -nordff -nomap; opt -full;
  techmap t:\$shiftx t:\$shift; opt -full; check -assert; dffunmap;
  setundef -undriven -anyseq; write_smt2 -wires $top.smt2" >"$top.yosys.log" 2>&1 ||
  { cat "$top.yosys.log"; exit 1; }

# solve NAME OPTION...: one run of the solver; its log is shown when it fails.
solve() {
  log=$top.$1.log
  shift
  yosys-smtbmc -s z3 --unroll --noprogress "$@" "$top.smt2" >"$log" || { cat "$log"; exit 1; }
}

solve base --noincr --presat -t "$depth"
solve induction --noincr -i -t "$depth"
if [ "$cover" -gt 0 ]; then
  solve cover -c -t "$cover"
fi
echo "$top: proved"
