"""OpenCV as the confined process needs it: one thread, no graphics card, the same answer for the same picture."""

import os

# Before numpy is imported for the first time: its threads would take address space, and none may start later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2

SEED = 20261124


def sit_still() -> None:
    """No threads, and chance that starts anew: what is computed hangs on the pictures alone."""
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    cv2.setRNGSeed(SEED)
