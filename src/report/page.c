#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "report/plots.h"

static deepstruc_status fill_template(const report_page_parts *page, FILE *out, deepstruc_diag *diag)
{
    const char *rest = (const char *)report_page_html;
    for (const char *field; (field = strstr(rest, "{{"));) {
        const char *end = strstr(field, "}}");
        fwrite(rest, 1, (size_t)(field - rest), out);
        if (!end || !report_page_field(page, field + 2, (size_t)(end - field - 2), out))
            return diag_fail(diag, DEEPSTRUC_UNAVAILABLE, "this build's report page is damaged; build again");
        rest = end + 2;
    }
    fputs(rest, out);
    return DEEPSTRUC_OK;
}

static deepstruc_status print_page(const report_page_parts *page, report_bytes *out, deepstruc_diag *diag)
{
    report_bytes bytes;
    deepstruc_status status = report_bytes_begin(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = fill_template(page, bytes.stream, diag);
    if (status == DEEPSTRUC_OK)
        status = report_bytes_end(&bytes, diag);
    else
        report_bytes_free(&bytes);
    if (status == DEEPSTRUC_OK)
        *out = bytes;
    return status;
}

deepstruc_status report_page(const deepstruc_solution *solution, report_curves *curves, const json_t *result,
                             const report_pictures *pictures, report_bytes *out, deepstruc_diag *diag)
{
    report_page_parts page = {.solution = solution, .result = result, .pictures = pictures};
    deepstruc_status status = report_page_data(&page.data, solution, curves, diag);
    if (status == DEEPSTRUC_OK)
        status = print_page(&page, out, diag);
    json_decref(page.data);
    return status;
}
