/* The source of the kernels inside the program: kernels/engage.cl with every file that it includes. embed_kernels.awk
 * writes it at build time, so an installed program needs no source tree. */
#ifndef ZEM_EMBEDDED_KERNELS_H
#define ZEM_EMBEDDED_KERNELS_H

/* OpenCL C, terminated by NUL. Its #line directives name the files in kernels/, so messages of a device's compiler do
 * too. */
extern const char zem_embedded_kernels[];

#endif
