#!/bin/sh
# The proofs can fail: each of these broken modules must be refused.
#
#   refuse.sh FOLDER_OF_THIS_FILE RTL_FOLDER
set -eu
here=$1 rtl=$2
count=0

# broken TOP SED_SCRIPT [MORE_FILES]: proves a copy of rtl/TOP.sv that the script has changed.
broken() {
  top=$1 script=$2
  shift 2
  sed "$script" "$rtl/$top.sv" >broken.sv
  if cmp -s broken.sv "$rtl/$top.sv"; then
    echo "$top: '$script' changes nothing"
    exit 1
  fi
  if "$here/prove.sh" "$here" "$top" 0 broken.sv "$@" >broken.log 2>&1; then
    echo "$top: proved in spite of '$script'"
    exit 1
  fi
  if ! grep -q "Assert failed\|FAILED" broken.log; then
    cat broken.log
    echo "$top: '$script' does not build"
    exit 1
  fi
  count=$((count + 1))
}

broken assay_affine 's/sum_q >>> sum_shift_q/sum_q >> sum_shift_q/'
broken assay_affine 's/SumBits.(product_q) + /SumBits'"'"'(product_q) - /'
broken assay_affine 's/: AddendBits) + 1;/: AddendBits);/'
broken assay_affine 's/value < SumBits.(out_min_i)/value <= SumBits'"'"'(out_min_i) + 1/'
broken assay_affine 's/sum_shift_q <= shift_q/sum_shift_q <= shift_i/'
broken assay_threshold 's/threshold <= gen_level/threshold < gen_level/' "$here/ram_any.sv"
broken assay_threshold 's/{gen_level\[l-1\].slot_q/{slot_i/' "$here/ram_any.sv"
broken assay_threshold 's/<< (8 - l)/<< (7 - l)/' "$here/ram_any.sv"
broken assay_threshold 's/{write_slot_i, upper\[6:7-l\]}/{write_slot_i, upper[5:6-l]}/' "$here/ram_any.sv"
broken assay_threshold 's/write_data_i\[63:32\]/write_data_i[31:0]/' "$here/ram_any.sv"
broken assay_threshold 's/- (signed_i ? 9.sd128/- (signed_i ? 9'"'"'sd127/' "$here/ram_any.sv"
broken assay_output "s/ready_o                      = !spare_q/ready_o                      = 1'b1/"
broken assay_output 's/if (spare_q) word_q <= spare_word_q/if (spare_q) word_q <= {last_i, y_o}/'
broken assay_output "s/spare_q <= 1'b0/spare_q <= spare_q/"
echo "$count broken modules refused"
