/* Options: parsing and help, both from the tables of settings. */
#include <ctype.h>
#include <math.h>
#include <omp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define ROW(field, kind, ...)                                                                                          \
    {                                                                                                                  \
#field, kind, offsetof(cli_common, field), __VA_ARGS__                                                         \
    }
static const deepstruc_field common_fields[] = {
    ROW(output, DEEPSTRUC_FIELD_TEXT, 0, 0, true, "PATH", "where the result goes (also -o)"),
    ROW(force, DEEPSTRUC_FIELD_FLAG, 0, 0, false, NULL, "replace an existing result"),
    ROW(quiet, DEEPSTRUC_FIELD_FLAG, 0, 0, false, NULL, "no progress, no table"),
    ROW(seed, DEEPSTRUC_FIELD_LONG, 0, 1e15, false, "N", "random seed"),
    ROW(threads, DEEPSTRUC_FIELD_LONG, 0, 1024, false, "N", "threads; 0: all"),
    ROW(help, DEEPSTRUC_FIELD_FLAG, 0, 0, false, NULL, "this text"),
    {0}};
const deepstruc_field cli_kept_fields[] = {ROW(seed, DEEPSTRUC_FIELD_LONG, 0, 1e15, false, "N", "random seed"),
                                           ROW(threads, DEEPSTRUC_FIELD_LONG, 0, 1024, false, "N", "threads; 0: all"),
                                           {0}};
#undef ROW
static cli_common common_defaults;
const cli_group cli_common_group = {"Common options", common_fields, &common_defaults};

static const struct {
    char letter;
    const char *name;
} shorts[] = {{'o', "output"}, {'n', "samples"}, {'m', "model"}, {'h', "help"}};

char cli_letter(const char *name)
{
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
        if (strcmp(shorts[i].name, name) == 0)
            return shorts[i].letter;
    return 0;
}

int cli_fail(const deepstruc_diag *diag)
{
    char text[1024];
    deepstruc_diag_text(diag, text, sizeof text);
    fprintf(stderr, "deepstruc: %s\n", text);
    return CLI_FAILED;
}

int cli_fail_together(const cli_call *call, const deepstruc_diag *diag)
{
    return cli_leads(call) ? cli_fail(diag) : CLI_FAILED;
}

int cli_usage(const cli_call *call, const char *format, ...)
{
    va_list args;
    if (!cli_leads(call)) /* all ranks have the same arguments */
        return CLI_USAGE;
    va_start(args, format);
    fprintf(stderr, "deepstruc %s: ", call->command->name);
    vfprintf(stderr, format, args);
    fprintf(stderr, "; see deepstruc %s --help\n", call->command->name);
    va_end(args);
    return CLI_USAGE;
}

/* ---- help ------------------------------------------------------------------------------------------------------ */

void cli_default(char *out, size_t size, const deepstruc_field *field, const void *settings)
{
    const char *at = (const char *)settings + field->offset;
    double number = field->kind == DEEPSTRUC_FIELD_DOUBLE ? *(const double *)at : NAN;
    out[0] = '\0';
    if (field->kind == DEEPSTRUC_FIELD_LONG)
        snprintf(out, size, "(%ld)", *(const long *)at);
    else if (field->kind == DEEPSTRUC_FIELD_DOUBLE && !isnan(number))
        snprintf(out, size, "(%g)", number);
    else if (field->kind == DEEPSTRUC_FIELD_TEXT && *(const char *const *)at)
        snprintf(out, size, "(%s)", *(const char *const *)at);
}

/* Columns on a terminal: bytes that continue a character take none. */
static int width(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += (*text & 0xC0) != 0x80;
    return n;
}

static void print_group(const cli_group *group)
{
    printf("\n%s:\n", group->heading);
    for (const deepstruc_field *field = group->fields; field->name; field++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", field->name, field->metavar ? " " : "",
                 field->metavar ? field->metavar : "");
        char value[256];
        cli_default(value, sizeof value, field, group->settings);
        printf("  %s%*s %s%s%s\n", left, width(left) < 24 ? 24 - width(left) : 0, "", field->help, value[0] ? " " : "",
               value);
    }
}

static void print_help(const cli_call *call, const cli_group *groups)
{
    const cli_command *command = call->command;
    printf("usage: deepstruc %s %s\n\n%s\n", command->name, command->operands, command->summary);
    if (command->details[0])
        printf("\n%s\n", command->details);
    for (; groups->fields; groups++)
        print_group(groups);
    print_group(&cli_common_group);
}

void cli_visit(const cli_visitor *visitor)
{
    for (const cli_command *const *command = cli_commands; *command; command++)
        (*command)->run(&(cli_call){.command = *command, .visitor = visitor});
}

/* ---- parsing --------------------------------------------------------------------------------------------------- */

static const deepstruc_field *find(const cli_group *group, const char *name, size_t length)
{
    for (const deepstruc_field *field = group->fields; field->name; field++)
        if (strlen(field->name) == length && strncmp(field->name, name, length) == 0)
            return field;
    return NULL;
}

static bool store(const deepstruc_field *field, void *settings, const char *value)
{
    char *at = (char *)settings + field->offset, *end = NULL;
    if (field->kind == DEEPSTRUC_FIELD_FLAG) {
        *(bool *)at = true;
        return true;
    }
    if (field->kind == DEEPSTRUC_FIELD_TEXT) {
        *(const char **)at = value;
        return true;
    }
    double number;
    if (field->kind == DEEPSTRUC_FIELD_LONG) {
        long whole = strtol(value, &end, 10);
        number = (double)whole;
        *(long *)at = whole;
    } else {
        number = strtod(value, &end);
        *(double *)at = number;
    }
    bool bounded = field->min != 0 || field->max != 0;
    return end != value && *end == '\0' && isfinite(number) &&
           (!bounded || (number >= field->min && number <= field->max));
}

static int bad_value(const cli_call *call, const deepstruc_field *field, const char *value)
{
    const char *kind = field->kind == DEEPSTRUC_FIELD_LONG ? "a whole number" : "a number";
    if (field->min != 0 || field->max != 0)
        return cli_usage(call, "--%s wants %s from %.10g to %.10g, not '%s'", field->name, kind, field->min, field->max,
                         value);
    return cli_usage(call, "--%s wants %s, not '%s'", field->name, kind, value);
}

static const char *long_name(const char *argument, size_t *length, const char **value)
{
    *value = NULL;
    if (argument[1] != '-') {
        for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
            if (argument[1] == shorts[i].letter && argument[2] == '\0') {
                *length = strlen(shorts[i].name);
                return shorts[i].name;
            }
        return NULL;
    }
    const char *name = argument + 2, *equals = strchr(name, '=');
    *length = equals ? (size_t)(equals - name) : strlen(name);
    *value = equals ? equals + 1 : NULL;
    return name;
}

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] && !(isdigit((unsigned char)argument[1]) || argument[1] == '.');
}

/* The failure of an option that there is not. */
static int unknown_option(const cli_call *call, const cli_group *groups, const char *argument, const char *name,
                          size_t length)
{
    char wanted[64] = "";
    if (name)
        snprintf(wanted, sizeof wanted, "%.*s", (int)(length < sizeof wanted ? length : sizeof wanted - 1), name);
    cli_near near = {.wanted = wanted};
    for (const deepstruc_field *field = common_fields; field->name; field++)
        cli_near_try(&near, field->name);
    for (; groups->fields; groups++)
        for (const deepstruc_field *field = groups->fields; field->name; field++)
            cli_near_try(&near, field->name);
    if (near.name)
        return cli_usage(call, "unknown option '%s', perhaps --%s", argument, near.name);
    return cli_usage(call, "unknown option '%s'", argument);
}

static int parse_option(cli_call *call, const cli_group *groups, int *i)
{
    const char *argument = call->argv[*i], *value;
    size_t length;
    const char *name = long_name(argument, &length, &value);
    cli_group common = {NULL, common_fields, &call->common};
    const cli_group *group = &common;
    const deepstruc_field *field = name ? find(group, name, length) : NULL;
    for (group = field ? group : groups; name && !field && group->fields; group++) {
        field = find(group, name, length);
        if (field)
            break;
    }
    if (!field)
        return unknown_option(call, groups, argument, name, length);
    if (field->kind == DEEPSTRUC_FIELD_FLAG && value)
        return cli_usage(call, "--%s takes no value", field->name);
    if (field->kind != DEEPSTRUC_FIELD_FLAG && !value) {
        if (*i + 1 >= call->argc)
            return cli_usage(call, "--%s wants a value", field->name);
        value = call->argv[++*i];
    }
    return store(field, group->settings, value) ? CLI_CONTINUE : bad_value(call, field, value);
}

int cli_parse(cli_call *call, const cli_group *groups, int min_operands, int max_operands)
{
    if (call->visitor) {
        call->visitor->visit(call->visitor->user, call->command, groups);
        return CLI_OK;
    }
    call->operands = call->argv; /* operands move to the front of argv */
    call->n_operands = 0;
    for (int i = 0; i < call->argc; i++) /* help wins over whatever else is wrong */
        if (strcmp(call->argv[i], "--help") == 0 || strcmp(call->argv[i], "-h") == 0) {
            if (cli_leads(call))
                print_help(call, groups);
            return CLI_OK;
        }
    int code = cli_read_files(call, groups);
    if (code != CLI_CONTINUE)
        return code;
    bool only_operands = false;
    for (int i = 0; i < call->argc; i++) {
        if (!only_operands && strcmp(call->argv[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && is_option(call->argv[i])) {
            code = parse_option(call, groups, &i);
            if (code != CLI_CONTINUE)
                return code;
        } else {
            call->operands[call->n_operands++] = call->argv[i];
        }
    }
    if (call->n_operands < min_operands || call->n_operands > max_operands)
        return cli_usage(call, "wants: deepstruc %s %s", call->command->name, call->command->operands);
    if (call->common.threads > 0) /* also for what has no setting of its own for it */
        omp_set_num_threads((int)call->common.threads);
    return CLI_CONTINUE;
}
