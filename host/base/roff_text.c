/* Writes text as roff. It escapes the characters that roff would print as others; groff_char(7) lists them. */
#include "base/roff_text.h"

#include <ctype.h>
#include <stdbool.h>

static void write_escaped(FILE *stream, const char *text, bool line_start)
{
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", stream);
        line_start = *text == '\n';
        switch (*text) {
        case '\\':
            fputs("\\e", stream);
            break;
        case '-':
            fputs("\\-", stream);
            break;
        case '\'':
            fputs("\\(aq", stream);
            break;
        case '"':
            fputs("\\(dq", stream);
            break;
        case '`':
            fputs("\\(ga", stream);
            break;
        case '^':
            fputs("\\(ha", stream);
            break;
        case '~':
            fputs("\\(ti", stream);
            break;
        default:
            fputc(*text, stream);
        }
    }
}

void zem_roff_text(FILE *stream, const char *text) { write_escaped(stream, text, true); }

void zem_roff_words(FILE *stream, const char *text) { write_escaped(stream, text, false); }

void zem_roff_title(FILE *stream, const char *name, int section)
{
    fputs(".TH \"", stream);
    for (; *name; name++) {
        if (*name == '-')
            fputc('\\', stream);
        fputc(toupper((unsigned char)*name), stream);
    }
    fprintf(stream, "\" %d \"\" zem \"zem manual\"\n", section);
}

void zem_roff_section(FILE *stream, const char *heading) { fprintf(stream, ".SH \"%s\"\n", heading); }

void zem_roff_entry(FILE *stream, const char *head, const char *rest, const char *text)
{
    fputs(".TP\n\\fB", stream);
    zem_roff_words(stream, head);
    fputs("\\fR", stream);
    if (rest) {
        fputs(" \\fI", stream);
        zem_roff_words(stream, rest);
        fputs("\\fR", stream);
    }
    fputc('\n', stream);
    zem_roff_text(stream, text);
    fputc('\n', stream);
}
