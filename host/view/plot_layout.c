/* Divides among the panels the room that margins and gaps leave. */
#include "view/plot_layout.h"

#include <math.h>

#define PANEL_LEAST 4.5 /* least width and height of a panel, in units of the size of the letters */

double zem_layout_panel_width(const struct zem_layout *layout)
{
    const double columns = (double)layout->columns;
    return (layout->width - layout->left - layout->right - (columns - 1.0) * layout->gap_x) / columns;
}

static double panel_height(const struct zem_layout *layout)
{
    const double rows = (double)layout->rows;
    return (layout->height - layout->top - layout->bottom - (rows - 1.0) * layout->gap_y) / rows;
}

int zem_layout_fit(struct zem_layout *layout, struct zem_figure *figure, double aspect, struct zem_error *error)
{
    const double least = PANEL_LEAST * figure->font, mm = 25.4 / 72.0;
    layout->width = figure->width;
    if (figure->height <= 0.0) {
        const double rows = (double)layout->rows, panel = fmax(aspect * zem_layout_panel_width(layout), least);
        figure->height = ceil(layout->top + layout->bottom + rows * panel + (rows - 1.0) * layout->gap_y);
    }
    layout->height = figure->height;
    const double wide = least - zem_layout_panel_width(layout), high = least - panel_height(layout);
    if (wide <= 0.0 && high <= 0.0)
        return ZEM_OK;
    return zem_error_set(
        error, ZEM_USAGE,
        "plot: a picture of %.0f mm x %.0f mm has no room for letters of %.3g points: at least %.0f mm x "
        "%.0f mm, a smaller --font-size or fewer panels are needed",
        layout->width * mm, layout->height * mm, figure->font,
        ceil((layout->width + fmax(wide, 0.0) * (double)layout->columns) * mm),
        ceil((layout->height + fmax(high, 0.0) * (double)layout->rows) * mm));
}

struct zem_box zem_layout_panel(const struct zem_layout *layout, size_t panel)
{
    const double width = zem_layout_panel_width(layout), height = panel_height(layout),
                 left = layout->left + (double)(panel % layout->columns) * (width + layout->gap_x),
                 top = layout->height - layout->top - (double)(panel / layout->columns) * (height + layout->gap_y);
    return (struct zem_box){left, top - height, left + width, top};
}

struct zem_box zem_layout_panels(const struct zem_layout *layout)
{
    return (struct zem_box){layout->left, layout->bottom, layout->width - layout->right, layout->height - layout->top};
}
