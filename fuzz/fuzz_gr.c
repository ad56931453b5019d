/* Any bytes as a .gr file: read or refused, never a crash; what is read keeps the promises of pdf.h. */
#include "fuzz.h"

#include <deepstruc/pdf.h>

#include <math.h>
#include <string.h>

static void check_pdf(const deepstruc_pdf *pdf)
{
    for (size_t i = 0; i < pdf->n_points; i++) {
        promise(isfinite(pdf->r[i]) && pdf->r[i] >= 0 && isfinite(pdf->g[i]));
        promise(i == 0 || pdf->r[i] > pdf->r[i - 1]);
        promise(!pdf->dg || (pdf->dg[i] > 0 && isfinite(pdf->dg[i])));
    }
    promise(pdf->n_elements <= DEEPSTRUC_MAX_ELEMENTS && memchr(pdf->composition, 0, sizeof pdf->composition) != NULL);
    for (size_t i = 0; i < pdf->n_elements; i++)
        promise(deepstruc_element_known(pdf->elements[i].symbol) && pdf->elements[i].amount > 0);
    promise(!pdf->element[0] || deepstruc_element_is_metal(pdf->element));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    deepstruc_status status = deepstruc_pdf_parse(&pdf, (const char *)bytes, size, "fuzz.gr", &diag);
    if (status != DEEPSTRUC_OK) {
        promise(pdf == NULL && diag.status == status && diag.message[0] && !strchr(diag.message, '\n'));
        return 0;
    }
    check_pdf(pdf);
    deepstruc_q_edges edges;
    double qmin, qmax;
    if (pdf->n_points <= 200 && size % 16 == 0) { /* longer and more ones only cost time */
        deepstruc_notes notes = {0};
        promise(deepstruc_pdf_find_q_edges(pdf, &edges, NULL) == DEEPSTRUC_OK);
        if (deepstruc_pdf_choose_q(pdf, NAN, NAN, &qmin, &qmax, &notes, NULL) == DEEPSTRUC_OK)
            promise(qmin > 0 && qmax > qmin && isfinite(qmax));
        for (size_t i = 0; i < notes.n; i++)
            free(notes.text[i]);
        free(notes.text);
    }
    deepstruc_pdf_destroy(pdf);
    return 0;
}
