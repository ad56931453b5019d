/* What weights of candidates (deepstruc_refine_groups) and those who reckon with them share. */
#ifndef REFINE_GROUPS_H
#define REFINE_GROUPS_H

#define GROUPS_SHARPEST 12.0    /* largest p (docs/theory-refine.md, R7): what a ratio of misfits is worth */
#define GROUPS_PERFECT_RW 0.002 /* no measured PDF is fitted better; a smaller misfit is rounding */

#endif
