#include "refine/terms.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

static const struct {
    const char *name, *unit;
    double neutral, start, low, high;
} table[TERM_N] = {
#define X(constant, ...) {__VA_ARGS__},
    TERMS_LIST(X)
#undef X
};

const char *term_name(term_id id)
{
    return table[id].name;
}

const char *term_unit(term_id id)
{
    return table[id].unit;
}

/* Words that stand for several terms in --refine. */
static const struct {
    const char *name;
    term_id term[4];
    int n;
} words[] = {
    {"shell1", {TERM_SHELL1_RADIUS, TERM_SHELL1_BISO}, 2},
    {"shell2", {TERM_SHELL2_RADIUS, TERM_SHELL2_BISO}, 2},
    {"phase2", {TERM_PHASE2, TERM_PHASE2_EXPANSION}, 2},
    {"size", {TERM_SIZE, TERM_SIZE_SPREAD}, 2},
    {"ligand", {TERM_LIGAND, TERM_LIGAND_R, TERM_LIGAND_BISO}, 3},
};

static bool find(term_id *out, const char *name)
{
    for (int i = 0; i < TERM_N; i++)
        if (strcmp(table[i].name, name) == 0) {
            *out = (term_id)i;
            return true;
        }
    return false;
}

static deepstruc_status unknown(const char *setting, const char *name, deepstruc_diag *diag)
{
    char names[400] = "";
    for (int i = 0; i < TERM_N; i++)
        text_append(names, sizeof names, "%s%s", i ? ", " : "", table[i].name);
    return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%s: no term '%s'; there are %s, broad", setting, name, names);
}

/* The next part of a list: what stands before the comma, and behind '=' in it ("" where there is none). False at the
 * end. */
enum { PART = 64 };
static bool next_part(const char **list, char name[PART], char value[PART])
{
    while (*list && (**list == ',' || **list == ' '))
        ++*list;
    if (!*list || !**list)
        return false;
    size_t length = strcspn(*list, ","), equals = strcspn(*list, "=,");
    snprintf(name, PART, "%.*s", (int)(equals < PART ? equals : PART - 1), *list);
    size_t rest = equals < length ? length - equals - 1 : 0;
    snprintf(value, PART, "%.*s", (int)(rest < PART ? rest : PART - 1), *list + equals + (equals < length));
    *list += length;
    return true;
}

static void set_free(refine_terms *terms, term_id id)
{
    term *t = &terms->term[id];
    t->state = TERM_FREE;
    t->value = table[id].start;
    if (id == TERM_QDAMP || id == TERM_QBROAD) /* the instrument's, where it is known */
        t->value = terms->term[id].value > 0 ? terms->term[id].value : table[id].start;
}

static deepstruc_status read_refine(refine_terms *terms, const char *list, deepstruc_diag *diag)
{
    char name[PART], value[PART];
    while (next_part(&list, name, value)) {
        term_id id;
        bool done = strcmp(name, "broad") == 0;
        terms->broad |= done;
        for (size_t i = 0; i < sizeof words / sizeof *words && !done; i++)
            if (strcmp(words[i].name, name) == 0) {
                for (int k = 0; k < words[i].n; k++)
                    set_free(terms, words[i].term[k]);
                done = true;
            }
        if (done)
            continue;
        if (value[0] || !find(&id, name))
            return unknown("refine", name, diag);
        set_free(terms, id);
    }
    return DEEPSTRUC_OK;
}

static deepstruc_status read_number(double *out, const char *setting, term_id id, const char *text,
                                    deepstruc_diag *diag)
{
    double value;
    if (!text_parse_double(text, &value) || !(value >= table[id].low && value <= table[id].high))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%s: %s wants a number from %g to %g, not '%s'", setting,
                         table[id].name, table[id].low, table[id].high, text);
    *out = value;
    return DEEPSTRUC_OK;
}

static deepstruc_status read_fix(refine_terms *terms, const char *list, deepstruc_diag *diag)
{
    char name[PART], value[PART];
    deepstruc_status status = DEEPSTRUC_OK;
    while (!status && next_part(&list, name, value)) {
        term_id id;
        if (!find(&id, name))
            return unknown("fix", name, diag);
        terms->term[id].state = TERM_FIXED;
        status = read_number(&terms->term[id].value, "fix", id, value, diag);
    }
    return status;
}

/* "biso=0.1:1.5" */
static deepstruc_status read_bound(refine_terms *terms, const char *list, deepstruc_diag *diag)
{
    char name[PART], value[PART];
    while (next_part(&list, name, value)) {
        term_id id;
        if (!find(&id, name))
            return unknown("bound", name, diag);
        char *colon = strchr(value, ':');
        if (!colon)
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "bound: '%s=%s' wants two numbers: %s=LOW:HIGH", name, value,
                             name);
        *colon = '\0';
        term *t = &terms->term[id];
        deepstruc_status status = read_number(&t->low, "bound", id, value, diag);
        if (!status)
            status = read_number(&t->high, "bound", id, colon + 1, diag);
        if (status)
            return status;
        if (!(t->low < t->high))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "bound: %s=%g:%g: the first must be the lower one", name,
                             t->low, t->high);
        t->bounded = true;
    }
    return DEEPSTRUC_OK;
}

/* "shell1-biso=2*biso" or "phase2-expansion=expansion" */
static deepstruc_status read_tie(refine_terms *terms, const char *list, deepstruc_diag *diag)
{
    char name[PART], value[PART];
    while (next_part(&list, name, value)) {
        term_id id, to;
        char *star = strchr(value, '*');
        double factor = 1;
        if (star)
            *star = '\0';
        if (!find(&id, name))
            return unknown("tie", name, diag);
        if ((star && !text_parse_double(value, &factor)) || !(fabs(factor) > 0 && isfinite(factor)))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "tie: '%s' is no factor; write %s=FACTOR*TERM", value, name);
        if (!find(&to, star ? star + 1 : value))
            return unknown("tie", star ? star + 1 : value, diag);
        terms->term[id] = (term){.state = TERM_TIED, .to = to, .factor = factor};
    }
    for (int i = 0; i < TERM_N; i++) {
        const term *t = &terms->term[i];
        bool alone = i == TERM_SCALE || i == TERM_QDAMP || t->to == TERM_SCALE || t->to == TERM_QDAMP;
        if (t->state == TERM_TIED && (alone || (int)t->to == i))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "tie: %s cannot follow %s", table[i].name,
                             table[t->to].name);
        if (t->state == TERM_TIED && terms->term[t->to].state == TERM_TIED)
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "tie: %s follows %s, which is itself tied", table[i].name,
                             table[t->to].name);
    }
    return DEEPSTRUC_OK;
}

static void set_neutral(refine_terms *terms, const deepstruc_refine_settings *settings, const deepstruc_target *target)
{
    for (int i = 0; i < TERM_N; i++)
        terms->term[i] =
            (term){.state = TERM_OFF, .value = table[i].neutral, .low = table[i].low, .high = table[i].high};
    for (int i = TERM_SCALE; i <= TERM_BISO; i++)
        terms->term[i].state = TERM_FREE;
    terms->term[TERM_QDAMP].value = target->qdamp;
    terms->term[TERM_BISO].low = target->biso_min;
    terms->term[TERM_BISO].high = target->biso_max;
    terms->term[TERM_SHELL1_BISO] = terms->term[TERM_SHELL2_BISO] =
        (term){.state = TERM_TIED, .to = TERM_BISO, .factor = 1, .low = target->biso_min, .high = 2 * target->biso_max};
    if (settings->qbroad > 0)
        terms->term[TERM_QBROAD] =
            (term){.state = TERM_FIXED, .value = settings->qbroad, .low = 0, .high = table[TERM_QBROAD].high};
}

static deepstruc_status check(const refine_terms *terms, deepstruc_diag *diag)
{
    const term *t = terms->term;
    if (t[TERM_PHASE2].state != TERM_OFF && !terms->phase2)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "phase2: no second structure was given (--second-phase FILE)");
    if (t[TERM_PHASE2].state == TERM_OFF && terms->phase2)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "a second structure was given and its fraction is neither refined nor fixed: --refine phase2");
    if (t[TERM_SIZE].state == TERM_OFF && t[TERM_SIZE_SPREAD].state != TERM_OFF)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "size-spread: wants a size too, refined or fixed");
    for (int i = 0; i < TERM_N; i++)
        if (t[i].state == TERM_FREE && isfinite(t[i].value) && !(t[i].low < t[i].high))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%s: bounds %g and %g leave no room", table[i].name,
                             t[i].low, t[i].high);
    return DEEPSTRUC_OK;
}

static bool is_standard(const refine_terms *terms)
{
    for (int i = 0; i < TERM_N; i++) {
        const term *t = &terms->term[i];
        bool as_ever = i <= TERM_BISO                                   ? t->state == TERM_FREE && !t->bounded
                       : i == TERM_SHELL1_BISO || i == TERM_SHELL2_BISO ? t->state == TERM_TIED && t->factor == 1
                                                                        : t->state == TERM_OFF;
        if (!as_ever)
            return false;
    }
    return !terms->broad;
}

deepstruc_status terms_parse(refine_terms **out, const deepstruc_refine_settings *settings,
                             const deepstruc_target *target, deepstruc_diag *diag)
{
    refine_terms *terms = memory_zeroed(1, sizeof *terms);
    if (!terms)
        return diag_no_memory(diag);
    terms->phase2 = settings->phase2;
    set_neutral(terms, settings, target);
    deepstruc_status status = read_refine(terms, settings->refine, diag);
    if (!status)
        status = read_bound(terms, settings->bound, diag);
    if (!status)
        status = read_fix(terms, settings->fix, diag);
    if (!status)
        status = read_tie(terms, settings->tie, diag);
    if (!status)
        status = check(terms, diag);
    if (status || is_standard(terms)) {
        free(terms);
        terms = NULL;
    }
    if (!status)
        *out = terms;
    return status;
}
