#!/bin/sh
# Assembles the PTX into a cubin for each architecture that users have, two at a time.
#
#   build-cubins.sh PTX FOLDER
#
# Writes FOLDER/infoprompt_kernels.sm_N.cubin. A cubin that is newer than the PTX is kept. Without ptxas, or where it is too old for
# an architecture, one line says so and the PTX does: a GPU's driver compiles it.
set -eu

ptx=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
architectures='80 86 89 90 100 120'

if ! command -v ptxas >/dev/null 2>&1; then
    echo "cuda: no ptxas; no cubins, the driver compiles the PTX"
    exit 0
fi

assemble() {
    cubin=$folder/infoprompt_kernels.sm_$1.cubin
    [ -f "$cubin" ] && [ "$cubin" -nt "$ptx" ] && return
    if ptxas -arch="sm_$1" "$ptx" -o "$cubin.new" 2>"$cubin.log"; then
        mv "$cubin.new" "$cubin"
    else
        echo "cuda: no cubin for sm_$1: $(head -n 1 "$cubin.log")"
    fi
    rm -f "$cubin.new" "$cubin.log"
}

running=0
for architecture in $architectures; do
    assemble "$architecture" &
    running=$((running + 1))
    if [ "$running" -eq 2 ]; then
        wait
        running=0
    fi
done
wait
echo "cuda: cubins in $folder:$(cd "$folder" && ls ./*.cubin 2>/dev/null | sed 's/.*\(sm_[0-9]*\).*/ \1/' | tr -d '\n')"
