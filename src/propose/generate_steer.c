#include "propose/generate_steer.h"

#include <math.h>

int steer_family(const generate_settings *settings, size_t i)
{
    enum { EVERY = 4 };
    if (settings->focus != DEEPSTRUC_TYPE_UNKNOWN)
        return (int)frame_family_of(settings->focus);
    if (settings->n_places > 0 || i % EVERY != EVERY - 1)
        return FRAME_N_FAMILIES;
    return (int)(i / EVERY % FRAME_N_FAMILIES);
}

bool steer_target(const sites_model *model, const generate_settings *settings, const generate_view *view,
                  double target[2])
{
    frame_family family = frame_family_of(settings->focus);
    double nearest = INFINITY;
    bool exact = false;
    if (settings->focus == DEEPSTRUC_TYPE_UNKNOWN || settings->n_places > 0)
        return false;
    for (size_t i = 0; i < model->n_map; i++) {
        const float *point = model->map + i * SITES_MAP_COLUMNS;
        bool same = (int)point[2] == (int)settings->focus;
        if (!same && (exact || frame_family_of((deepstruc_type)point[2]) != family))
            continue;
        double x = ((double)point[0] - view->map_mean[0]) / view->map_sigma[0],
               y = ((double)point[1] - view->map_mean[1]) / view->map_sigma[1], away = x * x + y * y;
        if (away < nearest || (same && !exact)) {
            nearest = away;
            exact = same;
            target[0] = (double)point[0];
            target[1] = (double)point[1];
        }
    }
    return isfinite(nearest);
}
