#!/bin/sh
# Runs the kernels' C tests in a plain build, under the address sanitizer and under the undefined-behaviour sanitizer, on every
# tier this machine has, and writes a report that is counted with the other tests' reports.
#
#   test-kernels.sh MODULE TARGET SKIP      SKIP holds "true" where tests are to be skipped
set -eu
export LC_ALL=C
case $3 in *true*) exit 0 ;; esac
module=$1
work=$2/kernels-test
reports=$2/surefire-reports
note=$(cat "$2"/kernels/org/infoprompt/native/*/build.properties)
mkdir -p "$work" "$reports"
report=$reports/TEST-native.KernelsTest.xml

compiler=
for candidate in "${CC:-}" cc gcc clang; do
    if [ -n "$candidate" ] && command -v ${candidate%% *} >/dev/null 2>&1; then
        compiler=$candidate
        break
    fi
done
case $note in
    *'tiers='*) ;;
    *) compiler= ;;
esac
if [ -z "$compiler" ]; then
    printf '<testsuite name="native.KernelsTest" tests="1" failures="0" errors="0" skipped="1"><testcase name="kernels" classname="native.KernelsTest"><skipped message="no C compiler"/></testcase></testsuite>\n' >"$report"
    echo 'native: 1 kernel test skipped: no C compiler'
    exit 0
fi

digest=$({ printf '%s\n' "$note"; cat "$0"; find "$module/src" -type f | sort | xargs cat; } | cksum)
if [ -f "$report" ] && [ "$(cat "$work/digest" 2>/dev/null)" = "$digest" ]; then
    exit 0
fi
rm -f "$work/digest"
tiers=$(printf '%s\n' "$note" | sed -n 's/^tiers=//p')
avx2='-mavx2 -mfma'
avx512="$avx2 -mavx512f -mavx512bw -mavx512dq -mavx512vl"
avx512_vnni="$avx512 -mavx512vnni"
avx512_bf16="$avx512_vnni -mavx512bf16"
amx="$avx512_bf16 -mamx-tile -mamx-bf16 -mamx-int8"

# Compiles and runs one build; appends a line "build name" for every check passed, "FAILED ..." for the others.
run_build() {
    build=$1
    shift
    mkdir -p "$work/$build"
    defines='' jobs=''
    for tier in $tiers; do
        flags=
        if [ "$tier" != baseline ]; then
            eval "flags=\$$tier"
            defines="$defines -DIPK_HAVE_$(echo "$tier" | tr a-z A-Z)"
        fi
        $compiler -std=gnu11 -ffp-contract=fast "$@" $flags -DIPK_TIER=$tier -c "$module/src/main/c/tier.c" -o "$work/$build/$tier.o" &
        jobs="$jobs $!"
    done
    for job in $jobs; do wait "$job"; done
    $compiler -std=gnu11 "$@" $defines -I"$module/src/main/c" "$module"/src/main/c/dispatch.c "$module"/src/test/c/*.c "$work/$build"/*.o \
        -lm -o "$work/$build/tests"
    if "$work/$build/tests" >"$work/$build/out" 2>&1; then :; else echo "FAILED the process ended with status $?" >>"$work/$build/out"; fi
    sed -n "s/^ok /$build /p" "$work/$build/out" >>"$work/passed"
    if grep -q '^FAILED\|Sanitizer\|runtime error' "$work/$build/out"; then
        grep '^FAILED\|Sanitizer\|runtime error' "$work/$build/out" | sed "s/^/$build: /" >>"$work/failed"
    fi
}

: >"$work/passed"
: >"$work/failed"
: >"$work/skipped"
run_build plain -O2
for sanitizer in address undefined; do
    printf 'int main(void) { return 0; }\n' >"$work/probe.c"
    if $compiler -fsanitize=$sanitizer "$work/probe.c" -o "$work/probe" >/dev/null 2>&1 && "$work/probe" >/dev/null 2>&1; then
        case $sanitizer in
            address) run_build address -O1 -g -fsanitize=address ;;
            # Here the baseline's int8 products are those of processors that are not x86.
            *) run_build undefined -O1 -g -fsanitize=undefined -fno-sanitize-recover=undefined -DIPK_INT8_PORTABLE ;;
        esac
    else
        echo "$sanitizer" >>"$work/skipped"
    fi
done

passed=$(wc -l <"$work/passed") failed=$(wc -l <"$work/failed") skipped=$(wc -l <"$work/skipped")
passed=$((passed)) failed=$((failed)) skipped=$((skipped))
escape() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g'; }
{
    echo "<testsuite name=\"native.KernelsTest\" tests=\"$((passed + failed + skipped))\" failures=\"$failed\" errors=\"0\" skipped=\"$skipped\">"
    escape <"$work/passed" | sed 's|.*|<testcase classname="native.KernelsTest" name="&"/>|'
    escape <"$work/failed" | sed 's|.*|<testcase classname="native.KernelsTest" name="&"><failure message="&"/></testcase>|'
    escape <"$work/skipped" | sed 's|.*|<testcase classname="native.KernelsTest" name="&"><skipped message="the compiler has no & sanitizer"/></testcase>|'
    echo '</testsuite>'
} >"$report"
echo "native: kernel tests by $($compiler --version | head -n 1): $passed passed, $failed failed, $skipped skipped"
if [ "$failed" -gt 0 ]; then
    cat "$work/failed" >&2
    exit 1
fi
printf '%s\n' "$digest" >"$work/digest"
