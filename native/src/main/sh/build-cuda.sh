#!/bin/sh
# Checks that the committed PTX is what the CUDA sources compile to, and on request writes it.
#
#   build-cuda.sh SOURCES RESOURCES WORK [check|write]
#
# SOURCES has the .cu files, RESOURCES the committed infoprompt_kernels.ptx, WORK is for temporary files. Without nvcc the
# committed PTX ships as it is, which one line says. With the nvcc that wrote it, recompiling must give the same bytes; with
# another one it must compile. build-cubins.sh assembles it.
set -eu

sources=$(cd "$1" && pwd)
ptx=$2/infoprompt_kernels.ptx
mkdir -p "$3"
work=$(cd "$3" && pwd)
mode=${4:-check}

if ! command -v nvcc >/dev/null 2>&1; then
    echo "cuda: no nvcc; the committed PTX ships without being rebuilt"
    [ "$mode" = check ] && exit 0
    echo "cuda: $mode needs nvcc" >&2
    exit 1
fi
version=$(nvcc --version | sed -n 's/^Cuda compilation tools, //p')

# The sources, this script and the PTX decide the outcome; a second run with the same ones has nothing to do.
stamp=$( (cat "$sources"/*.cu "$sources"/*.cuh "$0"; cat "$ptx" 2>/dev/null || true; echo "$version") | sha256sum | cut -d' ' -f1)
if [ "$mode" = check ] && [ -f "$work/checked" ] && [ "$(cat "$work/checked")" = "$stamp" ]; then
    echo "cuda: the committed PTX was rebuilt and compared before, and nothing has changed"
    exit 0
fi

# From the sources' folder, because nvcc puts what it is called with into the names of internal symbols. The instructions used
# are those of PTX 7.0, so that drivers older than this compiler take it; ptxas checks that they are.
(cd "$sources" && nvcc -ptx -arch=compute_80 -O3 -std=c++17 -Werror all-warnings infoprompt_kernels.cu -o "$work/nvcc.ptx")
sed 's/^\.version .*/.version 7.0/' "$work/nvcc.ptx" >"$work/infoprompt_kernels.ptx"
ptxas -arch=sm_80 -v "$work/infoprompt_kernels.ptx" -o "$work/sm_80.cubin" 2>"$work/ptxas.sm_80.log"

if [ "$mode" = write ]; then
    cp "$work/infoprompt_kernels.ptx" "$ptx"
    echo "cuda: wrote $ptx with $version"
    exit 0
fi

written=$(sed -n 's/^\/\/ Cuda compilation tools, //p' "$ptx")
if [ "$written" != "$version" ]; then
    echo "cuda: the PTX was written by nvcc $written; this is $version, which compiles the sources too; bytes not compared"
elif cmp -s "$ptx" "$work/infoprompt_kernels.ptx"; then
    echo "cuda: the committed PTX is what nvcc $version makes of the sources (sha256 $(sha256sum "$ptx" | cut -c1-16))"
else
    echo "cuda: $ptx is not what nvcc $version makes of the sources; run build-cuda.sh with 'write' and commit it" >&2
    exit 1
fi

echo "$stamp" >"$work/checked"
