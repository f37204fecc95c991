/* The text of kernels/engage.cl with everything it includes inlined, written at build time by embed_kernels.awk. */
#ifndef ZEM_EMBEDDED_KERNELS_H
#define ZEM_EMBEDDED_KERNELS_H

extern const char
    zem_embedded_kernels[]; /* NUL-terminated OpenCL C, with #line directives that name the files in kernels/ */

#endif
