/* Projects of other programs, opened. */
#ifndef DEEPSTRUC_PROJECT_H
#define DEEPSTRUC_PROJECT_H

#include <deepstruc/deepstruc.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A project of PDFgui's (.ddp, .ddp3) as a folder of files that everything here reads: structures as .stru and, where
 * they are of one element, .xyz; data as .gr, each with a settings file beside it; project.json with all the rest
 * (docs/formats.md). Nothing of the project is executed. What was left out is added to `notes`. EXISTS when there is
 * something at `folder`; BAD_INPUT for what is no such project; UNAVAILABLE in a build without libarchive. */
deepstruc_status deepstruc_project_unpack(const char *path, const char *folder, deepstruc_notes *notes,
                                          deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
