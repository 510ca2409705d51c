#!/bin/sh
# No output of the engine's ports follows an input within a cycle: valid does not wait for ready,
# ready does not wait for valid. Only the ready of an AXI4-Lite write waits for address and data, which
# AXI allows. Holds by structure: the cone of logic between the registers and the output has no input.
#
#   ports.sh RTL_FOLDER
#
# Exit 0: so it is, and two broken engines are refused.
set -eu
rtl=$1
registered="m_axis_out_tvalid m_axis_out_tdata m_axis_out_tlast s_axil_bvalid s_axil_bresp
  s_axil_arready s_axil_rvalid s_axil_rdata s_axil_rresp s_axis_act_tready s_axis_wgt_tready
  s_axis_par_tready"
# shellcheck disable=SC2016
cone='%ci*:-$dff,$dffe,$adff,$adffe,$sdff,$sdffe,$sdffce,$dffsr,$dffsre,$aldff,$aldffe,$mem_v2'

# check FILE...: asks Yosys.
check() {
  script=
  for output in $registered; do
    script="$script select -assert-none w:$output $cone i:* w:clk_i w:rst_ni %u %d %i;"
  done
  for output in s_axil_awready s_axil_wready; do
    allowed='w:clk_i w:rst_ni w:s_axil_awvalid w:s_axil_wvalid %u %u %u'
    script="$script select -assert-none w:$output $cone i:* $allowed %d %i;"
  done
  parameters="-chparam Pixels 4 -chparam Channels 4 -chparam BankDepth 8 -chparam WeightDepth 8"
  parameters="$parameters -chparam ParamBlocks 2 -chparam ThresholdBlocks 2"
  yosys -q -p "read_verilog -sv $*; hierarchy -top assay_engine $parameters; proc; flatten;
    opt_clean; memory_dff; memory_collect; $script"
}

# broken MODULE SED_SCRIPT: the engine with this module changed must be refused.
broken() {
  sed "$2" "$rtl/$1.sv" >"$1.sv"
  if cmp -s "$1.sv" "$rtl/$1.sv"; then
    echo "$1: '$2' changes nothing"
    exit 1
  fi
  # shellcheck disable=SC2046
  if check $(sed "s|^|$rtl/|; s|^$rtl/$1.sv|$1.sv|" "$rtl/files.f") >broken.log 2>&1; then
    echo "$1: accepted in spite of '$2'"
    exit 1
  fi
  grep -q "Assertion failed" broken.log || { cat broken.log; exit 1; }
}

# shellcheck disable=SC2046
check $(sed "s|^|$rtl/|" "$rtl/files.f")
broken assay_output 's/m_axis_tvalid                = valid_q/m_axis_tvalid                = valid_q \&\& m_axis_tready/'
broken assay_loader 's/s_axis_tready = accept_i/s_axis_tready = accept_i \&\& s_axis_tvalid/'
echo "no port waits for its partner"
