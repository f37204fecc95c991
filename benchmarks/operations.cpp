// Counts the operations of an engagement of each deck. The kernels are compiled as C++ here, with arithmetic types that
// count every operation. The program flies a sample of trials and prints one line for each deck, for the file
// benchmarks/decks/operations.txt. A flop is an addition, a subtraction or a multiplication; a fused multiply-add is
// two flops. Each of these is one lane operation, and so is each integer operation, comparison, selection and wide
// multiplication. Not counted are moves, loads, work that is done once for a cell, and the tally.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

extern "C" {
#define _Static_assert static_assert
#include "bench/bench_deck.h"
#include "cell/cell.h"
#include "scenario/grid.h"
#include "cell/schedule_table.h"
#undef ZEM_SIZE_CHECK
}

namespace
{
struct {
    uint64_t flops, operations;
} counts;

struct bits {
    u32 v;
};
struct real {
    float v;
    real() = default;
    real(float x) : v(x) {}
};
typedef int mask;

real counted(float x, unsigned flops)
{
    counts.flops += flops;
    counts.operations++;
    return real(x);
}
bits counted_bits(u32 x)
{
    counts.operations++;
    return bits{x};
}
real operator+(real a, real b) { return counted(a.v + b.v, 1); }
real operator-(real a, real b) { return counted(a.v - b.v, 1); }
real operator*(real a, real b) { return counted(a.v * b.v, 1); }
real operator-(real a) { return real(-a.v); } // folded into the instruction that uses it
bits operator+(bits a, bits b) { return counted_bits(a.v + b.v); }
[[maybe_unused]] bits operator-(bits a, bits b) { return counted_bits(a.v - b.v); }
bits operator^(bits a, bits b) { return counted_bits(a.v ^ b.v); }
[[maybe_unused]] bits operator|(bits a, bits b) { return counted_bits(a.v | b.v); }
[[maybe_unused]] bits operator&(bits a, bits b) { return counted_bits(a.v & b.v); }
bits operator+(bits a, u32 b) { return counted_bits(a.v + b); }
bits operator-(bits a, u32 b) { return counted_bits(a.v - b); }
bits operator-(u32 a, bits b) { return counted_bits(a - b.v); }
bits operator*(bits a, u32 b) { return counted_bits(a.v * b); }
bits operator^(bits a, u32 b) { return counted_bits(a.v ^ b); }
bits operator|(bits a, u32 b) { return counted_bits(a.v | b); }
bits operator&(bits a, u32 b) { return counted_bits(a.v & b); }
bits operator>>(bits a, int n) { return counted_bits(a.v >> n); }
bits operator<<(bits a, int n) { return counted_bits(a.v << n); }

real as_real(bits x)
{
    real y;
    memcpy(&y.v, &x.v, sizeof y.v);
    return y;
}
bits as_bits(real x)
{
    bits y;
    memcpy(&y.v, &x.v, sizeof y.v);
    return y;
}
real splat(float x) { return real(x); }
bits splat_bits(u32 x) { return bits{x}; }
real fmadd(real a, real b, real c) { return counted(__builtin_fmaf(a.v, b.v, c.v), 2); }
mask less(real a, real b)
{
    counts.operations++;
    return a.v < b.v;
}
mask equal_bits(bits a, bits b)
{
    counts.operations++;
    return a.v == b.v;
}
real choose(mask m, real a, real b) { return counted(m ? a.v : b.v, 0); }
bits choose_bits(mask m, bits a, bits b) { return counted_bits(m ? a.v : b.v); }
mask mask_not(mask m) { return !m; }
mask no_lane() { return 0; }
mask both(mask a, mask b) { return a & b; }
mask either(mask a, mask b) { return a | b; }
int any_lane(mask m) { return m; }
real small_to_real(bits x) { return counted((float)(i32)x.v, 0); }
bits signed_shift_right(bits x, int n) { return counted_bits((u32)((i32)x.v >> n)); }
real signed_to_real(bits x) { return counted((float)(i32)x.v, 0); }
real lookup(const float *table, bits index) { return counted(table[index.v], 0); }
float lane(real x, int) { return x.v; }
u32 lane_bits(bits x, int) { return x.v; }
void lane_values(real x, float values[1]) { values[0] = x.v; }
void lane_words(bits x, u32 words[1]) { words[0] = x.v; }
bits lane_numbers() { return bits{0}; }
struct word {
    u64 v;
};
word word_of(bits x) { return word{x.v}; }
bits word_bits(word w) { return bits{(u32)w.v}; }
word word_multiply(word w, u32 factor)
{
    counts.operations++;
    return word{(u64)(u32)w.v * factor};
}
word word_splat(u32 x) { return word{x}; }
word word_mix(word w, u32 key) { return word_of(word_bits(w) ^ key); }
word word_mix_high(word product, word w, u32 key) { return word_of(bits{(u32)(product.v >> 32)} ^ word_bits(w) ^ key); }

#define ZEM_PORTABLE_H // the definitions above replace portable.h
#define ZEM_LANES 1
#define UNIFORM const
#define REFRESH(pointer, trial_high) ((void)(pointer))
#define TABLE static const
#define ZEM_UNROLL
#define ZEM_FUNCTION [[maybe_unused]] static inline
#define ZEM_APART ZEM_FUNCTION
#define ZEM_PART ZEM_FUNCTION
#define ZEM_SHARED ZEM_FUNCTION
#undef ZEM_CHECK
#define ZEM_CHECK(condition) static_assert(condition, #condition)
#include "kernels/model.h"

const u32 TRIALS = 32; // trials of every cell, as many as the widest vector has lanes

struct sums {
    double engagements, steps, longest[4], vectors[4];
};

// Flies the trials of one cell and shot one by one, as the scalar engine does, and adds their steps to the sums. For
// vectors of 4, 8, 16 and 32 lanes it adds the steps of the longest trial of each vector as well.
void fly_cell(const cell_parameters *cell, const schedule_step *schedule, u32 shot, sums *s)
{
    u32 steps[TRIALS];
    for (u32 trial = 0; trial < TRIALS; trial++) {
        struct address address = {};
        address.trial_low = splat_bits(trial);
        address.trial_high = splat_bits(0);
        address.cell_word = cell->cell_word;
        address.seed_low = cell->seed_low;
        address.seed_high = cell->seed_high;
        address.shot = shot;
        engagement_fly(cell, schedule, address);
        struct engagement e;
        steps[trial] = cell->schedule_steps;
        if (HAS(cell, ZEM_FEATURE_POINT_MASS)) { // flown again to find the number of steps; not counted
            const auto before = counts;
            const struct handover handover = engagement_begin(cell, address, &e);
            bodies_begin(cell, &handover, &e);
            struct observer nobody = {0};
            flight_point_mass(cell, &nobody, &e);
            steps[trial] = e.step_index;
            counts = before;
        }
        steps[trial] += cell->blind_steps;
        s->steps += steps[trial];
        s->engagements += 1.0;
    }
    for (int width = 0; width < 4; width++)
        for (u32 first = 0; first < TRIALS; first += 4u << width) {
            u32 longest = 0;
            for (u32 trial = first; trial < first + (4u << width); trial++)
                longest = steps[trial] > longest ? steps[trial] : longest;
            s->longest[width] += longest;
            s->vectors[width] += 1.0;
        }
}

int count_deck(const zem_bench_deck *deck)
{
    zem_scenario scenario = {};
    zem_error error = {};
    sums s = {};
    counts = {};
    int status = zem_bench_deck_read(deck, nullptr, &scenario, &error);
    const uint64_t cells = status == 0 ? zem_grid_cells(&scenario) : 0, stride = cells / 64 + 1;
    for (uint64_t k = 0; status == 0 && k < cells; k += stride) {
        cell_parameters cell;
        status = zem_cell_derive(&scenario, k, &cell, &error);
        cell.schedule_first = 0;
        std::vector<schedule_step> schedule(cell.schedule_steps + 1);
        zem_schedule_fill(&cell, schedule.data());
        for (u32 shot = 0; status == 0 && shot < cell.shots; shot++)
            fly_cell(&cell, schedule.data(), shot, &s);
    }
    zem_scenario_free(&scenario);
    if (status != 0) {
        fprintf(stderr, "operations: %s\n", error.message);
        return 1;
    }
    printf("%s %u %d %.6g %.6g %.6g", deck->name, deck->version, ZEM_KERNEL_VERSION, s.steps / s.engagements,
           (double)counts.flops / s.engagements, (double)counts.operations / s.engagements);
    for (int width = 0; width < 4; width++)
        printf(" %.4f", s.steps / s.engagements / (s.longest[width] / s.vectors[width]));
    printf("\n");
    return 0;
}
} // namespace

int main()
{
    printf("# Written by `make bench-tables` (benchmarks/operations.cpp). Means over %u trials of up to 64 cells of "
           "each deck.\n"
           "# deck version kernel steps flops operations efficiency-of-4 -of-8 -of-16 -of-32-lanes\n",
           TRIALS);
    for (const zem_bench_deck *deck = zem_bench_decks; deck->name != nullptr; deck++)
        if (count_deck(deck) != 0)
            return 1;
    return 0;
}
