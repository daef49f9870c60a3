"""InfoPrompt's training step restated with PyTorch, as plainly as possible: one row at a time, every sample decoded.

It shares nothing with the Java code but the method: nothing is packed, cached, fused or simplified by algebra, so an
agreement of both says something. Letters: B batch, n slots per group, N = 4n slots, D hidden, Z latent, C classes, K = 4B.

Rows, with four groups of n prompt slots g1..g4, slots numbered in order of appearance:
  BERT     [CLS] g1 text g2 [MASK] g3 g4 [SEP]             types 0
           [CLS] g1 s1 g2 [MASK] g3 [SEP] s2 g4 [SEP]      types 0 up to and with the first [SEP], then 1
  RoBERTa  <s> g1 text g2 <mask> g3 g4 </s>                <s> g1 s1 g2 <mask> g3 </s> </s> s2 g4 </s>
The null input is the same row with n = 0.

Parameters (name: shape):
  prompt.embeddings [N,D] (strategy task), or generator.down.weight [Z,D], generator.down.bias [Z],
  generator.up.weight [N*D,Z], generator.up.bias [N*D] (strategy instance);
  projection.weight [D,D], projection.bias [D]; bottleneck.mean.weight [Z,D], bottleneck.mean.bias [Z],
  bottleneck.log_std.weight [Z,D], bottleneck.log_std.bias [Z]; decoder.weight [D,Z], decoder.bias [D];
  head.weight [C,D], head.bias [C] (used by classification direct and both).

Needs torch and numpy; written for torch 2.13.0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy
import torch
from torch.nn import functional as F

CLASSIFIED, POSITIVE, NEGATIVE = 0, 1, 2
LOG_STD_MIN, LOG_STD_MAX = -2.0, 10.0
KL_WEIGHT = 0.1


@dataclass(frozen=True)
class Method:
    """What distinguishes the variants."""

    strategy: str  # task | instance
    classification: str  # bottleneck | direct | both
    slots_per_group: int
    gamma: float = 0.1
    beta: float = 0.2
    information_weight: float = 1.0  # w = 1 - decay * (epoch + 1) / epochs
    log_prob_floor: float | None = None  # -2 is the released code's clamp


@dataclass(frozen=True)
class Example:
    text: list[int]
    pair: list[int] | None
    label: int


@dataclass(frozen=True)
class Row:
    """One built row: ids with -1 at prompt slots, types, the slots' rows in order and the mask's row."""

    ids: list[int]
    types: list[int]
    slots: list[int]
    mask: int


def build_row(example: Example, n: int, special, separators_in_middle: int) -> Row:
    """Places words, specials and prompt slots; special has cls, sep, mask; RoBERTa has two separators in the middle."""
    group = [-1] * n
    ids = [special.cls] + group + example.text + group
    mask = len(ids)
    ids += [special.mask] + group
    if example.pair is None:
        ids += group + [special.sep]
        types = [0] * len(ids)
    else:
        ids += [special.sep] * separators_in_middle
        first = len(ids)
        ids += example.pair + group + [special.sep]
        types = [0] * first + [1] * (len(ids) - first)
    return Row(ids, types, [i for i, token in enumerate(ids) if token == -1], mask)


# ---- noise ----


def philox(counter: list[numpy.ndarray], key: tuple[int, int]) -> list[numpy.ndarray]:
    """Philox4x32-10 (Salmon et al., SC 2011); four counter words and two key words, lowest first."""
    low = numpy.uint64(0xFFFFFFFF)
    c0, c1, c2, c3 = (numpy.asarray(c, dtype=numpy.uint64) for c in counter)
    k0, k1 = key
    for _ in range(10):
        product0 = c0 * numpy.uint64(0xD2511F53)
        product1 = c2 * numpy.uint64(0xCD9E8D57)
        high0, low0 = product0 >> numpy.uint64(32), product0 & low
        high1, low1 = product1 >> numpy.uint64(32), product1 & low
        c0, c1, c2, c3 = high1 ^ c1 ^ numpy.uint64(k0), low1, high0 ^ c3 ^ numpy.uint64(k1), low0
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return [c0, c1, c2, c3]


def noise(seed: int, step: int, stream: int, rows: int, samples: int, width: int) -> torch.Tensor:
    """Standard normals [rows, samples, width] in double: counter (l/4, k, row, 4*step + stream), Box-Muller."""
    quads = (width + 3) // 4
    row, sample, quad = numpy.meshgrid(
        numpy.arange(rows), numpy.arange(samples), numpy.arange(quads), indexing="ij"
    )
    words = philox([quad, sample, row, numpy.full_like(row, 4 * step + stream)], (seed & 0xFFFFFFFF, seed >> 32))
    u = [((w >> numpy.uint64(8)).astype(numpy.float64) + 0.5) * 2.0**-24 for w in words]
    radius0, radius1 = numpy.sqrt(-2 * numpy.log(u[0])), numpy.sqrt(-2 * numpy.log(u[2]))
    angle0, angle1 = 2 * numpy.pi * u[1], 2 * numpy.pi * u[3]
    four = [radius0 * numpy.cos(angle0), radius0 * numpy.sin(angle0)]
    four += [radius1 * numpy.cos(angle1), radius1 * numpy.sin(angle1)]
    return torch.from_numpy(numpy.stack(four, axis=-1).reshape(rows, samples, 4 * quads)[:, :, :width].copy())


def check_philox() -> None:
    """Known answers of the Random123 distribution."""
    for words, key, answer in (
        ([0] * 4, (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([0xFFFFFFFF] * 4, (0xFFFFFFFF, 0xFFFFFFFF), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ):
        got = " ".join(f"{int(w):08x}" for w in philox([numpy.array(w) for w in words], key))
        assert got == answer, (got, answer)


# ---- the encoder passes ----


def encode(encoder, row: Row, prompts: torch.Tensor | None, has_types: bool) -> torch.Tensor:
    """Last hidden state [rows, D]; prompts [N,D] replace the word embeddings of the slots."""
    words = encoder.get_input_embeddings().weight
    vectors = words[torch.tensor([max(i, 0) for i in row.ids])]
    if row.slots:
        vectors = vectors.index_put((torch.tensor(row.slots),), prompts)
    extra = {"token_type_ids": torch.tensor([row.types])} if has_types else {}
    return encoder(inputs_embeds=vectors[None], **extra).last_hidden_state[0]


def prompts_of(parameters: dict, method: Method, cls: torch.Tensor) -> torch.Tensor:
    """P [B,N,D]."""
    batch, width = cls.shape
    slots = 4 * method.slots_per_group
    if method.strategy == "task":
        return parameters["prompt.embeddings"].expand(batch, slots, width)
    inner = F.gelu(F.linear(cls, parameters["generator.down.weight"], parameters["generator.down.bias"]))
    flat = F.linear(inner, parameters["generator.up.weight"], parameters["generator.up.bias"])
    return flat.view(batch, slots, width)


# ---- losses ----


def bottleneck(parameters: dict, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mean = F.linear(hidden, parameters["bottleneck.mean.weight"], parameters["bottleneck.mean.bias"])
    log_std = F.linear(hidden, parameters["bottleneck.log_std.weight"], parameters["bottleneck.log_std.bias"])
    return mean, log_std.clamp(LOG_STD_MIN, LOG_STD_MAX)


def decode(parameters: dict, z: torch.Tensor) -> torch.Tensor:
    return F.linear(z, parameters["decoder.weight"], parameters["decoder.bias"])


def classify(parameters: dict, method: Method, hidden: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
    logits = 0
    if method.classification in ("bottleneck", "both"):
        logits = logits + decode(parameters, z) @ parameters["head.weight"].T
    if method.classification in ("direct", "both"):
        logits = logits + F.linear(hidden, parameters["head.weight"], parameters["head.bias"])
    return logits


def first_wins(scores: torch.Tensor, floor: float | None) -> torch.Tensor:
    """-log softmax(scores)_0 of one row of scores."""
    log_prob = torch.log_softmax(scores, -1)[0]
    return -(log_prob if floor is None else log_prob.clamp(min=floor))


def kl(mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
    return (-log_std + 0.5 * (2 * log_std).exp() + 0.5 * mean**2 - 0.5).mean()


def losses(parameters, method, words, null_ids, labels, plain, prompted, prompts, eps, context_prompts=None) -> dict:
    """Every term of the objective.

    words [V,D]; null_ids: B lists; plain, prompted [B,D]: mask states of the two passes; prompts [B,N,D];
    eps: normals of the three streams [B,1,Z], [B,1,Z], [B,K,Z]; context_prompts: what the projection sees instead of
    the prompts (whose gradient is stopped anyway), for finite differences.
    """
    scale = 1 / math.sqrt(words.shape[1])
    mean0, log_std0 = bottleneck(parameters, plain)
    mean1, log_std1 = bottleneck(parameters, prompted)
    z = mean1 + eps[CLASSIFIED][:, 0] * log_std1.exp()
    logits = classify(parameters, method, prompted, z)

    class_mean = parameters["head.weight"].mean(0)
    head = []
    for i, ids in enumerate(null_ids):
        candidates = torch.cat([prompts[i].mean(0, keepdim=True), words[torch.tensor(ids)]])
        head.append(first_wins(candidates @ class_mean * scale, method.log_prob_floor))

    seen = (prompts if context_prompts is None else context_prompts).detach()
    context = F.linear(seen.mean(1), parameters["projection.weight"], parameters["projection.bias"])
    positive = decode(parameters, mean1[:, None] + eps[POSITIVE] * log_std1.exp()[:, None])
    negative = decode(parameters, mean0[:, None] + eps[NEGATIVE] * log_std0.exp()[:, None])
    rep = []
    for i in range(len(null_ids)):
        candidates = torch.cat([positive[i], negative[i]])
        rep.append(first_wins(candidates @ context[i] * scale, method.log_prob_floor))

    terms = dict(
        ce=F.cross_entropy(logits, labels),
        head=torch.stack(head).mean(),
        rep=torch.stack(rep).mean(),
        kl=kl(mean0, log_std0) + kl(mean1, log_std1),
    )
    information = method.gamma * terms["head"] + method.beta * terms["rep"] + KL_WEIGHT * terms["kl"]
    terms["total"] = terms["ce"] + method.information_weight * information
    return dict(terms=terms, logits=logits)


class Restatement:
    """The method on one frozen encoder."""

    def __init__(self, encoder, special, has_types: bool, separators_in_middle: int, method: Method, latent: int):
        self.encoder = encoder
        self.special = special
        self.has_types = has_types
        self.separators = separators_in_middle
        self.method = method
        self.latent = latent
        self.words = encoder.get_input_embeddings().weight

    def null_row(self, example: Example) -> Row:
        return build_row(example, 0, self.special, self.separators)

    def prompted_row(self, example: Example) -> Row:
        return build_row(example, self.method.slots_per_group, self.special, self.separators)

    def plain(self, examples: list[Example]) -> tuple[torch.Tensor, torch.Tensor]:
        """CLS and mask states [B,D] of the null inputs."""
        with torch.no_grad():
            rows = [self.null_row(e) for e in examples]
            hidden = [encode(self.encoder, r, None, self.has_types) for r in rows]
            return torch.stack([h[0] for h in hidden]), torch.stack([h[r.mask] for h, r in zip(hidden, rows)])

    def prompted(self, examples: list[Example], prompts: torch.Tensor) -> torch.Tensor:
        """Mask states [B,D] of the prompted inputs."""
        rows = [self.prompted_row(e) for e in examples]
        hidden = [encode(self.encoder, r, p, self.has_types) for r, p in zip(rows, prompts)]
        return torch.stack([h[r.mask] for h, r in zip(hidden, rows)])

    def normals(self, seed: int, step: int, batch: int) -> list[torch.Tensor]:
        counts = {CLASSIFIED: 1, POSITIVE: 1, NEGATIVE: 4 * batch}
        dtype = self.words.dtype
        return [noise(seed, step, s, batch, counts[s], self.latent).to(dtype) for s in range(3)]

    def forward(self, parameters: dict, examples: list[Example], eps, context_prompts=None) -> dict:
        """All losses of a training step, and the states on the way."""
        cls, plain = self.plain(examples)
        prompts = prompts_of(parameters, self.method, cls)
        prompted = self.prompted(examples, prompts)
        labels = torch.tensor([e.label for e in examples])
        null_ids = [self.null_row(e).ids for e in examples]
        out = losses(
            parameters, self.method, self.words, null_ids, labels, plain, prompted, prompts, eps, context_prompts
        )
        return dict(out, cls=cls, plain=plain, prompted=prompted, prompts=prompts)

    def predict(self, parameters: dict, examples: list[Example]) -> torch.Tensor:
        """Logits [B,C] with z = mu."""
        with torch.no_grad():
            cls, _ = self.plain(examples)
            prompted = self.prompted(examples, prompts_of(parameters, self.method, cls))
            return classify(parameters, self.method, prompted, bottleneck(parameters, prompted)[0])


def schedule_factor(step: int, warmup: int, total: int) -> float:
    """Linear warm-up and decay; step counts from 0: (step+1)/warmup, then max(0, (total-step)/(total-warmup))."""
    if step < warmup:
        return (step + 1) / warmup
    return max(0.0, (total - step) / (total - warmup))


def train(restatement: Restatement, initial: dict, examples, batches, hyper: dict) -> dict:
    """Runs hyper["steps"] AdamW steps over the batches in turn; returns final parameters, terms, first gradients."""
    parameters = {k: v.detach().clone().requires_grad_() for k, v in initial.items()}
    optimizer = torch.optim.AdamW(parameters.values(), lr=hyper["learningRate"])
    factor = lambda step: schedule_factor(step, hyper["warmupSteps"], hyper["totalSteps"])  # noqa: E731
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    steps, first = [], None
    for step in range(hyper["steps"]):
        batch = [examples[i] for i in batches[step % len(batches)]]
        eps = restatement.normals(hyper["seed"], step, len(batch))
        out = restatement.forward(parameters, batch, eps)
        optimizer.zero_grad()
        out["terms"]["total"].backward()
        for parameter in parameters.values():
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        limit = hyper["maxGradNorm"]
        if first is None:
            # Clones: a task prompt is a view of its parameter, which the optimizer changes in place.
            first = {k: out[k].detach().clone() for k in ("cls", "plain", "prompted", "prompts", "logits")}
            first |= dict(eps=eps, gradients={k: p.grad.clone() for k, p in parameters.items()})
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), math.inf if limit is None else limit)
        record = {k: v.item() for k, v in out["terms"].items()}
        steps.append(dict(record, gradNorm=norm.item(), learningRate=optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return dict(final={k: v.detach() for k, v in parameters.items()}, steps=steps, first=first)
