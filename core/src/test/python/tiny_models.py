"""Tiny random encoders written as real Hugging Face folders, and the one way the fixtures run them.

A weight is drawn with a standard deviation of 0.2 to 0.4 and no bias or LayerNorm is left at its default, so that a
forgotten, transposed or misplaced tensor shows at once. Weights are stored as float32; the double runs read the same
float32 numbers.
"""

from __future__ import annotations

import json
import pathlib
from dataclasses import dataclass

import torch
from transformers import (
    AutoModel,
    BertConfig,
    BertForMaskedLM,
    BertModel,
    DistilBertConfig,
    DistilBertForMaskedLM,
    RobertaConfig,
    RobertaForMaskedLM,
    logging,
)

# The heads' tensors are in the folders on purpose and unused on purpose.
logging.set_verbosity_error()
logging.disable_progress_bar()

HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS = 32, 3, 4, 64, 120, 64


@dataclass(frozen=True)
class TinyModel:
    """One family: how to build it and what its special tokens are."""

    name: str
    seed: int
    has_types: bool
    cls: int
    sep: int
    pad: int
    mask: int
    first_word: int


MODELS = {
    m.name: m
    for m in (
        TinyModel("bert", 11, True, cls=2, sep=3, pad=0, mask=4, first_word=5),
        TinyModel("bert-tanh", 12, True, cls=2, sep=3, pad=0, mask=4, first_word=5),
        TinyModel("roberta", 13, False, cls=0, sep=2, pad=1, mask=119, first_word=4),
        TinyModel("distilbert", 14, False, cls=2, sep=3, pad=0, mask=4, first_word=5),
    )
}


def build(model: TinyModel) -> torch.nn.Module:
    """Returns the model with its head; key prefixes differ from family to family, as in published checkpoints."""
    sizes = dict(
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=FEED_FORWARD,
        vocab_size=VOCABULARY,
    )
    if model.name == "bert":
        module = BertModel(BertConfig(**sizes, max_position_embeddings=POSITIONS, type_vocab_size=2))
    elif model.name == "bert-tanh":
        config = BertConfig(**sizes, max_position_embeddings=POSITIONS, type_vocab_size=2, hidden_act="gelu_new")
        module = BertForMaskedLM(config)
    elif model.name == "roberta":
        config = RobertaConfig(
            **sizes,
            max_position_embeddings=POSITIONS + 2,
            type_vocab_size=1,
            pad_token_id=1,
            bos_token_id=0,
            eos_token_id=2,
            layer_norm_eps=1e-5,
        )
        module = RobertaForMaskedLM(config)
    else:
        module = DistilBertForMaskedLM(
            DistilBertConfig(
                vocab_size=VOCABULARY,
                dim=HIDDEN,
                n_layers=LAYERS,
                n_heads=HEADS,
                hidden_dim=FEED_FORWARD,
                max_position_embeddings=POSITIONS,
            )
        )
    randomise(module, model.seed)
    return module.eval()


def randomise(module: torch.nn.Module, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(module.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            if "LayerNorm" in name or "layer_norm" in name:
                parameter.copy_(1 + 0.3 * noise if name.endswith("weight") else 0.3 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.2 * noise)
            elif "embeddings" in name:
                parameter.copy_(0.4 * noise)
            else:
                parameter.copy_(0.3 * noise)


def save(module: torch.nn.Module, model: TinyModel, folder: pathlib.Path) -> None:
    """Writes config.json, model.safetensors and the vocabulary of the family."""
    folder.mkdir(parents=True, exist_ok=True)
    module.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if model.name == "roberta":
        save_byte_level(folder)
    else:
        save_word_piece(folder)


def save_word_piece(folder: pathlib.Path) -> None:
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    words = ["the", "a1", "cat", "dog", "sat", "on", "mat", "good", "bad", "film", "is", "not", "very", "and", "we"]
    words += ["to", "it", "was", "red", "big", "run", "sun", "day", "man", "old", "new", "see", "who", "##ing", "##ed"]
    words += ["##er", "##ly", "##es", "##s1", "##est", "##un"]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters + ["##" + c for c in letters]
    tokens += [".", ",", "!", "?", "'", "-"] + [str(d) for d in range(10)] + words
    tokens += [f"[unused{i}]" for i in range(VOCABULARY - len(tokens))]
    assert len(tokens) == len(set(tokens)) == VOCABULARY, len(tokens)
    (folder / "vocab.txt").write_text("".join(t + "\n" for t in tokens), encoding="utf-8")
    text = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": POSITIONS}
    (folder / "tokenizer_config.json").write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")


def save_byte_level(folder: pathlib.Path) -> None:
    """A byte-level vocabulary over printable ASCII only: 4 specials, 94 bytes, the space mark, merges, the mask."""
    merges = "Ġ t|Ġ a|h e|i n|r e|Ġt he|o n|e r|Ġ s|a t|Ġ c|n d|o u|i s|Ġa nd|e s|Ġc at|Ġs at|in g|l y".split("|")
    tokens = ["<s>", "<pad>", "</s>", "<unk>"] + [chr(c) for c in range(33, 127)] + ["Ġ"]
    tokens += [m.replace(" ", "") for m in merges] + ["<mask>"]
    assert len(tokens) == len(set(tokens)) == VOCABULARY, len(tokens)
    vocabulary = {t: i for i, t in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(m + "\n" for m in merges), encoding="utf-8")
    text = {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": False, "model_max_length": POSITIONS}
    (folder / "tokenizer_config.json").write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")


def load(folder: pathlib.Path, model: TinyModel, dtype: torch.dtype) -> torch.nn.Module:
    """Reads the saved folder back, without a head, frozen, with PyTorch's plain attention."""
    extra = {} if model.name == "distilbert" else {"add_pooling_layer": False}
    encoder = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32, **extra)
    return encoder.to(dtype).eval().requires_grad_(False)


def word_embeddings(encoder: torch.nn.Module) -> torch.Tensor:
    return encoder.get_input_embeddings().weight


def run(encoder: torch.nn.Module, embeddings: torch.Tensor, types: torch.Tensor | None) -> torch.Tensor:
    """Last hidden state [rows, D] of ONE sequence given as word or prompt vectors [rows, D]."""
    extra = {} if types is None else {"token_type_ids": types[None]}
    return encoder(inputs_embeds=embeddings[None], **extra).last_hidden_state[0]
