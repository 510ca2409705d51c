#!/bin/sh
# Checks the lemmas of positions.smt2 with z3: hypotheses sat, denied conclusions unsat.
#
#   lemmas.sh FILE
set -eu
answers=$(z3 -T:60 "$1" | tr '\n' ' ')
[ "$answers" = "sat unsat sat unsat sat unsat sat unsat sat unsat " ] || {
  echo "$1: $answers"
  exit 1
}
