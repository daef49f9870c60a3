"""Linear layers with frozen weights, here and in PyTorch in turn, one thread.

fp32 against F.linear (MKL in PyTorch's builds for x86-64), bf16 against oneDNN's layer with a weight packed once. Here rows and
results are fp32 at either precision, so rounding the rows is part of our time. Before timing, both must compute the same: the
result's norm and its product with cos 0, cos 1, cos 2, ... within 1e-4 of the norm, 2e-2 in bf16. Writes gemm-PRECISION.csv, .json,
.svg and a section of RESULTS.md.
"""

import argparse
import pathlib
import shlex
import statistics
import sys

from . import peers, report

CSV_HEADER = ("rows", "out", "in", "program", "turn", "seconds", "cpuSeconds")
# Layers of encoders of width 384 and 768: out, in.
LAYERS = "384x384,1152x384,1536x384,384x1536,768x768,2304x768,3072x768,768x3072"


def parse():
    parser = argparse.ArgumentParser(prog="compare.py gemm", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="an interpreter with torch")
    parser.add_argument("--java", default="java", help="a JDK 25's java")
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--backend", default="", help="ours; default: the fastest usable one")
    parser.add_argument("--rows", default="1,8,32,64,128,256,512,2048", help="M, a list")
    parser.add_argument("--layers", default=LAYERS, help="OUTxIN, a list")
    parser.add_argument("--turns", type=int, default=7, help="counted turns")
    parser.add_argument("--seconds", type=float, default=0.05, help="least length of a turn")
    parser.add_argument("--out", type=pathlib.Path, default=peers.ROOT / "bench/results")
    return parser.parse_args()


def measure(arguments, java, torch, shape, rows):
    for peer in (java, torch):
        peer.ask(dict(load=list(shape), seed=17))
    ours, theirs = java.ask(dict(check=True)), torch.ask(dict(check=True))
    difference = sum(abs(ours[k] - theirs[k]) for k in ("norm", "product")) / theirs["norm"]
    limit = 1e-4 if arguments.precision == "fp32" else 2e-2
    peers.require(difference, limit, f"{shape}: {ours} here and {theirs} in PyTorch")
    clock, processor = [], []
    for turn in range(-1, arguments.turns):
        answers = {}
        for peer in (java, torch) if turn % 2 == 0 else (torch, java):
            answers[peer.name] = peer.ask(dict(time=arguments.seconds))
        if turn >= 0:
            clock.append(answers["torch"]["seconds"] / answers["java"]["seconds"])
            processor.append(answers["torch"]["cpuSeconds"] / answers["java"]["cpuSeconds"])
            for name, answer in answers.items():
                rows.append([*shape, name, turn, f"{answer['seconds']:.9f}", f"{answer['cpuSeconds']:.9f}"])
    return dict(shape=shape, ratio=peers.quartiles(clock), cpuRatio=peers.quartiles(processor), difference=difference)


def write(arguments, written, layers, counts, rows, results):
    by_shape = {tuple(r["shape"]): f"{r['cpuRatio'][1]:.2f}" for r in results}
    body = "Time of PyTorch / ours by processor time, a row a layer (out x in), a column a number of rows; medians.\n\n"
    cells = lambda out, width: [by_shape.get((count, out, width), "") for count in counts]  # noqa: E731
    body += report.table(("layer", *counts), ([f"{out} x {width}", *cells(out, width)] for out, width in layers))
    groups = []
    for count in counts:
        medians = sorted(r["cpuRatio"][1] for r in results if r["shape"][0] == count)
        if medians:
            groups.append((f"{count} rows", (medians[0], statistics.median(medians), medians[-1])))
    title = f"Linear layers in {arguments.precision}, one thread (bars: median, least and greatest over layers)"
    written.write(CSV_HEADER, rows, results, body, groups, title, len(layers) * len(counts))


def main():
    arguments = parse()
    environment = peers.environment(1)
    form = "linear" if arguments.precision == "fp32" else "packed"
    script = str(peers.ROOT / "bench/python/linear_peer.py")
    ours = peers.java(arguments.java, "LinearPeer", precision=arguments.precision, backend=arguments.backend)
    java = peers.Peer("java", ours, environment)
    torch = peers.Peer("torch", [arguments.python, script, "--form", form], environment)
    layers = [tuple(map(int, layer.split("x"))) for layer in arguments.layers.split(",")]
    counts = list(map(int, arguments.rows.split(",")))
    about = dict(JDK=java.about["java"], backend=java.about["backend"], PyTorch=torch.about["torch"])
    command = "python bench/compare.py gemm " + shlex.join(peers.portable(sys.argv[1:]))
    name = f"gemm-{arguments.precision}"
    written = report.Report(arguments.out, name, f"Linear layers in {arguments.precision}, one thread", about, command)
    rows, results = [], []
    for out, width in layers:
        for count in counts:
            results.append(measure(arguments, java, torch, (count, out, width), rows))
            low, median, high = results[-1]["ratio"]
            cpu = results[-1]["cpuRatio"][1]
            print(f"{count:5d} {out:5d} {width:5d}  clock {median:5.2f} ({low:.2f}..{high:.2f})  processor {cpu:5.2f}", flush=True)
        write(arguments, written, layers, counts, rows, results)
    for peer in (java, torch):
        peer.stop()
