/* The optimal string alignment distance by dynamic programming. An entry of the table depends on its own row and on the
 * two rows before, so three rows are kept. */
#include "base/suggestion.h"

#include <string.h>

#define WORD_MAX 63

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

size_t zem_suggestion_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_MAX + 1];
    a_length = smaller(a_length, WORD_MAX);
    b_length = smaller(b_length, WORD_MAX);
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    memset(rows, 0, sizeof rows);
    for (size_t j = 0; j <= b_length; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = smaller(smaller(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[b_length];
}

size_t zem_suggestion_limit(size_t length) { return 1 + length / 3; }

const char *zem_suggestion_nearest(const char *word, const char *const *words, size_t count)
{
    const size_t length = strlen(word);
    size_t least = zem_suggestion_limit(length) + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t distance = zem_suggestion_distance(word, length, words[i], strlen(words[i]));
        if (distance < least) {
            least = distance;
            nearest = words[i];
        }
    }
    return nearest;
}
