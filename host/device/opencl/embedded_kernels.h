/* The source of the kernels as a text inside the program: kernels/engage.cl with every file that it includes.
 * embed_kernels.awk writes the text at build time, so an installed program needs no source tree. */
#ifndef ZEM_EMBEDDED_KERNELS_H
#define ZEM_EMBEDDED_KERNELS_H

/* OpenCL C, terminated by NUL. It has #line directives, so that messages of a device's compiler name the files in
 * kernels/. */
extern const char zem_embedded_kernels[];

#endif
