#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/openat2.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int clinux_setns(int descriptor, int kinds) { return setns(descriptor, kinds); }

int clinux_unshare(int kinds) { return unshare(kinds); }

int clinux_pipe(int ends[2], int flags) { return pipe2(ends, flags); }

/* By number: glibc 2.35 has no wrappers for these. */
int clinux_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int clinux_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int clinux_unlock_terminal(int controller) {
    int locked = 0;
    return ioctl(controller, TIOCSPTLCK, &locked);
}

int clinux_open_terminal_peer(int controller, int flags) { return ioctl(controller, TIOCGPTPEER, flags); }

int clinux_name_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int clinux_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int clinux_set_scheduler(int policy, int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return sched_setscheduler(0, policy, &parameters);
}

/* The number of octets that the kernel filled. */
int clinux_get_affinity(uint64_t *mask, size_t words) {
    return (int)syscall(SYS_sched_getaffinity, 0, words * sizeof *mask, mask);
}

int clinux_set_affinity(const uint64_t *mask, size_t words) {
    return (int)syscall(SYS_sched_setaffinity, 0, words * sizeof *mask, mask);
}

int clinux_set_limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit((__rlimit_resource_t)resource, &limit);
}

int clinux_get_limit(int resource, uint64_t *soft, uint64_t *hard) {
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) < 0) return -1;
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return 0;
}

int clinux_process_limit(pid_t pid, int resource, bool change, uint64_t *soft, uint64_t *hard) {
    struct rlimit before, after = {.rlim_cur = *soft, .rlim_max = *hard};
    if (prlimit(pid, (__rlimit_resource_t)resource, change ? &after : NULL, &before) < 0) return -1;
    *soft = before.rlim_cur;
    *hard = before.rlim_max;
    return 0;
}

/* By number: glibc 2.35 has no wrappers for these. FSPICK_CLOEXEC is 1, FSPICK_EMPTY_PATH 8. */
int clinux_pick_file_system(int directory) { return (int)syscall(433, directory, "", 1 | 8); }

int clinux_configure_file_system(int context, unsigned command, const char *key, const char *value) {
    return (int)syscall(431, context, command, key, value, 0);
}

int clinux_set_niceness(int niceness) { return setpriority(PRIO_PROCESS, 0, niceness); }

pid_t clinux_peek_ended(void) {
    siginfo_t info = {0};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0 ? 0 : info.si_pid;
}

int clinux_open_in_root(int root, const char *path, int flags, mode_t mode, bool follow_links) {
    struct open_how how = {
        .flags = (uint64_t)flags,
        .mode = flags & O_CREAT ? mode : 0,
        .resolve = RESOLVE_IN_ROOT | (follow_links ? 0 : RESOLVE_NO_SYMLINKS),
    };
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

int clinux_wait(int pidfd, bool blocking, int *code, int *status) {
    siginfo_t info = {0};
    /* P_PIDFD is 3; the enumerator is missing from older headers. __WALL: a clone may have no exit signal. */
    if (waitid((idtype_t)3, (id_t)pidfd, &info, WEXITED | __WALL | (blocking ? 0 : WNOHANG)) < 0) return -1;
    if (info.si_pid == 0) return 0;
    *code = info.si_code;
    *status = info.si_status;
    return 1;
}

/* --- spawn ---------------------------------------------------------------------------------------------------- */

enum { STACK = 32 * 1024, MAX_DESCRIPTORS = 16 };

struct spawning {
    const struct clinux_program *request;
    sigset_t mask;
    char *inner_stack;
    char uid_map[32], gid_map[32];
    pid_t pid;
    int stage;
    int error;
};

static int fail(struct spawning *spawning, int stage) {
    spawning->error = errno;
    spawning->stage = stage;
    return 127;
}

static int place_descriptors(const struct clinux_program *request) {
    int moved[MAX_DESCRIPTORS];
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return -1;
    /* First above the targets, so that no target is overwritten before it was copied. */
    for (int i = 0; i < request->descriptor_count; i++) {
        int from = request->descriptors[i] < 0 ? null : request->descriptors[i];
        if ((moved[i] = fcntl(from, F_DUPFD_CLOEXEC, MAX_DESCRIPTORS)) < 0) return -1;
    }
    for (int i = 0; i < request->descriptor_count; i++)
        if (dup2(moved[i], i) < 0) return -1;
    return (int)syscall(SYS_close_range, request->descriptor_count, ~0U, 0);
}

static void limit_files(uint64_t count) {
    struct rlimit files;
    if (count == 0 || getrlimit(RLIMIT_NOFILE, &files) < 0) return;
    files.rlim_cur = count;
    setrlimit(RLIMIT_NOFILE, &files);
}

/* Scripts run as if nobody had favored the caller; what the kernel refuses is not worth a script. */
static void take_standing(const struct clinux_standing *standing) {
    struct sched_param none = {0};
    syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
    syscall(SYS_setpriority, PRIO_PROCESS, 0, standing->niceness);
    if (standing->processor_octets)
        syscall(SYS_sched_setaffinity, 0, standing->processor_octets, standing->processors);
    limit_files(standing->open_files);
    umask((mode_t)standing->umask);
}

/* In a user namespace that was made without rights nobody may change groups; who stays who he is need not. */
static int take_identity(const struct clinux_program *request) {
    bool is_same = geteuid() == request->uid && getegid() == request->gid;
    if (syscall(SYS_setgroups, 0, NULL) < 0 && !(is_same && errno == EPERM)) return -1;
    if (syscall(SYS_setgid, request->gid) < 0) return -1;
    return (int)syscall(SYS_setuid, request->uid);
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return written < 0 ? -1 : 0;
}

/* The caller, whoever it is, becomes root of its new user namespace, where nobody else exists. */
static int become_mapped_root(const struct spawning *spawning) {
    if (write_file("/proc/thread-self/setgroups", "deny") < 0) return -1;
    if (write_file("/proc/thread-self/uid_map", spawning->uid_map) < 0) return -1;
    return write_file("/proc/thread-self/gid_map", spawning->gid_map);
}

static void allow_core(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) < 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CORE, &limit);
}

/* Runs in the caller's memory until execve; system calls only, and those that touch every thread by number. */
static int execute(void *argument) {
    struct spawning *spawning = argument;
    const struct clinux_program *request = spawning->request;
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &standard, NULL);
    if (request->fresh & CLONE_NEWUSER && become_mapped_root(spawning) < 0) return fail(spawning, CLINUX_STAGE_USERS);
    if (request->new_session) setsid();
    limit_files(request->open_files);
    if (request->standing) take_standing(request->standing);
    if (request->leaves_core) allow_core();
    if (place_descriptors(request) < 0) return fail(spawning, CLINUX_STAGE_DESCRIPTORS);
    if (request->takes_terminal && ioctl(0, TIOCSCTTY, 0) < 0) return fail(spawning, CLINUX_STAGE_TERMINAL);
    if (request->directory && chdir(request->directory) < 0) return fail(spawning, CLINUX_STAGE_DIRECTORY);
    if (request->has_identity && take_identity(request) < 0) return fail(spawning, CLINUX_STAGE_IDENTITY);
    /* After the identity, whose change would forget it. */
    if (request->death_signal) prctl(PR_SET_PDEATHSIG, request->death_signal, 0, 0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(request->path, request->arguments, request->environment);
    return fail(spawning, CLINUX_STAGE_EXECUTE);
}

/* A PID namespace is entered by children only: enter here, then clone a sibling, whose parent is our parent. */
static int join_and_clone(void *argument) {
    struct spawning *spawning = argument;
    if (setns(spawning->request->join, spawning->request->join_kinds) < 0) return fail(spawning, CLINUX_STAGE_JOIN);
    spawning->pid = clone(execute, spawning->inner_stack + STACK, CLONE_VM | CLONE_VFORK | CLONE_PARENT | SIGCHLD,
                          spawning);
    return spawning->pid < 0 ? fail(spawning, CLINUX_STAGE_CLONE) : 0;
}

pid_t clinux_spawn(const struct clinux_program *request, int *stage) {
    static const int stack_alignment = 16;
    char stacks[2 * STACK + 16];
    char *first = (char *)(((uintptr_t)stacks + stack_alignment - 1) & ~(uintptr_t)(stack_alignment - 1));
    struct spawning plain = {.request = request, .inner_stack = first + STACK};
    snprintf(plain.uid_map, sizeof plain.uid_map, "0 %u 1", geteuid());
    snprintf(plain.gid_map, sizeof plain.gid_map, "0 %u 1", getegid());
    struct spawning *spawning = &plain;
    bool joins = request->join >= 0;
    /* Clocks belong to memory: who shares ours cannot join others, so it gets a copy, and reports by a shared page. */
    bool copies = joins && request->join_kinds & 0x80;
    if (copies) {
        spawning = mmap(NULL, sizeof plain, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        *stage = CLINUX_STAGE_CLONE;
        if (spawning == MAP_FAILED) return -errno;
        *spawning = plain;
    }

    /* No handler of ours may run in a process that shares our memory. */
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &spawning->mask);
    pid_t pid = clone(joins ? join_and_clone : execute, first + STACK,
                      (copies ? 0 : CLONE_VM) | CLONE_VFORK | SIGCHLD | (int)request->fresh, spawning);
    int error = pid < 0 ? errno : 0;
    if (pid > 0 && (joins || spawning->error)) waitpid(pid, NULL, __WALL);
    if (joins && spawning->error && spawning->pid > 0) waitpid(spawning->pid, NULL, __WALL);
    pthread_sigmask(SIG_SETMASK, &spawning->mask, NULL);

    plain = *spawning;
    if (copies) munmap(spawning, sizeof plain);
    *stage = error ? CLINUX_STAGE_CLONE : plain.stage;
    if (error || plain.error) return -(error ? error : plain.error);
    return joins ? plain.pid : pid;
}

/* --- receive --------------------------------------------------------------------------------------------------- */

enum { FRAME_CONTROL = 256 };

static void note_frame(struct clinux_received *received, struct msghdr *message, ssize_t length) {
    const struct sockaddr_ll *from = message->msg_name;
    received->length = length;
    received->timestamp = 0;
    received->interface = from->sll_ifindex;
    received->packet_type = from->sll_pkttype;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(message); item; item = CMSG_NXTHDR(message, item)) {
        if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(item), sizeof stamp);
            received->timestamp = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        }
    }
}

int clinux_receive(int descriptor, void *buffer, size_t size, struct clinux_received *received) {
    struct sockaddr_ll from = {0};
    struct iovec part = {.iov_base = buffer, .iov_len = size};
    union {
        char space[FRAME_CONTROL];
        struct cmsghdr alignment;
    } control;
    struct msghdr message = {
        .msg_name = &from, .msg_namelen = sizeof from,
        .msg_iov = &part, .msg_iovlen = 1,
        .msg_control = control.space, .msg_controllen = sizeof control.space,
    };
    ssize_t length = recvmsg(descriptor, &message, MSG_DONTWAIT | MSG_TRUNC);
    if (length < 0) return -1;
    note_frame(received, &message, length);
    return 0;
}

int clinux_receive_frames(int descriptor, void *buffers, size_t size, struct clinux_received *frames, int count) {
    struct mmsghdr messages[CLINUX_FRAMES];
    struct iovec parts[CLINUX_FRAMES];
    struct sockaddr_ll sources[CLINUX_FRAMES];
    union {
        char space[FRAME_CONTROL];
        struct cmsghdr alignment;
    } controls[CLINUX_FRAMES];
    if (count > CLINUX_FRAMES) count = CLINUX_FRAMES;
    for (int i = 0; i < count; i++) {
        parts[i] = (struct iovec){.iov_base = (char *)buffers + (size_t)i * size, .iov_len = size};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &sources[i], .msg_namelen = sizeof sources[i],
            .msg_iov = &parts[i], .msg_iovlen = 1,
            .msg_control = controls[i].space, .msg_controllen = sizeof controls[i].space,
        };
    }
    int received = recvmmsg(descriptor, messages, (unsigned)count, MSG_DONTWAIT | MSG_TRUNC, NULL);
    for (int i = 0; i < received; i++) note_frame(&frames[i], &messages[i].msg_hdr, messages[i].msg_len);
    return received;
}

static void note_header(struct clinux_packet *packet, struct msghdr *message) {
    for (struct cmsghdr *item = CMSG_FIRSTHDR(message); item; item = CMSG_NXTHDR(message, item)) {
        if (item->cmsg_level != IPPROTO_IPV6) continue;
        if (item->cmsg_type == IPV6_PKTINFO)
            memcpy(packet->destination, CMSG_DATA(item), sizeof packet->destination);
        if (item->cmsg_type == IPV6_HOPLIMIT) memcpy(&packet->hop_limit, CMSG_DATA(item), sizeof packet->hop_limit);
    }
}

int clinux_receive_packets(int descriptor, struct clinux_packet *packets, int count, size_t size) {
    struct mmsghdr messages[CLINUX_PACKETS] = {0};
    struct iovec parts[CLINUX_PACKETS];
    struct sockaddr_in6 sources[CLINUX_PACKETS];
    union {
        char space[128];
        struct cmsghdr alignment;
    } controls[CLINUX_PACKETS];
    if (count > CLINUX_PACKETS) count = CLINUX_PACKETS;
    for (int i = 0; i < count; i++) {
        parts[i] = (struct iovec){.iov_base = packets[i].buffer, .iov_len = size};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &sources[i], .msg_namelen = sizeof sources[i],
            .msg_iov = &parts[i], .msg_iovlen = 1,
            .msg_control = controls[i].space, .msg_controllen = sizeof controls[i].space,
        };
    }
    int received = recvmmsg(descriptor, messages, (unsigned)count, MSG_DONTWAIT, NULL);
    for (int i = 0; i < received; i++) {
        struct msghdr *message = &messages[i].msg_hdr;
        packets[i].length = message->msg_flags & MSG_TRUNC ? 0 : messages[i].msg_len;
        if (sources[i].sin6_family != AF_INET6) continue;
        packets[i].hop_limit = 0;
        memset(packets[i].destination, 0, sizeof packets[i].destination);
        memcpy(packets[i].source, &sources[i].sin6_addr, sizeof packets[i].source);
        note_header(&packets[i], message);
    }
    return received;
}

ssize_t clinux_send_ipv6(int descriptor, const void *packet, size_t length, int interface) {
    enum { SOURCE = 8, DESTINATION = 24, HEADER = 40 };
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_scope_id = (uint32_t)interface};
    struct in6_pktinfo from = {.ipi6_ifindex = (unsigned)interface};
    struct iovec part = {.iov_base = (void *)packet, .iov_len = length};
    union {
        char space[CMSG_SPACE(sizeof(struct in6_pktinfo))];
        struct cmsghdr alignment;
    } control = {0};
    struct msghdr message = {
        .msg_name = &to, .msg_namelen = sizeof to,
        .msg_iov = &part, .msg_iovlen = 1,
        .msg_control = control.space, .msg_controllen = sizeof control.space,
    };
    if (length < HEADER) {
        errno = EINVAL;
        return -1;
    }
    memcpy(&from.ipi6_addr, (const char *)packet + SOURCE, sizeof from.ipi6_addr);
    memcpy(&to.sin6_addr, (const char *)packet + DESTINATION, sizeof to.sin6_addr);
    struct cmsghdr *item = CMSG_FIRSTHDR(&message);
    item->cmsg_level = IPPROTO_IPV6;
    item->cmsg_type = IPV6_PKTINFO;
    item->cmsg_len = CMSG_LEN(sizeof from);
    memcpy(CMSG_DATA(item), &from, sizeof from);
    return sendmsg(descriptor, &message, 0);
}

/* --- messages between programs ------------------------------------------------------------------------------- */

union passed {
    char space[CMSG_SPACE(CLINUX_PASSED * sizeof(int))];
    struct cmsghdr alignment;
};

ssize_t clinux_send_message(int socket, const void *octets, size_t length, const int *descriptors, int count) {
    struct iovec part = {.iov_base = (void *)octets, .iov_len = length};
    union passed control = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > CLINUX_PASSED) {
        errno = EINVAL;
        return -1;
    }
    if (count > 0) {
        size_t size = (size_t)count * sizeof *descriptors;
        message.msg_control = control.space;
        message.msg_controllen = CMSG_SPACE(size);
        struct cmsghdr *item = CMSG_FIRSTHDR(&message);
        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(item), descriptors, size);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t clinux_receive_message(int socket, void *octets, size_t size, int descriptors[CLINUX_PASSED], int *count) {
    struct iovec part = {.iov_base = octets, .iov_len = size};
    union passed control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1,
        .msg_control = control.space, .msg_controllen = sizeof control.space,
    };
    *count = 0;
    ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (length < 0) return -1;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item; item = CMSG_NXTHDR(&message, item)) {
        if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
        *count = (int)((item->cmsg_len - CMSG_LEN(0)) / sizeof *descriptors);
        memcpy(descriptors, CMSG_DATA(item), (size_t)*count * sizeof *descriptors);
    }
    if (!(message.msg_flags & MSG_TRUNC)) return length;
    while (*count > 0) close(descriptors[--*count]);
    errno = EMSGSIZE;
    return -1;
}

/* --- links ----------------------------------------------------------------------------------------------------- */

static struct ifreq link_request(const char *name) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    return request;
}

int clinux_tap_create(int device, const char *name) {
    struct ifreq request = link_request(name);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    return ioctl(device, TUNSETIFF, &request);
}

int clinux_tap_persist(int device) { return ioctl(device, TUNSETPERSIST, 1); }

int clinux_tap_set_address(int device, const char *name, const uint8_t octets[6]) {
    struct ifreq request = link_request(name);
    request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
    memcpy(request.ifr_hwaddr.sa_data, octets, 6);
    return ioctl(device, SIOCSIFHWADDR, &request);
}

int clinux_tap_namespace(int device) { return ioctl(device, TUNGETDEVNETNS, 0); }

int clinux_link_index(int socket, const char *name) {
    struct ifreq request = link_request(name);
    return ioctl(socket, SIOCGIFINDEX, &request) < 0 ? -1 : request.ifr_ifindex;
}

int clinux_link_set_mtu(int socket, const char *name, int mtu) {
    struct ifreq request = link_request(name);
    request.ifr_mtu = mtu;
    return ioctl(socket, SIOCSIFMTU, &request);
}

int clinux_link_set_queue_length(int socket, const char *name, int length) {
    struct ifreq request = link_request(name);
    request.ifr_qlen = length;
    return ioctl(socket, SIOCSIFTXQLEN, &request);
}
