"""Both information losses with all gradients, here and in PyTorch (the paper's eager form and the re-associated one), in turn.

One thread. Before timing, all must compute the same losses and gradients from the same noise: losses within 1e-4, each
gradient's norm, and its product with cos 0, cos 1, cos 2, ... , within 1e-3 of the norm. Timed, each program draws its own
noise. Ratios are taken turn by turn. The eager form is left out, and said so, where its decoded samples would take more than
--eager-limit GiB. Writes losses.csv, losses.json, losses.svg and a section of RESULTS.md.
"""

import argparse
import math
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

from . import peers, report

SEED = 20261124
# Copies of the decoded samples that the eager form holds at once: the samples, their gradient and the product's.
EAGER_COPIES = 3


def parse():
    parser = argparse.ArgumentParser(prog="compare.py losses", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="an interpreter with torch and safetensors")
    parser.add_argument("--java", default="java", help="a JDK 25's java")
    parser.add_argument("--out", type=pathlib.Path, default=peers.ROOT / "bench/results")
    parser.add_argument("--batch", default="32,64,128,256", help="B, a list")
    parser.add_argument("--hidden", default="384,768,1024", help="D, a list")
    parser.add_argument("--samples", default="4B", help="K, a list of numbers and multiples of B")
    parser.add_argument("--latent", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=48, help="most words of a row; the fewest are half as many")
    parser.add_argument("--turns", type=int, default=9, help="counted turns")
    parser.add_argument("--seconds", type=float, default=0.1, help="least length of a turn")
    parser.add_argument("--eager-limit", type=float, default=4.0, help="GiB")
    return parser.parse_args()


def agree(ours, theirs, what):
    for key in ("head", "representation"):
        text = f"{what}: the {key} loss is {ours[key]} here and {theirs[key]} in PyTorch"
        peers.require(abs(ours[key] - theirs[key]), 1e-4 * max(1.0, abs(theirs[key])), text)
    worst = 0.0
    for name, (norm, product) in theirs["gradients"].items():
        here = ours["gradients"][name]
        difference = max(abs(here[0] - norm), abs(here[1] - product)) / max(norm, 1e-12)
        text = f"{what}: the gradient to {name} is {here} here and {[norm, product]} in PyTorch"
        worst = max(worst, peers.require(difference, 1e-3, text))
    return worst


def ratios(times, name):
    return [t / j for j, t in zip(times["java"], times[name], strict=True)]


def measure(arguments, alive, file, batch, hidden, samples, rows):
    what = f"B={batch} D={hidden} K={samples}"
    eager_gib = EAGER_COPIES * 4 * batch * samples * hidden / 2**30
    chosen = [p for p in alive if p.name != "eager" or eager_gib <= arguments.eager_limit]
    loaded = {p.name: p.ask(dict(load=str(file), samples=samples, seed=SEED)) for p in chosen}
    checks = {p.name: p.ask(dict(check=True, step=1)) for p in chosen}
    worst = max(agree(checks["java"], checks[p.name], f"{what}, {p.name}") for p in chosen if p.name != "java")
    seconds = {p.name: [] for p in chosen}
    processor = {p.name: [] for p in chosen}
    for turn in range(-1, arguments.turns):
        for peer in chosen if turn % 2 == 0 else chosen[::-1]:
            answer = peer.ask(dict(time=arguments.seconds, step=turn + 2))
            if turn >= 0:
                seconds[peer.name].append(answer["seconds"])
                processor[peer.name].append(answer["cpuSeconds"])
                times = [f"{answer[key]:.9f}" for key in ("seconds", "cpuSeconds")]
                rows.append([batch, hidden, arguments.latent, samples, peer.name, turn, *times])
    result = dict(batch=batch, hidden=hidden, latent=arguments.latent, samples=samples, gradientDifference=worst)
    sizes = ("compulsoryBytes", "movedBytes", "extraBytes")
    result |= {key: loaded["java"][key] for key in sizes}
    result |= {f"{name}Seconds": statistics.median(s) for name, s in seconds.items()}
    for name in ("eager", "reassociated"):
        if name in seconds:
            result[f"{name}Ratio"] = peers.quartiles(ratios(seconds, name))
            result[f"{name}CpuRatio"] = peers.quartiles(ratios(processor, name))
    return result


def sample_counts(text, batch):
    for part in text.split(","):
        yield int(part[:-1] or 1) * batch if part.endswith("B") else int(part)


CSV_HEADER = ("batch", "hidden", "latent", "samples", "program", "turn", "seconds", "cpuSeconds")


def write(arguments, written, rows, results, expected):
    body = f"Both information losses with all gradients, fp32, 1 thread, Z={arguments.latent}; medians (quartiles) of {arguments.turns} turns.\n\n"
    ratio = lambda r, key: "{1:.1f} ({0:.1f}..{2:.1f})".format(*r[key]) if key in r else "too large"  # noqa: E731
    keys = ("eagerRatio", "eagerCpuRatio", "reassociatedRatio", "reassociatedCpuRatio")
    names = ("eager/ours, clock", "processor", "re-associated/ours, clock", "processor", "bytes moved/compulsory", "extra MiB", "gradient difference")
    body += report.table(
        ("B", "D", "K", *names),
        (
            [r["batch"], r["hidden"], r["samples"], *(ratio(r, k) for k in keys)]
            + [f"{r['movedBytes'] / r['compulsoryBytes']:.2f}", f"{r['extraBytes'] / 2**20:.2f}", f"{r['gradientDifference']:.1e}"]
            for r in results
        ),
    )
    bars = [(f"B={r['batch']} D={r['hidden']} K={r['samples']}", r["reassociatedRatio"]) for r in results]
    title = "Information losses against the re-associated PyTorch form"
    written.write(CSV_HEADER, rows, results, body, bars, title, expected, wanted=3)


def line(r):
    ratio = lambda key: "{1:7.1f} ({0:.1f}..{2:.1f})".format(*r[key]) if key in r else "too large"  # noqa: E731
    return (
        f"{r['batch']:4d} {r['hidden']:5d} {r['samples']:5d} {r['javaSeconds'] * 1e3:9.3f} ms"
        f" {ratio('eagerRatio'):>22s} {ratio('eagerCpuRatio'):>22s}"
        f" {ratio('reassociatedRatio'):>22s} {ratio('reassociatedCpuRatio'):>22s} {r['movedBytes'] / r['compulsoryBytes']:8.2f}"
        f" {r['extraBytes'] / 2**20:11.2f} {r['gradientDifference']:10.1e}"
    )


def main():
    arguments = parse()
    environment = peers.environment(1)
    script = str(peers.ROOT / "bench/python/losses_peer.py")
    alive = [peers.Peer("java", peers.java(arguments.java, "LossPeer"), environment)]
    for form in ("eager", "reassociated"):
        alive.append(peers.Peer(form, [arguments.python, script, "--form", form], environment))
    ours = alive[0].about
    about = dict(JDK=ours["java"], backend=f"{ours['backend']} {ours['description']}", PyTorch=alive[1].about["torch"])
    command = "python bench/compare.py losses " + shlex.join(peers.portable(sys.argv[1:]))
    written = report.Report(arguments.out, "losses", "The information losses", about, command)
    print(written.conditions)
    print("ratios are medians (quartiles) of seconds on the clock, and of processor time, which other programs disturb less")
    print(
        "   B     D     K       Java             eager/Java              processor"
        "     re-associated/Java              processor bytes/least extra MiB  grad diff"
    )
    rows, results = [], []
    hiddens, batches = list(map(int, arguments.hidden.split(","))), list(map(int, arguments.batch.split(",")))
    expected = len(hiddens) * len(batches) * len(arguments.samples.split(","))
    with tempfile.TemporaryDirectory() as folder:
        for hidden in hiddens:
            for batch in batches:
                file = pathlib.Path(folder) / "inputs.safetensors"
                sizes = ["--batch", str(batch), "--hidden", str(hidden), "--latent", str(arguments.latent)]
                maker = str(peers.ROOT / "bench/python/make_loss_inputs.py")
                command = [arguments.python, maker, "--out", str(file), "--tokens", str(arguments.tokens), *sizes]
                subprocess.run(command, check=True, env=environment)
                for samples in sample_counts(arguments.samples, batch):
                    results.append(measure(arguments, alive, file, batch, hidden, samples, rows))
                    print(line(results[-1]), flush=True)
                    write(arguments, written, rows, results, expected)
    for peer in alive:
        peer.stop()
    for key in ("eagerRatio", "eagerCpuRatio", "reassociatedRatio", "reassociatedCpuRatio"):
        medians = [r[key][1] for r in results if key in r]
        if medians:
            mean = math.exp(statistics.fmean(map(math.log, medians)))
            print(f"{key}: least {min(medians):.1f}, geometric mean {mean:.1f}, of {len(medians)} sizes")
