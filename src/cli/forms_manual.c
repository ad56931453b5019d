/* The manual: a man page, and the same as Markdown for the documentation. */
#include <stdio.h>
#include <string.h>

#include "cli/forms.h"

/* A form's way to print the parts of a command; the visitor below walks through them. */
typedef struct {
    void (*command)(const cli_command *command);
    void (*heading)(const char *text);
    void (*option)(const deepstruc_field *field, const void *settings);
    const cli_command *last; /* of the visit before: a command's second set of options gets no second title */
} printer;

static void print_group(const printer *p, const cli_group *group)
{
    p->heading(group->heading);
    for (const deepstruc_field *field = group->fields; field->name; field++)
        p->option(field, group->settings);
}

static void visit(void *user, const cli_command *command, const cli_group *groups)
{
    printer *p = user;
    if (p->last != command)
        p->command(command);
    p->last = command;
    for (; groups->fields; groups++)
        print_group(p, groups);
}

/* ---- man ------------------------------------------------------------------------------------------------------- */

/* troff reads \ as an escape, - as a hyphen, and . or ' at a line's start as a request. */
static void man_text(const char *text)
{
    bool start = true;
    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        start = *text == '\n';
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

static void man_command(const cli_command *command)
{
    printf(".SS ");
    man_text(command->name);
    fputs("\n.B deepstruc ", stdout);
    man_text(command->name);
    putchar(' ');
    man_text(command->operands);
    fputs("\n.PP\n", stdout);
    man_text(command->summary);
    fputs(".\n", stdout);
    if (command->details[0]) {
        fputs(".PP\n.nf\n", stdout);
        man_text(command->details);
        fputs("\n.fi\n", stdout);
    }
}

static void man_heading(const char *text)
{
    fputs(".PP\n.I ", stdout);
    man_text(text);
    putchar('\n');
}

static void man_option(const deepstruc_field *field, const void *settings)
{
    char value[256];
    char letter = cli_letter(field->name);
    cli_default(value, sizeof value, field, settings);
    fputs(".TP\n.B ", stdout);
    if (letter)
        printf("\\-%c, ", letter);
    fputs("\\-\\-", stdout);
    man_text(field->name);
    if (field->metavar) {
        putchar(' ');
        man_text(field->metavar);
    }
    putchar('\n');
    man_text(field->help);
    putchar(' ');
    man_text(value);
    putchar('\n');
}

static void man_print(void)
{
    printer p = {man_command, man_heading, man_option, NULL};
    printf(".TH DEEPSTRUC 1 \"\" \"deepstruc %s\"\n", deepstruc_version());
    fputs(".SH NAME\ndeepstruc \\- atomic structure of metallic nanoparticles from pair distribution functions\n"
          ".SH SYNOPSIS\n.B deepstruc\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n"
          ".SH DESCRIPTION\nThe main job is\n.BR \"deepstruc solve FILE.gr\" .\n"
          "Every command answers \\-\\-help. Values in parentheses are defaults; lengths are in Å, Q in 1/Å.\n"
          ".SH COMMANDS\n",
          stdout);
    cli_visit(&(cli_visitor){visit, &p});
    fputs(".SH OPTIONS OF ALL COMMANDS\n", stdout);
    print_group(&p, &cli_common_group);
    fputs(".SH EXIT STATUS\n0: it worked. 1: the work failed; one line on standard error names file, place and mend. "
          "2: wrong usage.\n",
          stdout);
}

const cli_form cli_form_man = {"man", "man page", man_print};

/* ---- Markdown -------------------------------------------------------------------------------------------------- */

static void md_command(const cli_command *command)
{
    printf("\n## %s\n\n%s.\n\n```text\ndeepstruc %s %s\n```\n", command->name, command->summary, command->name,
           command->operands);
    if (command->details[0])
        printf("\n```text\n%s\n```\n", command->details);
}

static void md_heading(const char *text)
{
    printf("\n**%s**\n\n| option | | default |\n|---|---|---|\n", text);
}

static void md_option(const deepstruc_field *field, const void *settings)
{
    char value[256];
    char letter = cli_letter(field->name);
    cli_default(value, sizeof value, field, settings);
    printf("| `");
    if (letter)
        printf("-%c`, `", letter);
    printf("--%s%s%s` | %s | ", field->name, field->metavar ? " " : "", field->metavar ? field->metavar : "",
           field->help);
    if (value[0]) /* without its parentheses */
        printf("`%.*s` ", (int)strlen(value) - 2, value + 1);
    puts("|");
}

static void md_print(void)
{
    printer p = {md_command, md_heading, md_option, NULL};
    puts("# Command line\n\nMade from the program's own tables by `deepstruc options markdown`. An option without a "
         "default is chosen from the data or off.");
    cli_visit(&(cli_visitor){visit, &p});
    puts("\n## Options of all commands");
    print_group(&p, &cli_common_group);
}

const cli_form cli_form_markdown = {"markdown", "the reference in Markdown", md_print};
