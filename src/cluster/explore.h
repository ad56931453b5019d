/* Every distinct cluster that a scheme carves from a parent about one centre, within a window of atom counts. */
#ifndef CLUSTER_EXPLORE_H
#define CLUSTER_EXPLORE_H

#include "cluster/carve.h"
#include "cluster/catalogue.h"

/* One centre of one parent with its sites, and memory that stays from one scheme to the next. */
typedef struct {
    collector *into;
    carving base;
    deepstruc_type type;
    double volume; /* per site */
    site_list sites;
    struct explore_table *table;
} explorer;

deepstruc_status explorer_create(explorer *e, collector *into, deepstruc_diag *diag);
void explorer_destroy(explorer *e);

/* Places the explorer at a centre; the clusters it finds are of this type. False: out of memory. */
bool explorer_place(explorer *e, const carving *at, deepstruc_type type);
/* Adds the clusters of a scheme, with this stretch (1 where it has none). False: out of memory. */
bool explorer_run(explorer *e, scheme_id by, double stretch);

#endif
