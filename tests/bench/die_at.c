/* Ends a program, or fills its disk, at its n-th lasting act: built and loaded by kill_trials.py.

   DIE_AT=n DIE_HOW=kill   SIGKILL before the n-th write, flush, renaming or removal of a file
            DIE_HOW=tear   … after half of its bytes were written
            DIE_HOW=full   the disk is full from then on (ENOSPC)
   DIE_COUNT=file          where the number of acts is told when the program ends by itself */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long passed, at = -1;
static char how;

static void kill_now(void) { kill(getpid(), SIGKILL); pause(); }

/* Whether the act fails for want of room; does not come back where the program ends. */
static int act(int fd, int takes_room) {
    struct stat seen;
    if (fd >= 0 && (fstat(fd, &seen) || !S_ISREG(seen.st_mode))) return 0;
    if (at < 0) {
        const char *n = getenv("DIE_AT"), *word = getenv("DIE_HOW");
        at = n ? atol(n) : 0;
        how = word ? *word : 'k';
    }
    long now = __sync_add_and_fetch(&passed, 1);
    if (!at || now < at) return 0;
    if (how == 'f') { if (takes_room) errno = ENOSPC; return takes_room; }
    if (how == 'k' || !takes_room) kill_now();
    return 2; /* tear */
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define WRITE(type, name, args, pass, half)                                 \
    type name args {                                                        \
        REAL(name);                                                         \
        int what = act(fd, 1);                                              \
        if (what == 1) return -1;                                           \
        if (what == 2) { if (real half < 0) {} kill_now(); }                \
        return real pass;                                                   \
    }
#define PLAIN(name, args, pass, fd)                                         \
    int name args { REAL(name); act(fd, 0); return real pass; }

WRITE(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), (fd, b, n / 2))
WRITE(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o), (fd, b, n / 2, o))
WRITE(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o),
      (fd, b, n / 2, o))
PLAIN(fsync, (int fd), (fd), fd)
PLAIN(fdatasync, (int fd), (fd), fd)
PLAIN(ftruncate, (int fd, off_t n), (fd, n), fd)
PLAIN(ftruncate64, (int fd, off64_t n), (fd, n), fd)
PLAIN(rename, (const char *a, const char *b), (a, b), -1)
PLAIN(unlink, (const char *a), (a), -1)
PLAIN(rmdir, (const char *a), (a), -1)

int mkdir(const char *a, mode_t m) {
    REAL(mkdir);
    return act(-1, 1) == 1 ? -1 : real(a, m);
}

static void __attribute__((destructor)) tell(void) {
    const char *name = getenv("DIE_COUNT");
    FILE *out = name ? fopen(name, "w") : NULL;
    if (out) { fprintf(out, "%ld\n", passed); fclose(out); }
}
