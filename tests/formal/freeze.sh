#!/bin/sh
# With `move` low no register from the taps to the sums changes, whatever the inputs do: where it is
# forced low, Yosys finds every register but the collector's equal to itself and removes it. Memories
# are written by streams, not by the stages; their read registers count. A stall is then a cycle that
# does not exist for the stages.
#
#   freeze.sh RTL_FOLDER
#
# Exit 0: so it is, and four broken modules are refused.
set -eu
rtl=$1

# check FOLDER TOP SED_SCRIPT PARAMETERS FILE...: no register of TOP but the collector's is left.
check() {
  folder=$1 top=$2 force=$3 parameters=$4
  shift 4
  sed "$force" "$folder/$top.sv" >"frozen.sv"
  files=frozen.sv
  for file in "$@"; do
    if [ -f "$folder/$file.sv" ]; then files="$files $folder/$file.sv"; else files="$files $rtl/$file.sv"; fi
  done
  yosys -q -p "read_verilog -sv $files; ${parameters:+chparam $parameters $top;} hierarchy -check -top $top;
    proc; flatten; expose -dff; opt -full; select -assert-none t:\$*dff* t:\$*latch* %u a:src=*assay_collector.sv* %d"
}

# stages FOLDER [PARTS]: the modules that stand still.
low="s/^endmodule/assign move_i = 1'b0; assign run_i = 1'b1; assign rst_ni = 1'b1; endmodule/"
ports="s/input *logic *\(move_i\|run_i\|rst_ni\),/output logic \1,/"
stages() {
  for top in assay_taps assay_address assay_pipeline assay_array assay_array_packed; do
    check "$1" $top "$ports; $low" "" 2>"$top.log" || { cat "$top.log"; return 1; }
  done
  small="-set Pixels 4 -set PixelBits 2 -set Channels 4 -set ChannelBits 2 -set BankDepth 8"
  small="$small -set WordBits 3 -set PosBits 5 -set SlotBits 1"
  check "$1" assay_datapath "s/assign move .*/assign move = 1'b0;/" "$small" assay_banks assay_rotate \
    assay_initial assay_array assay_array_packed assay_row_sum assay_collector assay_ram 2>datapath.log ||
    { cat datapath.log; return 1; }
}

# broken MODULE SED_SCRIPT: with this module changed the stages must be refused.
broken() {
  rm -rf broken
  mkdir broken
  sed "$2" "$rtl/$1.sv" >"broken/$1.sv"
  for top in assay_taps assay_address assay_pipeline assay_array assay_array_packed assay_datapath; do
    [ -f broken/$top.sv ] || cp "$rtl/$top.sv" broken/
  done
  if cmp -s "broken/$1.sv" "$rtl/$1.sv"; then
    echo "$1: '$2' changes nothing"
    exit 1
  fi
  if stages broken >broken.log 2>&1; then
    echo "$1: accepted in spite of '$2'"
    exit 1
  fi
  grep -q "Assertion failed" broken.log || { cat broken.log; exit 1; }
}

stages "$rtl"
broken assay_address 's/if (move_i \&\& valid_i) base_q/if (valid_i) base_q/'
broken assay_array_packed 's/if (move_i \&\& valid_i)/if (valid_i)/'
broken assay_datapath 's/\.clk_i, \.move_i(move), \.reduce_i/.clk_i, .move_i(1'"'b1"'), .reduce_i/'
broken assay_banks 's/\.read_i(move_i \&\& valid_i)/.read_i(valid_i)/'
echo "nothing moves"
