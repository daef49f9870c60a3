"""Results as files: a section of RESULTS.md or another document, a CSV, a chart."""

import csv
import datetime
import json
import os
import pathlib
import platform
import subprocess

from . import peers

BEGIN, END = "<!-- {} -->", "<!-- end of {} -->"
HEAD = """# Measured

Written by `bench/compare.py`; each section says on what, with which versions and by which command. Ratios above 1 mean that this
library is faster. Both sides took turns in one run on the same inputs, and computed the same numbers.
"""


def processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def features():
    """The vector extensions that decide which kernels run."""
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split("flags", 1)[1].split("\n", 1)[0].split()
    except (OSError, IndexError):
        return ""
    return ", ".join(f for f in ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8") if f in flags)


def commit():
    git = ["git", "-C", str(peers.ROOT)]
    try:
        name = subprocess.run([*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return name + (" with changes" if changed.strip() else "")


def conditions(about, command):
    """What a section says about where its numbers come from."""
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    versions = ", ".join(f"{name} {value}" for name, value in about.items())
    return (
        f"{day}, {processor()} ({features()}), {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {versions};"
        f" commit {commit()}.\n\n```sh\n{command}\n```\n"
    )


def section(path, name, title, body):
    """Puts a section into the file in place of the one of that name."""
    begin, end = BEGIN.format(name), END.format(name)
    text = path.read_text(encoding="utf-8") if path.exists() else HEAD
    block = f"{begin}\n## {title}\n\n{body.rstrip()}\n{end}"
    if begin in text and end in text:
        text = text[: text.index(begin)] + block + text[text.index(end) + len(end) :]
    else:
        text = text.rstrip() + "\n\n" + block + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


class Report:
    """One comparison's files; written after every result, so that an interruption loses one."""

    def __init__(self, out, name, title, about, command, document="RESULTS.md"):
        self.out, self.name, self.title, self.document = out, name, title, document
        self.about = dict(processor=processor(), features=features(), processors=os.cpu_count(), **about)
        self.command = command
        # Taken once, before results change files that are in the repository.
        self.conditions = conditions(about, command)

    def write(self, header, rows, results, body, bars, bars_title, expected, wanted=None):
        """expected is how many results there will be, as the section says while there are fewer."""
        out = self.out
        write_csv(out / f"{self.name}.csv", header, rows)
        content = dict(about=self.about, command=self.command, results=results)
        (out / f"{self.name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        text = self.conditions + "\n" + body
        if len(results) < expected:
            text += f"\nNot finished: {len(results)} of {expected} results.\n"
        if bars and chart(out / f"{self.name}.svg", bars_title, bars, wanted):
            text += f"\n![ratios]({out.name}/{self.name}.svg)\n"
        section(out.parent / self.document, self.name, self.title, text)


def table(header, rows):
    line = lambda cells: "| " + " | ".join(str(c) for c in cells) + " |"  # noqa: E731
    return "\n".join([line(header), "|" + "---|" * len(header), *map(line, rows)]) + "\n"


def write_csv(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def chart(path, title, bars, wanted=None):
    """Bars of ratios with quartiles as an SVG; bars: [(label, (low, median, high))]. False where matplotlib is missing."""
    try:
        import matplotlib
    except ImportError:
        print("no chart: matplotlib is not installed")
        return False
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "infoprompt"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 0.42 * len(bars) + 1.4), layout="constrained")
    names = [label for label, _ in bars]
    medians = [m for _, (_, m, _) in bars]
    spread = [[m - low for _, (low, m, _) in bars], [high - m for _, (_, m, high) in bars]]
    axes.barh(names, medians, xerr=spread, color="#4878a8", ecolor="#222222", capsize=3)
    axes.axvline(1, color="#888888", linewidth=1)
    if wanted is not None:
        axes.axvline(wanted, color="#c44e52", linewidth=1, linestyle="--")
    axes.invert_yaxis()
    axes.set_xlabel("time of the other / time of this library")
    axes.set_title(title)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return True
