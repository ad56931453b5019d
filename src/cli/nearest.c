/* "perhaps solve": names that a slip of the fingers makes of another (Levenshtein's distance). */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { LONGEST = 40 };

static int least(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

/* Letters to change, add or take out to make b of a; both of at most LONGEST letters. */
static int distance(const char *a, const char *b)
{
    int row[LONGEST + 1], n = (int)strlen(b);
    for (int k = 0; k <= n; k++)
        row[k] = k;
    for (int i = 0; a[i]; i++) {
        int before = row[0]; /* the row above, one to the left */
        row[0] = i + 1;
        for (int k = 1; k <= n; k++) {
            int above = row[k];
            row[k] = least(above + 1, row[k - 1] + 1, before + (a[i] != b[k - 1]));
            before = above;
        }
    }
    return row[n];
}

void cli_near_try(cli_near *near, const char *name)
{
    if (strlen(near->wanted) > LONGEST || strlen(name) > LONGEST)
        return;
    int d = distance(near->wanted, name), most = strlen(near->wanted) < 5 ? 1 : 2;
    if (d <= most && (!near->name || d < near->distance)) {
        near->name = name;
        near->distance = d;
    }
}
