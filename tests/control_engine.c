/* Prints what one engine makes of the control engagements and of the self-test's arguments: the golden line "control"
 * if nothing is wrong with it. Built by negative_controls.sh with copies of the kernels that lie beside the engine,
 * damaged one by one. */
#include "device/native/native_engine.h"
#include "cell/schedule_table.h"

#include "control_engagements.h"

#include <stdio.h>

extern const struct zem_native_engine zem_native_engine_control_copy;

int main(void)
{
    const struct zem_native_engine *engine = &zem_native_engine_control_copy;
    printf("%016llx %016llx\n", (unsigned long long)control_misses(engine, zem_schedule_count, zem_schedule_fill),
           (unsigned long long)control_answers(engine));
    return 0;
}
