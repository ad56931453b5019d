/* Shell completion: commands, then the options of the command, then files. */
#include <stdio.h>
#include <string.h>

#include "cli/forms.h"

/* Text for single quotes in bash and fish alike, without what would end them. */
static void put_quoted(const char *text, const char *drop)
{
    for (; *text; text++)
        if (!strchr(drop, *text))
            putchar(*text);
}

/* ---- bash ------------------------------------------------------------------------------------------------------ */

static void bash_names(const cli_group *group)
{
    for (const deepstruc_field *field = group->fields; field->name; field++)
        printf(" --%s", field->name);
}

static void bash_visit(void *user, const cli_command *command, const cli_group *groups)
{
    (void)user;
    printf("    %s) options+=\"", command->name);
    for (; groups->fields; groups++)
        bash_names(groups);
    puts("\" ;;&");
}

static void bash_print(void)
{
    fputs("# deepstruc, completion for bash; made by: deepstruc options bash\n"
          "_deepstruc() {\n"
          "  local word=${COMP_WORDS[COMP_CWORD]} options=\"",
          stdout);
    bash_names(&cli_common_group);
    fputs("\"\n  if [ \"$COMP_CWORD\" = 1 ]; then\n    options=\"--help --version", stdout);
    for (const cli_command *const *command = cli_commands; *command; command++)
        printf(" %s", (*command)->name);
    fputs("\"\n    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n    return\n  fi\n"
          "  case ${COMP_WORDS[1]} in\n",
          stdout);
    cli_visit(&(cli_visitor){bash_visit, NULL});
    fputs("  esac\n"
          "  # Architectures of train share options.\n"
          "  if [[ $word == -* ]]; then\n    COMPREPLY=($(compgen -W \"$options\" -- \"$word\" | sort -u))\n"
          "  else\n    COMPREPLY=($(compgen -f -- \"$word\"))\n  fi\n"
          "}\ncomplete -o filenames -F _deepstruc deepstruc\n",
          stdout);
}

const cli_form cli_form_bash = {"bash", "completion for bash", bash_print};

/* ---- zsh ------------------------------------------------------------------------------------------------------- */

static void zsh_group(const cli_group *group)
{
    for (const deepstruc_field *field = group->fields; field->name; field++) {
        printf(" \\\n        '--%s[", field->name);
        put_quoted(field->help, "'[]\\");
        putchar(']');
        if (field->metavar) {
            fputs(":", stdout);
            put_quoted(field->metavar, "':[]\\");
            fputs(":_files", stdout);
        }
        putchar('\'');
    }
}

static void zsh_visit(void *user, const cli_command *command, const cli_group *groups)
{
    (void)user;
    printf("    %s)\n      arguments+=(", command->name);
    for (; groups->fields; groups++)
        zsh_group(groups);
    puts(") ;|");
}

static void zsh_print(void)
{
    fputs("#compdef deepstruc\n# completion for zsh; made by: deepstruc options zsh\n"
          "local -a commands arguments\n"
          "commands=(",
          stdout);
    for (const cli_command *const *command = cli_commands; *command; command++) {
        printf("\n  '%s:", (*command)->name);
        put_quoted((*command)->summary, "':\\");
        putchar('\'');
    }
    fputs("\n)\nif (( CURRENT == 2 )); then\n  _describe command commands\n  return\nfi\n"
          "arguments=(",
          stdout);
    zsh_group(&cli_common_group);
    fputs(")\ncase $words[2] in\n", stdout);
    cli_visit(&(cli_visitor){zsh_visit, NULL});
    fputs("esac\nshift words\n(( CURRENT-- ))\n_arguments $arguments '*:file:_files'\n", stdout);
}

const cli_form cli_form_zsh = {"zsh", "completion for zsh", zsh_print};

/* ---- fish ------------------------------------------------------------------------------------------------------ */

static void fish_group(const char *condition, const char *command, const cli_group *group)
{
    for (const deepstruc_field *field = group->fields; field->name; field++) {
        printf("complete -c deepstruc -n '%s%s' -l %s%s -d '", condition, command, field->name,
               field->metavar ? " -r" : "");
        put_quoted(field->help, "'\\");
        puts("'");
    }
}

static void fish_visit(void *user, const cli_command *command, const cli_group *groups)
{
    (void)user;
    for (; groups->fields; groups++)
        fish_group("__fish_seen_subcommand_from ", command->name, groups);
}

static void fish_print(void)
{
    puts("# deepstruc, completion for fish; made by: deepstruc options fish");
    for (const cli_command *const *command = cli_commands; *command; command++) {
        printf("complete -c deepstruc -f -n __fish_use_subcommand -a %s -d '", (*command)->name);
        put_quoted((*command)->summary, "'\\");
        puts("'");
    }
    fish_group("not __fish_use_subcommand", "", &cli_common_group);
    cli_visit(&(cli_visitor){fish_visit, NULL});
}

const cli_form cli_form_fish = {"fish", "completion for fish", fish_print};
