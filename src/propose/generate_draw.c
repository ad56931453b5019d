#include "propose/generate_draw.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/generate_steer.h"

/* Of the logit above which a sampled row takes its sites. Where the data decide, logits lie far beyond it; where they
 * do not, as with several sizes in one sample, nested shapes result. */
static const double LEVEL_SPREAD = 2;

/* Fewer rows would read all weights from memory for little work. */
enum { ROWS = 128, WAVE = 16 /* blocks at once */ };

/* Block 0 has the means. */
static size_t first_of(const draw_plan *plan, size_t block)
{
    size_t n = plan->settings->n_samples, first = block == 0 ? 0 : plan->n_views + (block - 1) * ROWS;
    return first < n ? first : n;
}

/* z of rows first.. : half of the samples are widened along the map's axes, half along all. Where places on the map are
 * asked for, the map's axes are theirs; with a focus the samples spread along the way to its target. */
static void draw_latents(const draw_plan *plan, real *z, size_t first, size_t n, random_stream *random)
{
    const generate_settings *s = plan->settings;
    size_t latent = (size_t)plan->model->sizes.n_latent;
    for (size_t i = first; i < first + n; i++, z += latent) {
        size_t view = plan->view_of_sample[i];
        bool is_mean = i < plan->n_views;
        double way = plan->target && !is_mean ? random_uniform(random, 0, 1) : 0;
        for (size_t c = 0; c < latent; c++) {
            size_t from = view * latent + c;
            double wide = c < 2 || i % 2 ? s->sigma : 1, noise = is_mean ? 0 : wide * random_normal(random);
            z[c] = plan->mean[from] + (real)(noise * exp((double)plan->log_var[from] / 2));
            if (plan->target && c < 2)
                z[c] += (real)(way * (plan->target[view][c] - (double)plan->mean[from]));
            if (s->n_places > 0 && c < 2)
                z[c] = (real)s->place[2 * (i % s->n_places) + c];
        }
    }
}

/* WAVE blocks. */
typedef struct {
    double place[WAVE][ROWS][2];
    sites_decoded decoded[WAVE][ROWS];
} drawn_wave;

static void draw_block(const draw_plan *plan, size_t block, sites_buffers *b, double place[ROWS][2],
                       sites_decoded decoded[ROWS])
{
    const generate_settings *s = plan->settings;
    size_t first = first_of(plan, block), n = first_of(plan, block + 1) - first,
           latent = (size_t)plan->model->sizes.n_latent;
    int family[ROWS];
    random_stream random;
    random_seed(&random, s->seed, 0x67656e0000000000u + block);
    for (size_t i = 0; i < n; i++)
        family[i] = block == 0 && s->focus == DEEPSTRUC_TYPE_UNKNOWN ? FRAME_N_FAMILIES : steer_family(s, first + i);
    const sites_choice means = {.family = family, .count = plan->count},
                       samples = {.family = family, .random = &random, .level_spread = LEVEL_SPREAD};
    draw_latents(plan, b->z, first, n, &random);
    sites_decode_shapes(plan->model, b, n, block == 0 ? &means : &samples, decoded);
    for (size_t i = 0; i < n; i++) {
        place[i][0] = (double)b->z[i * latent];
        place[i][1] = (double)b->z[i * latent + 1];
    }
}

static bool take_wave(const draw_plan *plan, size_t begin, size_t end, const drawn_wave *wave, draw_take *take,
                      void *user)
{
    for (size_t block = begin; block < end; block++)
        for (size_t first = first_of(plan, block), i = first; i < first_of(plan, block + 1); i++)
            if (!take(user, i, wave->place[block - begin][i - first], &wave->decoded[block - begin][i - first]))
                return false;
    return true;
}

deepstruc_status draw_samples(const draw_plan *plan, draw_take *take, void *user, deepstruc_diag *diag)
{
    size_t n_blocks = 1;
    while (first_of(plan, n_blocks) < plan->settings->n_samples)
        n_blocks++;
    int n_threads = omp_get_max_threads(), most = n_blocks < WAVE ? (int)n_blocks : WAVE;
    n_threads = n_threads < most ? n_threads : most;
    sites_buffers *buffers[WAVE] = {NULL};
    drawn_wave *wave = memory_zeroed(1, sizeof *wave);
    deepstruc_status status = wave ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (int t = 0; t < n_threads && status == DEEPSTRUC_OK; t++)
        status = sites_buffers_create(&buffers[t], plan->model, ROWS, false, diag);
    for (size_t begin = 0, end; begin < n_blocks && status == DEEPSTRUC_OK; begin = end) {
        end = begin + WAVE < n_blocks ? begin + WAVE : n_blocks;
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
        for (size_t block = begin; block < end; block++)
            draw_block(plan, block, buffers[omp_get_thread_num()], wave->place[block - begin],
                       wave->decoded[block - begin]);
        if (!take_wave(plan, begin, end, wave, take, user))
            status = diag_no_memory(diag);
    }
    for (int t = 0; t < n_threads; t++)
        sites_buffers_destroy(buffers[t]);
    free(wave);
    return status;
}
