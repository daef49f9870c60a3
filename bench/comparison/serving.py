"""One sentence at a time: this library, ONNX Runtime and PyTorch in turn, on the same exported encoder; and cold starts.

Each side is a process of its own that stays alive; every turn each embeds the same sentences (the mean over the last hidden
states), and the order is turned round from turn to turn. Ours starts from the text, the others from token ids. Before timing,
all must give the same embeddings: the largest difference to ONNX Runtime in fp32 may be 1e-4 in fp32, 2e-2 in bf16, 0.1 in int8,
and 0.3 for their quantised model (of elements around 0.3). ONNX Runtime and PyTorch stay in fp32 whatever our precision is; ONNX Runtime's int8 is the quantised
model of --onnx-quantised. --cold N starts each side N times instead, with and without a cache of loaded classes (JDK's AOT cache),
from the process's start to its first embedding. --soak writes down a table that the server's own load generator made. Ratios are of theirs to ours; of medians, turn by turn, and of the 99th
percentiles of all calls. What other programs used of the processors during each turn is written down, so that a disturbed run can be
told. Writes serving-PRECISION or serving-cold (.csv, .json, .svg) and a section of SERVING.md.
"""

import argparse
import csv
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

from . import load, peers, report

LIMITS = dict(fp32=1e-4, bf16=2e-2, int8=0.1)
QUANTISED_LIMIT = 0.3  # of ONNX Runtime's quantised model
CSV_HEADER = ("threads", "program", "turn", "calls", "p50Millis", "p90Millis", "p99Millis", "maxMillis", "heapBytesPerCall", "othersCpu")
COLD_HEADER = ("program", "turn", "millis")


def parse():
    parser = argparse.ArgumentParser(prog="compare.py serving", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="an interpreter with torch and transformers")
    parser.add_argument("--java", default="java", help="a JDK 25's java")
    parser.add_argument("--model", default="minilm", help="ours: a known encoder")
    parser.add_argument("--onnx", default="", help="the same encoder as an ONNX file")
    parser.add_argument("--onnx-quantised", default="", help="its int8 form, if wanted")
    parser.add_argument("--hf", default="", help="the same encoder as a Hugging Face folder, for PyTorch, if wanted")
    parser.add_argument("--texts", default="", help="sentences, one a line")
    parser.add_argument("--precision", default="fp32", choices=tuple(LIMITS), help="ours")
    parser.add_argument("--threads", default="1,2", help="a list")
    parser.add_argument("--turns", type=int, default=20, help="counted turns")
    parser.add_argument("--calls", type=int, default=60, help="sentences of a turn")
    parser.add_argument("--cold", type=int, default=0, help="measure cold starts, so many of each kind")
    parser.add_argument("--soak", default="", help="write down what infoprompt serve-bench --soak N --csv FILE has measured: FILE")
    parser.add_argument("--soak-command", default="", help="how it was called, for the section")
    parser.add_argument("--out", type=pathlib.Path, default=peers.ROOT / "bench/results")
    arguments = parser.parse_args()
    if not arguments.soak and not (arguments.onnx and arguments.texts):
        parser.error("needs --onnx and --texts, or --soak")
    return arguments


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def start(arguments, threads, checkpoint):
    """All sides, ours first; each knows the texts."""
    environment = peers.environment(threads)
    vm = ("-XX:+UseSerialGC", "-Xms512m", "-Xmx512m")
    java = lambda main, *options, **named: peers.java(arguments.java, f"serving.{main}", *options, options=vm, **named)  # noqa: E731
    ours = ("--model", arguments.model, "--texts", arguments.texts, "--threads", str(threads), "--checkpoint", checkpoint)
    alive = [peers.Peer("ours", java("ServingPeer", *ours, precision=arguments.precision), environment)]
    onnx = lambda name, file: peers.Peer(name, java("OnnxPeer", "--onnx", file, "--threads", str(threads)), environment)  # noqa: E731
    alive.append(onnx("ONNX Runtime fp32", arguments.onnx))
    if arguments.onnx_quantised:
        alive.append(onnx("ONNX Runtime int8", arguments.onnx_quantised))
    if arguments.hf:
        script = str(peers.ROOT / "bench/python/serving_peer.py")
        command = [arguments.python, script, "--model", arguments.hf, "--threads", str(threads)]
        alive.append(peers.Peer("PyTorch fp32", command, environment))
    ids = alive[0].about["ids"]
    embeddings = {"ours": alive[0].ask(dict(check=True))["embeddings"]}
    for peer in alive[1:]:
        peer.ask(dict(ids=ids, width=len(embeddings["ours"][0])))
        embeddings[peer.name] = peer.ask(dict(check=True))["embeddings"]
    return alive, embeddings


def difference(a, b):
    return max(abs(x - y) for one, other in zip(a, b, strict=True) for x, y in zip(one, other, strict=True))


def agree(arguments, embeddings):
    """The largest difference of each side to ONNX Runtime in fp32, within its limit."""
    right = embeddings["ONNX Runtime fp32"]
    found = {}
    for name, values in embeddings.items():
        limit = LIMITS[arguments.precision] if name == "ours" else LIMITS["fp32"]
        limit = QUANTISED_LIMIT if name.endswith("int8") else limit
        what = f"{name} differs from ONNX Runtime fp32 by up to {difference(values, right):.2g}, more than {limit:g}"
        found[name] = peers.require(difference(values, right), limit, what)
    return found


def measure(arguments, threads, checkpoint, rows):
    alive, embeddings = start(arguments, threads, checkpoint)
    differences = agree(arguments, embeddings)
    nanos = {peer.name: [] for peer in alive}
    heap = {peer.name: 0 for peer in alive}
    shares = []
    for turn in range(-2, arguments.turns):
        for peer in alive if turn % 2 == 0 else alive[::-1]:
            others = load.Others([each.process.pid for each in alive])
            answer = peer.ask({"from": max(0, turn) * arguments.calls, "calls": arguments.calls})
            share = others.share()
            if turn < 0:
                continue
            times = answer["nanos"]
            nanos[peer.name].append(times)
            heap[peer.name] += answer.get("heapBytes", 0)
            cells = [f"{percentile(times, p) / 1e6:.4f}" for p in (50, 90, 99, 100)]
            each = f"{answer['heapBytes'] / arguments.calls:.1f}" if "heapBytes" in answer else ""
            shares.append(share)
            rows.append([threads, peer.name, turn, arguments.calls, *cells, each, "" if share is None else f"{share:.3f}"])
    about = {peer.name: peer.about for peer in alive}
    lengths = [len(ids) for ids in about["ours"].pop("ids")]
    for peer in alive:
        peer.stop()
    everything = {name: [t for turn in turns for t in turn] for name, turns in nanos.items()}
    millis = {name: {f"p{p:g}": percentile(v, p) / 1e6 for p in (50, 90, 99, 99.9, 100)} for name, v in everything.items()}
    results = []
    for name in list(nanos)[1:]:
        medians = [percentile(t, 50) / percentile(o, 50) for o, t in zip(nanos["ours"], nanos[name], strict=True)]
        results.append(
            dict(
                threads=threads,
                peer=name,
                ours=millis["ours"],
                theirs=millis[name],
                p50Ratio=peers.quartiles(medians),
                p99Ratio=millis[name]["p99"] / millis["ours"]["p99"],
                difference=difference(embeddings["ours"], embeddings[name]),
                oursHeapBytes=heap["ours"] / len(everything["ours"]),
                theirsHeapBytes=heap[name] / len(everything[name]),
            )
        )
    texts = f"{len(lengths)} sentences of {min(lengths)} to {max(lengths)} tokens, {statistics.fmean(lengths):.1f} on average"
    return results, differences, about, texts, shares


def latency(arguments, checkpoint):
    counts = list(map(int, arguments.threads.split(",")))
    rows, results, written, shares = [], [], None, []
    for threads in counts:
        some, differences, about, texts, more = measure(arguments, threads, checkpoint, rows)
        results += some
        shares += more
        if written is None:
            versions = {"JDK": about["ours"]["java"], "backend": f"{about['ours']['backend']} {about['ours']['description']}"}
            versions["ONNX Runtime"] = about["ONNX Runtime fp32"]["onnxruntime"]
            versions |= {"PyTorch": about["PyTorch fp32"]["torch"]} if "PyTorch fp32" in about else {}
            written = paper(arguments, f"serving-{arguments.precision}", f"One sentence at a time, ours in {arguments.precision}", versions)
        two = lambda m: f"{m['p50']:.2f}, {m['p99']:.2f}"  # noqa: E731
        body = f"{texts}; {arguments.turns} turns of {arguments.calls} sentences. Largest difference to ONNX Runtime fp32: "
        body += ", ".join(f"{name} {value:.1e}" for name, value in differences.items() if name != "ONNX Runtime fp32") + ".\n"
        body += load.summary(shares) + "\n\n"
        names = ("threads", "peer", "ours p50, p99 ms", "theirs p50, p99 ms", "p50 theirs/ours", "p99 theirs/ours", "heap bytes a call, ours, theirs")
        body += report.table(
            names,
            (
                [r["threads"], r["peer"], two(r["ours"]), two(r["theirs"]), "{1:.2f} ({0:.2f}..{2:.2f})".format(*r["p50Ratio"])]
                + [f"{r['p99Ratio']:.2f}", f"{r['oursHeapBytes']:.0f}, " + ("-" if "PyTorch" in r["peer"] else f"{r['theirsHeapBytes']:.0f}")]
                for r in results
            ),
        )
        bars = [(f"{r['peer']}, {r['threads']} threads", r["p50Ratio"]) for r in results]
        written.write(CSV_HEADER, rows, results, body, bars, written.title, len(results))
        for r in some:
            print(r["threads"], r["peer"], two(r["ours"]), two(r["theirs"]), r["p50Ratio"], f"{r['p99Ratio']:.2f}", flush=True)


def paper(arguments, name, title, versions):
    command = "python bench/compare.py serving " + shlex.join(peers.portable(sys.argv[1:]))
    return report.Report(arguments.out, name, title, versions, command, document="SERVING.md")


def first_line(command, environment):
    """Milliseconds from starting a program to its first line of JSON, and the line."""
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as process:
        for line in process.stdout:
            if line.startswith("{"):
                took = (time.perf_counter() - begin) * 1e3
                process.communicate()
                return took, line
    raise SystemExit(f"{command[-1]}: ended with status {process.returncode} and no answer")


def cold(arguments, checkpoint):
    environment = peers.environment(1)
    with open(arguments.texts, encoding="utf-8") as file:
        text = next(line for line in file if 20 <= len(line.split()) <= 30).split("\t")[0].strip()
    options = ("--model", arguments.model, "--texts", arguments.texts, "--checkpoint", checkpoint)
    ours = peers.Peer("ours", peers.java(arguments.java, "serving.ServingPeer", *options, "--longest", "128"), environment)
    ids = max(ours.about["ids"], key=len)
    versions = dict(JDK=ours.about["java"], backend=f"{ours.about['backend']} {ours.about['description']}")
    ours.stop()
    sides = {
        "ours": ("--model", arguments.model, "--checkpoint", checkpoint, "--text", text),
        "ONNX Runtime": ("--onnx", arguments.onnx, "--ids", ",".join(map(str, ids[:32]))),
    }
    programs = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, given in sides.items():
            command = lambda *more: peers.java(arguments.java, "serving.ColdStart", *given, options=("-XX:+UseSerialGC", *more))  # noqa: E731,B023
            cache = str(pathlib.Path(folder) / f"{name.replace(' ', '')}.aot")
            subprocess.run(command(f"-XX:AOTCacheOutput={cache}"), check=True, env=environment, capture_output=True)
            programs[name] = command()
            programs[f"{name}, AOT cache"] = command(f"-XX:AOTCache={cache}")
        times, rows = {name: [] for name in programs}, []
        for turn in range(-1, arguments.cold):
            for name in programs if turn % 2 == 0 else list(programs)[::-1]:
                took, _ = first_line(programs[name], environment)
                if turn >= 0:
                    times[name].append(took)
                    rows.append([name, turn, f"{took:.1f}"])
    results = [dict(program=name, millis=peers.quartiles(values), least=min(values)) for name, values in times.items()]
    body = f"From the process's start to the first embedding, model files in the page cache; medians (quartiles) of {arguments.cold} starts in turns.\n\n"
    body += report.table(
        ("program", "ms", "least ms"),
        ([r["program"], "{1:.0f} ({0:.0f}..{2:.0f})".format(*r["millis"]), f"{r['least']:.0f}"] for r in results),
    )
    for r in results:
        print(r)
    paper(arguments, "serving-cold", "Cold start", versions).write(COLD_HEADER, rows, results, body, [], "", len(results))


def soak(arguments):
    with open(arguments.soak, newline="", encoding="utf-8") as file:
        minutes = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    first, last = minutes[1 if len(minutes) > 2 else 0], minutes[-1]
    total = lambda key: sum(m[key] for m in minutes)  # noqa: E731
    body = f"{len(minutes)} minutes: {total('answered'):,.0f} requests answered, {total('turnedAway'):.0f} turned away, {total('failed'):.0f} failed, "
    body += f"{total('swaps'):,.0f} hot swaps; {total('collections'):.0f} collections, of them {total('fullCollections'):.0f} full; resident memory "
    body += f"{first['residentMiB']:.0f} MiB after minute {first['minute']:.0f}, {last['residentMiB']:.0f} MiB at the end. "
    body += "Latencies count from when a request was due.\n\n"
    keys = ("minute", "answered", "swaps", "p50Millis", "p99Millis", "residentMiB", "collections", "fullCollections", "workerHeapBytesPerCall")
    names = ("minute", "answered", "swaps", "p50 ms", "p99 ms", "resident MiB", "collections", "full", "heap bytes of workers a call")
    body += report.table(names, ([f"{m[k]:.1f}".removesuffix(".0") for k in keys] for m in minutes))
    written = paper(arguments, "serving-soak", "Minutes of requests and hot swaps", {"called as": f"`{arguments.soak_command}`"})
    written.write(list(minutes[0]), [list(m.values()) for m in minutes], minutes, body, [], "", len(minutes))


def main():
    arguments = parse()
    if arguments.soak:
        soak(arguments)
        return
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = str(pathlib.Path(folder) / "mean")
        (cold if arguments.cold else latency)(arguments, checkpoint)
