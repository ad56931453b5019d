/* What the engine simulates for a target. */
#ifndef REFINE_TARGET_H
#define REFINE_TARGET_H

#include <deepstruc/refine.h>

/* The target's grid, Q range, damping and reach; Biso, scale and motion are the defaults. */
deepstruc_pdf_settings target_engine_settings(const deepstruc_target *target);

#endif
