/* Messages of failures, formatted with vsnprintf into the fixed buffer of struct zem_error. A buffer of fixed size
 * makes it possible to report that memory has run out. Nothing is printed here, and nothing exits. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int zem_error_set(struct zem_error *error, int status, const char *format, ...)
{
    if (error == NULL)
        return status;
    if (error->status != 0)
        return error->status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    error->status = status;
    return status;
}

int zem_error_context(struct zem_error *error, const char *format, ...)
{
    if (error == NULL)
        return ZEM_INTERNAL;
    char message[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof message)
        return error->status;
    const size_t room = sizeof message - (size_t)length;
    if (room > 3) /* room for ": " and at least one character; a longer message is cut off at the end */
        snprintf(message + length, room, ": %.*s", (int)(room - 3), error->message);
    memcpy(error->message, message, sizeof message);
    error->message[sizeof error->message - 1] = '\0';
    return error->status;
}
