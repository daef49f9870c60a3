#!/bin/sh
# Holds the kernels to their register budgets on two architectures, where ptxas is present.
#
#   test-cuda-budgets.sh PTX BUDGETS WORK
#
# BUDGETS has lines "kernel registers": the most a thread may use. Spilled bytes are allowed only as a third number.
set -eu

if ! command -v ptxas >/dev/null 2>&1; then
    echo "cuda: no ptxas; register budgets not checked"
    exit 0
fi
mkdir -p "$3"
for architecture in 80 90; do
    ptxas -arch="sm_$architecture" -v "$1" -o "$3/budget.cubin" 2>"$3/budget.log"
    awk -v architecture="$architecture" '
        NR == FNR { if ($0 !~ /^#/ && NF) { registers[$1] = $2; spills[$1] = NF > 2 ? $3 : 0 } next }
        /Compiling entry function/ { split($0, part, "'"'"'"); name = part[2] }
        / bytes spill stores/ { for (i = 1; i <= NF; i++) if ($i == "spill" && $(i + 1) ~ /^stores/) spilled = $(i - 2) + 0 }
        /Used [0-9]+ registers/ {
            used = 0
            for (i = 1; i < NF; i++) if ($i == "Used") used = $(i + 1)
            seen++
            if (!(name in registers)) { print "cuda: " name " has no budget"; bad = 1 }
            else if (used > registers[name]) { print "cuda: " name " uses " used " registers on sm_" architecture ", budget " registers[name]; bad = 1 }
            if (spilled > spills[name]) { print "cuda: " name " spills " spilled " bytes on sm_" architecture; bad = 1 }
            found[name] = 1
        }
        END {
            for (name in registers) if (!(name in found)) { print "cuda: the budget names " name ", which is not in the PTX"; bad = 1 }
            if (!seen) { print "cuda: ptxas reported no kernel"; bad = 1 }
            exit bad
        }' "$2" "$3/budget.log"
done
echo "cuda: $(grep -vc '^#' "$2") kernels keep their register budgets on sm_80 and sm_90"

# What "mvn -Pcubins package" does.
rm -rf "$3/cubins"
sh "$(dirname "$0")/../../main/sh/build-cubins.sh" "$1" "$3/cubins"
ls "$3"/cubins/infoprompt_kernels.sm_80.cubin >/dev/null
