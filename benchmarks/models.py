"""Draw well-known models and tell how large their pictures are.

    python benchmarks/models.py

Each model is built without trained weights and runs once on a small input, in training mode. Printed are the
nodes of its graph, the picture's width and height in pixels, its boxes, how many of them are frames, and how
many stand for copies that are drawn once.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import torch
import torchvision
from torch import nn

import autograd_vi as av
from autograd_vi.render import fold

WIDEST = 1_200  # pixels; wider pictures do not fit on a page

VISION = (
    *("alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "efficientnet_v2_s"),
    *("googlenet", "inception_v3", "maxvit_t", "mnasnet1_0", "mobilenet_v2"),
    *("mobilenet_v3_small", "regnet_y_400mf", "resnet18", "resnet50", "resnext50_32x4d"),
    *("shufflenet_v2_x1_0", "squeezenet1_0", "swin_t", "vgg16_bn", "vit_b_16"),
)
SIZES = {"inception_v3": 299, "maxvit_t": 224, "swin_t": 224, "vit_b_16": 224}
WIDTH = 16  # of the transformers here


class GPT(nn.Module):
    """A small decoder-only language model with tied embeddings."""

    def __init__(self, layers: int = 6) -> None:
        super().__init__()
        self.tokens = nn.Embedding(50, WIDTH)
        self.places = nn.Embedding(12, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 2, 32, 0.0, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(WIDTH, 50, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of the tokens ``x`` of shape (batch, length)."""
        length = x.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(length)
        y = self.tokens(x) + self.places(torch.arange(length))
        logits: torch.Tensor = self.head(self.blocks(y, mask=mask))
        return logits


class ViT(nn.Module):
    """A small vision transformer."""

    def __init__(self, layers: int = 8) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, 8, 8)
        self.cls = nn.Parameter(torch.zeros(1, 1, WIDTH))
        layer = nn.TransformerEncoderLayer(WIDTH, 2, 32, 0.1, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(WIDTH, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of the images ``x`` of shape (batch, 3, 32, 32)."""
        y = self.patches(x).flatten(2).transpose(1, 2)  # (batch, patches, width)
        y = self.blocks(torch.cat([self.cls.expand(len(y), -1, -1), y], 1))
        logits: torch.Tensor = self.head(y[:, 0])
        return logits


class CrossAttention(nn.Module):
    """An encoder and decoder written out, whose decoder layers look at the encoder's result."""

    def __init__(self, layers: int = 5) -> None:
        super().__init__()
        self.encoder = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(layers))
        self.attention = nn.ModuleList(
            nn.MultiheadAttention(WIDTH, 2, batch_first=True) for _ in range(layers)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(layers))
        self.head = nn.Linear(WIDTH, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits for a sequence of shape (batch, length, width)."""
        memory = y = x
        for layer in self.encoder:
            memory = memory + layer(memory).relu()
        for attend, norm in zip(self.attention, self.norms, strict=True):
            y = norm(y + attend(y, memory, memory, need_weights=False)[0])
        logits: torch.Tensor = self.head(y)
        return logits


def _transformer() -> tuple[nn.Module, tuple[torch.Tensor, ...]]:
    model = nn.Transformer(WIDTH, 2, 6, 6, 32, batch_first=True)
    return model, (torch.rand(1, 7, WIDTH), torch.rand(1, 5, WIDTH))


def _encoder() -> tuple[nn.Module, tuple[torch.Tensor, ...]]:
    layer = nn.TransformerEncoderLayer(WIDTH, 2, 32, batch_first=True)
    return nn.TransformerEncoder(layer, 12), (torch.rand(1, 7, WIDTH),)


def _vision(name: str) -> tuple[nn.Module, tuple[torch.Tensor, ...]]:
    size = SIZES.get(name, 64)
    model = getattr(torchvision.models, name)(weights=None)
    return model, (torch.rand(2, 3, size, size),)


MODELS: dict[str, Callable[[], tuple[nn.Module, tuple[torch.Tensor, ...]]]] = {
    **{name: lambda name=name: _vision(name) for name in VISION},  # type: ignore[misc]
    "nn.TransformerEncoder": _encoder,
    "nn.Transformer": _transformer,
    "GPT": lambda: (GPT(), (torch.zeros(1, 9, dtype=torch.long),)),
    "ViT": lambda: (ViT(), (torch.rand(1, 3, 32, 32),)),
    "cross attention": lambda: (CrossAttention(), (torch.rand(1, 7, WIDTH),)),
}


def measure(name: str) -> tuple[int, int, int, int, int, int]:
    """Return the graph's nodes and the picture's width, height, boxes, frames and copies drawn once."""
    torch.manual_seed(0)
    model, inputs = MODELS[name]()
    with av.record_modules(model):
        output: Any = model(*inputs)  # some models return heads besides their result
    graph = av.trace(output, model)
    found = re.search(r'width="(\d+)" height="(\d+)"', graph.to_svg())
    if found is None:
        raise SystemExit(f"the picture of {name} has no size")
    boxes = list(fold(graph).walk())
    frames = sum(box.inside is not None for box in boxes)
    copies = sum(box.times for box in boxes if box.kind == "repeat")
    return len(graph.nodes), int(found[1]), int(found[2]), len(boxes), frames, copies


def main() -> None:
    """Print the table; end with an error if a picture is too wide."""
    warnings.simplefilter("ignore")
    print("| model | nodes | width | height | boxes | frames | copies drawn once |")
    print("| --- |" + " ---: |" * 6)
    wide = []
    for name in MODELS:
        row = measure(name)
        print(f"| {name} | {' | '.join(f'{number:,}' for number in row)} |", flush=True)
        if row[1] > WIDEST:
            wide.append(name)
    print(f"\ntorch {torch.__version__}, torchvision {torchvision.__version__}")
    if wide:
        raise SystemExit(f"wider than {WIDEST:,} pixels: {', '.join(wide)}")


if __name__ == "__main__":
    main()
