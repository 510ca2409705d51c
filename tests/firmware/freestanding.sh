#!/bin/sh
# Compiles and links the firmware without any library: what is missing shows as undefined.
#
#   freestanding.sh SOURCE FOLDER_OF_FIRMWARE_H WORK
set -eu
source=$1
generated=$2
work=$3
done=0
for compiler in gcc clang; do
  command -v "$compiler" >/dev/null 2>&1 || continue
  for standard in c99 c11; do
    # No loop may become a call of memcpy: there is none.
    extra=
    [ "$compiler" = clang ] || extra=-fno-tree-loop-distribute-patterns
    # shellcheck disable=SC2086  # no option is no word
    "$compiler" "-std=$standard" -pedantic -Wall -Wextra -Wconversion -Wshadow -Werror -O2 $extra \
      -ffreestanding -fno-builtin -fno-stack-protector -nostdlib -static -Wl,-e,run_network \
      -I "$source" -I "$source/tests/firmware/mmio" -I "$generated" \
      -o "$work/firmware_$compiler" "$source/tests/firmware/run_network.c"
    done=$((done + 1))
  done
done
echo "$done programs linked without a library"
[ "$done" -gt 0 ]
