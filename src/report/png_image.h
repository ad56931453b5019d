/* PNG files from cairo's pixels. */
#ifndef REPORT_PNG_IMAGE_H
#define REPORT_PNG_IMAGE_H

#include <cairo.h>

#include "report/bytes.h"

/* Writes an RGB24 image surface into the open bytes, with its resolution, so that programs place it in its true size.
 * Unlike cairo's own writer it packs for speed: runs of one colour, which is what plots are made of. */
deepstruc_status report_png_write(cairo_surface_t *surface, double pixels_per_point, report_bytes *bytes,
                                  deepstruc_diag *diag);

#endif
