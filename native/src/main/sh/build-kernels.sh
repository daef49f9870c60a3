#!/bin/sh
# Compiles the kernels of this machine's platform into FOLDER/org/infoprompt/native/PLATFORM/, together with a note of what they
# were compiled by and for. Without a C compiler the note says so: the build goes on, and the Vector API serves.
#
#   build-kernels.sh SOURCES FOLDER
#
# CC names the compiler; cc, gcc and clang are tried otherwise.
set -eu
export LC_ALL=C
sources=$(cd -P "$1" && pwd)
mkdir -p "$2"
folder=$(cd -P "$2" && pwd)
work=$folder/../kernels-work
mkdir -p "$work"
work=$(cd -P "$work" && pwd)

machine=$(uname -m)
case $machine in
    amd64) machine=x86_64 ;;
    arm64) machine=aarch64 ;;
esac
case $(uname -s) in
    Darwin) system=macosx library=libinfoprompt_kernels.dylib ;;
    *) system=linux library=libinfoprompt_kernels.so ;;
esac
target=$folder/org/infoprompt/native/$system-$machine
note=$target/build.properties

# Prints the first C compiler that compiles.
find_compiler() {
    for candidate in "${CC:-}" cc gcc clang; do
        # shellcheck disable=SC2086 # CC may hold options
        if [ -n "$candidate" ] && accepts "$candidate" -shared -fPIC; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# True if the compiler accepts these options.
accepts() {
    command -v ${1%% *} >/dev/null 2>&1 || return 1
    printf 'int probe(void);\nint probe(void) { return 0; }\n' >"$work/probe.c"
    "$@" -Werror "$work/probe.c" -o "$work/probe.out" >/dev/null 2>&1
}

if ! compiler=$(find_compiler); then
    mkdir -p "$target"
    rm -f "$target/$library"
    printf 'reason=no C compiler was found when this was built\nremedy=install one (apt install gcc) and build again\n' >"$note"
    echo "native: no C compiler found (cc, gcc, clang or CC): no native kernels are built, the Vector API serves"
    exit 0
fi
version=$($compiler --version | head -n 1)

# Nothing to do if the same compiler has built the same sources with the same script.
digest=$({ printf '%s\n' "$compiler" "$version" "$machine"; cat "$0"; find "$sources" -type f | sort | xargs cat; } | cksum)
if [ -f "$target/$library" ] && [ "$(cat "$work/digest" 2>/dev/null)" = "$digest" ]; then
    exit 0
fi
rm -rf "$target" "$work/digest"
mkdir -p "$target"

# The prefix map keeps the folder out of the library, so that two builds give the same bytes.
common="-std=gnu11 -O3 -fPIC -fvisibility=hidden -ffp-contract=fast -fno-math-errno -fno-trapping-math -fno-semantic-interposition
    -ffile-prefix-map=$sources=. -g0 -Wall -Wextra -Werror -DNDEBUG"
# shellcheck disable=SC2086 # lists of options
accepts $compiler -shared -fPIC -fno-semantic-interposition || common=$(echo "$common" | sed 's/-fno-semantic-interposition//')

tiers='baseline' defines='' objects="$work/dispatch.o $work/baseline.o"
avx2='-mavx2 -mfma'
avx512="$avx2 -mavx512f -mavx512bw -mavx512dq -mavx512vl"
accepts $compiler -shared -fPIC -mprefer-vector-width=512 && avx512="$avx512 -mprefer-vector-width=512"
avx512_vnni="$avx512 -mavx512vnni"
avx512_bf16="$avx512_vnni -mavx512bf16"
amx="$avx512_bf16 -mamx-tile -mamx-bf16 -mamx-int8"
if [ "$machine" = x86_64 ]; then
    for tier in avx2 avx512 avx512_vnni avx512_bf16 amx; do
        eval "flags=\$$tier"
        if accepts $compiler -shared -fPIC $flags; then
            tiers="$tiers $tier" objects="$objects $work/$tier.o"
            defines="$defines -DIPK_HAVE_$(echo $tier | tr a-z A-Z)"
        fi
    done
fi

cd "$sources"
running=
for tier in $tiers; do
    flags=
    [ "$tier" = baseline ] || eval "flags=\$$tier"
    $compiler $common $flags -DIPK_TIER=$tier -c tier.c -o "$work/$tier.o" &
    running="$running $!"
done
$compiler $common $defines -c dispatch.c -o "$work/dispatch.o"
for job in $running; do
    wait "$job"
done
case $system in
    macosx) $compiler -dynamiclib -Wl,-install_name,@rpath/$library -Wl,-x $objects -lm -o "$work/$library" ;;
    *) $compiler -shared -Wl,-s -Wl,--build-id=none -Wl,-z,defs -Wl,-z,noexecstack $objects -lm -o "$work/$library" ;;
esac
mv "$work/$library" "$target/$library"
printf 'compiler=%s\ntiers=%s\n' "$version" "$tiers" >"$note"
printf '%s\n' "$digest" >"$work/digest"
echo "native: kernels for $system-$machine compiled by $version: $tiers"
