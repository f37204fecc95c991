/* Chooses the form of an output by the ending of its name, and writes tables. */
#include "command/table_output.h"

#include "base/output_file.h"
#include "result/hdf5_table.h"
#include "view/table_text.h"

#include <string.h>

int zem_output_form_of(const char *path, bool picture, enum zem_output_form *form, struct zem_error *error)
{
    static const struct {
        const char *ending;
        enum zem_output_form form;
    } table[] = {{".h5", ZEM_OUTPUT_HDF5},
                 {".csv", ZEM_OUTPUT_CSV},
                 {".png", ZEM_OUTPUT_PICTURE},
                 {".svg", ZEM_OUTPUT_PICTURE},
                 {".pdf", ZEM_OUTPUT_PICTURE}};
    *form = ZEM_OUTPUT_CSV;
    if (path == NULL)
        return ZEM_OK;
    const size_t length = strlen(path);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const size_t ending = strlen(table[i].ending);
        if (length > ending && strcmp(path + length - ending, table[i].ending) == 0
            && (picture || table[i].form != ZEM_OUTPUT_PICTURE)) {
            *form = table[i].form;
            return ZEM_OK;
        }
    }
    return zem_error_set(error, ZEM_USAGE, "%s: the name of the file must end in .h5%s", path,
                         picture ? ", .csv, .png, .svg or .pdf" : " or .csv");
}

int zem_table_output(const struct zem_table *table, size_t row_rank, const char *path, enum zem_output_form form,
                     struct zem_error *error)
{
    struct zem_output output = {0};
    if (form == ZEM_OUTPUT_HDF5)
        return zem_hdf5_table_write(table, path, error);
    if (path == NULL)
        return zem_table_csv(table, row_rank, stdout, error);
    int status = zem_output_open(&output, path, true, error);
    if (status == ZEM_OK)
        status = zem_table_csv(table, row_rank, output.stream, error);
    if (status == ZEM_INPUT_OUTPUT)
        zem_error_context(error, "%s", path);
    if (status == ZEM_OK)
        status = zem_output_publish(&output, error);
    zem_output_end(&output);
    return status;
}
