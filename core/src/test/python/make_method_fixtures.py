"""Writes fixtures/methods: five AdamW steps of every prompt method on the tiny encoders, restated with PyTorch.

Regenerate (from the root of the checkout, after make_encoder_fixtures.py, whose folders it reads):

    python core/src/test/python/make_method_fixtures.py core/src/test/resources/fixtures

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, peft 0.21.0, safetensors 0.8.0. Everything is computed in
double unless the name says float32.

It shares nothing with the Java code but the methods: one example at a time, autograd, torch.nn.LSTM, torch.kron for the
Kronecker sums that Java never builds, transformers' past_key_values for prefixes. P-Tuning's encoders and prefix tuning's
table are besides compared with the modules of PEFT itself; LoRA and IA3 are PEFT's own layers, injected into the encoder.

NAME.json: encoder, method, options (as in --set), numClasses, learningRate, weightDecay, warmupSteps, totalSteps, steps,
  maxGradNorm, specials, separatorsInMiddle, examples [{text, pair, label}], batches, trajectory [{ce, gradNorm}],
  trajectoryFloat32 (the same in float32).
NAME.safetensors (float64): initial.P, grad0.P, final.P per parameter; predict.logits [examples, C] with final parameters.
"""

from __future__ import annotations

import argparse
import json
import math
import pathlib

import peft
import torch
import transformers
from peft.tuners.p_tuning.config import PromptEncoderConfig
from peft.tuners.p_tuning.model import PromptEncoder
from peft.tuners.prefix_tuning.config import PrefixTuningConfig
from peft.tuners.prefix_tuning.model import PrefixEncoder
from safetensors.torch import save_file
from torch.nn import functional as F
from transformers import DynamicCache

import tiny_models
from infoprompt_restatement import Example, schedule_factor

CLASSES, STEPS, LAYERS = 3, 5, tiny_models.LAYERS
D = tiny_models.HIDDEN

# name: (family, pairs, method, options)
VARIANTS = {
    "head-only": ("bert", False, "head-only", dict(read="mask")),
    "head-only-mean": ("roberta", True, "head-only", dict(read="mean")),
    "prompt-tuning": ("bert", False, "prompt-tuning", dict(slots=5, place="before-cls", read="cls")),
    "prompt-tuning-first": ("roberta", True, "prompt-tuning", dict(slots=3, place="before-cls", read="first")),
    "prompt-tuning-mean": ("bert", True, "prompt-tuning", dict(slots=4, place="after-cls", read="mean")),
    "prompt-tuning-mask": ("roberta", True, "prompt-tuning", dict(slots=8, place="around-mask", read="mask")),
    "multitask": ("bert", False, "multitask-prompt-tuning", dict(slots=4, ranks=2)),
    "p-tuning-mlp": ("bert", True, "p-tuning", dict(slots=4, encoder="mlp", **{"hidden-size": 24})),
    "p-tuning-lstm": ("roberta", False, "p-tuning", dict(slots=5, encoder="lstm", **{"hidden-size": 12})),
    "prefix-tuning": ("bert", True, "prefix-tuning", dict(prefixes=4, reparameterise="true", **{"hidden-size": 20})),
    "p-tuning-v2": ("bert", False, "p-tuning-v2", dict(prefixes=3)),
    "p-tuning-v2-roberta": ("roberta", True, "p-tuning-v2", dict(prefixes=5)),
    "idpg-s-dnn": ("bert", False, "idpg", dict(layers="single", generator="dnn", slots=3, bottleneck=8)),
    "idpg-s-phm": ("bert", True, "idpg", dict(layers="single", generator="phm", slots=3, bottleneck=16, order=4)),
    "idpg-m-dnn": ("roberta", False, "idpg", dict(layers="multi", generator="dnn", slots=2, bottleneck=8)),
    "idpg-m-phm": ("bert", True, "idpg", dict(layers="multi", generator="phm", slots=3, bottleneck=8, order=4)),
    "idpg-m-phm-sentence": (
        "bert",
        False,
        "idpg",
        dict(layers="multi", generator="phm", slots=2, bottleneck=8, order=2, source="sentence"),
    ),
    "ipt-lookup": ("bert", True, "ipt", dict(encoder="none", table="random", slots=6)),
    "ipt-mlp": ("bert", False, "ipt", dict(encoder="mlp", table="words", slots=4, tokens=7)),
    "ipt-cnn": ("roberta", True, "ipt", dict(encoder="cnn", table="random", slots=3, tokens=12)),
    "ipt-lstm": ("bert", False, "ipt", dict(encoder="lstm", table="words", slots=2, tokens=8, **{"lstm-size": 6})),
    "ipt-prefix": (
        "bert",
        True,
        "ipt",
        dict(carrier="prefix", encoder="none", table="random", slots=3, **{"instance-scale": 0.5}),
    ),
    "ipt-prefix-mlp": (
        "roberta",
        False,
        "ipt",
        dict(carrier="prefix", encoder="mlp", table="words", slots=2, tokens=5, **{"instance-scale": 0.05}),
    ),
    "lora": ("bert", True, "lora", dict(rank=4, alpha=6, targets="query+value")),
    "lora-all": (
        "roberta",
        False,
        "lora",
        dict(
            rank=2,
            alpha=3,
            targets="query+key+value+attention.output.dense+intermediate.dense+output.dense",
            read="mean",
        ),
    ),
    "lora-output": ("bert", False, "lora", dict(rank=3, alpha=3, targets="key+output.dense", read="mask")),
    "ia3": ("bert", False, "ia3", dict(targets="key+value+attention.output.dense+output.dense")),
    "ia3-roberta": ("roberta", True, "ia3", dict(targets="value+output.dense", read="mean")),
}


# ---- rows ----


def build(example: Example, special, separators: int, where: str, slots: int, reading: str):
    """Ids (-1-j: slot j), types, the read row (None: mean over words)."""
    n = slots // 4 if where == "around-mask" else 0
    count = 0

    def take(k: int) -> list[int]:
        nonlocal count
        taken = [-1 - count - j for j in range(k)]
        count += k
        return taken

    ids = take(slots) if where == "before-cls" else []
    cls = len(ids)
    ids += [special.cls]
    ids += take(slots) if where == "after-cls" else []
    ids += take(n) + example.text + take(n)
    mask = len(ids)
    ids += [special.mask] if reading == "mask" else []
    ids += take(n)
    if example.pair is None:
        ids += take(n) + [special.sep]
        types = [0] * len(ids)
    else:
        ids += [special.sep] * separators
        first = len(ids)
        ids += example.pair + take(n) + [special.sep]
        types = [0] * first + [1] * (len(ids) - first)
    row = dict(mask=mask, cls=cls, first=0, mean=None)[reading]
    return ids, types, row


# ---- encoders ----


class Encoder:
    """A frozen transformers model, run on one sequence of vectors."""

    def __init__(self, root: pathlib.Path, family: str, dtype: torch.dtype):
        self.special = tiny_models.MODELS[family]
        self.model = tiny_models.load(root / "encoder" / family, self.special, dtype)
        self.words = tiny_models.word_embeddings(self.model)
        self.separators = 2 if family == "roberta" else 1

    def vectors(self, ids: list[int], prompts: torch.Tensor | None) -> torch.Tensor:
        return torch.stack([self.words[i] if i >= 0 else prompts[-1 - i] for i in ids])

    def run(self, vectors: torch.Tensor, types: list[int], prefixes: torch.Tensor | None = None) -> torch.Tensor:
        """[rows, D]; prefixes [P, L, 2, D] are keys and values of every layer, and shift the positions."""
        extra = {}
        if self.special.has_types:
            extra["token_type_ids"] = torch.tensor([types])
        if prefixes is not None:
            p = prefixes.shape[0]
            heads = tiny_models.HEADS
            keys_values = prefixes.reshape(p, LAYERS * 2, heads, D // heads).permute(1, 2, 0, 3)
            cache = DynamicCache()
            for layer in range(LAYERS):
                cache.update(keys_values[2 * layer][None], keys_values[2 * layer + 1][None], layer)
            offset = self.special.pad + 1 if self.special.name == "roberta" else 0
            extra["position_ids"] = torch.arange(len(vectors))[None] + p + offset
            extra["past_key_values"] = cache
            extra["attention_mask"] = torch.ones(1, p + len(vectors), dtype=torch.long)
        return self.model(inputs_embeds=vectors[None], **extra).last_hidden_state[0]

    def run_layers(self, vectors: torch.Tensor, types: list[int], change) -> torch.Tensor:
        """The layers one by one; change(layer, hidden) gives the rows after each layer but the last."""
        embedding = {"token_type_ids": torch.tensor([types])} if self.special.has_types else {}
        hidden = self.model.embeddings(inputs_embeds=vectors[None], **embedding)
        for number, layer in enumerate(self.model.encoder.layer):
            out = layer(hidden)
            hidden = out[0] if isinstance(out, tuple) else out
            if number < LAYERS - 1:
                hidden = change(number, hidden[0])[None]
        return hidden[0]


# ---- methods: parameters, and the read state of one example ----


class Method:
    where, reading, slots = "nowhere", "cls", 0

    def __init__(self, options: dict, encoder: Encoder):
        self.o, self.encoder = options, encoder
        self.reading = options.get("read", self.reading)

    def shapes(self) -> dict[str, tuple]:
        return {}

    def rows(self, example, plain=False):
        where, slots = ("nowhere", 0) if plain else (self.where, self.slots)
        return build(example, self.encoder.special, self.encoder.separators, where, slots, self.reading)

    def prompts(self, p: dict, example: Example) -> torch.Tensor | None:
        return None

    def prefixes(self, p: dict, example: Example) -> torch.Tensor | None:
        return None

    def hidden(self, p, example, ids, types) -> torch.Tensor:
        return self.encoder.run(self.encoder.vectors(ids, self.prompts(p, example)), types, self.prefixes(p, example))

    def state(self, p: dict, example: Example) -> torch.Tensor:
        ids, types, row = self.rows(example)
        hidden = self.hidden(p, example, ids, types)
        if row is None:
            return hidden[[i for i, token in enumerate(ids) if token >= 0]].mean(0)
        return hidden[row]

    def plain(self, example: Example) -> tuple[list[int], torch.Tensor]:
        """Ids and hidden states of the input without prompts."""
        ids, types, _ = self.rows(example, plain=True)
        with torch.no_grad():
            return ids, self.encoder.run(self.encoder.vectors(ids, None), types)


class HeadOnly(Method):
    reading = "mask"


class PromptTuning(Method):
    def __init__(self, options, encoder):
        super().__init__(options, encoder)
        self.where, self.slots = options["place"], options["slots"]

    def shapes(self):
        return {"prompt.embeddings": (self.slots, D)}

    def prompts(self, p, example):
        return p["prompt.embeddings"]


class Multitask(PromptTuning):
    P = "prompt_encoder."

    def __init__(self, options, encoder):
        super().__init__(dict(options, place="before-cls"), encoder)

    def shapes(self):
        r, P = self.o["ranks"], self.P
        shapes = {P + "embedding.weight": (self.slots, D), P + "prefix_task_cols": (self.slots, r)}
        return shapes | {P + "prefix_task_rows": (r, D)}

    def prompts(self, p, example):
        return p[self.P + "embedding.weight"] * (p[self.P + "prefix_task_cols"] @ p[self.P + "prefix_task_rows"])


def linear(p: dict, name: str, x: torch.Tensor) -> torch.Tensor:
    return F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])


def linear_shapes(name: str, outputs: int, inputs: int) -> dict:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def lstm_shapes(name: str, inputs: int, h: int) -> dict:
    shapes = {}
    for layer in range(2):
        for way in ("", "_reverse"):
            end = f"_l{layer}{way}"
            shapes[f"{name}.weight_ih{end}"] = (4 * h, inputs if layer == 0 else 2 * h)
            shapes[f"{name}.weight_hh{end}"] = (4 * h, h)
            shapes[f"{name}.bias_ih{end}"] = (4 * h,)
            shapes[f"{name}.bias_hh{end}"] = (4 * h,)
    return shapes


def lstm(p: dict, name: str, x: torch.Tensor, h: int) -> torch.Tensor:
    """torch.nn.LSTM, two layers, both directions: [T, in] to [T, 2h]."""
    module = torch.nn.LSTM(x.shape[1], h, num_layers=2, bidirectional=True, batch_first=True).to(x.dtype)
    weights = {k[len(name) + 1 :]: v for k, v in p.items() if k.startswith(name + ".")}
    return torch.func.functional_call(module, weights, (x[None],))[0][0]


class PTuning(PromptTuning):
    P = "prompt_encoder."

    def __init__(self, options, encoder):
        super().__init__(dict(options, place="before-cls"), encoder)
        self.h = options["hidden-size"]

    def shapes(self):
        h, P = self.h, self.P
        shapes = {P + "embedding.weight": (self.slots, D)}
        if self.o["encoder"] == "mlp":
            shapes |= linear_shapes(P + "mlp_head.0", h, D) | linear_shapes(P + "mlp_head.2", h, h)
            return shapes | linear_shapes(P + "mlp_head.4", D, h)
        shapes |= lstm_shapes(P + "lstm_head", D, h)
        return shapes | linear_shapes(P + "mlp_head.0", 2 * h, 2 * h) | linear_shapes(P + "mlp_head.2", D, 2 * h)

    def prompts(self, p, example):
        x, P = p[self.P + "embedding.weight"], self.P
        if self.o["encoder"] == "mlp":
            x = F.relu(linear(p, P + "mlp_head.0", x))
            x = F.relu(linear(p, P + "mlp_head.2", x))
            return linear(p, P + "mlp_head.4", x)
        x = lstm(p, P + "lstm_head", x, self.h)
        return linear(p, P + "mlp_head.2", F.relu(linear(p, P + "mlp_head.0", x)))

    def check(self, p):
        """PEFT's own module gives the same prompts."""
        kind = "MLP" if self.o["encoder"] == "mlp" else "LSTM"
        config = PromptEncoderConfig(
            task_type="SEQ_CLS",
            num_virtual_tokens=self.slots,
            token_dim=D,
            num_transformer_submodules=1,
            num_layers=LAYERS,
            encoder_reparameterization_type=kind,
            encoder_hidden_size=self.h,
            encoder_num_layers=2,
            encoder_dropout=0.0,
        )
        module = PromptEncoder(config).double()
        module.load_state_dict({k[len(self.P) :]: v for k, v in p.items() if k.startswith(self.P)})
        theirs = module(torch.arange(self.slots)[None])[0]
        assert torch.allclose(theirs, self.prompts(p, None), atol=1e-12), "PEFT's prompt encoder differs"


class Prefix(Method):
    P = "prompt_encoder."

    def __init__(self, options, encoder):
        super().__init__(options, encoder)
        self.n = options["prefixes"]
        self.projected = options.get("reparameterise") == "true"

    def shapes(self):
        P = self.P
        if not self.projected:
            return {P + "embedding.weight": (self.n, LAYERS * 2 * D)}
        h = self.o["hidden-size"]
        shapes = {P + "embedding.weight": (self.n, D)} | linear_shapes(P + "transform.0", h, D)
        return shapes | linear_shapes(P + "transform.2", LAYERS * 2 * D, h)

    def table(self, p):
        x, P = p[self.P + "embedding.weight"], self.P
        if self.projected:
            x = linear(p, P + "transform.2", torch.tanh(linear(p, P + "transform.0", x)))
        return x

    def prefixes(self, p, example):
        return self.table(p).reshape(self.n, LAYERS, 2, D)

    def check(self, p):
        """PEFT's own module gives the same table."""
        config = PrefixTuningConfig(
            task_type="SEQ_CLS",
            num_virtual_tokens=self.n,
            token_dim=D,
            num_layers=LAYERS,
            num_attention_heads=tiny_models.HEADS,
            num_transformer_submodules=1,
            prefix_projection=self.projected,
            encoder_hidden_size=self.o.get("hidden-size", D),
        )
        module = PrefixEncoder(config).double()
        module.load_state_dict({k[len(self.P) :]: v for k, v in p.items() if k.startswith(self.P)})
        theirs = module(torch.arange(self.n)[None])[0]
        assert torch.allclose(theirs, self.table(p), atol=1e-12), "PEFT's prefix encoder differs"


class Idpg(Method):
    where = "after-cls"

    def __init__(self, options, encoder):
        super().__init__(options, encoder)
        self.slots, self.m = options["slots"], options["bottleneck"]
        self.multi, self.phm = options["layers"] == "multi", options["generator"] == "phm"
        self.n = options.get("order", 1)
        self.current = options.get("source", "current") == "current"

    def shapes(self):
        n, m, td = self.n, self.m, self.slots * D
        shapes = {}
        if self.phm:
            if self.multi:
                shapes |= {"generator.factors.down": (n, n, n), "generator.factors.up": (n, n, n)}
            else:
                shapes |= {"generator.factors": (n, n, n)}
            shapes |= {"generator.down.weight": (n, m // n, D // n), "generator.down.bias": (m,)}
            shapes |= {"generator.up.weight": (n, td // n, m // n)}
        else:
            shapes |= {"generator.down.weight": (m, D), "generator.down.bias": (m,), "generator.up.weight": (td, m)}
        return shapes | ({"layers.bias": (LAYERS, td)} if self.multi else {"generator.up.bias": (td,)})

    def matrix(self, p, name):
        w = p[f"generator.{name}.weight"]
        if not self.phm:
            return w
        a = p[f"generator.factors.{name}" if self.multi else "generator.factors"]
        return sum(torch.kron(a[i], w[i]) for i in range(self.n))

    def generate(self, p, u):
        h = F.gelu(F.linear(u, self.matrix(p, "down"), p["generator.down.bias"]))
        return F.linear(h, self.matrix(p, "up"))

    def hidden(self, p, example, ids, types):
        sentence = self.plain(example)[1][0]
        bias = p["layers.bias"] if self.multi else p["generator.up.bias"][None]
        prompts = (self.generate(p, sentence) + bias[0]).reshape(self.slots, D)
        vectors = self.encoder.vectors(ids, prompts)
        if not self.multi:
            return self.encoder.run(vectors, types)

        def change(layer, x):
            add = self.generate(p, x[0] if self.current else sentence) + bias[layer + 1]
            zeros = x.new_zeros(len(x) - 1 - self.slots, D)
            return x + torch.cat([x.new_zeros(1, D), add.reshape(self.slots, D), zeros])

        return self.encoder.run_layers(vectors, types, change)


class Ipt(Method):
    def __init__(self, options, encoder):
        super().__init__(options, encoder)
        self.n = options["slots"]
        self.prefix = options.get("carrier") == "prefix"
        if not self.prefix:
            self.where, self.slots = "before-cls", self.n
        self.width = 2 * D if self.prefix else D
        self.kind = options["encoder"]
        self.tokens = self.n if self.kind == "none" else options["tokens"]

    def shapes(self):
        shapes = {}
        if self.o["table"] != "words":
            shapes["table.weight"] = (tiny_models.VOCABULARY, self.width if self.kind == "none" else D)
        features = 0
        if self.kind == "mlp":
            features = D
        elif self.kind == "cnn":
            shapes |= {"encoder.convolution.weight": (12, D), "encoder.convolution.bias": (3,)}
            features = 3
        elif self.kind == "lstm":
            shapes |= lstm_shapes("encoder.lstm", D, self.o["lstm-size"])
            features = 2 * self.o["lstm-size"]
        if features:
            shapes |= linear_shapes("encoder.linear", self.n * self.width, features)
        if self.prefix:
            shapes["prefix.embeddings"] = (self.n, 2 * D * LAYERS)
        return shapes

    def own(self, p, example):
        ids = self.rows(example, plain=True)[0]
        table = p.get("table.weight", self.encoder.words)
        if self.kind == "none":
            return table[[ids[min(j, len(ids) - 1)] for j in range(self.n)]]
        rows = table[ids[: self.tokens]]
        if self.kind == "mlp":
            out = F.relu(linear(p, "encoder.linear", rows.mean(0)))
        elif self.kind == "cnn":
            features, first = [], 0
            for f, k in enumerate((3, 4, 5)):
                w = p["encoder.convolution.weight"][first : first + k]
                first += k
                padded = F.pad(rows, (0, 0, 0, max(0, k - len(rows))))
                places = F.conv2d(padded[None, None], w[None, None], p["encoder.convolution.bias"][f : f + 1])
                features.append(F.relu(places).max())
            out = linear(p, "encoder.linear", torch.stack(features))
        else:
            h = self.o["lstm-size"]
            states = lstm(p, "encoder.lstm", rows, h)
            out = linear(p, "encoder.linear", torch.cat([states[-1, :h], states[0, h:]]))
        return out.reshape(self.n, self.width)

    def prompts(self, p, example):
        return None if self.prefix else self.own(p, example)

    def prefixes(self, p, example):
        if not self.prefix:
            return None
        trained = p["prefix.embeddings"].reshape(self.n, LAYERS, 2, D)
        add = self.o["instance-scale"] * self.own(p, example).reshape(self.n, 1, 2, D)
        return torch.cat([trained[:, :1] + add, trained[:, 1:]], dim=1)


class Injected(Method):
    """PEFT's layers inside the encoder; parameters have PEFT's names without the adapter's."""

    marks = ()

    def __init__(self, options, encoder):
        super().__init__(options, encoder)
        targets = options["targets"].split("+")
        last = [f"encoder.layer.{i}.output.dense" for i in range(LAYERS)]
        # An end of a name: output.dense alone would also mean the attention's.
        self.targets = [t for t in targets if t != "output.dense"] + (last if "output.dense" in targets else [])
        encoder.model = peft.inject_adapter_in_model(self.config(), encoder.model)

    def inner(self) -> dict[str, torch.Tensor]:
        found = {n: p for n, p in self.encoder.model.named_parameters() if any(m in n for m in self.marks)}
        return {n.replace(".default", ""): p for n, p in found.items()}

    def shapes(self):
        return {n: tuple(p.shape) for n, p in self.inner().items()}

    def hidden(self, p, example, ids, types):
        values = {}
        for name in self.shapes():
            stem, dot, end = name.partition(".weight")
            values[f"{stem}.default{dot}{end}"] = p[name]
        extra = {"token_type_ids": torch.tensor([types])} if self.encoder.special.has_types else {}
        vectors = self.encoder.vectors(ids, None)[None]
        run = torch.func.functional_call(self.encoder.model, values, kwargs=dict(inputs_embeds=vectors, **extra))
        return run.last_hidden_state[0]

    def plain(self, example):
        raise AssertionError("no method of this kind reads the plain pass")


class Lora(Injected):
    marks = ("lora_A", "lora_B")

    def config(self):
        return peft.LoraConfig(r=self.o["rank"], lora_alpha=self.o["alpha"], target_modules=self.targets)


class Ia3(Injected):
    marks = ("ia3_l",)

    def config(self):
        scaled = [t for t in self.targets if t.endswith("output.dense")]
        return peft.IA3Config(target_modules=self.targets, feedforward_modules=scaled)


METHODS = {
    "lora": Lora,
    "ia3": Ia3,
    "head-only": HeadOnly,
    "prompt-tuning": PromptTuning,
    "multitask-prompt-tuning": Multitask,
    "p-tuning": PTuning,
    "prefix-tuning": Prefix,
    "p-tuning-v2": Prefix,
    "idpg": Idpg,
    "ipt": Ipt,
}


# ---- training ----


def draw(shapes: dict, generator) -> dict[str, torch.Tensor]:
    """Values of float32, of a scale at which every part matters."""
    values = {}
    for name, shape in shapes.items():
        scale = 0.4 if len(shape) == 1 or "embedding" in name or "table" in name else 1 / math.sqrt(shape[-1])
        if "ia3" in name:
            scale = 0.4
        values[name] = (scale * torch.randn(*shape, generator=generator) + ("ia3" in name)).double()
    return values


def train(method: Method, initial: dict, examples, batches, hyper: dict) -> dict:
    parameters = {k: v.detach().clone().requires_grad_() for k, v in initial.items()}
    optimizer = torch.optim.AdamW(parameters.values(), lr=hyper["learningRate"], weight_decay=hyper["weightDecay"])
    factor = lambda step: schedule_factor(step, hyper["warmupSteps"], hyper["totalSteps"])  # noqa: E731
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    steps, first = [], None
    for step in range(hyper["steps"]):
        batch = [examples[i] for i in batches[step % len(batches)]]
        loss = F.cross_entropy(logits(method, parameters, batch), torch.tensor([e.label for e in batch]))
        optimizer.zero_grad()
        loss.backward()
        if first is None:
            first = {k: p.grad.clone() for k, p in parameters.items()}
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), hyper["maxGradNorm"])
        steps.append(dict(ce=loss.item(), gradNorm=norm.item()))
        optimizer.step()
        scheduler.step()
    return dict(final={k: v.detach() for k, v in parameters.items()}, steps=steps, first=first)


def logits(method: Method, parameters: dict, examples) -> torch.Tensor:
    states = torch.stack([method.state(parameters, e) for e in examples])
    return F.linear(states, parameters["head.weight"], parameters["head.bias"])


def write_variant(root: pathlib.Path, name: str) -> None:
    family, pairs, method_name, options = VARIANTS[name]
    model = tiny_models.MODELS[family]
    generator = torch.Generator().manual_seed(500 + list(VARIANTS).index(name))
    last = tiny_models.VOCABULARY - (1 if family == "roberta" else 0)
    words = lambda n: torch.randint(model.first_word, last, (n,), generator=generator).tolist()  # noqa: E731
    lengths, seconds = [7, 1, 14, 4, 9, 0, 11, 2], [3, 8, 1, 6, 2, 5, 0, 4]
    examples = [
        Example(words(a), words(b) if pairs else None, i % CLASSES) for i, (a, b) in enumerate(zip(lengths, seconds))
    ]
    batches = [[0, 1, 2, 3, 4], [5, 6, 7]]
    hyper = dict(learningRate=1e-2, weightDecay=0.01, warmupSteps=2, totalSteps=STEPS, steps=STEPS, maxGradNorm=1.0)

    method = METHODS[method_name](options, Encoder(root, family, torch.float64))
    head = {"head.weight": (CLASSES, D), "head.bias": (CLASSES,)}
    initial = draw(method.shapes() | head, generator)
    if hasattr(method, "check"):
        method.check(initial)
    run = train(method, initial, examples, batches, hyper)
    single = METHODS[method_name](options, Encoder(root, family, torch.float32))
    run32 = train(single, {k: v.float() for k, v in initial.items()}, examples, batches, hyper)

    text = dict(
        about=dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__),
        encoder=f"encoder/{family}",
        method=method_name,
        options={k: str(v) for k, v in options.items()},
        numClasses=CLASSES,
        **hyper,
        specials=dict(cls=model.cls, sep=model.sep, mask=model.mask),
        separatorsInMiddle=method.encoder.separators,
        examples=[dict(text=e.text, pair=e.pair, label=e.label) for e in examples],
        batches=batches,
        trajectory=run["steps"],
        trajectoryFloat32=run32["steps"],
    )
    tensors = {f"initial.{k}": v for k, v in initial.items()}
    tensors |= {f"grad0.{k}": v for k, v in run["first"].items()}
    tensors |= {f"final.{k}": v for k, v in run["final"].items()}
    with torch.no_grad():
        tensors["predict.logits"] = logits(method, run["final"], examples)
    folder = root / "methods"
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, folder / f"{name}.safetensors")
    (folder / f"{name}.json").write_text(json.dumps(text) + "\n", encoding="utf-8")
    drift = max(abs(a[k] - b[k]) / max(1, abs(a[k])) for a, b in zip(run["steps"], run32["steps"]) for k in a)
    zero = [k for k, v in run["first"].items() if v.abs().max() == 0]
    print(f"{name}: ce {run['steps'][0]['ce']:.4f}>{run['steps'][-1]['ce']:.4f}; float32 drift {drift:.1e}; zero {zero}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=pathlib.Path, help="the fixtures folder; methods/ is written in it")
    root = parser.parse_args().fixtures
    (root / "methods").mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name in VARIANTS:
        write_variant(root, name)


if __name__ == "__main__":
    main()
