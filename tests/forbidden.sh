#!/bin/sh
# What kernels/README.md forbids in kernels/ does not occur in the text, does not compile and leaves no trace in the
# machine code: library functions, division, square root, wider or narrower floating types, relaxed math, anything from
# host/. Every check must first fail on a planted violation. Also, host/ builds no OpenCL program without the options
# that all programs share. Needs a C compiler in $CC (or gcc), and clang to compile the kernels as OpenCL C.
set -u

CC=${CC:-gcc}
case $(uname -m) in
    x86_64) arch_flags=-march=x86-64-v3 ;;
    *) arch_flags= ;;
esac

# Prints the text of the kernels, line by line as "file:line". Left out are comments, directives that only include
# siblings, portable.h, and what is only compiled in double precision (ZEM_DOUBLE), from which no result comes.
bare_text() { # FOLDER
    for file in "$1"/*.h "$1"/*.cl; do
        case $file in */portable.h | */dialect_*) continue ;; esac
        awk -v file="${file##*/}" '
            { line = $0; out = ""
              while (line != "") {
                  if (inside) {
                      k = index(line, "*/")
                      if (!k) { line = ""; break }
                      line = substr(line, k + 2); inside = 0; continue
                  }
                  k = index(line, "/*"); m = index(line, "//")
                  if (m && (!k || m < k)) { out = out substr(line, 1, m - 1); line = ""; break }
                  if (!k) { out = out line; line = ""; break }
                  out = out substr(line, 1, k - 1) " "; line = substr(line, k + 2); inside = 1
              }
              if (out ~ /^#ifdef ZEM_DOUBLE/) { doubled = 1; skip = 1; next }
              if (out ~ /^#ifndef ZEM_DOUBLE/) { doubled = 1; next }
              if (doubled && out ~ /^#else/) { skip = !skip; next }
              if (doubled && out ~ /^#endif/) { doubled = skip = 0; next }
              if (skip) next
              if (out ~ /^[ \t]*#[ \t]*include[ \t]+("[a-z_0-9]*\.h"|ZEM_[A-Z_]+)[ \t]*$/) next
              if (out ~ /[^ \t]/) print file ":" FNR ": " out }' "$file"
    done
}

functions='sqrt|rsqrt|cbrt|hypot|exp|exp2|exp10|expm1|log|log2|log10|log1p|sin|cos|tan|asin|acos|atan|atan2|sincos'
functions="$functions|sinpi|cospi|tanpi|sinh|cosh|tanh|pow|powr|pown|rootn|erf|erfc|tgamma|lgamma|fma|mad|mad24|fmin"
functions="$functions|fmax|fabs|fmod|fdim|remainder|remquo|floor|ceil|rint|round|trunc|nearbyint|lrint|ldexp|frexp|modf"
functions="$functions|dot|cross|normalize|length|distance|fast_length|fast_normalize|smoothstep|degrees|radians|nan"
functions="$functions|isnan|isinf|isfinite|isnormal"
half_functions='cos|divide|exp|exp2|exp10|log|log2|log10|powr|recip|rsqrt|sin|sqrt|tan'

# Prints what the text may not contain, as "rule<tab>extended regular expression".
rules() {
    printf '%s\t%s\n' \
        'a floating type other than float' '(^|[^A-Za-z0-9_])(double|half|_Float16|__fp16|float16_t)([^A-Za-z0-9_]|$)' \
        'a library function' "(^|[^A-Za-z0-9_])($functions)f?l?[ ]*\\(" \
        'a relaxed function' "(^|[^A-Za-z0-9_])(native_[a-z]|half_($half_functions)([^A-Za-z0-9_]|\$))" \
        'a division or remainder' '[/%]' \
        'a constant of type double' '(^|[^A-Za-z0-9_.])([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?([^0-9eEfF.]|$)' \
        'an atomic operation other than atomic_add' '(^|[^A-Za-z0-9_])(atom_|atomic_([b-z]|a[a-ce-z]))' \
        'a pragma or a file from elsewhere' '#[ ]*(pragma|include)' \
        'a conversion that rounds' '(convert_|__builtin_)'
}

# Prints what breaks a rule in a folder, nothing if all is well.
broken_rules() {
    bare_text "$1" >"$SCRATCH/text"
    rules | while IFS="$(printf '\t')" read -r rule pattern; do
        grep -E -- "$pattern" "$SCRATCH/text" | head -n 3 | sed "s|^|$rule: |"
    done
}

# Compiles the kernels after pragmas that make the forbidden names errors.
compiles_poisoned() { # FOLDER
    # These names are also ordinary words, which comments or other code may use.
    names=$(echo "$functions" | tr '|' '\n' | grep -vx -e round -e length -e distance -e degrees -e radians)
    {
        echo '#include <stdint.h>'
        echo '#include <string.h>'
        echo '#define ZEM_LANES 1'
        # shellcheck disable=SC2086
        echo '#pragma GCC poison double half' $names
        # shellcheck disable=SC2046
        echo '#pragma GCC poison' $(echo "$names" | sed 's/$/f/')
        echo "#include \"$1/model.h\""
        echo "#include \"$1/schedule.h\""
    } >"$SCRATCH/poisoned.c"
    "$CC" -std=c11 -fsyntax-only "$SCRATCH/poisoned.c" 2>"$SCRATCH/poisoned.log"
}

# Prints what the machine code of the kernels has and may not have: instructions that divide, take roots or compute in
# double precision, and calls of anything but fmaf and functions that copy memory. The kernels are compiled for one
# trial at a time and with little optimisation, so that all of the source leaves code. Only the function that hands
# misses to zem converge may convert them to double, which rounds nothing.
machine_code() { # FOLDER
    printf '#define %s\n' 'ZEM_LANES 1' 'ZEM_ISA x' 'ZEM_VARIANT y' 'ZEM_PRECISION z' >"$SCRATCH/engine.c"
    printf '#include "%s/host/device/native/native_engine.c"\n' "$1" >>"$SCRATCH/engine.c"
    # shellcheck disable=SC2086
    "$CC" -std=c11 -O1 -ffp-contract=off -fno-math-errno -fno-trapping-math $arch_flags -I"$1" -I"$1/host" \
        -S -o "$SCRATCH/engine.s" "$SCRATCH/engine.c" &&
        awk '$1 ~ /^[A-Za-z_][A-Za-z0-9_.]*:$/ { label = substr($1, 1, length($1) - 1) }
             NR == FNR { own[label] = 1; next }
             label ~ /^fly_misses/ && $1 ~ /^v?cvtss2sd/ { next }
             $1 ~ /^v?(div|sqrt|rcp|rsqrt)(14)?[ps][sd]$|^v?(add|sub|mul|cvtss2|cvtsi2)s?sd|^v?cvtsd2/ ||
             $1 ~ /^f(div|sqrt|recpe|rsqrte)$|^fcvt$/ { print $1, $2, $3 }
             $1 ~ /^(call|jmp|bl?)q?$/ && $2 ~ /^[A-Za-z_]/ {
                 name = $2
                 sub(/@PLT$/, "", name)
                 if (!(name in own) && name !~ /^(fmaf|mem(cpy|set|move))$/) print $1, name
             }' "$SCRATCH/engine.s" "$SCRATCH/engine.s" | sort -u
}

plant() { # LINE: a copy of kernels/ and the engine's file with LINE as part of fpmath.h
    rm -rf "$SCRATCH/planted"
    mkdir -p "$SCRATCH/planted"
    cp -r kernels host "$SCRATCH/planted"
    awk -v line="$1" '{ print } /^#define ZEM_FPMATH_H/ { print line }' kernels/fpmath.h \
        >"$SCRATCH/planted/kernels/fpmath.h"
}

# The text of the kernels.
while IFS= read -r line; do
    plant "$line"
    if [ -n "$(broken_rules "$SCRATCH/planted/kernels")" ]; then
        echo "ok planted_in_the_text: $line"
    else
        echo "not ok planted_in_the_text: not seen: $line"
    fi
done <<'LINES'
ZEM_FUNCTION real planted(real x) { return x / 3.0f; }
ZEM_FUNCTION u32 planted(u32 x) { return x % 3u; }
ZEM_FUNCTION real planted(real x) { return sqrt(x); }
ZEM_FUNCTION real planted(real x) { return native_exp(x); }
ZEM_FUNCTION real planted(real x) { return mad(x, x, x); }
ZEM_FUNCTION real planted(real x) { return fmin(x, x); }
ZEM_FUNCTION real planted(real x) { return x * 0.1; }
ZEM_FUNCTION real planted(real x) { return (real)((double)x); }
#include "../host/base/error.h"
#pragma OPENCL FP_CONTRACT ON
LINES
broken=$(broken_rules kernels)
if [ -z "$broken" ]; then echo "ok kernels_have_nothing_forbidden"
else echo "not ok kernels_have_nothing_forbidden: $(echo "$broken" | head -n 1)"; fi
lines=$(wc -l <"$SCRATCH/text")
if [ "$lines" -gt 1000 ]; then echo "ok the_text_was_read"; else echo "not ok the_text_was_read: $lines lines"; fi

# The kernels as the compiler sees them.
plant 'ZEM_FUNCTION real planted(real x) { return (real)sqrtf((float)x); }'
if compiles_poisoned "$SCRATCH/planted/kernels"; then echo "not ok planted_name_does_not_compile: it does"
elif grep -q 'poisoned.*sqrtf' "$SCRATCH/poisoned.log"; then echo "ok planted_name_does_not_compile"
else echo "not ok planted_name_does_not_compile: $(head -n 1 "$SCRATCH/poisoned.log")"; fi
if compiles_poisoned "$PWD/kernels"; then echo "ok kernels_compile_without_the_names"
else echo "not ok kernels_compile_without_the_names: $(head -n 1 "$SCRATCH/poisoned.log")"; fi

# The machine code of the kernels.
plant ''
sed 's|real x = as_real(0x7EF311C3u - as_bits(a));|real x = 1.0f / a;|' kernels/fpmath.h \
    >"$SCRATCH/planted/kernels/fpmath.h"
found=$(machine_code "$SCRATCH/planted")
if [ -n "$found" ]; then echo "ok planted_division_is_in_the_machine_code"
else echo "not ok planted_division_is_in_the_machine_code: not seen"; fi
found=$(machine_code "$PWD")
if [ ! -s "$SCRATCH/engine.s" ]; then
    echo "not ok machine_code_has_nothing_forbidden: the engine does not compile"
elif [ -z "$found" ]; then echo "ok machine_code_has_nothing_forbidden"
else echo "not ok machine_code_has_nothing_forbidden: $(echo "$found" | head -n 3 | tr '\n' ' ')"; fi

# The kernels as OpenCL C.
if ! command -v clang >/dev/null; then echo "skip kernels_compile_as_opencl: make kernels-check needs clang"
elif make --no-print-directory kernels-check >"$SCRATCH/check.log" 2>&1; then echo "ok kernels_compile_as_opencl"
else
    why=$(grep -m 1 error "$SCRATCH/check.log" || tail -n 1 "$SCRATCH/check.log")
    echo "not ok kernels_compile_as_opencl: $why"
fi

# The builds of OpenCL programs. Without the shared options a driver on a processor without AVX-512 prints "16 warnings
# generated." to the standard error of zem. On a processor with AVX-512 nothing is printed, so that a run of zem there
# does not show the mistake; the source is searched instead.
#
# bare_builds prints the calls in the C sources of a folder whose options neither come from zem_opencl_flags nor begin
# with the shared ones.
bare_builds() { # FOLDER
    awk '/cl(Build|Compile)Program\(/ { inside = 1; call = "" }
         inside { call = call $0 }
         inside && /;/ {
             inside = 0
             rest = call
             shared = gsub(/zem_opencl_flags\(/, "", rest) + gsub(/ZEM_OPENCL_ALWAYS +"([^"\\]|\\.)*"/, "", rest)
             if (!shared || rest ~ /"/) print FILENAME ": " call
         }' "$1"/*.c
}
mkdir -p "$SCRATCH/builds"
while IFS= read -r line; do
    printf '%s\n' "$line" >"$SCRATCH/builds/planted.c"
    if [ -n "$(bare_builds "$SCRATCH/builds")" ]; then
        echo "ok planted_build: $line"
    else
        echo "not ok planted_build: not seen: $line"
    fi
done <<'LINES'
cl->clBuildProgram(program, 1, &id, NULL, NULL, NULL);
cl->clBuildProgram(program, 1, &id, "-w", NULL, NULL);
cl->clBuildProgram(program, 1, &id, flags, NULL, NULL);
cl->clBuildProgram(program, 1, &id, is_gpu ? ZEM_OPENCL_ALWAYS " -D \"A=1\"" : "-D A=2", NULL, NULL);
LINES
bare=$(bare_builds host/device/opencl)
if [ -n "$bare" ]; then
    echo "not ok every_build_has_the_shared_options: $(echo "$bare" | head -n 1)"
elif ! tr -s ' \n' ' ' <host/device/opencl/opencl_flags.c | grep -q 'snprintf(text, size, ZEM_OPENCL_ALWAYS '; then
    echo "not ok every_build_has_the_shared_options: zem_opencl_flags leaves them out"
elif ! grep -q '#define ZEM_OPENCL_ALWAYS "-w ' host/device/opencl/opencl_flags.h; then
    echo "not ok every_build_has_the_shared_options: -w is not among them"
else echo "ok every_build_has_the_shared_options"; fi
