/* Forms in which the command `options` writes all commands and their options: visitors that print. */
#ifndef CLI_FORMS_H
#define CLI_FORMS_H

#include "cli/cli.h"

typedef struct {
    const char *name, *help;
    void (*print)(void);
} cli_form;

extern const cli_form cli_form_bash, cli_form_zsh, cli_form_fish; /* forms_shells.c */
extern const cli_form cli_form_man, cli_form_markdown;            /* forms_manual.c */

#endif
