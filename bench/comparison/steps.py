"""Training steps, one here and one in PyTorch in turn, on the same weights, inputs, noise and threads.

MODEL and DATA are the folders of bench/python/README.md; several DATA folders give a row each. Ratios are taken step by step,
against the PyTorch program with the lower median, of seconds on the clock and of seconds of processor time, which other programs
disturb less. Losses must agree (relative difference at most 1e-3; at most 5e-2 in the first step where one side computes in
bf16), or the comparison fails. Writes NAME.csv, .json and .svg and a section of RESULTS.md.
"""

import argparse
import json
import pathlib
import shlex
import statistics
import sys

from . import peers, report

TERMS = ("ce", "head", "rep", "kl", "total")


def parse():
    parser = argparse.ArgumentParser(prog="compare.py steps", description=__doc__)
    parser.add_argument("--model", required=True, help="a Hugging Face folder")
    parser.add_argument("--data", required=True, help="data folders, a list")
    parser.add_argument("--python", default=sys.executable, help="an interpreter with torch and transformers")
    parser.add_argument("--java", default="java", help="a JDK 25's java")
    parser.add_argument("--precision", default="fp32", help="ours: fp32, bf16 or auto")
    parser.add_argument("--backend", default="", help="ours; default: the fastest usable one")
    parser.add_argument("--jvm", default="", help="further options for java")
    parser.add_argument("--dtypes", default="fp32", help="PyTorch's, in turn: fp32, bf16, or fp32,bf16")
    parser.add_argument("--compile", action="store_true", help="also PyTorch with torch.compile")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--warmup", type=int, default=40, help="steps before, not counted; the JIT compiler needs them")
    parser.add_argument("--steps", type=int, default=15, help="counted pairs")
    parser.add_argument("--name", default="steps", help="of the section and files")
    parser.add_argument("--out", type=pathlib.Path, default=peers.ROOT / "bench/results")
    return parser.parse_args()


def java(arguments, data, threads):
    inputs = ["--model", arguments.model, "--data", data, "--threads", str(threads)]
    counts = ["--warmup", str(arguments.warmup), "--steps", str(arguments.steps)]
    chosen = dict(precision=arguments.precision, backend=arguments.backend, options=arguments.jvm.split())
    return peers.java(arguments.java, "StepPeer", *inputs, *counts, **chosen)


def torch(arguments, data, threads, dtype, compiled):
    script = str(peers.ROOT / "bench/python/infoprompt_torch.py")
    inputs = ["--model", arguments.model, "--data", data, "--threads", str(threads)]
    counts = ["--warmup", str(arguments.warmup), "--steps", str(arguments.steps), "--plain", "cached", "--dtype", dtype]
    return [arguments.python, script, "--interactive", *inputs, *counts, *(["--compile"] if compiled else [])]


def check(step, ours, theirs, name, rounded):
    worst = 0.0
    for key in TERMS:
        difference = abs(ours[key] - theirs[key]) / max(1.0, abs(theirs[key]))
        # Two bf16 runs round differently and drift apart; their first steps start from the same parameters.
        limit = 1e-3 if not rounded else 5e-2 if step == 0 else float("inf")
        what = f"step {step}: {key} is {ours[key]} here and {theirs[key]} in {name}"
        worst = max(worst, peers.require(difference, limit, what))
    return worst


def compare(arguments, data, threads, rows):
    environment = peers.environment(threads)
    alive = [peers.Peer("java", java(arguments, data, threads), environment)]
    for dtype in arguments.dtypes.split(","):
        for compiled in (False, True) if arguments.compile else (False,):
            name = dtype + (" compiled" if compiled else " eager")
            alive.append(peers.Peer(name, torch(arguments, data, threads, dtype, compiled), environment))
    about = alive[0].about
    answers = {peer.name: [] for peer in alive}
    worst = 0.0
    for step in range(arguments.warmup + arguments.steps):
        last = {peer.name: peer.ask("step") for peer in (alive if step % 2 == 0 else alive[::-1])}
        for peer in alive[1:]:
            rounded = "bf16" in about["backend"] or "bf16" in peer.name
            worst = max(worst, check(step, last["java"], last[peer.name], peer.name, rounded))
        if step >= arguments.warmup:
            for name, answer in last.items():
                answers[name].append(answer)
                times = [f"{answer[key]:.6f}" for key in ("seconds", "cpuSeconds", "total")]
                rows.append([pathlib.Path(data).name, threads, name, step, *times])
    ends = {peer.name: peer.end() for peer in alive}
    medians = {name: statistics.median(a["seconds"] for a in given) for name, given in answers.items()}
    best = min((peer.name for peer in alive[1:]), key=medians.get)
    ratio = lambda key: peers.quartiles([t[key] / j[key] for j, t in zip(answers["java"], answers[best], strict=True)])  # noqa: E731
    return dict(
        data=pathlib.Path(data).name,
        threads=threads,
        backend=about["backend"],
        java=about["java"],
        torch=alive[1].about["torch"],
        best=best,
        batch=about["batchSize"],
        rows=alive[1].about["meanRowLength"],
        seconds=medians,
        ratio=ratio("seconds"),
        cpuRatio=ratio("cpuSeconds"),
        lossDifference=worst,
        allocatedBytes=statistics.median(a["allocatedBytes"] for a in answers["java"]),
        peakMiB={name: end["peakResidentKiB"] / 1024 for name, end in ends.items()},
    )


def cells(r):
    low, median, high = r["ratio"]
    peak = r["peakMiB"]
    return [
        r["data"], r["threads"], r["backend"], r["best"], f"{median:.2f} ({low:.2f}..{high:.2f})", f"{r['cpuRatio'][1]:.2f}",
        f"{r['lossDifference']:.1e}", f"{r['allocatedBytes']:.0f}",
        f"{peak['java']:.0f}, {peak[r['best']]:.0f} ({peak['java'] / peak[r['best']]:.2f})",
    ]  # fmt: skip


CSV_HEADER = ("inputs", "threads", "program", "step", "seconds", "cpuSeconds", "total")
HEADER = (
    "inputs", "threads", "ours", "fastest PyTorch", "PyTorch/ours, clock (quartiles)", "processor", "loss difference",
    "heap bytes a step", "peak MiB, ours and PyTorch's",
)  # fmt: skip


def main():
    arguments = parse()
    folders, counts = arguments.data.split(","), list(map(int, arguments.threads.split(",")))
    rows, results = [], []
    model = pathlib.Path(arguments.model).name
    forms = " eager and compiled" if arguments.compile else ""
    title = f"A training step of {model}, ours {arguments.precision}, PyTorch {arguments.dtypes}{forms}"
    command = "python bench/compare.py steps " + shlex.join(peers.portable(sys.argv[1:]))
    written = None
    for data in folders:
        for threads in counts:
            result = compare(arguments, data, threads, rows)
            results.append(result)
            print(*[f"{h}: {c}" for h, c in zip(HEADER, cells(result), strict=True)], sep="\n  ", flush=True)
            if written is None:
                versions = dict(JDK=result["java"], PyTorch=result["torch"])
                written = report.Report(arguments.out, arguments.name, title, versions, command)
            body = f"{model}, batches of {result['batch']}; {arguments.steps} pairs of steps after {arguments.warmup} not counted.\n\n"
            body += report.table(HEADER, map(cells, results))
            bars = [(f"{r['data']}, {r['threads']} thread{'s' if r['threads'] > 1 else ''}", r["ratio"]) for r in results]
            written.write(CSV_HEADER, rows, results, body, bars, title, len(folders) * len(counts))
