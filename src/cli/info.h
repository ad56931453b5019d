/* Pieces of the command `info`. */
#ifndef CLI_INFO_H
#define CLI_INFO_H

/* Prints what a .safetensors file holds; answers the exit code. */
int info_weights(const char *path);

#endif
