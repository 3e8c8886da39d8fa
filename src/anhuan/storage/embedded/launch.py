"""Becomes a PostgreSQL program: goes to a folder, drops to a user, ties its life to its parent's, and executes.

Run as a script by `account.spawn`, with the standard library only, because it starts as root and must stay small:

    launch.py PARENT_PID DEATH_SIGNAL UID GID FOLDER PROGRAM [ARGUMENT ...]      UID -1: keep the user

The order matters. The folder is entered before the user is dropped, so that the parents of a data folder in a closed
home need not be opened to that user. The death signal is set after dropping (a change of user clears it), and the
parent is looked at after that (it may have died before the signal was set).
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Does what the module says; ends the process with a message where it cannot."""
    parent, death_signal, uid, gid = (int(word) for word in arguments[:4])
    folder, *command = arguments[4:]
    os.chdir(folder)
    os.umask(0o077)
    if uid >= 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        sys.exit(f"prctl(PR_SET_PDEATHSIG): {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
