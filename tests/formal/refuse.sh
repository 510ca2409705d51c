#!/bin/sh
# The proof of a module can fail: each line of TOP.broken is a sed script that breaks rtl/TOP.sv, and
# the broken module must be refused.
#
#   refuse.sh [OPTION OF prove.sh]... FOLDER TOP FILE...     the first FILE is the one that breaks
set -eu
options=
while getopts fk:c:p: option; do
  case $option in
    f) options="$options -f" ;;
    c) ;; # refusing needs no covers
    *) options="$options -$option $OPTARG" ;;
  esac
done
shift $((OPTIND - 1))
here=$1 top=$2 source=$3
shift 3
count=0
while read -r script; do
  case $script in '' | '#'*) continue ;; esac
  sed "$script" "$source" >broken.sv
  if cmp -s broken.sv "$source"; then
    echo "$top: '$script' changes nothing"
    exit 1
  fi
  # shellcheck disable=SC2086
  if "$here/prove.sh" $options "$here" "$top" broken.sv "$@" >broken.log 2>&1; then
    echo "$top: proved in spite of '$script'"
    exit 1
  fi
  if ! grep -q "Assert failed" broken.log; then
    cat broken.log
    echo "$top: '$script' does not build"
    exit 1
  fi
  count=$((count + 1))
done <"$here/$top.broken"
echo "$top: $count broken modules refused"
