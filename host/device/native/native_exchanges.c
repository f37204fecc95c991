/* The list of the exchanges in this program, and the choice among them. The build defines ZEM_NATIVE_EXCHANGES as a
 * list of X(isa), one for each instruction set for which it compiles native_exchange.c. */
#include "device/native/native_exchange.h"

#include "device/native/native_engine.h"

#include <stddef.h>

#define DECLARE(isa) extern const struct zem_native_exchange zem_native_exchange_##isa;
ZEM_NATIVE_EXCHANGES(DECLARE)
#undef DECLARE

const struct zem_native_exchange *const zem_native_exchanges[] = {
#define LIST(isa) &zem_native_exchange_##isa,
    ZEM_NATIVE_EXCHANGES(LIST)
#undef LIST
};
const unsigned zem_native_exchange_count = sizeof zem_native_exchanges / sizeof *zem_native_exchanges;

const struct zem_native_exchange *zem_native_exchange_choose(void)
{
    unsigned k = 0;
    while (k + 1 < zem_native_exchange_count && !zem_native_isa_usable(zem_native_exchanges[k]->isa))
        k++;
    return zem_native_exchanges[k];
}
