"""What a process that reads film from outside gives up for good, before it reads any: files, network, other processes.

Everything here is asked of the kernel without any right of an administrator, and holds for every thread that comes after.
A part that the kernel lacks is left out; docs/spec/viewing-copy.md says what each part is.
"""

import ctypes
import os
import platform
import signal
import struct

_DEATH_SIGNAL, _DUMPABLE, _NO_NEW_PRIVILEGES = 1, 4, 38  # prctl
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_CREATE_RULES, _RESTRICT_SELF = 444, 446  # landlock, the same number on every machine
_RULES_VERSION = 1
_SET_FILTER, _FOR_EVERY_THREAD = 1, 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights on files each version of landlock knows; later ones 16
_LOAD, _EQUALS, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06  # instructions of the filter
_ALLOW, _NO_SUCH_CALL, _KILL = 0x7FFF0000, 0x00050000 | 38, 0x80000000
_THREAD = 0x00010000  # CLONE_THREAD
# Of fcntl only what copies a descriptor or reads its flags: with F_SETOWN and F_SETSIG a pipe sends any signal to anybody.
_HARMLESS = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC
# What decoding, threads and two open pipes take; by name, so that each can be looked up in the kernel's tables.
_CALLS = {
    "x86_64": (
        0xC000003E,
        {
            "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10,
            "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
            "readv": 19, "writev": 20, "select": 23, "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32,
            "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63, "gettimeofday": 96, "getrusage": 98,
            "sysinfo": 99, "times": 100, "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202,
            "sched_getaffinity": 204, "set_tid_address": 218, "restart_syscall": 219, "clock_gettime": 228,
            "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "set_robust_list": 273, "getrandom": 318,
            "membarrier": 324, "rseq": 334,
        },
        (56, 72),
    ),
    "aarch64": (
        0xC00000B7,
        {
            "dup": 23, "close": 57, "lseek": 62, "read": 63, "write": 64, "readv": 65,
            "writev": 66, "pselect6": 72, "ppoll": 73, "fstat": 80, "exit": 93, "exit_group": 94,
            "set_tid_address": 96, "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113,
            "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124,
            "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
            "rt_sigreturn": 139, "times": 153, "uname": 160, "getrusage": 165, "gettimeofday": 169, "getpid": 172,
            "gettid": 178, "sysinfo": 179, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226,
            "madvise": 233, "getrandom": 278, "membarrier": 283, "rseq": 293,
        },
        (220, 25),
    ),
}  # fmt: skip


class _Rules(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64)]


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def lock_up(parent: int, *, every_thread: bool = False) -> tuple[str, ...]:
    """Give up what decoding does not need. Which of the parts hold that a kernel may lack: "landlock", "seccomp".

    Empty when neither holds: then nothing from outside may be read here. After every import: nothing can be opened any more.
    The process ends with its `parent` (a process id), also when that is
    gone already.

    Landlock holds for this thread and those that it starts from now on. With `every_thread` there may be others already: then
    the filter is laid on them too, and "seccomp" is named only where it holds for all.
    """
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    kernel.prctl(_DUMPABLE, 0, 0, 0, 0)
    kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    parts = (("landlock", _no_files(kernel)), ("seccomp", _few_calls(kernel, every_thread=every_thread)))
    return tuple(name for name, holds in parts if holds)


def _no_files(kernel: ctypes.CDLL) -> bool:
    """No file can be opened, made, moved or removed, no TCP used, no process outside be signalled (Linux 5.13 and later)."""
    version = kernel.syscall(_CREATE_RULES, None, ctypes.c_size_t(0), _RULES_VERSION)
    if version < 1:
        return False
    rules = _Rules((1 << _FILE_RIGHTS.get(version, 16)) - 1, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 8 * (1 + (version >= 4) + (version >= 6))
    made = kernel.syscall(_CREATE_RULES, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if made < 0:
        return False
    held = bool(kernel.syscall(_RESTRICT_SELF, made, 0) == 0)
    os.close(made)
    return held


def _few_calls(kernel: ctypes.CDLL, *, every_thread: bool) -> bool:
    """No call to the kernel but those of `_CALLS`, threads, and what is harmless of fcntl; any other does not exist, as far as
    this process can see.
    """
    if platform.machine() not in _CALLS:
        return False
    machine, calls, (clone, fcntl) = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),  # the machine
        (_EQUALS, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the call's number
        (_EQUALS, 0, 3, clone),
        (_LOAD, 0, 0, 16),  # its first argument
        (_ANY_BIT, 0, 1, _THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, 0),
        (_EQUALS, 0, 2 + 2 * len(_HARMLESS), fcntl),
        (_LOAD, 0, 0, 24),  # its second argument
    ]
    for command in _HARMLESS:
        steps += [(_EQUALS, 0, 1, command), (_RETURN, 0, 0, _ALLOW)]
    steps += [(_RETURN, 0, 0, _NO_SUCH_CALL)]
    for number in calls.values():
        steps += [(_EQUALS, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, _NO_SUCH_CALL))
    packed = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = _Filter(len(steps), packed)
    flags = ctypes.c_ulong(_FOR_EVERY_THREAD if every_thread else 0)
    return bool(kernel.syscall(_SECCOMP[platform.machine()], _SET_FILTER, flags, ctypes.byref(program)) == 0)
