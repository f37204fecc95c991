/* Prints the sums of one engine over the control engagements and over the arguments of the self-test. With right
 * kernels they are the golden line "control". negative_controls.sh builds this program with damaged copies of the
 * kernels. */
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
