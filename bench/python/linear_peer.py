"""Linear layers with frozen weights in PyTorch: the peer of org.infoprompt.bench.LinearPeer.

    python linear_peer.py --form linear|packed [--threads 1]

linear is F.linear in fp32; packed is oneDNN's layer with a weight packed once, in bf16 with rows, bias and result in bf16, as
PyTorch's own compiled models call it. Reads commands as JSON lines and answers each with one: {"load": [rows, out, in], "seed": S},
{"time": SECONDS} (runs until that long has passed) and {"check": true} (sums of the result times cos 0, cos 1, cos 2, ...).
"""

from __future__ import annotations

import argparse
import json
import sys
import time

import torch
from torch.nn import functional as F


def uniform(seed: int, count: int) -> torch.Tensor:
    """Numbers in [-1, 1) that both sides make: the upper bits of a 32-bit linear congruential generator."""
    state, values = seed & 0xFFFFFFFF, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values.append((state >> 8) / (1 << 23) - 1)
    return torch.tensor(values, dtype=torch.float32)


class Problem:
    def __init__(self, rows: int, out: int, inputs: int, seed: int, form: str):
        self.packed = form == "packed"
        # A short period of random numbers is enough, and quick to make.
        fill = lambda n, s: uniform(s, min(n, 4093)).repeat(-(-n // min(n, 4093)))[:n].clone()  # noqa: E731
        self.x = fill(rows * inputs, seed).view(rows, inputs)
        weight = fill(out * inputs, seed + 1).view(out, inputs)
        self.bias = fill(out, seed + 2)
        if self.packed:
            self.x, weight, self.bias = self.x.bfloat16(), weight.bfloat16(), self.bias.bfloat16()
            weight = torch.ops.mkldnn._reorder_linear_weight(weight, rows)
        self.weight = weight

    def run(self) -> torch.Tensor:
        if self.packed:
            return torch.ops.mkldnn._linear_pointwise(self.x, self.weight, self.bias, "none", [], "")
        return F.linear(self.x, self.weight, self.bias)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--form", choices=("linear", "packed"), required=True)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_grad_enabled(False)
    print(json.dumps(dict(kind="run", torch=torch.__version__, form=arguments.form)), flush=True)
    problem = None
    for line in sys.stdin:
        command = json.loads(line)
        if "load" in command:
            problem = Problem(*command["load"], command["seed"], arguments.form)
            answer = dict(kind="loaded")
        elif "time" in command:
            runs, start, cpu = 0, time.perf_counter(), time.process_time()
            while True:
                problem.run()
                runs += 1
                seconds = time.perf_counter() - start
                if seconds >= command["time"]:
                    break
            answer = dict(kind="time", seconds=seconds / runs, cpuSeconds=(time.process_time() - cpu) / runs)
        else:
            result = problem.run().double().flatten()
            probe = torch.cos(torch.arange(len(result), dtype=torch.float64))
            answer = dict(kind="check", norm=result.norm().item(), product=(result @ probe).item())
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
