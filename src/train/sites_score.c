#include "train/sites_score.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "model/sites_decode.h"

static const double SCORE_BOND = 2.7; /* Å */

static void add_score(published_score *score, const frame_shape *truth, const frame_shape *found)
{
    score->n++;
    score->counts += truth->n_atoms == found->n_atoms;
    score->sites += truth->frame == found->frame && truth->n_atoms == found->n_atoms &&
                    memcmp(truth->site, found->site, truth->n_atoms * sizeof *truth->site) == 0;
}

deepstruc_status sites_score(const sites_model *m, sites_buffers *b, stream *known, const held_out *never,
                             published_score score[2], deepstruc_diag *diag)
{
    stream_instrument instrument = {0.7, 25, 0, 0, 30};
    sites_decoded *decoded = memory_zeroed(STREAM_ROWS, sizeof *decoded);
    if (!decoded)
        return diag_no_memory(diag);
    size_t latent = (size_t)m->sizes.n_latent, n = stream_n_known(known);
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        double g[STREAM_POINTS];
        status = stream_published(known, i, SCORE_BOND, SCORE_BOND * (1 + 0.003 * ((double)(i % 5) - 2)), g, diag);
        stream_input(g, &instrument, SCORE_BOND, b->x + i * STREAM_INPUTS);
    }
    if (status == DEEPSTRUC_OK) {
        sites_condition(m, b, n);
        memcpy(b->z, b->mean, n * latent * sizeof(real));
        sites_decode_shapes(m, b, n, &(sites_choice){0}, decoded);
        for (size_t i = 0; i < n; i++) {
            const frame_shape *truth = stream_known(known, i);
            bool unseen = held_out_has(never, &m->frames->frame[truth->frame], truth);
            add_score(&score[unseen], truth, &decoded[i].shape);
        }
    }
    free(decoded);
    return status;
}
