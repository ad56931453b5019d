/* Numbers and names as people read them, shared by the page and the terminal's table. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stdio.h>

#include <deepstruc/solve.h>

/* "2.856(4)": the standard deviation in units of the last digit, one digit of it, two where it begins with 1; five
 * decimals at most. With no finite, positive standard deviation the value has `decimals`; a value that is not finite is
 * "–". */
#define REPORT_VALUE_TEXT 40
void report_value_text(char out[REPORT_VALUE_TEXT], double value, double esd, int decimals);

/* Whether the structures came from the caller (deepstruc_solve_given): then there is no verdict. */
bool report_was_given(const deepstruc_solution *solution);

/* The shape where it says more than the type, else the type's name. */
const char *report_shape(const deepstruc_cluster *cluster);

/* "Marks decahedron, 85 atoms", "Decahedron, hcp or fcc: ..." : the verdict as a headline. */
void report_headline(const deepstruc_solution *solution, char *out, size_t size);

/* The command that gives this result again: what differs from the defaults, and always the seed. */
void report_command(const deepstruc_solution *solution, const char *file, FILE *out);

#endif
