#!/bin/sh
# The digest changes when the arithmetic changes. Native engines are built from copies of the kernels with one thing
# changed: contraction switched on, an explicit fma replaced by a multiplication and an addition, or one coefficient
# moved by an ulp. Each must miss the golden sums of the control engagements or the answers of the self-test. An
# unchanged copy must meet them. Needs a C compiler in $CC (or gcc).
set -u
. tests/shell/expect.sh

CC=${CC:-gcc}
top=$PWD
golden=$(sed -n 's/^control //p' tests/goldens.txt)
lanes=1
case $(uname -m) in
    x86_64)
        grep -qw fma /proc/cpuinfo && grep -qw avx2 /proc/cpuinfo || {
            echo "skip contraction_moves_the_digest: this processor has no fused multiply-add"
            exit 0
        }
        arch_flags=-march=x86-64-v3 lanes='1 4 8' ;;
    aarch64) arch_flags='' lanes='1 4' ;;
    *) arch_flags='' ;;
esac

# The features of the cells of control_engagements.h.
features=$(printf 'ZEM_FEATURE_%s|' WEAVE GUIDANCE OGL KALMAN AUTOPILOT LIMIT NOISE TRACKER FILTER TRANSITION \
    VARIED_PERIOD)
features=${features%|}

# sums LANES FLAGS...: builds the copy in $SCRATCH/copy and prints its sums.
sums() {
    count=$1
    shift
    flags="-std=c11 -D_POSIX_C_SOURCE=200809L -O2 -ffp-contract=off -I$SCRATCH/copy -I$SCRATCH/copy/host"
    # shellcheck disable=SC2086
    "$CC" $flags $arch_flags -fno-math-errno -fno-trapping-math "$@" -DZEM_LANES="$count" \
        -DZEM_ISA=control -DZEM_VARIANT=copy -DZEM_PRECISION=single -DZEM_STAGES=1 \
        -D"ZEM_FEATURES_POSSIBLE=($features)" \
        -c -o "$SCRATCH/engine.o" "$SCRATCH/copy/host/device/native/native_engine.c" &&
        "$CC" $flags -o "$SCRATCH/control" "$SCRATCH/copy/tests/control_engine.c" \
            "$SCRATCH/copy/host/cell/schedule_table.c" "$SCRATCH/engine.o" -lm &&
        "$SCRATCH/control"
}

fresh_copy() {
    rm -rf "$SCRATCH/copy"
    mkdir -p "$SCRATCH/copy/tests"
    cp -r "$top/kernels" "$top/host" "$SCRATCH/copy"
    cp "$top"/tests/control_engagements.h "$top"/tests/control_engine.c "$SCRATCH/copy/tests"
}

# red NAME LANES FLAGS...: checks that the sums differ from the golden ones.
red() {
    name=$1
    shift
    got=$(sums "$@" 2>"$SCRATCH/log")
    if [ -z "$got" ]; then verdict "$name" "does not build: $(head -n 1 "$SCRATCH/log")"
    elif [ "$got" = "$golden" ]; then verdict "$name" 'the sums are the golden ones'
    else verdict "$name" ''; fi
}

# damage NAME FILE FROM TO: replaces the text FROM in a fresh copy of kernels/FILE and checks that the sums change.
damage() {
    fresh_copy
    if awk -v from="$3" -v to="$4" '
        { k = index($0, from); if (k) { $0 = substr($0, 1, k - 1) to substr($0, k + length(from)); n++ } print }
        END { exit n != 1 }' "$top/kernels/$2" >"$SCRATCH/copy/kernels/$2"; then
        red "${1}_moves_the_sums" 1
    else
        verdict "${1}_moves_the_sums" "\"$3\" is not in one line of $2: this control needs a new text"
    fi
}

[ -n "$golden" ] || verdict goldens_have_the_control_sums 'tests/goldens.txt has no line "control"'

fresh_copy
for count in $lanes; do
    got=$(sums "$count" 2>"$SCRATCH/log")
    [ "$got" = "$golden" ] && got= || got="${got:-$(head -n 1 "$SCRATCH/log")} instead of $golden"
    verdict "unchanged_copy_of_${count}_lanes_meets_the_golden_sums" "$got"
    red "contraction_of_${count}_lanes_moves_the_sums" "$count" -ffp-contract=fast
done

damage one_fma_in_a_normal_quantity sample.h 'fmadd(splat(scale), normal, splat(base))' \
    'splat(scale) * normal + splat(base)'
damage one_fma_in_the_seeker seeker.h 'fmadd(position, sight->closing_rate, velocity)' \
    '(position * sight->closing_rate + velocity)'
damage one_fma_in_the_transition transition.h 'fmadd(share, x.y, sum.y)' '(share * x.y + sum.y)'
damage one_fma_in_the_reciprocal fpmath.h '    e = fmadd(-a, x, splat(1.0f));' '    e = 1.0f - a * x;'
damage one_fma_in_the_inverse_square_root fpmath.h '    const real e = fmadd(-(a * y), y, splat(1.0f));' \
    '    const real e = 1.0f - a * y * y;'
damage every_fma dialect_scalar.h 'return __builtin_fmaf(a, b, c); }' 'return a * b + c; }'
# One coefficient of every function is moved to its neighbour among the floats.
damage coefficient_of_the_sine fpmath.h '-41.3416786f' '-41.3416748f'
damage coefficient_of_the_cosine fpmath.h '-19.7392082f' '-19.7392101f'
damage coefficient_of_the_logarithm fpmath.h 'splat(0.333333313f)' 'splat(0.333333343f)'
damage coefficient_of_the_exponential fpmath.h '0.166665182f' '0.166665196f'
damage coefficient_of_the_air_density atmosphere.h '-0.50000006f' '-0.5f'
damage one_bit_of_the_round_keys philox.h '0x9E3779B9u' '0x9E3779B8u'
