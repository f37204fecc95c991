/* The dialect of portable.h for C compilers. This file has what all C dialects share, and includes one of three: for
 * one trial at a time, for a vector of single precision, or for a vector of double precision. */
#ifndef ZEM_DIALECT_NATIVE_H
#define ZEM_DIALECT_NATIVE_H

#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16 /* 16: shorter floats */
#error "expressions of floats must be computed in single precision: compile with -fexcess-precision=fast"
#endif

#include <stdint.h>
#include <string.h>
typedef uint32_t u32;
typedef int32_t i32;
typedef uint64_t u64;
#define ZEM_CHECK(condition) _Static_assert(condition, #condition)
#define ZEM_SIZE_CHECK(type, bytes) _Static_assert(sizeof(type) == (bytes), "layout of " #type)
#define UNIFORM const
#define REFRESH(pointer, trial_high) ((void)(pointer))
#define TABLE static const
/* Marks a function that is compiled into its callers. An engine (the model compiled for one instruction set) that flies
 * a vector of trials is fastest with everything inlined into one function. In an engine that flies one trial at a time
 * the compiler decides what to inline. Such an engine is then a third as large and a tenth slower. */
#if ZEM_LANES > 1
#define ZEM_FUNCTION __attribute__((always_inline, unused)) static inline
#else
#define ZEM_FUNCTION __attribute__((unused)) static inline
#endif
#define ZEM_UNROLL _Pragma("GCC unroll 16")

/* Marks a function that a trial calls only once or a few times. It is inlined in an engine with a fixed number of
 * autopilot stages (ZEM_STAGES), which is small and faster that way. It is not inlined in an engine for all features,
 * which then compiles in a third of the time and flies as fast. */
#ifdef ZEM_STAGES
#define ZEM_APART ZEM_FUNCTION
#else
#define ZEM_APART __attribute__((noinline, unused)) static
#endif

/* Marks a large function that would be inlined at many places. The engines for all features (ZEM_COMPACT), which fly
 * rare scenarios, compile it once instead: they are a third smaller and about a tenth slower. */
#ifdef ZEM_COMPACT
#define ZEM_PART __attribute__((noinline, unused)) static
#else
#define ZEM_PART ZEM_FUNCTION
#endif

/* Marks a function that is compiled once and never inlined, although several functions of an engine call it. */
#define ZEM_SHARED __attribute__((noinline, unused)) static

#if ZEM_LANES == 1
#include "dialect_scalar.h"
#elif defined(ZEM_DOUBLE)
#include "dialect_vector_double.h"
#else
#include "dialect_vector.h"
#endif

#endif
