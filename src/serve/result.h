/* What a job left behind. */
#ifndef SERVE_RESULT_H
#define SERVE_RESULT_H

#include <jansson.h>

#include "serve/folder.h"

/* result.json of a job that is done; NULL when it cannot be read. */
json_t *result_read(const folder *data, long id);

/* The name of a candidate's file, "candidates/NAME.xyz" with NAME of letters, digits, '-' and '_'; NULL for anything
 * else, so that a result which somebody changed leads to no other file. */
const char *result_structure(const json_t *candidate);

#endif
