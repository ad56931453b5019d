/* The file of the model of stackings: any words about itself, any numbers in the network.
 * What is taken answers with probabilities, and with sites that there are. */
#include "bent.h"

#include "model/layers_net.h"
#include "model/sites_decode.h"

static const layers_sizes SMALL = {.n_trunk = 8, .n_decoder = 8, .n_last = 8};
enum { ROWS = 2, ANSWERS = 3 };

static char path[192], digest[32];
static layers_set *set;
static layers_model *good;
static float *start; /* the network's numbers as they should be */

static void prepare(void)
{
    snprintf(path, sizeof path, "%s/model", fuzz_folder());
    promise(layers_set_create(&set, NULL) == DEEPSTRUC_OK);
    promise(layers_model_create(&good, set, &SMALL, false, NULL) == DEEPSTRUC_OK);
    nn_params_initialise(&good->params, 1);
    start = bent_keep(&good->params);
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)set->digest);
}

static void write_model(bent_script *s)
{
    const bent_word word[] = {
        {"format", "deepstruc-layers-2"}, {"sizes", "8 8 8"}, {"sites", digest}, {"facts", "fuzzed"}};
    const bent_file file = {
        .word = word, .n_words = sizeof word / sizeof *word, .params = &good->params, .start = start};
    bent_write(&file, path, s);
}

static void check_structure(const layers_structure *s)
{
    promise(s->sequence >= 0 && s->sequence < LAYERS_SEQUENCES);
    for (size_t k = 0; k < s->shape.n_atoms; k++)
        promise(s->shape.site[k] < set->table.n_sites);
}

static void ask(const layers_model *m)
{
    layers_buffers *b;
    static layers_answer answer[ANSWERS];
    static layers_structure body[ANSWERS];
    promise(layers_buffers_create(&b, m, ROWS, false, NULL) == DEEPSTRUC_OK);
    for (size_t i = 0; i < (size_t)ROWS * STREAM_INPUTS; i++)
        b->x[i] = (float)(i % 7) / 3 - 1;
    layers_forward(m, b, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        sites_read read = sites_read_row(b->facts + i * SITES_FACTS);
        promise(isfinite(read.scale_logit) && isfinite(exp(read.log_ratio)) && read.log_ratio_sd > 0);
        promise(isfinite(exp(read.log_atoms + read.log_atoms_sd)) && read.log_atoms_sd > 0);
        size_t n = layers_read(m, b, i, ANSWERS, answer);
        for (size_t k = 0; k < n; k++) {
            promise(answer[k].log_probability <= 1e-9);
            check_structure(&answer[k].structure);
        }
        promise(n == ANSWERS);
        layers_read_likeliest(m, b, i, answer);
        promise(answer[0].log_probability <= 1e-9);
        promise(answer[0].structure.shape.n_atoms > 0);
        check_structure(&answer[0].structure);
    }
    size_t n = layers_read_bodies(m, b, 0, answer[0].structure.sequence, ANSWERS, body);
    for (size_t k = 0; k < n; k++)
        check_structure(&body[k]);
    layers_buffers_destroy(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    bent_script script = {bytes, size};
    layers_model *m = NULL;
    deepstruc_diag diag;
    if (!set)
        prepare();
    write_model(&script);
    if (layers_load(&m, set, path, &diag) == DEEPSTRUC_OK)
        ask(m);
    else
        promise(m == NULL && diag.message[0]);
    layers_model_destroy(m);
    return 0;
}
