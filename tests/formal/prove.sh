#!/bin/sh
# Proves the assertions of a module by induction from its initial state, for unbounded time; checks
# that the assumptions can be met and that what the proof speaks of can happen.
#
#   prove.sh [-fr] [-k DEPTH] [-c STEPS] [-p NAME=VALUE]... FOLDER TOP FILE...
#
#   -f  a fresh solver for each question: fast on arithmetic, slow on memories
#   -r  to be refused: first what fails soonest
#   -k  cycles of the induction's hypothesis, default 1
#   -c  cycles within which every cover statement must be reached, default: nothing to reach
#   -p  parameter of TOP
#   FOLDER  where the property files are; they are read inside the first FILE only
#
# Exit 0: proved. Work files go to the current folder.
set -eu
depth=1 cover=0 parameters='' fresh='' refuse=0
while getopts frk:c:p: option; do
  case $option in
    k) depth=$OPTARG ;;
    c) cover=$OPTARG ;;
    f) fresh=--noincr ;;
    r) refuse=1 ;;
    p) parameters="$parameters -set ${OPTARG%%=*} ${OPTARG#*=}" ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
here=$1 top=$2 first=$3
shift 3
rest=${*:+read_verilog -sv $*;}

yosys -q -p "read_verilog -formal -sv -I$here $first; $rest
  ${parameters:+chparam $parameters $top;} hierarchy -check -top $top; proc; flatten; opt_clean; async2sync; memory -nordff -nomap; opt -full;
  techmap t:\$shiftx t:\$shift; opt -full; check -assert; dffunmap;
  setundef -undriven -anyseq; write_smt2 -wires $top.smt2" >"$top.yosys.log" 2>&1 ||
  { cat "$top.yosys.log"; exit 1; }

# solve NAME OPTION...: one run of the solver; its log is shown when it fails.
solve() {
  log=$top.$1.log
  shift
  yosys-smtbmc -s z3 --unroll --noprogress "$@" "$top.smt2" >"$log" || { cat "$log"; exit 1; }
}

if [ $refuse = 1 ]; then
  solve induction $fresh -i -t "$depth"
  solve base $fresh -t "$depth"
  exit 0
fi
solve base $fresh --presat -t "$depth"
solve induction $fresh -i -t "$depth"
if [ "$cover" -gt 0 ]; then
  solve cover -c -t "$cover"
fi
echo "$top: proved"
