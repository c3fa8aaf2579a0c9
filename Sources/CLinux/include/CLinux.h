/* The calls and constants of Linux that Swift cannot spell: variadic and GNU-only functions, ancillary data, and a
   spawn that does not copy the caller. No decisions are made here. */
#ifndef CLINUX_H
#define CLINUX_H

#include <net/if.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/sched.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/vfs.h>

int clinux_setns(int descriptor, int kinds);
int clinux_unshare(int kinds);
int clinux_pipe(int ends[2], int flags);
int clinux_pidfd_open(pid_t pid);
int clinux_pidfd_send_signal(int pidfd, int signal);
int clinux_unlock_terminal(int controller);
int clinux_open_terminal_peer(int controller, int flags);
int clinux_name_thread(const char *name);
int clinux_become_subreaper(void);
int clinux_set_scheduler(int policy, int priority);
int clinux_get_affinity(uint64_t *mask, size_t words);
int clinux_set_affinity(const uint64_t *mask, size_t words);
int clinux_set_limit(int resource, uint64_t soft, uint64_t hard);
int clinux_get_limit(int resource, uint64_t *soft, uint64_t *hard);
int clinux_set_niceness(int niceness);

/* prlimit(2): reads the limits of a process, then sets them where `change` is true; -1 and errno on failure. */
int clinux_process_limit(pid_t pid, int resource, bool change, uint64_t *soft, uint64_t *hard);

/* fspick(2) on an open directory that is the root of a mounted file system, and fsconfig(2) on what it returns. */
int clinux_pick_file_system(int directory);
int clinux_configure_file_system(int context, unsigned command, const char *key, const char *value);

/* openat2(2) with the directory as the root of the path and of every link in it; -1 and errno on failure. */
int clinux_open_in_root(int root, const char *path, int flags, mode_t mode, bool follow_links);

/* A child that has ended, without collecting it; 0 when there is none. */
pid_t clinux_peek_ended(void);

/* Waits for a process by descriptor; as waitid(2). *code is CLD_EXITED, CLD_KILLED or CLD_DUMPED. */
int clinux_wait(int pidfd, bool blocking, int *code, int *status);

enum clinux_stage {
    CLINUX_STAGE_CLONE = 1,
    CLINUX_STAGE_JOIN,
    CLINUX_STAGE_DESCRIPTORS,
    CLINUX_STAGE_DIRECTORY,
    CLINUX_STAGE_IDENTITY,
    CLINUX_STAGE_TERMINAL,
    CLINUX_STAGE_USERS,
    CLINUX_STAGE_EXECUTE,
};

/* How a process is treated by the kernel beside others. */
struct clinux_standing {
    int niceness;
    uint64_t processors[16]; /* a bit for each */
    size_t processor_octets;
    uint64_t open_files; /* RLIMIT_NOFILE, soft */
    unsigned umask;
};

struct clinux_program {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory; /* NULL: unchanged */
    int join;              /* a pidfd whose namespaces are entered, or -1 */
    int join_kinds;        /* CLONE_NEW* */
    unsigned long fresh;   /* CLONE_NEW* of a process in namespaces of its own */
    const int *descriptors; /* descriptors[i] becomes i; -1 is /dev/null */
    int descriptor_count;   /* at most 16 */
    bool new_session;
    bool has_identity;
    uid_t uid;
    gid_t gid;
    int death_signal; /* sent when the thread that started it ends; 0 is none */
    const struct clinux_standing *standing; /* NULL: inherited */
    bool leaves_core;    /* RLIMIT_CORE as high as it goes */
    bool takes_terminal; /* descriptor 0 becomes the controlling terminal of the new session */
    uint64_t open_files; /* RLIMIT_NOFILE, soft; 0: inherited */
};

/* Starts a program without copying the caller's memory; the caller is its parent, also when it joins the PID namespace
   of another. Returns the PID, or -errno with *stage set. */
pid_t clinux_spawn(const struct clinux_program *program, int *stage);

struct clinux_received {
    ssize_t length;      /* as on the wire; longer than the buffer when cut */
    int64_t timestamp;   /* CLOCK_REALTIME nanoseconds of the kernel, or 0 */
    int interface;       /* of a packet socket */
    int packet_type;     /* PACKET_* of a packet socket */
};

/* recvmsg(2) with the ancillary data taken apart; -1 and errno on failure. */
int clinux_receive(int descriptor, void *buffer, size_t size, struct clinux_received *received);

enum { CLINUX_FRAMES = 64 };

/* recvmmsg(2) on a packet socket: at most CLINUX_FRAMES frames, without waiting, each into a buffer of its own; -1 and
   errno when there is none. */
int clinux_receive_frames(int descriptor, void *buffers, size_t size, struct clinux_received *frames, int count);

enum { CLINUX_PACKETS = 32 };

struct clinux_packet {
    void *buffer; /* the caller's, of the size that is given to the call */
    size_t length;
    /* IPv6 only: its header does not come with the packet. Zero where the kernel said nothing. */
    uint8_t source[16];
    uint8_t destination[16];
    int hop_limit;
};

/* recvmmsg(2) on a raw socket: at most CLINUX_PACKETS packets, without waiting; -1 and errno when there is none. A packet
   that does not fit has length 0. */
int clinux_receive_packets(int descriptor, struct clinux_packet *packets, int count, size_t size);

/* Sends an IPv6 packet with its own header by an interface, from whatever source it names: a socket with IPV6_HDRINCL and
   IPV6_FREEBIND. As sendmsg(2). */
ssize_t clinux_send_ipv6(int descriptor, const void *packet, size_t length, int interface);
enum { CLINUX_IPV6_FREEBIND = 78 };

enum { CLINUX_PASSED = 4 };

/* sendmsg(2) of one message on a Unix socket, with at most CLINUX_PASSED descriptors; who is gone is EPIPE, no signal. */
ssize_t clinux_send_message(int socket, const void *octets, size_t length, const int *descriptors, int count);

/* recvmsg(2) of one message with what was passed along; *count is how many. A message that does not fit is EMSGSIZE. */
ssize_t clinux_receive_message(int socket, void *octets, size_t size, int descriptors[CLINUX_PASSED], int *count);

/* TAP devices, by a descriptor of /dev/net/tun: ioctl(2), whose request numbers are macros with types in them. */
int clinux_tap_create(int device, const char *name);
int clinux_tap_persist(int device);
int clinux_tap_set_address(int device, const char *name, const uint8_t octets[6]);
/* A descriptor of the network namespace that the device is in. */
int clinux_tap_namespace(int device);

/* Links by name, by any socket of their namespace. */
int clinux_link_index(int socket, const char *name);
int clinux_link_set_mtu(int socket, const char *name, int mtu);
int clinux_link_set_queue_length(int socket, const char *name, int length);

#endif
