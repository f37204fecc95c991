/* Gives host code the structures and constants of kernels/layout.h, which the host exchanges with a device: parameters
 * of cells and tallies of trials. It declares no kernel function; a file that calls kernel functions includes
 * kernels/portable.h instead. */
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
