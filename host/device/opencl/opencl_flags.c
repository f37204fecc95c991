/* Compiler options of the OpenCL kernels, as text. The features that some cell may have and those that all cells have
 * (kernels/specialise.h) are macros, so that the compiler removes what a run does not need. No option may relax
 * floating-point arithmetic. */
#include "device/opencl/opencl_flags.h"

#include <inttypes.h>
#include <stdio.h>

const char *zem_opencl_flags(const struct zem_engine_options *options, unsigned lanes, unsigned group, char *text,
                             size_t size)
{
    char stages[32] = "";
    if (options->stages != 0)
        snprintf(stages, sizeof stages, " -D ZEM_STAGES=%u", options->stages);
    /* Transition matrices leave vector registers free, so the noise of four steps is drawn at once
     * (kernels/seeker.h). */
    const bool has_free_registers = lanes > 1 && (options->features_certain & ZEM_FEATURE_TRANSITION) != 0;
    snprintf(text, size,
             ZEM_OPENCL_ALWAYS " -D ZEM_LANES=%u -D ZEM_GROUP=%u -D ZEM_FEATURES_POSSIBLE=0x%" PRIx64
                               "ul -D ZEM_FEATURES_CERTAIN=0x%" PRIx64 "ul -D ZEM_RADII=%u -D ZEM_SHOTS=%u%s%s",
             lanes, group, options->features_possible, options->features_certain, options->radius_count, options->shots,
             stages, has_free_registers ? " -D ZEM_NOISE_STEPS_LOG=2" : "");
    return text;
}
