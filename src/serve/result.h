/* What a job left behind. */
#ifndef SERVE_RESULT_H
#define SERVE_RESULT_H

#include <jansson.h>

#include "serve/folder.h"

/* result.json of a job that is done; NULL when it cannot be read. */
json_t *result_read(const folder *data, long id);

#endif
