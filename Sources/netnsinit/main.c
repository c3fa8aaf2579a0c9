/* PID 1 of a node: makes the node's mounts, says "ready", reaps, and ends when its lifeline is cut. The kernel then
   kills every other process of the node and frees its namespaces.

   netnsinit HOSTNAME [clock NANOSECONDS | private PATH | expose PATH | bind SOURCE TARGET |
                       bind-read-only SOURCE TARGET]...
   Descriptor 3 is the lifeline (read end), descriptor 4 takes the report: "ready", or what failed.

   Under another name it removes a lab's control groups when its lifeline is cut, also by a SIGKILL of the harness:
   netnssweep PREFIX DIRECTORY... */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIFELINE = 3, REPORT = 4 };

static void give_up(const char *what, const char *object) {
    dprintf(REPORT, "%s %s: %s", what, object, strerror(errno));
    _exit(1);
}

/* mkdir -p. */
static int make_directories(const char *path) {
    char prefix[4096];
    if (strlen(path) >= sizeof prefix) return -1;
    for (size_t end = 1; end <= strlen(path); end++) {
        if (path[end] != '/' && path[end] != '\0') continue;
        memcpy(prefix, path, end);
        prefix[end] = '\0';
        if (mkdir(prefix, 0755) < 0 && errno != EEXIST) return -1;
    }
    return 0;
}

/* Something to mount on: a directory or a file, as what is mounted. */
static int make_target(const char *source, const char *path) {
    struct stat status;
    if (stat(source, &status) < 0) return -1;
    if (S_ISDIR(status.st_mode)) return make_directories(path);
    char parent[4096];
    snprintf(parent, sizeof parent, "%s", path);
    *strrchr(parent, '/') = '\0';
    if (make_directories(parent) < 0) return -1;
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    return file < 0 ? -1 : close(file);
}

static int exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0;
}

/* A directory that the host does not have is made in an overlay over its parent, so that the host keeps its shape. The
   layers lie on a file system that is mounted over /proc only until the overlay holds it. */
static void overlay_parent(const char *path) {
    char parent[4096], options[8192];
    snprintf(parent, sizeof parent, "%s", path);
    for (char *slash; !exists(parent) && (slash = strrchr(parent, '/')) && slash != parent;) *slash = '\0';
    snprintf(options, sizeof options, "lowerdir=%s,upperdir=/proc/upper,workdir=/proc/work", parent);
    if (mount("tmpfs", "/proc", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0 || mkdir("/proc/upper", 0755) < 0
        || mkdir("/proc/work", 0755) < 0)
        give_up("cannot make the layers of an overlay on", parent);
    if (mount("overlay", parent, "overlay", 0, options) < 0) give_up("cannot mount an overlay on", parent);
    if (umount2("/proc", MNT_DETACH) < 0) give_up("cannot unmount the layers of", parent);
    if (make_directories(path) < 0) give_up("cannot make", path);
}

static void make_private(const char *path) {
    if (!exists(path)) overlay_parent(path);
    const char *mode = strcmp(path, "/tmp") == 0 ? "mode=1777" : "mode=0755";
    if (mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, mode) < 0) give_up("cannot make private", path);
}

/* The keyword after this one: some have two operands, the others have one. */
static char **next_word(char **word) {
    return word + (strncmp(*word, "bind", strlen("bind")) == 0 ? 3 : 2);
}

/* A part of the host's file system that is to be seen again, at a place of its own or of another. */
struct binding {
    const char *target;
    bool is_read_only;
    int source;
};

/* Opens what the mounts to come may cover. */
static int open_sources(char **words, char **end, struct binding *bindings) {
    int count = 0;
    for (char **word = words; word < end; word = next_word(word)) {
        bool is_exposed = strcmp(*word, "expose") == 0, is_read_only = strcmp(*word, "bind-read-only") == 0;
        if (!is_exposed && !is_read_only && strcmp(*word, "bind") != 0) continue;
        struct binding binding = {word[is_exposed ? 1 : 2], is_read_only, open(word[1], O_PATH | O_CLOEXEC)};
        if (binding.source < 0) give_up(is_exposed ? "cannot expose" : "cannot find what is to be mounted,", word[1]);
        bindings[count++] = binding;
    }
    return count;
}

static bool is_private(const char *path, char **words, char **end) {
    for (char **word = words; word < end; word = next_word(word)) {
        if (strcmp(*word, "private") != 0) continue;
        size_t length = strlen(word[1]);
        if (strncmp(path, word[1], length) == 0 && path[length] == '/') return true;
    }
    return false;
}

static void make_read_only(const char *path) {
    /* struct mount_attr, which some headers lack and others have twice. */
    struct { uint64_t set, clear, propagation, user_namespace; } attributes = {.set = 1 /* MOUNT_ATTR_RDONLY */};
    if (syscall(SYS_mount_setattr, AT_FDCWD, path, 0x8000 /* AT_RECURSIVE */, &attributes, sizeof attributes) < 0)
        give_up("cannot make read-only", path);
}

/* Nothing is made outside of the private directories: it would be the host's. */
static void bind(const struct binding *binding, char **words, char **end) {
    char source[64];
    snprintf(source, sizeof source, "/proc/self/fd/%d", binding->source);
    if (!exists(binding->target)) {
        if (!is_private(binding->target, words, end))
            give_up("a mount needs a place that is there or in a private directory, unlike", binding->target);
        if (make_target(source, binding->target) < 0) give_up("cannot make", binding->target);
    }
    if (mount(source, binding->target, NULL, MS_BIND | MS_REC, NULL) < 0) give_up("cannot mount on", binding->target);
    if (binding->is_read_only) make_read_only(binding->target);
    close(binding->source);
}

static void make_mounts(char **words, char **end) {
    struct binding *bindings = calloc((size_t)(end - words) + 1, sizeof *bindings);
    if (!bindings) give_up("cannot remember", "mounts");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) give_up("cannot make private the mounts below", "/");
    int count = open_sources(words, end, bindings);
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) give_up("cannot mount", "/proc");
    if (mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) give_up("cannot mount", "/sys");
    for (char **word = words; word < end; word = next_word(word))
        if (strcmp(*word, "private") == 0) make_private(word[1]);
    for (int i = 0; i < count; i++) bind(&bindings[i], words, end);
    free(bindings);
}

/* The clocks of a time namespace are set before anyone is in it; who made it enters it by execve(2). */
static void shift_clocks(char **arguments, char **word) {
    enum { NEW_TIME = 0x80 };
    static const long long second = 1000000000;
    char own[64] = "", fresh[64] = "";
    if (strcmp(*word, "clocked") == 0) {
        if (readlink("/proc/self/ns/time", own, sizeof own - 1) > 0
            && readlink("/proc/self/ns/time_for_children", fresh, sizeof fresh - 1) > 0 && strcmp(own, fresh) == 0)
            return;
        errno = ENOSYS;
        give_up("programs do not take over the clocks of", arguments[1]);
    }
    long long offset = strtoll(word[1], NULL, 10);
    long long rest = (offset % second + second) % second;
    if (unshare(NEW_TIME) < 0) give_up("cannot make clocks for", arguments[1]);
    int file = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
    if (file < 0
        || dprintf(file, "monotonic %lld %lld\nboottime %lld %lld\n", (offset - rest) / second, rest,
                   (offset - rest) / second, rest) < 0)
        give_up("cannot shift the clocks of", arguments[1]);
    *word = "clocked";
    execv("/proc/self/exe", arguments);
    give_up("cannot start anew with the clocks of", arguments[1]);
}

static void reap_until_cut(int children) {
    struct pollfd sources[] = {{.fd = LIFELINE}, {.fd = children, .events = POLLIN}};
    for (;;) {
        if (poll(sources, 2, -1) < 0 && errno != EINTR) return;
        if (sources[0].revents) return;
        struct signalfd_siginfo ignored;
        while (read(children, &ignored, sizeof ignored) > 0) continue;
        while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    }
}

/* Until no process is in the group: those of a lab end with the first processes of its nodes. */
static void await_members(const char *group) {
    char path[8192];
    snprintf(path, sizeof path, "%s/cgroup.procs", group);
    for (;;) {
        FILE *list = fopen(path, "re");
        int pid = 0;
        int found = list && fscanf(list, "%d", &pid) == 1;
        if (list) fclose(list);
        if (!found) return;
        struct pollfd member = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
        if (member.fd < 0) continue;
        poll(&member, 1, -1);
        close(member.fd);
    }
}

static void sweep(const char *prefix, int count, char **directories) {
    struct pollfd lifeline = {.fd = LIFELINE};
    while (poll(&lifeline, 1, -1) < 0 && errno == EINTR) continue;
    for (int i = 0; i < count; i++) {
        DIR *directory = opendir(directories[i]);
        if (!directory) continue;
        for (struct dirent *entry; (entry = readdir(directory));) {
            if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0) continue;
            char group[4096];
            snprintf(group, sizeof group, "%s/%s", directories[i], entry->d_name);
            do await_members(group);
            /* What has ended still counts for a moment. */
            while (rmdir(group) < 0 && errno == EBUSY && poll(NULL, 0, 1) == 0);
        }
        closedir(directory);
    }
}

int main(int count, char **arguments) {
    if (count > 2 && strcmp(arguments[0], "netnssweep") == 0) {
        sweep(arguments[1], count - 2, arguments + 2);
        return 0;
    }
    if (count < 2) {
        fputs("netnsinit is started by NetnsKit as the first process of a node; it does nothing by hand\n", stderr);
        return 64;
    }
    if (count > 3 && strncmp(arguments[2], "clock", strlen("clock")) == 0) shift_clocks(arguments, arguments + 2);
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    int signals = signalfd(-1, &children, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals < 0) give_up("cannot watch", "children");
    if (sethostname(arguments[1], strlen(arguments[1])) < 0) give_up("cannot set the hostname", arguments[1]);
    make_mounts(arguments + 2, arguments + count);
    /* Nobody waits for what it does, so it is not to take the processor from anybody when it wakes: whoever kills
       hundreds of these would have to let each of them die first. */
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
    dprintf(REPORT, "ready");
    close(REPORT);
    reap_until_cut(signals);
    return 0;
}
