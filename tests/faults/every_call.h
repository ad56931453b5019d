/* A job run in a process of its own whose n-th change of the file system is a fault: the process is killed there as by
 * kill -9, or the call fails as on a full disk. Linux on x86-64; elsewhere the tests that use it are skipped. */
#ifndef TESTS_FAULTS_EVERY_CALL_H
#define TESTS_FAULTS_EVERY_CALL_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

typedef enum { FAULT_KILL, FAULT_DISK_FULL } fault_kind;
enum { FAULT_NOT_REACHED = -1, FAULT_KILLED = -2 };

#ifdef __x86_64__

/* Calls that change what is on disk. A full disk lets things be removed and renamed. */
static inline bool fault_counts(const struct user_regs_struct *call, fault_kind kind)
{
    switch (call->orig_rax) {
    case SYS_write:
    case SYS_writev:
    case SYS_pwrite64:
    case SYS_ftruncate:
    case SYS_fsync:
    case SYS_mkdir:
        return true;
    case SYS_openat:
        return (call->rdx & O_CREAT) != 0;
    case SYS_rename:
    case SYS_unlink:
    case SYS_unlinkat:
    case SYS_rmdir:
        return kind == FAULT_KILL;
    default:
        return false;
    }
}

/* Runs `job` with a fault at its call number n (from 0). Answers the job's status where it came to an end with the
 * fault behind it, FAULT_KILLED, or FAULT_NOT_REACHED (*status then holds what the job said). */
static inline int fault_at(long n, fault_kind kind, deepstruc_status (*job)(void), deepstruc_status *status)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(255);
        raise(SIGSTOP);
        _exit((int)job());
    }
    int state;
    bool inside = false, refused = false, reached = false;
    waitpid(child, &state, 0);
    if (!WIFSTOPPED(state))
        return FAULT_KILLED - 1; /* no tracing here */
    ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
    for (;;) {
        ptrace(PTRACE_SYSCALL, child, NULL, NULL);
        waitpid(child, &state, 0);
        if (WIFEXITED(state)) {
            *status = (deepstruc_status)WEXITSTATUS(state);
            return reached ? (int)*status : FAULT_NOT_REACHED;
        }
        if (WIFSIGNALED(state))
            return FAULT_KILLED;
        if (WSTOPSIG(state) != (SIGTRAP | 0x80))
            continue;
        struct user_regs_struct call;
        ptrace(PTRACE_GETREGS, child, NULL, &call);
        inside = !inside;
        if (inside && !reached && fault_counts(&call, kind) && n-- == 0) {
            reached = true;
            if (kind == FAULT_KILL) {
                kill(child, SIGKILL);
                waitpid(child, &state, 0);
                return FAULT_KILLED;
            }
            call.orig_rax = (unsigned long long)-1; /* the call is not made */
            refused = ptrace(PTRACE_SETREGS, child, NULL, &call) == 0;
        } else if (!inside && refused) {
            call.rax = (unsigned long long)-ENOSPC;
            ptrace(PTRACE_SETREGS, child, NULL, &call);
            refused = false;
        }
    }
}

#else

static inline int fault_at(long n, fault_kind kind, deepstruc_status (*job)(void), deepstruc_status *status)
{
    (void)n, (void)kind, (void)job, (void)status;
    return FAULT_KILLED - 1;
}

#endif
#endif
