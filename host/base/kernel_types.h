/* The structures and constants of kernels/layout.h, which cross between host and device, for host code that handles
 * cells and tallies. It declares no kernel function; code that runs one includes kernels/portable.h instead. */
#ifndef ZEM_KERNEL_TYPES_H
#define ZEM_KERNEL_TYPES_H

#include <stdint.h>

typedef uint32_t u32;
typedef int32_t i32;
typedef uint64_t u64;

#define ZEM_CHECK(condition) _Static_assert(condition, #condition)
#define ZEM_SIZE_CHECK(type, bytes) _Static_assert(sizeof(type) == (bytes), "layout of " #type)

#include "kernels/layout.h"

#endif
