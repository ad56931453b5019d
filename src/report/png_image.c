#include "report/png_image.h"

#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

static void take(png_structp png, png_bytep data, size_t size)
{
    report_bytes *bytes = png_get_io_ptr(png);
    if (fwrite(data, 1, size, bytes->stream) != size)
        png_error(png, "out of memory");
}

static void take_nothing(png_structp png)
{
    (void)png;
}

/* libpng would print; what went wrong is told by the status. */
static void fail(png_structp png, png_const_charp message)
{
    (void)message;
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message)
{
    (void)png, (void)message;
}

/* Native-endian 0xXXRRGGBB to three bytes. */
static void unpack_row(const uint32_t *pixel, size_t n, unsigned char *row)
{
    for (size_t i = 0; i < n; i++) {
        *row++ = (unsigned char)(pixel[i] >> 16);
        *row++ = (unsigned char)(pixel[i] >> 8);
        *row++ = (unsigned char)pixel[i];
    }
}

static void write_head(png_structp png, png_infop info, report_bytes *bytes, unsigned width, unsigned height,
                       double pixels_per_point)
{
    const double points_per_metre = 72 / 0.0254;
    png_uint_32 resolution = (png_uint_32)lround(pixels_per_point * points_per_metre);
    png_set_write_fn(png, bytes, take, take_nothing);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, resolution, resolution, PNG_RESOLUTION_METER);
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_set_compression_level(png, 2);
    png_write_info(png, info);
}

deepstruc_status report_png_write(cairo_surface_t *surface, double pixels_per_point, report_bytes *bytes,
                                  deepstruc_diag *diag)
{
    cairo_surface_flush(surface);
    const unsigned char *pixels = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    unsigned width = (unsigned)cairo_image_surface_get_width(surface);
    unsigned height = (unsigned)cairo_image_surface_get_height(surface);
    unsigned char *row = memory_zeroed(width, 3);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    volatile bool written = false;
    if (pixels && row && info && setjmp(png_jmpbuf(png)) == 0) {
        write_head(png, info, bytes, width, height, pixels_per_point);
        for (unsigned y = 0; y < height; y++) {
            unpack_row((const uint32_t *)(const void *)(pixels + y * stride), width, row);
            png_write_row(png, row);
        }
        png_write_end(png, info);
        written = true;
    }
    png_destroy_write_struct(&png, &info);
    free(row);
    return written ? DEEPSTRUC_OK : diag_no_memory(diag);
}
