"""How much of the processors other programs used while a comparison ran, from /proc; Linux alone tells."""

import os
import pathlib
import time

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def busy_seconds():
    """Processor seconds that all programs have used since the machine's start, and what other machines took; None where unknown."""
    try:
        first = pathlib.Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    except OSError:
        return None
    # user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user and nice already.
    values = list(map(int, first[1:9])) + [0] * max(0, 9 - len(first))
    return (sum(values) - values[3] - values[4]) / TICKS


def process_seconds(pid):
    """Processor seconds of a process, its threads included; 0 once it has ended."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    # The name, in brackets, may hold anything; user and system time are the 12th and 13th values behind it.
    fields = text.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Others:
    """Measures from its creation on what programs other than this one and those of some process numbers use."""

    def __init__(self, pids):
        self.pids = [os.getpid(), *pids]
        self.began = self._now()

    def _now(self):
        return time.perf_counter(), busy_seconds(), sum(map(process_seconds, self.pids))

    def share(self):
        """Of all processors, 0 to 1; None where it is unknown."""
        (start, busy, own), (end, busy_now, own_now) = self.began, self._now()
        if busy is None or busy_now is None or end <= start:
            return None
        others = (busy_now - busy) - (own_now - own)
        return min(1.0, max(0.0, others / ((end - start) * (os.cpu_count() or 1))))


def summary(shares):
    """A sentence about the shares of all turns."""
    known = sorted(share for share in shares if share is not None)
    if not known:
        return "How much of the processors other programs used is not known."
    return (
        f"Other programs used {known[len(known) // 2]:.0%} of the processors in the median turn of a program and"
        f" {known[-1]:.0%} in the most disturbed one."
    )
