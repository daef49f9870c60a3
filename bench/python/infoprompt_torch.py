"""One InfoPrompt training step in PyTorch eager: the peer the Java step is measured against.

    python infoprompt_torch.py --model HF_FOLDER --data FOLDER --threads 1 --steps 20 --warmup 3 [--plain recompute]

Written as one would write it for speed without leaving eager mode: padded batches, SDPA attention, frozen weights with
requires_grad=False, the plain pass cached per example (or recomputed with --plain recompute), and the representation
loss scored in the latent space, so that no (B,4B,D) tensor is built. With --dtype bf16 the frozen encoder computes in bfloat16,
prompts, losses and optimizer stay in fp32. With --compile encoder and losses go through torch.compile. Folder format and output: README.md.
"""

from __future__ import annotations

import argparse
import json
import math
import pathlib
import platform
import resource
import sys
import time

import torch
import transformers
from safetensors.torch import load_file
from torch.nn import functional as F
from transformers import AutoModel

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "core" / "src" / "test" / "python"))
from infoprompt_restatement import Example, build_row, noise, schedule_factor  # noqa: E402

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


class Specials:
    def __init__(self, cls: int, sep: int, mask: int):
        self.cls, self.sep, self.mask = cls, sep, mask


class PaddedBatch:
    """Rows of one batch, padded to the longest: ids (0 at slots and pads), types, mask, slot and mask positions."""

    def __init__(self, rows: list, words: torch.Tensor, device: str):
        longest = max(len(r.ids) for r in rows)
        pad = lambda values: values + [0] * (longest - len(values))  # noqa: E731
        ids = torch.tensor([pad([max(i, 0) for i in r.ids]) for r in rows])
        self.words = F.embedding(ids, words)
        self.types = torch.tensor([pad(r.types) for r in rows])
        self.attention = torch.tensor([pad([1] * len(r.ids)) for r in rows])
        self.slots = torch.tensor([r.slots for r in rows], dtype=torch.long)
        self.mask = torch.tensor([r.mask for r in rows])
        self.each = torch.arange(len(rows))
        for name, value in vars(self).items():
            setattr(self, name, value.to(device))


class Peer:
    """Encoder, parameters, data and optimizer of one run."""

    def __init__(self, model: pathlib.Path, data: pathlib.Path, cache_plain: bool, dtype: torch.dtype = torch.float32, device: str = "cpu"):
        self.device = device
        self.setup = json.loads((data / "inputs.json").read_text(encoding="utf-8"))
        self.cache = {} if cache_plain else None
        self.encoder = AutoModel.from_pretrained(
            model, attn_implementation="sdpa", dtype=torch.float32, add_pooling_layer=False
        )
        self.words = self.encoder.get_input_embeddings().weight.detach().clone()
        self.encoder.eval().requires_grad_(False).to(dtype).to(device)
        self.dtype = dtype
        loaded = load_file(data / "parameters.safetensors")
        self.parameters = {k: v.float().to(device).requires_grad_() for k, v in loaded.items()}
        setup = self.setup
        self.optimizer = torch.optim.AdamW(
            self.parameters.values(), lr=setup["learningRate"], weight_decay=setup["weightDecay"]
        )
        special = Specials(**setup["specials"])
        examples = [Example(e["text"], e["pair"], e["label"]) for e in setup["examples"]]
        rows = lambda n: [build_row(e, n, special, setup["separatorsInMiddle"]) for e in examples]  # noqa: E731
        self.prompted_rows, self.null_rows = rows(setup["slotsPerGroup"]), rows(0)
        self.batches = []
        for numbers in setup["batches"]:
            prompted = PaddedBatch([self.prompted_rows[i] for i in numbers], self.words, device)
            null = PaddedBatch([self.null_rows[i] for i in numbers], self.words, device)
            self.batches.append((prompted, null, torch.tensor([examples[i].label for i in numbers]).to(device)))

    def encode(self, batch: PaddedBatch, vectors: torch.Tensor) -> torch.Tensor:
        extra = {"token_type_ids": batch.types} if self.setup["hasTypes"] else {}
        hidden = self.encoder(inputs_embeds=vectors.to(self.dtype), attention_mask=batch.attention, **extra)
        return hidden.last_hidden_state.float()

    def plain(self, number: int) -> tuple[torch.Tensor, torch.Tensor]:
        if self.cache is not None and number in self.cache:
            return self.cache[number]
        null = self.batches[number][1]
        with torch.no_grad():
            hidden = self.encode(null, null.words)
        states = hidden[:, 0], hidden[null.each, null.mask]
        if self.cache is not None:
            self.cache[number] = states
        return states

    def linear(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return F.linear(x, self.parameters[name + ".weight"], self.parameters[name + ".bias"])

    def prompts(self, cls: torch.Tensor) -> torch.Tensor:
        batch, width = cls.shape
        if self.setup["strategy"] == "task":
            return self.parameters["prompt.embeddings"].expand(batch, -1, -1)
        return self.linear("generator.up", F.gelu(self.linear("generator.down", cls))).view(batch, -1, width)

    def bottleneck(self, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.linear("bottleneck.mean", hidden), self.linear("bottleneck.log_std", hidden).clamp(-2, 10)

    def information_loss(self, positive: torch.Tensor, negative: torch.Tensor) -> torch.Tensor:
        """Mean of -log softmax([positive, negatives])_0; scores [B] and [B,K]."""
        log_prob = positive - torch.logsumexp(torch.cat([positive[:, None], negative], 1), 1)
        floor = self.setup["logProbFloor"]
        return -(log_prob if floor is None else log_prob.clamp(min=floor)).mean()

    def losses(self, number: int, eps: list[torch.Tensor]) -> dict[str, torch.Tensor]:
        setup, parameters = self.setup, self.parameters
        batch, null, labels = self.batches[number]
        cls, plain = self.plain(number)
        prompts = self.prompts(cls)
        vectors = batch.words.index_put((batch.each[:, None], batch.slots), prompts)
        hidden = self.encode(batch, vectors)[batch.each, batch.mask]

        scale = 1 / math.sqrt(hidden.shape[1])
        head = parameters["head.weight"]
        mean0, log_std0 = self.bottleneck(plain)
        mean1, log_std1 = self.bottleneck(hidden)
        logits = 0
        if setup["classification"] != "direct":
            logits = logits + self.linear("decoder", mean1 + eps[0][:, 0] * log_std1.exp()) @ head.T
        if setup["classification"] != "bottleneck":
            logits = logits + self.linear("head", hidden)

        mean_prompts = prompts.mean(1)
        query = head.mean(0) * scale
        scores = (null.words @ query).masked_fill(null.attention == 0, -math.inf)
        context = self.linear("projection", mean_prompts.detach()) @ parameters["decoder.weight"] * scale
        positive = ((mean1 + eps[1][:, 0] * log_std1.exp()) * context).sum(1)
        negative = (mean0 * context).sum(1, keepdim=True)
        negative = negative + torch.bmm(eps[2], (log_std0.exp() * context)[:, :, None])[:, :, 0]
        divergence = lambda m, s: (-s + 0.5 * (2 * s).exp() + 0.5 * m * m - 0.5).mean()  # noqa: E731

        terms = dict(
            ce=F.cross_entropy(logits, labels),
            head=self.information_loss(mean_prompts @ query, scores),
            rep=self.information_loss(positive, negative),
            kl=divergence(mean0, log_std0) + divergence(mean1, log_std1),
        )
        information = setup["gamma"] * terms["head"] + setup["beta"] * terms["rep"] + setup["klWeight"] * terms["kl"]
        terms["total"] = terms["ce"] + setup["informationWeight"] * information
        return terms

    def normals(self, number: int, step: int, source: str) -> list[torch.Tensor]:
        batch, width = len(self.batches[number][2]), self.setup["latentSize"]
        counts = (1, 1, 4 * batch)
        if source == "torch":
            return [torch.randn(batch, k, width, device=self.device) for k in counts]
        return [noise(self.setup["seed"], step, s, batch, k, width).float().to(self.device) for s, k in enumerate(counts)]

    def step(self, step: int, eps: list[torch.Tensor] | None) -> dict[str, torch.Tensor]:
        number = step % len(self.batches)
        factor = 1.0
        if self.setup.get("warmupSteps") is not None:
            factor = schedule_factor(step, self.setup["warmupSteps"], self.setup["totalSteps"])
        self.optimizer.param_groups[0]["lr"] = self.setup["learningRate"] * factor
        self.optimizer.zero_grad()
        terms = self.losses(number, self.normals(number, step, "torch") if eps is None else eps)
        terms["total"].backward()
        if self.setup["maxGradNorm"] is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters.values(), self.setup["maxGradNorm"])
        self.optimizer.step()
        return terms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, required=True, help="a Hugging Face folder")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="holds inputs.json and parameters.safetensors")
    parser.add_argument("--threads", type=int, help="default: threads of inputs.json")
    parser.add_argument("--steps", type=int, default=20, help="measured steps, after the warm-up")
    parser.add_argument("--warmup", type=int, default=3, help="steps before, trained and printed with measured=false")
    parser.add_argument("--plain", choices=("cached", "recompute"), default="cached")
    parser.add_argument(
        "--noise",
        choices=("philox", "torch"),
        default="philox",
        help="philox: the library's numbers, made outside the clock; torch: torch.randn inside it",
    )
    parser.add_argument("--dtype", choices=("fp32", "bf16"), default="fp32", help="of the frozen encoder")
    parser.add_argument("--compile", action="store_true", help="use torch.compile for encoder and losses")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--interactive", action="store_true", help="wait for a line of input before each step")
    arguments = parser.parse_args()
    data = arguments.data
    threads = arguments.threads or json.loads((data / "inputs.json").read_text(encoding="utf-8"))["threads"]
    torch.set_num_threads(threads)
    dtype = torch.bfloat16 if arguments.dtype == "bf16" else torch.float32
    device = torch.device(arguments.device)
    wait = (lambda: torch.cuda.synchronize(device)) if device.type == "cuda" else (lambda: None)
    if device.type == "cuda":
        torch.cuda.set_device(device)
    peer = Peer(arguments.model, data, arguments.plain == "cached", dtype, arguments.device)
    if arguments.compile:
        peer.encode = torch.compile(peer.encode, dynamic=False)
        peer.information_loss = torch.compile(peer.information_loss, dynamic=False)
        torch._dynamo.config.cache_size_limit = 64  # a batch has a length of its own
    lengths = [len(r.ids) for r in peer.prompted_rows]
    print(
        json.dumps(
            dict(
                kind="run",
                program="infoprompt_torch",
                torch=torch.__version__,
                transformers=transformers.__version__,
                python=platform.python_version(),
                threads=threads,
                dtype=arguments.dtype,
                device=torch.cuda.get_device_name(device) if device.type == "cuda" else arguments.device,
                plain=arguments.plain,
                noise=arguments.noise,
                batchSize=len(peer.batches[0][2]),
                meanRowLength=sum(lengths) / len(lengths),
            )
        ),
        flush=True,
    )
    for number in range(len(peer.batches) if peer.cache is not None else 0):
        peer.plain(number)
    for step in range(arguments.warmup + arguments.steps):
        if arguments.interactive and not sys.stdin.readline():
            break
        eps = None if arguments.noise == "torch" else peer.normals(step % len(peer.batches), step, "philox")
        wait()  # for the copy of the noise
        start, cpu = time.perf_counter(), time.process_time()
        terms = peer.step(step, eps)
        wait()
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        values = {k: v.item() for k, v in terms.items()}
        measured = step >= arguments.warmup
        print(json.dumps(dict(kind="step", step=step, measured=measured, seconds=seconds, cpuSeconds=cpu, **values)), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps(dict(kind="end", peakResidentKiB=peak)))


if __name__ == "__main__":
    main()
