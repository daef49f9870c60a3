#!/usr/bin/env python3
"""Takes training steps in turn, one here and one in PyTorch, on the same weights, inputs, noise and threads.

    ./infoprompt --help                        # builds the library once
    mvn -q -DskipTests package                 # builds the benchmarks
    python bench/compare.py --model HF --data DATA --python PYTHON [--threads 1,2] [--steps 15] [--out bench/results]
    python bench/compare.py ... --precision auto --dtypes fp32,bf16     # our fastest against the faster of PyTorch's
    python bench/compare.py losses --python PYTHON      # the information losses alone, see comparison/losses.py

HF and DATA are the folders of bench/python/README.md, PYTHON an interpreter with bench/python/requirements.txt. All programs
stay alive and wait for their turn, so load on the machine falls on all alike; ratios are taken step by step, against the PyTorch
program with the lower median, of seconds on the clock and of seconds of processor time, which other programs disturb less. Losses must agree (relative difference at most 1e-3; at most 5e-2 in the first step where one
side computes in bf16), or the comparison fails. Writes steps.csv and prints a table.
"""

import argparse
import csv
import glob
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Peer:
    """One program that takes a step for each line it is given."""

    def __init__(self, name, command, environment):
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.about = self.read()

    def read(self):
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"{self.name} ended early with status {self.process.wait()}")
            if line.startswith("{"):
                return json.loads(line)

    def step(self):
        self.process.stdin.write("step\n")
        self.process.stdin.flush()
        return self.read()

    def end(self):
        self.process.stdin.close()
        answer = self.read()
        self.process.wait()
        return answer


def java(arguments, threads):
    jars = glob.glob(str(ROOT / "core/target/modules/*.jar")) + glob.glob(str(ROOT / "core/target/classpath/*.jar")) + glob.glob(str(ROOT / "bench/target/infoprompt-bench-*.jar"))
    if not any("infoprompt-bench" in jar for jar in jars):
        raise SystemExit("bench/target holds no jar; run: mvn -q -DskipTests package")
    return [
        arguments.java,
        "-Xmx1g",
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        f"-Dinfoprompt.precision={arguments.precision}",
        *([f"-Dinfoprompt.backend={arguments.backend}"] if arguments.backend else []),
        *arguments.jvm.split(),
        "-cp",
        os.pathsep.join(jars),
        "org.infoprompt.bench.StepPeer",
        "--model", arguments.model, "--data", arguments.data, "--threads", str(threads),
        "--warmup", str(arguments.warmup), "--steps", str(arguments.steps),
    ]  # fmt: skip


def torch(arguments, threads, dtype):
    return [
        arguments.python, str(ROOT / "bench/python/infoprompt_torch.py"), "--interactive",
        "--model", arguments.model, "--data", arguments.data, "--threads", str(threads),
        "--warmup", str(arguments.warmup), "--steps", str(arguments.steps), "--plain", "cached", "--dtype", dtype,
    ]  # fmt: skip


def compare(arguments, threads, rows):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    environment["OMP_NUM_THREADS"] = str(threads)
    peers = [Peer("java", java(arguments, threads), environment)]
    peers += [Peer(dtype, torch(arguments, threads, dtype), environment) for dtype in arguments.dtypes.split(",")]
    seconds = {peer.name: [] for peer in peers}
    cpu = {peer.name: [] for peer in peers}
    worst = 0.0
    allocated = []
    for number in range(arguments.warmup + arguments.steps):
        answers = {}
        for peer in peers if number % 2 == 0 else peers[::-1]:
            answers[peer.name] = peer.step()
        for peer in peers[1:]:
            rounded = "bf16" in peers[0].about["backend"] or peer.name == "bf16"
            for key in ("ce", "head", "rep", "kl", "total"):
                ours, theirs = answers["java"][key], answers[peer.name][key]
                difference = abs(ours - theirs) / max(1.0, abs(theirs))
                worst = max(worst, difference)
                # Two bf16 runs round differently and drift apart; their first steps start from the same parameters.
                if difference > 1e-3 and (not rounded or (number == 0 and difference > 5e-2)):
                    raise SystemExit(
                        f"step {number}: {key} is {ours} here and {theirs} in PyTorch {peer.name}: not the same computation"
                    )
        if number >= arguments.warmup:
            for name, answer in answers.items():
                seconds[name].append(answer["seconds"])
                cpu[name].append(answer["cpuSeconds"])
                rows.append([threads, name, number, f"{answer['seconds']:.6f}", f"{answer['cpuSeconds']:.6f}", f"{answer['total']:.6f}"])
            allocated.append(answers["java"]["allocatedBytes"])
    ends = {peer.name: peer.end() for peer in peers}
    best = min((peer.name for peer in peers[1:]), key=lambda name: statistics.median(seconds[name]))
    ratios = sorted(t / j for j, t in zip(seconds["java"], seconds[best], strict=True))
    return dict(
        threads=threads,
        backend=peers[0].about["backend"],
        java=peers[0].about["java"],
        torch=peers[1].about["torch"],
        dtype=best,
        batch=peers[0].about["batchSize"],
        rows=peers[1].about["meanRowLength"],
        javaSeconds=statistics.median(seconds["java"]),
        torchSeconds=statistics.median(seconds[best]),
        ratio=statistics.median(ratios),
        low=ratios[len(ratios) // 4],
        high=ratios[(3 * len(ratios)) // 4],
        cpuRatio=statistics.median(t / j for j, t in zip(cpu["java"], cpu[best], strict=True)),
        lossDifference=worst,
        allocatedBytes=statistics.median(allocated),
        javaPeakMiB=ends["java"]["peakResidentKiB"] / 1024,
        torchPeakMiB=ends[best]["peakResidentKiB"] / 1024,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="a Hugging Face folder")
    parser.add_argument("--data", required=True, help="a data folder, see bench/python/README.md")
    parser.add_argument("--python", default=sys.executable, help="an interpreter with torch and transformers")
    parser.add_argument("--java", default="java", help="a JDK 25's java")
    parser.add_argument("--precision", default="fp32", help="ours: fp32, bf16 or auto")
    parser.add_argument("--backend", default="", help="ours; default: the fastest usable one")
    parser.add_argument("--jvm", default="", help="further options for java")
    parser.add_argument("--dtypes", default="fp32", help="PyTorch's, in turn: fp32, bf16 or fp32,bf16")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--warmup", type=int, default=40, help="steps before, not counted; the JIT compiler needs them")
    parser.add_argument("--steps", type=int, default=15, help="counted pairs")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("bench/results"))
    arguments = parser.parse_args()
    rows = []
    results = [compare(arguments, int(threads), rows) for threads in arguments.threads.split(",")]
    arguments.out.mkdir(parents=True, exist_ok=True)
    with open(arguments.out / "steps.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["threads", "program", "step", "seconds", "cpuSeconds", "total"])
        writer.writerows(rows)
    (arguments.out / "steps.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {arguments.steps} pairs")
    print("threads backend      Java s/step  PyTorch s/step       PyTorch/Java (quartiles)   CPU s   loss diff  heap B/step  peak MiB (Java, PyTorch)")
    for r in results:
        print(
            f"{r['threads']:7d} {r['backend']:12s} {r['javaSeconds']:11.3f} {r['torchSeconds']:10.3f} {r['dtype']}"
            f" {r['ratio']:12.2f} ({r['low']:.2f}..{r['high']:.2f}) {r['cpuRatio']:7.2f}  {r['lossDifference']:10.1e} {r['allocatedBytes']:12.0f}"
            f"  {r['javaPeakMiB']:8.0f}, {r['torchPeakMiB']:.0f}"
        )


if __name__ == "__main__":
    # compare.py [steps] ... is the comparison above, compare.py losses ... that of comparison/losses.py.
    named = sys.argv.pop(1) if sys.argv[1:2] in (["steps"], ["losses"]) else "steps"
    if named == "steps":
        main()
    else:
        from comparison import losses

        losses.main()
