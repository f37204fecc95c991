/* assert_has fails the running test if a text lacks a part, and prints the text. */
#ifndef ZEM_TEXT_HAS_H
#define ZEM_TEXT_HAS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static inline void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is missing in:\n%s", part, text);
}

#endif
