/* Prints two numbers of one engine: the sum of the hashes of the misses of the control engagements, and a hash of the
 * answers to the self-test. With right kernels they are those of the line "control" of goldens.txt.
 * negative_controls.sh builds this program with damaged copies of the kernels. */
#include "device/native/native_engine.h"
#include "cell/schedule_table.h"

#include "control_engagements.h"

#include <stdio.h>

extern const struct zem_native_engine zem_native_engine_control_copy_single;

int main(void)
{
    const struct zem_native_engine *engine = &zem_native_engine_control_copy_single;
    printf("%016llx %016llx\n", (unsigned long long)control_misses(engine, zem_schedule_count, zem_schedule_fill),
           (unsigned long long)control_answers(engine));
    return 0;
}
