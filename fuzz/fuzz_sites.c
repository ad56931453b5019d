/* The default model's file: any words about itself, any tables beside the network, any numbers in it. What is taken
 * answers with finite numbers, and with sites that there are. */
#include "bent.h"

#include "model/sites_beyond.h"
#include "model/sites_doubt.h"

static const sites_sizes SMALL = {.n_latent = 2, .n_trunk = 8, .n_decoder = 8, .n_last = 8};
enum { ROWS = 2, MAP_POINTS = 3 };

static char path[192], digest[32];
static frame_set *frames;
static sites_model *good;
static float *start; /* the network's numbers as they should be */

static void prepare(void)
{
    snprintf(path, sizeof path, "%s/model", fuzz_folder());
    promise(frame_set_create(&frames, NULL) == DEEPSTRUC_OK);
    promise(sites_model_create(&good, frames, &SMALL, false, NULL) == DEEPSTRUC_OK);
    nn_params_initialise(&good->params, 1);
    start = bent_keep(&good->params);
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)frames->digest);
}

static void write_model(bent_script *s)
{
    float map[BENT_ROOM] = {0, 0, 3, 13, 1, 0, 4, 55, -1, 2, 6, 147}, calibration[BENT_ROOM] = {-3, -0.5F, -2, 0.1F},
          doubt[BENT_ROOM] = {0};
    for (size_t i = 0; i < SITES_DOUBT_QUARTERS * 9; i++)
        doubt[i] = (float)i / 10 - 3;
    const bent_word word[] = {{"format", "deepstruc-sites-1"},
                              {"sizes", "2 8 8 8"},
                              {"frames", digest},
                              {"encoder", ""},
                              {"largest", "1"},
                              {"facts", "fuzzed"}};
    const bent_table table[] = {{"map.points", {MAP_POINTS, SITES_MAP_COLUMNS}, map},
                                {"calibration.atoms", {2, 2}, calibration},
                                {"calibration.doubt", {SITES_DOUBT_QUARTERS, 9}, doubt}};
    const bent_file file = {.word = word,
                            .n_words = sizeof word / sizeof *word,
                            .table = table,
                            .n_tables = sizeof table / sizeof *table,
                            .params = &good->params,
                            .start = start};
    bent_write(&file, path, s);
}

static void ask(const sites_model *m)
{
    sites_buffers *b;
    sites_decoded decoded[ROWS];
    sites_count count[ROWS];
    double doubt[ROWS];
    sites_sight sight[ROWS];
    random_stream random;
    random_seed(&random, 1, 1);
    promise(sites_buffers_create(&b, m, ROWS, false, NULL) == DEEPSTRUC_OK);
    for (size_t i = 0; i < (size_t)ROWS * STREAM_INPUTS; i++)
        b->x[i] = (float)(i % 7) / 3 - 1;
    sites_look(m, b, ROWS, sight);
    for (size_t i = 0; i < ROWS; i++) {
        sites_read read = sight[i].read;
        promise(isfinite(exp(sight[i].log_whole)) && sight[i].log_whole >= 0 && sight[i].whole_sd >= 0);
        count[i] = (sites_count){read.log_atoms, read.log_atoms_sd};
        promise(isfinite(read.scale_logit) && isfinite(exp(read.log_ratio)) && isfinite(exp(read.log_width)));
        promise(read.log_ratio_sd > 0 && read.log_atoms_sd > 0 && read.log_width_sd > 0);
        promise(isfinite(exp(read.log_atoms + read.log_atoms_sd)));
    }
    sites_doubts(m, b, ROWS, doubt);
    for (size_t i = 0; i < ROWS; i++)
        promise(isfinite(doubt[i]) && sites_doubted_sd(m, b, i, doubt[i]) > 0 &&
                isfinite(exp(count[i].mean + sites_doubted_sd(m, b, i, doubt[i]))));
    const sites_choice choices[] = {{.count = count}, {.random = &random, .level_spread = 2}};
    for (size_t c = 0; c < 2; c++) {
        sites_decode_shapes(m, b, ROWS, &choices[c], decoded);
        for (size_t i = 0; i < ROWS; i++) {
            promise(decoded[i].frame_probability >= 0 && decoded[i].frame_probability <= 1.001);
            for (size_t k = 0; k < decoded[i].shape.n_atoms; k++)
                promise(decoded[i].shape.site[k] < frames->frame[decoded[i].shape.frame].n_sites);
        }
    }
    for (size_t i = 0; i < m->n_map; i++) {
        const float *point = m->map + i * SITES_MAP_COLUMNS;
        promise(point[2] >= 0 && point[2] < DEEPSTRUC_N_TYPES && point[3] > 0 && point[3] <= DEEPSTRUC_MAX_ATOMS);
    }
    sites_buffers_destroy(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    bent_script script = {bytes, size};
    sites_model *m = NULL;
    deepstruc_diag diag;
    if (!frames)
        prepare();
    write_model(&script);
    if (sites_load(&m, frames, path, &diag) == DEEPSTRUC_OK)
        ask(m);
    else
        promise(m == NULL && diag.message[0]);
    sites_model_destroy(m);
    return 0;
}
