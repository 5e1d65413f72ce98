/*
 * Preloaded into a process that stores: writes down which part of each file was synced, so that a
 * test can cut the files back to it, as a power cut would; and fails on demand, as a full or a
 * broken disk would.
 *
 * RESTANTE_SYNCED: file to which each sync adds a line `inode size path`.
 * RESTANTE_FAULT: while this file exists, syncs fail with EIO (its first byte is 'e') or writes to
 * the tree's log with ENOSPC (it is 'n').
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char fault(void) {
  const char *path = getenv("RESTANTE_FAULT");
  char kind = 0;
  int fd = path == NULL ? -1 : open(path, O_RDONLY);
  if (fd < 0) return 0;
  if (read(fd, &kind, 1) != 1) kind = 0;
  close(fd);
  return kind;
}

static int path_of(int fd, char *path, size_t length) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t got = readlink(link, path, length - 1);
  if (got < 0) return 0;
  path[got] = 0;
  return 1;
}

static int synced(int fd, const char *name) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  if (fault() == 'e') {
    errno = EIO;
    return -1;
  }
  /* Before the sync: what is written while it runs is not covered by it. */
  struct stat before;
  int known = fstat(fd, &before) == 0 && S_ISREG(before.st_mode);
  int result = real(fd);
  const char *record = getenv("RESTANTE_SYNCED");
  char path[4096], line[4200];
  if (result == 0 && known && record != NULL && path_of(fd, path, sizeof path)) {
    int length = snprintf(line, sizeof line, "%llu %lld %s\n", (unsigned long long)before.st_ino,
                          (long long)before.st_size, path);
    int out = open(record, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (out < 0 || write(out, line, (size_t)length) != length) abort();
    close(out);
  }
  return result;
}

int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }

/* The tree writes its log through stdio, where this may be a macro. */
#undef fwrite_unlocked
size_t fwrite_unlocked(const void *bytes, size_t size, size_t count, FILE *file) {
  size_t (*real)(const void *, size_t, size_t, FILE *) =
      (size_t(*)(const void *, size_t, size_t, FILE *))dlsym(RTLD_NEXT, "fwrite_unlocked");
  char path[4096];
  size_t end;
  if (fault() == 'n' && path_of(fileno(file), path, sizeof path) && (end = strlen(path)) > 4 &&
      strcmp(path + end - 4, ".log") == 0) {
    errno = ENOSPC;
    return 0;
  }
  return real(bytes, size, count, file);
}
