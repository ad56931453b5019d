/* Writing .gr files: the header that PDFgetX3 writes, and the columns that every program reads. */
#include <deepstruc/pdf.h>

#include <math.h>

#include "base/diag.h"
#include "base/file.h"

static void write_number(FILE *stream, const char *key, double value)
{
    if (!isnan(value))
        fprintf(stream, "%s = %.10g\n", key, value);
}

static void write_header(FILE *stream, const deepstruc_pdf *pdf)
{
    fputs("[DEFAULT]\n\n", stream);
    fprintf(stream, "version = deepstruc %s\n", deepstruc_version());
    fputs("outputtype = gr\n", stream);
    if (pdf->radiation)
        fprintf(stream, "mode = %s\n", pdf->radiation == 'n' ? "neutron" : "xray");
    write_number(stream, "wavelength", pdf->wavelength);
    write_number(stream, "temperature", pdf->temperature_k);
    if (pdf->composition[0])
        fprintf(stream, "composition = %s\n", pdf->composition);
    write_number(stream, "qmin", pdf->qmin);
    write_number(stream, "qmax", pdf->qmax);
    write_number(stream, "qdamp", pdf->qdamp);
    write_number(stream, "qbroad", pdf->qbroad);
    write_number(stream, "rmin", pdf->r[0]);
    write_number(stream, "rmax", pdf->r[pdf->n_points - 1]);
    fputs("\n#### start data\n#S 1\n", stream);
    fputs(pdf->dg ? "#L r($\\AA$) G($\\AA^{-2}$) dr dG\n" : "#L r($\\AA$)  G($\\AA^{-2}$)\n", stream);
}

deepstruc_status deepstruc_pdf_write(const deepstruc_pdf *pdf, const char *path, bool force, deepstruc_diag *diag)
{
    file_writer writer;
    deepstruc_status status = file_writer_open(&writer, path, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    write_header(writer.stream, pdf);
    for (size_t i = 0; i < pdf->n_points; i++) {
        fprintf(writer.stream, "%.10g %.12g", pdf->r[i], pdf->g[i]);
        if (pdf->dg)
            fprintf(writer.stream, " 0 %.6g", pdf->dg[i]);
        fputc('\n', writer.stream);
    }
    return file_writer_commit(&writer, diag);
}
