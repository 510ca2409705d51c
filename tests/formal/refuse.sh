#!/bin/sh
# The proof of a module can fail: each line of TOP.broken is a sed script that breaks rtl/TOP.sv, or, if
# it begins with `@NAME `, NAME.sv of the files that TOP instantiates; the broken module must be refused.
#
#   refuse.sh [-n COUNT] [OPTION OF prove.sh]... FOLDER TOP FILE...
#
#   -n  the first COUNT lines only
set -eu
options='' most=1000
while getopts n:fk:c:p: option; do
  case $option in
    n) most=$OPTARG ;;
    f) options="$options -f" ;;
    c) ;; # refusing needs no covers
    *) options="$options -$option $OPTARG" ;;
  esac
done
shift $((OPTIND - 1))
here=$1 top=$2
shift 2
count=0
while read -r line; do
  [ $count -lt "$most" ] || break
  case $line in
    '' | '#'*) continue ;;
    @*) name=${line%% *} script=${line#* } name=${name#@} ;;
    *) name=$top script=$line ;;
  esac
  files='' changed=0
  for file in "$@"; do
    if [ "$(basename "$file")" = "$name.sv" ]; then
      sed "$script" "$file" >broken.sv
      cmp -s broken.sv "$file" || changed=1
      file=broken.sv
    fi
    files="$files $file"
  done
  if [ $changed = 0 ]; then
    echo "$top: '$line' changes nothing"
    exit 1
  fi
  # shellcheck disable=SC2086
  if "$here/prove.sh" -r $options "$here" "$top" $files >broken.log 2>&1; then
    echo "$top: proved in spite of '$line'"
    exit 1
  fi
  if ! grep -q "Assert failed" broken.log; then
    cat broken.log
    echo "$top: '$line' does not build"
    exit 1
  fi
  count=$((count + 1))
done <"$here/$top.broken"
echo "$top: $count broken modules refused"
