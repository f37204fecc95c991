/* The native half of portable.h: what the C dialects share. It includes the dialect for one trial, for a vector of
 * single precision or for a vector of double precision. */
#ifndef ZEM_DIALECT_NATIVE_H
#define ZEM_DIALECT_NATIVE_H

#include <stdint.h>
#include <string.h>
typedef uint32_t u32;
typedef int32_t i32;
typedef uint64_t u64;
#define ZEM_CHECK(condition) _Static_assert(condition, #condition)
#define ZEM_SIZE_CHECK(type, bytes) _Static_assert(sizeof(type) == (bytes), "layout of " #type)
#define UNIFORM const
#define TABLE static const
/* A vector engine gains from compiling everything into one function. For one trial at a time the compiler decides,
 * which makes such an engine a third as large and a tenth slower. */
#if ZEM_LANES > 1
#define ZEM_FUNCTION __attribute__((always_inline, unused)) static inline
#else
#define ZEM_FUNCTION __attribute__((unused)) static inline
#endif
#define ZEM_UNROLL _Pragma("GCC unroll 16")

/* Marks a function that is called once a trial. An engine for all features compiles in a third of the time, and flies
 * as fast, when these functions are not inlined. An engine for one number of stages is small and is faster when they
 * are. */
#ifdef ZEM_STAGES
#define ZEM_APART ZEM_FUNCTION
#else
#define ZEM_APART __attribute__((noinline, unused)) static
#endif

/* Marks a large function of which an engine would have many copies. The engines for all features, which fly rare
 * scenarios, compile it by itself: they are smaller by a third and about a tenth slower. */
#ifdef ZEM_COMPACT
#define ZEM_PART __attribute__((noinline, unused)) static
#else
#define ZEM_PART ZEM_FUNCTION
#endif

/* Marks a function that several parts of an engine call with a vector of trials. It is compiled once. */
#define ZEM_SHARED __attribute__((noinline, unused)) static

#if ZEM_LANES == 1
#include "dialect_scalar.h"
#elif defined(ZEM_DOUBLE)
#include "dialect_vector_double.h"
#else
#include "dialect_vector.h"
#endif

#endif
