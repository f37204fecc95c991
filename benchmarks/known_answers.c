/* Prints the known answers of the self-test (kernels/known_answer.h) for the arguments 0 to 1023, one line of
 * hexadecimal words for each argument. matrix.sh compiles it for processors on which zem itself does not build, and
 * compares what it prints with what it prints on this machine. */
#define ZEM_LANES 1
#include "kernels/portable.h"

#include "kernels/model.h"

#include <stdio.h>

int main(void)
{
    for (u32 argument = 0; argument < 1024u; argument++) {
        u32 answers[ZEM_KNOWN_ANSWERS];
        known_answer(argument, answers);
        for (int k = 0; k < ZEM_KNOWN_ANSWERS; k++)
            printf("%08lx%c", (unsigned long)answers[k], k + 1 < ZEM_KNOWN_ANSWERS ? ' ' : '\n');
    }
    return ferror(stdout) != 0 || fflush(stdout) != 0;
}
